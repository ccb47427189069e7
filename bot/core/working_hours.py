"""A reminder whose letters leave a few a minute: it rests at night, at weekends and on public holidays.

Not the invitation, whose moment and pace a person chose with their end before their eyes; nor a reminder for
which a person chose a moment outside those hours.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core import moments, pace, planning
from bot.core.campaigns import Campaign
from bot.core.delivery import Fold, Progress
from bot.core.reminders import Reminder
from bot.core.sentences import Sentence, sentence


def goes_on_at(campaign: Campaign, wave: int, now: datetime) -> datetime:
    """When letters of that wave may leave which have a pace: now, or once people are at work."""
    if not _is_kept(campaign, planning.worded(campaign, wave)):
        return now
    return moments.next_at_work(now, ZoneInfo(campaign.zone), planning.country(campaign))


def rested(campaign: Campaign, last: datetime, span: timedelta) -> datetime:
    """Since when nothing of it left, where something did at `last`: it was not to, while it rested."""
    if not campaign.speed:
        return last
    due = last + max(span, pace.spacing(pace.batch_size(campaign.speed), campaign.speed))
    goes_on = goes_on_at(campaign, campaign.wave, due)
    return goes_on if goes_on > due else last


def ends_at(campaign: Campaign, reminder: Reminder, start: datetime, people: int) -> datetime | None:
    """When the last letters of so many people leave; None where nobody can tell."""
    ends = pace.ends_at(start, people, campaign.speed)
    return _ends_at(campaign, reminder, start, ends) if ends is not None else None


def slow(campaign: Campaign, reminder: Reminder, start: datetime, people: int) -> Sentence | None:
    """Of a reminder with a pace: until when it leaves, or that its questionnaire closes first."""
    ends = ends_at(campaign, reminder, start, people)
    if ends is None or ends == start:
        return None
    closes = campaign.closing_at
    if closes is not None and start < closes <= ends:
        return sentence("reminders.slow.closing", count=campaign.speed, closing=closes, moment=ends)
    return sentence("reminders.slow", count=campaign.speed, moment=ends)


def timed(campaign: Campaign, fold: Fold, progress: Progress) -> Progress:
    """Its counts, with the end of each reminder under way as these hours put it off."""
    later = tuple(_timed(campaign, fold, n, one) for n, one in enumerate(progress.later, 1))
    return replace(progress, later=later) if later else progress


def _timed(campaign: Campaign, fold: Fold, number: int, progress: Progress) -> Progress:
    wave, reminder = fold.waves[number], planning.worded(campaign, number)
    if progress.ends_at is None or wave.last_claim is None or reminder is None:
        return progress
    return replace(progress, ends_at=_ends_at(campaign, reminder, wave.last_claim, progress.ends_at))


def _ends_at(campaign: Campaign, reminder: Reminder, start: datetime, ends: datetime) -> datetime:
    """`ends`: without a break."""
    if not _is_kept(campaign, reminder):
        return ends
    return moments.worked_until(start, ends - start, ZoneInfo(campaign.zone), planning.country(campaign))


def _is_kept(campaign: Campaign, reminder: Reminder | None) -> bool:
    if reminder is None:
        return False
    at = reminder.at
    return at is None or moments.next_at_work(at, ZoneInfo(campaign.zone), planning.country(campaign)) == at
