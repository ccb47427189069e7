"""Reminders in people's hands: skipped, moved, written to everybody, sent now.

Pausing and stopping them is pausing and stopping the campaign (`services.attending`).
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import campaigns as rules
from bot.core import decisions, moments, planning
from bot.core.campaigns import Campaign, State
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.people import Member, called
from bot.core.reminders import MOST
from bot.core.sentences import Refusal, Stale, sentence
from bot.services.by_hand import ByHand
from bot.services.drafts import check_moment
from bot.services.log import note
from bot.services.racing import insisted
from bot.services.reminding import UNKNOWN

log = logging.getLogger("postillon")

LEARNED = "reminders.why.learned"


@dataclass(frozen=True, kw_only=True)
class Reminders(ByHand):
    # --- decided about one that is ahead --------------------------------------------------------------

    def skip(self, member: Member, campaign_id: str, number: int) -> Campaign:
        """It never leaves. Whoever may stop the campaign may do less, too."""

        def act() -> Campaign:
            campaign = self.campaigns.attended(member, campaign_id, rules.may_halt)
            decisions.require_open(campaign, number, self._now())
            if planning.is_half(campaign):
                self._leave_out(campaign)
                return self._go_on(member, campaign, "skipped")
            skipped = planning.changed(campaign, number, skipped=True)
            return self._resume(member, skipped, campaign, number, "skipped")

        return insisted(act)

    def move(self, member: Member, campaign_id: str, number: int, moment: datetime | None) -> Campaign:
        """To a moment of the person's own, which nothing moves any more. Raises Refusal at the field."""
        self.campaigns.require_sender(member)

        def act() -> Campaign:
            campaign = self.campaigns.get(member, campaign_id)
            decisions.require_open(campaign, number, self._now())
            if planning.is_half(campaign):
                raise Stale("reminders.stale.left", name=campaign.name, number=number)
            chosen = check_moment(moment, self._now(), campaign.zone)
            decisions.check_time(campaign, chosen, self._now())
            moved = planning.changed(campaign, number, at=chosen, announced=None)
            decisions.require_kept(moved, number, chosen, self._now())
            return self._resume(member, moved, campaign, number, "moved")

        return insisted(act)

    def movable(self, member: Member, campaign_id: str, number: int) -> tuple[Campaign, datetime]:
        """That reminder's campaign, and the moment to propose: when it leaves as things are; where that has
        passed, the next working morning."""
        campaign, now = self.campaigns.get(member, campaign_id), self._now()
        decisions.require_open(campaign, number, now)
        found = next((one for one in planning.plan(campaign, now) if one.number == number), None)
        if found is None:  # five waves have left
            raise Refusal("reminders.refused.most", most=MOST)
        if found.moment > now:
            return campaign, found.moment
        return campaign, moments.next_working_morning(now, member.tz, member.language.value)

    def write_to_everybody(self, member: Member, campaign_id: str, number: int) -> Campaign:
        """Nobody knows who has answered: it goes to all who may not have, and says so. Held, it leaves now;
        else at its moment."""
        self.campaigns.require_sender(member)

        def act() -> Campaign:
            campaign = self.campaigns.get(member, campaign_id)
            decisions.require_open(campaign, number, self._now())
            unsure = planning.changed(campaign, number, to_unsure=True)
            if planning.is_half(campaign):
                return self._go_on(member, replace(unsure, revision=campaign.revision), "to everybody")
            if campaign.state is State.HELD:
                return self._leave(member, replace(unsure, revision=campaign.revision), number)
            return self._await(member, unsure, campaign, number)

        return insisted(act)

    def send_now(self, member: Member, campaign_id: str) -> Campaign:
        """The owner's answer to a campaign that is held: the reminder asked about leaves; whatever else it
        was held for, it goes on."""
        self.campaigns.require_sender(member)

        def act() -> Campaign:
            campaign = self.campaigns.get(member, campaign_id)
            if not campaign.asks_about or campaign.state is not State.HELD:
                return self.campaigns.send_now(member, campaign_id)
            reminder = campaign.reminders[campaign.asks_about - 1]
            if not reminder.to_unsure and not self.reminding.knows(campaign, self._now()):
                raise Refusal("reminders.refused.unknown")
            if planning.is_half(campaign):
                return self._go_on(member, campaign, "resumed")
            return self._leave(member, campaign, campaign.asks_about)

        return insisted(act)

    # --- learned --------------------------------------------------------------------------------------

    def learned(self, workspace: WorkspaceId, campaign_id: CampaignId, *, is_asked: bool = True) -> None:
        """Somebody told who answered. A reminder that waited for that is asked about again, with the number;
        held, it does not leave by itself any more. `is_asked`: somebody waits to hear of it again."""

        def act() -> Campaign:
            campaign, now = self.campaigns.store.campaigns.get(workspace, campaign_id), self._now()
            if not self._waits(campaign, now, is_asked=is_asked) or not self.reminding.knows(campaign, now):
                return campaign
            if one := planning.upcoming(campaign, now):
                self.reminding.announce(campaign, one, now)
            else:
                self._ask_again(campaign, now)
            return campaign

        insisted(act)

    def _ask_again(self, campaign: Campaign, now: datetime) -> None:
        number = campaign.asks_about
        answered = self.campaigns.progress(campaign).answered
        known = planning.changed(campaign, number, unknown=False)
        asked = rules.edit(known, why=sentence(LEARNED, n=answered))
        said = sentence(
            "reminders.said.learned", name=campaign.name, number=number, n=answered,
            people=self._left(campaign) or self.reminding.outlook(campaign, now).people,
        )  # fmt: skip
        telling = self.campaigns.telling
        wake_at = planning.wake_at(asked, now)
        telling.pay(telling.advance(asked, campaign.revision, wake_at, said, asks=True))

    def sweep(self, now: datetime) -> None:
        """What tools told by themselves, meanwhile."""
        for campaign in list(self._waiting(now)):
            try:
                self.learned(campaign.workspace, campaign.id, is_asked=False)
            except Stale:
                continue  # a person was first; the next sweep looks again
            except Exception:  # one campaign's trouble must not keep the others from being asked about
                log.exception("a reminder is not asked about again campaign=%s", campaign.id)

    def _waiting(self, now: datetime) -> Iterator[Campaign]:
        store = self.campaigns.store
        for workspace in store.campaigns.workspaces():
            for campaign in store.campaigns.all(workspace):
                if self._waits(campaign, now, is_asked=False):
                    yield campaign

    def _waits(self, campaign: Campaign, now: datetime, *, is_asked: bool) -> bool:
        """For who answered, and nothing else."""
        if campaign.state is State.HELD and campaign.asks_about and campaign.why:
            return campaign.why.key == UNKNOWN or (is_asked and campaign.why.key == LEARNED)
        if not any(one.unknown and one.is_ahead for one in campaign.reminders):
            return False  # of nearly all campaigns, at each sweep
        one = planning.upcoming(campaign, now)
        if one is None or one.reminder.announced != one.moment or one.reminder.to_unsure:
            return False
        return one.reminder.unknown and now < one.moment

    # --- moves ----------------------------------------------------------------------------------------

    def _resume(self, member: Member, changed: Campaign, known: Campaign, number: int, verb: str) -> Campaign:
        """Where it was held for that reminder, it is as sent as it was."""
        if known.state is State.HELD:
            changed = rules.move(changed, State.SENT, why=None, asks_about=0)
        said = None
        if member.id != known.owner:
            said = sentence("reminders.by_other", who=called(member), name=known.name, number=number)
        telling, now = self.campaigns.telling, self._now()
        owed = telling.advance(changed, known.revision, planning.wake_at(changed, now), said)
        note(self.campaigns.store, now, member, verb, known.id)
        telling.pay(owed)
        return changed

    def _await(self, member: Member, unsure: Campaign, known: Campaign, number: int) -> Campaign:
        """Its moment is still to come: what was asked about it now says so."""
        now = self._now()
        one = planning.upcoming(unsure, now)
        if one is None:
            raise Stale("reminders.stale.rests", name=known.name)
        said = sentence(
            "reminders.said.everybody", name=known.name, number=number, moment=one.moment,
            n=self.reminding.outlook(known, now).people,
        )  # fmt: skip
        telling = self.campaigns.telling
        owed = telling.advance(unsure, known.revision, planning.wake_at(unsure, now), said, asks=True)
        note(self.campaigns.store, now, member, "to everybody", known.id)
        telling.pay(owed)
        return unsure
