"""Waiting on what happens here, without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Changes:
    """Wakes everybody who waits whenever something was recorded."""

    def __init__(self, describe: Callable[[], str]) -> None:
        self._waiters: set[asyncio.Event] = set()
        self._describe = describe

    def happened(self) -> None:
        for waiter in self._waiters:
            waiter.set()

    async def until(self, condition: Callable[[], object], seconds: float) -> None:
        """Returns once `condition` holds; AssertionError with what was seen when it never does."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    waiter.clear()
                    await waiter.wait()
        except TimeoutError:
            raise AssertionError(f"not within {seconds} s; {self._describe()}") from None
        finally:
            self._waiters.discard(waiter)
