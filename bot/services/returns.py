"""Files of rows to fix that come back corrected: known by their mark; or by their columns, and then asked
about. Only their rows are merged into the list they came from; no new list is made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.core import lines
from bot.core.claims import Claims, Lines, Unfixed
from bot.core.ids import ListId
from bot.core.inbox import PendingImport
from bot.core.lists import UNDO, ContactList, Report
from bot.core.people import Member
from bot.core.questions import Answers, Asked, Question, without_people
from bot.core.rejects import Layout, Line
from bot.core.returns import ADDED, Columns, has_titles, marked
from bot.core.sentences import Refusal, Sentence, Stale, sentence
from bot.services.files import Opened
from bot.services.forgotten import left_out
from bot.services.questions import Questions
from bot.services.repaired import Repaired, listed
from bot.services.repairs import Repairs

LOOKED_AT = 20  # lists with rows to fix, the newest ones, whose columns a file is compared with
TRIES = 3  # the list may change while its rows are read


@dataclass(frozen=True, kw_only=True)
class Returns:
    repairs: Repairs
    questions: Questions

    def taken(
        self, member: Member, pending: PendingImport, report: Report, opened: Opened, answers: Answers
    ) -> bool:
        """Whether the file is, or may be, corrected rows: then they are merged and the person is told, or is
        asked. Told once more after a crash, it finds them fixed: nobody is doubled."""
        if answers.is_apart or not report.headers:
            return False
        list_id = answers.rows_of or marked(column.title for column in report.headers)
        known = self._list(member, list_id) if list_id else None
        if known is None:
            return self._asks(member, pending, report, opened, answers)
        if known.deleted_at is not None:
            if answers.rows_of != known.id:
                self._ask(member, pending, report, known, Asked.DELETED)
                return True
            known = self.repairs.lists.restore(member, known.id)
        done = self._merged(member, known, report, opened, answers)
        self.questions.end(member, pending, done.said())
        if done.others:
            self.repairs.messenger.ask_whom(member, done.contact_list, done.others)
        return True

    def _list(self, member: Member, list_id: ListId) -> ContactList | None:
        """None where it is somebody else's, gone for good, or never was: then the file is one like any other.
        One that was deleted can be brought back for 7 days."""
        try:
            known = self.repairs.lists.get(member, list_id)
        except Refusal:
            return None
        gone = known.deleted_at and self.questions.clock.now() - known.deleted_at > UNDO
        return known if known.report.headers and not gone else None

    # --- known by its mark ----------------------------------------------------------------------------

    def _merged(
        self, member: Member, known: ContactList, report: Report, opened: Opened, answers: Answers
    ) -> Repaired:
        with self._as_the_list(known, report, opened, answers) as (told, staged):
            for tries in range(1, TRIES + 1):
                try:
                    return self._merge(member, self.repairs.lists.present(member, known.id), told, staged)
                except Stale:
                    if tries == TRIES:
                        raise
        raise AssertionError

    def _merge(self, member: Member, known: ContactList, told: Report, staged: Lines) -> Repaired:
        layout = Layout.of(known.report)
        columns = Columns(told, layout)
        unfixed = Unfixed(self.repairs.rejected(known), layout, columns.absent)
        claims = Claims(unfixed, columns, layout)
        done = self.repairs.merge(member, known, claims.corrected(staged))
        return replace(done, notes=tuple(_notes(claims, columns)))

    @contextmanager
    def _as_the_list(
        self, known: ContactList, report: Report, opened: Opened, answers: Answers
    ) -> Iterator[tuple[Report, Lines]]:
        """The file read with the columns of the list. Raises Refusal where it cannot be read so."""
        if report.error is None and report.mapping == known.report.mapping:
            yield report, _staged(opened.staging)
            return
        staging = self.repairs.store.staging()
        try:
            mapping = known.report.mapping
            told = self.repairs.reader.read(
                opened.raw, opened.file.name, staging, mapping=mapping, sheet=answers.sheet
            )
            told = left_out(self.repairs.store, known.workspace, told, staging)
            if told.error:
                raise Refusal.of(told.error)
            yield told, _staged(staging)
        finally:
            staging.unlink(missing_ok=True)

    # --- perhaps known by its columns -----------------------------------------------------------------

    def _asks(
        self, member: Member, pending: PendingImport, report: Report, opened: Opened, answers: Answers
    ) -> bool:
        for known in self._candidates(member):
            if self._looks_like(known, report, opened, answers):
                self._ask(member, pending, report, known, Asked.ROWS)
                return True
        return False

    def _ask(
        self, member: Member, pending: PendingImport, report: Report, known: ContactList, kind: Asked
    ) -> None:
        asked = Question(kind=kind, report=without_people(report), list_id=known.id, title=known.title)
        self.questions.ask(member, pending, asked)

    def _candidates(self, member: Member) -> list[ContactList]:
        mine = self.repairs.lists.own(member)
        return [one for one in mine if one.report.rejected and one.report.headers][:LOOKED_AT]

    def _looks_like(self, known: ContactList, report: Report, opened: Opened, answers: Answers) -> bool:
        """The columns of its file of rows to fix; or its own, alone or with some of those, and at least half
        of the rows are to fix."""
        layout = Layout.of(known.report)
        if not has_titles(report, layout):
            return False
        if len(report.headers) >= len(layout.titles) + ADDED:
            return True
        if report.error is None and report.rows > known.report.rejected:
            return False
        try:
            with self._as_the_list(known, report, opened, answers) as (told, staged):
                return told.rows <= known.report.rejected and self._half(known, told, staged)
        except Refusal:
            return False

    def _half(self, known: ContactList, told: Report, staged: Lines) -> bool:
        layout = Layout.of(known.report)
        unfixed, columns = Unfixed(self.repairs.rejected(known), layout), Columns(told, layout)
        rows = [returned for line in staged() if (returned := columns.returned(line))]
        same = sum(bool(unfixed.surely(one) or unfixed.alike(one)) for one in rows)
        return bool(rows) and 2 * same >= len(rows)


def _notes(claims: Claims, columns: Columns) -> Iterator[Sentence]:
    """What of the file was left out."""
    if absent := [*claims.absent]:
        yield sentence("repairs.absent", n=len(absent), columns=listed(absent))
    if claims.ignored:
        yield sentence("repairs.ignored", n=claims.ignored)
    if unknown := columns.unknown:
        yield sentence("repairs.unknown", n=len(unknown), columns=listed(unknown))


def _staged(path: Path) -> Lines:
    def read() -> Iterator[Line]:
        with path.open("rb") as file:
            yield from lines.read(file)

    return read
