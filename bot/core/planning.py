"""A campaign's reminders on the calendar."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.campaigns import Campaign, When
from bot.core.moments import country_of
from bot.core.reminders import Calendar, Reminder


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """`number` counts from 1."""

    number: int
    reminder: Reminder
    moment: datetime


def calendar(campaign: Campaign, now: datetime) -> Calendar:
    """From its departure on, as far as that is known: one without a moment is taken to leave now."""
    return Calendar(
        start=_departure(campaign, now), zone=ZoneInfo(campaign.zone), closing=campaign.closing_at,
        country=country_of(campaign.readers_zone or campaign.zone, campaign.language.value),
    )  # fmt: skip


def _departure(campaign: Campaign, now: datetime) -> datetime:
    if campaign.departed_at is not None:
        return campaign.departed_at
    is_dated = campaign.when is When.LATER or campaign.scheduled_at is not None
    return campaign.send_at if campaign.send_at is not None and is_dated else now


def plan(campaign: Campaign, now: datetime) -> tuple[Planned, ...]:
    days = calendar(campaign, now)
    return tuple(
        Planned(number=number, reminder=one, moment=days.moment(one.days))
        for number, one in enumerate(campaign.reminders, 1)
    )
