"""Many people at once, by their numbers (`addresses.hash_of`): eight bytes each, where a set takes a hundred.

Numbers are hashes, evenly spread: a crowd falls by their first bits into `PARTS` of much the same size, and
what two crowds have in common is found a part at a time, with sets that are small and soon gone.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Set
from itertools import chain, filterfalse

BITS = 6
PARTS = 1 << BITS
_SHIFT = 64 - BITS
_FEW = 30  # times smaller, and each is looked up in the other


def part_of(person: int) -> int:
    return person >> _SHIFT


class Crowd(Set[int]):
    """`ordered`: ascending, each once; not to be changed any more."""

    __slots__ = ("_bounds", "_people")

    def __init__(self, ordered: "array[int] | None" = None) -> None:
        self._people = array("Q") if ordered is None else ordered
        self._bounds: tuple[int, ...] | None = None

    @classmethod
    def of(cls, people: Iterable[int]) -> "Crowd":
        """In any order, some of them twice perhaps."""
        if isinstance(people, Crowd):
            return people
        parts = [array("Q") for _ in range(PARTS)]
        for person in people:
            parts[person >> _SHIFT].append(person)
        ordered = array("Q")
        for part in parts:
            ordered.extend(sorted(set(part)))
        return cls(ordered)

    @classmethod
    def union(cls, crowds: Iterable["Crowd"]) -> "Crowd":
        together: list[Crowd] = []
        for crowd in crowds:
            # the same people again, as often as not: known by their bytes
            if crowd and all(crowd._people != one._people for one in together):
                together.append(crowd)
        if len(together) < 2:
            return together[0] if together else cls()
        ordered = array("Q")
        for part in zip(*(one.parts() for one in together), strict=True):
            ordered.extend(dict.fromkeys(sorted(chain(*part))))  # which only merges what is in order
        return cls(ordered)

    def part(self, place: int) -> "array[int]":
        """Those of them whose `part_of` it is, ascending."""
        if self._bounds is None:
            starts = (bisect_left(self._people, part << _SHIFT) for part in range(PARTS))
            self._bounds = (*starts, len(self._people))
        return self._people[self._bounds[place] : self._bounds[place + 1]]

    def parts(self) -> Iterator["array[int]"]:
        return map(self.part, range(PARTS))

    def __contains__(self, person: object) -> bool:
        if not isinstance(person, int):
            return False
        place = bisect_left(self._people, person)
        return place < len(self._people) and self._people[place] == person

    def __iter__(self) -> Iterator[int]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)

    def __and__(self, other: Set[object]) -> "Crowd":
        theirs = _crowd(other)
        few, many = sorted((self, theirs), key=len)
        if len(few) * _FEW < len(many):
            return Crowd(array("Q", filter(many.__contains__, few)))
        both = array("Q")
        for ours, others in zip(few.parts(), many.parts(), strict=True):
            both.extend(filter(set(others).__contains__, ours))
        return Crowd(both)

    def __sub__(self, other: Set[object]) -> "Crowd":
        theirs = _crowd(other)
        rest = array("Q")
        for ours, others in zip(self.parts(), theirs.parts(), strict=True):
            rest.extend(filterfalse(set(others).__contains__, ours) if others else ours)
        return Crowd(rest)


def _crowd(other: Set[object]) -> Crowd:
    return other if isinstance(other, Crowd) else Crowd.of(one for one in other if isinstance(one, int))
