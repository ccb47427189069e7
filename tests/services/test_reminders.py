"""What people decide about reminders: by hand, held, moved; and what is refused, in which words."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import campaigns as rules
from bot.core import planning
from bot.core.campaigns import State
from bot.core.facts import Happened
from bot.core.reminders import MOST, Reminder
from bot.core.sentences import Refusal, Stale
from bot.services.questionnaires import Questionnaires
from bot.services.reminders import Reminders
from tests.services.mailroom import BATCHES, EACH, NOON, NOVA, OWNER, POLICY, Room
from tests.services.test_reminding import (
    EVERYBODY,
    FIRST,
    HOUR,
    SECOND,
    invites,
    learns,
    plans,
    reminded,
)

DAY = timedelta(days=1)


def of(room: Room) -> Reminders:
    return Reminders(campaigns=room.campaigns, reminding=room.delivery.reminding)


def refused(room: Room, **how: object) -> str:
    campaign = room.campaign
    with pytest.raises(Refusal) as refusal:
        of(room).remind(OWNER, campaign.id, campaign.wave + 1, **how)  # type: ignore[arg-type]
    return refusal.value.sentence.key.removeprefix("reminders.refused.")


def test_by_hand_to_the_silent_and_the_planned_keep_their_distance(room: Room) -> None:
    invites(room)
    learns(room, Happened.ANSWERED, 0, 7)
    room.goes_by(3 * DAY)
    _, preview = of(room).preview(OWNER, room.campaign.id)
    assert (preview.wave, preview.outlook.people, preview.lately) == (1, len(EVERYBODY) - 2, 0)
    of(room).remind(OWNER, room.campaign.id, 1, subject="Encore un mot", body="Deux minutes ?")
    room.sweeps_to_the_end()
    assert reminded(room) == EVERYBODY - {0, 7}
    by_hand, *planned = room.campaign.reminders
    assert (by_hand.wave, by_hand.subject, by_hand.to_unsure) == (1, "Encore un mot", False)
    assert [one.days for one in planned] == [4, 8]
    # Thursday noon by hand: Friday would be too soon
    assert planning.ahead(room.campaign, NOON)[0].moment > NOON + 4 * DAY
    room.door.posted.clear()
    room.goes_by(30 * DAY)
    assert [one.wave for one in room.campaign.reminders] == [1, 2, 3]
    assert len(room.door.posted) == 2 * BATCHES


def test_a_double_click_sends_once(room: Room) -> None:
    invites(room, Reminder(days=8))
    room.goes_by(2 * DAY)
    campaign, reminders = room.campaign, of(room)

    def click() -> str:
        try:
            reminders.remind(OWNER, campaign.id, 1)
        except Stale as stale:
            return stale.sentence.key
        return "left"

    with ThreadPoolExecutor(4) as hands:
        said = sorted(one.result(10) for one in [hands.submit(click) for _ in range(4)])
    assert said == ["left", *["reminders.stale.left"] * 3]
    room.sweeps_to_the_end()
    assert len(room.door.posted) == BATCHES
    with pytest.raises(Stale):
        reminders.remind(OWNER, campaign.id, 1)


def test_what_is_refused_and_why(room: Room) -> None:
    invites(room, Reminder(days=8))
    room.goes_by(23 * HOUR)
    assert refused(room) == "soon"
    room.goes_by(2 * HOUR)
    room.wall.knows = False
    assert refused(room) == "unknown"
    room.wall.knows = True
    learns(room, Happened.ANSWERED, *EVERYBODY)
    assert refused(room) == "nobody"
    known = room.campaign
    closed = rules.edit(known, closing_at=NOON + DAY)
    room.store.campaigns.advance(NOVA, closed, known.revision, None)
    assert refused(room) == "closed"


def test_five_waves_at_most_and_the_planned_give_way(room: Room) -> None:
    invites(room, Reminder(days=50))
    for wave in range(1, MOST + 1):
        room.goes_by(2 * DAY)
        of(room).remind(OWNER, room.campaign.id, wave)
        room.sweeps_to_the_end()
    room.goes_by(2 * DAY)
    assert refused(room) == "most"
    room.door.posted.clear()
    room.goes_by(90 * DAY)
    assert room.door.posted == []


def test_words_that_nobody_approved_do_not_leave(room: Room) -> None:
    """So many people that the invitation needed an approval: one person alone rewords nothing."""
    invites(room, Reminder(days=8, subject="Relance approuvée"))
    room.goes_by(2 * DAY)
    policy = replace(room.campaigns.policy, approval_above=EACH)
    telling = replace(room.campaigns.telling, policy=policy)
    campaigns = replace(room.campaigns, policy=policy, telling=telling)
    reminders = Reminders(campaigns=campaigns, reminding=room.delivery.reminding)
    _, preview = reminders.preview(OWNER, room.campaign.id)
    assert not preview.is_worded
    reminders.remind(OWNER, room.campaign.id, 1, subject="Gagnez un million", body="Cliquez")
    assert [one.subject for one in room.campaign.reminders] == ["Relance approuvée"] * 2


def test_a_moment_of_ones_own(room: Room) -> None:
    invites(room)
    room.goes_by(FIRST - HOUR - NOON)
    reminders, night = of(room), FIRST + timedelta(hours=11)
    with pytest.raises(Refusal) as past:
        reminders.move(OWNER, room.campaign.id, 1, NOON)
    assert past.value.field == "send_at"
    with pytest.raises(Stale):
        reminders.move(OWNER, room.campaign.id, 2, night)
    reminders.move(OWNER, room.campaign.id, 1, night)
    room.goes_by(timedelta(hours=8))
    assert room.door.posted == []
    room.goes_by(timedelta(hours=5))
    assert len(room.told("reminders.said.announced")) == 2, "it is announced anew"
    assert len(room.door.posted) == BATCHES
    (first, second) = planning.plan(room.campaign, NOON)
    assert (first.moment, second.moment) == (room.campaign.reminders[0].left_at, SECOND)


def test_moved_too_close_or_too_late(room: Room) -> None:
    plans(room)
    known = room.campaign
    room.store.campaigns.advance(
        NOVA, rules.edit(known, closing_at=SECOND), known.revision, known.send_at
    )  # fmt: skip
    room.door.opens()
    room.sweeps_to_the_end()
    for moment, why in ((NOON + 2 * HOUR, "soon"), (SECOND + HOUR, "closing")):
        with pytest.raises(Refusal) as refusal:
            of(room).move(OWNER, room.campaign.id, 1, moment)
        assert refusal.value.sentence.key == f"reminders.refused.{why}"


def test_answers_in_the_hour_before_let_it_leave_by_itself(room: Room) -> None:
    room.wall.knows = False
    invites(room, Reminder(days=4))
    room.goes_by(FIRST - HOUR - NOON)
    assert room.told("reminders.said.unknown")
    room.wall.knows = True
    learns(room, Happened.ANSWERED, 0)
    of(room).learned(NOVA, room.campaign.id)
    (said,) = room.told("reminders.said.announced")
    assert said.values["n"] == len(EVERYBODY) - 1
    of(room).sweep(room.clock.at)
    assert len(room.told("reminders.said.announced")) == 1, "told once"
    room.goes_by(HOUR)
    assert reminded(room) == EVERYBODY - {0}


def test_answers_after_its_moment_only_ask(room: Room) -> None:
    room.wall.knows = False
    invites(room, Reminder(days=4))
    room.goes_by(FIRST + HOUR - NOON)
    assert room.campaign.state is State.HELD
    of(room).sweep(room.clock.at)
    assert room.told("reminders.said.learned") == []
    room.wall.knows = True
    learns(room, Happened.ANSWERED, 0)
    for _ in range(3):
        of(room).sweep(room.clock.at)
    (said,) = room.told("reminders.said.learned")
    assert (said.values["n"], said.values["people"]) == (1, len(EVERYBODY) - 1)
    room.goes_by(DAY)
    assert room.door.posted == []
    of(room).send_now(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert reminded(room) == EVERYBODY - {0}


def test_resumed_after_its_moment_it_asks(room: Room) -> None:
    invites(room, Reminder(days=4))
    room.campaigns.pause(OWNER, room.campaign.id)
    with pytest.raises(Stale):
        room.campaigns.pause(OWNER, room.campaign.id)
    room.goes_by(10 * DAY)
    assert room.door.posted == []
    room.campaigns.resume(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 1)
    assert room.door.posted == []


def test_resumed_in_time_it_leaves(room: Room) -> None:
    invites(room, Reminder(days=4))
    room.campaigns.pause(OWNER, room.campaign.id)
    room.goes_by(DAY)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.goes_by(10 * DAY)
    assert len(room.door.posted) == BATCHES


def test_a_later_closing_leaves_room_for_a_reminder_again(room: Room) -> None:
    known = room.campaign
    closes = rules.edit(known, closing_at=FIRST - DAY)
    room.store.campaigns.advance(NOVA, closes, known.revision, known.send_at)
    invites(room, Reminder(days=4))
    assert room.store.campaigns.next_wake() == FIRST - DAY  # to say that it is closed
    tools = Questionnaires(store=room.store, campaigns=room.campaigns, clock=room.clock, policy=POLICY)
    tools.change_link(OWNER, known.id, 0, known.link, closing=FIRST + DAY)
    room.goes_by(10 * DAY)
    assert room.campaign.reminders[0].wave == 1
    assert len(room.door.posted) == BATCHES
