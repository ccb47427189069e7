"""A file of rows to fix that comes back: how it is known, and what its columns are."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.contacts import Contact, Field
from bot.core.ids import ListId
from bot.core.lists import Report
from bot.core.rejects import Layout, Line, value

# the columns that the file of rows to fix has beside the list's, in their order, as each language titles them
TITLES: Mapping[str, tuple[str, ...]] = {
    "line": ("ligne", "line"), "field": ("champ", "field"), "value": ("valeur lue", "value read"),
    "error": ("erreur", "error"), "proposal": ("proposition", "proposal"),
}  # fmt: skip
ADDED = len(TITLES)
_MARK = re.compile(r"postillon[\W_]*(lst)[\W_]*([a-z0-9]{6,40})")
_NUMBER = re.compile(r"(\d{1,9})(?:[.,]0+)?")
_SECOND = re.compile(r" \(\d+\)$")  # what the reader adds to a title that stands there twice


def marked(titles: Iterable[str]) -> ListId | None:
    """The list whose rows these are. Case, brackets and spaces do not matter: spreadsheets change them. Of
    two marks the last counts: a list may itself have been made of rows to fix."""
    found = [match for title in titles if (match := _MARK.search(title.lower()))]
    return ListId(f"{found[-1][1]}_{found[-1][2]}") if found else None


def added(titles: Sequence[str], layout: Layout) -> Mapping[str, int]:
    """Where the columns are that we added, by the names `TITLES` gives them; some may have been deleted. A
    title that the list has too is the list's own. Where five follow the list's, they are ours whatever their
    titles."""
    own = Counter(map(_folded, layout.titles))
    found: dict[str, int] = {}
    for place, title in enumerate(map(_folded, titles)):
        if _MARK.search(title):
            found["line"] = place
        elif own[title]:
            own[title] -= 1
        elif kind := _kind(title):
            found.setdefault(kind, place)
    first = len(layout.titles)
    if (
        list(map(_folded, titles[:first])) == list(map(_folded, layout.titles))
        and len(titles) == first + ADDED
    ):
        free = [place for place in range(first, first + ADDED) if place not in found.values()]
        found |= zip([kind for kind in TITLES if kind not in found], free, strict=True)
    return found


def has_titles(report: Report, layout: Layout) -> bool:
    """The list's own titles in any order, alone or with some of ours; case and spaces do not matter."""
    titles = [column.title for column in report.headers]
    ours = set(added(titles, layout).values())
    others = Counter(_folded(title) for place, title in enumerate(titles) if place not in ours)
    return others == Counter(map(_folded, layout.titles))


def _kind(title: str) -> str:
    bare = _SECOND.sub("", title)
    return next((kind for kind, names in TITLES.items() if bare in names), "")


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


@dataclass(frozen=True, kw_only=True)
class Returned:
    """A line of a file that came back: `number` is the row it names, None where it names none; a cell is None
    where the file has no such column any more. `value` and `proposal` stand in the columns we added."""

    number: int | None
    cells: tuple[str | None, ...]
    value: str | None = None
    proposal: str | None = None


class Columns:
    """How the columns of a file that came back meet those of the list: by their titles; one that was renamed
    by the field that the file's own report finds under it."""

    def __init__(self, report: Report, layout: Layout) -> None:
        self._report, self._layout = report, layout
        self._titles = [column.title for column in report.headers]
        self._fields = {title: field for field, title in report.columns.items()}
        self._extras = {title: place for place, title in enumerate(report.extras)}
        self._added = added(self._titles, layout)
        self._places = self._found()

    def _found(self) -> list[int | None]:
        ours = set(self._added.values())
        own = [(place, _folded(title)) for place, title in enumerate(self._titles) if place not in ours]
        by_title = {title: place for place, title in reversed(own)}
        places = [by_title.get(_folded(title)) for title in self._layout.titles]
        free = {self._titles[place]: place for place, _ in own if place not in places}
        for field, at in self._layout.places.items():
            if places[at] is None:
                places[at] = free.get(self._report.columns.get(field, ""))
        return places

    @property
    def absent(self) -> frozenset[int]:
        """The list's columns that the file has no more."""
        return frozenset(at for at, place in enumerate(self._places) if place is None)

    @property
    def unknown(self) -> list[str]:
        """Titles of filled columns that are neither the list's nor ours: nothing is taken from there."""
        known = {*self._places, *self._added.values()}
        headers = enumerate(self._report.headers)
        return [column.title for place, column in headers if place not in known and column.samples]

    def returned(self, line: Line) -> Returned | None:
        """Of a contact, a duplicate or a rejected row; None of anything else, and of a row without values."""
        read = self._reading(line)
        if read is None:
            return None
        cells = tuple(None if place is None else read(place) for place in self._places)
        ours = {kind: read(place) for kind, place in self._added.items() if kind != "field"}
        if not any(cells):
            return None
        number = _NUMBER.fullmatch(ours.get("line", ""))
        return Returned(
            number=int(number[1]) if number else None, cells=cells, value=ours.get("value"),
            proposal=ours.get("proposal"),
        )  # fmt: skip

    def _reading(self, line: Line) -> "Callable[[int], str] | None":
        match line[0]:
            case "c":
                contact = Contact.from_line(line)
                return lambda place: self._told(contact, self._titles[place])
            case "d":
                raw = line[4]
            case "r":
                raw = line[5]
            case _:
                return None
        assert isinstance(raw, list)
        cells = [str(cell) for cell in raw]
        return lambda place: value(cells[place]) if place < len(cells) else ""

    def _told(self, contact: Contact, title: str) -> str:
        """A full name that was split stands whole among the other columns."""
        if title in self._extras:
            place = self._extras[title]
            return contact.extras[place] if place < len(contact.extras) else ""
        return contact.value(Field(self._fields[title])) if title in self._fields else ""
