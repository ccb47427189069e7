"""Answers over time: few slices, in the reader's own zone, and no answer lost."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.timeline import MOST, QUARTER, Timeline, Unit, timeline

PARIS, KATHMANDU = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Kathmandu")
DEPARTED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def counted(*moments: datetime) -> dict[int, int]:
    found: dict[int, int] = {}
    for moment in moments:
        quarter = int(moment.timestamp()) // QUARTER
        found[quarter] = found.get(quarter, 0) + 1
    return found


def over(span: timedelta, *moments: datetime, zone: ZoneInfo = PARIS) -> Timeline:
    found = timeline(counted(*moments), DEPARTED, DEPARTED + span, zone)
    assert found is not None
    return found


def test_nothing_dated_is_no_timeline() -> None:
    assert timeline({}, DEPARTED, DEPARTED, PARIS) is None


def test_the_first_hours_are_told_by_the_hour() -> None:
    found = over(timedelta(hours=3), DEPARTED + timedelta(minutes=5), DEPARTED + timedelta(hours=2))
    assert (found.unit, found.step) == (Unit.HOUR, 1)
    assert [(one.start.hour, one.count) for one in found.slices] == [(10, 1), (11, 0), (12, 1), (13, 0)]


def test_days_are_those_of_the_reader() -> None:
    """23:30 on the 25th in Paris is the 26th in Kathmandu."""
    late = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    for zone, day in ((PARIS, 25), (KATHMANDU, 26)):
        found = over(timedelta(days=12), late, zone=zone)
        assert (found.unit, found.step) == (Unit.DAY, 1)
        assert [one.start.day for one in found.slices if one.count] == [day]


def test_a_long_silence_is_not_drawn() -> None:
    found = over(timedelta(days=300), DEPARTED + timedelta(days=2))
    assert len(found.slices) == 10, "the day of the departure, two days, and a week of silence"


@pytest.mark.parametrize(("days", "step"), [(10, 1), (25, 2), (100, 7), (500, 28), (2_000, 112)])
def test_a_long_campaign_is_told_by_longer_spans(days: int, step: int) -> None:
    found = over(timedelta(days=days), DEPARTED, DEPARTED + timedelta(days=days))
    assert (found.unit, found.step) == (Unit.DAY, step)


def test_clocks_change_and_no_hour_is_counted_twice() -> None:
    """On 25 October 2026 at 3:00 Paris goes back to 2:00."""
    departed = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    answers = counted(*(departed + timedelta(hours=hour) for hour in range(6)))
    found = timeline(answers, departed, departed + timedelta(hours=5), PARIS)
    assert found is not None
    assert [one.count for one in found.slices] == [1] * 6
    assert [one.start.hour for one in found.slices] == [0, 1, 2, 2, 3, 4]


MOMENTS = st.integers(0, 0xFFFFFFFF)


@given(
    answers=st.dictionaries(MOMENTS.map(lambda at: at // QUARTER), st.integers(1, 1_000), min_size=1),
    since=MOMENTS, until=MOMENTS, zone=st.sampled_from([UTC, PARIS, KATHMANDU]),
)  # fmt: skip
def test_every_answer_is_in_one_slice(
    answers: dict[int, int], since: int, until: int, zone: ZoneInfo
) -> None:
    found = timeline(answers, datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(until, UTC), zone)
    assert found is not None
    assert found.total == sum(answers.values())
    assert 1 <= len(found.slices) <= MOST
    assert all(one.start < other.start for one, other in pairwise(found.slices))
