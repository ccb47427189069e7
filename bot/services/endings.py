"""How a sending ends or stands still: held, paused, sent. The record, and what its owner is to be told of it,
are durable together; `telling.pay` then brings it to them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot import ports
from bot.core import campaigns as rules
from bot.core import closing, facts, planning
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Fold, Progress
from bot.core.figures import left
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.inbox import Owed
from bot.core.sentences import Sentence, sentence
from bot.core.strain import Strain
from bot.services.log import remark
from bot.services.telling import DEPARTED, Telling

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
            is_copied = why.key == "storage.why.copied"  # the reminder it asks about may have left since
            held = rules.edit(campaign, why=why, asks_about=campaign.asks_about if is_copied else 0)
        else:
            held = rules.move(known, State.HELD, why=why)
        key = "campaigns.said.held" if campaign.departed_at is None else "campaigns.said.halted"
        return self._change(held, campaign, key, asks=True, why=why)

    def _tell_departure(self, campaign: Campaign, now: datetime) -> None:
        said, n = "reminders.said.departed" if campaign.wave else DEPARTED, self._progress(campaign).people
        remark(self.store, now, campaign.workspace, "reminded" if campaign.wave else "departed", campaign.id,
               people=n)  # fmt: skip
        self.telling.promise(campaign, sentence(said, name=campaign.name, n=n))

    def _finish(self, campaign: Campaign) -> Owed:
        now = self.clock.now()
        sent = rules.move(campaign, State.SENT, ended_at=now, why=None, repaired_at=None)
        ran, progress = self._ask(sent, lambda fold: (fold.last_wave, fold.progress(fold.last_wave)))
        if not sent.to_myself:
            remark(self.store, now, sent.workspace, "sent", sent.id, letters=progress.accepted)
        how = "uncertain" if progress.uncertain else "sent"
        key = f"reminders.said.{how}" if sent.wave else f"campaigns.said.{how}"
        if ran < sent.wave:  # somebody asked for letters of an earlier wave once more
            key = f"settling.again.{how}"
        return self._change(
            sent, campaign, key, n=progress.accepted, uncertain=progress.uncertain,
            rejected=progress.rejected, wake_at=planning.wake_at(sent, now),
        )  # fmt: skip

    def _pause(self, campaign: Campaign, why: Sentence) -> Owed:
        paused = rules.move(campaign, State.PAUSED, why=why)
        waiting = self._ask(paused, lambda fold: left(fold.progress()))
        n = self._progress(paused).accepted
        return self._change(paused, campaign, "campaigns.said.paused", n=n, left=waiting, why=why)

    def _why_enough(self, campaign: Campaign, before: Strain, strain: Strain) -> Sentence | None:
        """Why a person must decide, where requests failed in this visit as they did `before`."""
        if strain == before or strain.since is None:
            return None
        if strain.is_in_doubt:
            return sentence("pace.paused.doubt", n=self._progress(campaign).uncertain)
        return sentence("pace.paused.away", since=strain.since) if strain.is_given_up else None

    def _close(self, campaign: Campaign) -> Owed:
        """Its questionnaire takes no more answers: what has not left stays, and its owner is asked."""
        why = closing.why_paused(campaign, self._left(campaign))
        paused = rules.move(campaign, State.PAUSED, why=why)
        return self._change(paused, campaign, "closing.said.paused", asks=True, why=why)

    def _left(self, campaign: Campaign) -> int:
        """Letters that may still leave, of whatever wave. Before a wave is opened, all of its letters."""

        def question(fold: Fold) -> int:
            if len(fold.waves) <= campaign.wave:
                return campaign.audience_size
            waves = [wave.progress() for wave in fold.waves]
            return sum(one.pending + one.submitting for one in waves)

        return self._ask(campaign, question)

    def _change(
        self, changed: Campaign, known: Campaign, key: str, *, asks: bool = False,
        wake_at: datetime | None = None, **values: int | Sentence,
    ) -> Owed:  # fmt: skip
        said = sentence(key, name=changed.name, **values)
        return self.telling.advance(changed, known.revision, wake_at, said, asks=asks)

    def _progress(self, campaign: Campaign) -> Progress:
        """Of the wave that goes, or went last."""
        return self._ask(campaign, lambda fold: fold.progress(campaign.wave))

    def _is_over(self, campaign: Campaign) -> bool:
        """Nothing of it is left to send. Before its wave is opened, everything is."""
        return self._ask(campaign, lambda fold: fold.is_over and len(fold.waves) > campaign.wave)

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
