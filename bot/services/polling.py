"""What the mail service keeps by itself, asked for: whom it will not write to, what came back, how many
letters arrived.

Its lists are read before a campaign leaves, whatever else it tells. Where it cannot tell us what becomes of
letters (no public URL, no key to know its posts by) they are read every few minutes while letters are young,
and what they say of a letter of ours is recorded as an event would be.
"""

import logging
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot import ports
from bot.core.campaigns import Campaign, State
from bot.core.events import MailEvent, Told
from bot.core.ids import WorkspaceId
from bot.core.mail_lists import MEANING, ORIGIN, STANDING, Listed, MailList, Page
from bot.core.spaces import Space
from bot.core.suppressions import Suppression
from bot.services.following import Following
from bot.services.recording import Recording
from bot.services.strays import Strays

log = logging.getLogger("postillon")

OFTEN, SELDOM = timedelta(minutes=5), timedelta(hours=1)
YOUNG, OLD = timedelta(days=3), timedelta(days=30)  # since its last letter left
SOON = timedelta(hours=1)  # before a departure: what is long to read is read by then
OVERLAP = timedelta(minutes=10)  # rows that came into a list late
SKEW = timedelta(minutes=1)  # between the service's clock and ours
LONGEST = timedelta(hours=6)  # between two tries, where none succeeds
PATIENCE = 8.0  # seconds a departure waits
CUT = ports.NotTaken(seconds=0, why="cut")


@dataclass(kw_only=True)
class Polling:
    """`recorder` has one thread, the one that records what the mail service posts."""

    store: ports.Store
    lists: ports.MailLists
    recording: Recording
    strays: Strays
    following: Following
    recorder: Executor
    clock: ports.Clock
    policy: ports.Policy
    _next: dict[WorkspaceId, datetime] = field(default_factory=dict)
    _failures: dict[WorkspaceId, int] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)  # lists that are not for this key: said once
    _at_it: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)
    _asked: datetime | None = None  # the moment of a sweep that nobody has taken up yet

    def sweep(self, now: datetime) -> None:
        """One request at a time, whoever sweeps: who finds another at it leaves the moment to them."""
        self._asked = now
        while (asked := self._asked) is not None and self._at_it.acquire(blocking=False):
            try:
                self._asked = None
                for workspace in self.store.campaigns.workspaces():
                    if not self._leaving.is_set():
                        self._visit_safely(workspace, asked)
            finally:
                self._at_it.release()

    def leave(self) -> None:
        """Shutdown: nothing more is asked."""
        self._leaving.set()

    def prepare(self, workspace: WorkspaceId) -> None:
        """Right before a departure. Never raises, and never waits for long: whoever is found later is left
        out of the batches that have not left."""
        deadline = time.monotonic() + PATIENCE
        if not self._at_it.acquire(timeout=PATIENCE):
            return
        try:
            trouble = self._read(workspace, self.clock.now(), deadline)
            if trouble:
                log.warning("the mail service's lists are not read before a departure: %s", trouble.why)
        except Exception:
            log.exception("the mail service's lists are not read before a departure")
        finally:
            self._at_it.release()

    # --- when -----------------------------------------------------------------------------------------

    def _visit_safely(self, workspace: WorkspaceId, now: datetime) -> None:
        try:
            campaigns = self.store.campaigns.all(workspace)
            every = _interval(campaigns, now, is_told=self.policy.is_told)
            if every is not None and now >= self._next.get(workspace, now):
                self._visit(workspace, campaigns, now, every)
        except Exception:  # asked again later: nothing of ours depends on it
            log.exception("the mail service's lists are not read")
            self._next[workspace] = now + SELDOM

    def _visit(
        self, workspace: WorkspaceId, campaigns: Iterable[Campaign], now: datetime, every: timedelta
    ) -> None:
        self._next[workspace] = now + every
        trouble = self._read(workspace, now) or (
            None if self.policy.is_told else self._count(workspace, campaigns, now)
        )
        if trouble is None:
            self._failures.pop(workspace, None)
            return
        failures = self._failures[workspace] = self._failures.get(workspace, 0) + 1
        wait = max(timedelta(seconds=trouble.seconds), min(every * 2 ** min(failures, 8), LONGEST))
        self._next[workspace] = now + wait
        log.warning("the mail service's lists are read later: %s", trouble.why)

    # --- lists ----------------------------------------------------------------------------------------

    def _read(
        self, workspace: WorkspaceId, now: datetime, deadline: float | None = None
    ) -> ports.NotTaken | None:
        """Each list, since it was read last. A list that is not for this key keeps no other from being
        read."""
        for name in self._names():
            match self._read_list(workspace, name, now, deadline):
                case ports.NotTaken() as busy:
                    return busy
                case ports.Refused(detail=detail) if name not in self._refused:
                    self._refused.add(name)
                    log.warning("the mail service's list of %s may not be read: %s", name, detail)
        return None

    def _names(self) -> tuple[MailList, ...]:
        """The group keeps letters from leaving only where they leave under it: without a page of ours."""
        groups = (MailList.GROUP,) if self.lists.has_group and not self.policy.public_url else ()
        return (*STANDING, *groups) if self.policy.is_told else (*STANDING, MailList.BLOCKS, *groups)

    def _read_list(
        self, workspace: WorkspaceId, name: MailList, now: datetime, deadline: float | None
    ) -> ports.Refused | ports.NotTaken | None:
        """What was read is kept, and read again where the end was not reached: the order of rows is no
        promise of anybody's."""
        last = self.store.spaces.get(workspace).lists_read.get(name.value)
        since, offset = int((last - OVERLAP).timestamp()) if last else 0, 0
        while not self._leaving.is_set() and (deadline is None or time.monotonic() < deadline):
            page = self.lists.page(name, since=since, until=int(now.timestamp()), offset=offset)
            if not isinstance(page, Page):
                return page
            self._take(workspace, name, page.rows, now)
            offset += page.size
            if page.is_last:
                self._note_read(workspace, name, now)
                return None
        return CUT

    def _note_read(self, workspace: WorkspaceId, name: MailList, now: datetime) -> None:
        def read(space: Space) -> Space:
            return replace(space, lists_read={**space.lists_read, name.value: now})

        self.store.spaces.change(workspace, read)

    def _take(self, workspace: WorkspaceId, name: MailList, rows: Iterable[Listed], now: datetime) -> None:
        rows = list(rows)
        if name is MailList.GROUP:  # all of it, every time, without a date
            addresses = [row.address for row in rows]
            known = self.store.suppressions.among(workspace, addresses)
            lifted = self.store.suppressions.lifted(workspace, addresses)  # before or since, nobody knows
            rows = [row for row in rows if row.address not in known and row.address not in lifted]
        events = [] if self.policy.is_told else [one for row in rows if (one := self._event(name, row, now))]
        if events:
            self._record(events)
        cause = MEANING[name][1]
        if cause is None:
            return
        # what an event suppressed already keeps the origin it has
        self.store.suppressions.add_all(
            workspace,
            (
                Suppression(address=row.address, cause=cause, at=_moment(row, now), origin=ORIGIN)
                for row in rows
            ),
        )

    def _event(self, name: MailList, row: Listed, now: datetime) -> MailEvent | None:
        """Of the newest letter that had left by then; None where there is none."""
        letter = self.strays.letter_to(row.address, _moment(row, now) + SKEW)
        if letter is None:
            return None
        bits, cause = MEANING[name]
        return MailEvent(
            **letter, bits=int(bits), at=row.at or int(now.timestamp()), why=row.why, address=row.address,
            cause=cause,
        )  # fmt: skip

    def _record(self, events: list[MailEvent]) -> None:
        """In the one thread that records. Raises what kept it from being kept."""
        failed = self.recorder.submit(self.recording.record, [Told(events=events)], asked=True).result()
        for why in failed.values():
            raise why

    # --- counts ---------------------------------------------------------------------------------------

    def _count(
        self, workspace: WorkspaceId, campaigns: Iterable[Campaign], now: datetime
    ) -> ports.NotTaken | None:
        """How many letters of each campaign arrived: the service counts them by category."""
        for campaign in campaigns:
            if campaign.departed_at is None or _age(campaign, now) > OLD or self._leaving.is_set():
                continue
            day = (campaign.departed_at - timedelta(days=1)).date()  # the account's days are of another zone
            match self.lists.delivered(campaign.id, day):
                case int(count):
                    self._keep_count(workspace, campaign, count)
                case ports.NotTaken() as busy:
                    return busy
                case ports.Refused(detail=detail):
                    if "stats" not in self._refused:
                        self._refused.add("stats")
                        log.warning("the mail service's counts may not be read: %s", detail)
                    return None
        return None

    def _keep_count(self, workspace: WorkspaceId, campaign: Campaign, count: int) -> None:
        if self.store.spaces.get(workspace).delivered.get(campaign.id) == count:
            return

        def counted(space: Space) -> Space:
            return replace(space, delivered={**space.delivered, campaign.id: count})

        self.store.spaces.change(workspace, counted)
        self.following.learned(workspace, campaign.id)


def _interval(campaigns: Iterable[Campaign], now: datetime, *, is_told: bool) -> timedelta | None:
    """How often to ask; None where nothing that matters can have changed."""
    campaigns = list(campaigns)
    ages = [] if is_told else [_age(one, now) for one in campaigns if one.departed_at is not None]
    if any(age <= YOUNG for age in ages):
        return OFTEN
    if any(age <= OLD for age in ages) or any(_leaves_soon(one, now) for one in campaigns):
        return SELDOM
    return None


def _age(campaign: Campaign, now: datetime) -> timedelta:
    """Since its last letter left, as far as anybody can tell at a glance."""
    if campaign.state is State.SENDING or campaign.departed_at is None:
        return timedelta()
    return now - (campaign.ended_at or campaign.departed_at)


def _leaves_soon(campaign: Campaign, now: datetime) -> bool:
    if campaign.state is not State.SCHEDULED or campaign.send_at is None:
        return False
    return now <= campaign.send_at <= now + SOON


def _moment(row: Listed, now: datetime) -> datetime:
    return datetime.fromtimestamp(row.at, UTC) if row.at else now
