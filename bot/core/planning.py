"""A campaign's reminders on the calendar: when each leaves, or left, and when to look at the next one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core import moments
from bot.core.campaigns import Campaign, State, When, edit
from bot.core.moments import country_of
from bot.core.reminders import GAP, MOST, REST, Calendar, Reminder

ANNOUNCED = timedelta(hours=1)  # before it leaves, its owner hears of it


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """`number` counts from 1: its place in the campaign's plan. `moment`: when it left, or will."""

    number: int
    reminder: Reminder
    moment: datetime


def calendar(campaign: Campaign, now: datetime) -> Calendar:
    """From its departure on, as far as that is known: one without a moment is taken to leave now."""
    return Calendar(
        start=_departure(campaign, now), zone=ZoneInfo(campaign.zone), closing=campaign.closing_at,
        country=country(campaign),
    )  # fmt: skip


def country(campaign: Campaign) -> str:
    """Whose public holidays its letters keep."""
    return country_of(campaign.readers_zone or campaign.zone, campaign.language.value)


def _departure(campaign: Campaign, now: datetime) -> datetime:
    if campaign.departed_at is not None:
        return campaign.departed_at
    is_dated = campaign.when is When.LATER or campaign.scheduled_at is not None
    return campaign.send_at if campaign.send_at is not None and is_dated else now


def plan(campaign: Campaign, now: datetime) -> tuple[Planned, ...]:
    """Skipped ones left out. Those ahead keep their distance from what left before them, and leave within
    working hours of the owner's zone; a moment that a person chose stays as it is, where people have a day to
    answer what left before it."""
    return tuple(_planned(campaign, now))


def _planned(campaign: Campaign, now: datetime) -> Iterator[Planned]:
    days, zone = calendar(campaign, now), ZoneInfo(campaign.zone)
    last = campaign.ended_at
    waves, left = campaign.wave, None
    for number, one in enumerate(campaign.reminders, 1):
        if one.skipped or (one.is_ahead and waves >= MOST):
            continue
        if one.wave:
            moment = left = one.left_at or campaign.departed_at or now
        else:
            waves += 1
            moment = _moment(one, days, last, left, zone)
        last = max(last, moment) if last else moment
        yield Planned(number=number, reminder=one, moment=moment)


def _moment(
    one: Reminder, days: Calendar, last: datetime | None, left: datetime | None, zone: ZoneInfo
) -> datetime:
    """`last`: what keeps it at a distance; `left`: when the last wave began to leave."""
    if one.at is None:
        return _at_work(days.moment(one.days), last, zone, days.country)
    # dated later than what a person chose since: by a clock that was put right again
    is_ahead = left is not None and one.at < left
    if last is None or is_ahead or one.at >= last + REST:
        return one.at
    return moments.in_working_hours(last + REST, zone, days.country)


def _at_work(wished: datetime, last: datetime | None, zone: ZoneInfo, country: str) -> datetime:
    moment = moments.in_working_hours(wished, zone, country)
    if last is None:
        return moment
    earliest = moments.working_days_later(last, GAP, zone, country)
    return moment if moment >= earliest else moments.in_working_hours(earliest, zone, country)


def ahead(campaign: Campaign, now: datetime) -> tuple[Planned, ...]:
    """Those that will leave, as things are: none of them once the questionnaire is closed."""
    return tuple(
        one for one in plan(campaign, now)
        if one.reminder.is_ahead and (campaign.closing_at is None or one.moment < campaign.closing_at)
    )  # fmt: skip


def upcoming(campaign: Campaign, now: datetime) -> Planned | None:
    if campaign.state is not State.SENT or campaign.rests:
        return None
    return next(iter(ahead(campaign, now)), None)


def coming(campaign: Campaign) -> Planned | None:
    """As `upcoming`: after the departure, the plan needs no clock."""
    return upcoming(campaign, campaign.departed_at) if campaign.departed_at else None


def wake_at(campaign: Campaign, now: datetime) -> datetime | None:
    """When a campaign that was sent is to be looked at: an hour before its next reminder, then at it; and
    when its questionnaire closes."""
    moments = list[datetime]()
    if one := upcoming(campaign, now):
        moments.append(one.moment if one.reminder.announced == one.moment else one.moment - ANNOUNCED)
    is_asked = campaign.state is State.HELD and campaign.asks_about and not is_half(campaign)  # until then
    is_met = campaign.state is State.SENT or is_asked
    if is_met and campaign.closing_at is not None and now < campaign.closing_at:
        moments.append(campaign.closing_at)
    return min(moments, default=None)


def is_closed(campaign: Campaign, now: datetime | None) -> bool:
    """Its questionnaire takes no more answers."""
    return campaign.closing_at is not None and now is not None and now >= campaign.closing_at


def awake(campaign: Campaign, now: datetime) -> Campaign:
    """Its reminders rest no more: what was said of the next one is said anew before it leaves, and one whose
    moment has passed meanwhile is asked about."""
    going = edit(campaign, rests=False)
    one = upcoming(going, now)
    if one is None or one.reminder.announced is None:
        return going
    return replace(changed(going, one.number, announced=None), revision=going.revision)


def is_asked(campaign: Campaign, number: int) -> bool:
    """Was its owner told of that reminder, and can anything still be decided about it?"""
    if campaign.state is State.HELD:
        return campaign.asks_about == number
    one = coming(campaign)
    return one is not None and one.number == number and one.reminder.announced == one.moment


def by_hand(campaign: Campaign, reminder: Reminder) -> tuple[Campaign, int]:
    """With one more, before those that are planned: these keep their distance from it. And its number. The
    revision stays, for whoever changes the record."""
    known = list(campaign.reminders)
    place = next((index for index, one in enumerate(known) if one.is_ahead), len(known))
    known.insert(place, reminder)
    return replace(campaign, reminders=tuple(known)), place + 1


def taken_back(campaign: Campaign, ended_at: datetime | None) -> tuple[Campaign, Planned]:
    """As before its last reminder was to leave, and that reminder. `ended_at`: when the last letter before it
    left. The revision stays, for whoever changes the record."""
    number, gone = next(
        (number, one) for number, one in enumerate(campaign.reminders, 1) if one.wave == campaign.wave
    )
    assert gone.left_at is not None
    back = replace(gone, wave=0, left_at=None)
    known = (*campaign.reminders[: number - 1], back, *campaign.reminders[number:])
    sent = replace(campaign, state=State.SENT, ended_at=ended_at, reminders=known)
    return sent, Planned(number=number, reminder=back, moment=gone.left_at)


def as_before(campaign: Campaign) -> Campaign:
    """As it was when its last reminder was about to leave."""
    wave, known = campaign.wave, campaign.reminders
    before = (replace(one, wave=0, left_at=None) if one.wave == wave else one for one in known)
    return replace(campaign, reminders=tuple(before))


def is_half(campaign: Campaign) -> bool:
    """It asks about a reminder of which some letters have left, perhaps, and others not."""
    return bool(campaign.asks_about and campaign.reminders[campaign.asks_about - 1].wave)


def changed(campaign: Campaign, number: int, **changes: object) -> Campaign:
    """With its `number`-th reminder as it now is."""
    known = list(campaign.reminders)
    known[number - 1] = replace(known[number - 1], **changes)  # type: ignore[arg-type]
    return edit(campaign, reminders=tuple(known))


def worded(campaign: Campaign, wave: int) -> Reminder | None:
    """The reminder of that wave; None for the invitation."""
    return next((one for one in campaign.reminders if wave and one.wave == wave), None)
