"""What may still be decided about a reminder, and when one may leave because a person says so."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import planning
from bot.core.campaigns import Campaign, State
from bot.core.reminders import MOST, REST, Reminder
from bot.core.sentences import Refusal, Stale
from bot.core.silent import Moved

AHEAD = timedelta(minutes=1)  # of what has happened: beyond that it was noted by a clock that ran ahead
SEND_AT, TO_UNSURE = "send_at", "to_unsure"  # the fields to blame


def require_open(campaign: Campaign, number: int, now: datetime) -> None:
    """It is asked about, or the next one. Raises `Stale` where nothing is to be decided any more."""
    if not 1 <= number <= len(campaign.reminders):
        raise Refusal("campaigns.unknown")
    reminder = campaign.reminders[number - 1]
    is_half = planning.is_half(campaign) and campaign.asks_about == number
    if reminder.wave and not (campaign.state is State.HELD and is_half):
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
    is_asked = campaign.state is State.HELD and campaign.asks_about and not planning.is_half(campaign)
    if campaign.state is not State.SENT and not is_asked:
        raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
    if campaign.to_myself:
        raise Refusal("reminders.refused.oneself")
    if campaign.wave >= MOST:
        raise Refusal("reminders.refused.most", most=MOST)
    if campaign.closing_at is not None and now >= campaign.closing_at:
        raise Refusal("reminders.refused.closed", moment=campaign.closing_at)
    if (rested := _rested(campaign, now)) and now < rested:
        raise Refusal(_too_soon(campaign), moment=rested)


def _rested(campaign: Campaign, now: datetime) -> datetime | None:
    """Before that moment no wave leaves. Nobody waits for a clock that was put right again."""
    known = (campaign.ended_at, campaign.restored_at)
    past = [moment for moment in known if moment is not None and moment - now <= AHEAD]
    return max(past) + REST if past else None


def _too_soon(campaign: Campaign) -> str:
    """Of data put back, a letter may have left right before, and nobody knows."""
    ended, restored = campaign.ended_at, campaign.restored_at
    is_put_back = restored is not None and (ended is None or ended < restored)
    return "reminders.refused.restored" if is_put_back else "reminders.refused.soon"


def check_time(campaign: Campaign, chosen: datetime, now: datetime) -> None:
    """A moment of the person's own, which is to come. Raises Refusal at the field."""
    if campaign.closing_at is not None and chosen >= campaign.closing_at:
        raise Refusal("reminders.refused.closing", field=SEND_AT, closing=campaign.closing_at)
    if (rested := _rested(campaign, now)) and chosen < rested:
        raise Refusal(_too_soon(campaign), field=SEND_AT, moment=rested)


def require_kept(moved: Campaign, number: int, chosen: datetime, now: datetime) -> None:
    """Raises Refusal at the field where a reminder before it leaves people no day to answer in."""
    found = next((one for one in planning.plan(moved, now) if one.number == number), None)
    if found is not None and found.moment != chosen:
        raise Refusal("reminders.refused.soon", field=SEND_AT, moment=found.moment)


def moved(campaign: Campaign, now: datetime) -> Moved | None:
    """What one by hand, at this moment, does to the next that is planned."""
    before = planning.upcoming(replace(campaign, rests=False), now)
    if before is None:
        return None
    mine = Reminder(days=0, at=now, wave=campaign.wave + 1, left_at=now)
    left = planning.ahead(planning.by_hand(campaign, mine)[0], now)
    after = next((one.moment for one in left if one.number == before.number + 1), None)
    return Moved(before=before.moment, after=after) if after != before.moment else None


def words_for(campaign: Campaign) -> Reminder:
    """Whose words one by hand begins with: those of the next that is planned, or of the last."""
    ahead = next((one for one in campaign.reminders if one.is_ahead), None)
    last = campaign.reminders[-1] if campaign.reminders else None
    return ahead or last or Reminder(days=0)
