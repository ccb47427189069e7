"""Why a row is left out, and what is wrong with one whatever its columns mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.lists import Level
from bot.reading.header import Header
from bot.reading.limits import Limits
from bot.reading.problems import SHORT, Problems
from bot.reading.tables import Table
from bot.reading.values import LOST, units


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """`column` is one of our fields, else a title of the file, else ""."""

    cause: str
    column: str = ""
    value: str = ""
    proposal: str = ""


class WholeRows:
    """Looks at rows that `may_be_wrong`: a quick look at most of them, a careful one at few."""

    def __init__(self, table: Table, header: Header, limits: Limits, problems: Problems) -> None:
        self._header, self._width, self._problems = header, len(header.titles), problems
        self._broken, self._shifts = table.broken, table.kind == "csv"
        self._max_cell = limits.max_cell
        self.most = limits.max_cell // 2  # characters of a row that need no look at their length

    def may_be_wrong(self, row: int, values: Sequence[str], joined: str) -> bool:
        return len(joined) > self.most or len(values) > self._width or LOST in joined or row in self._broken

    def wrong(self, row: int, values: Sequence[str], joined: str) -> Wrong | None:
        if len(joined) > self.most and (long := self._long(values)):
            return long
        if row in self._broken:
            return Wrong(cause="open_quote", value="".join(values)[:SHORT])
        for place, value in enumerate(values if LOST in joined else ()):
            if LOST in value:
                return Wrong(cause="damaged_text", column=self._column(place), value=value)
        if len(values) > self._width:
            return self._too_wide(row, values)
        return None

    def _long(self, values: Sequence[str]) -> Wrong | None:
        for place, value in enumerate(values):
            if len(value) * 2 > self._max_cell and units(value) > self._max_cell:
                return Wrong(cause="long_value", column=self._column(place), value=value[:SHORT])
        return None

    def _too_wide(self, row: int, values: Sequence[str]) -> Wrong | None:
        """In text a cell too many means that the others are not where they should be."""
        beyond = next(value for value in values[self._width :] if value)
        if self._shifts:
            return Wrong(cause="shifted", value=beyond)
        self._problems.note(Level.WARNING, "beyond", row, beyond)
        return None

    def _column(self, place: int) -> str:
        for meaning, column in self._header.named_places():
            if column == place:
                return meaning
        return self._header.titles[place] if place < self._width else ""
