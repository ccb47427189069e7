"""The departure, the closing and the reminders, as they are where the letters are read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

from bot.core import pace
from bot.core.campaigns import Campaign, Step, When
from bot.core.lint.records import Case, Finding, blocking, warning
from bot.core.moments import country_of, read_alike
from bot.core.reminders import Calendar

EARLY, LATE = 8, 20  # o'clock: before and from then on, people are at home
LEAST = timedelta(hours=24)  # to answer in
HOLIDAY_NAMES = {"fr": "fr", "en": "en_US"}


def past(case: Case) -> Iterator[Finding]:
    draft = case.draft
    if draft.when is When.LATER and (draft.send_at is None or draft.send_at <= case.now):
        yield blocking(Step.WHEN, "lint.past")


def closing(case: Case) -> Iterator[Finding]:
    closes = case.draft.closing_at
    if closes is None:
        return
    if closes <= case.departs_at:
        yield blocking(Step.PARAMETERS, "lint.closing.before", moment=closes)
    elif closes - case.departs_at < LEAST:
        yield warning(Step.PARAMETERS, "lint.closing.soon", moment=closes)
    ends = pace.ends_at(case.departs_at, case.count, case.draft.speed)
    if ends is not None and case.departs_at < closes <= ends:
        yield warning(Step.WHEN, "lint.closing.pace", n=case.draft.speed, ends=ends, moment=closes)
    yield from _chased(case, closes)


def _chased(case: Case, closes: datetime) -> Iterator[Finding]:
    """The first reminder that nobody could answer in time."""
    draft = case.draft
    country = country_of(readers_zone(draft).key, draft.language.value)
    calendar = Calendar(start=case.departs_at, zone=ZoneInfo(draft.zone), country=country)
    for number, reminder in enumerate(draft.reminders, 1):
        moment = calendar.moment(reminder.days)
        if closes - moment < LEAST:
            key = "lint.reminder.late" if closes <= moment else "lint.reminder.soon"
            yield warning(Step.WHEN, key, number=number, moment=moment, closing=closes)
            return


def unusual(case: Case) -> Iterator[Finding]:
    """A letter to oneself may arrive at any hour. One reason is enough: they have one cure."""
    draft = case.draft
    if draft.to_myself or any(True for _ in past(case)):
        return
    zone = readers_zone(draft)
    local = case.departs_at.astimezone(zone)
    kept = holiday(local.date(), zone.key, draft.language.value, case.language)
    alike = read_alike(local, ZoneInfo(draft.zone), zone)
    if kept is not None:
        country = "" if kept else country_of(zone.key, draft.language.value)
        said = warning(Step.WHEN, "lint.holiday" if alike else "lint.holiday.there", name=kept, moment=local)
        yield replace(said, zone=zone.key, country=country)
    elif local.weekday() >= 5:
        key = "lint.weekend" if alike else "lint.weekend.there"
        yield replace(warning(Step.WHEN, key, moment=local), zone=zone.key)
    elif not EARLY <= local.hour < LATE:
        yield replace(warning(Step.WHEN, "lint.night", moment=local), zone=zone.key)


def readers_zone(draft: Campaign) -> ZoneInfo:
    return ZoneInfo(draft.readers_zone or draft.zone)


def holiday(day: date, zone: str, language: str, reader: str) -> str | None:
    """What is celebrated there on that day, in the reader's language: empty where nobody translated it. None
    where nothing is."""
    country = country_of(zone, language)
    try:
        kept = holidays.country_holidays(country, years=day.year)
    except NotImplementedError:  # a country whose calendar nobody wrote down
        return None
    if day not in kept:
        return None
    tongue = _tongue(kept.supported_languages, reader)
    named = holidays.country_holidays(country, years=day.year, language=tongue) if tongue else kept
    is_told = tongue or (reader == "en" and not kept.supported_languages)  # in English alone
    return named.get(day) or "" if is_told else ""


def _tongue(known: Sequence[str], reader: str) -> str | None:
    """The reader's, as they speak it there."""
    spoken = [one for one in known if one.partition("_")[0] == reader]
    wanted = HOLIDAY_NAMES.get(reader, reader)
    return wanted if wanted in spoken else next(iter(spoken), None)
