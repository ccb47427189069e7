"""Working days, summer time, and clocks in two places."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core.moments import (
    ZONES,
    at,
    comes_twice,
    country_of,
    is_working_day,
    is_zone,
    next_working_morning,
    read_alike,
    working_days_between,
    working_days_later,
)

PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 10, tzinfo=PARIS)


def test_weekends_and_public_holidays_are_no_working_days() -> None:
    assert working_days_later(FRIDAY, 1, PARIS, "FR") == datetime(2026, 11, 30, 10, tzinfo=PARIS)
    christmas_eve = datetime(2026, 12, 24, 10, tzinfo=PARIS)
    assert working_days_later(christmas_eve, 1, PARIS, "FR").date() == date(2026, 12, 28)
    thanksgiving = date(2026, 11, 26)
    assert not is_working_day(thanksgiving, "US")
    assert is_working_day(thanksgiving, "FR")
    assert not is_working_day(thanksgiving, "en"), "a language stands for a country"


@pytest.mark.parametrize("changes", ["2026-03-27T10:00", "2026-10-23T10:00"])
def test_over_a_change_of_the_clocks_the_time_of_day_stays(changes: str) -> None:
    friday = datetime.fromisoformat(changes).replace(tzinfo=PARIS)
    monday = working_days_later(friday, 1, PARIS, "FR")
    assert (monday.hour, monday.minute) == (10, 0)
    assert monday - friday == timedelta(days=3), "on the wall"
    assert monday.astimezone(UTC) - friday.astimezone(UTC) != timedelta(days=3), "an hour more or less"


def test_a_time_that_the_change_leaves_out_is_as_much_later() -> None:
    shown = at(date(2026, 3, 29), time(2, 30), PARIS)
    assert (shown.hour, shown.minute) == (3, 30)
    assert shown.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    shown = at(date(2026, 10, 25), time(2, 30), PARIS)
    assert shown.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert comes_twice(shown, PARIS)
    assert comes_twice(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), PARIS)
    assert not comes_twice(FRIDAY, PARIS)


def test_clocks_in_two_places() -> None:
    assert read_alike(FRIDAY, PARIS, ZoneInfo("Europe/Berlin"))
    assert not read_alike(FRIDAY, PARIS, NEW_YORK)
    assert country_of("America/New_York", "fr") == "US"
    assert country_of("Asia/Katmandu", "fr") == "FR"


def test_every_zone_that_is_offered_is_known_here_with_its_holidays() -> None:
    for zone, country in ZONES.items():
        assert is_zone(zone)
        assert any(not is_working_day(date(2027, 1, 1) + timedelta(days=n), country) for n in range(5))
    assert not is_zone("Europe/Nowhere")
    assert not is_zone("")


@given(
    some.integers(0, 17_520).map(lambda hours: FIRST + timedelta(hours=hours)),
    some.integers(0, 60), some.sampled_from(sorted(ZONES)),
)  # fmt: skip
def test_so_many_working_days_later_is_a_working_day_and_later(start: datetime, days: int, name: str) -> None:
    zone, country = ZoneInfo(name), ZONES[name]
    moment = working_days_later(start, days, zone, country)
    assert moment >= start.replace(second=0, microsecond=0) - timedelta(hours=1)
    if days:
        assert is_working_day(moment.astimezone(zone).date(), country)
        later = moment + timedelta(hours=3)
        assert working_days_between(start, later, zone, country, 60) >= min(days, 60)


def test_the_default_is_never_today() -> None:
    assert next_working_morning(FRIDAY, PARIS, "fr") == datetime(2026, 11, 30, 10, tzinfo=PARIS)
