"""A questionnaire's export: which of its rows are answers of a campaign's people, and what is told of them.

Known by our codes where it holds any, else by addresses. The file's reader looks for both in every cell and
judges neither: whether a code is ours only the secret tells, and whose an address is only the audience.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.core.addresses import canonical
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.lists import Report
from bot.core.sentences import Sentence, sentence
from bot.core.tokens import Bearer

TEST = -1  # the recipient number of a test letter
TRIED = 3  # columns of addresses, the fullest first
# what keeps a file from being a list, and may be an export all the same
NO_LIST = frozenset(
    f"reading.error.{what}" for what in ("no_header", "missing", "header_only", "too_many_columns")
)
_MAYBE = re.compile(r"(?<![A-Za-z0-9_-])a[A-Za-z0-9_-]{22,}…?")  # a code, or the beginning of one

Read = Callable[[str], Bearer | None]  # whom a code stands for


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """A column with addresses in it; `is_named`: its title says so."""

    place: int
    title: str
    count: int
    is_named: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """`rows`: those under the titles; `coded`: those with something that may be a code of ours."""

    name: str = ""
    rows: int = 0
    coded: int = 0
    addresses: tuple[Addresses, ...] = ()

    def fullest(self) -> tuple[Addresses, ...]:
        """A title that means address first, then the fullest."""
        ranked = sorted(self.addresses, key=lambda one: (one.is_named, one.count), reverse=True)
        return tuple(ranked[:TRIED])


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """What the reader saw; its rows stand in a line file."""

    sheets: tuple[Sheet, ...] = ()
    error: Sentence | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """`codes`: what looks like a code of ours. `addresses`: as written, by the place of their column."""

    sheet: int
    codes: tuple[str, ...] = ()
    addresses: tuple[tuple[int, str], ...] = ()
    is_finished: bool = True

    def address(self, column: Addresses) -> str:
        return next((one for place, one in self.addresses if place == column.place), "")

    def to_line(self) -> list[object]:
        return ["a", self.sheet, self.codes, self.addresses, self.is_finished]

    @classmethod
    def from_line(cls, line: list[object]) -> "Row":
        _, sheet, codes, addresses, is_finished = line
        assert isinstance(sheet, int)
        assert isinstance(codes, list)
        assert isinstance(addresses, list)
        return cls(
            sheet=sheet, codes=tuple(codes), addresses=tuple((place, one) for place, one in addresses),
            is_finished=bool(is_finished),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What of `rows` finished answers: `rows` = `numbers` + `again` + `unknown` + `without` + `tests` and
    those of `others`. `unfinished` are not among them. `by_address`: addresses told, in the
    column of that title; else codes did."""

    numbers: frozenset[int] = frozenset()
    rows: int = 0
    again: int = 0  # a second row of the same person
    unknown: int = 0  # an address, or a code, of nobody in the campaign
    without: int = 0  # neither
    tests: int = 0
    unfinished: int = 0
    others: Mapping[CampaignId, int] = field(default_factory=dict)  # of other campaigns' people
    by_address: bool = False
    column: str = ""


def may_hold_codes(report: Report, parameters: Iterable[str]) -> bool:
    """A quick look at what was read of a file: is it worth looking for codes in it? `parameters`: under which
    a link carries them."""
    if report.error is not None:
        return report.error.key in NO_LIST
    names = {name.casefold() for name in parameters}
    return any(
        one.title.casefold() in names or any(map(_MAYBE.search, one.samples)) for one in report.headers
    )


def owners(rows: Iterable[Row], read: Read, workspace: WorkspaceId) -> Counter[CampaignId]:
    """Whose campaigns' codes stand in the rows, and in how many of them. Tests count for nothing."""
    found = Counter[CampaignId]()
    for row in rows:
        found.update({one.campaign for one in _bearers(row, read, workspace) if one.recipient != TEST})
    return found


def _bearers(row: Row, read: Read, workspace: WorkspaceId) -> Iterator[Bearer]:
    for code in row.codes:
        bearer = read(code)
        if bearer is not None and bearer.wave is None and bearer.workspace == workspace:
            yield bearer


class Tally:
    """Rows counted for one campaign of so many people."""

    def __init__(self, workspace: WorkspaceId, campaign: CampaignId, size: int) -> None:
        self._workspace, self._campaign, self._size = workspace, campaign, size
        self._numbers = set[int]()
        self._others = Counter[CampaignId]()
        self._counts = Counter[str]()  # by the names of `Told`

    def by_code(self, rows: Iterable[Row], read: Read) -> Told:
        for row in self._finished(rows):
            bearers = list(_bearers(row, read, self._workspace))
            ours = [one.recipient for one in bearers if one.campaign == self._campaign]
            real = [number for number in ours if 0 <= number < self._size]
            if real:
                self._take(real[0])
            elif TEST in ours:
                self._counts["tests"] += 1
            elif elsewhere := [one.campaign for one in bearers if one.campaign != self._campaign]:
                self._others[elsewhere[0]] += 1
            else:
                self._counts["unknown" if row.codes else "without"] += 1
        return self._done()

    def by_address(self, rows: Iterable[Row], column: Addresses, known: Mapping[str, int]) -> Told:
        """`known`: canonical addresses of the audience, with their numbers."""
        for row in self._finished(rows):
            address = row.address(column)
            number = known.get(canonical(address)) if address else None
            if number is not None:
                self._take(number)
            else:
                self._counts["unknown" if address else "without"] += 1
        return replace(self._done(), by_address=True, column=column.title)

    def _finished(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            if row.is_finished:
                self._counts["rows"] += 1
                yield row
            else:
                self._counts["unfinished"] += 1

    def _take(self, number: int) -> None:
        if number in self._numbers:
            self._counts["again"] += 1
        self._numbers.add(number)

    def _done(self) -> Told:
        count = self._counts
        return Told(
            numbers=frozenset(self._numbers), rows=count["rows"], again=count["again"],
            unknown=count["unknown"], without=count["without"], tests=count["tests"],
            unfinished=count["unfinished"], others=dict(self._others),
        )  # fmt: skip


def said(name: str, told: Told, fresh: int, others: Iterable[tuple[str, int]]) -> Sentence:
    """`fresh`: how many were not known before. `others`: campaigns by their names ("" where it is not to be
    named) and how many rows are of their people."""
    parts = [
        sentence("answered.people", n=len(told.numbers), fresh=Sentence("answered.fresh", {"n": fresh})),
        *(
            Sentence(f"answered.{what}", {"n": count})
            for what in ("unknown", "without", "again", "tests")
            if (count := getattr(told, what))
        ),
        *(_of_others(other, count) for other, count in others),
    ]
    read = sentence("answered.read", name=name, n=told.rows, parts=_chained("answered.listed", parts))
    notes = [read]
    if told.by_address:
        key = "answered.by_address" if told.column else "answered.by_addresses"
        notes.append(Sentence(key, {"column": told.column} if told.column else {}))
    if told.unfinished:
        notes.append(sentence("answered.unfinished", n=told.unfinished))
    rest = sentence("answered.no_reminder", n=len(told.numbers)) if fresh else None
    notes.append(rest or sentence("answered.nothing_new"))
    return _chained("answered.lines", notes)


def _of_others(name: str, count: int) -> Sentence:
    if not name:
        return sentence("answered.of_another", n=count)
    return sentence("answered.of_other", n=count, name=name)


def _chained(key: str, parts: list[Sentence]) -> Sentence:
    found = parts[0]
    for part in parts[1:]:
        found = Sentence(key, {"first": found, "second": part})
    return found
