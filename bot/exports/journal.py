"""The log as a file: when, who, what, of what, and its numbers; the newest first."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from bot.core.log import Told
from bot.core.people import Language
from bot.exports.file_names import file_name
from bot.exports.text_files import text_file
from bot.exports.workbooks import workbook
from bot.ports import OutgoingFile
from bot.texts import Say
from bot.texts.journal import details, verb

COLUMNS = ("when", "who", "what", "thing", "name", "details")


def journal_file(told: Iterable[Told], kind: str, language: Language, zone: str) -> OutgoingFile:
    """`kind`: xlsx | csv."""
    say = Say(language)
    title, headers = say("log.title"), [say(f"log.column.{name}") for name in COLUMNS]
    rows = _rows(say, told, ZoneInfo(zone))
    if kind == "csv":
        return OutgoingFile(name=file_name(title, kind), content=text_file(chain([headers], rows), language))
    return OutgoingFile(name=file_name(title, "xlsx"), content=workbook(title, headers, rows))


def _rows(say: Say, told: Iterable[Told], zone: ZoneInfo) -> Iterator[list[str]]:
    for one in told:
        yield [
            _date(one.at, zone), one.who or say("log.bot"), verb(say, one),
            say(f"log.kind.{one.thing.value}"), one.name or one.id, details(say, one),
        ]  # fmt: skip


def _date(at: datetime, zone: ZoneInfo) -> str:
    """Sorts as text, in either language."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
