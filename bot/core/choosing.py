"""Who of the lists a campaign's choice reaches, and why the others are left out. Counted on rolls."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import reduce
from heapq import nsmallest
from itertools import accumulate, chain, compress, pairwise, repeat
from operator import and_, or_

from bot.core.addresses import in_hex
from bot.core.crowds import PARTS, Crowd
from bot.core.rolls import Column, Roll
from bot.core.selection import Cause, Condition, Kind, Selection


@dataclass(frozen=True, kw_only=True, slots=True)
class Barred:
    """Who gets no letter whatever was chosen. `planned`: whom campaigns that are scheduled will have written
    to by then, with their names; "" for those whose name is not to be said."""

    suppressed: Set[int] = frozenset()
    invited: Set[int] = frozenset()
    recent: Set[int] = frozenset()
    planned: Sequence[tuple[str, Set[int]]] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """`total`: the rows of the lists. `chosen`: those that the choice keeps; `eligible`: these without
    `left_out`, where each is counted under the first cause. `count`: who gets the letter: the eligible, or
    the pilot drawn of them. `recent` and `planned`: how many of the chosen would be left out as written to
    lately, or by then, also where the choice keeps them. `planned_by`: the campaigns that will, "" for one
    that is not to be named."""

    total: int
    chosen: int
    count: int
    left_out: Mapping[Cause, int] = field(default_factory=dict)
    recent: int = 0
    planned: int = 0
    planned_by: tuple[str, ...] = ()

    @property
    def eligible(self) -> int:
        return self.chosen - sum(self.left_out.values())


Marks = bytearray
MEANT, WRITTEN = 1, 2  # marks of rows
_WRITTEN_ONLY = bytes(int(mark == WRITTEN) for mark in range(256))
_NOBODY_ELSE = bytes(WRITTEN * one for one in _WRITTEN_ONLY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """`marks`: of each roll, one for every row, not 0 where it is the row by which somebody is meant: each
    person by the first of theirs. Suppressed people and those written to lately are among them; `WRITTEN`
    is who gets the letter as things are now."""

    reach: Reach
    marks: tuple[Marks, ...]


def meant(marks: Marks) -> Iterator[int]:
    """The rows, ascending."""
    return compress(range(len(marks)), marks)


def choose(selection: Selection, rolls: Sequence[Roll], only: Roll | None, barred: Barred) -> Chosen:
    counting = _Counting(selection, barred, sum(map(len, rolls)))
    for part in _parts(selection, rolls, only):
        counting.take(part)
    marks, count = counting.marks, counting.count
    if selection.kind is Kind.PILOT and selection.pilot < count:
        marks, count = drawn(marks, rolls, selection), selection.pilot
    elif selection.kind is Kind.PILOT:
        marks = marks.translate(_NOBODY_ELSE)
    ends = [0, *accumulate(map(len, rolls))]
    reach = replace(counting.reach(), count=count)
    return Chosen(reach=reach, marks=tuple(marks[start:end] for start, end in pairwise(ends)))


class _Counting:
    """A part of everybody at a time. Rows are numbered through all the rolls."""

    def __init__(self, selection: Selection, barred: Barred, total: int) -> None:
        self.marks = Marks(total)
        self.count = self._chosen = self._recent = self._planned = 0
        self._keeps = selection.keeps_recent
        self._left_out: Counter[Cause] = Counter()
        self._by: set[str] = set()
        self._suppressed, self._invited = Crowd.of(barred.suppressed), Crowd.of(barred.invited)
        self._lately = Crowd.of(barred.recent)
        self._planning = [(name, Crowd.of(people)) for name, people in barred.planned]

    def take(self, part: "_Part") -> None:
        first = dict(zip(reversed(part.people), reversed(part.rows), strict=True))  # the first row stays
        self._chosen += len(part.rows)
        self._left_out[Cause.DUPLICATE] += len(part.rows) - len(first)
        for row in first.values():
            self.marks[row] = WRITTEN
        rest = set(first)
        self._left_out[Cause.SUPPRESSED] += self._leave(first, rest, self._suppressed.part(part.place), MEANT)
        invited = first.keys() & set(self._invited.part(part.place))
        self._left_out[Cause.INVITED] += self._leave(first, rest, invited, 0)
        recent = rest.intersection(self._lately.part(part.place))
        planned = self._planned_for(rest - recent if recent else rest, part.place)
        self._recent += len(recent)
        self._planned += len(planned)
        if not self._keeps:
            self._left_out[Cause.RECENT] += self._leave(first, rest, recent, MEANT)
            self._left_out[Cause.PLANNED] += self._leave(first, rest, planned, MEANT)
        self.count += len(rest)

    def _leave(self, first: Mapping[int, int], rest: set[int], people: Iterable[int], mark: int) -> int:
        """How many of them were left till then. The others among `first` get the mark too."""
        gone = first.keys() & people
        for person in gone:
            self.marks[first[person]] = mark
        before = len(rest)
        rest -= gone
        return before - len(rest)

    def _planned_for(self, rest: Set[int], place: int) -> Set[int]:
        found: set[int] = set()
        for name, people in self._planning:
            if there := rest & set(people.part(place)):
                self._by.add(name)
                found |= there
        return found

    @property
    def _planned_by(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, _ in self._planning if name in self._by))

    def reach(self) -> Reach:
        return Reach(
            total=len(self.marks), chosen=self._chosen, count=self.count, recent=self._recent,
            planned=self._planned, planned_by=self._planned_by,
            left_out={cause: n for cause in Cause if (n := self._left_out[cause])},
        )  # fmt: skip


def drawn(marks: Marks, rolls: Sequence[Roll], selection: Selection) -> Marks:
    """At random, and the same ones as long as they are there: everybody has a lot of their own."""
    lot, people = _lots(selection.seed), chain.from_iterable(roll.hashes for roll in rolls)
    ours = marks.translate(_WRITTEN_ONLY)
    lots = zip(map(lot, compress(people, ours)), compress(range(len(marks)), ours), strict=True)
    found = Marks(len(marks))
    for _, row in nsmallest(selection.pilot, lots):
        found[row] = WRITTEN
    return found


def _lots(seed: str) -> Callable[[int], bytes]:
    key = hashlib.blake2b(seed.encode(), digest_size=32).digest()

    def lot(person: int) -> bytes:
        return hashlib.blake2b(person.to_bytes(8, "big"), digest_size=8, key=key).digest()

    return lot


# --- what the choice keeps -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """Of those whom the choice keeps, who is of one part of a crowd: rows, ascending, and whose they are."""

    place: int
    rows: Sequence[int]
    people: Sequence[int]


def _parts(selection: Selection, rolls: Sequence[Roll], only: Roll | None) -> Iterator[_Part]:
    picked = frozenset(int(one, 16) for one in selection.people)
    asked = [_asked(selection, roll) for roll in rolls]
    starts = [0, *accumulate(map(len, rolls))]
    for place in range(PARTS):
        rows, people = list[int](), list[int]()
        among = {only.hashes[row] for row in only.parts[place]} if only is not None else None
        every = _kept(selection, rolls, asked, picked, place)
        for roll, start, mine in zip(rolls, starts, every, strict=False):
            hashes = roll.hashes
            kept = mine if among is None else [row for row in mine if hashes[row] in among]
            people += [hashes[row] for row in kept]
            rows += [row + start for row in kept] if start else kept
        yield _Part(place=place, rows=rows, people=people)


def _kept(
    selection: Selection, rolls: Sequence[Roll], asked: Sequence[Marks], picked: Set[int], place: int
) -> Iterator[Sequence[int]]:
    """Of each roll, the rows of this part."""
    gone = _gone(rolls, asked, picked, place) if selection.kind is Kind.EXCEPT else picked
    for roll, marks in zip(rolls, asked, strict=True):
        rows, hashes = roll.parts[place], roll.hashes
        match selection.kind:
            case Kind.ALL | Kind.PILOT:
                yield rows
            case Kind.FILTER:
                yield [row for row in rows if marks[row]]
            case Kind.EXCEPT:
                yield [row for row in rows if hashes[row] not in gone]
            case Kind.PICK:
                yield [row for row in rows if hashes[row] in picked]


def _gone(rolls: Sequence[Roll], asked: Sequence[Marks], picked: Set[int], place: int) -> Set[int]:
    """Who matches any condition in any of the lists: it is the person who is meant, not the row."""
    found = set(picked)
    for roll, marks in zip(rolls, asked, strict=True):
        hashes = roll.hashes
        found.update(hashes[row] for row in roll.parts[place] if marks[row])
    return found


def conditions(selection: Selection) -> list[Condition]:
    """A column chosen without any value asks for nothing yet."""
    return [condition for condition in selection.where if condition.values]


def _asked(selection: Selection, roll: Roll) -> Marks:
    """Not 0 for the rows that match every one of the conditions, or any of them where they say who is left
    out; none where nothing is asked."""
    asked = conditions(selection)
    if not asked or selection.kind not in (Kind.FILTER, Kind.EXCEPT):
        return Marks(len(roll))
    together = and_ if selection.kind is Kind.FILTER else or_
    columns = roll.columns([one.column for one in asked])
    every = [_with_values(roll, column, one.values) for one, column in zip(asked, columns, strict=True)]
    return reduce(lambda one, other: Marks(map(together, one, other)), every)


def _with_values(roll: Roll, column: Column | None, values: Sequence[str]) -> Marks:
    if column is None:  # a list without the column: everybody's value is blank there
        return Marks([int("" in values)]) * len(roll)
    wanted = Marks(len(column.values))
    for value in values:
        if (code := column.code(value)) is not None:
            wanted[code] = 1
    return Marks(map(wanted.__getitem__, column.codes))


# --- those whom it reached -------------------------------------------------------------------------------


def blanks(chosen: Chosen, rolls: Sequence[Roll], names: Sequence[str]) -> dict[str, int]:
    """How many of those who get the letter have nothing in these columns."""
    found = dict.fromkeys(names, 0)
    for roll, marks in zip(rolls, chosen.marks, strict=True):
        written = int.from_bytes(marks.translate(_WRITTEN_ONLY), "little")
        for name, blank in zip(names, roll.blanks(names), strict=True):
            found[name] += (written & int.from_bytes(blank, "little")).bit_count()
    return found


def values(chosen: Chosen, rolls: Sequence[Roll], names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What stands in these columns, of everybody meant: each once, in the order of the lists."""
    for roll, marks in zip(rolls, chosen.marks, strict=True):
        yield from compress(roll.values(names), chain(marks, repeat(0)))


def is_settled(selection: Selection) -> bool:
    """Was anything chosen where the kind of choice asks for it?"""
    match selection.kind:
        case Kind.FILTER:
            return bool(conditions(selection))
        case Kind.EXCEPT:
            return bool(conditions(selection) or selection.people)
        case Kind.PICK:
            return bool(selection.people)
        case Kind.ALL | Kind.PILOT:
            return True


def picked(selection: Selection, people: Sequence[int]) -> Selection:
    return replace(selection, people=tuple(in_hex(person) for person in people))
