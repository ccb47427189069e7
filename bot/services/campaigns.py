"""Campaigns from their schedule on: cancelling, another moment, pausing, stopping."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import campaigns as rules
from bot.core import closing, links
from bot.core.audiences import is_behind, versions_of
from bot.core.campaigns import Campaign, State, Step, When
from bot.core.doctor import require_public
from bot.core.inbox import Owed
from bot.core.people import Member
from bot.core.questionnaires import Placement, check_closing
from bot.core.sentences import Stale
from bot.services.attending import Attending, require_state
from bot.services.audiences import Counted
from bot.services.drafts import check_moment
from bot.services.log import note
from bot.services.operators import Operators
from bot.services.racing import departed, insisted
from bot.services.readiness import require_ready, short_of_credits, warn


@dataclass(frozen=True, kw_only=True)
class Campaigns(Attending):
    """Everything a person does with campaigns; what happens before the schedule stands in `Drafts`."""

    # --- schedule, cancel -----------------------------------------------------------------------------

    def schedule(self, member: Member, campaign_id: str, expected: int) -> Campaign:
        """Fix the audience and set the wake-up. The second click finds it scheduled: `Stale`."""
        self.require_sender(member)
        while True:
            draft = self.draft(member, campaign_id, expected)
            try:
                scheduled, owed = self._schedule(member, draft)
            except Stale:
                # a test that arrived meanwhile is noted in the draft, and changes no word of it
                if self.draft(member, campaign_id, expected).revision == draft.revision:
                    raise
                continue
            scheduled = self.approvals.ask(scheduled)
            self.telling.pay(owed)
            self._follow(member, scheduled)
            self._count_credits(scheduled)
            return scheduled

    def _schedule(self, member: Member, draft: Campaign) -> tuple[Campaign, Owed]:
        self._require_complete(draft)
        now = self.clock.now()
        send_at = self._departure(draft, now)
        check_closing(draft.closing_at, now, send_at)
        if draft.placement is Placement.COLUMN:
            self.require_personal_links(member, draft, draft.link_column)
        require_ready(self.letters.mailer, draft)
        self.lint.require(member, draft, self.audiences.reach(member, draft))
        fixed = self._fix_audience(member, draft)
        scheduled = self._guarded(
            member, rules.move(draft, State.SCHEDULED, send_at=send_at, scheduled_at=now, **fixed)
        )
        wake_at = self.approvals.wake_at(scheduled)
        owed = self.telling.advance(scheduled, draft.revision, wake_at)
        note(self.store, now, member, "scheduled", draft.id, people=scheduled.audience_size)
        return scheduled, owed

    def _guarded(self, member: Member, leaving: Campaign) -> Campaign:
        """Awaiting an approval first, where it needs one."""
        return self.approvals.guarded(
            leaving, lambda: self.audiences.reach(member, leaving), at_once=leaving.when is When.NOW
        )

    def _count_credits(self, scheduled: Campaign) -> None:
        """Too few of them keep nothing from being scheduled: there may be time to buy more."""
        short = short_of_credits(self.letters.mailer, scheduled.audience_size)
        if short and scheduled.send_at:
            warn(Operators(telling=self.telling), scheduled, short)

    def _require_complete(self, draft: Campaign) -> None:
        require_public(links.check_link(draft.link))

    def _departure(self, draft: Campaign, now: datetime) -> datetime:
        if draft.when is When.LATER:
            return check_moment(draft.send_at, now, draft.zone)
        # one's own letter needs no time for second thoughts
        return now if draft.to_myself else now + timedelta(seconds=self.policy.undo_seconds)

    def fix_again(self, member: Member, list_id: str) -> tuple[Campaign, ...]:
        """The person's scheduled campaigns of this list write to the people it has now. One that left, was
        taken back or fixed again meanwhile stays as it is."""
        contact_list = self.lists.usable(member, list_id)
        fixed = []
        for campaign in self.visible(member):
            if campaign.state not in rules.FIXED or not is_behind(campaign, contact_list):
                continue
            with suppress(Stale):
                fixed.append(self._fix_again(member, campaign))
        return tuple(fixed)

    def _fix_again(self, member: Member, campaign: Campaign) -> Campaign:
        """From all its lists as they are now: other people than those who were approved. Raises Refusal where
        another of them is gone."""
        fixed = self._fix_audience(member, campaign)
        withdrawn = replace(campaign, approval=self.approvals.withdrawn(campaign))
        send_at = campaign.send_at or self._departure(campaign, self.clock.now())
        changed = self._guarded(
            member, rules.edit(withdrawn, state=State.SCHEDULED, send_at=send_at, **fixed)
        )
        wake_at = self.approvals.wake_at(changed)
        return self._advance(member, changed, campaign, wake_at, "fixed again")

    def _fix_audience(self, member: Member, draft: Campaign) -> dict[str, object]:
        """Without duplicates; suppressed people are counted out at departure, when it is true. What the
        record notes of it."""
        sources = self.audiences.sources(member, draft)
        expected = self.audiences.require_somebody(member, draft).count
        people = Counted(self.audiences.people(member, draft))
        audience = self.store.campaigns.fix_audience(draft.workspace, draft.id, people)
        version, others = versions_of(sources.all)
        return {
            "audience": audience, "audience_size": people.n, "expected": expected,
            "columns": sources.columns, "list_title": sources.lists[0].title, "list_version": version,
            "other_versions": others, "tells_case": draft.tells_case or draft.state is State.DRAFT,
        }  # fmt: skip

    def cancel(self, member: Member, campaign_id: str) -> Campaign:
        """Before departure only. Idempotent: a second click finds it cancelled and says so."""

        def act() -> Campaign:
            campaign = self.get(member, campaign_id)
            if campaign.departed_at is not None:
                raise departed(campaign, self.progress(campaign))
            return self._end(member, campaign, State.CANCELLED, "cancelled")

        return insisted(act)

    def discard(self, member: Member, campaign_id: str, expected: int) -> None:
        """A draft thrown away. Where it was scheduled once, its message says that it came to nothing."""
        draft = self.draft(member, campaign_id, expected)
        super().discard(member, campaign_id, expected)
        if self.store.messages.of(member.workspace, draft.id):
            self.show(member, replace(draft, state=State.CANCELLED))

    def edit_scheduled(self, member: Member, campaign_id: str, expected: int) -> Campaign:
        """Back to a draft: nothing leaves until it is scheduled again."""
        campaign = self.get(member, campaign_id)
        if campaign.revision != expected:
            raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
        draft = rules.move(
            campaign, State.DRAFT, audience="", audience_size=0, scheduled_at=None, step=Step.CHECK, why=None,
            approval=self.approvals.withdrawn(campaign), changed_at=self.clock.now(),
        )  # fmt: skip
        owed = self.telling.advance(draft, expected, wake_at=None)
        note(self.store, self.clock.now(), member, "edited", campaign_id)
        self.approvals.follow(campaign, draft)
        self.telling.pay(owed)
        self._follow(member, draft)
        return draft

    def reschedule(self, member: Member, campaign_id: str, send_at: datetime | None) -> Campaign:
        """A held or scheduled campaign gets another moment. What was approved stays so: the letter and the
        people are the same, and those who approved are told of the moment."""
        self.require_sender(member)
        campaign = self.get(member, campaign_id)
        moment = check_moment(send_at, self.clock.now(), campaign.zone)
        closing.check_moment(campaign, moment, self.clock.now())
        if campaign.state in rules.FIXED:
            approval = self.approvals.put_off(campaign)
            moved = rules.edit(campaign, send_at=moment, when=When.LATER, approval=approval)
        else:
            require_state(campaign, State.HELD)  # a draft has no people yet
            self._require_not_departed(campaign)
            moved = rules.move(campaign, State.SCHEDULED, send_at=moment, when=When.LATER, why=None)
            moved = self.approvals.guarded(moved)
        wake_at = self.approvals.wake_at(moved)
        owed = self.telling.advance(moved, campaign.revision, wake_at)
        note(self.store, self.clock.now(), member, "rescheduled", campaign_id)
        self.approvals.follow(campaign, moved)
        moved = self.approvals.ask(moved)
        self.telling.pay(owed)
        return moved

    def _require_not_departed(self, campaign: Campaign) -> None:
        if campaign.departed_at is not None:
            raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)

    # --- once it runs ---------------------------------------------------------------------------------

    def send_now(self, member: Member, campaign_id: str) -> Campaign:
        """The owner's answer to a held campaign: it leaves, or goes on, at once; or awaits its approval."""
        campaign = self._standing(member, campaign_id, State.HELD)
        closing.require_open(campaign, self.clock.now())
        to = State.SCHEDULED if campaign.departed_at is None else State.SENDING
        now = self.clock.now()
        going = self.approvals.guarded(rules.move(campaign, to, send_at=now, why=None), at_once=True)
        wake_at = self.approvals.wake_at(going)
        return self._advance(member, going, campaign, wake_at, "resumed")

    def _standing(self, member: Member, campaign_id: str, state: State) -> Campaign:
        """The campaign, in that state; what became of it otherwise, as `Stale`. Letters will leave: only
        for who may send."""
        self.require_sender(member)
        campaign = self.get(member, campaign_id)
        require_state(campaign, state)
        return campaign
