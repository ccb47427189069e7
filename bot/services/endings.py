"""How a sending ends or stands still: held, paused, sent. The record, and what its owner is to be told of it,
are durable together; `telling.pay` then brings it to them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot import ports
from bot.core import campaigns as rules
from bot.core import facts
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Fold, Progress
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.inbox import Owed
from bot.core.sentences import Sentence, sentence
from bot.services.telling import Telling

T = TypeVar("T")

Unrecorded = dict[tuple[WorkspaceId, CampaignId], list[facts.BatchFact]]


@dataclass(frozen=True, kw_only=True)
class Endings:
    """`_flights`: of each campaign whose batches are under way, what the disk did not take."""

    store: ports.Store
    telling: Telling
    clock: ports.Clock
    _flights: Unrecorded = field(default_factory=dict)

    def _hold(self, campaign: Campaign, why: Sentence) -> Owed:
        """Where letters had been asked for once more, or it was held for another reason, too."""
        known = campaign
        if campaign.state is State.SENT:
            known = rules.move(campaign, State.SENDING, ended_at=None)
        if campaign.state is State.HELD:
            held = rules.edit(campaign, why=why)
        else:
            held = rules.move(known, State.HELD, why=why)
        key = "campaigns.said.held" if campaign.departed_at is None else "campaigns.said.halted"
        return self._change(held, campaign, key, asks=True, why=why)

    def _finish(self, campaign: Campaign) -> Owed:
        sent = rules.move(campaign, State.SENT, ended_at=self.clock.now(), why=None, repaired_at=None)
        progress = self._progress(sent)
        key = "campaigns.said.uncertain" if progress.uncertain else "campaigns.said.sent"
        return self._change(
            sent, campaign, key, n=progress.accepted, uncertain=progress.uncertain, rejected=progress.rejected
        )

    def _pause(self, campaign: Campaign, why: Sentence) -> Owed:
        paused = rules.move(campaign, State.PAUSED, why=why)
        progress = self._progress(paused)
        left = progress.pending + progress.submitting
        return self._change(
            paused, campaign, "campaigns.said.paused", n=progress.accepted, left=left, why=why
        )

    def _change(
        self, changed: Campaign, known: Campaign, key: str, *, asks: bool = False, **values: int | Sentence
    ) -> Owed:
        said = sentence(key, name=changed.name, **values)
        return self.telling.advance(changed, known.revision, None, said, asks=asks)

    def _progress(self, campaign: Campaign) -> Progress:
        return self._ask(campaign, lambda fold: fold.progress(0))

    def _is_over(self, campaign: Campaign) -> bool:
        """Nothing of it is left to send. Before its wave is opened, everything is."""
        return self._ask(campaign, lambda fold: bool(fold.waves) and fold.progress(0).finished)

    def _ask(self, campaign: Campaign, question: Callable[[Fold], T]) -> T:
        return self.store.ledgers.read(campaign.workspace, campaign.id, question)

    def _settle_flight(self, campaign: Campaign, now: datetime, why: str) -> bool:
        """Nobody is at a batch any more: one claimed without an outcome may have left. True where there were
        any. Raises Unwritable with nothing lost: what is known of them stays in memory."""
        self._write_down(campaign)
        flying = self._ask(campaign, lambda fold: fold.submitting())
        for wave, batch in flying:
            fact = facts.Uncertain(wave=wave, batch=batch, at=now, why=why)
            self.store.ledgers.append(campaign.workspace, campaign.id, fact)
        self._flights.pop((campaign.workspace, campaign.id), None)
        return bool(flying)

    def _write_down(self, campaign: Campaign) -> None:
        """Outcomes that found no room on the disk, in their order."""
        known = self._flights.get((campaign.workspace, campaign.id), [])
        while known:
            self.store.ledgers.append(campaign.workspace, campaign.id, known[0])
            del known[0]
