"""CSV and its cousins, line by line: a file of any size takes the memory of its longest record."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from bot.core.sentences import Refusal
from bot.reading.delimiters import VOTERS, announced, vote
from bot.reading.encodings import detect
from bot.reading.limits import Limits
from bot.reading.tables import Row, Table

LONGEST_RECORD = 100  # lines: a quote that opens and does not close must not swallow the file


def open_text(path: Path, name: str, limits: Limits) -> Table:
    encoding = detect(path)
    lines = _lines(path, encoding.codec, encoding.errors, name, limits)
    first = list(islice(lines, VOTERS))
    delimiter = announced(first[0]) if first else ""
    if delimiter:
        del first[0]  # Excel does not show this line, nor number it
    delimiter = delimiter or vote(first)
    broken: set[int] = set()
    return Table(
        rows=Records(chain(first, lines), delimiter, broken).walk(),
        kind="csv",
        encoding=encoding.name,
        delimiter=delimiter,
        patched=encoding.patched,
        broken=broken,
    )


def _lines(path: Path, codec: str, errors: str, name: str, limits: Limits) -> Iterator[str]:
    """Ends are kept as they are (LF, CRLF, lone CR). A transfer's CR CR LF is one end, not two."""
    with path.open(encoding=codec, errors=errors, newline="") as file:
        doubled = False
        previous = ""
        while line := file.readline(limits.max_line):
            if len(line) >= limits.max_line:
                raise Refusal("reading.error.long_line", name=name, limit=limits.max_line)
            if line == "\r\n" and len(previous) > 1 and previous[-1] == "\r":
                doubled = True
            if not (doubled and line == "\r\n" and previous[-1:] == "\r"):
                yield line
            previous = line


class Records:
    """The records of some lines, numbered as Excel numbers rows: a quoted line break makes no row."""

    def __init__(self, lines: Iterable[str], delimiter: str, broken: set[int]) -> None:
        self._lines = iter(lines)
        self._delimiter = delimiter
        self._broken = broken
        self._held: list[str] = []  # the lines of the record being read
        self._again: deque[str] = deque()  # lines given back
        self._ended = False

    def walk(self) -> Iterator[Row]:
        number = 0
        reader = csv.reader(self._feed(), delimiter=self._delimiter)
        while True:
            number += 1
            cells = self._next(reader)
            if cells is None:
                if not self._held:
                    return
                self._broken.add(number)
                cells = self._first_alone()
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
            else:
                self._held.clear()
            yield number, cells

    def _next(self, reader: "Iterator[list[str]]") -> list[str] | None:
        """The next record, or None: at the end, or where a quote never closes (its lines are held)."""
        try:
            cells = next(reader)
        except StopIteration:
            return None
        except csv.Error:  # a cell longer than csv takes: four times what Excel takes
            return None
        return None if self._ended or len(self._held) > LONGEST_RECORD else cells

    def _first_alone(self) -> list[str]:
        """The line where the record began, its quotes as plain signs; the lines after it go back."""
        first, *others = self._held
        self._held.clear()
        self._ended = False
        self._again.extendleft(reversed(others))
        return first.rstrip("\r\n").split(self._delimiter)

    def _feed(self) -> Iterator[str]:
        while (line := self._again.popleft() if self._again else next(self._lines, None)) is not None:
            self._held.append(line)
            yield line
        self._ended = True
