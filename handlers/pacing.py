"""Slack's pace: one edit in a few seconds per campaign, however fast its counts change."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

log = logging.getLogger("postillon")

Show = Callable[[], Awaitable[None]]

KEPT = 500  # subjects remembered: beyond that the ones at rest are forgotten, which costs at most an edit


@dataclass(kw_only=True)
class Turn:
    """What was last shown of one subject, and what waits. `lock` keeps edits in their order."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    revision: int = 0
    shown_at: float = float("-inf")
    waiting: Show | None = None
    timer: asyncio.TimerHandle | None = None


@dataclass(kw_only=True)
class Pace:
    """Runs in one event loop. `gap` is in seconds."""

    gap: float
    _turns: dict[str, Turn] = field(default_factory=dict)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def run(self, subject: str, revision: int, show: Show) -> None:
        """Show now what is a new revision, or the first in a while; else leave it for the next turn. An
        older revision than the one shown is late, and not shown at all."""
        turn = self._turn(subject)
        if revision < turn.revision:
            return
        now = asyncio.get_running_loop().time()
        if revision == turn.revision and now - turn.shown_at < self.gap:
            self._postpone(turn, show, turn.shown_at + self.gap)
            return
        turn.revision, turn.shown_at = revision, now
        turn.waiting = None  # it was older than what is shown here
        async with turn.lock:
            if revision == turn.revision:
                await show()

    def _turn(self, subject: str) -> Turn:
        if len(self._turns) > KEPT:
            for known, turn in list(self._turns.items()):
                if not (turn.waiting or turn.timer or turn.lock.locked()):
                    del self._turns[known]
        return self._turns.setdefault(subject, Turn())

    def _postpone(self, turn: Turn, show: Show, at: float) -> None:
        turn.waiting = show
        if turn.timer is None:
            turn.timer = asyncio.get_running_loop().call_at(at, self._due, turn)

    def _due(self, turn: Turn) -> None:
        turn.timer = None
        if turn.waiting:
            task = asyncio.ensure_future(self._show_waiting(turn))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _show_waiting(self, turn: Turn) -> None:
        """Nobody waits for this one: a failure is logged, and the next change shows the truth again."""
        async with turn.lock:
            show, turn.waiting = turn.waiting, None
            if show is None:
                return
            turn.shown_at = asyncio.get_running_loop().time()
            try:
                await show()
            except Exception as error:  # whatever Slack or the network did, the loop goes on
                log.warning("a paced edit failed: %s", error)

    async def settle(self) -> None:
        """Show everything that waits, without waiting for its turn."""
        for turn in list(self._turns.values()):
            if turn.timer:
                turn.timer.cancel()
                self._due(turn)
        await asyncio.gather(*self._tasks)
