"""Two line files as one: everybody of both, and the rows to fix of both.

The list's own rows to fix stay, unless the new file mends them: it brings the same person with a good
address, or the same wrong row once more. Its duplicates go: each was a second row of somebody who is in the
list, so that nobody is lost, and the rows they repeat are numbered otherwise now.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.core import lines, versions
from bot.core.addresses import canonical
from bot.core.claims import Unfixed, cut
from bot.core.contacts import Contact, Field
from bot.core.differences import Difference
from bot.core.headings import Split
from bot.core.rejects import Line, Rejected, value
from bot.core.returns import Columns as Returns
from bot.core.versions import Columns

Lines = Callable[[], Iterator[Line]]  # read anew at each call; without the header


def people(some: Lines) -> versions.People:
    return lambda: (Contact.from_line(line) for line in some() if line[0] == "c")


# --- what differs -------------------------------------------------------------------------------------


def compare(old: Lines, new: Lines, columns: Columns, split: Split) -> Difference:
    found = versions.compare(people(old), people(new), columns)
    together = columns.together
    before = Counter(_said(together.of_old(line, split)) for line in old() if line[0] == "r")
    after = Counter(_said(together.of_new(line, split)) for line in new() if line[0] == "r")
    return replace(
        found, more=columns.more, fewer=columns.fewer, to_fix=(after - before).total(),
        settled=(before - after).total(),
    )  # fmt: skip


def _said(rejected: Line) -> int:
    cells = rejected[5]
    assert isinstance(cells, list)
    return hash(tuple(cut(value(str(cell))) for cell in cells))


# --- both ---------------------------------------------------------------------------------------------


def merge(old: Lines, new: Lines, columns: Columns, split: Split) -> Iterator[Line]:
    """The lines of both."""
    together, left = columns.together, _Left(old, columns)
    left.look(new)
    rows = _Rows(line for line in new() if line[0] == "d")
    last = left.last
    for contact in versions.merge(people(old), people(new), columns, last):
        last = max(last, contact.row)
        left.meet(contact)
        rows.meet(contact)
        yield contact.to_line()
    for line in new():
        if line[0] in ("r", "d"):
            yield rows.first(together.of_new(line, split))
        elif line[0] != "c":
            yield line
    for line in left.numbered(last):
        yield together.of_old(line, split)


class _Left:
    """The list's own rows to fix, as bytes: there may be very many. Those that the new file mends leave."""

    def __init__(self, old: Lines, columns: Columns) -> None:
        self._rows: dict[int, bytes] = {}
        self._addresses: dict[str, list[int]] = {}  # of rows whose fault is another, or proposed
        self._layout = columns.before.layout
        self._columns = Returns(columns.after.report, self._layout)
        self._names: set[tuple[str, str]] = set()  # of the rows: few contacts bear one of them
        self._whole = bool(columns.before.full_name or columns.after.full_name)
        self.last = 1
        for line in old():
            row = line[1]
            assert isinstance(row, int)
            self.last = max(self.last, row)
            if line[0] == "r":
                self._keep(row, line)
        self._taken: set[int] = set()  # numbers of the new file's rows to fix

    def _keep(self, row: int, line: Line) -> None:
        rejected = Rejected.from_line(line)
        self._rows[row] = lines.encode(line)
        place = self._layout.places.get(Field.EMAIL.value)
        self._names.add(self._named(rejected))
        own = ""
        if place is not None and rejected.column != Field.EMAIL:
            own = self._layout.values(rejected.cells)[place]
        for address in filter(None, (own, rejected.proposal)):
            self._addresses.setdefault(canonical(address), []).append(row)

    def look(self, new: Lines) -> None:
        if not self._rows:
            return
        unfixed = Unfixed(map(self._rejected, [*self._rows]), self._layout, self._columns.absent)
        for line in new():
            if line[0] == "r":
                self._taken.add(Rejected.from_line(line).row)
            if not self._may_mend(line):
                continue
            returned = self._columns.returned(line)
            if returned and (row := unfixed.alike(returned, by_name=True)):
                del self._rows[row]

    def _named(self, rejected: Rejected) -> tuple[str, str]:
        values = self._layout.values(rejected.cells)
        places = [self._layout.places.get(name.value) for name in (Field.FIRST_NAME, Field.LAST_NAME)]
        first, last = ("" if place is None else cut(values[place]) for place in places)
        return first, last

    def _may_mend(self, line: Line) -> bool:
        """Of a contact, at the first glance: whose name is the fault is known by the address."""
        return line[0] != "c" or self._whole or (cut(str(line[3])), cut(str(line[4]))) in self._names

    def _rejected(self, row: int) -> Rejected:
        line = lines.decode(self._rows[row])
        assert line is not None
        return Rejected.from_line(line)

    def meet(self, contact: Contact) -> None:
        """Whoever is in the list has nothing to fix."""
        for row in self._addresses.get(canonical(contact.email), ()) if self._addresses else ():
            self._rows.pop(row, None)

    def numbered(self, last: int) -> Iterator[Line]:
        """A row whose number the new file gives to another gets one of its own."""
        last = max([last, *self._taken])
        for row, kept in self._rows.items():
            line = lines.decode(kept)
            assert line is not None
            if row in self._taken:
                last += 1
                line[1] = last
            yield line


class _Rows:
    """Under which number a duplicate's first row stands in the merged list."""

    def __init__(self, duplicates: Iterator[Line]) -> None:
        self._rows: dict[str, int] = {canonical(str(line[3])): 0 for line in duplicates}

    def meet(self, contact: Contact) -> None:
        if self._rows and (address := canonical(contact.email)) in self._rows:
            self._rows[address] = contact.row

    def first(self, line: Line) -> Line:
        row = self._rows.get(canonical(str(line[3]))) if line[0] == "d" else 0
        return [*line[:2], row, *line[3:]] if row else line
