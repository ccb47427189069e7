"""Slack's pace: one edit in a few seconds per campaign, and so many a minute in the whole workspace.

One in `gap` seconds is what a campaign's counts cost in the long run. After a quiet time `AHEAD` more of them
may come early, `APART` seconds after the one before: whoever unsubscribes right after an edit is seen soon,
and a campaign whose events pour in is still edited every `gap` seconds.

Counts wait for their turn, and only the last are shown. A change of state does not: it is shown at once,
however soon after the last edit, and is counted with the others in the minute. What failed is shown
again later, so that a message ends true: Slack may be away just when the last count changes.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

log = logging.getLogger("postillon")

Show = Callable[[], Awaitable[None]]

KEPT = 500  # subjects remembered: beyond that the ones at rest are forgotten, which costs at most an edit
PAUSES = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 600.0, 600.0)  # before each next try of an edit that failed
AHEAD = 3  # edits of counts that a quiet subject has in hand
APART = 1.0  # seconds between any two edits of counts, where the gap itself is not shorter
PARTING = 2.0  # seconds for the last edits of a shutdown: it has ten in all


def _now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(kw_only=True)
class Budget:
    """At most `most` edits in any `span` seconds: Slack counts them by workspace, and takes 50 a minute. The
    last `spare` of them are for changes of state. Runs in one event loop."""

    most: int = 40
    spare: int = 10
    span: float = 60.0
    _taken: deque[float] = field(default_factory=deque)
    _rests_until: float = float("-inf")
    _pressing: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served
    _is_lifted: bool = False

    async def take(self) -> None:
        """One edit, as soon as there is room for it."""
        async with self._pressing:
            while (seconds := self._wait(self.most)) > 0:  # noqa: ASYNC110 - for time alone
                await asyncio.sleep(seconds)
            self._taken.append(_now())

    async def room(self) -> None:
        """Until there is room for counts: what is taken now leaves enough for what presses."""
        while (seconds := self._wait_of_counts()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(seconds)

    @property
    def has_room(self) -> bool:
        return self._wait_of_counts() <= 0

    def rest(self, seconds: float) -> None:
        """Slack answered 429: nobody edits before."""
        self._rests_until = max(self._rests_until, _now() + seconds)

    def rests(self, seconds: float) -> bool:
        """Did Slack ask for more time than that?"""
        return self._rests_until > _now() + seconds

    def lift(self) -> None:
        """Shutdown: the last word of each message may use what Slack takes beyond our own limit."""
        self._is_lifted = True

    def _wait_of_counts(self) -> float:
        seconds = self._wait(self.most - self.spare)
        return max(seconds, 1.0) if self._pressing.locked() else seconds

    def _wait(self, most: int) -> float:
        now = _now()
        while self._taken and self._taken[0] + self.span <= now:
            self._taken.popleft()
        full = len(self._taken) >= most and not self._is_lifted
        free_at = self._taken[-most] + self.span if full else now
        return max(free_at, self._rests_until) - now


@dataclass(kw_only=True)
class Turn:
    """What was last shown of one subject, and what waits. `lock` keeps edits in their order.

    `paid_until`: each edit of counts is paid with a gap, from the end of the one before or from now."""

    subject: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    revision: int = 0
    shown_at: float = float("-inf")
    paid_until: float = float("-inf")
    waiting: Show | None = None
    timer: asyncio.TimerHandle | None = None
    failures: int = 0

    @property
    def is_busy(self) -> bool:
        return bool(self.waiting or self.timer or self.lock.locked())

    def counts_at(self, gap: float) -> float:
        """When counts may be shown next."""
        return max(self.shown_at + min(APART, gap), self.paid_until - AHEAD * gap)

    def pay(self, gap: float) -> None:
        """For an edit of counts; a change of state costs nothing of theirs."""
        self.paid_until = max(self.paid_until, _now()) + gap


@dataclass(kw_only=True)
class Pace:
    """Runs in one event loop. `gap`: seconds for each edit of one subject's counts."""

    gap: float
    budget: Budget = field(default_factory=Budget)
    _turns: dict[str, Turn] = field(default_factory=dict)
    _due: dict[str, Turn] = field(default_factory=dict)  # whose counts may be shown, oldest first
    _pump: "asyncio.Task[None] | None" = None

    async def run(self, subject: str, revision: int, show: Show) -> None:
        """Show now what is a new revision, or counts where there is room; else leave it for the next turn.
        An older revision than the one shown is late, and not shown at all.

        What fails is raised, and tried again besides."""
        turn = self._turn(subject)
        if revision < turn.revision:
            return
        if revision == turn.revision and not self._may_show(turn):
            self._postpone(turn, show, turn.counts_at(self.gap))
            return
        if revision == turn.revision:
            turn.pay(self.gap)
        turn.revision, turn.shown_at = revision, _now()
        turn.waiting = None  # it was older than what is shown here
        async with turn.lock:
            if revision == turn.revision:
                await self._show(turn, show)

    def _may_show(self, turn: Turn) -> bool:
        is_first = self._pump is None or self._pump.done()
        return is_first and _now() >= turn.counts_at(self.gap) and self.budget.has_room

    def _turn(self, subject: str) -> Turn:
        if len(self._turns) > KEPT:
            self._turns = {known: turn for known, turn in self._turns.items() if turn.is_busy}
        return self._turns.setdefault(subject, Turn(subject=subject))

    async def _show(self, turn: Turn, show: Show) -> None:
        try:
            await show()
        except BaseException:  # a caller that waits no longer cancels
            self._again(turn, show)
            raise
        turn.failures = 0

    def _again(self, turn: Turn, show: Show) -> None:
        """Later, and less and less often; something newer that waits is shown instead."""
        if turn.failures >= len(PAUSES):
            log.warning("a message is given up, and shows what was true before subject=%s", turn.subject)
            turn.failures = 0
            return
        pause = PAUSES[turn.failures]
        turn.failures += 1
        self._postpone(turn, turn.waiting or show, _now() + pause)

    def _postpone(self, turn: Turn, show: Show, at: float) -> None:
        turn.waiting = show
        if turn.subject in self._due or (turn.timer and turn.timer.when() <= at):
            return
        if turn.timer:
            turn.timer.cancel()
        turn.timer = asyncio.get_running_loop().call_at(at, self._line_up, turn)

    def _line_up(self, turn: Turn) -> None:
        turn.timer = None
        if turn.waiting is None:
            return
        self._due[turn.subject] = turn
        if self._pump is None or self._pump.done():
            self._pump = asyncio.ensure_future(self._show_due())

    async def _show_due(self) -> None:
        """One after the other, as there is room."""
        while self._due:
            await self.budget.room()
            if self._due:
                await self._show_waiting(self._due.pop(next(iter(self._due))))

    async def _show_waiting(self, turn: Turn) -> None:
        """Nobody waits for this one: a failure is logged, and it is tried again."""
        async with turn.lock:
            show, turn.waiting = turn.waiting, None
            if show is None:
                return
            turn.shown_at = _now()
            turn.pay(self.gap)
            try:
                await self._show(turn, show)
            except Exception as error:  # whatever Slack or the network did, the loop goes on
                log.warning("a paced edit failed subject=%s: %s", turn.subject, error)

    async def settle(self, *, is_late: bool = False) -> None:
        """Show everything that waits, without waiting for its turn; then nothing is tried any more.

        `is_late`: Slack has been waited for already."""
        self.budget.lift()
        if self._pump:
            self._pump.cancel()
        takes_none = is_late or self.budget.rests(PARTING)
        turns = [] if takes_none else self._turns.values()
        left = [asyncio.ensure_future(self._show_waiting(turn)) for turn in turns]
        tasks = [*left, *([self._pump] if self._pump else [])]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=PARTING)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self._due.clear()
        for turn in self._turns.values():
            if turn.timer:
                turn.timer.cancel()
                turn.timer = None
