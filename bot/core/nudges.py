"""A question its owner leaves unanswered: after an hour of work, somebody else who may do something is asked.

First the deputy; an hour of work later, who looks after the bot. Each once for each question, and only while
people are at work where they are: nobody is woken for letters that stand still anyway.
"""

from datetime import date, datetime, time, timedelta

from bot.core.campaigns import Campaign, State
from bot.core.ids import MemberId
from bot.core.moments import CLOSING, OPENING, at, country_of, in_working_hours, is_working_day
from bot.core.people import Member

AFTER = timedelta(hours=1)
LONGEST = timedelta(days=14)  # further back nobody needs to count
STILL = frozenset({State.PAUSED, State.HELD})


def subject(campaign: Campaign, reader: MemberId) -> str:
    """Under which what they were asked is noted."""
    return f"{campaign.id}/nudge/{reader}"


def questions(campaign: Campaign) -> tuple[str, ...]:
    """Under which is noted what its owner was asked about its standing still; a reminder has its own."""
    if campaign.state not in STILL:
        return ()
    about = campaign.asks_about
    return (f"{campaign.id}/asks", *((f"{campaign.id}/reminder/{about}",) if about else ()))


def is_due(since: datetime, now: datetime, reader: Member) -> bool:
    country = country_of(reader.zone, reader.language.value)
    return (
        worked(since, now, reader) >= AFTER and in_working_hours(now, reader.tz, country) == now
    )  # fmt: skip


def worked(since: datetime, now: datetime, reader: Member) -> timedelta:
    """How much of that time people are at work where the reader is."""
    zone, country = reader.tz, country_of(reader.zone, reader.language.value)
    since = max(since, now - LONGEST)
    day, last, found = since.astimezone(zone).date(), now.astimezone(zone).date(), timedelta()
    while day <= last:
        if is_working_day(day, country):
            begin, end = max(since, _at(day, OPENING, reader)), min(now, _at(day, CLOSING, reader))
            found += max(end - begin, timedelta())
        day += timedelta(days=1)
    return found


def _at(day: date, clock: time, reader: Member) -> datetime:
    return at(day, clock, reader.tz)
