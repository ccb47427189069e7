"""Rows that repeat or explain the titles: survey tools write one or two of them under the header, and files
glued together hold a header for each of their tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core.contacts import REQUIRED, Field
from bot.reading.doubled import all_mended
from bot.reading.header import SEARCHED_COLUMNS, TITLE_LENGTH, Header
from bot.reading.names import Meaning, Whole, folded, known
from bot.reading.values import tidy

UNDER = 2  # rows right below the header that may explain it
_SURVEYMONKEY = ("respondentid", "collectorid")
_NAMING = frozenset({*REQUIRED, Whole.FULL_NAME})
_HINTS = ("nom", "name", "mail", "courriel", "adress")  # one of them is in all names of these: a quick look


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """How the columns of a second table stand in the first one: each place there, by its place here; None
    where some of its titles are not those of the first table, so that its rows cannot be read."""

    places: Mapping[int, int] | None
    width: int

    def applied(self, cells: list[str]) -> list[str]:
        """As the first table orders them; what stands under no title comes after them."""
        if self.places is None:
            return cells
        ordered, beyond = [""] * self.width, []
        for place, cell in enumerate(cells):
            if place in self.places:
                ordered[self.places[place]] = cell
            elif cell.strip():
                beyond.append(cell)
        return ordered + beyond

    def source(self, place: int) -> int:
        """Where a column of the first table stands in this one; -1 where it has none."""
        return next((here for here, there in (self.places or {}).items() if there == place), -1)

    @property
    def is_the_same(self) -> bool:
        return self.places is not None and all(here == there for here, there in self.places.items())


class SecondHeaders:
    def __init__(self, header: Header) -> None:
        self._email = header.columns[Field.EMAIL]
        self._columns: dict[Meaning | None, int] = dict(header.columns.items())
        self._width = len(header.titles)
        self._required = [header.columns[name] for name in REQUIRED if name in header.columns]
        self._names = [_name(title) for title in header.written]
        self._hints = (*_HINTS, *filter(None, [header.written[self._email].lower()]))
        places = [self._names.index(name) for name in _SURVEYMONKEY if name in self._names]
        self._survey = places if len(places) == len(_SURVEYMONKEY) else []

    def explains(self, values: Sequence[str]) -> bool:
        """Of the first rows below the header alone."""
        if any(value.startswith('{"ImportId"') for value in values):
            return True
        if self._survey and not any(values[place] for place in (*self._survey, *self._required)):
            return True  # somebody who answered has numbers there, even without a name
        return self._repeats(values)

    def _repeats(self, values: Sequence[str]) -> bool:
        """The other columns may hold words that explain theirs."""
        filled = [place for place in self._required if values[place]]
        return self._email in filled and all(self._agrees(place, values[place]) for place in filled)

    def order(self, cells: Sequence[str]) -> Order | None:
        """Of a row anywhere: None where it is no header. A row that only repeats ours has our order."""
        text = "\n".join(cells).lower()
        if "@" in text or not any(hint in text for hint in self._hints):
            return None
        titles = tidy(all_mended(cells[:SEARCHED_COLUMNS]))
        filled = {place: title for place, title in enumerate(titles) if title}
        if self._email in filled and all(self._agrees(place, title) for place, title in filled.items()):
            return Order(places={place: place for place in range(self._width)}, width=self._width)
        if len({_meaning(title) for title in filled.values()} & _NAMING) < 2:
            return None
        places = self._found(filled)
        return Order(places=places if len(places) == len(filled) else None, width=self._width)

    def _agrees(self, place: int, title: str) -> bool:
        if place >= self._width or "@" in title:
            return False
        return _name(title) == self._names[place] or self._columns.get(_meaning(title)) == place

    def _found(self, filled: Mapping[int, str]) -> dict[int, int]:
        """By the same title first, then by what it means; no place twice."""
        found: dict[int, int] = {}
        for place, title in filled.items():
            same = [there for there, name in enumerate(self._names) if name == _name(title)]
            if free := [there for there in same if there not in found.values()]:
                found[place] = free[0]
        for place, title in filled.items():
            there = self._columns.get(_meaning(title))
            if place not in found and there is not None and there not in found.values():
                found[place] = there
        return found


@lru_cache(maxsize=4_096)
def _name(title: str) -> str:
    return folded(title) if len(title) <= TITLE_LENGTH else title


@lru_cache(maxsize=4_096)
def _meaning(title: str) -> Meaning | None:
    name = known(title) if len(title) <= TITLE_LENGTH else None
    return name.meaning if name else None
