"""Who heard from the workspace lately, and whom a campaign's chain has invited already."""

import logging
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot import ports
from bot.core import reached
from bot.core.addresses import hash_of
from bot.core.audiences import GOING_ON, UNSENT, are_chained
from bot.core.campaigns import FIXED, Campaign
from bot.core.delivery import Fold
from bot.core.selection import Cause

log = logging.getLogger("postillon")

REMEMBERED = 16  # audiences of which a part was looked up


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """People are `addresses.hash_of` their address: no file of addresses is read where all or nearly all of
    an audience is meant."""

    store: ports.Store
    policy: ports.Policy
    _read: "OrderedDict[str, tuple[array[int], Set[int]]]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def days(self) -> int:
        return self.policy.frequency_days

    def recent(self, campaign: Campaign, at: datetime) -> Set[int]:
        """Whom another campaign wrote to within FREQUENCY_DAYS before that moment, or is writing to. Who
        tries a letter on themselves neither counts nor is counted."""
        if not self.policy.frequency_days or campaign.to_myself:
            return frozenset()
        since = at - timedelta(days=self.policy.frequency_days)
        found: set[int] = set()
        for other in self._others(campaign):
            if self._may_have_written(other, since):
                found |= self._lately(other, partial(self._written, since=since))
        return found

    def foreseen(self, campaign: Campaign, at: datetime) -> Set[int]:
        """`recent`, and whom those that are scheduled will have written to by that moment, or at it: what is
        told while somebody composes. At departure it is known."""
        if not self.policy.frequency_days or campaign.to_myself:
            return frozenset()
        since = at - timedelta(days=self.policy.frequency_days)
        found = set(self.recent(campaign, at))
        for other in self._others(campaign):
            if other.state in FIXED and other.send_at and since <= other.send_at <= at:
                found |= self._lately(other, self._planned)
        return found

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

    def _lately(self, other: Campaign, read: Callable[[Campaign], Set[int]]) -> Set[int]:
        """A courtesy must not keep a campaign from leaving: one that does not read is passed over."""
        try:
            return read(other)
        except ports.Unreadable:
            log.warning("nobody can tell whom it wrote to campaign=%s", other.id)
            return frozenset()

    def _written(self, other: Campaign, since: datetime) -> Set[int]:
        return self._people(other, partial(reached.since, campaign=other, moment=since))

    def _planned(self, other: Campaign) -> Set[int]:
        """Everybody in its audience: who is left out of it at its departure is left out of this one too."""
        return self.store.campaigns.hashes(other.workspace, other)

    def invited(self, campaign: Campaign, *, departed: bool = False) -> Set[int]:
        """Whom the campaign's chain has written to, or will. `departed`: only those of it that left. Raises
        `Unreadable` where nobody can tell."""
        found: set[int] = set()
        for other in self.store.campaigns.all(campaign.workspace):
            if other.id == campaign.id or not other.audience or not are_chained(campaign, other):
                continue
            if other.departed_at is not None:
                found |= self._people(other, partial(reached.ever, campaign=other))
            elif other.state in UNSENT and not departed:
                found |= self.store.campaigns.hashes(other.workspace, other)
        return found

    def _people(self, campaign: Campaign, question: Callable[[Fold], Set[int]]) -> Set[int]:
        numbers = self.store.ledgers.read(campaign.workspace, campaign.id, question)
        if not numbers:
            return frozenset()
        missing = [number for number in range(campaign.audience_size) if number not in numbers]
        if missing and len(missing) >= len(numbers):
            return self._hashes(campaign, sorted(numbers))
        everybody = self.store.campaigns.hashes(campaign.workspace, campaign)
        return everybody - self._hashes(campaign, missing) if missing else everybody

    def _hashes(self, campaign: Campaign, numbers: Sequence[int]) -> Set[int]:
        """Of a few: looked up once, as long as they are the same few."""
        wanted = array("I", numbers)
        with self._lock:
            known, found = self._read.get(campaign.audience, (None, frozenset[int]()))
            if known == wanted:
                self._read.move_to_end(campaign.audience)
                return found
        found = self.store.campaigns.hashes(campaign.workspace, campaign, numbers)
        with self._lock:
            self._read[campaign.audience] = wanted, found
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return found

    # --- at departure ---------------------------------------------------------------------------------

    def to_remove(self, campaign: Campaign, at: datetime) -> dict[str, tuple[int, ...]]:
        """Numbers of the audience that get no letter after all, by cause."""
        recent = frozenset[int]() if campaign.selection.keeps_recent else self.recent(campaign, at)
        barred = {Cause.INVITED: self.invited(campaign, departed=True), Cause.RECENT: recent}
        if not any(barred.values()):
            return {}
        own = self.store.campaigns.hashes(campaign.workspace, campaign)
        found: dict[Cause, list[int]] = {cause: [] for cause, people in barred.items() if people & own}
        if found:
            secret = self.store.secret("addresses")
            for number, contact in self.store.campaigns.recipients(campaign.workspace, campaign):
                person = hash_of(secret, contact.email)
                for cause, numbers in found.items():
                    if person in barred[cause]:
                        numbers.append(number)
        return {cause.value: tuple(numbers) for cause, numbers in found.items()}
