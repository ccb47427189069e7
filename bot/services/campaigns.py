"""Campaigns from their schedule on: cancelling, another moment, pausing, stopping."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import ports
from bot.core import campaigns as rules
from bot.core import links
from bot.core.addresses import canonical
from bot.core.campaigns import Campaign, State, Step, When
from bot.core.contacts import Contact
from bot.core.delivery import Progress
from bot.core.ids import CampaignId
from bot.core.lists import ContactList
from bot.core.people import Member, called, is_admin
from bot.core.sentences import Refusal, Stale, sentence
from bot.services.drafts import Drafts, check_moment
from bot.services.log import note
from bot.services.operators import Operators
from bot.services.racing import departed, insisted
from bot.services.readiness import require_ready, short_of_credits, warn


@dataclass(frozen=True, kw_only=True)
class Campaigns(Drafts):
    """Everything a person does with campaigns; what happens before the schedule stands in `Drafts`."""

    # --- schedule, cancel -----------------------------------------------------------------------------

    def schedule(self, member: Member, campaign_id: str, expected: int) -> Campaign:
        """Fix the audience and set the wake-up. The second click finds it scheduled: `Stale`."""
        self._require_sender(member)
        while True:
            draft = self.draft(member, campaign_id, expected)
            try:
                scheduled = self._schedule(member, draft)
            except Stale:
                # a test that arrived meanwhile is noted in the draft, and changes no word of it
                if self.draft(member, campaign_id, expected).revision == draft.revision:
                    raise
                continue
            self.show(member, scheduled)
            self.lists.follow(member, scheduled.list_id)
            self._count_credits(scheduled)
            return scheduled

    def _schedule(self, member: Member, draft: Campaign) -> Campaign:
        self._require_complete(draft)
        contact_list = self.lists.usable(member, draft.list_id or "")
        now = self.clock.now()
        send_at = self._departure(draft, now)
        require_ready(self.letters.mailer, draft)
        audience, size = self._fix_audience(draft, contact_list)
        scheduled = rules.move(
            draft, State.SCHEDULED, send_at=send_at, scheduled_at=now, audience=audience,
            audience_size=size, list_title=contact_list.title, list_version=contact_list.version,
        )  # fmt: skip
        self.store.campaigns.advance(member.workspace, scheduled, draft.revision, wake_at=send_at)
        note(self.store, now, member, "scheduled", draft.id, people=size)
        return scheduled

    def _count_credits(self, scheduled: Campaign) -> None:
        """Too few of them keep nothing from being scheduled: there may be time to buy more."""
        short = short_of_credits(self.letters.mailer, scheduled.audience_size)
        if short:
            warn(Operators(telling=self.telling), scheduled, short)

    def _require_complete(self, draft: Campaign) -> None:
        links.check_link(draft.link)
        rules.check_subject(draft.subject)
        rules.check_body(draft.body)

    def _departure(self, draft: Campaign, now: datetime) -> datetime:
        if draft.when is When.LATER:
            return check_moment(draft.send_at, now)
        # one's own letter needs no time for second thoughts
        return now if draft.to_myself else now + timedelta(seconds=self.policy.undo_seconds)

    def fix_again(self, member: Member, list_id: str) -> tuple[Campaign, ...]:
        """The person's scheduled campaigns of this list write to the people it has now. One that left, was
        taken back or fixed again meanwhile stays as it is."""
        contact_list = self.lists.usable(member, list_id)
        fixed = []
        for campaign in self.visible(member):
            if campaign.state is not State.SCHEDULED or campaign.list_id != contact_list.id:
                continue
            if campaign.list_version == contact_list.version:
                continue
            with suppress(Stale):
                fixed.append(self._fix_again(member, campaign, contact_list))
        return tuple(fixed)

    def _fix_again(self, member: Member, campaign: Campaign, contact_list: ContactList) -> Campaign:
        audience, size = self._fix_audience(campaign, contact_list)
        changed = rules.edit(
            campaign, audience=audience, audience_size=size, list_title=contact_list.title,
            list_version=contact_list.version,
        )  # fmt: skip
        return self._advance(member, changed, campaign, campaign.send_at, "fixed again")

    def _fix_audience(self, draft: Campaign, contact_list: ContactList) -> tuple[str, int]:
        """Without duplicates; suppressed people are counted out at departure, when it is true."""
        seen: set[str] = set()

        def unique() -> Iterator[Contact]:
            for contact in self.store.lists.contacts(draft.workspace, contact_list.id):
                address = canonical(contact.email)
                if address not in seen:
                    seen.add(address)
                    yield contact

        audience = self.store.campaigns.fix_audience(draft.workspace, draft.id, unique())
        if not seen:
            raise Refusal("campaigns.empty_list", title=contact_list.title)
        return audience, len(seen)

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
            campaign, State.DRAFT, audience="", audience_size=0, scheduled_at=None, step=Step.CHECK
        )
        self.store.campaigns.advance(member.workspace, draft, expected, wake_at=None)
        note(self.store, self.clock.now(), member, "edited", campaign_id)
        self.show(member, draft)
        self.lists.follow(member, draft.list_id)
        return draft

    def reschedule(self, member: Member, campaign_id: str, send_at: datetime | None) -> Campaign:
        """A held or scheduled campaign gets another moment."""
        self._require_sender(member)
        campaign = self.get(member, campaign_id)
        moment = check_moment(send_at, self.clock.now())
        if campaign.state is State.SCHEDULED:
            moved = rules.edit(campaign, send_at=moment, when=When.LATER)
        else:
            self._require_not_departed(campaign)
            moved = rules.move(campaign, State.SCHEDULED, send_at=moment, when=When.LATER, why=None)
        self.store.campaigns.advance(member.workspace, moved, campaign.revision, wake_at=moment)
        note(self.store, self.clock.now(), member, "rescheduled", campaign_id)
        self.show(member, moved)
        return moved

    def _require_not_departed(self, campaign: Campaign) -> None:
        if campaign.departed_at is not None:
            raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)

    # --- once it runs ---------------------------------------------------------------------------------

    def send_now(self, member: Member, campaign_id: str) -> Campaign:
        """The owner's answer to a held campaign: it leaves, or goes on, at once."""
        campaign = self._standing(member, campaign_id, State.HELD)
        to = State.SCHEDULED if campaign.departed_at is None else State.SENDING
        now = self.clock.now()
        return self._advance(
            member, rules.move(campaign, to, send_at=now, why=None), campaign, now, "resumed"
        )

    def _standing(self, member: Member, campaign_id: str, state: State) -> Campaign:
        """The campaign, in that state; what became of it otherwise, as `Stale`. Letters will leave: only
        for who may send."""
        self._require_sender(member)
        campaign = self.get(member, campaign_id)
        _require_state(campaign, state)
        return campaign

    def attended(self, member: Member, campaign_id: str) -> Campaign:
        """As `get`; of others too, for who looks after the bot."""
        try:
            found = self.store.campaigns.get(member.workspace, CampaignId(campaign_id))
        except ports.Missing:
            raise Refusal("campaigns.unknown") from None
        if not rules.may_attend(member, found, tuple(self.policy.admins)):
            raise Refusal("campaigns.unknown")
        return found

    def pause(self, member: Member, campaign_id: str) -> Campaign:
        campaign = self.attended(member, campaign_id)
        why = sentence("campaigns.why.person")
        if member.id != campaign.owner:
            why = sentence("delivery.why.admin", who=called(member))
        paused = rules.move(campaign, State.PAUSED, why=why, repaired_at=None)
        return self._advance(member, paused, campaign, None, "paused")

    def resume(self, member: Member, campaign_id: str) -> Campaign:
        """An admin needs no right to send: the people and the words are their owner's."""
        campaign = self.attended(member, campaign_id)
        if member.id == campaign.owner:
            self._require_sender(member)
        _require_state(campaign, State.PAUSED)
        resumed = rules.move(campaign, State.SENDING, why=None, repaired_at=None)
        return self._advance(member, resumed, campaign, self.clock.now(), "resumed")

    def stop(self, member: Member, campaign_id: str) -> Campaign:
        """For good. Before departure, stopping is cancelling."""

        def act() -> Campaign:
            campaign = self.attended(member, campaign_id)
            to = State.STOPPED if campaign.departed_at is not None else State.CANCELLED
            return self._end(member, campaign, to, "stopped")

        return insisted(act)

    def _end(self, member: Member, campaign: Campaign, to: State, verb: str) -> Campaign:
        ended = rules.move(campaign, to, ended_at=self.clock.now(), why=None)
        ended = self._advance(member, ended, campaign, None, verb)
        if campaign.state is State.SCHEDULED:
            self.lists.follow(self.telling.member(ended, ended.owner), ended.list_id)
        return ended

    def _advance(
        self, member: Member, changed: Campaign, known: Campaign, wake_at: datetime | None, verb: str
    ) -> Campaign:
        self.store.campaigns.advance(member.workspace, changed, known.revision, wake_at)
        note(self.store, self.clock.now(), member, verb, changed.id)
        if member.id == changed.owner:
            self.show(member, changed)
        else:
            said = sentence(f"delivery.by_admin.{verb}", who=called(member), name=changed.name)
            self.telling.tell(changed, said)
        return changed

    def of_others(self, member: Member) -> list[tuple[Campaign, Progress, Member]]:
        """For who looks after the bot: what runs or stands still, its counts and its owner; newest first."""
        if not is_admin(member, tuple(self.policy.admins)):
            return []
        return [
            (one, self.progress(one), self.telling.member(one, one.owner))
            for one in self.store.campaigns.all(member.workspace)
            if one.owner != member.id and one.state in rules.ATTENDED
        ]

    def running(self, member: Member) -> list[Campaign]:
        """What *stop* may mean: on its way now, else about to leave."""
        mine = self.visible(member)
        sending = [one for one in mine if one.state is State.SENDING]
        return sending or [one for one in mine if one.state is State.SCHEDULED]

    def show(self, member: Member, campaign: Campaign) -> None:
        """The campaign's message follows; where Slack is away, it is owed."""
        try:
            self.messenger.show_campaign(member, campaign, self.progress(campaign))
        except ports.Unreachable:
            self.telling.tell(campaign)


def _require_state(campaign: Campaign, state: State) -> None:
    if campaign.state is not state:
        raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
