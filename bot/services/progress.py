"""A file that takes long shows that it is at work: one message, edited in place, which then becomes the
preview, the next question or the refusal."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot import ports
from bot.core.people import Member
from bot.core.sentences import Sentence, sentence

log = logging.getLogger("postillon")

CHUNK = 1 << 20


@dataclass(kw_only=True)
class LineFeeds:
    """Of a file that grows: each byte is read once."""

    path: Path
    _read: int = 0
    _found: int = 0

    def count(self) -> int:
        """0 while there is no file; what was counted, where it is gone."""
        try:
            with self.path.open("rb") as growing:
                if growing.seek(0, os.SEEK_END) < self._read:  # begun anew, by the second reader
                    self._read = self._found = 0
                growing.seek(self._read)
                while chunk := growing.read(CHUNK):
                    self._read += len(chunk)
                    self._found += chunk.count(b"\n")
        except FileNotFoundError:
            return self._found  # not begun yet, or taken away: what was counted stands
        return self._found


@dataclass(kw_only=True)
class Watched:
    """One file under way: first its bytes arrive in `raw`, then its lines in `staging`."""

    file: ports.RemoteFile
    raw: Path
    lines: LineFeeds
    is_here: bool = False

    def arrived(self, file: ports.RemoteFile) -> None:
        self.file, self.is_here = file, True

    def said(self) -> Sentence:
        return self._reading() if self.is_here else self._arriving()

    def _arriving(self) -> Sentence:
        size = self.raw.stat().st_size if self.raw.exists() else 0
        if not self.file.size or not self.file.name:
            return sentence("progress.arriving")
        percent = min(100, 100 * size // self.file.size)
        return sentence("progress.downloading", name=self.file.name, percent=percent)

    def _reading(self) -> Sentence:
        rows = self.lines.count() - 1  # the first line says what the others are
        if rows < 1:
            return sentence("progress.opening", name=self.file.name)
        return sentence("progress.reading", name=self.file.name, n=rows)


@dataclass(kw_only=True)
class Progress:
    """In seconds: nothing is shown before `after`; one message is edited `every` so often; any two edits are
    `between` apart, since Slack counts them by workspace."""

    messenger: ports.Messenger
    after: float = 2.0
    every: float = 3.0
    between: float = 1.5
    _free_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def shown(
        self, member: Member, pending: ports.PendingImport, raw: Path, staging: Path
    ) -> Iterator[Watched]:
        """Once left, nothing more is shown: whatever comes next stands in the message for good."""
        watched = Watched(file=pending.file, raw=raw, lines=LineFeeds(path=staging))
        done = threading.Event()
        thread = threading.Thread(
            target=self._follow, args=(member, pending, watched, done), name="progress", daemon=True
        )
        thread.start()
        try:
            yield watched
        finally:
            done.set()
            thread.join()

    def _follow(
        self, member: Member, pending: ports.PendingImport, watched: Watched, done: threading.Event
    ) -> None:
        pause, last = self.after, None
        while not done.wait(pause):
            pause = self.every
            try:
                said = watched.said()
                if said != last and self._is_free():
                    self.messenger.show_import(member, pending, said)
                    last = said
            except (ports.Unreachable, ports.Unwritable) as refused:
                log.warning("progress is not shown file=%s: %s", pending.file.id, refused)
            except Exception:  # the import goes on: only its progress is not told any more
                log.exception("progress cannot be shown file=%s", pending.file.id)
                return

    def _is_free(self) -> bool:
        """Whether it is this file's turn; where it is not, its next look comes soon enough."""
        with self._lock:
            now = time.monotonic()
            if now < self._free_at:
                return False
            self._free_at = now + self.between
            return True
