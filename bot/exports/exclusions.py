"""Those who are not to be written to: since when, why, and where that came from."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.exclusions import Excluded
from bot.core.people import Language
from bot.exports.file_names import file_name
from bot.exports.workbooks import workbook
from bot.ports import OutgoingFile
from bot.texts import Say


def exclusions_file(people: Iterable[Excluded], language: Language, zone: str) -> OutgoingFile:
    say = Say(language)
    title = say("suppressions.title")
    headers = [say(f"suppressions.column.{name}") for name in ("address", "cause", "since", "origin")]
    return OutgoingFile(
        name=file_name(title, "xlsx"), content=workbook(title, headers, _rows(say, people, ZoneInfo(zone)))
    )


def _rows(say: Say, people: Iterable[Excluded], zone: ZoneInfo) -> Iterator[list[str]]:
    for one in people:
        yield [
            one.address,
            say(f"suppressions.cause.{one.cause.value}"),
            _date(one.at, zone),
            _origin(say, one),
        ]


def _date(at: datetime, zone: ZoneInfo) -> str:
    """Sorts as text, in either language."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _origin(say: Say, one: Excluded) -> str:
    return say(f"suppressions.origin.{one.origin.value}", name=one.name)
