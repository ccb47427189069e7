"""Dialogs in which one click follows another faster than they are redrawn.

A draft is kept at every change, under a new revision; a click made before the dialog showed it still carries
the one before. Of its own window that is no other person's change: it is brought up to what the window has
saved since. What changed in another window stays `Stale`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from handlers.blocks import kit

KEPT = 1_000  # windows; of a forgotten one, the next click finds the draft changed and says so


@dataclass(kw_only=True)
class Window:
    """`superseded`: revisions this window saved over, one after the other. `replaced`: hashes of the views
    that we drew over, `hash` being the last one's; what Slack drew in answer to something else is none of
    them."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    superseded: set[int] = field(default_factory=set)
    revision: int = 0
    replaced: set[str] = field(default_factory=set)
    hash: str = ""

    def saved(self, before: int, after: int) -> None:
        if after != before:
            if self.revision != before:
                self.superseded.clear()  # somebody else's change lies between
            self.superseded.add(before)
            self.revision = after

    def drawn(self, before: str, after: str) -> None:
        if self.hash != before:
            self.replaced.clear()  # something else was shown in between
        self.replaced.add(before)
        self.hash = after

    def brought_up(self, target: kit.Target) -> kit.Target:
        return replace(target, revision=self.revision) if target.revision in self.superseded else target

    def up_to_date(self, view: Mapping[str, Any]) -> dict[str, Any]:
        """The view of a payload as if it had been drawn in time."""
        target = self.brought_up(kit.Target.parse(view.get("private_metadata")))
        seen = view.get("hash")
        return {
            **view, "private_metadata": str(target), "hash": self.hash if seen in self.replaced else seen,
        }  # fmt: skip


class Windows:
    """By the id of their view, which stays as the view is updated."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Window] = OrderedDict()

    def of(self, view_id: str) -> Window:
        window = self._known.setdefault(view_id, Window())
        self._known.move_to_end(view_id)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return window

    @asynccontextmanager
    async def turn(self, view: Mapping[str, Any]) -> AsyncIterator[Window]:
        """One click of a window at a time, in the order in which they came."""
        window = self.of(str(view.get("id", "")))
        async with window.turn:
            yield window
