"""The plan of reminders: on which days, and what cannot be planned."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core.reminders import (
    GAP,
    LONGEST,
    MOST,
    Calendar,
    Reminder,
    check_days,
    check_plan,
    planned,
    read_days,
    resized,
    usual,
)
from bot.core.sentences import Refusal

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=PARIS)


def calendar(**changes: Any) -> Calendar:
    values: dict[str, Any] = {"start": TUESDAY, "zone": PARIS, "country": "FR"}
    return Calendar(**{**values, **changes})


def test_two_are_usually_four_and_eight_working_days_later() -> None:
    assert usual(2, LONGEST) == (4, 8)
    days = calendar()
    assert [f"{days.moment(n):%a %d %H:%M}" for n in (4, 8)] == ["Mon 30 10:00", "Fri 04 10:00"]


@pytest.mark.parametrize(
    ("typed", "count", "days"),
    [
        ("4, 8", 2, (4, 8)),
        (" 4 8 ", 2, (4, 8)),
        ("+4;+8", 2, (4, 8)),
        ("3", 1, (3,)),
        ("1,3,60", 3, (1, 3, 60)),
    ],
)
def test_days_as_people_type_them(typed: str, count: int, days: tuple[int, ...]) -> None:
    assert read_days(typed, count) == days


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "reminders.days.bad"), ("4", "reminders.days.bad"), ("4, 8, 12", "reminders.days.bad"),
        ("four, 8", "reminders.days.bad"), ("4.5, 8", "reminders.days.bad"), ("0, 4", "reminders.days.range"),
        ("4, 61", "reminders.days.range"), ("4, 5", "reminders.days.close"), ("8, 4", "reminders.days.close"),
        ("4, 4", "reminders.days.close"), ("4, -8", "reminders.days.bad"),
    ],
)  # fmt: skip
def test_days_that_cannot_be(typed: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_days(typed, 2)
    assert (refused.value.sentence.key, refused.value.field) == (key, "reminder_days")


def test_before_the_closing() -> None:
    closing = TUESDAY + timedelta(days=9)  # Thursday of the week after, 10:00
    days = calendar(closing=closing)
    assert (days.room, days.most) == (6, 3)
    assert usual(2, days.room) == (3, 6)
    check_plan(planned((3, 6), ()), days)
    with pytest.raises(Refusal) as refused:
        check_plan(planned((3, 7), ()), days)
    assert refused.value.sentence.key == "reminders.days.closed"
    assert refused.value.sentence.values["number"] == 2
    assert calendar(closing=TUESDAY + timedelta(hours=1)).most == 0


def test_another_number_keeps_the_days_chosen() -> None:
    assert resized((5, 9), 3, LONGEST) == (5, 9, 13)
    assert resized((5, 9), 1, LONGEST) == (5,)
    assert resized((), 2, LONGEST) == (4, 8)
    assert resized((5, 9), 0, LONGEST) == ()
    assert resized((2, 5), 3, 6) == (2, 4, 6), "no room behind them: all are spread anew"


def test_the_words_stay_with_their_number() -> None:
    known = (Reminder(days=4, subject="One"), Reminder(days=8, subject="Two"))
    assert [(one.days, one.subject) for one in planned((3, 6, 9), known)] == [(3, "One"), (6, "Two"), (9, "")]
    assert [one.subject for one in planned((3,), known)] == ["One"]


@given(some.integers(0, MOST), some.integers(0, LONGEST))
def test_what_is_usual_can_always_be_kept(count: int, room: int) -> None:
    if count <= room // GAP:
        days = usual(count, room)
        assert check_days(days) == days
        assert len(days) == count
        assert not days or days[-1] <= room


@given(some.lists(some.integers(1, LONGEST), max_size=MOST, unique=True), some.integers(0, MOST))
def test_any_days_can_be_resized(days: list[int], count: int) -> None:
    found = resized(sorted(days), count, LONGEST)
    assert len(found) == count
    assert list(found) == sorted(set(found))
    assert not found or found[-1] <= LONGEST
