"""The records of some text, numbered as Excel numbers rows: a quoted line break makes no row."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from bot.reading.tables import Row

LONGEST_RECORD = 100  # lines: a quote that opens and does not close must not swallow the file


class Records:
    """`blocks` hold whole lines. A block without a quote is split as it is, which is many times quicker;
    the first quote brings in `csv`, up to the end of its block or of the record that crosses it.
    """

    def __init__(self, blocks: Iterable[str], delimiter: str, broken: set[int]) -> None:
        self._blocks = iter(blocks)
        self._delimiter = delimiter
        self._broken = broken
        self._number = 0
        self._lines: Iterator[str] = iter(())  # of the block being read by `csv`
        self._held: list[str] = []  # the lines of the record being read
        self._again: deque[str] = deque()  # lines given back
        self._ended = False

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
        reader = csv.reader(self._feed(), delimiter=self._delimiter)
        while not self._at_end():
            self._number += 1
            cells = self._next(reader)
            if cells is None:
                if not self._held:
                    self._number -= 1
                    return
                self._broken.add(self._number)
                cells = self._first_alone()
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
            else:
                self._held.clear()
            yield self._number, cells

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
        return first.rstrip("\n").split(self._delimiter)

    def _feed(self) -> Iterator[str]:
        while (line := self._line()) is not None:
            self._held.append(line)
            yield line
        self._ended = True

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
