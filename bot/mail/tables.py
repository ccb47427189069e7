"""Tables that a person writes, on a screen of any width."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from markdown_it.token import Token

from bot.mail.marks import Marks
from bot.mail.plain import words

_LONG = 18  # characters of a word that a cell may break
_NARROW = 28  # characters beside each other on a small telephone
_UNKNOWN = 12  # characters of a merge field's value, about
_PADDING = 2  # of a cell, in characters


def fit(tokens: Sequence[Token], marks: Marks) -> None:
    """No word of a table is broken, unless it is long or nobody knows how long: its cell is `loose`. A table
    is `wide`, and moves under its reader's finger, where even so it would be broader than a telephone."""
    for table, rows in _tables(tokens):
        widths: list[int] = []
        for row in rows:
            longest = [_longest(text, marks) for _, text in row]
            widths = [max(pair) for pair in zip_longest(widths, longest, fillvalue=0)]
            for (cell, text), width in zip(row, longest, strict=True):
                _shape(cell, is_loose=width > _LONG or marks.word.search(text) is not None)
        if sum(min(width, _LONG) + _PADDING for width in widths) > _NARROW:
            table.attrSet("class", "wide")


def _tables(tokens: Sequence[Token]) -> Iterator[tuple[Token, list[list[tuple[Token, str]]]]]:
    """Each with its rows of cells and their words."""
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            table, rows = token, list[list[tuple[Token, str]]]()
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append((token, words(tokens[place + 1].children or [])))
        elif token.type == "table_close":
            yield table, rows


def _longest(text: str, marks: Marks) -> int:
    typical = marks.word.sub("x" * _UNKNOWN, text)
    return max(map(len, re.split(r"[\s\-]+", typical)))


def _shape(cell: Token, *, is_loose: bool) -> None:
    """Its alignment as every mail reader knows it."""
    cell.attrSet("align", str(cell.attrs.pop("style", "left")).removeprefix("text-align:"))
    if is_loose:
        cell.attrSet("class", "loose")
