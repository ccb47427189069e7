"""A mail service that keeps failing: few letters in doubt, nothing given up too soon, people told once."""

from datetime import timedelta

import pytest

from bot.core import facts
from bot.core.campaigns import State
from bot.core.strain import DOUBTS, GIVEN_UP_AFTER, LONGEST, TOLD_AFTER
from bot.ports import NotTaken, Taken, Unknown
from bot.services.delivery import AT_ONCE
from bot.services.pipeline import AHEAD
from tests.services.mailroom import BATCHES, EACH, NOON, NOVA, OWNER, PATIENCE, Room, all_but

AWAY = NotTaken(seconds=30, why="unreachable")
BUSY = NotTaken(seconds=60, why="busy")
LOST = Unknown(why="server")
TAKEN = Taken(message_id="m")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_an_outage_with_bad_answers_makes_five_requests_uncertain_and_no_more(room: Room) -> None:
    room.door.opens()
    room.door.usually = LOST
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENDING
    assert room.progress.uncertain < DOUBTS * EACH
    room.goes_by(HOUR)
    assert room.campaign.state is State.PAUSED
    assert len(room.door.posted) == DOUBTS
    assert (room.progress.uncertain, room.progress.pending) == (DOUBTS * EACH, (BATCHES - DOUBTS) * EACH)
    (said,) = room.told("campaigns.said.paused")
    assert said.values["left"] == (BATCHES - DOUBTS) * EACH
    assert said.values["why"].key == "pace.paused.doubt"  # type: ignore[union-attr]
    assert said.values["why"].values == {"n": DOUBTS * EACH}  # type: ignore[union-attr]
    room.goes_by(DAY)
    assert len(room.door.posted) == DOUBTS, "it asks before it resumes"


def test_it_waits_longer_and_longer_before_it_asks(room: Room) -> None:
    room.door.opens()
    room.door.answers = {number * EACH: [LOST] for number in range(3)}
    room.door.usually = LOST
    waits = []
    while room.campaign.state in (State.SCHEDULED, State.SENDING):
        room.sweeps_to_the_end()
        if wake := room.store.campaigns.next_wake():
            waits.append(wake - room.clock.at)
            room.clock.at = wake
    assert waits in ([timedelta(minutes=2)], [timedelta(seconds=30), timedelta(minutes=2)]), waits


def test_resumed_into_the_same_outage_it_costs_one_request_more(room: Room) -> None:
    room.door.opens()
    room.door.usually = LOST
    room.goes_by(HOUR)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.goes_by(HOUR)
    assert room.campaign.state is State.PAUSED
    assert len(room.door.posted) == DOUBTS + 1
    assert len(room.told("campaigns.said.paused")) == 2


def test_resumed_once_it_is_over_it_ends(room: Room) -> None:
    room.door.opens()
    room.door.usually = LOST
    room.goes_by(HOUR)
    room.door.usually = TAKEN
    room.campaigns.resume(OWNER, room.campaign.id)
    room.goes_by(HOUR)
    assert room.campaign.state is State.SENT
    assert sorted(room.door.posted) == all_but(), "everybody once"
    assert room.progress.accepted == (BATCHES - DOUBTS) * EACH


def test_after_a_failure_one_request_at_a_time_until_one_is_taken(room: Room) -> None:
    room.door.usually = LOST
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    room.door.lets(AT_ONCE)
    sweep.result(PATIENCE)
    assert len(room.door.posted) == AT_ONCE
    room.door.usually, room.door.most, built = TAKEN, 0, len(room.door.built)
    room.clock.at = room.store.campaigns.next_wake() or NOON
    sweep = room.sweeps()
    room.door.until(lambda: len(room.door.built) == built + AT_ONCE + AHEAD)
    assert room.door.most <= 1
    room.door.lets(1)
    room.door.until(lambda: room.door.most == AT_ONCE)
    room.door.opens()
    sweep.result(PATIENCE)
    assert room.campaign.state is State.SENT
    assert room.progress.uncertain == AT_ONCE * EACH


def test_what_our_own_restart_left_in_doubt_is_no_failure_of_theirs(room: Room) -> None:
    campaign = room.campaign
    opened = facts.WaveOpened(wave=0, at=NOON, audience_size=EACH * BATCHES)
    lost = [
        fact
        for batch in range(DOUBTS)
        for fact in (
            facts.Claimed(wave=0, batch=batch, at=NOON),
            facts.Uncertain(wave=0, batch=batch, at=NOON, why="restart"),
        )
    ]
    for fact in (opened, *lost):
        assert room.store.ledgers.append(NOVA, campaign.id, fact)
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    room.door.opens()
    sweep.result(PATIENCE)
    assert room.campaign.state is State.SENT


@pytest.mark.parametrize("outcome", [AWAY, BUSY], ids=["away", "busy"])
def test_an_hour_of_nothing_taken_ends_complete_and_is_told_once(room: Room, outcome: NotTaken) -> None:
    room.door.opens()
    room.door.usually = outcome
    room.goes_by(TOLD_AFTER - timedelta(minutes=4))
    assert room.told("pace.said.away") == []
    room.goes_by(HOUR)
    assert room.campaign.state is State.SENDING
    (said,) = room.told("pace.said.away")
    assert said.values == {"name": "Avis", "n": BATCHES * EACH, "since": NOON}
    assert room.progress.failing_since == NOON
    room.door.usually = TAKEN
    room.goes_by(LONGEST)
    assert room.campaign.state is State.SENT
    assert room.progress.accepted == BATCHES * EACH
    assert room.progress.failing_since is None
    assert [said.key for said in room.wall.said] == [
        "campaigns.said.departed", "pace.said.away", "campaigns.said.sent",
    ]  # fmt: skip


@pytest.mark.parametrize("outcome", [AWAY, BUSY], ids=["away", "busy"])
def test_after_a_day_of_nothing_taken_a_person_is_asked(room: Room, outcome: NotTaken) -> None:
    room.door.opens()
    room.door.usually = outcome
    room.goes_by(GIVEN_UP_AFTER - timedelta(minutes=10))
    assert room.campaign.state is State.SENDING
    room.goes_by(HOUR)
    assert room.campaign.state is State.PAUSED
    (said,) = room.told("campaigns.said.paused")
    assert said.values["left"] == BATCHES * EACH
    assert said.values["why"].key == "pace.paused.away"  # type: ignore[union-attr]
    assert (room.progress.pending, room.progress.uncertain) == (BATCHES * EACH, 0)
    room.door.usually = TAKEN
    room.campaigns.resume(OWNER, room.campaign.id)
    room.goes_by(HOUR)
    assert room.campaign.state is State.SENT


def test_who_is_away_is_tried_less_and_less_often(room: Room) -> None:
    room.door.opens()
    room.door.usually = AWAY
    room.goes_by(HOUR)
    tries = len(room.door.posted)
    assert 20 < tries < 35
    wake = room.store.campaigns.next_wake()
    assert wake is not None
    assert wake - room.clock.at <= LONGEST
