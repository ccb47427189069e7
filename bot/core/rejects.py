"""Rows that are no contacts yet: what stands in them, and what one value would mend."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core import lines
from bot.core.contacts import Field
from bot.core.formulas import unguarded
from bot.core.ids import ListId
from bot.core.lists import Report

Line = list[object]

MOST = 20  # rows that are fixed in the chat; more are a file
INITIAL = 2_900  # characters of a value shown in an input
WHOLE = frozenset({"shifted", "open_quote", "other_columns"})  # causes that no single value mends
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_JOINERS = "\u200c\u200d"


def value(cell: str) -> str:
    """A raw cell as a contact would keep it: on one line, trimmed, without signs nobody sees and without
    the apostrophe before a formula's sign."""
    if not cell.isprintable():
        cell = "".join(map(_seen, _BREAKS.sub(" ", cell)))
    return unguarded(unicodedata.normalize("NFC", cell.strip()))


def _seen(sign: str) -> str:
    if sign.isprintable() or sign in _JOINERS:
        return sign
    return "" if unicodedata.category(sign) == "Cf" else " "


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """An `r` line: `column` is one of our fields, else a title of the file, else ""."""

    row: int
    cause: str
    column: str
    value: str
    cells: tuple[str, ...]
    proposal: str = ""

    @classmethod
    def from_line(cls, line: Sequence[object]) -> "Rejected":
        row, cells = line[1], line[5]
        assert isinstance(row, int)
        assert isinstance(cells, list)
        return cls(
            row=row, cause=str(line[2]), column=str(line[3]), value=str(line[4]),
            cells=tuple(str(cell) for cell in cells), proposal=str(line[6]) if len(line) > 6 else "",
        )  # fmt: skip

    @property
    def written(self) -> str:
        """What stands in the cell, as an input can show it."""
        return value(self.value)[:INITIAL]

    @property
    def initial(self) -> str:
        return self.proposal or self.written


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """The columns of a list's file: their titles in order, and the place of each of our fields."""

    titles: tuple[str, ...]
    places: Mapping[str, int]

    @classmethod
    def of(cls, report: Report, columns: Mapping[str, str] | None = None) -> "Layout":
        """`columns`: where the report's own are those of another file."""
        titles = tuple(column.title for column in report.headers)
        named = (columns or report.columns).items()
        return cls(
            titles=titles, places={field: titles.index(title) for field, title in named if title in titles}
        )

    @property
    def is_complete(self) -> bool:
        return Field.EMAIL.value in self.places

    def place(self, column: str) -> int | None:
        if column in self.places:
            return self.places[column]
        return self.titles.index(column) if column in self.titles else None

    def title(self, column: str) -> str:
        place = self.place(column)
        return column if place is None else self.titles[place]

    def values(self, cells: Sequence[str]) -> list[str]:
        """One value for each title; what stands beyond the last one is left out."""
        kept = [value(cell) for cell in cells[: len(self.titles)]]
        return kept + [""] * (len(self.titles) - len(kept))

    def beyond(self, cells: Sequence[str]) -> list[str]:
        return [kept for cell in cells[len(self.titles) :] if (kept := value(cell))]

    def who(self, rejected: Rejected) -> str:
        """Whose row it is, by the other cells; "" where they do not tell."""
        values, faulty = self.values(rejected.cells), self.place(rejected.column)
        names = [self.places.get(field.value) for field in (Field.FIRST_NAME, Field.LAST_NAME)]
        told = [values[place] for place in dict.fromkeys(names) if place is not None and place != faulty]
        company = self.places.get(Field.COMPANY.value)
        named = " ".join(filter(None, told))
        return named or (values[company] if company is not None and company != faulty else "")

    def mendable(self, rejected: Rejected) -> bool:
        return rejected.cause not in WHOLE and self.place(rejected.column) is not None


def fingerprint(rows: Iterable[Rejected]) -> str:
    """Of rows as they were shown: whoever corrects them later must mean these."""
    told = hashlib.sha256()
    for one in rows:
        told.update(lines.encode([one.row, one.cause, one.column, *one.cells]))
    return told.hexdigest()[:16]


def mark(list_id: ListId) -> str:
    """Stands in the title of the lines' column, so that the file is known when it comes back."""
    return f"[postillon {list_id}]"
