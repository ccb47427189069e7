"""Whom a campaign's letters reached: by number, of every wave, from its own moment on."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core import facts, reached
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Fold
from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.people import Language

INVITED = datetime(2026, 11, 2, 9, tzinfo=UTC)
REMINDED = INVITED + timedelta(days=14)
YESTERDAY = REMINDED - timedelta(hours=1)
LONG_AGO = INVITED - timedelta(days=1)


def a_campaign(state: State) -> Campaign:
    return Campaign(
        workspace=WorkspaceId("T1"), id=CampaignId("cmp_1"), owner=MemberId("U1"), seed="5eed",
        created_at=INVITED, language=Language.FRENCH, zone="Europe/Paris", state=state,
        sender=Sender(address="a@nova.example"),
    )  # fmt: skip


def told(*known: facts.Fact) -> Fold:
    fold = Fold()
    for fact in known:
        assert fold.allows(fact)
        fold.apply(fact)
    return fold


def accepted(wave: int, batch: int, at: datetime) -> tuple[facts.Fact, facts.Fact]:
    return (
        facts.Claimed(wave=wave, batch=batch, at=at),
        facts.Accepted(wave=wave, batch=batch, at=at, message_id="m"),
    )


def reminded(*batches: int) -> Fold:
    """Five people invited, of whom the second answered; these of the four others reminded, one a batch."""
    first = facts.WaveOpened(wave=0, at=INVITED, audience_size=5, batch_size=5)
    second = facts.WaveOpened(wave=1, at=REMINDED, audience_size=5, batch_size=1, removed={"answered": (1,)})
    letters = [fact for batch in batches for fact in accepted(1, batch, REMINDED)]
    return told(first, *accepted(0, 0, INVITED), second, *letters)


def test_who_was_reminded_yesterday_heard_of_us_yesterday() -> None:
    sent = a_campaign(State.SENT)
    assert list(reached.since(reminded(0, 1, 2, 3), sent, YESTERDAY)) == [1, 0, 1, 1, 1]
    assert list(reached.since(reminded(0, 3), sent, YESTERDAY)) == [1, 0, 0, 0, 1]
    assert list(reached.since(reminded(), sent, YESTERDAY)) == [0] * 5
    assert list(reached.since(reminded(0), sent, LONG_AGO)) == [1] * 5, "all of them were invited since"
    assert list(reached.since(reminded(0, 1, 2, 3), sent, REMINDED + timedelta(seconds=1))) == [0] * 5


@pytest.mark.parametrize("state", [State.SENDING, State.PAUSED, State.HELD])
def test_whose_reminder_is_still_to_leave_will_have(state: State) -> None:
    assert list(reached.since(reminded(0), a_campaign(state), YESTERDAY)) == [1, 0, 1, 1, 1]
    assert list(reached.since(reminded(0), a_campaign(State.STOPPED), YESTERDAY)) == [1, 0, 0, 0, 0]


def test_a_reminder_that_may_have_left_counts() -> None:
    fold = told(
        facts.WaveOpened(wave=0, at=INVITED, audience_size=2, batch_size=1),
        *accepted(0, 0, INVITED),
        *accepted(0, 1, INVITED),
        facts.WaveOpened(wave=1, at=REMINDED, audience_size=2, batch_size=1),
        facts.Claimed(wave=1, batch=0, at=REMINDED),
        facts.Uncertain(wave=1, batch=0, at=REMINDED, why="timeout"),
        facts.Claimed(wave=1, batch=1, at=REMINDED),
        facts.Rejected(wave=1, batch=1, at=REMINDED, people={1: "no such mailbox"}),
    )
    assert list(reached.since(fold, a_campaign(State.SENT), YESTERDAY)) == [1, 0]
    assert list(reached.ever(fold, a_campaign(State.SENT))) == [1, 1], "both were invited"


def test_nobody_before_the_first_wave() -> None:
    assert list(reached.ever(Fold(), a_campaign(State.SENDING))) == []
