"""From which share on somebody must look."""

import pytest

from bot.core.alarms import Alarm, Kind, alarms
from bot.core.delivery import Progress


def kinds(**counts: int) -> list[str]:
    return [alarm.kind.value for alarm in alarms(Progress(**counts))]


@pytest.mark.parametrize(
    ("delivered", "bounced", "expected"),
    [(95, 5, []), (94, 6, ["bounces"]), (18, 1, []), (18, 2, ["bounces"]), (9, 10, []), (0, 0, [])],
)
def test_over_five_percent_of_twenty_letters(delivered: int, bounced: int, expected: list[str]) -> None:
    assert kinds(accepted=200, delivered=delivered, bounced=bounced) == expected


def test_refused_letters_are_known_and_no_bounces() -> None:
    assert kinds(accepted=100, delivered=10, blocked=50, dropped=40) == []
    assert kinds(accepted=100, delivered=10, blocked=80, bounced=5) == ["bounces"]


@pytest.mark.parametrize(
    ("delivered", "complained", "expected"),
    [(1_000, 1, []), (999, 1, ["complaints"]), (20, 1, ["complaints"]), (19, 1, []), (5_000, 5, [])],
)
def test_over_one_complaint_in_a_thousand(delivered: int, complained: int, expected: list[str]) -> None:
    assert kinds(accepted=delivered, delivered=delivered, complained=complained) == expected


def test_where_deliveries_are_never_told_a_bounce_is_one_of_all_that_were_accepted() -> None:
    assert kinds(accepted=1_000, bounced=40) == []
    assert kinds(accepted=1_000, bounced=51, complained=2) == ["bounces", "complaints"]


@pytest.mark.parametrize(
    ("n", "of", "stops"), [(5, 50, False), (6, 50, True), (40, 49, False), (101, 1_000, True)]
)
def test_a_tenth_of_fifty_letters_is_enough_to_stop(n: int, of: int, stops: bool) -> None:
    assert Alarm(kind=Kind.BOUNCES, n=n, of=of).stops is stops
    assert not Alarm(kind=Kind.COMPLAINTS, n=n, of=of).stops
