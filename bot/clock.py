"""Wake-ups: when to sweep. The only place that knows APScheduler.

A wake-up is never the truth: storage names the moments, and a lost one costs at most `EVERY`. So the jobs
live in memory, no job is ever too late to run, and everything is rebuilt from storage at start.

Jobs wait for moments of the machine's clock. Where that clock is moved (somebody sets it, a suspended laptop
wakes up) they would wait for as long as it was set back: a watch that counts seconds on its own sees it.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

EVERY = timedelta(seconds=30)
PATIENCE = 3  # sweeps of one moment that may leave it due: more of the same work was named
WATCH = 15.0  # seconds between two looks at whether the machine's clock was moved
MOVED = 5.0  # seconds: a clock that drifts, or is slewed, is not moved
STEP = timedelta(minutes=5)  # under the 15 minutes after which a campaign's moment counts as missed
OVERLAPS = 8
WAKE = "wake:"
JOB_DEFAULTS = {
    "coalesce": True,
    "max_instances": OVERLAPS,
    "misfire_grace_time": None,  # without limit: a late sweep is still a sweep
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Wakes:
    """`ports.Clock`, and what calls `sweep(now)` in time.

    `sweep` may be called from several threads at once and overlaps itself. `offset` is how far this clock
    was moved from real time; `keep_offset` is told each new one before anything is swept at it. `set_back` is
    called where the machine's clock was, before the next sweep.
    """

    def __init__(
        self,
        *,
        sweep: Callable[[datetime], None],
        next_wake: Callable[[], datetime | None],
        beat: Callable[[datetime], None],
        offset: timedelta = timedelta(),
        keep_offset: Callable[[timedelta], None] = lambda _: None,
        real_now: Callable[[], datetime] = _utc_now,
        set_back: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        self._sweep = sweep
        self._next_wake = next_wake
        self._beat = beat
        self._offset = offset
        self._keep_offset = keep_offset
        self._real_now, self._set_back = real_now, set_back
        self._ended = threading.Event()
        self._watcher: threading.Thread | None = None
        self._moving = threading.Lock()
        self._naming = threading.Lock()
        self._stopping = False
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            # the beat never waits behind eight long sweeps
            executors={"default": ThreadPoolExecutor(OVERLAPS), "beat": ThreadPoolExecutor(1)},
            job_defaults=JOB_DEFAULTS,
            timezone=UTC,
        )

    def now(self) -> datetime:
        return self._real_now() + self._offset

    def start(self) -> None:
        """Beat and sweep at once, then every 30 s and at each moment storage names."""
        at_once = {
            "trigger": IntervalTrigger(seconds=int(EVERY.total_seconds())),
            "next_run_time": _utc_now(),
        }
        self._scheduler.add_job(lambda: self._beat(self.now()), id="beat", executor="beat", **at_once)
        self._scheduler.add_job(self._sweep_now, id="sweep", **at_once)
        self._scheduler.start()
        self._watcher = threading.Thread(target=self._watch, name="clock", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """No new sweep starts; returns when those that run have ended, a journey's through time included.

        The scheduler waits for them holding the lock that naming a wake-up takes: a sweep that named one
        would wait for ever. And its thread must find no job to put away once it is told to stop.
        """
        with self._naming:
            self._stopping = True
        self._ended.set()
        if self._watcher:
            self._watcher.join()
        if self._scheduler.running:
            self._scheduler.pause()
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=True)
        with self._moving:  # free once the journey has ended
            return

    def on_wake(self, moment: datetime) -> None:
        """Sweep at that moment; at once where it has passed. The same moment twice is one sweep."""
        with self._naming:
            if self._stopping:
                return
            self._scheduler.add_job(
                self._sweep_now,
                DateTrigger(_utc_now() + (moment - self.now())),
                id=WAKE + moment.isoformat(),
                replace_existing=True,
            )

    def move(self, delta: timedelta) -> None:
        """Go forward by that much, visiting each wake-up on the way, so that nothing is late."""
        if delta < timedelta():
            raise ValueError("the clock only goes forward")
        with self._moving:
            self._travel(self.now() + delta)

    def to_next(self) -> datetime | None:
        """Go to the next wake-up and sweep there; None where storage names none."""
        with self._moving:
            wake = self._next_wake()
            if wake is None:
                return None
            target = max(wake, self.now())
            self._travel(target)
            return target

    def _watch(self) -> None:
        ahead = self._ahead()
        while not self._ended.wait(WATCH):
            before, ahead = ahead, self._ahead()
            if ahead - before < -MOVED:
                self._set_back(self.now())
            if abs(ahead - before) > MOVED:
                self._begin_again()

    def _ahead(self) -> float:
        """Seconds by which the machine's clock is before our own watch: always the same, unless moved."""
        return self._real_now().timestamp() - time.monotonic()

    def _begin_again(self) -> None:
        """The machine's clock was moved: beat and sweep at once, and wait for the next moment by it."""
        now = self.now()
        for job_id in ("beat", "sweep"):
            with suppress(JobLookupError):  # it was put away meanwhile: the bot stops
                self._scheduler.modify_job(job_id, next_run_time=_utc_now())
        self._rearm(now)

    def _sweep_now(self) -> None:
        now = self.now()
        try:
            self._sweep(now)
        finally:
            self._arm(now)

    def _arm(self, swept: datetime) -> None:
        """A moment that did not yield to the sweep just made is tried again by the next round; one that
        came while it was under way is swept at once."""
        wake = self._next_wake()
        if wake is not None and wake > swept:
            self.on_wake(wake)

    def _travel(self, target: datetime) -> None:
        """A wake-up that sweeps do not settle must not hold the clock: from then on it goes by steps."""
        here, stays = self.now(), 0
        while not self._stopping and (wake := self._next_wake()) is not None and wake < target:
            stays = stays + 1 if wake <= here else 0
            if stays > PATIENCE:
                here, stays = here + STEP, 0
            if here >= target:
                break
            here = self._land(max(wake, here))
        if not self._stopping:
            self._rearm(self._land(target))

    def _land(self, moment: datetime) -> datetime:
        """Real time went on meanwhile: the clock never goes back to a moment it has passed."""
        moment = max(moment, self.now())
        offset = moment - self._real_now()
        # beaten first: a crash in between must not look like an absence of all the time skipped
        self._beat(moment)
        self._keep_offset(offset)
        self._offset = offset
        self._sweep(moment)
        return moment

    def _rearm(self, swept: datetime) -> None:
        """Wake-ups set before the move would come late by all of it."""
        for job in self._scheduler.get_jobs():
            if job.id.startswith(WAKE):
                with suppress(JobLookupError):  # it has just run
                    self._scheduler.remove_job(job.id)
        self._arm(swept)
