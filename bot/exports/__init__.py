"""Files we write: the sample, a list as XLSX or CSV, its rows to fix, and what `inspect` prints of a file.

Every one reads back with `bot.reading` to the same contacts, and none holds a formula.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from bot.core.access import Known
from bot.core.contacts import REQUIRED, Contact, Field
from bot.core.exclusions import Excluded
from bot.core.lists import ContactList
from bot.core.log import Told
from bot.core.people import Language
from bot.core.rejects import Rejected
from bot.exports.exclusions import exclusions_file
from bot.exports.file_names import file_name
from bot.exports.inspection import inspection
from bot.exports.journal import journal_file
from bot.exports.person import person_file
from bot.exports.rejects import rejects_file
from bot.exports.samples import sample_rows
from bot.exports.text_files import text_file
from bot.exports.workbooks import workbook
from bot.ports import OutgoingFile
from bot.texts import Say

__all__ = ["Exports", "inspection"]


class Exports:
    """`bot.ports.Exporter`."""

    def sample(self, language: Language) -> OutgoingFile:
        say = Say(language)
        title, headers = say("exports.sample.title"), _headers(tuple(Field), say)
        return OutgoingFile(
            name=file_name(title, "xlsx"), content=workbook(title, headers, sample_rows(language))
        )

    def contacts(
        self, contact_list: ContactList, people: Iterable[Contact], kind: str, language: Language
    ) -> OutgoingFile:
        fields = _fields(contact_list)
        extras = contact_list.report.extras
        headers = [*_headers(fields, Say(language)), *extras]
        rows = _rows(people, fields, len(extras))
        if kind == "csv":
            content = text_file(chain([headers], rows), language)
        else:
            content = workbook(contact_list.title, headers, rows)
        return OutgoingFile(
            name=file_name(contact_list.title, "csv" if kind == "csv" else "xlsx"), content=content
        )

    def rejects(
        self, contact_list: ContactList, rejected: Iterable[Rejected], language: Language
    ) -> OutgoingFile:
        return rejects_file(contact_list, rejected, language)

    def person(self, known: Known, language: Language, zone: str) -> OutgoingFile:
        return person_file(known, language, zone)

    def exclusions(self, people: Iterable[Excluded], language: Language, zone: str) -> OutgoingFile:
        return exclusions_file(people, language, zone)

    def journal(self, told: Iterable[Told], kind: str, language: Language, zone: str) -> OutgoingFile:
        return journal_file(told, kind, language, zone)


def _fields(contact_list: ContactList) -> tuple[Field, ...]:
    """The required columns and those the file had; all of them where there was no file."""
    columns = contact_list.report.columns
    if not columns:
        return tuple(Field)
    return tuple(field for field in Field if field in REQUIRED or field.value in columns)


def _headers(fields: Sequence[Field], say: Say) -> list[str]:
    return [say(f"exports.column.{field.value}") for field in fields]


def _rows(people: Iterable[Contact], fields: Sequence[Field], extras: int) -> Iterator[list[str]]:
    for person in people:
        kept = [*person.extras[:extras], *[""] * (extras - len(person.extras))]
        yield [*(person.value(field) for field in fields), *kept]
