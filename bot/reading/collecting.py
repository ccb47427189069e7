"""Row by row: what becomes a contact, what cannot, and what is worth a word."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import itemgetter

from bot.core.contacts import Contact, Field
from bot.core.lists import Level
from bot.core.sentences import Refusal
from bot.reading import full_names
from bot.reading.addresses import ROLES, Addresses, Bad
from bot.reading.domains import meant
from bot.reading.doubled import all_mended, suspect
from bot.reading.header import Header
from bot.reading.limits import Limits
from bot.reading.problems import SHORT, Problems
from bot.reading.proposals import proposal
from bot.reading.refused import Refused
from bot.reading.second_headers import UNDER, Order, SecondHeaders
from bot.reading.staging import Staging
from bot.reading.tables import Row, Table
from bot.reading.values import all_tidy, is_error, is_plain, tidy
from bot.reading.wrongs import WholeRows, Wrong

BATCH, SMALL = 1_024, 32  # rows
PROPOSED = 2_000  # rejected rows that get a proposal: each costs as much as fifty good rows
SAMPLE = 5  # contacts kept with the report
_TITLES = frozenset({"incomplete_address", "no_address", "shifted", "other_columns"})
"""Causes a row of titles may be rejected for at first sight."""


class Collector:
    """Takes rows, writes contacts, rejected rows and duplicates to the staging file, and counts."""

    def __init__(self, table: Table, header: Header, staging: Staging, limits: Limits, name: str) -> None:
        self._header, self._staging, self._limits, self._name = header, staging, limits, name
        self._width = len(header.titles)
        # a field without a column finds the blank that stands after the last one
        places = [header.columns.get(field, self._width) for field in Field]
        self._email, self._fields = places[0], itemgetter(*places[1:])
        self._first, self._last = itemgetter(places[1]), itemgetter(places[2])
        self._others = _picking(header.extras)
        self._incomplete = self._width in places
        self._simple = header.full_name is None and not header.opt_outs
        self._whole, self._last_first = header.full_name, header.last_name_first
        self._broken, self._links = table.broken, table.links
        self._addresses = Addresses()
        self._second = SecondHeaders(header)
        self._order: Order | None = None  # of the columns, where another table was glued below the first
        self._linked = self._email  # where the address stands in the file
        self._seen: dict[str, int] = {}
        self.problems = Problems()
        self._whole_rows = WholeRows(table, header, limits, self.problems)
        self.refused = Refused(header.titles, header.opt_outs, staging)
        self._explained = 0  # rows right below the header
        self.rows = self.accepted = self.rejected = self.duplicates = 0
        self.sample: list[Contact] = []

    def take_all(self, rows: Iterable[Row]) -> None:
        """In batches: where nothing in a batch is worth a word, its rows go the short way."""
        rows = iter(rows)
        while batch := list(islice(rows, BATCH)):
            if self._take_clean(self._ordered(batch)):
                continue
            for start in range(0, len(batch), SMALL):
                part = batch[start : start + SMALL]
                if not self._take_clean(self._ordered(part)):
                    for row, cells in part:
                        self._take(row, cells)

    def _ordered(self, batch: list[Row]) -> list[Row]:
        if (order := self._order) is None:
            return batch
        return [(row, order.applied(cells)) for row, cells in batch]

    def _take_clean(self, batch: Sequence[Row]) -> bool:
        """What `_take` does with rows that become contacts without a word; False where one may not.

        One look at all of them together costs a fraction of a look at each.
        """
        table = [cells for _, cells in batch]
        room = self.rows + len(batch) <= self._limits.max_rows
        if not (self._simple and room and len(self.sample) == SAMPLE) or self._unread:
            return False
        if set(map(len, table)) != {self._width} or not all_tidy(table, self._whole_rows.most):
            return False
        written = [cells[self._email] for cells in table]
        if not self._addresses.all_quiet(written) or not self._broken.isdisjoint(row for row, _ in batch):
            return False
        keys = "\n".join(written).lower().split("\n")
        if len(set(keys)) < len(keys) or not self._seen.keys().isdisjoint(keys):
            return False
        if not (all(map(self._first, table)) and all(map(self._last, table))):
            return False
        if self._incomplete:
            table = [[*cells, ""] for cells in table]
        fields, extras = self._fields, self._others
        numbers = [row for row, _ in batch]
        self._seen.update(zip(keys, numbers, strict=True))
        self._staging.add_all(
            [
                ["c", row, address, *fields(cells), extras(cells)]
                for row, address, cells in zip(numbers, written, table, strict=True)
            ]
        )
        self.rows += len(batch)
        self.accepted += len(batch)
        return True

    @property
    def _unread(self) -> bool:
        """Whether these rows stand under titles that are not those of the first table."""
        return self._order is not None and self._order.places is None

    def _take(self, row: int, written: list[str]) -> None:
        cells = written if self._order is None else self._order.applied(written)
        joined = "".join(cells)
        if is_plain(joined) and not suspect(joined):
            values = [cell.strip() for cell in cells]  # nothing to mend: the usual case
        else:
            values = self._mended(row, joined, cells)
        if not any(values):
            return
        if len(values) != self._width:
            self._fitted(values)
        if not self.rows and self._explained < UNDER and self._second.explains(values):
            self._explained += 1
            self.problems.note(Level.WARNING, "second_header", row)
            return
        self.rows += 1
        if self.rows > self._limits.max_rows:
            raise Refusal("reading.error.too_many_rows", name=self._name, limit=self._limits.max_rows)
        wrong = self._misplaced(row, values, joined) or self._take_sound(row, values, cells)
        if wrong and not (wrong.cause in _TITLES and self._begins_a_table(row, written)):
            self._reject(row, wrong, cells)

    def _misplaced(self, row: int, values: Sequence[str], joined: str) -> Wrong | None:
        """What is wrong with the row whatever its columns mean."""
        if self._unread:
            return Wrong(cause="other_columns", value=_enumerated(values)[:SHORT])
        if self._whole_rows.may_be_wrong(row, values, joined):
            return self._whole_rows.wrong(row, values, joined)
        return None

    def _mended(self, row: int, joined: str, cells: Sequence[str]) -> list[str]:
        if suspect(joined):
            turned = all_mended(cells)
            if changed := [place for place, cell in enumerate(cells) if cell != turned[place]]:
                detail = f"{tidy(cells)[changed[0]]} → {turned[changed[0]]}"
                self.problems.note(Level.REPAIRED, "double_encoded", row, detail)
            cells = turned
        values = tidy(cells)
        if "#" in joined:
            for place, value in enumerate(values):
                if place != self._email and is_error(value):
                    self.problems.note(Level.WARNING, "error_cell", row, value)
        return values

    def _fitted(self, values: list[str]) -> None:
        while len(values) < self._width:
            values.append("")
        while len(values) > self._width and not values[-1]:
            values.pop()

    def _reject(self, row: int, wrong: Wrong, cells: list[str]) -> None:
        self.rejected += 1
        self.problems.note(Level.REJECTED, wrong.cause, row, wrong.value)
        record = ["r", row, wrong.cause, wrong.column, wrong.value, cells, wrong.proposal]
        self._staging.add(record)

    def _begins_a_table(self, row: int, written: list[str]) -> bool:
        """Whether it is a header again; the rows below it are read by its order."""
        order = self._second.order(written)
        if order is None:
            return False
        self.rows -= 1
        self._order = None if order.is_the_same else order
        self._linked = order.source(self._email)
        if self._order is None:
            self.problems.note(Level.WARNING, "second_header", row)
        else:
            cause = "other_table" if self._unread else "second_table"
            self.problems.note(Level.WARNING, cause, row, _enumerated(tidy(all_mended(written))))
        return True

    def _take_sound(self, row: int, values: list[str], cells: list[str]) -> Wrong | None:
        written = values[self._email]
        address, repair = self._addresses.valid(written), ""
        if address is None:
            verdict = self._addresses.judge(written)
            if isinstance(verdict, Bad):
                linked = self._addresses.valid(self._links.get((row, self._linked), ""))
                if not linked:
                    return self._bad(verdict.cause, written)
                address, repair = linked, "link"
            else:
                address, repair = verdict.address, verdict.repair
        elif address != written and not written.isascii():
            repair = "international"
        # what `canonical` makes of it: the domain is lower-case ASCII already
        key = address.lower()
        if self._header.opt_outs:
            self.refused.look(row, address, values)
        kept = self._seen.setdefault(key, row)
        if kept != row:
            self.duplicates += 1
            self.problems.note(Level.DUPLICATE, "duplicate", row, str(kept))
            self._staging.add(["d", row, kept, address, cells])
            return None
        if repair:
            self.problems.note(Level.REPAIRED, repair, row, f"{written} → {address}")
        local, _, domain = key.partition("@")
        if local in ROLES:
            self.problems.note(Level.WARNING, "role_address", row, address)
        if better := meant(domain):
            self.problems.note(Level.WARNING, "misspelt_domain", row, f"{address} → {better}")
        self._accept(row, address, values)
        return None

    def _bad(self, cause: str, written: str) -> Wrong:
        cause = "error_cell" if is_error(written) else cause
        offered = proposal(written, self._addresses.valid) if self.rejected < PROPOSED else ""
        return Wrong(cause=cause, column=Field.EMAIL.value, value=written, proposal=offered)

    def _accept(self, row: int, address: str, values: list[str]) -> None:
        extras = list(self._others(values))
        values[self._width :] = [""]
        first, last, company, location, job = self._fields(values)
        if self._whole is not None and values[self._whole]:
            first, last = self._split(row, values[self._whole], first, last)
        # `Contact.to_line()`, without making a hundred thousand contacts
        line = ["c", row, address, first, last, company, location, job, extras]
        self._staging.add(line)
        self.accepted += 1
        if len(self.sample) < SAMPLE:
            self.sample.append(_shortened(Contact.from_line(line)))
        if not (first and last):
            self.problems.note(Level.WARNING, _nameless(first, last), row, address)

    def _split(self, row: int, whole: str, first: str, last: str) -> tuple[str, str]:
        """A name that has a column of its own is taken from there."""
        if first and not last:
            last = full_names.without(whole, first)
        elif last and not first:
            first = full_names.without(whole, last)
        elif not (first or last):
            first, last = full_names.split(whole, last_first=self._last_first)
        self.problems.note(Level.WARNING, "split_name", row, f"{whole} → {first} | {last}")
        return first, last


def _picking(places: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    """The cells at these places; `itemgetter` is twice as quick as a list, and wants two of them."""
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda _: ()
    return lambda cells: [cells[place] for place in places]


def _enumerated(values: Sequence[str]) -> str:
    return " · ".join(filter(None, values))


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
