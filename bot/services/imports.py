"""From a file in Slack to a list: received durably, fetched, read in the child, kept, shown."""

import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot import ports
from bot.core.ids import MemberId, WorkspaceId, new_list_id
from bot.core.lists import TITLE_LENGTH, ContactList, Exclude, Report
from bot.core.people import Member
from bot.core.questions import Answers, Remembered, question
from bot.core.sentences import Refusal, Sentence, sentence
from bot.services.columns import Columns
from bot.services.exported import Exported
from bot.services.files import Files, Opened
from bot.services.forgotten import left_out
from bot.services.log import note
from bot.services.people import People
from bot.services.progress import Progress
from bot.services.questions import Questions
from bot.services.returns import Returns
from bot.services.suppressions import Suppressions
from bot.services.turns import Key, Turns, key
from bot.services.versions import Versions

log = logging.getLogger("postillon")

Plea = Callable[[Member, ports.PendingImport, Sentence, Report | None], str]
PATIENCE = 10.0  # seconds an answer waits for its turn; after that a sweep has it


class Unread(Refusal):
    """The file's own fault, with what was read of it all the same."""

    def __init__(self, report: Report, said: Sentence) -> None:
        super().__init__(said.key)
        self.sentence, self.report = said, report


@dataclass(frozen=True, kw_only=True)
class Imports:
    store: ports.Store
    files: Files
    reader: ports.Reader
    messenger: ports.Messenger
    people: People
    versions: Versions
    columns: Columns
    questions: Questions
    suppressions: Suppressions
    progress: Progress
    returns: Returns
    exported: Exported
    clock: ports.Clock
    plea: Plea = lambda *_: ""  # what "Get help" would pass on of a file refused; "" for no such button
    _turns: Turns = field(default_factory=Turns)
    _told: set[Key] = field(default_factory=set)  # files whose owner knows that the disk is full

    def waiting(
        self, workspace: WorkspaceId, member: MemberId, file: ports.RemoteFile,
        *, channel: str = "", title: str = "",
    ) -> ports.PendingImport:  # fmt: skip
        """What `receive` makes durable and `run` works off."""
        return ports.PendingImport(
            workspace=workspace, member=member, channel=channel, file=file, title=title,
            received_at=self.clock.now(),
        )  # fmt: skip

    def receive(self, workspace: WorkspaceId, event_id: str, imports: Sequence[ports.PendingImport]) -> bool:
        """Make an event and its files durable; False where it was seen before. Raises Unwritable."""
        return self.store.inbox.receive(workspace, event_id, self.clock.now(), imports)

    def run(self, pending: ports.PendingImport) -> ContactList | None:
        """One pending import to its end, whatever it is: a list and its preview, or a sentence.

        None where the file gave no list, or another thread is at it. Raises Unreachable when Slack is
        away: the import stays pending and is taken up at the next start or sweep.
        """
        return self._work_off(pending) if self._turns.take(pending) else None

    def _work_off(self, pending: ports.PendingImport, *, is_answered: bool = False) -> ContactList | None:
        try:
            return self._run(pending, is_answered=is_answered) if self._waits(pending) else None
        finally:
            self._turns.give_back(pending)

    def resume(self) -> None:
        """Every pending import, oldest first; one that Slack keeps from us stays for the next sweep. What
        waits for its person is asked once."""
        for pending in self.store.inbox.pending():
            try:
                if pending.question is None:
                    self.run(pending)
                elif not pending.asked:
                    self._ask(pending)
            except (ports.Unreachable, ports.Unwritable) as error:
                log.warning("an import waits for the next sweep file=%s: %s", pending.file.id, error)

    def _ask(self, pending: ports.PendingImport) -> None:
        """Unless whoever read the file is still about to."""
        if not self._turns.take(pending):
            return
        try:
            if self._waits(pending):
                self.questions.show(self.people.member(pending.workspace, pending.member), pending)
        finally:
            self._turns.give_back(pending)

    def answer(
        self, member: Member, file_id: str, expected: int, told: Callable[[Answers], Answers]
    ) -> ContactList | None:
        """What was asked, then the file is read again: a list, the next question, or a sentence. Raises Stale
        where another click was first."""
        pending = self.questions.answered(member, file_id, expected, told)
        taken = self._turns.take(pending, wait=PATIENCE)  # whoever asked may not have left yet
        return self._work_off(pending, is_answered=True) if taken else None

    def show_again(self, member: Member, file_id: str) -> None:
        """The message of a file as things stand, for a click that came too late. Where it is being read,
        what comes of it follows by itself."""
        if pending := self.questions.of_file(member, file_id):
            if pending.question:
                self.messenger.show_import(member, pending)
        elif contact_list := self.of_file(member, file_id):
            uses = self.versions.lists.uses(member, contact_list.id)
            self.messenger.show_list(member, contact_list, uses=uses, only_edit=True)

    def _waits(self, pending: ports.PendingImport) -> bool:
        """A sweep and the person's own click may both have been given it: the second finds it done."""
        waiting = self.store.inbox.pending(pending.workspace)
        return any(key(one) == key(pending) and one.revision == pending.revision for one in waiting)

    def held(self, imports: Sequence[ports.PendingImport]) -> AbstractContextManager[None]:
        """Nobody else begins with these meanwhile: something is said first."""
        return self._turns.held(imports)

    def _run(self, pending: ports.PendingImport, *, is_answered: bool) -> ContactList | None:
        member = self.people.member(pending.workspace, pending.member)
        if pending.answers.nothing:
            self.questions.drop(member, pending)
            return None
        try:
            self.people.require(member)
            if is_answered:
                self.questions.reading(member, pending)
            contact_list = self._import(member, pending)
        except Unread as unread:
            self._refuse(member, pending, unread.sentence, unread.report)
        except Refusal as refusal:
            self._refuse(member, pending, refusal.sentence)
        except ports.Unreachable:
            raise
        except ports.Unwritable:
            self._wait_for_room(member, pending)
        except Exception:  # one bad file must neither end in silence nor stop the sweep it came with
            reference = secrets.token_hex(3)
            log.exception("an import failed file=%s reference=%s", pending.file.id, reference)
            self._refuse(member, pending, sentence("notices.defect", reference=reference))
        else:
            if contact_list:
                self._show(member, pending, contact_list)
            return contact_list
        return None

    def _show(self, member: Member, pending: ports.PendingImport, contact_list: ContactList) -> None:
        """The list is kept; where Slack is away, its preview waits for the next sweep."""
        known = bool(self.store.messages.of(member.workspace, contact_list.id))
        self._hand_over(pending, contact_list)
        try:
            self.messenger.show_list(member, contact_list)
            if known:  # the same file once more: an edit in place alone would look like silence
                key = "lists.deleted" if contact_list.deleted_at else "lists.import.known"
                self.messenger.say(member, sentence(key, title=contact_list.title))
        except ports.Unreachable:
            again = f"preview:{contact_list.id}:{self.clock.now().timestamp()}"
            self.store.inbox.receive(pending.workspace, again, self.clock.now(), [pending])
            raise
        self.store.inbox.drop(pending.workspace, pending.file.id, pending.member)

    def _hand_over(self, pending: ports.PendingImport, contact_list: ContactList) -> None:
        """The message that told of the file becomes the list's own."""
        for ref in self.store.messages.of(pending.workspace, pending.subject):
            self.store.messages.note(pending.workspace, replace(ref, subject=contact_list.id))
            self.store.messages.forget(pending.workspace, ref)

    def _wait_for_room(self, member: Member, pending: ports.PendingImport) -> None:
        """Still pending: nothing the person gave us is lost, and the file is read when there is room. A
        message that says it is being read says otherwise now."""
        said = sentence("storage.unwritable")
        if self.store.messages.of(member.workspace, pending.subject):
            with suppress(ports.Unwritable):  # it is gone, and there is no room for another either
                self.messenger.show_import(member, pending, said)
        elif key(pending) not in self._told:
            self.messenger.say(member, said)
        self._told.add(key(pending))

    def _refuse(
        self, member: Member, pending: ports.PendingImport, said: Sentence, report: Report | None = None
    ) -> None:
        """Guests too: they get no list, and the bot says so once, in the person's own DM."""
        self.questions.end(member, pending, said, self.plea(member, pending, said, report))

    def _import(self, member: Member, pending: ports.PendingImport) -> ContactList | None:
        """None where something is asked first, or the rows are those of a list."""
        known = self.of_file(member, pending.file.id)
        if known:
            return known
        with self.files.paths() as (raw, staging):
            with self.progress.shown(member, pending, raw, staging) as watched:
                opened = self.files.fetched(member.workspace, pending.file, raw, staging)
                watched.arrived(opened.file)
                found = self.exported.read(member, pending, opened)
                if found is None:
                    report, answers = self._read(member, pending, opened)
            told = replace(pending, file=opened.file)
            if found:
                self.exported.take(member, told, found)
                return None
            if self.exported.asks(member, told, report, opened, answers):
                return None
            if self.returns.taken(member, told, report, opened, answers):
                return None
            if asked := question(report, answers, self._remembered(member, report)):
                self.questions.ask(member, told, asked)
                return None
            if report.error:
                raise Unread(report, report.error)
            return self._keep(member, opened, report, pending, answers)

    def _read(self, member: Member, pending: ports.PendingImport, opened: Opened) -> tuple[Report, Answers]:
        """With what the person answered; of a file that is a list already, with what they answered then."""
        answers = self._answered_before(member, opened) or pending.answers
        report = self.reader.read(
            opened.raw, opened.file.name, opened.staging, mapping=answers.mapping, sheet=answers.sheet
        )
        report = left_out(self.store, member.workspace, report, opened.staging)
        if report.error is None:
            report = self.suppressions.still_marked(member.workspace, report, opened.staging)
        return report, answers

    def _answered_before(self, member: Member, opened: Opened) -> Answers | None:
        digest = opened.digest()
        same = next((one for one in self.versions.lists.own(member) if one.digest == digest), None)
        if same is None:
            return None
        return Answers(
            sheet=same.report.sheet, mapping=same.report.mapping, as_read=True,
            exclude=same.exclude or Exclude.NOBODY, is_apart=True,
        )  # fmt: skip

    def _remembered(self, member: Member, report: Report) -> Remembered | None:
        if not report.fingerprint:
            return None
        return self.store.mappings.get(member.workspace, member.id, report.fingerprint)

    def of_file(self, member: Member, file_id: str) -> ContactList | None:
        """What this Slack file became already: a list, deleted or not, or a file that waits."""
        lists = self.store.lists.all(member.workspace)
        return next((one for one in lists if one.source_file == file_id and one.owner == member.id), None)

    # --- the list -------------------------------------------------------------------------------------

    def _keep(
        self, member: Member, opened: Opened, report: Report, pending: ports.PendingImport, answers: Answers
    ) -> ContactList:
        """Who is marked is excluded first: a crash in between is made good when the file is read again."""
        list_id = new_list_id()
        exclude = answers.exclude if report.opt_outs else None
        if exclude:
            self.suppressions.exclude(member, list_id, opened.staging, exclude)
        contact_list = ContactList(
            workspace=member.workspace, id=list_id, owner=member.id,
            title=pending.title[:TITLE_LENGTH] or title_of(opened.file.name), report=report,
            created_at=self.clock.now(), source_file=opened.file.id, source_name=opened.file.name,
            digest=opened.digest(), exclude=exclude,
        )  # fmt: skip
        with self.versions.beside(member, contact_list, opened.staging) as placed:
            kept = self.store.lists.add(member.workspace, placed, opened.staging)
        self.columns.remember(member, kept)
        if kept.waiting is None:
            note(self.store, self.clock.now(), member, "imported", kept.id, contacts=kept.count)
        return kept


def title_of(name: str) -> str:
    """The file's name without its ending, as a title: "clients_2026.csv" is "clients 2026"."""
    stem = Path(name.replace("\\", "/")).name
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    words = " ".join(stem.replace("_", " ").split())
    return "".join(c for c in words if c.isprintable())[:TITLE_LENGTH].strip() or "contacts"
