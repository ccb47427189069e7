"""Uncertain letters settled: by events, by SendGrid's log, or by their owner's click. Nothing else.

A click decides on exactly the batches its button was drawn for (`rules.mark`). What was begun and not
ended is found again in the ledger and the record at the next sweep.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bot import ports
from bot.core import campaigns as campaign_rules
from bot.core import closing
from bot.core import people as people_rules
from bot.core import settling as rules
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Doubt, Fold
from bot.core.facts import Settled
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.people import Member
from bot.core.sentences import Refusal, Stale, sentence
from bot.core.settling import Question
from bot.services.asking import Asking
from bot.services.log import note

log = logging.getLogger("postillon")

EVENTS, LOG = "events", "log"  # who settled, where no person did


@dataclass(frozen=True, kw_only=True)
class Settling(Asking):
    _deciding: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    # --- by itself ------------------------------------------------------------------------------------

    def sweep(self, now: datetime) -> None:
        """Every campaign that has left: what SendGrid tells, what is to be asked, what is over."""
        for workspace in self.store.campaigns.workspaces():
            for campaign in self.store.campaigns.all(workspace):
                if self._leaving.is_set():
                    return
                if campaign.departed_at is not None:
                    self._visit_safely(campaign, now)

    def leave(self) -> None:
        """Shutdown: nothing more is asked of anybody."""
        self._leaving.set()

    def _visit_safely(self, campaign: Campaign, now: datetime) -> None:
        try:
            self._visit(campaign, now)
        except Stale:
            return  # a person was first; the next sweep looks again
        except ports.Unreadable as damage:
            log.warning("uncertain letters not looked at campaign=%s: %s", campaign.id, damage)
        except Exception:  # one campaign's trouble must not keep the others from being looked at
            log.exception("uncertain letters not looked at campaign=%s", campaign.id)

    def _visit(self, campaign: Campaign, now: datetime) -> None:
        question = self._question(campaign)
        if question.doubts:
            self.learned(campaign.workspace, campaign.id)
            known = self.logs.found(campaign, self._question(campaign).doubts, now)
            self._tell_settled(campaign, self._settle(campaign, known, by=LOG), LOG)
            self._give_up(campaign)
        self._take_up(campaign)
        self._show(campaign)

    def learned(self, workspace: WorkspaceId, campaign_id: CampaignId) -> None:
        """After events were appended: what they prove is settled, each batch once."""
        proven = self.store.ledgers.read(workspace, campaign_id, lambda fold: fold.proven())
        if proven:
            campaign = self.store.campaigns.get(workspace, campaign_id)
            self._tell_settled(campaign, self._settle(campaign, proven, by=EVENTS), EVENTS)

    def _tell_settled(self, campaign: Campaign, people: int, by: str) -> None:
        if not people:
            return
        log.info("settled campaign=%s people=%d by=%s", campaign.id, people, by)
        about = {"people": people}
        entry = ports.LogEntry(at=self.clock.now(), by=by, verb="settled", subject=campaign.id, about=about)
        self.store.log.write(campaign.workspace, entry)
        self._show_counts(campaign)
        self._show(campaign)

    def _settle(self, campaign: Campaign, doubts: Sequence[Doubt], *, by: str, gone: bool = True) -> int:
        """How many people's letters: a batch that somebody else settled meanwhile is not counted."""
        people = 0
        for one in doubts:
            fact = Settled(wave=one.wave, batch=one.batch, at=self.clock.now(), gone=gone, by=by)
            if self.store.ledgers.append(campaign.workspace, campaign.id, fact):
                people += one.people
        return people

    def _give_up(self, campaign: Campaign) -> None:
        """A day has passed: the owner is told once what that means, and is asked no more."""
        question = self._question(campaign)
        if not question.is_over:
            return
        with self._deciding:  # two sweeps may come here at once
            told_at = self.store.campaigns.get(campaign.workspace, campaign.id).given_up_at
            if told_at is not None and told_at >= question.until - rules.PATIENCE:
                return
            self._save(campaign, lambda known: campaign_rules.edit(known, given_up_at=self.clock.now()))
        key = "settling.said.over.silent" if question.reminds else "settling.said.over"
        said = sentence(key, n=question.known_persons, name=campaign.name)
        self.campaigns.telling.tell(campaign, said)

    def _take_up(self, campaign: Campaign) -> None:
        """A sent campaign with letters to send was asked to resend them, and stopped half-way there. Where
        that was long ago (a restored backup), its owner is asked first."""
        if campaign.state is not State.SENT:
            return
        waiting, last_at = self._read(campaign, lambda fold: (fold.is_waiting(), fold.last_at))
        if not waiting:
            return
        now = self.clock.now()
        sending = campaign_rules.move(campaign, State.SENDING, ended_at=None)
        if last_at is None or now - last_at <= campaign_rules.LATE:
            self.store.campaigns.advance(campaign.workspace, sending, campaign.revision, wake_at=now)
            return
        why = sentence("campaigns.why.interrupted", moment=last_at)
        held = campaign_rules.move(sending, State.HELD, why=why)
        said, telling = sentence("campaigns.said.halted", name=held.name, why=why), self.campaigns.telling
        telling.pay(telling.advance(held, campaign.revision, None, said))

    # --- decided --------------------------------------------------------------------------------------

    def wait(self, member: Member, campaign_id: str, seen: str) -> None:
        """The owner is not asked again before the day is over. `seen`: the mark of what was shown."""
        campaign = self.campaigns.get(member, campaign_id)
        with self._deciding:
            question = self._seen(campaign, seen)
            if question.is_over:
                raise Stale("settling.said.over", n=question.people, name=campaign.name)
            if question.waits:
                raise Stale("settling.waits", until=question.until)
            self._save(campaign, lambda known: campaign_rules.edit(known, waited_at=self.clock.now()))
        self._decided(member, campaign, "waited", question.people)

    def settle(self, member: Member, campaign_id: str, seen: str) -> None:
        """They count as gone."""
        campaign = self.campaigns.get(member, campaign_id)
        with self._deciding:
            doubts = self._seen(campaign, seen).doubts
            people = self._settle(campaign, doubts, by=member.id)
        self._decided(member, campaign, "settled", people)

    def resend(self, member: Member, campaign_id: str, seen: str) -> None:
        """They leave again, at the owner's risk and in their name."""
        self._require_sender(member)
        campaign = self.campaigns.get(member, campaign_id)
        closing.require_open(campaign, self.clock.now())
        with self._deciding:
            question = self._seen(campaign, seen)
            if not question.may_resend:
                raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
            if not question.resent:
                raise Stale("settling.needless", name=campaign.name)
            needless = self._read(campaign, partial(_needless, question.doubts))
            self._settle(campaign, needless, by=member.id)
            again = [one for one in question.doubts if one not in needless]
            self._settle(campaign, again, by=member.id, gone=False)
        self._send_again(campaign)
        self._decided(member, campaign, "resent", question.resent)

    def _require_sender(self, member: Member) -> None:
        self.campaigns.people.require(member)
        if not people_rules.may_send(member, tuple(self.policy.senders)):
            raise Refusal("campaigns.not_sender")

    def _seen(self, campaign: Campaign, seen: str) -> Question:
        """What is asked now, where it is what the person saw; with the lock held."""
        question = self._question(campaign)
        if not question.doubts:
            raise Stale("settling.done", name=campaign.name)
        if rules.mark(question.doubts) != seen:
            raise Stale("settling.changed", n=question.people, name=campaign.name)
        return question

    def _send_again(self, campaign: Campaign) -> None:
        """Where it stands still, it waits for Resume like everything that has not left."""

        def awake(known: Campaign) -> Campaign:
            if known.state is State.SENT:
                return campaign_rules.move(known, State.SENDING, ended_at=None)
            return known

        while (known := self.store.campaigns.get(campaign.workspace, campaign.id)).state in (
            State.SENT,
            State.SENDING,
        ):
            try:
                self.store.campaigns.advance(
                    campaign.workspace, awake(known), known.revision, wake_at=self.clock.now()
                )
            except Stale:
                continue  # the wave ended, or somebody paused it, in this very moment
            return

    def _decided(self, member: Member, campaign: Campaign, verb: str, people: int) -> None:
        note(self.store, self.clock.now(), member, verb, campaign.id, people=people)
        self._show_counts(campaign)
        self._show(campaign)

    def _save(self, campaign: Campaign, change: Callable[[Campaign], Campaign]) -> None:
        """Its wake-up stays. The clock may advance the record at the same moment: its change stands too."""
        while True:
            known = self.store.campaigns.get(campaign.workspace, campaign.id)
            try:
                self.store.campaigns.save(campaign.workspace, change(known), known.revision)
            except Stale:
                continue
            return


def _needless(doubts: Sequence[Doubt], fold: Fold) -> list[Doubt]:
    """Those that nobody needs any more: they count as gone."""
    return [one for one in doubts if not rules.resent(fold, one)]
