"""The machine's clock jumps: what was due is asked about once, nothing leaves twice or is held wrongly."""

from datetime import timedelta

import pytest

from bot.core import campaigns as rules
from bot.core.campaigns import State
from bot.ports import NotTaken
from tests.services.mailroom import BATCHES, EACH, NOON, OWNER, Room, all_but

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BUSY = NotTaken(seconds=600, why="busy")


def test_a_laptop_suspended_over_the_departure_asks_once(room: Room) -> None:
    room.door.opens()
    room.clock.at = NOON + 3 * HOUR
    room.sweeps_to_the_end()
    assert room.campaign.state is State.HELD
    assert room.campaign.why is not None
    assert room.campaign.why.key == "campaigns.why.late"
    for _ in range(3):
        room.clock.at += timedelta(seconds=30)
        room.sweeps_to_the_end()
    assert room.door.posted == []
    assert len(room.told("campaigns.said.held")) == 1
    room.campaigns.send_now(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENT
    assert sorted(room.door.posted) == all_but()


@pytest.mark.parametrize(("late", "leaves"), [(rules.LATE, True), (rules.LATE + MINUTE, False)])
def test_a_quarter_of_an_hour_is_not_late(room: Room, late: timedelta, leaves: bool) -> None:
    room.door.opens()
    room.clock.at = NOON + late
    room.sweeps_to_the_end()
    assert (room.campaign.state is State.SENT) == leaves
    assert bool(room.door.posted) == leaves


def test_set_back_before_the_departure_it_leaves_by_the_new_clock(room: Room) -> None:
    room.door.opens()
    room.clock.at = NOON - HOUR - MINUTE
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SCHEDULED
    room.goes_by(HOUR + MINUTE)
    assert room.campaign.state is State.SENT
    assert room.told("campaigns.said.held") == []


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("back", [HOUR, 24 * HOUR])
def test_set_back_half_way_nothing_leaves_twice_nothing_is_held_and_nobody_waits_for_the_old_clock(
    room: Room, restarts: bool, back: timedelta
) -> None:
    room.door.opens()
    room.door.answers = {number * EACH: [BUSY] for number in range(5, BATCHES)}
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENDING
    before, last_beat = len(room.door.posted), room.clock.at
    room.clock.at -= back
    if restarts:
        room.delivery.recover(last_beat, room.clock.at)
    else:
        room.delivery.set_back(room.clock.at)
    room.goes_by(MINUTE)
    assert len(room.door.posted) > before
    room.goes_by(3 * HOUR)
    assert room.campaign.state is State.SENT
    assert room.progress.accepted == BATCHES * EACH
    taken = [body for body in room.door.posted if room.door.posted.count(body) == 1]
    busy = [body for body in set(room.door.posted) if room.door.posted.count(body) > 1]
    assert sorted(taken + busy) == all_but()
    assert [said.key for said in room.wall.said] == ["campaigns.said.departed", "campaigns.said.sent"]


def test_a_paced_campaign_goes_on_after_its_clock_was_set_back(room: Room) -> None:
    room.paced(120)
    room.door.opens()
    room.sweeps_to_the_end()
    room.clock.at -= HOUR
    room.delivery.set_back(room.clock.at)
    room.sweeps_to_the_end()
    assert len(room.door.posted) == 2, "nobody waits until it has caught up"
    room.campaigns.pause(OWNER, room.campaign.id)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.goes_by(2 * MINUTE)
    assert len(room.door.posted) == 4, "one at once, then a minute each"
