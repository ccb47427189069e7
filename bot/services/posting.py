"""One campaign's batches on their way out: claim, build, post, record."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from bot import ports
from bot.core import facts
from bot.core.addresses import canonical
from bot.core.campaigns import Campaign, State
from bot.core.contacts import Contact
from bot.core.delivery import Fold
from bot.core.letters import Composed, Letter
from bot.services.letters import Correspondence

T = TypeVar("T")

WAVE = 0


@dataclass(kw_only=True)
class Posting:
    """The batches of one wave, posted from several threads. `refused` is set once SendGrid refuses us as
    a whole: no further batch is claimed."""

    store: ports.Store
    mailer: ports.Mailer
    letters: Correspondence
    clock: ports.Clock
    campaign: Campaign
    letter: Letter
    composed: Composed
    stopped: threading.Event
    refused: ports.Refused | None = None
    waits: datetime | None = None  # the mail service asked for time: nobody claims before
    failed: bool = False  # a defect or a full disk: nothing is tried again at once
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def claimable(self) -> list[int]:
        now = self.clock.now()
        return self._read(lambda fold: fold.waves[WAVE].claimable(now))

    def next_claim(self) -> datetime | None:
        return self._read(lambda fold: fold.waves[WAVE].next_claim())

    def _read(self, question: Callable[[Fold], T]) -> T:
        return self.store.ledgers.read(self.campaign.workspace, self.campaign.id, question)

    def _append(self, fact: facts.Fact) -> bool:
        return self.store.ledgers.append(self.campaign.workspace, self.campaign.id, fact)

    def goes_on(self) -> bool:
        """Asked before each claim, so that Pause and Stop are honoured at once."""
        if self.refused or self.waits or self.stopped.is_set():
            return False
        known = self.store.campaigns.get(self.campaign.workspace, self.campaign.id)
        return known.state is State.SENDING

    def post(self, batch: int) -> None:
        """Until the batch is accepted, waits, is uncertain, or has nobody left: a request at a time."""
        while self.goes_on():
            people, skipped = self._people(batch)
            # built before the claim: what can fail without the network has failed by then
            request = self._build(people) if people else None
            if not self._claim(batch, skipped) or request is None:
                return
            outcome = self.mailer.post(request)
            self._append(self._fact(batch, people, outcome))
            if not isinstance(outcome, ports.SomeRefused):
                return

    def _people(self, batch: int) -> tuple[list[tuple[int, Contact]], set[int]]:
        """Who gets this batch's letter, and who was suppressed since the wave was opened."""
        numbers = self._read(lambda fold: fold.waves[WAVE].people(batch))
        people = list(self.store.campaigns.recipients(self.campaign.workspace, self.campaign, numbers))
        addresses = {canonical(contact.email): number for number, contact in people}
        suppressed = self.store.suppressions.among(self.campaign.workspace, addresses)
        skipped = {addresses[one] for one in suppressed}
        return [pair for pair in people if pair[0] not in skipped], skipped

    def _build(self, people: list[tuple[int, Contact]]) -> ports.Request:
        addressed = self.letters.addressed(self.campaign, self.composed, people, WAVE)
        return self.mailer.build(self.letter, self.composed, addressed, campaign=self.campaign.id, wave=WAVE)

    def _claim(self, batch: int, skipped: set[int]) -> bool:
        """Durable when this returns True; False where another claim was first."""
        claim = facts.Claimed(wave=WAVE, batch=batch, at=self.clock.now(), skipped=tuple(sorted(skipped)))
        return self._append(claim)

    def _fact(self, batch: int, people: list[tuple[int, Contact]], outcome: ports.Outcome) -> facts.BatchFact:
        now = self.clock.now()
        match outcome:
            case ports.Taken(message_id=message_id):
                return facts.Accepted(wave=WAVE, batch=batch, at=now, message_id=message_id)
            case ports.SomeRefused(positions=positions) if max(positions) < len(people):
                named = {people[place][0]: reason for place, reason in positions.items()}
                return facts.Rejected(wave=WAVE, batch=batch, at=now, people=named)
            case ports.NotTaken(seconds=seconds, why=why):
                until = now + timedelta(seconds=seconds)
                with self._lock:
                    self.waits = max(self.waits or until, until)
                return facts.Returned(wave=WAVE, batch=batch, at=now, until=until, why=why)
            case ports.Refused() | ports.SomeRefused():
                refused = _as_a_whole(outcome)
                with self._lock:
                    self.refused = self.refused or refused
                return facts.Returned(wave=WAVE, batch=batch, at=now, until=now, why=refused.why)
            case ports.Unknown(why=why):
                return facts.Uncertain(wave=WAVE, batch=batch, at=now, why=why)


def _as_a_whole(outcome: ports.Refused | ports.SomeRefused) -> ports.Refused:
    """A place beyond the request is no place of ours: nothing left, and nobody can be named."""
    if isinstance(outcome, ports.Refused):
        return outcome
    return ports.Refused(why="letter", detail=next(iter(outcome.positions.values()), ""))
