"""Who heard from the workspace lately, and whom a campaign's chain has invited already."""

import logging
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import compress
from operator import itemgetter

from bot import ports
from bot.core import planning, reached
from bot.core.addresses import hash_of
from bot.core.audiences import GOING_ON, UNSENT, are_chained
from bot.core.campaigns import FIXED, Campaign, State
from bot.core.crowds import Crowd
from bot.core.delivery import Fold
from bot.core.selection import Cause

log = logging.getLogger("postillon")

REMEMBERED = 16  # audiences of which a part was looked up
LEFT = frozenset({State.SENDING, State.SENT})  # whose reminders leave by themselves
_OTHERS = bytes([1]) + bytes(255)  # of marks, those that were not
_Turn = tuple[datetime, bool, datetime, str]


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """People are `addresses.hash_of` their address: no file of addresses is read where all or nearly all of
    an audience is meant."""

    store: ports.Store
    policy: ports.Policy
    _read: "OrderedDict[str, tuple[array[int], Crowd]]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def days(self) -> int:
        return self.policy.frequency_days

    def recent(self, campaign: Campaign, at: datetime) -> Crowd:
        """Whom another campaign wrote to within FREQUENCY_DAYS before that moment, or is writing to. Who
        tries a letter on themselves neither counts nor is counted."""
        if not self.policy.frequency_days or campaign.to_myself:
            return Crowd()
        since = at - timedelta(days=self.policy.frequency_days)
        return Crowd.union(
            self._lately(other, partial(self._written, since=since))
            for other in self._others(campaign)
            if self._may_have_written(other, since)
        )

    def planned(self, campaign: Campaign, at: datetime) -> list[tuple[str, Crowd]]:
        """Whom those that are scheduled, and planned reminders, will have written to by that moment: what is
        told while somebody composes, beside `recent`. At departure it is known; who answers before a reminder
        is in it until then. With the names of the owner's own campaigns; "" for somebody else's."""
        if not self.policy.frequency_days or campaign.to_myself:
            return []
        since = at - timedelta(days=self.policy.frequency_days)
        ours, before = _turn(campaign, at), list[tuple[_Turn, Campaign]]()
        for other in self._others(campaign):
            moment = _next_letters(other, since)
            if moment is not None and (turn := _turn(other, moment)) < ours:
                before.append((turn, other))
        return [
            (other.name if other.owner == campaign.owner else "", self._lately(other, self._to_come))
            for _, other in sorted(before, key=itemgetter(0))
        ]

    def _others(self, campaign: Campaign) -> Iterator[Campaign]:
        """Neither of its own chain, nor one's own try."""
        for other in self.store.campaigns.all(campaign.workspace):
            if not other.to_myself and not are_chained(campaign, other):
                yield other

    def _may_have_written(self, other: Campaign, since: datetime) -> bool:
        """At a glance, without its ledger: no letter is claimed after the end."""
        if other.departed_at is None:
            return False
        return other.state in GOING_ON or other.ended_at is None or other.ended_at >= since

    def _lately(self, other: Campaign, read: Callable[[Campaign], Crowd]) -> Crowd:
        """A courtesy must not keep a campaign from leaving: one that does not read is passed over."""
        try:
            return read(other)
        except ports.Unreadable:
            log.warning("nobody can tell whom it wrote to campaign=%s", other.id)
            return Crowd()

    def _written(self, other: Campaign, since: datetime) -> Crowd:
        return self._people(other, partial(reached.since, campaign=other, moment=since))

    def _to_come(self, other: Campaign) -> Crowd:
        if other.departed_at is None:
            return self._fixed(other)
        return self._people(other, partial(reached.silent, campaign=other))

    def _fixed(self, other: Campaign) -> Crowd:
        """Everybody in its audience: who is left out of it at its departure is left out of this one too."""
        return self.store.campaigns.hashes(other.workspace, other)

    def invited(self, campaign: Campaign, *, departed: bool = False) -> Crowd:
        """Whom the campaign's chain has written to, or will. `departed`: only those of it that left. Raises
        `Unreadable` where nobody can tell."""
        found: list[Crowd] = []
        for other in self.store.campaigns.all(campaign.workspace):
            if other.id == campaign.id or not other.audience or not are_chained(campaign, other):
                continue
            if other.departed_at is not None:
                found.append(self._people(other, partial(reached.ever, campaign=other)))
            elif other.state in UNSENT and not departed:
                found.append(self._fixed(other))
        return Crowd.union(found)

    def _people(self, campaign: Campaign, question: Callable[[Fold], bytearray]) -> Crowd:
        marks = self.store.ledgers.read(campaign.workspace, campaign.id, question)
        there = marks.count(1)
        missing = len(marks) - there
        if not there:
            return Crowd()
        if missing >= there:
            return self._hashes(campaign, _numbers(marks))
        if not missing:
            return self._fixed(campaign)
        return self._fixed(campaign) - self._hashes(campaign, _numbers(marks.translate(_OTHERS)))

    def _hashes(self, campaign: Campaign, wanted: "array[int]") -> Crowd:
        """Of a few: looked up once, as long as they are the same few."""
        with self._lock:
            known, found = self._read.get(campaign.audience, (None, Crowd()))
            if known == wanted:
                self._read.move_to_end(campaign.audience)
                return found
        found = self.store.campaigns.hashes(campaign.workspace, campaign, wanted)
        with self._lock:
            self._read[campaign.audience] = wanted, found
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return found

    # --- at departure ---------------------------------------------------------------------------------

    def to_remove(self, campaign: Campaign, at: datetime) -> dict[str, tuple[int, ...]]:
        """Numbers of the audience that get no letter after all, by cause."""
        recent = Crowd() if campaign.selection.keeps_recent else self.recent(campaign, at)
        barred = {Cause.INVITED: self.invited(campaign, departed=True), Cause.RECENT: recent}
        if not any(barred.values()):
            return {}
        own = self._fixed(campaign)
        ours = {cause: there for cause, people in barred.items() if (there := people & own)}
        found = {cause: array("I") for cause in ours}
        if found:
            secret = self.store.secret("addresses")
            for number, contact in self.store.campaigns.recipients(campaign.workspace, campaign):
                person = hash_of(secret, contact.email)
                for cause, people in ours.items():
                    if person in people:
                        found[cause].append(number)
        return {cause.value: tuple(numbers) for cause, numbers in found.items()}


def _next_letters(campaign: Campaign, since: datetime) -> datetime | None:
    """When a campaign that is scheduled, or has reminders to come, writes next, at that moment or later."""
    start = campaign.departed_at or campaign.send_at
    is_planned = campaign.state in FIXED or (campaign.state in LEFT and not campaign.rests)
    if start is None or not is_planned:
        return None
    moments = [start] if campaign.departed_at is None else []
    if any(one.is_ahead for one in campaign.reminders):
        moments += [one.moment for one in planning.ahead(campaign, start)]
    return min((one for one in moments if one >= since), default=None)


def _turn(campaign: Campaign, at: datetime) -> _Turn:
    """Of two at the same moment, the one that was scheduled first leaves first (`ports.Campaigns.due`); what
    is not scheduled yet comes last."""
    is_last = campaign.state not in FIXED
    return at, is_last, campaign.scheduled_at or campaign.created_at, campaign.id


def _numbers(marks: bytearray) -> "array[int]":
    return array("I", compress(range(len(marks)), marks))
