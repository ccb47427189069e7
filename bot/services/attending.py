"""Campaigns under way, in the hands of their owners, their deputies and who looks after the bot."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import ports
from bot.core import campaigns as rules
from bot.core import closing, planning
from bot.core.attending import Attended
from bot.core.audiences import lists_of
from bot.core.campaigns import Campaign, State
from bot.core.ids import CampaignId
from bot.core.people import Member, called, is_admin
from bot.core.sentences import Refusal, Stale, sentence
from bot.services.approvals import Approvals
from bot.services.drafts import Drafts
from bot.services.log import note
from bot.services.racing import insisted
from bot.services.reminding import UNKNOWN

May = Callable[[Member, Campaign, Sequence[str]], bool]
DEPUTISED = rules.ATTENDED | rules.FIXED  # what deputies see: also what is about to leave


@dataclass(frozen=True, kw_only=True)
class Attending(Drafts):
    """What may be done to a campaign beside writing it. `knows`: who answered it, as `Reminding`'s."""

    knows: Callable[[Campaign, datetime], bool] = lambda *_: True

    def attended(self, member: Member, campaign_id: str, may: May = rules.may_attend) -> Campaign:
        """As `get`; of others too, for who looks after the bot, and for whom else `may` lets."""
        try:
            found = self.store.campaigns.get(member.workspace, CampaignId(campaign_id))
        except ports.Missing:
            raise Refusal("campaigns.unknown") from None
        if not may(member, found, tuple(self.policy.admins)):
            raise Refusal("campaigns.unknown")
        return found

    def pause(self, member: Member, campaign_id: str) -> Campaign:
        def act() -> Campaign:
            campaign = self.attended(member, campaign_id, rules.may_halt)
            if campaign.state is State.SENT:
                return self._suspend(member, campaign)
            why = sentence("campaigns.why.person")
            if member.id != campaign.owner:
                why = sentence("delivery.why.admin", who=called(member))
            paused = rules.move(campaign, State.PAUSED, why=why, repaired_at=None)
            return self._advance(member, paused, campaign, None, "paused")

        return insisted(act)

    def _suspend(self, member: Member, campaign: Campaign) -> Campaign:
        """Of a campaign that was sent, its reminders."""
        if campaign.rests:
            raise Stale("reminders.stale.rests", name=campaign.name)
        self._require_ahead(campaign)
        return self._advance(member, rules.edit(campaign, rests=True), campaign, None, "paused")

    def _require_ahead(self, campaign: Campaign) -> None:
        """Raises `Stale` where nothing of it is to come."""
        if not planning.ahead(campaign, self.clock.now()):
            raise Stale("campaigns.state.sent", name=campaign.name)

    def resume(self, member: Member, campaign_id: str) -> Campaign:
        """An admin needs no right to send: the people and the words are their owner's."""

        def act() -> Campaign:
            campaign = self.attended(member, campaign_id)
            if member.id == campaign.owner:
                self.require_sender(member)
            if campaign.state is State.PAUSED or campaign.rests:
                closing.require_open(campaign, self.clock.now())
            if campaign.state is State.SENT and campaign.rests:
                going, now = planning.awake(campaign, self.clock.now()), self.clock.now()
                return self._advance(member, going, campaign, planning.wake_at(going, now), "resumed")
            require_state(campaign, State.PAUSED)
            if self._is_unsure(campaign):
                return self._ask_who_answered(member, campaign)
            resumed = rules.move(campaign, State.SENDING, why=None, repaired_at=None)
            return self._advance(member, resumed, campaign, self.clock.now(), "resumed")

        return insisted(act)

    def _is_unsure(self, campaign: Campaign) -> bool:
        """What is left of a reminder is for who is silent, and nobody knows any more who that is."""
        half = planning.worded(campaign, campaign.wave)
        if half is None or half.to_unsure:
            return False
        return not self.knows(planning.as_before(campaign), self.clock.now())

    def _ask_who_answered(self, member: Member, campaign: Campaign) -> Campaign:
        number = next(n for n, one in enumerate(campaign.reminders, 1) if one.wave == campaign.wave)
        asked = planning.changed(campaign, number, unknown=True)
        why = sentence(UNKNOWN, number=number)
        held = rules.move(asked, State.HELD, why=why, asks_about=number, repaired_at=None)
        left = self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.left())
        said = sentence("reminders.said.half", name=held.name, number=number, n=left)
        owed = self.telling.advance(held, campaign.revision, None, said, asks=True)
        note(self.store, self.clock.now(), member, "resumed", campaign.id)
        self.telling.pay(owed)
        return held

    def stop(self, member: Member, campaign_id: str) -> Campaign:
        """For good. Before departure, stopping is cancelling."""

        def act() -> Campaign:
            campaign = self.attended(member, campaign_id, rules.may_halt)
            if campaign.state is State.SENT:
                self._require_ahead(campaign)
            to = State.STOPPED if campaign.departed_at is not None else State.CANCELLED
            return self._end(member, campaign, to, "stopped")

        return insisted(act)

    def of_others(self, member: Member) -> list[Attended]:
        """What runs or stands still of others, its counts and its owner, newest first: for who looks after
        the bot; for deputies, theirs, and also what is about to leave."""
        return [
            Attended(
                campaign=one, progress=self.progress(one), owner=self.telling.member(one, one.owner),
                is_deputy=not rules.may_attend(member, one, tuple(self.policy.admins)),
            )
            for one in self._of_others(member)
        ]  # fmt: skip

    def _of_others(self, member: Member) -> Iterator[Campaign]:
        looks_after = is_admin(member, tuple(self.policy.admins))
        for one in self.store.campaigns.all(member.workspace):
            if one.owner == member.id:
                continue
            is_due = self._has_reminders(one)
            if (looks_after and (is_due or one.state in rules.ATTENDED)) or (
                (is_due or one.state in DEPUTISED) and rules.is_deputy(member, one)
            ):
                yield one

    def _has_reminders(self, campaign: Campaign) -> bool:
        """It was sent, and there is something of it to stop."""
        return campaign.state is State.SENT and bool(planning.ahead(campaign, self.clock.now()))

    def running(self, member: Member) -> list[Campaign]:
        """What *stop* may mean: on its way now, else about to leave, else a reminder to come."""
        mine = self.visible(member)
        sending = [one for one in mine if one.state is State.SENDING]
        fixed = [one for one in mine if one.state in rules.FIXED]
        return sending or fixed or [one for one in mine if self._has_reminders(one)]

    def show(self, member: Member, campaign: Campaign) -> None:
        """The campaign's message follows; where Slack is away, it is owed."""
        try:
            self.messenger.show_campaign(member, campaign, self.progress(campaign))
        except ports.Unreachable:
            self.telling.tell(campaign)

    @property
    def approvals(self) -> Approvals:
        return Approvals(telling=self.telling, lists=self.lists, letters=self.letters)

    def _end(self, member: Member, campaign: Campaign, to: State, verb: str) -> Campaign:
        approval = self.approvals.withdrawn(campaign)
        ended = rules.move(campaign, to, ended_at=self.clock.now(), why=None, approval=approval)
        ended = self._advance(member, ended, campaign, None, verb)
        if campaign.state in rules.FIXED:
            self._follow(self.telling.member(ended, ended.owner), ended)
        return ended

    def _advance(
        self, member: Member, changed: Campaign, known: Campaign, wake_at: datetime | None, verb: str
    ) -> Campaign:
        said = None
        if member.id != changed.owner:
            said = sentence(f"delivery.by_admin.{verb}", who=called(member), name=changed.name)
        owed = self.telling.advance(changed, known.revision, wake_at, said)
        note(self.store, self.clock.now(), member, verb, changed.id)
        self.approvals.follow(known, changed)
        changed = self.approvals.ask(changed)
        self.telling.pay(owed)
        return changed

    def _follow(self, member: Member, campaign: Campaign) -> None:
        """The messages of its lists say how many campaigns they are used by."""
        for list_id in lists_of(campaign):
            self.lists.follow(member, list_id)


def require_state(campaign: Campaign, state: State) -> None:
    if campaign.state is not state:
        raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
