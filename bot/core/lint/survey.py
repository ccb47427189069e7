"""One look at everybody who gets the letter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core import fields
from bot.core.campaigns import Campaign
from bot.core.envelopes import own_link
from bot.core.questionnaires import Placement

LONG = 1_000  # characters: no first name is that long, and a letter may have to cut it
NAMED = 5  # rows that a sentence names


@dataclass(frozen=True, kw_only=True, slots=True)
class Survey:
    """`blanks`: by field, how many have no value. `long`: by field, the first rows whose value is too long.
    `unlinked`: who has no personal link, where a column should hold one. `untitled`: the first rows whose
    subject would be empty. `poorest`: the place of who lacks most of what the letter uses; None where
    nobody lacks anything. Before they are looked up, rows are places."""

    people: int = 0
    blanks: Mapping[str, int] = field(default_factory=dict)
    long: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unlinked: int = 0
    untitled: tuple[int, ...] = ()
    poorest: int | None = None


def used(draft: Campaign, columns: Sequence[str]) -> tuple[str, ...]:
    """The fields of contacts that a letter says, each once."""
    said = fields.placeholders("\n".join((draft.subject, draft.preheader, draft.body)), columns)
    return tuple(dict.fromkeys(one.name for one in said if one.name != fields.LINK))


def looked_at(draft: Campaign, columns: Sequence[str]) -> tuple[str, ...]:
    """What is to be known of everybody: the fields used, and their personal links."""
    own = _own_link(draft, columns)
    return tuple(dict.fromkeys((*used(draft, columns), *own)))


def surveyed(draft: Campaign, columns: Sequence[str], people: Iterable[Sequence[str]]) -> Survey:
    """`people`: of each, the values of what is `looked_at`."""
    look = _Look(draft, columns)
    for place, values in enumerate(people):
        look.at(place, values)
    return look.seen()


class _Look:
    def __init__(self, draft: Campaign, columns: Sequence[str]) -> None:
        names = looked_at(draft, columns)
        self._used = used(draft, columns)
        self._blanks = dict.fromkeys(self._used, 0)
        self._long: dict[str, list[int]] = {}
        self._subject = [names.index(name) for name in _subject_fields(draft.subject, columns)]
        self._untitled: list[int] = []
        self._own = [names.index(name) for name in _own_link(draft, columns)]
        self._people = self._unlinked = self._most = 0
        self._poorest: int | None = None

    def at(self, place: int, values: Sequence[str]) -> None:
        self._people += 1
        blank = 0
        for name, value in zip(self._used, values, strict=False):
            if not value:
                self._blanks[name] += 1
                blank += 1
            elif len(value) > LONG:
                _name(self._long.setdefault(name, []), place)
        if blank > self._most:
            self._most, self._poorest = blank, place
        if blank and self._subject and not any(values[one] for one in self._subject):
            _name(self._untitled, place)
        if self._own and not own_link(values[self._own[0]]):
            self._unlinked += 1

    def seen(self) -> Survey:
        return Survey(
            people=self._people, blanks=self._blanks, unlinked=self._unlinked, poorest=self._poorest,
            long={name: tuple(rows) for name, rows in self._long.items()}, untitled=tuple(self._untitled),
        )  # fmt: skip


def _name(rows: list[int], row: int) -> None:
    if len(rows) < NAMED:
        rows.append(row)


def _subject_fields(subject: str, columns: Sequence[str]) -> list[str]:
    """The fields that a subject is made of, where nothing else would be left of it."""
    said = fields.placeholders(subject, columns)
    rest = fields.PLACEHOLDER.sub("", subject).strip()
    if rest or any(one.default or one.name == fields.LINK for one in said):
        return []
    return [one.name for one in said]


def _own_link(draft: Campaign, columns: Sequence[str]) -> list[str]:
    """The column of personal links, where there is one."""
    if draft.placement is not Placement.COLUMN or draft.link_column not in columns:
        return []
    return [fields.column_name(list(columns).index(draft.link_column))]
