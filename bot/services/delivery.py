"""Delivery: what leaves when, and what is written down before and after.

A batch is claimed durably before its request leaves, and its outcome recorded after. Whatever cannot be
known (a time-out after the body left, a crash in between) is *uncertain* and never resent by itself.
"""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from bot import ports
from bot.core import campaigns as rules
from bot.core import closing, facts, pace, planning
from bot.core.audiences import lists_of
from bot.core.campaigns import Campaign, State
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.sentences import Refusal, Sentence, Stale, sentence
from bot.services import damage, wholeness
from bot.services.campaigns import Campaigns
from bot.services.letters import Correspondence
from bot.services.operators import Operators
from bot.services.petitions import people_of
from bot.services.pipeline import Pipeline
from bot.services.posting import Posting
from bot.services.racing import TRIES, insisted
from bot.services.recovery import Recovery
from bot.services.standstill import Standstill

log = logging.getLogger("postillon")

AT_ONCE = 4  # requests under way for one campaign
AGAIN = timedelta(seconds=30)  # until the next try, where nothing names a better moment


@dataclass(frozen=True, kw_only=True)
class Delivery(Recovery):
    letters: Correspondence
    mailer: ports.Mailer
    campaigns: Campaigns
    posts: Executor
    prepare: Callable[[WorkspaceId], None] = lambda _: None  # whom the mail service will not write to
    _standstill: Standstill = field(default_factory=Standstill)
    _busy: set[CampaignId] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def sweep(self, now: datetime) -> None:
        """Visit every campaign whose wake-up has come, or whose last outcomes found no room on the disk; one
        that another thread visits is left to it."""
        for workspace, campaign_id in self._due(now):
            if self._leaving.is_set():
                return
            self._once(campaign_id, partial(self._visit, workspace, campaign_id, now))

    def _due(self, now: datetime) -> Collection[tuple[WorkspaceId, CampaignId]]:
        return dict.fromkeys([*self.store.campaigns.due(now), *self._flights.copy()])

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
        except Exception:  # one campaign's trouble must not keep the others from leaving
            log.exception("a visit failed campaign=%s", campaign_id)
        finally:
            with self._lock:
                self._busy.discard(campaign_id)

    def _visit(self, workspace: WorkspaceId, campaign_id: CampaignId, now: datetime) -> None:
        try:
            self._visit_while_due(workspace, campaign_id, now)
        except ports.Unwritable as full:
            self._standstill.tell(self.telling, self.store.campaigns.get(workspace, campaign_id), full)

    def _visit_while_due(self, workspace: WorkspaceId, campaign_id: CampaignId, now: datetime) -> None:
        """A person may be first, and set another wake-up, while others were visited or this one was: their
        change stands. Where only a note was made in the record, it is as due as before."""
        for _ in range(TRIES):
            if (workspace, campaign_id) not in self._due(now):
                return
            with suppress(Stale):
                self._visit_readable(workspace, campaign_id, now)
                return

    def _visit_readable(self, workspace: WorkspaceId, campaign_id: CampaignId, now: datetime) -> None:
        try:
            self._move_on(workspace, campaign_id, now)
        except ports.Unreadable as unreadable:
            self._flights.pop((workspace, campaign_id), None)
            damage.hold(self.telling, workspace, campaign_id, unreadable)

    def _move_on(self, workspace: WorkspaceId, campaign_id: CampaignId, now: datetime) -> None:
        campaign = self.store.campaigns.get(workspace, campaign_id)
        if (workspace, campaign_id) in self._flights:
            self._settle_flight(campaign, now, "unrecorded")
            campaign = self._rest(campaign)
        match campaign.state:
            case State.SCHEDULED:
                self._depart(campaign, now)
            case State.AWAITING:
                self.campaigns.approvals.visit(campaign, now)
            case State.SENT:
                self._remind(campaign, now)
            case State.HELD if campaign.asks_about:
                self.reminding.give_up(campaign, now)
            case State.SENDING:
                self._send(campaign)
            case _:
                # nothing to do in any other state: the wake-up is a leftover
                self.store.campaigns.advance(workspace, campaign, campaign.revision, wake_at=None)

    # --- departure ------------------------------------------------------------------------------------

    def _depart(self, campaign: Campaign, now: datetime) -> None:
        assert campaign.send_at is not None
        if wrong := self._mistake(campaign, campaign.send_at, now):
            self.telling.pay(self._hold(campaign, wrong))
            return
        # the settings ask for it since it was scheduled, or more people get a letter than were foreseen
        if self.campaigns.approvals.is_missing(counted := self._counted(campaign, now)):
            self.telling.pay(self._hold(*self.campaigns.approvals.missed(counted)))
            return
        if not campaign.to_myself:
            self.prepare(campaign.workspace)
        # first the move, which nobody can undo, then the wave: opened before, it could outlive an edit
        sending = rules.move(
            campaign, State.SENDING, departed_at=now, redirects=bool(self.campaigns.policy.public_url),
            counts_openings=self._counts_openings(campaign),
        )  # fmt: skip
        self.store.campaigns.advance(campaign.workspace, sending, campaign.revision, wake_at=now)
        self._begin(sending, now)
        told = self.posts.submit(self._show_departure, sending)
        try:
            self._send(sending, told)
        finally:
            wait([told])  # the end is never told before the departure

    def _mistake(self, campaign: Campaign, send_at: datetime, now: datetime) -> Sentence | None:
        if planning.is_closed(campaign, now):
            return closing.why_held(campaign)
        late = now - send_at > rules.LATE
        return sentence("campaigns.why.late", moment=send_at) if late else self.letters.mistake(campaign)

    def _counted(self, campaign: Campaign, now: datetime) -> Campaign:
        """Whom another campaign was to write to first, and did not, gets this letter after all: with them it
        may be one that needs an approval."""
        if not self.campaigns.approvals.is_missing(replace(campaign, expected=campaign.audience_size)):
            return campaign
        removed = set[int]().union(*self._removed(campaign, now).values())
        return replace(campaign, expected=max(people_of(campaign), campaign.audience_size - len(removed)))

    def _begin(self, campaign: Campaign, now: datetime) -> None:
        """Whoever opens the wave owes the owner the word that it leaves."""
        if self._is_open(campaign) or not self._open_wave(campaign, now):
            return
        if campaign.wave or not campaign.to_myself:  # who tries it on themselves sees their one letter come
            self._tell_departure(campaign, now)

    def _remind(self, campaign: Campaign, now: datetime) -> None:
        """The reminder that is due leaves; or its owner is told of it, or asked."""
        if going := self.reminding.visit(campaign, now):
            told = self.posts.submit(self._show_departure, going)
            try:
                self._send(going, told)
            finally:
                wait([told])

    def _counts_openings(self, campaign: Campaign) -> bool:
        return not campaign.to_myself and self.store.spaces.get(campaign.workspace).openings is not None

    def _show_departure(self, campaign: Campaign) -> None:
        """Beside the letters: a Slack that is away must not hold them up. Who is to be told is owed it."""
        try:
            self.telling.retry()
            owner = self.telling.member(campaign, campaign.owner)
            for list_id in lists_of(campaign):
                self.campaigns.lists.follow(owner, list_id)
        except Exception:
            log.exception("a departure is not shown campaign=%s", campaign.id)

    def _open_wave(self, campaign: Campaign, now: datetime) -> bool:
        """At departure people are only removed. Once open, a wave stays as it is: False."""
        with self._opening:
            return not self._is_open(campaign) and self._open(campaign, now)

    def _is_open(self, campaign: Campaign) -> bool:
        return self._ask(campaign, lambda fold: len(fold.waves) > campaign.wave)

    def _open(self, campaign: Campaign, now: datetime) -> bool:
        """One after the other: of two in one chain, the second sees whom the first invites."""
        removed = self.reminding.removed if campaign.wave else self._removed
        opened = facts.WaveOpened(
            wave=campaign.wave, at=now, audience_size=campaign.audience_size, removed=removed(campaign, now),
            batch_size=pace.batch_size(campaign.speed), per_hour=campaign.speed,
        )  # fmt: skip
        is_ours = self.store.ledgers.append(campaign.workspace, campaign.id, opened)
        if not is_ours and not self._is_open(campaign):
            raise wholeness.behind(campaign)
        return is_ours

    def _removed(self, campaign: Campaign, now: datetime) -> dict[str, tuple[int, ...]]:
        barred = self.reminding.suppressed(campaign)
        return barred | self.campaigns.audiences.frequency.to_remove(campaign, now)

    # --- sending --------------------------------------------------------------------------------------

    def _send(self, campaign: Campaign, told: Future[None] | None = None) -> None:
        """Every batch that may leave now, `AT_ONCE` under way; then the next wake-up, or the end. `told`:
        what is being said of it meanwhile, and comes first."""
        if self._is_kept_back(campaign, now := self.clock.now()):
            return
        self._begin(campaign, now)  # a crash may have come right after the departure
        wave = self._ask(campaign, lambda fold: fold.waiting_wave()) or 0
        letter = self.letters.letter(campaign, wave=wave)
        try:
            composed = self.letters.compose(letter)
        except Refusal as refusal:
            self.telling.pay(self._pause(campaign, refusal.sentence))
            return
        unrecorded = self._flights.setdefault((campaign.workspace, campaign.id), [])
        posting = Posting(
            store=self.store, mailer=self.mailer, letters=self.letters, clock=self.clock,
            campaign=campaign, wave=wave, letter=letter, composed=composed, stopped=self._leaving,
            unrecorded=unrecorded,
        )  # fmt: skip
        follow = partial(self.telling.follow, campaign)
        Pipeline(posts=self.posts, at_once=AT_ONCE, follow=follow).run(posting)
        wait([told] if told else [])
        self._after(campaign, posting)

    def _after(self, campaign: Campaign, posting: Posting) -> None:
        self._settle_flight(campaign, self.clock.now(), "unrecorded")
        if trouble := posting.damaged or posting.unwritable:
            raise trouble

        def act() -> Campaign:
            known = self.store.campaigns.get(campaign.workspace, campaign.id)
            if known.state is not State.SENDING:
                return self._rest(known)
            self._conclude(known, posting)
            return known

        insisted(act)  # somebody may pause it in this very moment

    def _rest(self, campaign: Campaign) -> Campaign:
        """Paused or stopped while letters were in flight: they count now, and may have been the last."""
        if campaign.state is State.PAUSED and self._is_over(campaign):
            self.telling.pay(self._finish(campaign))
            return self.store.campaigns.get(campaign.workspace, campaign.id)
        if campaign.state is not State.SENDING:
            self.telling.tell(campaign)
        return campaign

    def _conclude(self, known: Campaign, posting: Posting) -> None:
        if posting.refused:
            operators = Operators(telling=self.telling)
            why = operators.why(known, posting.refused, _why_refused(posting.refused))
            self.telling.pay(self._pause(known, why))
            operators.alarm(known, posting.refused)
        elif self._is_over(known):
            self.telling.pay(self._finish(known))
        elif planning.is_closed(known, self.clock.now()):
            self.telling.pay(self._close(known))
        elif why_enough := self._why_enough(known, posting.before, posting.strain):
            self.telling.pay(self._pause(known, why_enough))
            said = sentence("pace.cure.failing", name=known.name, why=why_enough)
            Operators(telling=self.telling).tell(known, said)
        elif not self._leaving.is_set():
            self._go_on_later(known, posting)

    def _go_on_later(self, campaign: Campaign, posting: Posting) -> None:
        now = self.clock.now()
        wake_at = now + AGAIN if posting.failed else posting.next_visit(now + AGAIN)
        if self._ask(campaign, lambda fold: fold.waiting_wave()) not in (None, posting.wave):
            wake_at = now  # letters of another wave were asked for once more
        wake_at = min(wake_at, campaign.closing_at or wake_at)
        self.store.campaigns.advance(campaign.workspace, campaign, campaign.revision, wake_at=wake_at)
        if posting.strain.is_news(posting.before) and posting.strain.since:
            left = self._progress(campaign).pending
            said = sentence("pace.said.away", name=campaign.name, n=left, since=posting.strain.since)
            self.telling.tell(campaign, said)


def _why_refused(refused: ports.Refused) -> Sentence:
    """As its owner reads it. The letter of a campaign that departed cannot be changed any more."""
    if refused.why in ("size", "letter"):
        return sentence(f"pace.refused.{refused.why}", detail=refused.detail)
    return sentence(f"mail.refused.{refused.why}", detail=refused.detail)
