"""Moments: working days, and what "later" means by default. Aware datetimes only."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

import holidays

DEFAULT_TIME = time(10, 0)
COUNTRIES = {"fr": "FR", "en": "US"}


def next_working_morning(now: datetime, zone: tzinfo, language: str) -> datetime:
    """The next working day at 10:00 in `zone`: never today, never a weekend or a public holiday."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    while not is_working_day(day, language):
        day += timedelta(days=1)
    return datetime.combine(day, DEFAULT_TIME, zone)


def is_working_day(day: date, language: str) -> bool:
    """Public holidays are France's for French speakers and the United States' otherwise: a default to
    start from, which the person sees and may change."""
    country = COUNTRIES.get(language, "US")
    return day.weekday() < 5 and day not in holidays.country_holidays(country, years=day.year)


def earliest(moments: Sequence[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
