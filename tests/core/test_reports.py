"""What a report tells of each person, by the facts that are known of them."""

from array import array
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.answers import Known as Source
from bot.core.answers import Source as By
from bot.core.campaigns import State
from bot.core.contacts import Contact
from bot.core.delivery import Progress
from bot.core.facts import Happened
from bot.core.reports import Known, Letter, Person, Report, people
from tests.handlers.campaign_records import NOW, a_campaign

LEFT_OUT, REJECTED, PENDING, UNCERTAIN, ACCEPTED = range(5)
TOLD = (Source(source=By.HAND, at=NOW),)


def told(bits: int, rank: int = ACCEPTED, *, answers: Any = TOLD, at: int = 0, **progress: Any) -> Person:
    known = Known(
        bits=array("H", [bits]), ranks=bytearray([rank]), reminders=bytearray([1]), failures={0: "full"},
        answered_at={0: at} if at else {},
    )  # fmt: skip
    campaign = a_campaign(State.SENT, audience_size=1, answers=answers)
    report = Report(campaign=campaign, progress=Progress(people=1, **progress), at=NOW)
    (found,) = people(report, [(0, Contact(row=2, email="anna@example.com"))], known)
    return found


@pytest.mark.parametrize(
    ("bits", "rank", "letter", "why"),
    [
        (0, LEFT_OUT, Letter.LEFT_OUT, ""),
        (0, REJECTED, Letter.REJECTED, ""),
        (0, PENDING, Letter.PENDING, ""),
        (0, UNCERTAIN, Letter.UNCERTAIN, ""),
        (0, ACCEPTED, Letter.ACCEPTED, ""),
        (Happened.DELIVERED, ACCEPTED, Letter.DELIVERED, ""),
        (Happened.DELIVERED | Happened.BLOCKED, ACCEPTED, Letter.DELIVERED, ""),
        (Happened.DELIVERED | Happened.BOUNCED, ACCEPTED, Letter.FAILED, "full"),
        (Happened.DROPPED, UNCERTAIN, Letter.FAILED, "full"),
    ],
)
def test_what_became_of_the_letter(bits: int, rank: int, letter: Letter, why: str) -> None:
    found = told(int(bits), rank)
    assert (found.letter, found.why) == (letter, why)


def test_what_nobody_told_is_unknown() -> None:
    found = told(0, answers=())
    assert (found.answered, found.opened, found.answered_at) == (None, None, None)
    assert (found.number, found.reminders, found.unsubscribed) == (1, 1, False)


def test_what_was_told_is_yes_or_no() -> None:
    assert (told(0).answered, told(0, openings=3).opened) == (False, False)
    bits = Happened.ANSWERED | Happened.ROBOT | Happened.UNSUBSCRIBED
    found = told(int(bits), openings=1, at=1_767_607_200)
    assert (found.answered, found.opened, found.unsubscribed) == (True, True, True)
    assert found.answered_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
