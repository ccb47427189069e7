"""Which row to fix each row of a file is: by its number and by what stands in it, never by a number alone.

Rows move: a spreadsheet sorts some columns and not the others, a list is replaced meanwhile. So a row that
says the same beside its fault goes before one that only bears the number, and a number decides alone where
the person's names agree. Of two people the company, the city and the job may well be the same.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.core import lines
from bot.core.contacts import Field
from bot.core.rejects import Layout, Line, Rejected
from bot.core.returns import Columns, Returned

_WORDS = re.compile(r"\w+")
_LONGEST = 32_767  # characters: a workbook's cell holds no more
Lines = Callable[[], Iterator[Line]]  # read anew at each call


class Row:
    """A row to fix: its values, the place of the faulty one (None where no single value would do), what the
    file of rows to fix said stood there, and what it proposed."""

    def __init__(self, kept: list[object]) -> None:
        place, written, proposal, *values = kept
        assert place is None or isinstance(place, int)
        self.place, self.written, self.proposal = place, str(written), str(proposal)
        self.values = [str(one) for one in values]

    def filled(self, returned: Returned) -> list[str]:
        """A column that the file has no more keeps what stands in the list."""
        return [was if cell is None else cell for was, cell in zip(self.values, returned.cells, strict=True)]

    def other_fault(self, returned: Returned) -> bool:
        """Whether the file speaks of another fault than this row's."""
        if self.place is None or returned.value is None:
            return False
        now = returned.cells[self.place]
        return cut(returned.value) != self.written and (now is None or cut(now) != cut(self.at_fault))

    @property
    def at_fault(self) -> str:
        return "" if self.place is None else self.values[self.place]

    def typed(self, returned: Returned) -> str:
        """A correction in one of our columns: a proposal that is not ours, a value read that was not read."""
        if self.place is None:
            return ""
        if returned.proposal and cut(returned.proposal) != cut(self.proposal):
            return returned.proposal
        return returned.value if returned.value and cut(returned.value) != self.written else ""


class Unfixed:
    """The rejected rows of a list, each to be claimed once. Held as bytes: there may be very many.

    `absent`: places of columns that the other file has not; nothing is compared there.
    """

    def __init__(
        self, rows: Iterable[Rejected], layout: Layout, absent: frozenset[int] = frozenset()
    ) -> None:
        self._layout, self._absent = layout, absent
        self._names = {
            layout.places[name] for name in (Field.FIRST_NAME, Field.LAST_NAME) if name in layout.places
        } - absent
        self._rows: dict[int, bytes] = {}
        self._alike: dict[tuple[int | None, int, int | None], int] = {}  # -> the first of those still free
        self._next: dict[tuple[int, bool], int] = {}
        self._last: dict[tuple[int | None, int, int | None], int] = {}
        self._faulty: dict[int | None, None] = {}
        self._claimed: set[int] = set()
        for rejected in rows:
            self._add(rejected)

    def _add(self, rejected: Rejected) -> None:
        layout = self._layout
        values = layout.values(rejected.cells)
        place = layout.place(rejected.column) if layout.mendable(rejected) else None
        written = cut(rejected.written)
        self._rows[rejected.row] = lines.encode([place, written, rejected.proposal, *values])
        self._faulty[place] = None
        but = self._but(values, place)
        for key in ((place, but, hash(written)), (place, but, None)):
            if key in self._last:
                self._next[self._last[key], key[2] is None] = rejected.row
            else:
                self._alike[key] = rejected.row
            self._last[key] = rejected.row

    def row(self, number: int) -> Row:
        kept = lines.decode(self._rows[number])
        assert kept is not None
        return Row(kept)

    # --- from the surest to the least sure ------------------------------------------------------------

    def surely(self, returned: Returned) -> int:
        """The row of that number, where everything but the fault is as it was; else 0."""
        number = self._free(returned.number)
        if not number:
            return 0
        row = self.row(number)
        filled = row.filled(returned)
        same = self._but(filled, row.place) == self._but(row.values, row.place)
        return self._claim(number) if same and self._agrees(row, returned) else 0

    def alike(self, returned: Returned, *, by_name: bool = False) -> int:
        """A row that says the same but for its fault: of those the one of the same fault, else one that names
        the same person; else, where the file does not tell the fault and it is not `by_name`, any."""
        cells = [cell or "" for cell in returned.cells]
        for place in self._faulty:
            but, faults = self._but(cells, place), self._faults(returned, place)
            others = any(one for at, one in enumerate(cells) if at != place)
            for fault in faults if others or returned.number is None else [one for one in faults if one]:
                if row := self._first((place, but, hash(fault))):
                    return self._claim(row)
            vague = returned.value is None and (others or returned.number is None)
            told = self._named(cells, place) or (vague and not by_name)
            if told and (row := self._first((place, but, None))):
                return self._claim(row)
        return 0

    def by_number(self, returned: Returned) -> int:
        """The row of that number, where it may be the same person who changed elsewhere too."""
        number = self._free(returned.number)
        return self._claim(number) if number and self._resembles(self.row(number), returned) else 0

    def _free(self, number: int | None) -> int:
        return number if number in self._rows and number not in self._claimed else 0

    def _claim(self, row: int) -> int:
        self._claimed.add(row)
        return row

    def _first(self, key: tuple[int | None, int, int | None]) -> int:
        """Of the rows alike the first that nobody claimed."""
        row = self._alike.get(key, 0)
        while row in self._claimed:
            row = self._next.get((row, key[2] is None), 0)
        if key in self._alike:
            self._alike[key] = row
        return row

    def _faults(self, returned: Returned, place: int | None) -> list[str]:
        now = None if place is None else returned.cells[place]
        return [cut(one) for one in (returned.value, now) if one is not None]

    def _agrees(self, row: Row, returned: Returned) -> bool:
        return self._named(row.filled(returned), row.place) or not row.other_fault(returned)

    def _named(self, cells: Sequence[str], place: int | None) -> bool:
        return any(cells[at] for at in self._names if at != place)

    def _but(self, values: Sequence[str], place: int | None) -> int:
        left_out = {place, *self._absent}
        return hash(tuple(cut(one) for at, one in enumerate(values) if at not in left_out))

    def _resembles(self, row: Row, returned: Returned) -> bool:
        """Half of the names are there, wherever they moved; of a row without names, or whose values stand in
        the wrong columns, half of what else there is, and it is the fault that the file speaks of."""
        there = {at for at, cell in enumerate(returned.cells) if cell is not None} - {row.place}
        now = words(" ".join(cell or "" for cell in returned.cells))
        if row.place is not None:
            if names := words(" ".join(row.values[at] for at in self._names & there)):
                return 2 * len(names & now) >= len(names)
            if returned.value is not None and (returned.value or row.written):
                return not row.other_fault(returned)
        others = [told for at in there if (told := words(row.values[at]))]
        return len(others) < 2 or 2 * sum(told <= now for told in others) >= len(others)


class Claims:
    """The rows of a file that came back, each with the row it mends.

    `absent` are columns whose values were to be corrected and that the file has no more; `ignored` counts
    values in our own columns that are overruled by the list's.
    """

    def __init__(self, unfixed: Unfixed, columns: Columns, layout: Layout) -> None:
        self._unfixed, self._columns, self._layout = unfixed, columns, layout
        self.absent: dict[str, None] = {}
        self.ignored = 0

    def corrected(self, staged: Lines) -> Iterator[tuple[int, list[str]]]:
        """The row that is mended, and its values. Of a row that is none of them: 0, or where it names its
        line that number made negative, for it may have been fixed before."""
        rows = self._assigned(staged)
        for returned, number in zip(self._returned(staged), rows, strict=True):
            if not number:
                yield -(returned.number or 0), [cell or "" for cell in returned.cells]
                continue
            row = self._unfixed.row(number)
            values = self._mended(row, returned)
            if any(cut(was) != cut(now) for was, now in zip(row.values, values, strict=True)):
                yield number, values

    def _assigned(self, staged: Lines) -> Sequence[int]:
        rows: array[int] = array("q")
        for claim in (self._unfixed.surely, self._unfixed.alike, self._unfixed.by_number):
            for at, returned in enumerate(self._returned(staged)):
                if at == len(rows):
                    rows.append(0)
                rows[at] = rows[at] or claim(returned)
        return rows

    def _returned(self, staged: Lines) -> Iterator[Returned]:
        return (returned for line in staged() if (returned := self._columns.returned(line)))

    def _mended(self, row: Row, returned: Returned) -> list[str]:
        values, typed = row.filled(returned), row.typed(returned)
        if row.place is None:
            return values
        if cut(values[row.place]) == cut(row.at_fault):
            values[row.place] = typed or values[row.place]
            if not typed and returned.cells[row.place] is None:
                self.absent[self._layout.titles[row.place]] = None
        elif typed and cut(typed) != cut(values[row.place]):
            self.ignored += 1
        return values


def cut(text: str) -> str:
    return " ".join(text[:_LONGEST].split())


def words(text: str) -> set[str]:
    return set(_WORDS.findall(text[:_LONGEST].casefold()))
