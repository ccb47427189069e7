"""What Slack handed us. Each event is one durable step in ONE file, so no crash can fall in between:
an event that brings files is written into the document, together with its pending imports; any other
event is a line of `workspaces/ID/seen`. Both forget an event after 25 hours (Slack's last retry comes
after six minutes).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from bot.core.ids import MemberId, WorkspaceId
from bot.core.sentences import Stale
from bot.ports import Missing, PendingImport
from storage.tiny.appended import Appended
from storage.tiny.document import Document
from storage.tiny.files import Folder, safe
from storage.tiny.shelf import Shelf

KEPT = timedelta(hours=25)
ROOM = 1_000  # lines a file of seen events may grow by before it is written anew


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """An event that brought files."""

    event_id: str
    at: datetime


class Seen:
    """The event ids of one workspace that brought no file."""

    def __init__(self, folder: Folder, workspace: WorkspaceId) -> None:
        path = folder.root / "workspaces" / safe(workspace) / "seen"
        self._file = Appended(folder, path, "seen", heals=True)
        self._ids: dict[str, float] = {}  # event id -> UNIX seconds
        self._lines = self._compact_at = 0

    def _load(self) -> None:
        found = [line for line in self._file.load() if is_sound(line)]
        self._ids = {str(line[0]): cast("float", line[1]) for line in found}
        self._lines, self._compact_at = len(found), ROOM

    def has(self, event_id: str, since: datetime) -> bool:
        if not self._file.loaded:
            self._load()
        return self._ids.get(event_id, 0.0) > since.timestamp()

    def note(self, event_id: str, at: datetime) -> None:
        if self._lines >= self._compact_at:
            self._compact((at - KEPT).timestamp())
        seconds = at.timestamp()
        self._file.append([event_id, seconds])
        self._ids[event_id] = seconds
        self._lines += 1

    def _compact(self, since: float) -> None:
        kept = {event_id: at for event_id, at in self._ids.items() if at > since}
        self._file.rewrite([event_id, at] for event_id, at in kept.items())
        self._ids, self._lines, self._compact_at = kept, len(kept), 2 * len(kept) + ROOM


def is_sound(line: list[object]) -> bool:
    """An event, and when it was seen."""
    return len(line) == 2 and isinstance(line[0], str) and isinstance(line[1], int | float)


class Inbox:
    def __init__(self, folder: Folder, document: Document) -> None:
        self._folder, self._document = folder, document
        self._received = Shelf(document, "received", Received, folder.document)
        self._pending = Shelf(document, "pending", PendingImport, folder.document)
        self._seen: dict[WorkspaceId, Seen] = {}

    def receive(
        self, workspace: WorkspaceId, event_id: str, at: datetime, imports: Sequence[PendingImport]
    ) -> bool:
        since = at - KEPT
        with self._document.lock:
            seen = self._seen.setdefault(workspace, Seen(self._folder, workspace))
            if seen.has(event_id, since) or self._brought_files(workspace, event_id, since):
                return False
            if imports:
                self._keep(workspace, Received(event_id=event_id, at=at), imports)
            else:
                seen.note(event_id, at)
            return True

    def _brought_files(self, workspace: WorkspaceId, event_id: str, since: datetime) -> bool:
        received = self._received.get(workspace, event_id)
        return received is not None and received.at > since

    def _keep(self, workspace: WorkspaceId, event: Received, imports: Sequence[PendingImport]) -> None:
        """A person's file that waits already keeps its place; what is older than 25 hours goes on the way."""
        with self._document.step():
            for old in self._received.of(workspace):
                if old.at <= event.at - KEPT and old.event_id != event.event_id:
                    self._received.remove(workspace, old.event_id)
            self._received.put(workspace, event.event_id, event)
            for key, pending in _firsts(imports).items():
                if pending.workspace != workspace:
                    raise ValueError("a file of another workspace")
                if self._pending.get(workspace, key) is None:
                    self._pending.put(workspace, key, pending)

    def pending(self, workspace: WorkspaceId | None = None) -> list[PendingImport]:
        with self._document.lock:
            waiting = [
                record for home, _, record in self._pending.items() if workspace is None or home == workspace
            ]
        return sorted(waiting, key=lambda record: record.received_at.astimezone(UTC))

    def drop(self, workspace: WorkspaceId, file_id: str, member: MemberId | None = None) -> None:
        with self._document.step():
            self.finish(workspace, file_id, member)

    def change(self, workspace: WorkspaceId, pending: PendingImport, expected: int) -> None:
        with self._document.step():
            known = self._pending.get(workspace, _key(pending))
            if known is None:
                raise Missing(pending.file.id)
            if known.revision != expected:
                raise Stale("questions.answered")
            if pending.revision < expected or pending.workspace != workspace:
                raise ValueError("a file stays in its workspace, and its revision does not go back")
            self._pending.put(workspace, _key(pending), pending)

    def finish(self, workspace: WorkspaceId, file_id: str, member: MemberId | None) -> None:
        """As a part of the caller's step."""
        for pending in self._pending.of(workspace):
            if pending.file.id == file_id and member in (None, pending.member):
                self._pending.remove(workspace, _key(pending))


def _key(pending: PendingImport) -> str:
    """Slack keeps a file's id when it is forwarded: it may wait for several people."""
    return f"{pending.member}/{pending.file.id}"


def _firsts(imports: Sequence[PendingImport]) -> dict[str, PendingImport]:
    """By key, in their order, each the first of its name."""
    found: dict[str, PendingImport] = {}
    for pending in imports:
        found.setdefault(_key(pending), pending)
    return found
