"""From a file in Slack to a list: received durably, fetched, read in the child, kept, shown."""

import hashlib
import logging
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot import ports
from bot.core.ids import MemberId, WorkspaceId, new_list_id
from bot.core.lists import TITLE_LENGTH, ContactList, Report
from bot.core.people import Member
from bot.core.sentences import Refusal, Sentence, sentence
from bot.services.log import note
from bot.services.people import People
from bot.services.versions import Versions

log = logging.getLogger("postillon")


Key = tuple[WorkspaceId, MemberId, str]


@dataclass(frozen=True, kw_only=True)
class Imports:
    store: ports.Store
    files: ports.FileSource
    reader: ports.Reader
    messenger: ports.Messenger
    people: People
    versions: Versions
    clock: ports.Clock
    policy: ports.Policy
    _running: set[Key] = field(default_factory=set)
    _told: set[Key] = field(default_factory=set)  # files whose owner knows that the disk is full
    _lock: threading.Lock = field(default_factory=threading.Lock)

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
        if not self._take(_key(pending)):
            return None
        try:
            return self._run(pending) if self._waits(pending) else None
        finally:
            with self._lock:
                self._running.discard(_key(pending))

    def resume(self) -> None:
        """Every pending import, oldest first; one that Slack keeps from us stays for the next sweep."""
        for pending in self.store.inbox.pending():
            try:
                self.run(pending)
            except (ports.Unreachable, ports.Unwritable) as error:
                log.warning("an import waits for the next sweep file=%s: %s", pending.file.id, error)

    def _waits(self, pending: ports.PendingImport) -> bool:
        """A sweep and the person's own click may both have been given it: the second finds it done."""
        waiting = self.store.inbox.pending(pending.workspace)
        return any(_key(one) == _key(pending) for one in waiting)

    def _take(self, key: Key) -> bool:
        with self._lock:
            if key in self._running:
                return False
            self._running.add(key)
            return True

    def _run(self, pending: ports.PendingImport) -> ContactList | None:
        member = self.people.member(pending.workspace, pending.member)
        try:
            self.people.require(member)
            contact_list = self._import(member, pending)
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
            self._show(member, pending, contact_list)
            return contact_list
        return None

    def _show(self, member: Member, pending: ports.PendingImport, contact_list: ContactList) -> None:
        """The list is kept; where Slack is away, its preview waits for the next sweep."""
        known = bool(self.store.messages.of(member.workspace, contact_list.id))
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

    def _wait_for_room(self, member: Member, pending: ports.PendingImport) -> None:
        """Still pending: nothing the person gave us is lost, and the file is read when there is room."""
        if _key(pending) not in self._told:
            self._told.add(_key(pending))
            self.messenger.say(member, sentence("storage.unwritable"))

    def _refuse(self, member: Member, pending: ports.PendingImport, said: Sentence) -> None:
        # guests get no list, and the bot says so once, in the person's own DM
        self.messenger.say(member, said)
        self.store.inbox.drop(pending.workspace, pending.file.id, pending.member)

    def _import(self, member: Member, pending: ports.PendingImport) -> ContactList:
        file = pending.file
        known = self.of_file(member, file.id)
        if known:
            return known
        raw, staging = self.store.staging(), self.store.staging()
        try:
            file = self.files.fetch(member.workspace, file, raw, self.policy.max_file_bytes)
            report = self.reader.read(raw, file.name, staging)
            if report.error:
                raise Refusal.of(report.error)
            return self._keep(member, file, report, staging, pending.title, digest=_digest(raw))
        finally:
            raw.unlink(missing_ok=True)
            staging.unlink(missing_ok=True)

    def of_file(self, member: Member, file_id: str) -> ContactList | None:
        """What this Slack file became already: a list, deleted or not, or a file that waits."""
        lists = self.store.lists.all(member.workspace)
        return next((one for one in lists if one.source_file == file_id and one.owner == member.id), None)

    def _keep(
        self, member: Member, file: ports.RemoteFile, report: Report, staging: Path, title: str, digest: str
    ) -> ContactList:
        contact_list = ContactList(
            workspace=member.workspace, id=new_list_id(), owner=member.id,
            title=title[:TITLE_LENGTH] or title_of(file.name), report=report, created_at=self.clock.now(),
            source_file=file.id, source_name=file.name, digest=digest,
        )  # fmt: skip
        with self.versions.beside(member, contact_list, staging) as placed:
            kept = self.store.lists.add(member.workspace, placed, staging)
        if kept.waiting is None:
            note(self.store, self.clock.now(), member, "imported", kept.id, contacts=kept.count)
        return kept


def _key(pending: ports.PendingImport) -> Key:
    """Slack keeps a file's id when it is forwarded: the same one may wait for two people."""
    return pending.workspace, pending.member, pending.file.id


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def title_of(name: str) -> str:
    """The file's name without its ending, as a title: "clients_2026.csv" is "clients 2026"."""
    stem = Path(name.replace("\\", "/")).name
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    words = " ".join(stem.replace("_", " ").split())
    return "".join(c for c in words if c.isprintable())[:TITLE_LENGTH].strip() or "contacts"
