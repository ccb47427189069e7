"""Delivery: what leaves when, and what is written down before and after.

A batch is claimed durably before its request leaves, and its outcome recorded after. Whatever cannot be
known (a time-out after the body left, a crash in between) is *uncertain* and never resent by itself.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot import ports
from bot.core import campaigns as rules
from bot.core import facts
from bot.core import people as people_rules
from bot.core.addresses import canonical
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.sentences import Refusal, Sentence, Stale, sentence
from bot.services.campaigns import Campaigns
from bot.services.letters import Correspondence
from bot.services.posting import Posting
from bot.services.telling import Telling

log = logging.getLogger("postillon")

AT_ONCE = 4  # requests under way for one campaign
OPERATORS = frozenset({"key", "sender", "credits", "redirect"})  # what only who runs the bot can repair
AGAIN = timedelta(seconds=30)  # until the next try, where nothing names a better moment
AWAY = timedelta(minutes=5)  # the bot was down longer than this: what was due meanwhile is asked about


@dataclass(frozen=True, kw_only=True)
class Delivery:
    store: ports.Store
    letters: Correspondence
    mailer: ports.Mailer
    campaigns: Campaigns
    telling: Telling
    clock: ports.Clock
    posts: Executor
    _busy: set[CampaignId] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def sweep(self, now: datetime) -> None:
        """Visit every campaign whose wake-up has come; one that another thread visits is left to it."""
        for workspace, campaign_id in self.store.campaigns.due(now):
            if self._leaving.is_set():
                return
            self._once(campaign_id, partial(self._visit, workspace, campaign_id, now))

    def leave(self) -> None:
        """Shutdown: claim nothing more; what is in flight gets its outcome."""
        self._leaving.set()

    def _once(self, campaign_id: CampaignId, visit: Callable[[], None]) -> None:
        with self._lock:
            if campaign_id in self._busy:
                return
            self._busy.add(campaign_id)
        try:
            visit()
        except Stale:
            return  # a person was first: their change stands, and set its own wake-up
        except Exception:  # one campaign's trouble must not keep the others from leaving
            log.exception("a visit failed campaign=%s", campaign_id)
        finally:
            with self._lock:
                self._busy.discard(campaign_id)

    def _visit(self, workspace: WorkspaceId, campaign_id: CampaignId, now: datetime) -> None:
        campaign = self.store.campaigns.get(workspace, campaign_id)
        match campaign.state:
            case State.SCHEDULED:
                self._depart(campaign, now)
            case State.SENDING:
                self._send(campaign)
            case _:
                # nothing to do in any other state: the wake-up is a leftover
                self.store.campaigns.advance(workspace, campaign, campaign.revision, wake_at=None)

    # --- departure ------------------------------------------------------------------------------------

    def _depart(self, campaign: Campaign, now: datetime) -> None:
        assert campaign.send_at is not None
        if now - campaign.send_at > rules.LATE:
            self._hold(campaign, sentence("campaigns.why.late", moment=campaign.send_at))
            return
        # first the move, which nobody can undo, then the wave: opened before, it could outlive an edit
        sending = rules.move(campaign, State.SENDING, departed_at=now)
        self.store.campaigns.advance(campaign.workspace, sending, campaign.revision, wake_at=now)
        self._open_wave(sending, now)
        if not sending.to_myself:  # who tries it on themselves waits for one letter, and sees it come
            self._tell(sending, "campaigns.said.departed", n=self._progress(sending).people)
        self.campaigns.lists.follow(self.telling.member(sending, sending.owner), sending.list_id)
        self._send(sending)

    def _open_wave(self, campaign: Campaign, now: datetime) -> None:
        """At departure people are only removed. Once open, a wave stays as it is."""
        if self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: bool(fold.waves)):
            return
        suppressed = self._suppressed(campaign)
        removed = {"suppressed": tuple(suppressed)} if suppressed else {}
        opened = facts.WaveOpened(wave=0, at=now, audience_size=campaign.audience_size, removed=removed)
        self.store.ledgers.append(campaign.workspace, campaign.id, opened)

    def _suppressed(self, campaign: Campaign) -> list[int]:
        numbers = {
            canonical(contact.email): number
            for number, contact in self.store.campaigns.recipients(campaign.workspace, campaign)
        }
        return sorted(numbers[one] for one in self.store.suppressions.among(campaign.workspace, numbers))

    def _hold(self, campaign: Campaign, why: Sentence) -> None:
        held = rules.move(campaign, State.HELD, why=why)
        self.store.campaigns.advance(campaign.workspace, held, campaign.revision, wake_at=None)
        self._tell(held, "campaigns.said.held", why=why)

    # --- sending --------------------------------------------------------------------------------------

    def _send(self, campaign: Campaign) -> None:
        """Every batch that may leave now, `AT_ONCE` at a time; then the next wake-up, or the end."""
        self._open_wave(campaign, self.clock.now())  # a crash may have come right after the departure
        letter = self.letters.letter(campaign)
        try:
            composed = self.letters.compose(letter)
        except Refusal as refusal:
            self._pause(campaign, refusal.sentence)
            return
        posting = Posting(
            store=self.store, mailer=self.mailer, letters=self.letters, clock=self.clock,
            campaign=campaign, letter=letter, composed=composed, stopped=self._leaving,
        )  # fmt: skip
        self._post_all(posting)
        self._after(campaign, posting)

    def _post_all(self, posting: Posting) -> None:
        batches = posting.claimable()
        for start in range(0, len(batches), AT_ONCE):
            if not posting.goes_on():
                return
            together = [self.posts.submit(posting.post, batch) for batch in batches[start : start + AT_ONCE]]
            for one in together:
                if error := one.exception():
                    posting.failed = True
                    log.error("a batch failed campaign=%s", posting.campaign.id, exc_info=error)
            self.telling.follow(posting.campaign)

    def _after(self, campaign: Campaign, posting: Posting) -> None:
        # nobody is at a batch any more: one without an outcome may have left
        self._settle_flight(campaign, self.clock.now(), "unrecorded")
        known = self.store.campaigns.get(campaign.workspace, campaign.id)
        if known.state is not State.SENDING:
            self.telling.tell(known)  # paused or stopped meanwhile: what was in flight counts now
            return
        if posting.refused:
            self._pause(known, sentence(f"mail.refused.{posting.refused.why}", detail=posting.refused.detail))
            self._tell_admins(known, posting.refused)
        elif self._progress(known).finished:
            self._finish(known)
        elif not self._leaving.is_set():
            later = self.clock.now() + AGAIN
            wake_at = later if posting.failed else posting.waits or posting.next_claim() or later
            self.store.campaigns.advance(known.workspace, known, known.revision, wake_at=wake_at)

    def _finish(self, campaign: Campaign) -> None:
        sent = rules.move(campaign, State.SENT, ended_at=self.clock.now())
        self.store.campaigns.advance(campaign.workspace, sent, campaign.revision, wake_at=None)
        progress = self._progress(sent)
        key = "campaigns.said.uncertain" if progress.uncertain else "campaigns.said.sent"
        self._tell(sent, key, n=progress.accepted, uncertain=progress.uncertain, rejected=progress.rejected)

    def _pause(self, campaign: Campaign, why: Sentence) -> None:
        paused = rules.move(campaign, State.PAUSED, why=why)
        self.store.campaigns.advance(campaign.workspace, paused, campaign.revision, wake_at=None)
        progress = self._progress(paused)
        left = progress.pending + progress.submitting
        self._tell(paused, "campaigns.said.paused", n=progress.accepted, left=left, why=why)

    def _tell_admins(self, campaign: Campaign, refused: ports.Refused) -> None:
        """What the owner cannot repair goes to those who can, with the cure; the owner hears why besides."""
        if refused.why not in OPERATORS:
            return
        for member in self.telling.store.people.all(campaign.workspace):
            if member.id != campaign.owner and people_rules.is_admin(
                member, tuple(self.telling.policy.admins)
            ):
                said = sentence(f"mail.cure.{refused.why}", name=campaign.name, detail=refused.detail)
                self.telling.tell(campaign, said, to=member.id)

    def _tell(self, campaign: Campaign, key: str, **values: int | Sentence) -> None:
        self.telling.tell(campaign, sentence(key, name=campaign.name, **values))

    def _progress(self, campaign: Campaign) -> Progress:
        return self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.progress(0))

    # --- start ----------------------------------------------------------------------------------------

    def recover(self, last_beat: datetime | None, now: datetime) -> None:
        """At start, before anything leaves: what was in flight is uncertain, what was missed is asked about.

        `last_beat` is when the bot was last known alive; after a long absence (or a restored backup)
        nothing leaves by itself.
        """
        for workspace in self.store.campaigns.workspaces():
            for campaign in self.store.campaigns.all(workspace):
                if campaign.departed_at and self._settle_flight(campaign, now, "restart"):
                    self.telling.tell(campaign)  # in whatever state: stopped ones had letters in flight too
                self._hold_if_missed(campaign, last_beat, now)

    def _settle_flight(self, campaign: Campaign, now: datetime, why: str) -> bool:
        """Batches claimed without an outcome become uncertain; True where there were any."""
        flying = self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.submitting())
        for wave, batch in flying:
            fact = facts.Uncertain(wave=wave, batch=batch, at=now, why=why)
            self.store.ledgers.append(campaign.workspace, campaign.id, fact)
        return bool(flying)

    def _hold_if_missed(self, campaign: Campaign, last_beat: datetime | None, now: datetime) -> None:
        away = last_beat is not None and now - last_beat > AWAY
        if campaign.state is State.SCHEDULED and campaign.send_at is not None:
            if away and campaign.send_at <= now:
                self._hold(
                    campaign, sentence("campaigns.why.away", moment=campaign.send_at, since=last_beat or now)
                )
        elif campaign.state is State.SENDING:
            last = self._progress(campaign).last_at or campaign.departed_at or now
            if now - last > rules.LATE:
                self._hold(campaign, sentence("campaigns.why.interrupted", moment=last))
