"""The asynchronous edge: what a handler needs besides its payload.

Services are synchronous and run in two pools: clicks (nothing over a second) and long work. Tasks that
outlive their payload are kept here, so that a shutdown can wait for them: Bolt's close does not.
"""

import asyncio
import functools
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from bot.core.ids import MemberId, WorkspaceId
from bot.ports import Policy
from bot.services import Services
from handlers.windows import Windows

log = logging.getLogger("postillon")

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Edge:
    services: Services
    policy: Policy
    clicks: Executor
    work: Executor
    windows: Windows = field(default_factory=Windows)
    timed: Callable[[float], None] = lambda _: None  # told how many seconds each click took
    homes: dict[tuple[WorkspaceId, MemberId], int] = field(default_factory=dict)  # drawn, with its page
    _tasks: "set[asyncio.Future[object]]" = field(default_factory=set)

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A service call, in the pool of the clicks."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            return await loop.run_in_executor(self.clicks, functools.partial(call, *args, **kwargs))
        finally:
            self.timed(loop.time() - began)

    async def toil(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A service call that may take long, in the pool of the long work."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.work, functools.partial(call, *args, **kwargs))

    def later(self, work: Coroutine[object, object, object]) -> None:
        """Go on after the payload was answered."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Future[object]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("work after an answer failed", exc_info=error)

    def cut(self) -> int:
        """Shutdown has waited enough: an answer that Slack does not take now is not given. Their number."""
        return sum(task.cancel() for task in self._tasks)

    async def drain(self) -> None:
        """Wait for everything `later` began, and for what that begins."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
