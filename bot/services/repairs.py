"""Rows to fix: shown for the chat, given as a file, and merged into their list once corrected.

Corrected values become contacts one way only: they are written as a small table under the list's own titles,
which the reader reads as it read the file, so that full names, addresses and opt-outs are treated as ever.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bot import ports
from bot.core import lines
from bot.core import versions as rules
from bot.core.contacts import Field
from bot.core.fields import one_line
from bot.core.formulas import guarded
from bot.core.lists import ContactList, Exclude, Report
from bot.core.people import Member
from bot.core.rejects import MOST, Layout, Line, Rejected, fingerprint
from bot.core.repairs import Merge, Repair
from bot.core.sentences import Refusal, Sentence, Stale, sentence
from bot.core.tally import Tally
from bot.services.forgotten import left_out
from bot.services.lists import Lists
from bot.services.log import note
from bot.services.repaired import Repaired
from bot.services.suppressions import Suppressions
from bot.services.versions import Versions, write_lines

Corrected = Iterable[tuple[int, Sequence[str]]]
"""The row that is mended, else as `Merge` takes it, and one value for each title of the list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ToFix:
    """What the dialog shows: rows one value would mend, and how many more there are."""

    contact_list: ContactList
    layout: Layout
    rows: tuple[Rejected, ...]
    others: int

    @property
    def seen(self) -> str:
        return fingerprint(self.rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Heeded:
    """What was done about the marks of corrected rows: `answer` holds for the list from now on."""

    answer: Exclude | None
    excluded: int = 0
    doubtful: int = 0
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Repairs:
    store: ports.Store
    lists: Lists
    versions: Versions
    suppressions: Suppressions
    reader: ports.Reader
    exporter: ports.Exporter
    messenger: ports.Messenger
    clock: ports.Clock

    # --- what there is to fix -------------------------------------------------------------------------

    def to_fix(self, member: Member, list_id: str) -> ToFix:
        """At most `MOST` rows. Raises Refusal where none is left."""
        known = self._unfixed(member, list_id)
        layout = Layout.of(known.report)
        found = islice(self.rejected(known), known.report.rejected)  # none beyond the last is looked for
        rows = tuple(islice(filter(layout.mendable, found), MOST))
        if not rows:
            raise Refusal("repairs.by_file", title=known.title, n=known.report.rejected)
        others = known.report.rejected - len(rows)
        return ToFix(contact_list=known, layout=layout, rows=rows, others=others)

    def send(self, member: Member, list_id: str) -> None:
        """The rows to fix as a file, into the person's DM."""
        known = self._unfixed(member, list_id)
        file = self.exporter.rejects(known, self.rejected(known), member.language)
        said = sentence("repairs.file", n=known.report.rejected, title=known.title)
        self.messenger.send_file(member, replace(file, about=known.id), said)
        note(self.store, self.clock.now(), member, "rows to fix downloaded", known.id,
             rows=known.report.rejected)  # fmt: skip

    def rejected(self, known: ContactList) -> Iterator[Rejected]:
        return (Rejected.from_line(line) for line in self._lines(known) if line[0] == "r")

    def _unfixed(self, member: Member, list_id: str) -> ContactList:
        known = self.lists.present(member, list_id)
        if not known.report.rejected or not known.report.headers:
            raise Refusal("repairs.none", title=known.title)
        return known

    def _lines(self, known: ContactList) -> Iterator[Line]:
        return self.store.lists.lines(known.workspace, known.id)

    # --- in the chat ----------------------------------------------------------------------------------

    def fix(self, member: Member, list_id: str, seen: str, typed: Mapping[int, str]) -> Repaired:
        """`typed`: by row. A blank, and a wrong value left as it was, leave their row as it is. `seen`: what
        those rows were in the dialog; whatever else changed of the list meanwhile is no matter.

        Raises Refusal with every address that is none at its own input, `row_N`; Stale where the rows are
        others now.
        """
        known = self.lists.present(member, list_id)
        layout = Layout.of(known.report)
        wanted = [one for one in self.rejected(known) if one.row in typed and layout.mendable(one)]
        if fingerprint(wanted) != seen:
            raise Stale("repairs.stale", title=known.title)
        new = {one.row: one_line(typed[one.row]) for one in wanted}
        changed = [one for one in wanted if new[one.row] and _is_new(new[one.row], one)]
        self._require_addresses([(one, new[one.row]) for one in changed if _is_address(one)])
        return self.merge(member, known, ((one.row, _mended(layout, one, new[one.row])) for one in changed))

    def _require_addresses(self, typed: Sequence[tuple[Rejected, str]]) -> None:
        wrong: dict[str, Sentence] = {}
        for rejected, address in typed:
            verdict = self.reader.verdict(address)
            if not verdict.address:
                cause = Sentence(f"repairs.cause.{verdict.cause}")
                wrong[f"row_{rejected.row}"] = sentence("lists.person.address", cause=cause)
        if wrong:
            (first, said), *others = wrong.items()
            raise Refusal.of(said, field=first, others=dict(others))

    # --- into the list --------------------------------------------------------------------------------

    def merge(self, member: Member, known: ContactList, corrected: Corrected) -> Repaired:
        """A new version of the list with the corrected rows; the same list where nothing is new. Raises Stale
        where the list changed meanwhile."""
        with self._read(known, corrected) as (keys, told, staging):
            if not keys or not told.rows:
                return Repaired(contact_list=known, repair=Repair())
            heeded = self._heed(member, known, told, staging)
            kept, done = self._renew(member, known, keys, told, staging, heeded.answer)
        repair = done.repair(excluded=heeded.excluded, doubtful=heeded.doubtful, unknown=heeded.unknown)
        if kept is known:
            return Repaired(contact_list=known, repair=repair)
        self.lists.follow(member, kept.id)
        found = self.versions.outcome(member, kept.id)
        return Repaired(contact_list=found.contact_list, repair=repair, others=found.others)

    @contextmanager
    def _read(self, known: ContactList, corrected: Corrected) -> Iterator[tuple[Sequence[int], Report, Path]]:
        """The corrected rows as the reader sees them: the row each mends, its report, its line file."""
        table, staging = self.store.staging(), self.store.staging()
        try:
            keys = _write_table(table, known, corrected)
            told = Report()
            if keys:
                told = self.reader.read(table, f"{known.title}.csv", staging, mapping=known.report.mapping)
                told = left_out(self.store, known.workspace, told, staging)
            if told.error and told.error.key != "reading.error.header_only":
                raise Refusal.of(told.error)
            yield keys, told, staging
        finally:
            table.unlink(missing_ok=True)
            staging.unlink(missing_ok=True)

    def _heed(self, member: Member, known: ContactList, told: Report, staging: Path) -> Heeded:
        """As it was answered for the list; where nobody was marked then, a clear mark counts, and one that
        nobody understands is named."""
        if told.opt_outs is None:
            return Heeded(answer=known.exclude)
        answer = known.exclude or (Exclude.MARKED if told.opt_outs.count else None)
        excluded = self.suppressions.exclude(member, known.id, staging, answer) if answer else 0
        left = self.suppressions.told(member.workspace, told, staging, answer).opt_outs
        if left is None or answer in (Exclude.NOBODY, Exclude.DOUBTFUL):
            return Heeded(answer=answer, excluded=excluded)
        return Heeded(answer=answer, excluded=excluded, doubtful=left.doubtful, unknown=left.unknown)

    def _renew(
        self, member: Member, known: ContactList, keys: Sequence[int], told: Report, staged: Path,
        answer: Exclude | None,
    ) -> tuple[ContactList, Merge]:  # fmt: skip
        with staged.open("rb") as file:
            merge = Merge(keys, lines.read(file), told, known.report.extras)
        merge.look(self._lines(known))
        tally, staging = Tally(), self.store.staging()
        try:
            write_lines(staging, known.report, tally.of(merge.merged(self._lines(known))))
            if not merge.changes:
                return known, merge
            before = replace(known.report, opt_outs=known.report.opt_outs or told.opt_outs)
            report = tally.report(before, merge.noticed(told))
            report = self.suppressions.told(member.workspace, report, staging, answer)
            now = self.clock.now()
            renewed = replace(rules.renewed(known, report, now, by_hand=True), exclude=answer)
            kept = self.store.lists.renew(member.workspace, renewed, known.revision, staging)
        finally:
            staging.unlink(missing_ok=True)
        note(self.store, now, member, "rows fixed", kept.id, contacts=kept.count, before=known.count)
        return kept, merge


def _is_address(rejected: Rejected) -> bool:
    return rejected.column == Field.EMAIL.value


def _is_new(typed: str, rejected: Rejected) -> bool:
    """A wrong value left as it was is no correction; a proposal left as it was is taken."""
    return typed != one_line(rejected.written) or bool(rejected.proposal)


def _mended(layout: Layout, rejected: Rejected, typed: str) -> list[str]:
    values, place = layout.values(rejected.cells), layout.place(rejected.column)
    assert place is not None
    return [*values[:place], typed, *values[place + 1 :]]


def _write_table(path: Path, known: ContactList, corrected: Corrected) -> Sequence[int]:
    """As UTF-8 that says so, with its delimiter announced: nothing is left to guess."""
    keys = array("q")
    titles = [column.title for column in known.report.headers]
    try:
        with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
            file.write("sep=;\n")
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            writer.writerow(guarded(title) for title in titles)
            for key, values in corrected:
                if any(values):
                    writer.writerow(guarded(value) for value in values)
                    keys.append(key)
    except OSError as refused:
        raise ports.Unwritable(refused.errno, refused.strerror) from refused
    return keys
