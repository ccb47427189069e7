"""The embedded store: one folder, one process, all the nouns."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import ports
from storage.errors import Corrupted
from storage.tiny.audiences import Audiences
from storage.tiny.campaigns import Campaigns
from storage.tiny.document import Document
from storage.tiny.files import TEMPORARY, Folder, writing
from storage.tiny.inbox import Inbox
from storage.tiny.ledgers import Ledgers
from storage.tiny.lists import STAGING, Lists
from storage.tiny.lock import Lock
from storage.tiny.log import Log
from storage.tiny.marks import Mark
from storage.tiny.messages import Messages
from storage.tiny.outbox import Outbox
from storage.tiny.people import People
from storage.tiny.secrets import Secrets
from storage.tiny.suppressions import Suppressions

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
        _check_whole(folder)
        document = Document(folder)
        self._secrets = Secrets(folder)
        self._heartbeat, self._offset = Mark(folder, "heartbeat"), Mark(folder, "clock")
        if folder.writable and not folder.document.exists():
            document.start()
        audiences = Audiences(folder, lambda: self._secrets.get("addresses"))
        inbox = Inbox(folder, document)
        lists = Lists(folder, document, inbox)
        campaigns = Campaigns(folder, document, audiences, self._woken)
        self.inbox: ports.Inbox = inbox
        self.lists: ports.Lists = lists
        self.campaigns: ports.Campaigns = campaigns
        self.ledgers: ports.Ledgers = Ledgers(folder, campaigns)
        self.suppressions: ports.Suppressions = Suppressions(folder)
        self.people: ports.People = People(folder, document)
        self.messages: ports.Messages = Messages(folder, document)
        self.outbox: ports.Outbox = Outbox(folder, document)
        self.log: ports.Log = Log(folder)
        self._staging = lists.staging
        if folder.writable:
            folder.remove(self._orphans(lists.named_files() | campaigns.named_files()))

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
        self._heartbeat.put(now.timestamp())

    def last_beat(self) -> datetime | None:
        seconds = self._heartbeat.get()
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


def _check_whole(folder: Folder) -> None:
    """Without its document every file would look like an orphan: nothing is touched then."""
    if folder.document.exists():
        return
    kept = [path for name in ("lists", "campaigns", "workspaces") for path in folder.root.glob(f"{name}/*")]
    if kept:
        raise Corrupted(folder.document)
