"""A file that looks like a list: it waits until its owner says whether it replaces the list, joins it, or
is another one. Nothing is overwritten: each answer makes a new version, which can be taken back for 7 days.
"""

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot import ports
from bot.core import lines
from bot.core import versions as rules
from bot.core.audiences import is_behind
from bot.core.campaigns import FIXED, Campaign
from bot.core.differences import Difference
from bot.core.headings import joined
from bot.core.ids import ListId
from bot.core.lists import Became, ContactList, Level, Report, Waiting
from bot.core.people import Member
from bot.core.sentences import Refusal, Stale
from bot.core.text import folded
from bot.services.lists import Lists
from bot.services.log import note

LOOKED_AT = 20  # lists of the same owner, the newest ones, that a new file is compared with


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A list after a new version, or after one was taken back. `others` are the scheduled campaigns whose
    people were fixed from another version: they keep them until the owner says otherwise."""

    contact_list: ContactList
    others: tuple[Campaign, ...]


@dataclass(frozen=True, kw_only=True)
class Versions:
    store: ports.Store
    lists: Lists
    comparer: ports.Comparer
    clock: ports.Clock
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # --- a new file -----------------------------------------------------------------------------------

    @contextmanager
    def beside(self, member: Member, fresh: ContactList, staging: Path) -> Iterator[ContactList]:
        """The list as it is to be kept: waiting, where it looks like one that is there. One file at a time,
        so that the second of two alike finds the first."""
        with self._lock:
            yield replace(fresh, waiting=self._resemblance(member, fresh, staging))

    def _resemblance(self, member: Member, fresh: ContactList, staging: Path) -> Waiting | None:
        mine = [one for one in self.lists.own(member) if one.report.kind != "myself"][:LOOKED_AT]
        if same := next((one for one in mine if one.digest and one.digest == fresh.digest), None):
            return self._waiting(same, Difference(), is_same=True)
        if alike := self._alike(fresh, mine, staging):
            return self._waiting(alike, self._difference(alike, fresh.report, staging))
        return None

    def _alike(self, fresh: ContactList, mine: list[ContactList], staging: Path) -> ContactList | None:
        """By its title, else by its people."""
        for one in mine:
            if folded(one.title) == folded(fresh.title):
                return one
        place = self.comparer.alike(staging, [self._file(one) for one in mine]) if mine else None
        return None if place is None else mine[place]

    def _waiting(self, known: ContactList, difference: Difference, *, is_same: bool = False) -> Waiting:
        return Waiting(
            list_id=known.id, title=known.title, count=known.count, created_at=known.created_at,
            version=known.version, to_fix=known.report.rejected, is_same=is_same, difference=difference,
        )  # fmt: skip

    def _difference(self, known: ContactList, report: Report, new: Path) -> Difference:
        return self.comparer.compare(self._file(known), new, rules.Columns.of(known.report, report))

    def _file(self, contact_list: ContactList) -> Path:
        return self.store.lists.file(contact_list.workspace, contact_list.id)

    # --- what it is -----------------------------------------------------------------------------------

    def waiting(self, member: Member, waiting_id: str) -> ContactList:
        """The file as it stands, `became` and all. Raises Refusal where nothing of the kind waits for this
        person: it is forgotten after 7 days."""
        try:
            found = self.store.lists.get(member.workspace, ListId(waiting_id))
        except ports.Missing:
            raise Refusal("lists.waiting.gone") from None
        if found.owner != member.id:
            raise Refusal("lists.waiting.gone")
        return found

    def keep_both(self, member: Member, waiting_id: str, expected: int) -> ContactList:
        """It becomes a list of its own, and its message that list's preview."""
        waiting = self._undecided(member, waiting_id, expected)
        kept = rules.kept_apart(waiting)
        self.store.lists.save(member.workspace, kept, expected)
        note(self.store, self.clock.now(), member, "imported", kept.id, contacts=kept.count)
        return kept

    def replace(self, member: Member, waiting_id: str, expected: int) -> Outcome:
        """The list becomes the file."""
        return self._join(member, self._undecided(member, waiting_id, expected), Became.REPLACED)

    def merge(self, member: Member, waiting_id: str, expected: int) -> Outcome:
        """The file's people join the list; nobody leaves it."""
        return self._join(member, self._undecided(member, waiting_id, expected), Became.MERGED)

    def _undecided(self, member: Member, waiting_id: str, expected: int) -> ContactList:
        waiting = self.waiting(member, waiting_id)
        if waiting.waiting is None or waiting.waiting.became or waiting.revision != expected:
            raise Stale("lists.waiting.decided", title=waiting.title)
        return waiting

    def _join(self, member: Member, waiting: ContactList, became: Became) -> Outcome:
        assert waiting.waiting is not None
        known = self.lists.present(member, waiting.waiting.list_id)
        if known.version != waiting.waiting.version:
            self._compare_again(waiting, known)
        staging = self.store.staging()
        try:
            report = self._write(known, waiting, staging, became)
            now = self.clock.now()
            renewed = rules.renewed(
                known, report, now, digest=waiting.digest if became is Became.REPLACED else "",
                source_name=waiting.source_name,
            )  # fmt: skip
            renewed = replace(renewed, exclude=waiting.exclude or known.exclude)
            kept = self.store.lists.renew(
                member.workspace, renewed, known.revision, staging, rules.settled(waiting, became, now)
            )
        finally:
            staging.unlink(missing_ok=True)
        note(self.store, now, member, became.value, known.id, contacts=kept.count, before=known.count)
        return self._outcome(member, kept)

    def _compare_again(self, waiting: ContactList, known: ContactList) -> None:
        """The list changed since the question was asked: it is asked anew, with the numbers of now."""
        difference = self._difference(known, waiting.report, self._file(waiting))
        asked = replace(waiting, waiting=self._waiting(known, difference), revision=waiting.revision + 1)
        self.store.lists.save(waiting.workspace, asked, waiting.revision)
        raise Stale("lists.waiting.moved", title=known.title)

    def _write(self, known: ContactList, waiting: ContactList, staging: Path, became: Became) -> Report:
        if became is Became.REPLACED:
            _copy(self._file(waiting), staging)
            return waiting.report
        columns = rules.Columns.of(known.report, waiting.report)
        merged = self.comparer.merge(self._file(known), self._file(waiting), columns, staging)
        report = joined(waiting.report, known.report, columns.together.heading)
        noticed = tuple(one for one in report.problems if one.level in (Level.WARNING, Level.REPAIRED))
        return replace(
            report, rows=merged.count + merged.rejected + merged.duplicates, accepted=merged.count,
            rejected=merged.rejected, duplicates=merged.duplicates, sample=merged.sample,
            problems=(*merged.problems, *noticed),
        )  # fmt: skip

    # --- afterwards -----------------------------------------------------------------------------------

    def revert(self, member: Member, list_id: str, expected: int) -> Outcome:
        """Back to the version before."""
        known = self.lists.present(member, list_id)
        if known.revision != expected:
            raise Stale("lists.stale", title=known.title)
        now = self.clock.now()
        before = rules.reverted(known, now)
        self.store.lists.save(member.workspace, before, expected)
        note(self.store, now, member, "reverted", known.id, contacts=before.count, before=known.count)
        return self._outcome(member, self.store.lists.get(member.workspace, known.id))

    def _outcome(self, member: Member, contact_list: ContactList) -> Outcome:
        self.lists.follow(member, contact_list.id)
        return self.outcome(member, contact_list.id)

    def outcome(self, member: Member, list_id: str) -> Outcome:
        """How things stand, and whom there is still to ask about."""
        contact_list = self.lists.usable(member, list_id)
        others = [
            one
            for one in self.store.campaigns.all(member.workspace)
            if one.owner == member.id and one.state in FIXED and is_behind(one, contact_list)
        ]
        return Outcome(contact_list=contact_list, others=tuple(others))


def write_lines(staging: Path, report: Report, *records: Iterable[list[object]]) -> None:
    """A line file as the reader writes one."""
    try:
        with staging.open("wb", buffering=1 << 18) as file:
            file.write(lines.header("list", columns=dict(report.columns), extras=list(report.extras)))
            for some in records:
                file.writelines(lines.encode(record) for record in some)
    except OSError as refused:
        raise ports.Unwritable(refused.errno, refused.strerror) from refused


def _copy(source: Path, staging: Path) -> None:
    try:
        shutil.copyfile(source, staging)
    except OSError as refused:
        raise ports.Unwritable(refused.errno, refused.strerror) from refused
