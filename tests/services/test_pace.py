"""Letters an hour: a few a minute, from the ledger's claims, through restarts and pauses."""

from datetime import timedelta

from bot.core.campaigns import State
from bot.ports import NotTaken, Unknown
from tests.services.mailroom import BATCHES, EACH, NOON, OWNER, Room

PEOPLE = EACH * BATCHES
PER_HOUR = 120  # two letters a minute, here
MINUTE = timedelta(minutes=1)


def test_a_few_leave_each_minute_until_the_end_that_was_told(room: Room) -> None:
    room.paced(PER_HOUR)
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.door.posted == [b"0 1"]
    assert room.progress.ends_at == NOON + (PEOPLE // 2 - 1) * MINUTE
    told = room.progress.ends_at
    room.goes_by(10 * MINUTE)
    assert len(room.door.posted) == 11
    assert room.progress.ends_at == told
    room.goes_by(told - room.clock.at)
    assert room.campaign.state is State.SENT
    assert room.progress.accepted == PEOPLE
    assert room.door.most == 1


def test_a_visit_too_many_sends_nothing_more(room: Room) -> None:
    """A restart, a timer that runs wild, a resume: what an hour holds stands in the ledger."""
    room.paced(PER_HOUR)
    room.door.opens()
    room.sweeps_to_the_end()
    for _ in range(3):
        room.campaigns.pause(OWNER, room.campaign.id)
        room.campaigns.resume(OWNER, room.campaign.id)
        room.sweeps_to_the_end()
    assert len(room.door.posted) == 1
    assert room.store.campaigns.next_wake() == NOON + MINUTE


def test_after_a_pause_of_an_hour_nothing_is_made_up_for(room: Room) -> None:
    room.paced(PER_HOUR)
    room.door.opens()
    room.sweeps_to_the_end()
    room.campaigns.pause(OWNER, room.campaign.id)
    room.clock.at += 60 * MINUTE
    room.campaigns.resume(OWNER, room.campaign.id)
    room.goes_by(2 * MINUTE)
    assert len(room.door.posted) == 4


def test_a_busy_service_is_waited_for_and_the_pace_goes_on(room: Room) -> None:
    room.paced(PER_HOUR)
    room.door.opens()
    room.door.answers = {2: [NotTaken(seconds=600, why="busy")], 4: [Unknown(why="reset")]}
    room.goes_by(5 * MINUTE)
    assert len(room.door.posted) == 2
    room.goes_by(9 * MINUTE)
    assert room.door.posted[2:5] == [b"2 3", b"4 5", b"6 7"]
    room.goes_by(60 * MINUTE)
    assert room.campaign.state is State.SENT
    assert (room.progress.accepted, room.progress.uncertain) == (PEOPLE - 2, 2)
