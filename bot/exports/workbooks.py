"""XLSX that looks made by a careful person: bold header that stays, filter, columns as wide as needed.

All cells are text: "00123" keeps its zeros and "=1+1" is four characters, not a sum.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from bot.core.formulas import MARK, guarded, is_formula

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_MEASURED = 200  # rows that decide the widths
_NARROW, _WIDE = 12, 42  # characters
_INK, _PAPER, _MARKER = "FFFFFFFF", "FF1F4E5F", "FFFFF2B3"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x0041_ as "A"; an escaped underscore keeps the seven characters
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


class Flagged(str):
    """A value to be looked at: its cell is yellow, also where it is blank."""


def workbook(title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    add_sheet(book, title, headers, rows)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def add_sheet(
    book: Workbook, title: str, headers: Sequence[str], rows: Iterable[Sequence[str | int]]
) -> None:
    """A row is on the disk once it is appended. Numbers alone are no text."""
    sheet = book.create_sheet(sheet_name(title))
    rows = iter(rows)
    first = list(islice(rows, _MEASURED))
    _set_widths(sheet, headers, first)
    sheet.freeze_panes = "A2"
    sheet.append(_header_cells(sheet, headers))
    count = 1 + _append(sheet, chain(first, rows), len(headers))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{count}"


def text_cell(sheet: "WriteOnlyWorksheet", value: str) -> Cell:
    cell = _cell(sheet)
    cell.quotePrefix = is_formula(value)
    return _written(cell, value)


def sheet_name(title: str) -> str:
    """At most 31 characters; no apostrophe at either end."""
    name = _SHEET_FORBIDDEN.sub(" ", _ILLEGAL.sub("", title))
    return " ".join(name.split())[:31].strip("' ") or "Contacts"


def _header_cells(sheet: "WriteOnlyWorksheet", headers: Sequence[str]) -> list[Cell]:
    cells = []
    for header in headers:
        cell = _cell(sheet)
        cell.font = Font(bold=True, color=_INK)
        cell.fill = PatternFill("solid", fgColor=_PAPER)
        cell.alignment = Alignment(vertical="center")
        cells.append(_written(cell, header))
    return cells


def _append(sheet: "WriteOnlyWorksheet", rows: Iterator[Sequence[str | int]], width: int) -> int:
    """A row is written as it is appended, so the same cells serve for all of them."""
    kinds = {(flagged, odd): _cells(sheet, width, flagged=flagged, odd=odd)
             for flagged in (False, True) for odd in (False, True)}  # fmt: skip
    count = 0
    for row in rows:
        count += 1
        sheet.append(
            [
                value
                if isinstance(value, int)
                else _written(kinds[isinstance(value, Flagged), is_formula(value)][place], value)
                if value or isinstance(value, Flagged)
                else None
                for place, value in enumerate(row)
            ]
        )
    return count


def _cells(sheet: "WriteOnlyWorksheet", width: int, *, flagged: bool, odd: bool) -> list[Cell]:
    """`odd`: for a value that looks like a formula: Excel then edits "=1+1" as text, too."""
    cells = [_cell(sheet) for _ in range(width)]
    for cell in cells:
        cell.quotePrefix = odd
        if flagged:
            cell.fill = PatternFill("solid", fgColor=_MARKER)
    return cells


def _cell(sheet: "WriteOnlyWorksheet") -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.number_format = "@"
    return cell


def _written(cell: Cell, value: str) -> Cell:
    """The reader takes an apostrophe before a sign away, so a value that has one gets another."""
    text = guarded(value) if value.startswith(MARK) else value
    cell.value = _ESCAPE_LIKE.sub("_x005F_", _ILLEGAL.sub("", text))
    cell.data_type = "s"  # openpyxl had made a formula of "=…", an error of "#N/A"
    return cell


def _set_widths(
    sheet: "WriteOnlyWorksheet", headers: Sequence[str], rows: Sequence[Sequence[str | int]]
) -> None:
    for place, header in enumerate(headers):
        longest = max([len(header) + 4, *(len(str(row[place])) + 2 for row in rows)])
        column = sheet.column_dimensions[get_column_letter(place + 1)]  # type: ignore[attr-defined] # stubs lack it
        column.width = min(max(longest, _NARROW), _WIDE)
