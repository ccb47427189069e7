"""The row of column titles, and which column means what."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.contacts import REQUIRED, Field
from bot.core.returns import marked
from bot.reading import opt_outs
from bot.reading.doubled import all_mended
from bot.reading.full_names import last_name_first
from bot.reading.names import Known, Meaning, Whole, folded, known
from bot.reading.tables import Row
from bot.reading.values import tidy

SEARCHED = 20  # rows: notes and titles may stand above the header
SEARCHED_COLUMNS = 1_000  # far beyond what is taken: a million titles must not cost a minute
UNTITLED = 20  # columns without a title that are kept after the last one with a title
TITLE_LENGTH = 250
_NAMES = (Field.FIRST_NAME, Field.LAST_NAME)


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """`columns` gives the place of each meaning, from 0; `extras` the places of the other columns.

    `titles` are made unique and short, `written` are what stands there. `ambiguous`: the titles that mean the
    same, the one that is used first; the others are extras.
    `opt_outs`: the places of the columns that say who must not be written to; they are extras too.
    """

    row: int
    titles: tuple[str, ...]
    columns: dict[Meaning, int]
    extras: tuple[int, ...]
    written: tuple[str, ...]
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    opt_outs: tuple[int, ...] = ()
    language: str = ""

    @property
    def full_name(self) -> int | None:
        """The place of a full name that has to be split, where first or last name have no column."""
        if all(name in self.columns for name in _NAMES):
            return None
        return self.columns.get(Whole.FULL_NAME)

    @property
    def last_name_first(self) -> bool:
        place = self.full_name
        return place is not None and last_name_first(folded(self.titles[place]))

    @property
    def missing(self) -> tuple[Field, ...]:
        given = _NAMES if self.full_name is not None else ()
        return tuple(name for name in REQUIRED if name not in self.columns and name not in given)

    @property
    def fingerprint(self) -> str:
        """The same for every file with these titles, however they are accented or punctuated, and whatever
        stands in columns without a title after them."""
        titled = max((place for place, title in enumerate(self.written, start=1) if title), default=0)
        names = "\n".join(folded(title) for title in self.titles[:titled])
        return hashlib.blake2b(names.encode(), digest_size=8).hexdigest()

    def named(self) -> dict[str, str]:
        """Our field -> the title as written; both names have the title of a full name that is split."""
        names = {name: self.titles[place] for name, place in self.named_places()}
        if (whole := self.full_name) is not None:
            names = {name.value: self.titles[whole] for name in _NAMES} | names
        return names

    def named_places(self) -> list[tuple[str, int]]:
        return [
            (meaning.value, place) for meaning, place in self.columns.items() if isinstance(meaning, Field)
        ]


def find(rows: Sequence[Row], mapping: Mapping[str, str] | None = None) -> Header | None:
    """The first row that names all required columns, else the one that names most, else None.

    Where a person's `mapping` names titles, the row that holds most of them comes first; where no name is
    known, the row that holds the mark of our own file of rows to fix is, else a row of words above a row with
    an address.
    """
    if mapping and (chosen := _holding(rows, mapping)) is not None:
        return _header(rows, chosen, mapping)
    best: Header | None = None
    for place, (_, cells) in enumerate(rows):
        count = known_names(cells)
        if count == 0 or (best and count <= len(best.columns)):
            continue
        header = _header(rows, place, {})
        if not header.missing:
            return header
        best = header
    if best is None and (guess := _guess(rows)) is not None:
        return _header(rows, guess, {})
    return best


def known_names(cells: Sequence[str]) -> int:
    """How many different meanings are named; a row with an address in it is a person, not a header."""
    if any("@" in cell for cell in cells):
        return 0
    return len({name.meaning for cell in cells[:SEARCHED_COLUMNS] if (name := known(cell))})


def letters(place: int) -> str:
    """A column as Excel names it: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _holding(rows: Sequence[Row], mapping: Mapping[str, str]) -> int | None:
    wanted = {title for title in mapping.values() if title}
    held = [len(wanted & set(_unique(_written(rows, place)))) for place in range(len(rows))]
    best = max(held, default=0)
    return held.index(best) if best else None


def _guess(rows: Sequence[Row]) -> int | None:
    for place, (_, cells) in enumerate(rows):
        if marked(cells[:SEARCHED_COLUMNS]):
            return place
    return _guessed(rows)


def _guessed(rows: Sequence[Row]) -> int | None:
    """The row just above the first address, when all its filled cells are words."""
    with_address = [place for place, (_, cells) in enumerate(rows) if any("@" in cell for cell in cells)]
    if not with_address or with_address[0] == 0:
        return None
    place = with_address[0] - 1
    words = [cell.strip() for cell in rows[place][1] if cell.strip()]
    wordy = len(words) > 1 and all(any(letter.isalpha() for letter in word) for word in words)
    return place if wordy else None


def _header(rows: Sequence[Row], place: int, mapping: Mapping[str, str]) -> Header:
    written = _written(rows, place)
    titles, names = _unique(written), [known(title) for title in written]
    columns = _chosen(_columns(names), titles, mapping)
    taken = {place for meaning, place in columns.items() if isinstance(meaning, Field)}
    return Header(
        row=rows[place][0],
        titles=titles,
        columns=columns,
        extras=tuple(place for place in range(len(titles)) if place not in taken),
        written=tuple(written),
        ambiguous=_ambiguous(titles, names, columns, mapping),
        opt_outs=tuple(
            place for place, title in enumerate(titles) if place not in taken and opt_outs.speaks(title)
        ),
        language=_language(names),
    )


def _written(rows: Sequence[Row], place: int) -> list[str]:
    titles = tidy(all_mended(rows[place][1]))
    if place:
        titles = _from_above(titles, rows[place - 1])
    while titles and not titles[-1]:
        titles.pop()
    return titles + [""] * _untitled(len(titles), len(rows[place][1]), rows[place + 1 :])


def _untitled(titled: int, width: int, below: Sequence[Row]) -> int:
    """How many columns after the last title the header row has cells for, and somebody a value."""
    for place in range(min(width, titled + UNTITLED) - 1, titled - 1, -1):
        if any(place < len(cells) and cells[place].strip() for _, cells in below):
            return place + 1 - titled
    return 0


def _unique(titles: Sequence[str]) -> tuple[str, ...]:
    """None of them blank, and no two the same."""
    written = set(titles)
    unique: list[str] = []
    counts: Counter[str] = Counter()
    for number, title in enumerate(titles):
        name = _short(title) or letters(number)
        counts[name] += 1
        while counts[name] > 1 and f"{name} ({counts[name]})" in written:
            counts[name] += 1
        unique.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return tuple(unique)


def _from_above(titles: list[str], above: Row) -> list[str]:
    """A title merged over two rows stands in the upper one; a title of the whole sheet stands alone there."""
    upper = tidy(all_mended(above[1]))
    if sum(map(bool, upper)) < 2 or any("@" in cell for cell in upper):
        return titles
    upper += [""] * (len(titles) - len(upper))
    titles = titles + [""] * (len(upper) - len(titles))
    return [title or (over if known(over) else "") for title, over in zip(titles, upper, strict=True)]


def _columns(names: Sequence[Known | None]) -> dict[Meaning, int]:
    """The best rank wins, then the first from the left. A full name is kept aside as an extra."""
    chosen: dict[Meaning, tuple[int, int]] = {}
    for place, name in enumerate(names):
        if name and (name.meaning not in chosen or name.rank < chosen[name.meaning][0]):
            chosen[name.meaning] = (name.rank, place)
    return {meaning: place for meaning, (_, place) in chosen.items()}


def _chosen(
    columns: dict[Meaning, int], titles: Sequence[str], mapping: Mapping[str, str]
) -> dict[Meaning, int]:
    """What the person chose goes before what names say; one column for both names is a full name."""
    first, last = (mapping.get(name.value) for name in _NAMES)
    if first and first == last:
        mapping = {**mapping, Whole.FULL_NAME.value: first, **{name.value: "" for name in _NAMES}}
    meanings: dict[str, Meaning] = {meaning.value: meaning for meaning in (*Field, *Whole)}
    told = {meanings[name]: title for name, title in mapping.items() if name in meanings}
    places = {meaning: titles.index(title) for meaning, title in told.items() if title in titles}
    kept = {
        meaning: place
        for meaning, place in columns.items()
        if place not in places.values() and told.get(meaning) != ""
    }
    return {**kept, **places}


def _ambiguous(
    titles: Sequence[str],
    names: Sequence[Known | None],
    columns: Mapping[Meaning, int],
    mapping: Mapping[str, str],
) -> dict[str, tuple[str, ...]]:
    """A country beside a city is no repetition: only names of the same rank are. What the person chose is
    no question any more."""
    found: dict[str, tuple[str, ...]] = {}
    for meaning, used in columns.items():
        name = names[used]
        if not isinstance(meaning, Field) or name is None or meaning.value in mapping:
            continue
        same = [titles[place] for place, other in enumerate(names) if place != used and _same(name, other)]
        if same:
            found[meaning.value] = (titles[used], *same)
    return found


def _same(name: Known, other: Known | None) -> bool:
    return other is not None and (other.meaning, other.rank) == (name.meaning, name.rank)


def _language(names: Sequence[Known | None]) -> str:
    votes = [name.language for name in names if name and name.language]
    french, english = votes.count("fr"), votes.count("en")
    if french == english:
        return ""
    return "fr" if french > english else "en"


def _short(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"
