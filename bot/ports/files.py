"""What reads files, what writes them; and the time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.core.access import Known
from bot.core.addresses import Verdict
from bot.core.contacts import Contact
from bot.core.differences import Difference
from bot.core.exclusions import Excluded
from bot.core.inbox import OutgoingFile
from bot.core.lists import ContactList, Report
from bot.core.log import Told
from bot.core.people import Language
from bot.core.rejects import Rejected
from bot.core.versions import Columns, Merged


class Reader(Protocol):
    def read(
        self, path: Path, name: str, staging: Path, *, mapping: Mapping[str, str] | None = None,
        sheet: str = "",
    ) -> Report:  # fmt: skip
        """What stands in the file; its line file is written to `staging`. Never raises for what is in
        the file: `Report.error` says it.

        `mapping` is what the person chose: our field (or `full_name`) -> a title of `Report.headers`, ""
        for none; fields it does not name are found by their usual titles. `sheet`: one of `Report.sheets`.
        """

    def verdict(self, written: str) -> Verdict:
        """On one address, as on those of a file."""


class Comparer(Protocol):
    """Long work over line files, which keeps no other thread waiting. Raises Unwritable."""

    def alike(self, fresh: Path, known: Sequence[Path]) -> int | None:
        """The place of the first file that holds mostly the same people."""

    def compare(self, old: Path, new: Path, columns: Columns) -> Difference: ...
    def merge(self, old: Path, new: Path, columns: Columns, to: Path) -> Merged:
        """Both as one line file, under the columns of both: everybody, and the rows to fix of both."""


class Exporter(Protocol):
    def sample(self, language: Language) -> OutgoingFile:
        """A contact file to start from (XLSX)."""

    def contacts(
        self, contact_list: ContactList, people: Iterable[Contact], kind: str, language: Language
    ) -> OutgoingFile:
        """`kind`: xlsx | csv. Safe against formulas; reads back to the same contacts."""

    def rejects(
        self, contact_list: ContactList, rejected: Iterable[Rejected], language: Language
    ) -> OutgoingFile:
        """The rows to fix, under the titles of the list's file and in its format, with five columns more:
        line (its title carries the list's mark), field, value, error, proposal."""

    def person(self, known: Known, language: Language, zone: str) -> OutgoingFile:
        """All that is known of somebody, as a text. `zone`: of the dates."""

    def exclusions(self, people: Iterable[Excluded], language: Language, zone: str) -> OutgoingFile:
        """Who is not to be written to (XLSX), in this order. Safe against formulas. `zone`: of the dates."""

    def journal(self, told: Iterable[Told], kind: str, language: Language, zone: str) -> OutgoingFile:
        """Who did what, in this order. `kind`: xlsx | csv. Safe against formulas. `zone`: of the dates."""


class Clock(Protocol):
    def now(self) -> datetime: ...
