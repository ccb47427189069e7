"""Letters in doubt that are asked for once more, when reminders have left or wait: never two to one person,
and none to whoever needs it no more."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.core import campaigns as rules_of
from bot.core import settling as rules
from bot.core.campaigns import State
from bot.core.facts import Accepted, Claimed, Happened, WaveOpened
from bot.core.reached import ever
from bot.core.reminders import Reminder
from bot.core.sentences import Stale
from bot.core.settling import Clue, Question
from bot.ports import Unknown
from bot.services.settling import Settling
from tests.services.mailroom import EACH, NOON, NOVA, OWNER, POLICY, Room
from tests.services.test_reminders import DAY, of
from tests.services.test_reminding import EVERYBODY, FIRST, learns, plans, reminded

DOUBTED = set(range(EACH))  # the people of the first batch
MINUTE = timedelta(minutes=1)


def settling(room: Room) -> Settling:
    logs = SimpleNamespace(clue=lambda _: Clue(), found=lambda *_: ())
    messenger = SimpleNamespace(show_question=lambda *_: None)
    return Settling(
        store=room.store, campaigns=room.campaigns, logs=cast(Any, logs), messenger=cast(Any, messenger),
        exporter=cast(Any, None), clock=room.clock, policy=POLICY,
    )  # fmt: skip


def asked(room: Room) -> Question:
    return settling(room).question(OWNER, room.campaign.id)


def resends(room: Room) -> None:
    settling(room).resend(OWNER, room.campaign.id, rules.mark(asked(room).doubts))
    room.sweeps_to_the_end()


def in_doubt(room: Room, *reminders: Reminder) -> None:
    """The invitation has left; of its first batch nobody knows."""
    plans(room, *reminders)
    room.door.answers[0] = [Unknown(why="timeout")]
    room.door.opens()
    room.sweeps_to_the_end()
    room.door.posted.clear()


def test_who_has_answered_or_objected_meanwhile_is_left_out_and_the_button_says_so(room: Room) -> None:
    in_doubt(room)
    learns(room, Happened.ANSWERED, 0)
    learns(room, Happened.COMPLAINED, 1)
    question = asked(room)
    assert (question.people, question.known_persons, question.resent) == (EACH, EACH, EACH - 2)
    resends(room)
    assert reminded(room) == DOUBTED - {0, 1}
    assert room.progress.skipped == 2
    known = room.store.ledgers.read(NOVA, room.campaign.id, lambda fold: ever(fold, room.campaign))
    assert all(known), "who answered was invited, whatever became of the letter"


def test_they_are_silent_for_reminders_only_where_one_may_still_leave(room: Room) -> None:
    in_doubt(room)
    assert asked(room).reminds
    learns(room, Happened.ANSWERED, *DOUBTED)
    assert not asked(room).reminds


def test_what_was_asked_for_once_more_is_told_as_that_and_no_reminder(room: Room) -> None:
    in_doubt(room)
    campaign = room.campaign
    left = rules_of.edit(campaign, reminders=(Reminder(days=4, wave=1, left_at=FIRST),))
    room.store.campaigns.advance(NOVA, left, campaign.revision, None)
    others = tuple(sorted(EVERYBODY - {EACH}))
    for fact in (
        WaveOpened(wave=1, at=FIRST, audience_size=len(EVERYBODY), removed={"recent": others}),
        Claimed(wave=1, batch=0, at=FIRST),
        Accepted(wave=1, batch=0, at=FIRST),
    ):
        assert room.store.ledgers.append(NOVA, campaign.id, fact)
    resends(room)
    assert reminded(room) == DOUBTED
    assert (len(room.told("settling.again.sent")), room.told("reminders.said.sent")) == (1, [])


def test_in_doubt_twice_they_get_the_reminder_once_more_and_not_the_invitation(room: Room) -> None:
    in_doubt(room)
    room.door.answers[0] = [Unknown(why="timeout")]
    room.goes_by(FIRST - NOON + MINUTE)
    question = asked(room)
    assert [one.wave for one in question.doubts] == [0, 1]
    assert (question.people, question.known_persons, question.resent) == (2 * EACH, EACH, EACH)
    room.door.posted.clear()
    resends(room)
    assert sorted(int(number) for body in room.door.posted for number in body.split()) == sorted(DOUBTED)
    assert not asked(room).doubts
    assert room.campaign.state is State.SENT


def test_who_got_a_reminder_gets_no_invitation_after_it(room: Room) -> None:
    in_doubt(room)
    room.goes_by(FIRST - NOON + MINUTE)
    assert reminded(room) == EVERYBODY
    question = asked(room)
    assert (question.people, question.resent) == (EACH, 0)
    with pytest.raises(Stale) as stale:
        resends(room)
    assert stale.value.sentence.key == "settling.needless"
    settling(room).settle(OWNER, room.campaign.id, rules.mark(question.doubts))
    assert not asked(room).doubts


@pytest.mark.parametrize("act", ["skip", "move"])
def test_asked_for_while_a_reminder_is_held_they_leave_once_that_is_decided(room: Room, act: str) -> None:
    in_doubt(room, Reminder(days=4))
    room.wall.knows = False
    room.goes_by(FIRST - NOON + MINUTE)
    assert room.campaign.state is State.HELD
    resends(room)
    assert room.door.posted == [], "it is held: nothing leaves"
    if act == "skip":
        of(room).skip(OWNER, room.campaign.id, 1)
    else:
        of(room).move(OWNER, room.campaign.id, 1, FIRST + 10 * DAY)
    settling(room).sweep(room.clock.at)
    room.sweeps_to_the_end()
    assert reminded(room) == DOUBTED
    assert (room.campaign.state, room.progress.pending) == (State.SENT, 0)
