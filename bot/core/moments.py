"""Moments: working days, zones, and what "later" means by default. Aware datetimes only."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import holidays

DEFAULT_TIME = time(10, 0)
OPENING, CLOSING = time(8, 0), time(19, 0)  # of a working day
COUNTRIES = {"fr": "FR", "en": "US"}

# zones that people may choose from, west to east, and whose public holidays are kept there
ZONES: Mapping[str, str] = {
    "America/Los_Angeles": "US", "America/Denver": "US", "America/Chicago": "US", "America/New_York": "US",
    "America/Toronto": "CA", "America/Martinique": "FR", "America/Guadeloupe": "FR", "America/Cayenne": "FR",
    "America/Sao_Paulo": "BR", "Europe/London": "GB",
    "Europe/Dublin": "IE", "Europe/Lisbon": "PT", "Africa/Casablanca": "MA", "Africa/Dakar": "SN",
    "Africa/Abidjan": "CI", "Africa/Algiers": "DZ", "Africa/Tunis": "TN", "Europe/Paris": "FR",
    "Europe/Brussels": "BE", "Europe/Luxembourg": "LU", "Europe/Zurich": "CH", "Europe/Berlin": "DE",
    "Europe/Madrid": "ES", "Europe/Rome": "IT", "Europe/Amsterdam": "NL", "Europe/Stockholm": "SE",
    "Europe/Warsaw": "PL", "Europe/Athens": "GR", "Europe/Bucharest": "RO", "Africa/Cairo": "EG",
    "Africa/Johannesburg": "ZA", "Europe/Istanbul": "TR", "Indian/Reunion": "FR", "Asia/Dubai": "AE",
    "Asia/Kolkata": "IN", "Asia/Singapore": "SG", "Asia/Shanghai": "CN", "Asia/Tokyo": "JP",
    "Australia/Sydney": "AU", "Pacific/Noumea": "FR", "Pacific/Auckland": "NZ",
}  # fmt: skip


def next_working_morning(now: datetime, zone: tzinfo, language: str) -> datetime:
    """The next working day at 10:00 in `zone`: never today, never a weekend or a public holiday."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    while not is_working_day(day, language):
        day += timedelta(days=1)
    return at(day, DEFAULT_TIME, zone)


def working_days_later(start: datetime, days: int, zone: tzinfo, country: str) -> datetime:
    """So many working days after `start`, at the same time of day in `zone`, summer time or not."""
    local = start.astimezone(zone)
    day = local.date()
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day, country)
    return at(day, local.time(), zone)


def working_days_between(start: datetime, end: datetime, zone: tzinfo, country: str, most: int) -> int:
    """How many working days later it is still before `end`; `most` at most."""
    days = 0
    while days < most and working_days_later(start, days + 1, zone, country) < end:
        days += 1
    return days


def in_working_hours(moment: datetime, zone: tzinfo, country: str) -> datetime:
    """That moment, or the next time people are at work in `zone`: from 8:00 to 19:00 on a working day, else
    at 10:00 of one."""
    local = moment.astimezone(zone)
    day, clock = local.date(), local.time()
    if is_working_day(day, country) and OPENING <= clock < CLOSING:
        return moment
    if clock >= DEFAULT_TIME:
        day += timedelta(days=1)
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return at(day, DEFAULT_TIME, zone)


def next_at_work(moment: datetime, zone: tzinfo, country: str) -> datetime:
    """That moment, or the next opening: 8:00 of a working day."""
    local = moment.astimezone(zone)
    day, clock = local.date(), local.time()
    if is_working_day(day, country) and OPENING <= clock < CLOSING:
        return moment
    if clock >= OPENING:
        day += timedelta(days=1)
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return at(day, OPENING, zone)


def worked_until(start: datetime, span: timedelta, zone: tzinfo, country: str) -> datetime:
    """When so much time has passed at which people are at work."""
    moment = next_at_work(start, zone, country)
    while span >= (left := at(moment.astimezone(zone).date(), CLOSING, zone) - moment):
        span -= left
        moment = next_at_work(moment + left, zone, country)
    return moment + span


def at(day: date, clock: time, zone: tzinfo) -> datetime:
    """What a clock on the wall shows then. A time that the change to summer time leaves out is read as late
    after it as it would have been; of one that comes twice, the first is meant."""
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)


def comes_twice(moment: datetime, zone: tzinfo) -> bool:
    """Does the clock in `zone` show this time twice that day? Then its offset must be told."""
    local = moment.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def read_alike(moment: datetime, one: tzinfo, other: tzinfo) -> bool:
    """Do the clocks of both zones show the same?"""
    return moment.astimezone(one).replace(tzinfo=None) == moment.astimezone(other).replace(tzinfo=None)


def country_of(zone: str, language: str) -> str:
    """Whose public holidays are kept where the clocks go so."""
    return ZONES.get(zone) or COUNTRIES.get(language, "US")


def is_zone(name: str) -> bool:
    """A zone this machine knows."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def is_working_day(day: date, where: str) -> bool:
    """`where`: a country; or a language, whose public holidays are then France's for French and the United
    States' otherwise: a default to start from, which the person sees and may change."""
    country = COUNTRIES.get(where, where if where.isupper() else "US")
    return day.weekday() < 5 and day not in _holidays(country, day.year)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def earliest(moments: Sequence[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
