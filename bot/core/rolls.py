"""A list as choices need it: numbers for its people, and its columns as values that can be counted.

Read from the list's lines, a column when somebody first asks for it, and kept: a choice among 100,000 people
is then counted in a few hundredths of a second. What is the same but for capitals, accents and spaces is one
value, spelled as it first was.
"""

import hashlib
import threading
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from operator import itemgetter
from typing import cast

from bot.core.contacts import Field
from bot.core.crowds import PARTS, part_of
from bot.core.haystacks import Haystack
from bot.core.text import folded

Lines = Callable[[], Iterator[list[object]]]  # read anew at each call

CHOSEN_BY = (Field.COMPANY.value, Field.LOCATION.value, Field.JOB_TITLE.value)
LONGEST = 1_000  # characters of a value that can be chosen by: more is a text, and nobody else's is the same
PLAIN = 140  # characters of a value that stands in an option as it is
_PLACES = {field.value: place for place, field in enumerate(Field, start=2)}  # in a line
_EXTRAS = 8


class Column:
    """`codes[i]` is the value of the i-th person, `values[code]` how it is spelled; 0 is no value at all."""

    def __init__(self) -> None:
        self.codes = array("I")
        self.values: list[str] = [""]
        self._codes: dict[str, int] = {"": 0}  # by folded value
        self._seen: dict[str, int] = {"": 0}  # by value as it stands

    def add(self, value: str) -> None:
        code = self._seen.get(value)
        if code is None:
            code = self._seen[value] = self._code_of(value)
        self.codes.append(code)

    def _code_of(self, value: str) -> int:
        key = folded(value)
        known = self._codes.setdefault(key, len(self.values))
        if known == len(self.values):
            self.values.append(" ".join(value.split()))
        return known

    def close(self) -> None:
        """Every value is in: what only served to read them goes."""
        self._seen = {}

    def code(self, value: str) -> int | None:
        return self._codes.get(folded(value))

    @cached_property
    def counts(self) -> Mapping[int, int]:
        return Counter(self.codes)

    @property
    def blanks(self) -> int:
        return self.counts.get(0, 0)

    @cached_property
    def _ranked(self) -> list[int]:
        """The codes that can be chosen, the most frequent first."""
        counts = self.counts
        codes = (code for code, value in enumerate(self.values) if code and len(value) <= LONGEST)
        return sorted(codes, key=lambda code: (-counts[code], folded(self.values[code])))

    @cached_property
    def _haystack(self) -> Haystack:
        return Haystack(folded(self.values[code]) for code in self._ranked)

    def find(self, query: str, limit: int) -> list[tuple[str, int]]:
        """Values with their counts."""
        codes = (self._ranked[place] for place in self._haystack.find(query, limit))
        return [(self.values[code], self.counts[code]) for code in codes]

    @cached_property
    def hidden(self) -> Mapping[str, str]:
        """The values that do not stand in their token."""
        long = (self.values[code] for code in self._ranked if len(self.values[code]) > PLAIN)
        return {token(value): value for value in long}


def token(value: str) -> str:
    """A value as an option holds it, which Slack lets be 150 characters long."""
    if len(value) <= PLAIN:
        return f"={value}"
    return "#" + hashlib.blake2b(value.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What the lists offer to choose by. `fields`: of the three we know, those with any value. `titles`: the
    other columns, in order. `is_open` False: counts alone, and nothing to choose by."""

    is_open: bool = True
    fields: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A person that can be picked."""

    person: int
    name: str
    email: str


class People:
    """Everybody of a list, to be found by name or address."""

    def __init__(self, lines: Iterator[list[object]], hashes: Sequence[int]) -> None:
        self._hashes = hashes
        self._named: list[str] = []
        texts = []
        for line in lines:
            if line[0] == "c":
                email, first, last = cast("tuple[str, str, str]", tuple(line[2:5]))
                name = " ".join(f"{first} {last}".split())
                self._named.append(f"{name}\n{email}")
                texts.append(folded(f"{name} {email}"))
        self._haystack = Haystack(texts)

    def find(self, query: str, limit: int) -> list[Named]:
        return [self.at(place) for place in self._haystack.find(query, limit)]

    def at(self, place: int) -> Named:
        name, _, email = self._named[place].partition("\n")
        return Named(person=self._hashes[place], name=name, email=email)


class Roll:
    """`hashed`: an address as its number (`addresses.hash_of`). Threads may share it."""

    def __init__(
        self, lines: Lines, extras: Sequence[str], hashed: Callable[[str], int], *, size: int = 0
    ) -> None:
        self._lines, self._hashed = lines, hashed
        self.size = size  # how many there should be: known before anything is read
        self.extras = tuple(extras)
        self._lock = threading.Lock()
        self._columns: dict[str, Column] = {}
        self._blanks: dict[str, bytes] = {}
        self._hashes: array[int] | None = None
        self._parts: tuple[array[int], ...] = ()
        self._people: People | None = None
        self._searching = threading.Lock()  # apart: who counts does not wait for who searches

    @property
    def hashes(self) -> "array[int]":
        """Everybody's, in the order of the list."""
        with self._lock:
            if self._hashes is None:
                self._read((), array("Q"))
            assert self._hashes is not None
            return self._hashes

    @property
    def parts(self) -> "tuple[array[int], ...]":
        """By the part of a crowd that somebody is of, their rows, ascending."""
        hashes = self.hashes
        with self._lock:
            if not self._parts:
                parts = tuple(array("I") for _ in range(PARTS))
                for row, person in enumerate(hashes):
                    parts[part_of(person)].append(row)
                self._parts = parts
            return self._parts

    def __len__(self) -> int:
        return len(self.hashes)

    def has(self, name: str) -> bool:
        return name in _PLACES or name in self.extras

    def columns(self, names: Sequence[str]) -> list[Column | None]:
        """None for those the list has not. What is not known yet is read in one pass."""
        with self._lock:
            hashes = array("Q") if self._hashes is None else None
            missing = [name for name in dict.fromkeys(names) if self.has(name) and name not in self._columns]
            if missing:
                self._read(missing, hashes)
            return [self._columns.get(name) for name in names]

    def column(self, name: str) -> Column | None:
        return self.columns([name])[0]

    def blanks(self, names: Sequence[str]) -> list[bytes]:
        """For each of them, 1 for everybody who has no value there. Nothing else of them is kept."""
        if any(name not in self._blanks for name in names):
            for _ in self.values(names):
                pass
        return [self._blanks[name] for name in names]

    def values(self, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """What stands in these columns, of everybody in the order of the list: read as it is asked for, and
        not kept. "" where nothing does. Read to its end, it has noted who is blank."""
        size = len(self)
        if not names:
            yield from repeat((), size)
            return
        marks, cells = [bytearray(size) for _ in names], self._cells(names)
        contacts = (line for line in self._lines() if line[0] == "c")
        for row, line in enumerate(contacts):
            found = cells(line)
            if "" in found or any(map(str.isspace, found)):
                found = tuple(["" if value.isspace() else value for value in found])
                for mark, value in zip(marks, found, strict=True):
                    mark[row : row + 1] = b"\x00" if value else b"\x01"
            yield found
        self._blanks |= {name: bytes(mark) for name, mark in zip(names, marks, strict=True)}

    def _cells(self, names: Sequence[str]) -> Callable[[list[object]], tuple[str, ...]]:
        if len(names) > 1 and all(name in _PLACES for name in names):
            return cast("Callable[[list[object]], tuple[str, ...]]", itemgetter(*map(_PLACES.get, names)))
        each = [self._cell(name) for name in names]
        return lambda line: tuple([cell(line) for cell in each])

    def _cell(self, name: str) -> Callable[[list[object]], str]:
        if name in _PLACES:
            place = _PLACES[name]
            return lambda line: cast("str", line[place])
        if name not in self.extras:
            return lambda _: ""
        extra = self.extras.index(name)

        def cell(line: list[object]) -> str:
            extras = cast("list[str]", line[_EXTRAS])
            return extras[extra] if extra < len(extras) else ""

        return cell

    @property
    def people(self) -> People:
        hashes = self.hashes
        with self._searching:
            if self._people is None:
                self._people = People(self._lines(), hashes)
            return self._people

    def prepare(self) -> None:
        """`people`, made before somebody asks; at once where another thread is at it, or it is there."""
        hashes = self.hashes
        if not self._searching.acquire(blocking=False):
            return
        try:
            if self._people is None:
                self._people = People(self._lines(), hashes)
        finally:
            self._searching.release()

    def _read(self, names: Sequence[str], hashes: "array[int] | None") -> None:
        """These columns, and everybody's number where there is room for it."""
        fresh = {name: Column() for name in names}
        own = [(_PLACES[name], column.add) for name, column in fresh.items() if name in _PLACES]
        others = [(self.extras.index(name), one.add) for name, one in fresh.items() if name not in _PLACES]
        for line in self._lines():
            if line[0] != "c":
                continue
            if hashes is not None:
                hashes.append(self._hashed(cast("str", line[2])))
            for place, add in own:
                add(cast("str", line[place]))
            if others:
                extras = cast("list[str]", line[_EXTRAS])
                for place, add in others:
                    add(extras[place] if place < len(extras) else "")
        for column in fresh.values():
            column.close()
        if hashes is not None:
            self._hashes = hashes
        self._columns |= fresh
