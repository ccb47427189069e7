"""POST of events to the address that the account names, signed, in groups, again until it is taken."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

import aiohttp
import orjson

from .errands import Errands
from .events import Happening, as_event
from .records import Tap
from .signing import Seal

GROUP = 1000
WINDOW_SECONDS = 0.05  # what happens within it travels together
PATIENCE = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 5.0, 5.0, 5.0, 5.0)  # the service itself goes on for 24 hours
TIMEOUT = aiohttp.ClientTimeout(total=15)

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """`times`: how often it is still to be told."""

    happened: Happening
    times: int


@dataclass(frozen=True, kw_only=True)
class Posted:
    """One attempt; `status` 0: no answer came."""

    status: int
    events: int


class Webhook:
    """One task posts while there is something to post, over one kept session."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        errands: Errands,
        changed: Callable[[], None],
        patience: Sequence[float] = PATIENCE,
    ) -> None:
        self.url = ""
        self.seal = Seal()
        self.group = GROUP
        self.times = 1
        self.order: Random | None = None  # None: as it happened
        self.posts: list[Posted] = []
        self.lost = 0  # events given up
        self.tap: Tap = lambda *_: None
        self._now = now
        self._errands = errands
        self._changed = changed
        self._patience = patience
        self._due: list[Due] = []
        self._leaving = 0
        self._released = asyncio.Event()
        self._released.set()
        self._poster: asyncio.Task[object] | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def pending(self) -> int:
        return len(self._due) + self._leaving

    def add(self, happened: Happening) -> None:
        """Without an address nobody is told."""
        if not self.url:
            return
        self._due.append(Due(happened=happened, times=self.times))
        if self._poster is None or self._poster.done():
            self._poster = self._errands.run(self._post_all())

    def hold(self) -> None:
        self._released.clear()

    def release(self) -> None:
        self._released.set()

    async def close(self) -> None:
        """After the errands have ended: nothing is posted any more."""
        self._due.clear()
        self._leaving = 0
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post_all(self) -> None:
        while self._due:
            if len(self._due) < self.group:
                await asyncio.sleep(WINDOW_SECONDS)
            await self._released.wait()
            group = self._next_group()
            self._leaving = len(group)
            if await self._delivered(group):
                self._due += [replace(due, times=due.times - 1) for due in group if due.times > 1]
            else:
                self.lost += len(group)
            self._leaving = 0
            self._changed()

    def _next_group(self) -> list[Due]:
        if self.order is None:
            group, self._due = self._due[: self.group], self._due[self.group :]
            return group
        return [self._any(self.order) for _ in range(min(self.group, len(self._due)))]

    def _any(self, order: Random) -> Due:
        place = order.randrange(len(self._due))
        self._due[place], self._due[-1] = self._due[-1], self._due[place]
        return self._due.pop()

    async def _delivered(self, group: Sequence[Due]) -> bool:
        body = orjson.dumps([as_event(due.happened) for due in group])
        for seconds in (*self._patience, None):
            status = await self._attempt(body)
            self.posts.append(Posted(status=status, events=len(group)))
            self.tap("told", "events", body, status, "" if 200 <= status < 300 else str(status))
            self._changed()
            if 200 <= status < 300:
                return True
            if seconds is not None:
                await asyncio.sleep(seconds)
                await self._released.wait()
        log.info("%d events were given up", len(group))
        return False

    async def _attempt(self, body: bytes) -> int:
        """Each attempt is signed anew. No redirect is followed."""
        headers = self.seal.headers(body, int(self._now().timestamp()))
        headers |= {"Content-Type": "application/json", "User-Agent": "SendGrid Event API"}
        try:
            async with self._open().post(
                self.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.debug("events were not taken: %s", type(error).__name__)
            return 0

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=jar)
        return self._session
