"""Reminders that a person moved, suspended or slowed down: their distance, their word before, their hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core import campaigns as rules
from bot.core import planning
from bot.core.campaigns import State
from bot.core.ids import MemberId
from bot.core.moments import next_at_work, worked_until
from bot.core.people import Member
from bot.core.reminders import Reminder
from bot.core.sentences import Refusal, Sentence, Stale
from bot.core.silent import Moved
from bot.ports import Refused
from bot.services.reminders import Reminders
from tests.services.mailroom import BATCHES, EACH, NOVA, OWNER, Room
from tests.services.test_reminding import FIRST, HOUR, invites

DAY = timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")


def of(room: Room) -> Reminders:
    return Reminders(campaigns=room.campaigns, reminding=room.delivery.reminding)


def test_one_by_hand_moves_the_one_that_was_planned_an_hour_later(room: Room) -> None:
    invites(room)
    room.goes_by(HOUR)
    chosen = room.clock.at + DAY + HOUR
    of(room).move(OWNER, room.campaign.id, 1, chosen)
    room.goes_by(DAY)
    assert [one.values["moment"] for one in room.told("reminders.said.announced")] == [chosen]
    shown = of(room).preview(OWNER, room.campaign.id)[1]
    assert shown.moved == Moved(before=chosen, after=room.clock.at + DAY)
    of(room).remind(OWNER, room.campaign.id, 1)
    room.sweeps_to_the_end()
    assert len(room.door.posted) == BATCHES
    room.goes_by(DAY - HOUR / 2)
    assert len(room.door.posted) == BATCHES, "people have a day to answer"
    assert [one.values["moment"] for one in room.told("reminders.said.announced")] == [
        chosen,
        chosen - HOUR + DAY,
    ]
    room.goes_by(HOUR)
    assert len(room.door.posted) == 2 * BATCHES


def test_nobody_moves_one_to_an_hour_after_the_one_before_it(room: Room) -> None:
    invites(room)
    room.clock.at = FIRST - 2 * HOUR
    room.sweeps_to_the_end()
    room.goes_by(2 * HOUR)
    room.goes_by(HOUR)
    with pytest.raises(Refusal, match="soon"):
        of(room).move(OWNER, room.campaign.id, 2, FIRST + 3 * HOUR)


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=10), HOUR])
@pytest.mark.parametrize("paused_at", [FIRST - DAY, FIRST - HOUR / 2])
def test_resumed_after_its_moment_it_asks(room: Room, late: timedelta, paused_at: datetime) -> None:
    invites(room)
    room.goes_by(paused_at - room.clock.at)
    room.campaigns.pause(OWNER, room.campaign.id)
    room.goes_by(FIRST + late - room.clock.at)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert room.door.posted == []
    assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 1)


def test_resumed_shortly_before_its_moment_it_is_announced_anew_and_leaves(room: Room) -> None:
    invites(room)
    room.goes_by(FIRST - HOUR / 2 - room.clock.at)
    room.campaigns.pause(OWNER, room.campaign.id)
    room.goes_by(HOUR / 4)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert len(room.told("reminders.said.announced")) == 2
    room.goes_by(HOUR / 4)
    assert len(room.door.posted) == BATCHES


# --- slow ------------------------------------------------------------------------------------------------


def slows(room: Room) -> None:
    campaign = room.campaign
    slow = rules.edit(campaign, speed=1)
    wake_at = planning.wake_at(slow, room.clock.at)
    room.store.campaigns.advance(NOVA, slow, campaign.revision, wake_at)


def claims(room: Room) -> list[datetime]:
    """When letters left, where they are read; hour by hour."""
    found = list[datetime]()
    for _ in range(24 * 14):
        gone = len(room.door.posted)
        room.goes_by(HOUR)
        found += [room.clock.at.astimezone(PARIS)] * (len(room.door.posted) - gone)
    return found


def test_a_slow_reminder_rests_at_night_and_at_the_weekend(room: Room) -> None:
    invites(room, Reminder(days=4))
    slows(room)
    room.goes_by(FIRST - HOUR / 2 - room.clock.at)
    room.goes_by(HOUR)
    assert len(room.door.posted) == 1
    ends = room.progress.later[0].ends_at
    found = claims(room)
    assert room.campaign.state is State.SENT
    assert len(found) == 35
    assert all(8 <= (at - HOUR / 2).hour < 20 and at.weekday() < 5 for at in found)
    assert ends is not None
    assert abs(ends - found[-1]) <= HOUR


def test_a_restart_in_the_night_finds_it_at_rest(room: Room) -> None:
    invites(room, Reminder(days=4))
    slows(room)
    room.goes_by(FIRST + 10 * HOUR - room.clock.at)
    gone = len(room.door.posted)
    room.delivery.recover(room.clock.at, room.clock.at)
    room.sweeps_to_the_end()
    assert (room.campaign.state, len(room.door.posted)) == (State.SENDING, gone)
    room.goes_by(3 * DAY)
    assert len(room.door.posted) > gone


def test_a_person_chose_a_sunday_for_it(room: Room) -> None:
    invites(room, Reminder(days=4))
    slows(room)
    room.goes_by(HOUR)
    of(room).move(OWNER, room.campaign.id, 1, FIRST + 2 * DAY)
    room.goes_by(FIRST + 2 * DAY - room.clock.at)
    found = claims(room)
    assert len(room.door.posted) == 36
    assert found[0].weekday() == 6
    assert found[-1] - found[0] < 36 * HOUR


def test_hours_of_work_are_counted() -> None:
    friday = datetime(2026, 11, 27, 18, 30, tzinfo=PARIS)
    monday = datetime(2026, 11, 30, 8, tzinfo=PARIS)
    assert worked_until(friday, HOUR / 4, PARIS, "FR") == friday + HOUR / 4
    assert worked_until(friday, HOUR, PARIS, "FR") == monday + HOUR / 2
    assert worked_until(friday, 12 * HOUR, PARIS, "FR") == monday + DAY + HOUR / 2
    assert next_at_work(friday + HOUR / 2, PARIS, "FR") == monday
    assert next_at_work(monday - HOUR, PARIS, "FR") == monday
    assert next_at_work(monday, PARIS, "FR") == monday


def test_its_announcement_says_until_when_or_that_it_closes_before(room: Room) -> None:
    invites(room, Reminder(days=4))
    slows(room)
    room.goes_by(FIRST - HOUR / 2 - room.clock.at)
    (said,) = room.told("reminders.said.slow")
    (whole, slow) = (said.values["said"], said.values["slow"])
    assert isinstance(whole, Sentence)
    assert isinstance(slow, Sentence)
    assert (said.values["number"], whole.key, slow.key) == (1, "reminders.said.announced", "reminders.slow")
    ends = slow.values["moment"]
    assert isinstance(ends, datetime)
    assert ends.weekday() < 5
    closes(room, ends - HOUR)
    room.campaigns.pause(OWNER, room.campaign.id)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    slow = room.told("reminders.said.slow")[-1].values["slow"]
    assert isinstance(slow, Sentence)
    assert slow.key == "reminders.slow.closing"


# --- closed ----------------------------------------------------------------------------------------------


def closes(room: Room, moment: datetime) -> None:
    campaign = room.campaign
    changed = rules.edit(campaign, closing_at=moment)
    wake_at = planning.wake_at(changed, room.clock.at)
    room.store.campaigns.advance(NOVA, changed, campaign.revision, wake_at)


def test_held_for_answers_that_nobody_told_it_is_given_up_at_the_closing(room: Room) -> None:
    room.wall.knows = False
    invites(room)
    closes(room, FIRST + DAY)
    room.goes_by(FIRST - room.clock.at)
    assert room.campaign.state is State.HELD
    room.goes_by(DAY - timedelta(seconds=1))
    assert room.campaign.state is State.HELD
    room.goes_by(timedelta(seconds=1))
    assert (room.campaign.state, room.campaign.why) == (State.SENT, None)
    assert room.campaign.reminders[0].skipped
    (said,) = room.told("reminders.said.over")
    assert said.values["number"] == 1
    room.goes_by(DAY * 30)
    assert room.door.posted == []


# --- resumed half-way ------------------------------------------------------------------------------------


def stands_half_way(room: Room) -> None:
    """Six batches of the reminder have left, the mail service has no credits for the others."""
    invites(room)
    room.goes_by(FIRST - HOUR / 2 - room.clock.at)
    for number in range(6, 12):
        room.door.answers[number * EACH] = [Refused(why="credits", detail="x")]
    room.goes_by(HOUR / 2)
    assert room.campaign.state is State.PAUSED
    room.door.answers.clear()
    room.door.posted.clear()


def asked_half_way(room: Room) -> int:
    """How many letters are left."""
    stands_half_way(room)
    room.wall.knows = False
    room.goes_by(9 * DAY)
    left = room.progress.later[0].pending
    room.campaigns.resume(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert room.door.posted == []
    assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 1)
    (said,) = room.told("reminders.said.half")
    assert (said.values["number"], said.values["n"]) == (1, left)
    return left


def test_resumed_at_once_it_goes_on(room: Room) -> None:
    stands_half_way(room)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENT
    assert room.progress.later[0].accepted == 36


def test_resumed_when_nobody_knows_who_answered_it_asks_and_goes_to_everybody(room: Room) -> None:
    asked_half_way(room)
    with pytest.raises(Stale):
        of(room).move(OWNER, room.campaign.id, 1, room.clock.at + DAY)
    with pytest.raises(Stale):
        of(room).preview(OWNER, room.campaign.id)
    of(room).write_to_everybody(OWNER, room.campaign.id, 1)
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENT
    assert room.campaign.reminders[0].to_unsure
    assert room.progress.later[0].accepted == 36


def test_resumed_when_nobody_knows_the_rest_is_given_up(room: Room) -> None:
    left = asked_half_way(room)
    deputy = Member(workspace=NOVA, id=MemberId("U2"))
    room.store.campaigns.save(
        NOVA, rules.edit(room.campaign, deputy=deputy.id), room.campaign.revision
    )  # fmt: skip
    of(room).skip(deputy, room.campaign.id, 1)
    assert room.told("reminders.by_other.half")
    room.sweeps_to_the_end()
    assert room.door.posted == []
    wave = room.progress.later[0]
    assert (wave.people, wave.accepted, wave.skipped, wave.pending) == (36, 36 - left, left, 0)
    assert (room.campaign.state, room.campaign.reminders[0].skipped) == (State.SENT, False)


def test_resumed_and_told_who_answered_it_asks_again_and_leaves_at_a_click(room: Room) -> None:
    left = asked_half_way(room)
    with pytest.raises(Refusal, match="unknown"):
        of(room).send_now(OWNER, room.campaign.id)
    room.wall.knows = True
    of(room).learned(NOVA, room.campaign.id)
    (said,) = room.told("reminders.said.learned")
    assert said.values["people"] == left
    assert room.door.posted == []
    of(room).send_now(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert (room.campaign.state, room.progress.later[0].accepted) == (State.SENT, 36)
