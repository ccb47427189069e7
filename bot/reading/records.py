"""The records of some text, numbered as Excel numbers rows: a quoted line break makes no row."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from bot.reading.tables import Row

LONGEST_RECORD = 1_000  # lines: a quote that opens and does not close must not swallow the file
LONGEST_TEXT = 1 << 22  # characters of a record of several lines
HURRIED = 2  # lines of a record, once patience is gone
_PATIENCE = 30_000_000  # characters of a file that may be looked at in vain
_LINE_COST = 100  # characters that a short line counts for beside its own
_ADDRESS = re.compile(r"\s*\"?[^\s\"@]+@[^\s\"@]+\.[^\s\"@]+\"?\s*")


class Records:
    """`blocks` hold whole lines. A block without a quote is split as it is, which is many times quicker;
    the first quote brings in `csv`, up to the end of its block or of the record that crosses it.

    A record of several lines must be flawless: a stray sign after a closing quote, or a row of its own
    inside, says that its first quote was never closed. That line then stands alone, and is named.
    """

    def __init__(self, blocks: Iterable[str], delimiter: str, broken: set[int]) -> None:
        self._blocks = iter(blocks)
        self._delimiter = delimiter
        self._broken = broken
        self._number = 0
        self._lines: Iterator[str] = iter(())  # of the block being read by `csv`
        self._held: list[str] = []  # the lines of the record being read
        self._length = 0  # characters of its lines but the last
        self._again: deque[str] = deque()  # lines given back
        self._patience = _PATIENCE

    def walk(self) -> Iterator[Row]:
        delimiter = self._delimiter
        for block in self._blocks:
            if '"' in block:
                yield from self._quoted(block)
                continue
            number = self._number
            for line in block[:-1].split("\n"):
                number += 1
                yield number, line.split(delimiter)
            self._number = number

    def _quoted(self, block: str) -> Iterator[Row]:
        self._lines = iter(_split(block))
        reader = self._reader()
        while not self._at_end():
            self._number += 1
            cells = self._next(reader)
            if cells is None:
                cells = self._first_alone()
                reader = self._reader()
            self._held.clear()
            yield self._number, cells

    def _reader(self) -> "Iterator[list[str]]":
        return csv.reader(self._feed(), delimiter=self._delimiter, strict=True)

    def _at_end(self) -> bool:
        """Of the block, between two records. Looks one line ahead and gives it back."""
        if self._again:
            return False
        line = next(self._lines, None)
        if line is None:
            return True
        self._again.append(line)
        return False

    def _next(self, reader: "Iterator[list[str]]") -> list[str] | None:
        """The next record, or None where its lines, which are held, make none."""
        try:
            cells = next(reader)
        except (csv.Error, StopIteration):  # also a cell longer than csv takes: four times what Excel takes
            return None
        return None if len(self._held) > 1 and self._holds_a_row(cells) else cells

    def _holds_a_row(self, cells: Sequence[str]) -> bool:
        """A later line that has an address where the record has one, and as many cells."""
        places = [place for place, cell in enumerate(cells) if _ADDRESS.fullmatch(cell)]
        if not places:
            return False
        rows = (line.split(self._delimiter) for line in self._held[1:] if "@" in line)
        return any(
            len(row) >= len(cells) and any(_ADDRESS.fullmatch(row[place]) for place in places) for row in rows
        )

    def _first_alone(self) -> list[str]:
        """The line where the record began; the lines after it go back.

        A quote too many inside the line is forgiven; one that stays open is a sign like any other.
        """
        first, *others = self._held
        if others:
            self._patience -= sum(map(len, others)) + _LINE_COST * len(others)
            self._again.extendleft(reversed(others))
        elif (cells := self._forgiven(first)) is not None:
            return cells
        self._broken.add(self._number)
        return first.rstrip("\n").split(self._delimiter)

    def _forgiven(self, line: str) -> list[str] | None:
        """None where a quote stays open at its end."""
        lines = iter((line, "\n"))
        try:
            cells = next(csv.reader(lines, delimiter=self._delimiter))
        except csv.Error:
            return None
        return cells if next(lines, None) else None

    def _feed(self) -> Iterator[str]:
        while (not self._held or self._goes_on()) and (line := self._line()) is not None:
            self._held.append(line)
            yield line

    def _goes_on(self) -> bool:
        """Whether a record may take one more line. Looking in vain has an end, for the whole file: a file of
        quotes that never close must not be read a thousand times."""
        self._length = len(self._held[-1]) + (self._length if len(self._held) > 1 else 0)
        longest = LONGEST_RECORD if self._patience > 0 else HURRIED
        return len(self._held) < longest and self._length <= LONGEST_TEXT

    def _line(self) -> str | None:
        if self._again:
            return self._again.popleft()
        while (line := next(self._lines, None)) is None:
            block = next(self._blocks, None)
            if block is None:
                return None
            self._lines = iter(_split(block))
        return line


def _split(block: str) -> list[str]:
    """By line feeds alone: `splitlines` also ends lines where a person typed U+2028 or a form feed."""
    return [line + "\n" for line in block[:-1].split("\n")]
