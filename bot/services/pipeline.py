"""A campaign's batches one behind the other: the visiting thread builds them, others post them.

While letters wait for their answer the next requests are built; there is no moment at which all wait for
the slowest. Of the audience nothing is in memory but these few requests.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot import ports
from bot.services.posting import Posting, Ready

log = logging.getLogger("postillon")

AHEAD = 2  # requests built before it is their turn: one may take longer than an answer does
EVERY = 1.0  # seconds between two looks at the counts: Slack is edited less often than that


@dataclass(kw_only=True)
class Pipeline:
    """For one visit. `at_once`: requests under way; `follow` shows the counts, however long that takes."""

    posts: Executor
    at_once: int
    follow: Callable[[], None]
    _following: Future[None] | None = None
    _looked_at: float = float("-inf")
    _room: threading.Semaphore = field(init=False)  # for requests in memory
    _under_way: int = 0  # on the wire
    _turns: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self._room = threading.Semaphore(self.at_once + AHEAD)

    def run(self, posting: Posting) -> None:
        """Every batch that may leave now. Nothing of it is under way any more when this returns or raises."""
        try:
            for batch in posting.claimable():
                self._room.acquire()
                if not self._begin(posting, batch):
                    break
                self._follow()
        finally:
            for _ in range(self.at_once + AHEAD):
                self._room.acquire()
        self.posts.submit(self.follow)  # what comes next is written down first, whatever Slack does

    def _begin(self, posting: Posting, batch: int) -> bool:
        """Build the batch and hand it over. False: no other may leave either."""
        handed_over = False
        try:
            if not posting.goes_on():
                return False
            if ready := _built(posting, batch):
                self.posts.submit(self._post, posting, ready)
                handed_over = True
            return True
        finally:
            if not handed_over:
                self._room.release()

    def _post(self, posting: Posting, built: Ready) -> None:
        """Until the batch is accepted, waits, is uncertain, or has nobody left: a request at a time. The
        next may leave while this outcome is written down."""
        ready: Ready | None = built
        try:
            while ready:
                with self._turn(posting):
                    fact = posting.post(ready)
                ready = posting.record(fact) if fact else None
        except Exception as error:
            _note(posting, built.batch, error)
        finally:
            self._room.release()

    @contextmanager
    def _turn(self, posting: Posting) -> Iterator[None]:
        """On the wire: of `at_once`, or of as few as the last answers advise."""
        with self._turns:
            self._turns.wait_for(lambda: self._under_way < posting.at_once(self.at_once))
            self._under_way += 1
        try:
            yield
        finally:
            with self._turns:
                self._under_way -= 1
                self._turns.notify_all()

    def _follow(self) -> None:
        """Beside the letters: a Slack that is slow must not hold them up."""
        now = time.monotonic()
        is_at_it = self._following is not None and not self._following.done()
        if not is_at_it and now - self._looked_at >= EVERY:
            self._looked_at = now
            self._following = self.posts.submit(self.follow)


def _built(posting: Posting, batch: int) -> Ready | None:
    try:
        return posting.ready(batch)
    except Exception as error:
        _note(posting, batch, error)
        return None


def _note(posting: Posting, batch: int, error: Exception) -> None:
    """A defect in one batch keeps no other from leaving; damage to what we keep, or a full disk, does."""
    if isinstance(error, ports.Unreadable):
        posting.damaged = error
        return
    if isinstance(error, ports.Unwritable):
        posting.unwritable = error
        return
    posting.failed = True
    log.error("a batch failed campaign=%s batch=%d", posting.campaign.id, batch, exc_info=error)
