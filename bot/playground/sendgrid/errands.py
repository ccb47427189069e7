"""What the service does on its own, outside of any request: tasks that end with it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime

LOOK_SECONDS = 0.1  # how often the clock is looked at while something waits for a moment of it

log = logging.getLogger(__name__)


class Errands:
    """The clock may be moved by hand, so what waits for a moment looks at it again and again."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._tasks: set[asyncio.Task[object]] = set()
        self._waiting: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._watch: asyncio.Task[object] | None = None

    def run(self, work: Coroutine[object, object, object]) -> asyncio.Task[object]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """`act` is called once the clock has reached that moment; at once where it has."""
        if moment <= self._now():
            act()
            return
        heapq.heappush(self._waiting, (moment, next(self._numbers), act))
        if self._watch is None or self._watch.done():
            self._watch = self.run(self._watches())

    async def close(self) -> None:
        """What is under way is broken off, what waits is forgotten."""
        self._waiting.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _watches(self) -> None:
        while self._waiting:
            while self._waiting and self._waiting[0][0] <= self._now():
                heapq.heappop(self._waiting)[2]()
            await asyncio.sleep(LOOK_SECONDS)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("an errand of the mail service failed", exc_info=error)
