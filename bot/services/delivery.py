"""Delivery: what leaves when, and what is written down before and after.

A batch is claimed durably before its request leaves, and its outcome recorded after. Whatever cannot be
known (a time-out after the body left, a crash in between) is *uncertain* and never resent by itself.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot import ports
from bot.core import campaigns as rules
from bot.core import facts, pace
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.sentences import Refusal, Sentence, Stale, sentence
from bot.services import damage
from bot.services.campaigns import Campaigns
from bot.services.letters import Correspondence
from bot.services.operators import Operators
from bot.services.pipeline import Pipeline
from bot.services.posting import Posting
from bot.services.telling import Telling

log = logging.getLogger("postillon")

AT_ONCE = 4  # requests under way for one campaign
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
        try:
            self._move_on(workspace, campaign_id, now)
        except ports.Unreadable as unreadable:
            damage.hold(self.telling, workspace, campaign_id, unreadable)

    def _move_on(self, workspace: WorkspaceId, campaign_id: CampaignId, now: datetime) -> None:
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
            people = self._progress(sending).people
            self.telling.promise(sending, sentence("campaigns.said.departed", name=sending.name, n=people))
        told = self.posts.submit(self._show_departure, sending)
        try:
            self._send(sending, told)
        finally:
            wait([told])  # the end is never told before the departure

    def _show_departure(self, campaign: Campaign) -> None:
        """Beside the letters: a Slack that is away must not hold them up. Who is to be told is owed it."""
        try:
            self.telling.retry()
            self.campaigns.lists.follow(self.telling.member(campaign, campaign.owner), campaign.list_id)
        except Exception:
            log.exception("a departure is not shown campaign=%s", campaign.id)

    def _open_wave(self, campaign: Campaign, now: datetime) -> None:
        """At departure people are only removed. Once open, a wave stays as it is."""
        if self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: bool(fold.waves)):
            return
        suppressed = self._suppressed(campaign)
        removed = {"suppressed": tuple(suppressed)} if suppressed else {}
        opened = facts.WaveOpened(
            wave=0, at=now, audience_size=campaign.audience_size, removed=removed,
            batch_size=pace.batch_size(campaign.speed), per_hour=campaign.speed,
        )  # fmt: skip
        self.store.ledgers.append(campaign.workspace, campaign.id, opened)

    def _suppressed(self, campaign: Campaign) -> list[int]:
        known = (one.address for one in self.store.suppressions.all(campaign.workspace))
        return sorted(self.store.campaigns.among(campaign.workspace, campaign, known).values())

    def _hold(self, campaign: Campaign, why: Sentence) -> None:
        held = rules.move(campaign, State.HELD, why=why)
        self.store.campaigns.advance(campaign.workspace, held, campaign.revision, wake_at=None)
        self._tell(held, "campaigns.said.held", why=why)

    # --- sending --------------------------------------------------------------------------------------

    def _send(self, campaign: Campaign, told: Future[None] | None = None) -> None:
        """Every batch that may leave now, `AT_ONCE` under way; then the next wake-up, or the end. `told`:
        what is being said of it meanwhile, and comes first."""
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
        follow = partial(self.telling.follow, campaign)
        Pipeline(posts=self.posts, at_once=AT_ONCE, follow=follow).run(posting)
        wait([told] if told else [])
        self._after(campaign, posting)

    def _after(self, campaign: Campaign, posting: Posting) -> None:
        # nobody is at a batch any more: one without an outcome may have left
        self._settle_flight(campaign, self.clock.now(), "unrecorded")
        if posting.damaged:
            raise posting.damaged
        known = self.store.campaigns.get(campaign.workspace, campaign.id)
        if known.state is not State.SENDING:
            self.telling.tell(known)  # paused or stopped meanwhile: what was in flight counts now
            return
        if posting.refused:
            operators = Operators(telling=self.telling)
            self._pause(known, operators.why(known, posting.refused, _why_refused(posting.refused)))
            operators.alarm(known, posting.refused)
        elif self._progress(known).finished:
            self._finish(known)
        elif why := self._why_enough(known, posting):
            self._pause(known, why)
            said = sentence("pace.cure.failing", name=known.name, why=why)
            Operators(telling=self.telling).tell(known, said)
        elif not self._leaving.is_set():
            self._go_on_later(known, posting)

    def _why_enough(self, campaign: Campaign, posting: Posting) -> Sentence | None:
        """Why a person must decide, where requests failed in this visit as they did before."""
        strain = posting.strain
        if strain == posting.before or strain.since is None:
            return None
        if strain.is_in_doubt:
            return sentence("pace.paused.doubt", n=self._progress(campaign).uncertain)
        return sentence("pace.paused.away", since=strain.since) if strain.is_given_up else None

    def _go_on_later(self, campaign: Campaign, posting: Posting) -> None:
        later = self.clock.now() + AGAIN
        wake_at = later if posting.failed else posting.next_visit(later)
        self.store.campaigns.advance(campaign.workspace, campaign, campaign.revision, wake_at=wake_at)
        if posting.strain.is_news(posting.before) and posting.strain.since:
            left = self._progress(campaign).pending
            said = sentence("pace.said.away", name=campaign.name, n=left, since=posting.strain.since)
            self.telling.tell(campaign, said)

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
                try:
                    self._recover(campaign, last_beat, now)
                except ports.Unreadable as unreadable:
                    damage.hold(self.telling, workspace, campaign.id, unreadable)

    def _recover(self, campaign: Campaign, last_beat: datetime | None, now: datetime) -> None:
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
            if self.store.is_copy and campaign.send_at <= now:
                self._hold(campaign, sentence("storage.why.copied"))
            elif away and campaign.send_at <= now:
                self._hold(
                    campaign, sentence("campaigns.why.away", moment=campaign.send_at, since=last_beat or now)
                )
        elif campaign.state is State.SENDING:
            last = self._progress(campaign).last_at or campaign.departed_at or now
            if self.store.is_copy:
                self._hold(campaign, sentence("storage.why.copied"))
            elif now - last > rules.LATE:
                self._hold(campaign, sentence("campaigns.why.interrupted", moment=last))


def _why_refused(refused: ports.Refused) -> Sentence:
    """As its owner reads it. The letter of a campaign that departed cannot be changed any more."""
    if refused.why in ("size", "letter"):
        return sentence(f"pace.refused.{refused.why}", detail=refused.detail)
    return sentence(f"mail.refused.{refused.why}", detail=refused.detail)
