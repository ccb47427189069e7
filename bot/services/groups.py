"""Who unsubscribed on a page of ours stands in the mail service's unsubscribe group too, where the settings
name one: never in its global list, which would stop the invoices of the same account.

Nothing is queued: who is still to be written there follows from the suppressions and one moment, so that a
crash loses nobody. The same address twice changes nothing there.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import ports
from bot.core.ids import WorkspaceId
from bot.core.mail_lists import ORIGIN
from bot.core.spaces import Space
from bot.core.suppressions import Cause, Suppression

log = logging.getLogger("postillon")

AT_ONCE = 500
OVERLAP = timedelta(minutes=5)  # moments are noted before a suppression is on the disk
LATER = timedelta(hours=1)  # where it is refused: somebody must repair that first


@dataclass(kw_only=True)
class Groups:
    store: ports.Store
    lists: ports.MailLists
    _written: set[tuple[WorkspaceId, str]] = field(default_factory=set)  # of the overlap
    _not_before: datetime | None = None
    _at_it: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def sweep(self, now: datetime) -> None:
        if not self.lists.has_group or (self._not_before and now < self._not_before):
            return
        if not self._at_it.acquire(blocking=False):
            return
        try:
            for workspace in self.store.campaigns.workspaces():
                self._visit_safely(workspace, now)
        finally:
            self._at_it.release()

    def leave(self) -> None:
        """Shutdown: what is not written is written after the next start."""
        self._leaving.set()

    def _visit_safely(self, workspace: WorkspaceId, now: datetime) -> None:
        try:
            self._visit(workspace, now)
        except ports.Unreadable as damage:
            log.warning("nobody knows who is still to be withheld: %s", damage)
        except Exception:
            log.exception("the mail service's group is not written")

    def _visit(self, workspace: WorkspaceId, now: datetime) -> None:
        missing = self._missing(workspace)
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            if self._leaving.is_set() or not self._withhold(some, now):
                return
            self._note(workspace, some, now)

    def _missing(self, workspace: WorkspaceId) -> Sequence[Suppression]:
        """Oldest first."""
        last = self.store.spaces.get(workspace).withheld_at
        found = [
            one
            for one in self.store.suppressions.all(workspace)
            if one.cause is Cause.UNSUBSCRIBED and one.origin != ORIGIN and "@" in one.address
            and (last is None or one.at > last - OVERLAP)
            and (workspace, one.address) not in self._written
        ]  # fmt: skip
        return sorted(found, key=lambda one: one.at)

    def _withhold(self, some: Sequence[Suppression], now: datetime) -> bool:
        match self.lists.withhold([one.address for one in some]):
            case None:
                return True
            case ports.NotTaken(seconds=seconds, why=why):
                wait = timedelta(seconds=seconds)
            case ports.Refused(detail=why):
                wait = LATER
        self._not_before = now + wait
        log.warning("the mail service's group is written later: %s", why)
        return False

    def _note(self, workspace: WorkspaceId, some: Sequence[Suppression], now: datetime) -> None:
        """Never ahead of our clock: an event may bear a moment of the service's own."""
        self._written.update((workspace, one.address) for one in some)
        newest = min(some[-1].at, now)

        def written(space: Space) -> Space:
            return replace(space, withheld_at=max(newest, space.withheld_at or newest))

        self.store.spaces.change(workspace, written)
