"""Row by row: what becomes a contact, what cannot, and what is worth a word."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.contacts import Contact, Field
from bot.core.lists import Level, Problem
from bot.core.sentences import Refusal
from bot.reading.addresses import Addresses, Bad
from bot.reading.header import Header
from bot.reading.limits import Limits
from bot.reading.staging import Staging
from bot.reading.tables import Table
from bot.reading.values import LOST, tidy, units

NAMED_ROWS = 20  # rows a problem names
SAMPLE = 5  # contacts kept with the report
SHORT = 200  # characters of a value kept with the report


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """Why a row is left out; `column` is one of our fields, else a title of the file, else ""."""

    cause: str
    column: str = ""
    value: str = ""


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


class Collector:
    """Takes rows, writes contacts, rejected rows and duplicates to the staging file, and counts."""

    def __init__(self, table: Table, header: Header, staging: Staging, limits: Limits, name: str) -> None:
        self._header, self._staging, self._limits, self._name = header, staging, limits, name
        self._places = [header.columns.get(field, -1) for field in Field]
        self._extras = header.extras
        self._width = len(header.titles)
        self._broken = table.broken
        self._shifts = table.kind == "csv"
        self._addresses = Addresses()
        self._seen: dict[str, int] = {}
        self._found: dict[tuple[Level, str], Found] = {}
        self.rows = self.accepted = self.rejected = self.duplicates = 0
        self.sample: list[Contact] = []

    def take(self, row: int, cells: list[str]) -> None:
        values = tidy(cells)
        if not any(values):
            return
        self.rows += 1
        if self.rows > self._limits.max_rows:
            raise Refusal("reading.error.too_many_rows", name=self._name, limit=self._limits.max_rows)
        while len(values) < self._width:
            values.append("")
        if len(values) > self._width:
            self._drop_blank_end(values)
        wrong = self._whole_row(row, values) or self._take_sound(row, values, cells)
        if wrong:
            self.rejected += 1
            self.note(Level.REJECTED, wrong.cause, row, wrong.value)
            self._staging.add(["r", row, wrong.cause, wrong.column, wrong.value, cells])

    def note(self, level: Level, cause: str, row: int, detail: str = "") -> None:
        found = self._found.get((level, cause))
        if found is None:
            found = self._found[level, cause] = Found(level, cause)
        found.add(row, detail)

    def problems(self) -> tuple[Problem, ...]:
        """The worst level first, the most frequent cause first."""
        levels = list(Level)
        kept = sorted(self._found.items(), key=lambda item: (levels.index(item[0][0]), -item[1].count))
        return tuple(found.problem() for _, found in kept)

    def _drop_blank_end(self, values: list[str]) -> None:
        while len(values) > self._width and not values[-1]:
            values.pop()

    def _whole_row(self, row: int, values: Sequence[str]) -> Wrong | None:
        """What is wrong with the row whatever its columns mean."""
        joined = "".join(values)
        if len(joined) * 2 > self._limits.max_cell and (long := self._long(values)):
            return long
        if row in self._broken:
            return Wrong(cause="open_quote", value=joined[:SHORT])
        if LOST in joined:
            place = next(place for place, value in enumerate(values) if LOST in value)
            return Wrong(cause="damaged_text", column=self._column(place), value=values[place])
        if len(values) > self._width:
            return self._too_wide(row, values)
        return None

    def _long(self, values: Sequence[str]) -> Wrong | None:
        for place, value in enumerate(values):
            if units(value) > self._limits.max_cell:
                return Wrong(cause="long_value", column=self._column(place), value=value[:SHORT])
        return None

    def _too_wide(self, row: int, values: Sequence[str]) -> Wrong | None:
        """In text a cell too many means that the others are not where they should be."""
        beyond = next(value for value in values[self._width :] if value)
        if self._shifts:
            return Wrong(cause="shifted", value=beyond)
        self.note(Level.WARNING, "beyond", row, beyond)
        return None

    def _take_sound(self, row: int, values: list[str], cells: list[str]) -> Wrong | None:
        written = values[self._places[0]]
        address, repair = self._addresses.valid(written), ""
        if address is None:
            verdict = self._addresses.judge(written)
            if isinstance(verdict, Bad):
                return Wrong(cause=verdict.cause, column=Field.EMAIL.value, value=written)
            address, repair = verdict.address, verdict.repair
        # what `canonical` makes of it: the domain is lower-case ASCII already
        kept = self._seen.setdefault(address.lower(), row)
        if kept != row:
            self.duplicates += 1
            self.note(Level.DUPLICATE, "duplicate", row, str(kept))
            self._staging.add(["d", row, kept, address, cells])
            return None
        if repair:
            self.note(Level.REPAIRED, repair, row, f"{written} → {address}")
        self._accept(row, address, values)
        return None

    def _accept(self, row: int, address: str, values: list[str]) -> None:
        extras = [values[place] for place in self._extras]
        values[self._width :] = [""]  # what a field without a column finds at place -1
        _, first, last, company, location, job = [values[place] for place in self._places]
        # `Contact.to_line()`, without making a hundred thousand contacts
        line = ["c", row, address, first, last, company, location, job, extras]
        self._staging.add(line)
        self.accepted += 1
        if len(self.sample) < SAMPLE:
            self.sample.append(_shortened(Contact.from_line(line)))
        if not (first and last):
            self.note(Level.WARNING, _nameless(first, last), row, address)

    def _column(self, place: int) -> str:
        for meaning, column in self._header.named_places():
            if column == place:
                return meaning
        return self._header.titles[place] if place < self._width else ""


def _nameless(first: str, last: str) -> str:
    if not first and not last:
        return "no_name"
    return "no_last_name" if first else "no_first_name"


def _shortened(contact: Contact) -> Contact:
    """For the preview: the report is kept among the documents, where bulk has no place."""
    return Contact(
        row=contact.row,
        email=contact.email,
        first_name=contact.first_name[:SHORT],
        last_name=contact.last_name[:SHORT],
        company=contact.company[:SHORT],
        location=contact.location[:SHORT],
        job_title=contact.job_title[:SHORT],
    )
