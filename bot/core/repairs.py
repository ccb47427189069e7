"""Corrected rows join their list: each takes the place of the row it mends, and the numbers still add up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core import lines
from bot.core.addresses import canonical
from bot.core.claims import words
from bot.core.contacts import Field
from bot.core.formulas import guarded
from bot.core.lists import Level, Problem, Report
from bot.core.rejects import Layout, Line
from bot.core.returns import Columns

FIRST = 2  # the row of the first corrected one, in the table that is read for them
# they speak of no row of ours
_OF_THE_FILE = frozenset(
    {"same_meaning", "mixed_encoding", "second_header", "second_table", "other_table", "unread_sheet",
     "doubtful_encoding"}
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """What came of some corrected rows. `joined` and `known` were rows to fix: contacts now, or duplicates
    of somebody in the list; `added` and `there` are people who were new in the file, the latter known to the
    list already; `gone` had been fixed before: they are in the list. `excluded` carry a mark and are not
    written to; `doubtful` carry one that nobody understands (the first such values), and are."""

    joined: int = 0
    added: int = 0
    known: int = 0
    there: int = 0
    gone: int = 0
    excluded: int = 0
    doubtful: int = 0
    unknown: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.joined or self.added or self.known)


class Merge:
    """Corrected rows on their way into a list.

    `keys` names, for each corrected row in order, the rejected row it mends, 0 for somebody new; a negative
    number is a row that is none to fix: it was fixed before, or is somebody new. `told` and `staged` are what
    the reader made of them as a table; `extras`: the other columns of the list. `look` at the list's lines
    once, then walk `merged`; the counts stand after that. What is held of a row are its bytes: there may be a
    hundred thousand.
    """

    def __init__(
        self, keys: Sequence[int], staged: Iterable[Line], told: Report, extras: Sequence[str]
    ) -> None:
        self._keys = keys
        self._columns = Columns(told, Layout.of(told))
        places = {title: place for place, title in enumerate(told.extras)}
        self._extras = [places.get(title) for title in extras]
        self._read: dict[int, bytes] = {}  # place among the corrected rows -> its line
        self._marks: dict[int, bytes] = {}  # the same -> its opt-out line
        self._people: dict[str, int] = {}  # canonical address -> place
        self._known: dict[str, int] = {}  # canonical address -> the row of the list that has it
        self._numbers: dict[int, int] = {}  # place -> a row number of its own
        self._fixed: set[int] = set()  # places of rows that are still wrong, whose row of the list is not
        self._layout = Layout.of(told)
        self._joined = self._added = self._duplicates = self._there = self._gone = self._still_wrong = 0
        for line in staged:
            if line[0] != "h":
                self._take(line)
        self._places = {key: place for place, key in enumerate(keys) if key > 0 and place in self._read}
        self._once = {-key: place for place, key in enumerate(keys) if key < 0 and self._kind(place) == "r"}

    def _take(self, line: Line) -> None:
        place = _row(line) - FIRST
        match line[0]:
            case "c":
                self._people.setdefault(canonical(str(line[2])), place)
                self._read[place] = lines.encode(line)
            case "d" | "r":
                self._read[place] = lines.encode(line)
            case "o" | "u":
                self._marks[place] = lines.encode(line)

    def look(self, known: Iterable[Line]) -> None:
        """Who is in the list already, and which row numbers are free."""
        last, taken = 1, set()
        for line in known:
            row = _row(line)
            last = max(last, row)
            if row in self._once and line[0] in ("c", "d") and self._is_fixed(self._once[row], line):
                self._fixed.add(self._once[row])
            if line[0] != "c":
                continue
            if row in self._places:
                taken.add(row)
            if (address := canonical(str(line[2]))) in self._people:
                self._known.setdefault(address, row)
        for place in sorted(self._read):
            key = self._keys[place]
            if key <= 0 or (key in taken and self._kind(place) == "c"):
                last += 1
                self._numbers[place] = last

    def _is_fixed(self, place: int, known: Line) -> bool:
        """Whether the row of that number, a contact now, is the one that this file still has as it was."""
        wrong = self._columns.returned(self._line(place))
        assert wrong is not None
        names = [self._layout.places.get(name) for name in (Field.FIRST_NAME, Field.LAST_NAME)]
        told = words(" ".join(wrong.cells[at] or "" for at in names if at is not None))
        told = told or words(" ".join(cell or "" for cell in wrong.cells))
        there = words(" ".join(_texts(known)))
        return bool(told) and 2 * len(told & there) >= len(told)

    def merged(self, known: Iterable[Line]) -> Iterator[Line]:
        for line in known:
            place = self._places.get(_row(line)) if line[0] == "r" else None
            if place is None:
                yield line
            else:
                yield from self._mended(place)
        for place in self._read:
            if self._keys[place] <= 0:
                yield from self._fresh(place)

    def _mended(self, place: int) -> Iterator[Line]:
        line, row = self._line(place), self._number(place)
        if line[0] == "r":
            self._still_wrong += 1
            yield _renumbered(line, row)
            return
        address = _address(line)
        if line[0] == "d" or address in self._known:
            self._duplicates += 1
            kept = self._known.get(address) or self._number(self._people[address])
            yield ["d", self._keys[place], kept, _email(line), self._cells(line)]
            return
        self._joined += 1
        yield from self._contact(line, place, row)

    def _fresh(self, place: int) -> Iterator[Line]:
        """Somebody the list knows is not written down once more, however often the file is dropped."""
        line, row = self._line(place), self._number(place)
        known = _address(line) in self._known if line[0] != "r" else place in self._fixed
        if known and self._keys[place] < 0:
            self._gone += 1
        elif line[0] == "r":
            self._still_wrong += 1
            yield _renumbered(line, row)
        elif line[0] == "d" or known:
            self._there += 1
        else:
            self._added += 1
            yield from self._contact(line, place, row)

    def _contact(self, line: Line, place: int, row: int) -> Iterator[Line]:
        if mark := lines.decode(self._marks.get(place, b"")):
            yield _renumbered(mark, row)
        *fields, extras = line
        assert isinstance(extras, list)
        yield _renumbered([*fields, ["" if at is None else extras[at] for at in self._extras]], row)

    def _cells(self, line: Line) -> list[str]:
        """Of a contact that is one too many: its row, as the file had it."""
        returned = self._columns.returned(line)
        return [guarded(cell or "") for cell in returned.cells] if returned else []

    @property
    def changes(self) -> bool:
        """Whether the list is another one now."""
        return bool(self._joined or self._added or self._duplicates or self._still_wrong)

    def repair(self, *, excluded: int = 0, doubtful: int = 0, unknown: tuple[str, ...] = ()) -> Repair:
        return Repair(
            joined=self._joined, added=self._added, known=self._duplicates, there=self._there,
            gone=self._gone, excluded=excluded, doubtful=doubtful, unknown=unknown,
        )  # fmt: skip

    def noticed(self, told: Report) -> list[Problem]:
        """What the reader said of the rows that became contacts, under the numbers they have in the list."""
        problems = []
        for problem in told.problems:
            if problem.level not in (Level.WARNING, Level.REPAIRED) or problem.cause in _OF_THE_FILE:
                continue
            named = list(zip(problem.rows, problem.details, strict=False))
            kept = [(place, said) for row, said in named if self._is_contact(place := row - FIRST)]
            if count := problem.count - len(named) + len(kept):
                rows = tuple(self._number(place) for place, _ in kept)
                details = tuple(said for _, said in kept)
                problems.append(replace(problem, count=count, rows=rows, details=details))
        return problems

    def _is_contact(self, place: int) -> bool:
        return self._kind(place) == "c" and _address(self._line(place)) not in self._known

    def _kind(self, place: int) -> object:
        return self._line(place)[0] if place in self._read else ""

    def _line(self, place: int) -> Line:
        line = lines.decode(self._read[place])
        assert line is not None
        return line

    def _number(self, place: int) -> int:
        return self._numbers.get(place) or self._keys[place]


def _row(line: Line) -> int:
    row = line[1]
    assert isinstance(row, int)
    return row


def _email(line: Line) -> str:
    return str(line[3] if line[0] == "d" else line[2])


def _address(line: Line) -> str:
    return canonical(_email(line))


def _texts(line: Line) -> Iterator[str]:
    for part in line[2:]:
        yield from (str(one) for one in part) if isinstance(part, list) else [str(part)]


def _renumbered(line: Line, row: int) -> Line:
    return [line[0], row, *line[2:]]
