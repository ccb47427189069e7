"""What keeps the bot from doing its work, for whoever watches over the machine.

Cheap enough to be asked every few seconds: what is known is told, and nobody is called for it. No secret and
nothing of any person is among it.
"""

import errno
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import ports
from bot.core.campaigns import Campaign, State
from bot.core.figures import waves
from bot.core.sentences import Sentence, sentence
from bot.services.readiness import fault_of

STILL = timedelta(seconds=100)  # without a heartbeat; there is one every 30 s
WATCHED_FOR = timedelta(days=7)  # after a campaign's end
TOLD_AGAIN = timedelta(days=1)  # so long the mail service tries; refused posts older than that are over


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """`is_fatal`: the bot does nothing any more, and whoever can should start it again elsewhere or anew;
    with all others it goes on, and a restart would repair nothing."""

    name: str
    said: Sentence
    since: datetime | None = None
    is_fatal: bool = False


@dataclass(kw_only=True)
class Health:
    """`writing` is told how long the disk took for each heartbeat, in seconds."""

    store: ports.Store
    clock: Callable[[], datetime]
    writing: Callable[[float], None] = lambda _: None
    _unwritable: Problem | None = None
    _slack_gone: datetime | None = None
    _refused: tuple[datetime, datetime] | None = None  # posts of events: the first and the last
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # --- what it is told ------------------------------------------------------------------------------

    def beat(self, now: datetime) -> None:
        """The heartbeat, which is also how the disk is tried. Raises Unwritable."""
        began = time.perf_counter()
        try:
            self.store.beat(now)
        except OSError as refused:
            since = self._unwritable.since if self._unwritable else now
            why = refused.strerror or errno.errorcode.get(refused.errno or 0, "?")
            said = sentence("health.storage.unwritable", reason=why)
            self._unwritable = Problem(name="storage.unwritable", said=said, since=since, is_fatal=True)
            raise
        self._unwritable = None
        self.writing(time.perf_counter() - began)

    def hears_slack(self, *, is_connected: bool) -> None:
        """Over Socket Mode; its planned reconnections take a second."""
        self._slack_gone = None if is_connected else self._slack_gone or self.clock()

    def posted(self, *, is_refused: bool) -> None:
        """The mail service, or somebody who says so, posted events."""
        now = self.clock()
        with self._lock:
            self._refused = (self._refused[0] if self._refused else now, now) if is_refused else None

    # --- what it tells --------------------------------------------------------------------------------

    def problems(self) -> list[Problem]:
        """Fatal ones first."""
        found = [*self._of_storage(), *self._of_slack(), *self._of_campaigns(), *self._of_events()]
        return sorted(found, key=lambda problem: not problem.is_fatal)

    def _of_storage(self) -> Iterator[Problem]:
        if self._unwritable:
            yield self._unwritable
            return
        last = self.store.last_beat()
        if last is not None and self.clock() - last > STILL:
            yield Problem(name="heartbeat", said=sentence("health.heartbeat"), since=last, is_fatal=True)

    def _of_slack(self) -> Iterator[Problem]:
        if self._slack_gone:
            yield Problem(name="slack.gone", said=sentence("health.slack"), since=self._slack_gone)

    def _of_events(self) -> Iterator[Problem]:
        with self._lock:
            refused = self._refused
        if refused and self.clock() - refused[1] < TOLD_AGAIN:
            yield Problem(name="events.refused", said=sentence("health.events"), since=refused[0])

    def _of_campaigns(self) -> Iterator[Problem]:
        """Each kind once, since the first campaign that has it."""
        found: dict[str, list[datetime]] = {}
        for campaign in self._watched():
            for name, since in self._troubles(campaign):
                found.setdefault(name, []).append(since)
        for name, moments in sorted(found.items()):
            said = sentence(f"health.{name}", n=len(moments))
            yield Problem(name=name, said=said, since=min(moments))

    def _watched(self) -> Iterator[Campaign]:
        now = self.clock()
        for workspace in self.store.campaigns.workspaces():
            for campaign in self.store.campaigns.all(workspace):
                is_over = campaign.ended_at is not None and now - campaign.ended_at > WATCHED_FOR
                if campaign.departed_at is not None and not is_over:
                    yield campaign

    def _troubles(self, campaign: Campaign) -> Iterator[tuple[str, datetime]]:
        departed = campaign.departed_at or self.clock()
        if campaign.state is State.PAUSED and (fault := fault_of(campaign)):
            yield f"mail.refused.{fault}", departed
        try:
            progress = self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.progress())
        except ports.Unreadable:
            yield "storage.damaged", departed
            return
        failing = [one.failing_since for one in waves(progress) if one.failing_since]
        if campaign.state is State.SENDING and failing:
            yield "mail.failing", min(failing)
