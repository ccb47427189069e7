"""Answers over time, out of the ledger: so few slices that a chart holds them, and every answer in one.

The ledger's fold counts answers by the quarter of an hour, of which every time zone's days are made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

QUARTER = 900  # seconds
MOST = 20  # points of one series, as charts in Slack take them
REST = timedelta(days=7)  # of silence after the last answer, and then no more slices
HOURS = (1, 2, 3)
DAYS = (1, 2, 3, 7, 14, 28, 56, 112, 366)


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """What came from `start`, in the zone that was asked for, until the next slice."""

    start: datetime
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """Slices of `step` units each, in order, without gaps."""

    unit: Unit
    step: int
    slices: tuple[Slice, ...]

    @property
    def total(self) -> int:
        return sum(one.count for one in self.slices)


def timeline(answers: Mapping[int, int], since: datetime, until: datetime, zone: tzinfo) -> Timeline | None:
    """From the departure on. What claims to be older counts as the first slice's, and what claims to be
    later than `until` as the last one's: clocks of others are what they are. None where nothing is dated."""
    if not answers:
        return None
    first, now = since.timestamp() // QUARTER, until.timestamp() // QUARTER
    dated = {int(min(max(at, first), max(first, now))): 0 for at in answers}
    for at, count in answers.items():
        dated[int(min(max(at, first), max(first, now)))] += count
    end = min(_moment(max(dated)) + REST, max(since, until))
    begin, unit, step = _grid(since.astimezone(zone), end.astimezone(zone))
    counts = [0] * (_place(begin, end.astimezone(zone), unit, step) + 1)
    for at, count in dated.items():
        place = _place(begin, _moment(at).astimezone(zone), unit, step)
        counts[min(max(place, 0), len(counts) - 1)] += count
    slices = (
        Slice(start=_start(begin, unit, step * place), count=count) for place, count in enumerate(counts)
    )
    return Timeline(unit=unit, step=step, slices=tuple(slices))


def _grid(first: datetime, last: datetime) -> tuple[datetime, Unit, int]:
    """The finest that needs no more than `MOST` slices."""
    for step in HOURS:
        begin = first.replace(hour=first.hour - first.hour % step, minute=0, second=0, microsecond=0)
        if _place(begin, last, Unit.HOUR, step) < MOST:
            return begin, Unit.HOUR, step
    begin = first.replace(hour=0, minute=0, second=0, microsecond=0)
    fits = (step for step in DAYS if _place(begin, last, Unit.DAY, step) < MOST)
    return begin, Unit.DAY, next(fits, DAYS[-1] * -(-(last - begin).days // MOST))


def _place(begin: datetime, moment: datetime, unit: Unit, step: int) -> int:
    """Hours pass alike whatever clocks do; a day is the calendar's."""
    if unit is Unit.HOUR:
        return int((moment.astimezone(UTC) - begin.astimezone(UTC)).total_seconds() // (3_600 * step))
    return (moment.date() - begin.date()).days // step


def _start(begin: datetime, unit: Unit, units: int) -> datetime:
    if unit is Unit.HOUR:
        return (begin.astimezone(UTC) + timedelta(hours=units)).astimezone(begin.tzinfo)
    return begin + timedelta(days=units)


def _moment(quarter: int) -> datetime:
    return datetime.fromtimestamp(quarter * QUARTER, UTC)
