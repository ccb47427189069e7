"""Who of the lists a campaign's choice reaches, and why the others are left out. Counted on rolls."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from heapq import nsmallest

from bot.core.addresses import in_hex
from bot.core.rolls import Column, Roll
from bot.core.selection import Cause, Condition, Kind, Selection


@dataclass(frozen=True, kw_only=True, slots=True)
class Barred:
    """Who gets no letter whatever was chosen."""

    suppressed: Set[int] = frozenset()
    invited: Set[int] = frozenset()
    recent: Set[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """`total`: the rows of the lists. `chosen`: those that the choice keeps; `eligible`: these without
    `left_out`, where each is counted under the first cause. `count`: who gets the letter: the eligible, or
    the pilot drawn of them. `recent`: how many of the chosen would be left out as written to lately, also
    where the choice keeps them."""

    total: int
    chosen: int
    count: int
    left_out: Mapping[Cause, int] = field(default_factory=dict)
    recent: int = 0

    @property
    def eligible(self) -> int:
        return self.chosen - sum(self.left_out.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """`rows`: of each roll, the places of the rows that the choice keeps, in order. `people`: without
    doubles, suppressed people and those written to lately among them. `written`: who gets the letter as
    things are now."""

    reach: Reach
    rows: tuple[Sequence[int], ...]
    people: Set[int]
    written: Set[int]


def choose(selection: Selection, rolls: Sequence[Roll], only: Roll | None, barred: Barred) -> Chosen:
    rows = tuple(_rows(selection, rolls, only))
    hashes = [roll.hashes for roll in rolls]
    every = dict.fromkeys(numbers[row] for numbers, kept in zip(hashes, rows, strict=True) for row in kept)
    chosen = sum(map(len, rows))
    left_out = {Cause.DUPLICATE: chosen - len(every)}
    rest: Set[int] = every.keys()
    rest, left_out[Cause.SUPPRESSED] = _without(rest, barred.suppressed)
    rest, left_out[Cause.INVITED] = _without(rest, barred.invited)
    apart, recent = _without(rest, barred.recent)
    if not selection.keeps_recent:
        rest, left_out[Cause.RECENT] = apart, recent
    written: Set[int] = rest
    people: Set[int] = every.keys() - barred.invited if barred.invited else every.keys()
    if selection.kind is Kind.PILOT:
        written = people = drawn(rest, selection)
    reach = Reach(
        total=sum(map(len, hashes)), chosen=chosen, count=len(written), recent=recent,
        left_out={cause: n for cause, n in left_out.items() if n},
    )  # fmt: skip
    return Chosen(reach=reach, rows=rows, people=people, written=written)


def _without(people: Set[int], barred: Set[int]) -> tuple[Set[int], int]:
    gone = people & barred if barred else frozenset[int]()
    return (people - gone, len(gone)) if gone else (people, 0)


def drawn(people: Set[int], selection: Selection) -> Set[int]:
    """At random, and the same ones as long as they are there: everybody has a lot of their own."""
    if selection.pilot >= len(people):
        return people
    return frozenset(nsmallest(selection.pilot, people, key=_lots(selection.seed)))


def _lots(seed: str) -> Callable[[int], bytes]:
    key = hashlib.blake2b(seed.encode(), digest_size=32).digest()

    def lot(person: int) -> bytes:
        return hashlib.blake2b(person.to_bytes(8, "big"), digest_size=8, key=key).digest()

    return lot


def _rows(selection: Selection, rolls: Sequence[Roll], only: Roll | None) -> Iterator[Sequence[int]]:
    among = frozenset(only.hashes) if only is not None else None
    picked = frozenset(int(one, 16) for one in selection.people)
    excluded = _excluded(selection, rolls, picked)
    for roll in rolls:
        rows = _kept(selection, roll, picked, excluded)
        if among is not None:
            hashes = roll.hashes
            rows = [row for row in rows if hashes[row] in among]
        yield rows


def _kept(selection: Selection, roll: Roll, picked: Set[int], excluded: Set[int]) -> Sequence[int]:
    match selection.kind:
        case Kind.ALL | Kind.PILOT:
            return range(len(roll))
        case Kind.FILTER:
            return _matching(roll, conditions(selection))
        case Kind.EXCEPT:
            return [row for row, person in enumerate(roll.hashes) if person not in excluded]
        case Kind.PICK:
            return [row for row, person in enumerate(roll.hashes) if person in picked]


def _excluded(selection: Selection, rolls: Sequence[Roll], picked: Set[int]) -> Set[int]:
    """Who matches any condition in any of the lists: it is the person who is meant, not the row."""
    if selection.kind is not Kind.EXCEPT:
        return frozenset()
    gone = set(picked)
    for roll in rolls:
        hashes = roll.hashes
        for condition in conditions(selection):
            gone.update(hashes[row] for row in _matching(roll, [condition]))
    return gone


def conditions(selection: Selection) -> list[Condition]:
    """A column chosen without any value asks for nothing yet."""
    return [condition for condition in selection.where if condition.values]


def _matching(roll: Roll, asked: Sequence[Condition]) -> Sequence[int]:
    """The rows that match every one of the conditions; none where nothing is asked."""
    if not asked:
        return ()
    rows: Sequence[int] = range(len(roll))
    for condition, column in zip(asked, roll.columns([one.column for one in asked]), strict=True):
        rows = _with_values(rows, column, condition.values)
    return rows


def _with_values(rows: Sequence[int], column: Column | None, values: Sequence[str]) -> Sequence[int]:
    if column is None:  # a list without the column: everybody's value is blank there
        return rows if "" in values else ()
    wanted = {column.code(value) for value in values} - {None}
    codes = column.codes
    return [row for row in rows if codes[row] in wanted]


def blanks(chosen: Chosen, rolls: Sequence[Roll], names: Sequence[str]) -> dict[str, int]:
    """How many of those who get the letter have nothing in these columns."""
    found = dict.fromkeys(names, 0)
    seen: set[int] = set()
    for roll, rows in zip(rolls, chosen.rows, strict=True):
        hashes, first = roll.hashes, list[int]()
        for row in rows:
            if hashes[row] in chosen.written and hashes[row] not in seen:
                seen.add(hashes[row])
                first.append(row)
        for name, column in zip(names, roll.columns(names), strict=True):
            codes = column.codes if column else None
            found[name] += len(first) if codes is None else sum(not codes[row] for row in first)
    return found


def values(chosen: Chosen, rolls: Sequence[Roll], names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What stands in these columns, of everybody meant: each once, in the order of the lists."""
    left = set(chosen.people)
    for roll, rows in zip(rolls, chosen.rows, strict=True):
        hashes, columns = roll.hashes, [column or Column() for column in roll.columns(names)]
        known = [(column.codes, column.values) for column in columns]
        for row in rows:
            if hashes[row] in left:
                left.discard(hashes[row])
                yield tuple([spelled[codes[row]] if codes else "" for codes, spelled in known])


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
