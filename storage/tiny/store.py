"""The embedded store: one folder, one process, all the nouns."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import ports
from storage.errors import Corrupted
from storage.tiny.erasing import Erasing
from storage.tiny.files import TEMPORARY, Folder, writing
from storage.tiny.lists import STAGING
from storage.tiny.lock import Lock
from storage.tiny.marks import Mark
from storage.tiny.rooms import furnished

logger = logging.getLogger(__name__)


class TinyStore:
    """`writable` False: no lock is taken, nothing is made, mended or removed, every write is refused."""

    def __init__(
        self, root: Path, *, writable: bool, on_wake: Callable[[datetime], None] | None = None
    ) -> None:
        self.on_wake = on_wake
        self._folder = Folder(root, writable=writable)
        self._lock = Lock(root) if writable else None
        try:
            with writing(root):  # a folder that may not even be looked into, too
                self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        folder = self._folder
        rooms = furnished(folder, self._woken)
        self._heartbeat, self._offset = Mark(folder, "heartbeat"), Mark(folder, "clock")
        self.inbox: ports.Inbox = rooms.inbox
        self.lists: ports.Lists = rooms.lists
        self.campaigns: ports.Campaigns = rooms.campaigns
        self.ledgers: ports.Ledgers = rooms.ledgers
        self.suppressions: ports.Suppressions = rooms.suppressions
        self.people: ports.People = rooms.people
        self.mappings: ports.Mappings = rooms.mappings
        self.messages: ports.Messages = rooms.messages
        self.outbox: ports.Outbox = rooms.outbox
        self.templates: ports.Templates = rooms.templates
        self.pleas: ports.Pleas = rooms.pleas
        self.spaces: ports.Spaces = rooms.spaces
        self.log: ports.Log = rooms.log
        self.erasing: ports.Erasing = Erasing(rooms)
        self._document, self._secrets = rooms.document, rooms.secrets
        self._staging = rooms.lists.staging
        self.is_copy = self._heartbeat.is_copy()
        if folder.writable:
            rooms.document.spare()
            folder.remove(self._orphans(rooms.lists.named_files() | rooms.campaigns.named_files()))

    def _orphans(self, named: set[Path]) -> list[Path]:
        """What a crash left behind: files that were never named, or whose record is gone. Ledgers and
        whatever we did not make ourselves are left alone."""
        ours = (".lines", STAGING, ".audience", ".hashes")
        found = [
            path
            for path in self._folder.root.rglob("*")
            if path.suffix == TEMPORARY or (path.suffix in ours and path not in named)
        ]
        if found:
            logger.info("removing %d files that nothing names", len(found))
        return found

    def _woken(self, wake_at: datetime) -> None:
        """The wake-up is durable: whatever becomes of this call, the next sweep finds it."""
        if self.on_wake is None:
            return
        try:
            self.on_wake(wake_at)
        except Exception:
            logger.exception("a wake-up was kept, but nobody could be told")

    def secret(self, name: str) -> bytes:
        return self._secrets.get(name)

    def staging(self) -> Path:
        return self._staging()

    def beat(self, now: datetime) -> None:
        self._document.spare()
        self._heartbeat.put(now.timestamp())

    def last_beat(self) -> datetime | None:
        """Where the file does not read, the system still knows when it was written."""
        try:
            seconds = self._heartbeat.get()
        except Corrupted as damaged:
            logger.warning("the heartbeat does not read: %s", damaged)
            seconds = self._heartbeat.written_at()
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def clock_offset(self) -> timedelta:
        return timedelta(seconds=self._offset.get() or 0.0)

    def set_clock_offset(self, offset: timedelta) -> None:
        self._offset.put(offset.total_seconds())

    def close(self) -> None:
        """Refuses whatever is still asked for. A second call does nothing."""
        self._folder.writable = False
        if self._lock is not None:
            self._lock.release()
