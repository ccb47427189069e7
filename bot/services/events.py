"""The mail service's posts: known by their signature, kept durably, only then answered.

One thread takes everything that waits, so that many posts under way share one write to the disk for each
campaign. A post that could not be kept whole fails, and the mail service tells it again, for a day.
"""

import logging
import threading
from collections import deque
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

from bot import ports
from bot.core.events import Full, Told, Unsigned
from bot.services.recording import Recording

log = logging.getLogger("postillon")

ROOM = 64 * 1024 * 1024  # bytes of posts that may wait


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    raw: bytes
    signature: str
    timestamp: str
    kept: "Future[None]" = field(default_factory=Future)


@dataclass(kw_only=True)
class Reception:
    """`recorder` has one thread."""

    mail_events: ports.MailEvents
    recording: Recording
    recorder: Executor
    taken: int = 0  # events, since the start
    refused: int = 0  # posts that nobody believes
    _waiting: deque[Post] = field(default_factory=deque)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _said: set[str] = field(default_factory=set)

    def require_signature(self, signature: str) -> None:
        """Before a body is read at all. Raises `Unsigned`."""
        if not self.mail_events.is_ready:
            self.refused += 1
            self._say_once("events are refused: SENDGRID_WEBHOOK_PUBLIC_KEY is not set")
            raise Unsigned
        if not signature:
            self.refused += 1
            self._say_once("events without a signature are refused: switch on the signed event webhook")
            raise Unsigned

    def receive(self, raw: bytes, signature: str, timestamp: str) -> "Future[None]":
        """Done once everything of it is on the disk. Waits for nothing; raises `Unsigned` or `Full`.

        The future may fail with `Unsigned` (it is forged), with ValueError (it says nothing), or with
        `Unwritable` or `Unreadable`, where a part of it could not be kept.
        """
        self.require_signature(signature)
        post = Post(raw=raw, signature=signature, timestamp=timestamp)
        with self._lock:
            if self._bytes + len(raw) > ROOM:
                raise Full
            self._bytes += len(raw)
            self._waiting.append(post)
        self.recorder.submit(self._record_waiting)
        return post.kept

    def _record_waiting(self) -> None:
        """Whatever waits now; whoever comes after finds nothing left to do."""
        with self._lock:
            posts, self._waiting, self._bytes = list(self._waiting), deque(), 0
        posts = [post for post in posts if post.kept.set_running_or_notify_cancel()]
        if not posts:
            return
        try:
            self._record(posts)
        except BaseException as defect:
            for post in posts:
                if not post.kept.done():
                    post.kept.set_exception(defect)
            raise

    def _record(self, posts: list[Post]) -> None:
        read: list[tuple[Post, Told]] = []
        for post in posts:
            try:
                read.append((post, self._told(post)))
            except (Unsigned, ValueError) as refused:
                post.kept.set_exception(refused)
        failed = self.recording.record([told for _, told in read])
        for number, (post, told) in enumerate(read):
            if number in failed:
                post.kept.set_exception(failed[number])
            else:
                self.taken += len(told.events)
                post.kept.set_result(None)

    def _told(self, post: Post) -> Told:
        if not self.mail_events.verified(post.signature, post.timestamp, post.raw):
            self.refused += 1
            self._say_once("events with a wrong signature are refused: is the key of the right webhook set?")
            raise Unsigned
        return self.mail_events.parsed(post.raw)

    def _say_once(self, what: str) -> None:
        """Whoever forges posts must not fill the log."""
        if what not in self._said:
            self._said.add(what)
            log.warning(what)
