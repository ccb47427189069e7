"""Lines on their way to the disk, counted as a report tells them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.core.addresses import canonical
from bot.core.contacts import Contact
from bot.core.lists import Level, OptOuts, Problem, Report
from bot.core.rejects import Line

NAMED_ROWS = 20  # rows a problem names
NAMED_VALUES = 10  # marks nobody understands
SAMPLE = 5
SHORT = 200  # characters of a detail


class Tally:
    def __init__(self) -> None:
        self._counts = {"c": 0, "r": 0, "d": 0}
        self._marked: dict[str, set[str]] = {"o": set(), "u": set()}  # canonical addresses
        self._unknown: dict[str, None] = {}
        self._found: dict[tuple[Level, str], list[tuple[int, str]]] = {}
        self._causes: dict[tuple[Level, str], int] = {}
        self._first: list[Contact] = []

    def of(self, records: Iterable[Line]) -> Iterator[Line]:
        for line in records:
            kind = str(line[0])
            if kind in self._counts:
                self._counts[kind] += 1
            elif kind in self._marked:
                self._marked[kind].add(canonical(str(line[2])))
                if kind == "u" and len(self._unknown) < NAMED_VALUES:
                    self._unknown[str(line[3])] = None
            if kind == "c" and len(self._first) < SAMPLE:
                self._first.append(replace(Contact.from_line(line), extras=()))
            elif kind == "r":
                self._note(Level.REJECTED, str(line[2]), _row(line), str(line[4]))
            elif kind == "d":
                self._note(Level.DUPLICATE, "duplicate", _row(line), str(line[2]))
            yield line

    def _note(self, level: Level, cause: str, row: int, detail: str) -> None:
        named = self._found.setdefault((level, cause), [])
        self._causes[level, cause] = self._causes.get((level, cause), 0) + 1
        if len(named) < NAMED_ROWS:
            named.append((row, detail[:SHORT]))

    def report(self, before: Report, noticed: Sequence[Problem] = ()) -> Report:
        """The report of these lines: how the file was read stays as it was told."""
        accepted, rejected, duplicates = self._counts.values()
        return replace(
            before, rows=accepted + rejected + duplicates, accepted=accepted, rejected=rejected,
            duplicates=duplicates, sample=tuple(self._first), problems=self._problems(before, noticed),
            opt_outs=self._opt_outs(before.opt_outs),
        )  # fmt: skip

    def _opt_outs(self, before: OptOuts | None) -> OptOuts | None:
        marked, doubtful = self._marked["o"], self._marked["u"] - self._marked["o"]
        unknown = tuple(self._unknown) if doubtful else ()
        return before and replace(before, count=len(marked), doubtful=len(doubtful), unknown=unknown)

    def _problems(self, before: Report, noticed: Sequence[Problem]) -> tuple[Problem, ...]:
        kept = [one for one in before.problems if one.level in (Level.WARNING, Level.REPAIRED)]
        found = {(one.level, one.cause): one for one in kept}
        for one in noticed:
            known = found.get((one.level, one.cause))
            found[one.level, one.cause] = _together(known, one) if known else one
        for (level, cause), named in self._found.items():
            found[level, cause] = Problem(
                level=level, cause=cause, count=self._causes[level, cause],
                rows=tuple(row for row, _ in named), details=tuple(detail for _, detail in named),
            )  # fmt: skip
        levels = list(Level)
        return tuple(sorted(found.values(), key=lambda one: (levels.index(one.level), -one.count)))


def _together(some: Problem, more: Problem) -> Problem:
    named = [
        *zip(some.rows, some.details, strict=False),
        *zip(more.rows, more.details, strict=False),
    ]
    named = sorted(named)[:NAMED_ROWS]
    return replace(
        some, count=some.count + more.count, rows=tuple(row for row, _ in named),
        details=tuple(detail for _, detail in named),
    )  # fmt: skip


def _row(line: Line) -> int:
    row = line[1]
    assert isinstance(row, int)
    return row
