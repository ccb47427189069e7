"""Reminders that are due: who gets one, and when nobody does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core import campaigns as rules
from bot.core.campaigns import State
from bot.core.facts import Events, Happened
from bot.core.reminders import Reminder
from tests.services.mailroom import BATCHES, EACH, NOON, NOVA, Room, batch

# Monday noon in UTC; four working days later, at the same hour of Paris
FIRST = datetime(2026, 11, 27, 12, tzinfo=UTC)
SECOND = datetime(2026, 12, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def plans(room: Room, *reminders: Reminder) -> None:
    campaign = room.campaign
    planned = rules.edit(campaign, reminders=reminders or (Reminder(days=4), Reminder(days=8)))
    room.store.campaigns.advance(NOVA, planned, campaign.revision, campaign.send_at)


def learns(room: Room, bits: Happened, *numbers: int, wave: int = 0) -> None:
    at = int(room.clock.at.timestamp())
    told = Events(wave=wave, items=tuple((number, int(bits), at) for number in numbers))
    assert room.store.ledgers.learn(NOVA, room.campaign.id, [told])


def invites(room: Room, *reminders: Reminder) -> None:
    plans(room, *reminders)
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENT
    room.door.posted.clear()


def reminded(room: Room) -> set[int]:
    return {int(number) for body in room.door.posted for number in body.split()}


EVERYBODY = set(range(EACH * BATCHES))


def test_announced_an_hour_before_then_only_the_silent_get_it(room: Room) -> None:
    invites(room)
    learns(room, Happened.ANSWERED, 0, 7)
    learns(room, Happened.BOUNCED, 1)
    learns(room, Happened.COMPLAINED, 2)
    room.suppresses(3)
    room.goes_by(FIRST - HOUR - NOON - timedelta(seconds=1))
    assert room.told("reminders.said.announced") == []
    room.goes_by(timedelta(seconds=2))
    (said,) = room.told("reminders.said.announced")
    assert (said.values["moment"], said.values["n"]) == (FIRST, len(EVERYBODY) - 5)
    room.goes_by(HOUR)
    assert reminded(room) == EVERYBODY - {0, 1, 2, 3, 7}
    assert room.campaign.state is State.SENT
    assert room.campaign.reminders[0].wave == 1
    (said,) = room.told("reminders.said.sent")
    assert said.values["n"] == len(EVERYBODY) - 5


def test_the_second_reaches_who_is_silent_still_and_nobody_twice_in_one_wave(room: Room) -> None:
    invites(room)
    room.goes_by(FIRST - NOON)
    assert sorted(room.door.posted) == sorted(batch(number) for number in range(BATCHES))
    room.door.posted.clear()
    learns(room, Happened.ANSWERED, *range(EACH, EACH * BATCHES))
    room.goes_by(SECOND - FIRST)
    assert room.door.posted == [batch(0)]
    room.goes_by(timedelta(days=60))
    assert room.door.posted == [batch(0)]
    assert [one.wave for one in room.campaign.reminders] == [1, 2]


def test_an_answer_while_the_reminder_leaves_is_in_time(room: Room) -> None:
    """The wave is open, and its last batches have not left."""
    plans(room, Reminder(days=4))
    room.door.opens()
    room.sweeps_to_the_end()
    room.door.posted.clear()
    room.door._open = 0
    room.clock.at = FIRST - HOUR
    room.sweeps_to_the_end()
    room.clock.at = FIRST
    leaving = room.sweeps()
    room.door.until(lambda: len(room.door.posted) == 4)
    last = EACH * BATCHES - 1
    learns(room, Happened.ANSWERED, last)
    room.door.opens()
    leaving.result(10)
    assert reminded(room) == EVERYBODY - {last}
    assert room.store.ledgers.read(NOVA, room.campaign.id, lambda fold: fold.progress(1)).skipped == 1


def test_nobody_knows_who_answered_it_is_held_and_nothing_leaves(room: Room) -> None:
    room.wall.knows = False
    invites(room)
    room.goes_by(FIRST - NOON)
    assert room.told("reminders.said.unknown")
    assert room.door.posted == []
    assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 1)
    room.goes_by(timedelta(days=3))
    assert room.door.posted == []


def test_late_by_more_than_a_quarter_of_an_hour_it_asks(room: Room) -> None:
    invites(room)
    room.clock.at = FIRST - HOUR
    room.sweeps_to_the_end()
    room.clock.at = FIRST + timedelta(minutes=16)
    room.sweeps_to_the_end()
    assert room.door.posted == []
    assert room.campaign.state is State.HELD
    (said,) = room.told("reminders.said.held")
    assert said.values["number"] == 1


def test_none_leaves_after_the_closing_or_once_skipped(room: Room) -> None:
    plans(room)
    campaign = room.campaign
    skipped = (replace(campaign.reminders[0], skipped=True), campaign.reminders[1])
    changed = rules.edit(campaign, reminders=skipped, closing_at=SECOND)
    room.store.campaigns.advance(NOVA, changed, campaign.revision, campaign.send_at)
    invites(room, *skipped)
    room.goes_by(timedelta(days=60))
    assert room.door.posted == []
    assert room.campaign.state is State.SENT


def test_a_crash_between_the_move_and_the_wave_sends_it_once(room: Room) -> None:
    invites(room)
    room.clock.at = FIRST
    gone = room.delivery.reminding.leave(room.campaign, 1, FIRST)
    assert room.store.ledgers.read(NOVA, gone.id, lambda fold: len(fold.waves)) == 1
    room.delivery.recover(FIRST, FIRST)
    room.sweeps_to_the_end()
    room.sweeps_to_the_end()
    assert sorted(room.door.posted) == sorted(batch(number) for number in range(BATCHES))
    assert room.campaign.state is State.SENT


def test_away_at_its_moment_it_is_asked_about_at_the_start(room: Room) -> None:
    invites(room)
    room.clock.at = FIRST + timedelta(hours=2)
    room.delivery.recover(FIRST - HOUR, room.clock.at)
    room.sweeps_to_the_end()
    assert room.door.posted == []
    assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 1)
