"""What a person reads of an absence: both ends in full, once, and what was due meanwhile."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.campaigns import Campaign
from bot.core.inbox import Absence
from bot.core.sentences import Sentence, sentence

MISSED, MISSED_TOO = "campaigns.why.missed", "campaigns.why.missed.too"
FORMER = "campaigns.why.away"  # in records of before: both ends were not said yet


def missed(campaign: Campaign, moment: datetime, absence: Absence, *, is_told: bool) -> Sentence:
    """Why it is held. `is_told`: its owner reads of the same absence beside another campaign."""
    zone = ZoneInfo(campaign.zone)
    days = {one.astimezone(zone).date() for one in (absence.since, absence.until)}
    is_one_day = days == {moment.astimezone(zone).date()}
    due = sentence("absence.due.time" if is_one_day else "absence.due", moment=moment)
    if is_told:
        return sentence(MISSED_TOO, moment=moment)
    return sentence(MISSED, due=due, down=_down(absence, is_one_day=len(days) == 1))


def _down(absence: Absence, *, is_one_day: bool) -> Sentence:
    key = "absence.span.day" if is_one_day else "absence.span.days"
    return sentence(key, since=absence.since, until=absence.until)


def tells(campaign: Campaign, absence: Absence) -> bool:
    """Does its owner read there, in full, of that absence?"""
    down = campaign.why.values.get("down") if campaign.why and campaign.why.key == MISSED else None
    return isinstance(down, Sentence) and down.values.get("until") == absence.until
