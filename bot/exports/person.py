"""All that is kept of a person, as a text that can be sent to them."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.access import Held, Known, Reached
from bot.core.contacts import Field
from bot.core.people import Language
from bot.exports.file_names import file_name
from bot.ports import OutgoingFile
from bot.texts import Say

OURS = frozenset(one.value for one in Field)


def person_file(known: Known, language: Language, zone: str) -> OutgoingFile:
    """The file's name says nobody's."""
    say = Say(language, ZoneInfo(zone))
    text = "\r\n".join(_lines(say, known)) + "\r\n"
    return OutgoingFile(name=file_name(say("rights.person.name"), "txt"), content=text.encode("utf-8-sig"))


def _lines(say: Say, known: Known) -> Iterator[str]:
    yield say("rights.person.title", address=known.address)
    yield say("rights.person.at", at=_moment(say, known.at))
    if known.is_partial:
        yield say("rights.person.partial")
    yield ""
    yield from _exclusion(say, known)
    yield ""
    yield say("rights.person.lists", n=len(known.held))
    for held in known.held:
        yield from _held(say, held)
    yield ""
    yield say("rights.person.campaigns", n=len(known.reached))
    for reached in known.reached:
        yield from _reached(say, reached)


def _exclusion(say: Say, known: Known) -> Iterator[str]:
    if known.excluded is None:
        yield say("rights.person.free")
        return
    one = known.excluded
    cause = say(f"suppressions.cause.{one.cause.value}")
    origin = say(f"suppressions.origin.{one.origin.value}", name=one.name)
    yield say("rights.person.excluded", since=_moment(say, one.at), cause=cause, origin=origin)
    if known.is_erased:
        yield say("rights.person.erased")


def _held(say: Say, held: Held) -> Iterator[str]:
    deleted = say("rights.person.deleted") if held.is_deleted else ""
    stands = say(f"rights.person.{held.stands.value}")
    yield f"- {say('rights.person.list', title=held.title, owner=held.owner)} {deleted}".rstrip()
    yield f"    {say('rights.person.row', row=held.row, stands=stands)}"
    for title, value in held.values:
        named = say(f"exports.column.{title}") if title in OURS else title
        yield f"    {named}: {value}" if named else f"    {value}"


def _reached(say: Say, reached: Reached) -> Iterator[str]:
    yield f"- {say('rights.person.campaign', name=reached.name, owner=reached.owner)}"
    if not reached.letters:
        yield "    " + say("rights.person.no_letter")
    for wave, at in reached.letters:
        key = "rights.person.reminder" if wave else "rights.person.letter"
        yield "    " + say(key, number=wave, at=_moment(say, at))
    if reached.delivered_at:
        yield "    " + say("rights.person.delivered", at=_moment(say, reached.delivered_at))
    if reached.answered_at:
        yield "    " + say("rights.person.answered", at=_moment(say, reached.answered_at))
    for one in reached.happened:
        name = str(one.name).lower()
        yield "    " + say(f"rights.person.happened.{name}")


def _moment(say: Say, at: datetime) -> str:
    return f"{at.astimezone(say.zone):%Y-%m-%d %H:%M %Z}"
