"""A campaign's report. XLSX: its numbers with charts, everybody, those it did not reach. CSV: everybody."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from bot.core.contacts import Field
from bot.core.people import Language
from bot.core.reports import Letter, Person, Report
from bot.exports.file_names import file_name
from bot.exports.report_summary import summary
from bot.exports.text_files import text_file
from bot.exports.workbooks import add_sheet
from bot.ports import OutgoingFile
from bot.texts import Say

if TYPE_CHECKING:
    Value = str | int

COLUMNS = ("letter", "why", "reminders", "clicked", "opened", "answered", "answered_at", "unsubscribed")


class Reports:
    """`bot.ports.reports.Reporter`."""

    def report(
        self, report: Report, people: Iterable[Person], kind: str, language: Language, zone: str
    ) -> OutgoingFile:
        say = Say(language, ZoneInfo(zone))
        kind = "csv" if kind == "csv" else "xlsx"
        name = file_name(say("report.name", name=report.campaign.name), kind)
        rows = Rows(say, report)
        if kind == "csv":
            told = ([str(value) for value in rows.of(one)] for one in people)
            return OutgoingFile(name=name, content=text_file(chain([rows.titles], told), language))
        return OutgoingFile(name=name, content=_workbook(say, report, people, rows))


def _workbook(say: Say, report: Report, people: Iterable[Person], rows: "Rows") -> bytes:
    book = Workbook(write_only=True)
    summary(book, say, report)
    if report.names_people:
        failed: list[Sequence[Value]] = []
        add_sheet(book, say("report.sheet.people"), rows.titles, _told(people, rows, failed))
        add_sheet(book, say("report.sheet.failures"), rows.failed_titles, sorted(failed, key=_reason))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _told(
    people: Iterable[Person], rows: "Rows", failed: "list[Sequence[Value]]"
) -> "Iterator[Sequence[Value]]":
    """Everybody's row; those of whom no letter arrived are noted in passing."""
    for one in people:
        if one.letter in (Letter.FAILED, Letter.REJECTED):
            failed.append(rows.failed(one))
        yield rows.of(one)


def _reason(row: "Sequence[Value]") -> tuple[str, int]:
    return str(row[0]), int(row[1])


class Rows:
    """A row for each person, under titles in the reader's language. Words are looked up once."""

    def __init__(self, say: Say, report: Report) -> None:
        self._say, self._extras = say, report.campaign.columns
        self._letters = {one: say(f"report.letter.{one.value}") for one in Letter}
        self._yes, self._no, self._unknown = say("report.yes"), say("report.no"), say("report.unknown")
        self._erased, self._opens = say("report.erased"), report.progress.openings is not None
        self._whys: dict[str, str] = {}
        columns = [name for name in COLUMNS if name != "opened" or self._opens]
        self._fields = [say(f"exports.column.{one.value}") for one in Field]
        named = [say(f"report.column.{name}") for name in columns]
        self.titles = [say("report.column.number"), *self._fields, *self._extras, *named]
        self.failed_titles = [say("report.column.why"), say("report.column.number"), *self._fields]

    def of(self, one: Person) -> "list[Value]":
        contact = one.contact
        beside = [*contact.extras[: len(self._extras)], *[""] * (len(self._extras) - len(contact.extras))]
        return [
            one.number, *self._person(one), *beside, self._letters[one.letter], self._why(one),
            one.reminders, self._word(one.clicked), *([self._word(one.opened)] if self._opens else []),
            self._word(one.answered), self._date(one.answered_at), self._yes if one.unsubscribed else "",
        ]  # fmt: skip

    def failed(self, one: Person) -> "list[Value]":
        return [self._why(one) or self._letters[one.letter], one.number, *self._person(one)]

    def _person(self, one: Person) -> list[str]:
        contact = one.contact
        email = self._erased if one.is_erased else contact.email
        return [
            email, contact.first_name, contact.last_name, contact.company, contact.location,
            contact.job_title,
        ]  # fmt: skip

    def _why(self, one: Person) -> str:
        if not one.why:
            return ""
        if one.why not in self._whys:
            key = f"report.why.{one.why}"
            self._whys[one.why] = self._say(key if self._say.has(key) else "report.why.other")
        return self._whys[one.why]

    def _word(self, told: bool | None) -> str:  # noqa: FBT001 - three answers, one of them unknown
        return self._unknown if told is None else self._yes if told else self._no

    def _date(self, at: datetime | None) -> str:
        """Sorts as text, in either language."""
        return f"{at.astimezone(self._say.zone):%Y-%m-%d %H:%M}" if at else ""
