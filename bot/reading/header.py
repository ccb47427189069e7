"""The row of column titles, and which column means what."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.contacts import REQUIRED, Field
from bot.reading.names import Known, Meaning, known
from bot.reading.tables import Row
from bot.reading.values import tidy

SEARCHED = 20  # rows: notes and titles may stand above the header
TITLE_LENGTH = 250


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """`columns` gives the place of each meaning, from 0; `extras` the places of the other columns.

    `repeated`: titles that mean what an earlier column means already; they are kept as extras.
    """

    row: int
    titles: tuple[str, ...]
    columns: dict[Meaning, int]
    extras: tuple[int, ...]
    repeated: tuple[str, ...] = ()
    language: str = ""

    @property
    def missing(self) -> tuple[Field, ...]:
        return tuple(field for field in REQUIRED if field not in self.columns)

    def named(self) -> dict[str, str]:
        """Our field -> the title as written."""
        return {field: self.titles[place] for field, place in self.named_places()}

    def named_places(self) -> list[tuple[str, int]]:
        return [
            (meaning.value, place) for meaning, place in self.columns.items() if isinstance(meaning, Field)
        ]


def find(rows: Sequence[Row]) -> Header | None:
    """The first row that names all required columns, else the one that names most, else None."""
    best: Header | None = None
    for number, cells in rows:
        if known_names(cells) == 0 or (best and known_names(cells) <= len(best.columns)):
            continue
        header = _header(number, cells)
        if not header.missing:
            return header
        best = header
    return best


def known_names(cells: Sequence[str]) -> int:
    """How many different meanings are named; a row with an address in it is a person, not a header."""
    if any("@" in cell for cell in cells):
        return 0
    return len({name.meaning for cell in cells if (name := known(cell))})


def letters(place: int) -> str:
    """A column as Excel names it: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _header(number: int, cells: Sequence[str]) -> Header:
    titles = tidy(cells)
    while titles and not titles[-1]:
        titles.pop()
    names = [known(title) for title in titles]
    columns = _columns(names)
    taken = {place for meaning, place in columns.items() if isinstance(meaning, Field)}
    return Header(
        row=number,
        titles=tuple(_short(title) or letters(place) for place, title in enumerate(titles)),
        columns=columns,
        extras=tuple(place for place in range(len(titles)) if place not in taken),
        repeated=_repeated(titles, names, columns),
        language=_language(names),
    )


def _columns(names: Sequence[Known | None]) -> dict[Meaning, int]:
    """The best rank wins, then the first from the left. A full name is kept aside as an extra."""
    chosen: dict[Meaning, tuple[int, int]] = {}
    for place, name in enumerate(names):
        if name and (name.meaning not in chosen or name.rank < chosen[name.meaning][0]):
            chosen[name.meaning] = (name.rank, place)
    return {meaning: place for meaning, (_, place) in chosen.items()}


def _repeated(
    titles: Sequence[str], names: Sequence[Known | None], columns: dict[Meaning, int]
) -> tuple[str, ...]:
    """A country beside a city is no repetition: only names of the same rank are."""
    ranks = {meaning: name.rank for meaning, place in columns.items() if (name := names[place])}
    return tuple(
        titles[place]
        for place, name in enumerate(names)
        if name and columns[name.meaning] != place and name.rank == ranks[name.meaning]
    )


def _language(names: Sequence[Known | None]) -> str:
    votes = [name.language for name in names if name and name.language]
    french, english = votes.count("fr"), votes.count("en")
    if french == english:
        return ""
    return "fr" if french > english else "en"


def _short(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"
