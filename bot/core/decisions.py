"""What may still be decided about a reminder, and when one may leave because a person says so."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import planning
from bot.core.campaigns import Campaign, State
from bot.core.reminders import MOST, Reminder
from bot.core.sentences import Refusal, Stale

REST = timedelta(hours=24)  # from the last letter of a wave to the first of the next one
AHEAD = timedelta(minutes=1)  # of what has happened: beyond that it was noted by a clock that ran ahead
SEND_AT, TO_UNSURE = "send_at", "to_unsure"  # the fields to blame


def require_open(campaign: Campaign, number: int, now: datetime) -> None:
    """It is asked about, or the next one. Raises `Stale` where nothing is to be decided any more."""
    if not 1 <= number <= len(campaign.reminders):
        raise Refusal("campaigns.unknown")
    reminder = campaign.reminders[number - 1]
    if reminder.wave:
        raise Stale("reminders.stale.left", name=campaign.name, number=number)
    if reminder.skipped:
        raise Stale("reminders.stale.skipped", name=campaign.name, number=number)
    if campaign.state is State.HELD and campaign.asks_about == number:
        return
    one = planning.upcoming(replace(campaign, rests=False), now)
    if one is None or one.number != number:
        raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)


def require_room(campaign: Campaign, now: datetime) -> None:
    """Can another wave leave now? Of one that is held, the reminder it asks about."""
    is_asked = campaign.state is State.HELD and campaign.asks_about
    if campaign.state is not State.SENT and not is_asked:
        raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
    if campaign.to_myself:
        raise Refusal("reminders.refused.oneself")
    if campaign.wave >= MOST:
        raise Refusal("reminders.refused.most", most=MOST)
    if campaign.closing_at is not None and now >= campaign.closing_at:
        raise Refusal("reminders.refused.closed", moment=campaign.closing_at)
    if (rested := _rested(campaign, now)) and now < rested:
        raise Refusal("reminders.refused.soon", moment=rested)


def _rested(campaign: Campaign, now: datetime) -> datetime | None:
    """Before that moment no wave leaves. Nobody waits for a clock that was put right again."""
    ended = campaign.ended_at
    return ended + REST if ended is not None and ended - now <= AHEAD else None


def check_time(campaign: Campaign, chosen: datetime, now: datetime) -> None:
    """A moment of the person's own, which is to come. Raises Refusal at the field."""
    if campaign.closing_at is not None and chosen >= campaign.closing_at:
        raise Refusal("reminders.refused.closing", field=SEND_AT, closing=campaign.closing_at)
    if (rested := _rested(campaign, now)) and chosen < rested:
        raise Refusal("reminders.refused.soon", field=SEND_AT, moment=rested)


def words_for(campaign: Campaign) -> Reminder:
    """Whose words one by hand begins with: those of the next that is planned, or of the last."""
    ahead = next((one for one in campaign.reminders if one.is_ahead), None)
    last = campaign.reminders[-1] if campaign.reminders else None
    return ahead or last or Reminder(days=0)
