"""After a start: what was in flight is uncertain, what was missed is asked about, and nobody waits for a
clock that was set back."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import ports
from bot.core import absence, closing, planning, working_hours
from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.ids import MemberId, WorkspaceId
from bot.core.inbox import Absence
from bot.core.planning import Planned
from bot.core.sentences import Sentence, Stale, sentence
from bot.services import damage, wholeness
from bot.services.endings import Endings
from bot.services.reminding import Reminding

log = logging.getLogger("postillon")

AWAY = timedelta(minutes=5)  # the bot was down longer than this: what was due meanwhile is asked about


@dataclass(frozen=True, kw_only=True)
class Recovery(Endings):
    """A Slack that is slow holds up no start: what is found is owed, and told once the bot is there."""

    reminding: Reminding
    _told: set[tuple[WorkspaceId, MemberId]] = field(default_factory=set)  # owners who read of the absence

    def recover(self, last_beat: datetime | None, now: datetime) -> None:
        """At start, before anything leaves.

        `last_beat` is when the bot was last known alive; after a long absence (or a restored backup)
        nothing leaves by itself.
        """
        self._told.clear()
        for campaign in self._campaigns():
            try:
                self._recover(campaign, last_beat, now)
            except ports.Unreadable as unreadable:
                damage.hold(self.telling, campaign.workspace, campaign.id, unreadable)

    def set_back(self, now: datetime) -> None:
        """The machine's clock was: what waits for a moment of it would wait until it has caught up."""
        for campaign in self._campaigns():
            if campaign.state is State.SENDING:
                self._wake(campaign, now)

    def _wake(self, campaign: Campaign, at: datetime) -> None:
        try:
            self.store.campaigns.advance(campaign.workspace, campaign, campaign.revision, wake_at=at)
        except Stale:
            return  # a person was first, and set its own wake-up
        except ports.Unwritable:
            log.exception("a campaign waits for the old clock campaign=%s", campaign.id)

    def _campaigns(self) -> Iterator[Campaign]:
        for workspace in self.store.campaigns.workspaces():
            yield from self.store.campaigns.all(workspace)

    def _recover(self, campaign: Campaign, last_beat: datetime | None, now: datetime) -> None:
        campaign = wholeness.put_right(self.store, campaign, now)
        if wholeness.may_leave(campaign, now):
            wholeness.require(self.store, campaign)
        if campaign.departed_at is not None:
            had_flown = self._settle_flight(campaign, now, "restart")  # of stopped ones, too
            if had_flown or self._may_lag(campaign, last_beat):
                self.telling.owe(campaign)
        if campaign.state in rules.RUNNING and self._is_over(campaign):
            self._finish(campaign)  # the bot ended right before it could
        elif campaign.state is State.SENT and (due := self._upcoming(campaign, now)):
            self._hold_reminder(campaign, due, last_beat, now)
        elif why := self._why_ask_anew(campaign, now):
            self.reminding.ask_anew(campaign, why)
        elif self.store.is_copy and self._may_have_left(campaign):
            self._hold(campaign, sentence("storage.why.copied"))
        else:
            self._hold_if_missed(campaign, last_beat, now)

    def _upcoming(self, campaign: Campaign, now: datetime) -> Planned | None:
        """Of data put back nobody knows whether those that rest had been resumed since: one is asked about,
        and the others go on resting."""
        return planning.upcoming(replace(campaign, rests=False) if self.store.is_copy else campaign, now)

    def _hold_reminder(
        self, campaign: Campaign, due: Planned, last_beat: datetime | None, now: datetime
    ) -> None:
        """One that should have left while the bot was away is asked about; another one is waited for."""
        if self.store.is_copy:  # it may have left since
            self.reminding.hold(campaign, due, sentence("storage.why.copied"))
        elif last_beat is not None and now - last_beat > AWAY and due.moment <= now:
            why = self._missed(campaign, due.moment, last_beat, now)
            self.reminding.hold(campaign, due, why)
        else:
            self._wake(campaign, planning.wake_at(campaign, now) or now)

    def _why_ask_anew(self, campaign: Campaign, now: datetime) -> Sentence | None:
        """Of a reminder that was to leave, and did not begin to; None where it may still, or nothing is asked
        before somebody resumes it."""
        is_asked = campaign.state is State.HELD and campaign.asks_about
        if campaign.state not in rules.ATTENDED or is_asked or not self.reminding.is_unopened(campaign):
            return None
        if self.store.is_copy:  # it may have left since
            return sentence("storage.why.copied")
        if campaign.state is State.HELD:
            return campaign.why
        return self._why_not_begun(campaign, now) if campaign.state is State.SENDING else None

    def _why_not_begun(self, campaign: Campaign, now: datetime) -> Sentence | None:
        """Why a reminder that is to open its wave now must not. What it was looked at for before it was to
        leave is true for a quarter of an hour."""
        one = planning.worded(campaign, campaign.wave)
        if one is None or one.left_at is None:
            return None
        if planning.is_closed(campaign, now):
            return closing.why_not_reminded(campaign, campaign.reminders.index(one) + 1)
        late = now - one.left_at > rules.LATE
        return sentence("campaigns.why.interrupted", moment=one.left_at) if late else None

    def _is_kept_back(self, campaign: Campaign, now: datetime) -> bool:
        """Its owner is asked, and nothing leaves: the questionnaire is closed, or what kept a reminder from
        beginning did so for too long."""
        why = self._why_not_begun(campaign, now)
        if why and self.reminding.is_unopened(campaign):
            self.telling.pay(self.reminding.ask_anew(campaign, why))
            return True
        if not planning.is_closed(campaign, now) or self._is_over(campaign):
            return False
        self.telling.pay(self._close(campaign))
        return True

    def _missed(self, campaign: Campaign, moment: datetime, last_beat: datetime, now: datetime) -> Sentence:
        """Both ends of the absence are said once to each owner."""
        owner = (campaign.workspace, campaign.owner)
        is_told = owner in self._told
        self._told.add(owner)
        return absence.missed(campaign, moment, Absence(since=last_beat, until=now), is_told=is_told)

    def _may_lag(self, campaign: Campaign, last_beat: datetime | None) -> bool:
        """Its message may have waited for Slack when the bot ended: counts are shown when there is room."""
        last_at = self._progress(campaign).last_at
        if last_beat is None or last_at is None or campaign.state is State.SENDING:
            return False
        return last_at > last_beat - rules.LATE

    def _may_have_left(self, campaign: Campaign) -> bool:
        """Since the copy was made, by its clock or by somebody's click; or it was cancelled."""
        if campaign.state is State.SENT:
            return self._ask(campaign, lambda fold: fold.is_waiting())
        return campaign.state in rules.FIXED | rules.ATTENDED

    def _hold_if_missed(self, campaign: Campaign, last_beat: datetime | None, now: datetime) -> None:
        away = last_beat is not None and now - last_beat > AWAY
        if campaign.state is State.SCHEDULED and campaign.send_at is not None:
            if away and campaign.send_at <= now:
                self._hold(campaign, self._missed(campaign, campaign.send_at, last_beat or now, now))
        elif campaign.state is State.SENDING:
            last = self._progress(campaign).last_at or campaign.departed_at or now
            if reminder := planning.worded(campaign, campaign.wave):
                last = max(last, reminder.left_at or last)  # it may have left with nothing written down yet
                last = working_hours.rested(campaign, last, rules.LATE)
            if now - last > rules.LATE:
                self._hold(campaign, sentence("campaigns.why.interrupted", moment=last))
            elif last > now:
                self._wake(campaign, now)
