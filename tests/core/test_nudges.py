"""When somebody else is asked: an hour of work where they are, and never outside of it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.ids import MemberId, WorkspaceId
from bot.core.nudges import is_due, worked
from bot.core.people import Language, Member

PARIS = Member(workspace=WorkspaceId("T"), id=MemberId("U1"), locale=Language.FRENCH, zone="Europe/Paris")
YORK = Member(workspace=WorkspaceId("T"), id=MemberId("U2"), zone="America/New_York")


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "now", "hours"),
    [
        (utc(24, 9), utc(24, 10), 1),  # a Tuesday
        (utc(24, 17, 30), utc(25, 7, 30), 1),  # half an hour before 19:00 in Paris, half after 8:00
        (utc(24, 19), utc(25, 6), 0),  # a night
        (utc(27, 17), utc(30, 8), 2),  # over a weekend
        (utc(24, 9, month=12), utc(25, 20, month=12), 9),  # Christmas
    ],
)
def test_only_working_hours_count(since: datetime, now: datetime, hours: float) -> None:
    assert worked(since, now, PARIS) == timedelta(hours=hours)


def test_nobody_is_asked_at_night_or_before_their_hour() -> None:
    asked = utc(24, 9)
    assert not is_due(asked, utc(24, 9, 59), PARIS)
    assert is_due(asked, utc(24, 10), PARIS)
    assert not is_due(asked, utc(24, 20), PARIS), "21:00 in Paris"
    assert not is_due(asked, utc(24, 13, 30), YORK), "New York has worked for half an hour"
    assert is_due(asked, utc(24, 14), YORK)


def test_a_question_of_long_ago_costs_no_more() -> None:
    assert worked(utc(1, 9) - timedelta(days=20_000), utc(24, 10), PARIS) < timedelta(days=14)
