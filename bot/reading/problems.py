"""What was noticed in a file, counted by cause."""

from bot.core.lists import Level, Problem

NAMED_ROWS = 20  # rows a problem names
SHORT = 200  # characters of a value kept with the report


class Found:
    """One cause while it is counted."""

    def __init__(self, level: Level, cause: str) -> None:
        self._level, self._cause = level, cause
        self.count = 0
        self._rows: list[int] = []
        self._details: list[str] = []

    def add(self, row: int, detail: str) -> None:
        self.count += 1
        if len(self._rows) < NAMED_ROWS:
            self._rows.append(row)
            self._details.append(detail[:SHORT])

    def problem(self) -> Problem:
        return Problem(
            level=self._level,
            cause=self._cause,
            count=self.count,
            rows=tuple(self._rows),
            details=tuple(self._details),
        )


class Problems:
    def __init__(self) -> None:
        self._found: dict[tuple[Level, str], Found] = {}

    def note(self, level: Level, cause: str, row: int, detail: str = "") -> None:
        found = self._found.get((level, cause))
        if found is None:
            found = self._found[level, cause] = Found(level, cause)
        found.add(row, detail)

    def all(self) -> tuple[Problem, ...]:
        """The worst level first, the most frequent cause first."""
        levels = list(Level)
        kept = sorted(self._found.items(), key=lambda item: (levels.index(item[0][0]), -item[1].count))
        return tuple(found.problem() for _, found in kept)
