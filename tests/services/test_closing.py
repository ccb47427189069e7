"""A questionnaire that closes: nothing leaves after it, its owner is asked, another closing lets it go on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core import campaigns as rules
from bot.core import settling
from bot.core.campaigns import State
from bot.core.facts import Claimed, Happened
from bot.core.questionnaires import Placement
from bot.core.reminders import Reminder
from bot.core.sentences import Refusal, sentence
from bot.ports import Taken, Unknown
from bot.services.questionnaires import Questionnaires
from tests.services.mailroom import BATCHES, EACH, NOON, NOVA, OWNER, POLICY, Room, batch
from tests.services.test_reminders import DAY, of
from tests.services.test_reminding import FIRST, HOUR, invites, learns, plans
from tests.services.test_resending import asked
from tests.services.test_resending import settling as settling_of

MINUTE = timedelta(minutes=1)
CLOSING = FIRST + timedelta(hours=2, minutes=30)
LETTERS = EACH * BATCHES


def changes(room: Room, **how: object) -> None:
    """As it was noted before; the wake-up stays."""
    campaign = room.campaign
    room.store.campaigns.save(NOVA, rules.edit(campaign, **how), campaign.revision)


def tools(room: Room, **policy: object) -> Questionnaires:
    kept = replace(POLICY, **policy)  # type: ignore[arg-type]
    return Questionnaires(store=room.store, campaigns=room.campaigns, clock=room.clock, policy=kept)


def reopens(room: Room, closing: datetime | None) -> None:
    tools(room).change_link(OWNER, room.campaign.id, 0, None, closing=closing)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.sentence.key


def stops_at_its_closing(room: Room) -> None:
    """A reminder of one letter every twenty minutes: 8 have left."""
    invites(room, Reminder(days=4))
    changes(room, speed=3, closing_at=CLOSING)
    room.goes_by(CLOSING - NOON)


def test_a_slow_reminder_stops_at_the_closing_and_its_owner_is_asked_once(room: Room) -> None:
    stops_at_its_closing(room)
    assert len(room.door.posted) == 8
    campaign = room.campaign
    assert campaign.state is State.PAUSED
    assert campaign.why is not None
    assert (campaign.why.key, campaign.why.values["n"]) == ("closing.why.paused", LETTERS - 8)
    assert campaign.why.values["moment"] == CLOSING
    room.goes_by(3 * DAY)
    assert len(room.door.posted) == 8
    (said,) = room.told("closing.said.paused")
    assert said.values["why"] == campaign.why


def test_no_claim_is_of_the_closing_or_later(room: Room) -> None:
    """Its moment is the one that was looked at, whatever the clock does meanwhile."""
    claimed: list[datetime] = []
    ledgers = type(room.store.ledgers)
    append = ledgers.append
    plans(room)
    changes(room, closing_at=NOON + MINUTE)
    ticks = iter(NOON + MINUTE * n / 20 for n in range(1_000))

    class Ticking:
        def now(self) -> datetime:
            return next(ticks)

    def noting(self, workspace, campaign, fact):  # type: ignore[no-untyped-def]
        if isinstance(fact, Claimed):
            claimed.append(fact.at)
        return append(self, workspace, campaign, fact)

    room.door.opens()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledgers, "append", noting)
        delivery = replace(room.delivery, clock=Ticking())
        delivery.sweep(NOON)
    assert claimed, "it began before"
    assert all(at < NOON + MINUTE for at in claimed)
    assert len(claimed) < BATCHES
    assert room.campaign.state is State.PAUSED


def test_resume_is_refused_until_it_closes_later(room: Room) -> None:
    stops_at_its_closing(room)
    room.goes_by(DAY)
    assert refusal(lambda: room.campaigns.resume(OWNER, room.campaign.id)) == "closing.refused"
    assert room.campaign.state is State.PAUSED
    reopens(room, room.clock.at + 30 * DAY)
    assert room.campaign.why is not None
    assert (room.campaign.why.key, room.campaign.why.values["n"]) == ("closing.why.open", LETTERS - 8)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.goes_by(4 * DAY)
    assert len(room.door.posted) == LETTERS
    assert room.campaign.state is State.SENT


def test_paused_by_a_person_and_resumed_after_the_closing_nothing_leaves(room: Room) -> None:
    invites(room, Reminder(days=4))
    changes(room, speed=3, closing_at=FIRST + DAY)
    room.goes_by(FIRST - NOON + 5 * MINUTE)
    room.campaigns.pause(OWNER, room.campaign.id)
    room.goes_by(3 * DAY)
    assert refusal(lambda: room.campaigns.resume(OWNER, room.campaign.id)) == "closing.refused"
    room.goes_by(DAY)
    assert len(room.door.posted) == 1
    room.campaigns.stop(OWNER, room.campaign.id)
    assert room.campaign.state is State.STOPPED


def test_a_slow_invitation_stops_too_and_the_closing_may_come_nearer(room: Room) -> None:
    plans(room, Reminder(days=4))
    room.paced(3)
    room.door.opens()
    room.goes_by(41 * MINUTE)
    assert len(room.door.posted) == 3
    reopens(room, room.clock.at + MINUTE)
    room.goes_by(2 * DAY)
    assert len(room.door.posted) == 3
    assert room.campaign.state is State.PAUSED
    room.goes_by(30 * DAY)
    assert len(room.door.posted) == 3


def test_the_last_letter_left_before_it_closed(room: Room) -> None:
    """There is nothing to ask: it is sent."""
    invites(room, Reminder(days=4))
    changes(room, closing_at=FIRST + MINUTE)
    room.goes_by(FIRST - NOON + DAY)
    assert len(room.door.posted) == BATCHES
    assert room.campaign.state is State.SENT
    assert room.told("closing.said.paused") == []


def test_closed_at_its_departure_it_is_held_and_stays_so(room: Room) -> None:
    changes(room, closing_at=NOON)
    room.door.opens()
    room.sweeps_to_the_end()
    campaign = room.campaign
    assert (campaign.state, campaign.departed_at) == (State.HELD, None)
    (said,) = room.told("campaigns.said.held")
    assert said.values["why"] == campaign.why
    assert campaign.why is not None
    assert campaign.why.key == "closing.why.held"
    assert refusal(lambda: of(room).send_now(OWNER, campaign.id)) == "closing.refused.held"
    later = NOON + DAY
    assert refusal(lambda: room.campaigns.reschedule(OWNER, campaign.id, later)) == "closing.refused.held"
    assert room.door.posted == []
    draft = room.campaigns.edit_scheduled(OWNER, campaign.id, campaign.revision)
    assert draft.state is State.DRAFT


def test_it_is_not_put_off_beyond_its_closing(room: Room) -> None:
    changes(room, closing_at=NOON + DAY)

    def put_off(moment: datetime) -> None:
        room.campaigns.reschedule(OWNER, room.campaign.id, moment)

    assert refusal(lambda: put_off(NOON + DAY)) == "reminders.refused.closing"
    put_off(NOON + HOUR)
    assert room.campaign.send_at == NOON + HOUR


def test_resending_is_refused_while_it_is_closed(room: Room) -> None:
    plans(room, Reminder(days=4))
    room.door.answers[0] = [Unknown(why="timeout"), Taken(message_id="")]
    room.door.opens()
    room.sweeps_to_the_end()
    room.door.posted.clear()
    changes(room, closing_at=NOON + HOUR)
    room.goes_by(DAY)
    seen = settling.mark(asked(room).doubts)
    assert refusal(lambda: settling_of(room).resend(OWNER, room.campaign.id, seen)) == "closing.refused"
    assert room.progress.uncertain == EACH
    reopens(room, NOON + 20 * DAY)
    settling_of(room).resend(OWNER, room.campaign.id, seen)
    room.goes_by(MINUTE)
    assert room.door.posted == [batch(0)]


def test_interrupted_half_way_it_is_not_sent_now_once_closed(room: Room) -> None:
    invites(room, Reminder(days=4))
    changes(room, speed=3, closing_at=CLOSING)
    room.goes_by(FIRST - NOON + HOUR)
    left = len(room.door.posted)
    room.clock.at = CLOSING + 3 * DAY  # people are at work
    room.delivery.recover(CLOSING, room.clock.at)
    assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 0)
    assert refusal(lambda: of(room).send_now(OWNER, room.campaign.id)) == "closing.refused"
    reopens(room, CLOSING + 10 * DAY)
    of(room).send_now(OWNER, room.campaign.id)
    room.goes_by(MINUTE)
    assert len(room.door.posted) == left + 1


def test_a_reminder_whose_minute_came_after_the_closing_is_asked_about(room: Room) -> None:
    """It was to leave a moment before, and the bot was slow."""
    invites(room, Reminder(days=4))
    changes(room, closing_at=FIRST + MINUTE)
    room.clock.at = FIRST - HOUR
    room.sweeps_to_the_end()
    room.clock.at = FIRST + 2 * MINUTE
    room.sweeps_to_the_end()
    assert room.door.posted == []
    campaign = room.campaign
    assert (campaign.state, campaign.asks_about) == (State.HELD, 1)
    assert campaign.why is not None
    assert campaign.why.key == "closing.why.reminder"
    assert refusal(lambda: of(room).send_now(OWNER, campaign.id)) == "reminders.refused.closed"
    reopens(room, FIRST + 10 * DAY)
    of(room).send_now(OWNER, campaign.id)
    room.sweeps_to_the_end()
    assert len(room.door.posted) == BATCHES


def test_suspended_reminders_are_not_resumed_once_closed(room: Room) -> None:
    invites(room, Reminder(days=4))
    room.campaigns.pause(OWNER, room.campaign.id)
    changes(room, closing_at=FIRST + MINUTE)
    room.goes_by(10 * DAY)
    assert refusal(lambda: room.campaigns.resume(OWNER, room.campaign.id)) == "closing.refused"
    assert room.campaign.rests


# --- letters that lead straight to the questionnaire ------------------------------------------------------


@pytest.mark.parametrize("direct", [{"redirects": False}, {"placement": Placement.COLUMN}])
def test_where_the_link_cannot_change_the_closing_can(room: Room, direct: dict[str, object]) -> None:
    stops_at_its_closing(room)
    changes(room, **direct)
    link = room.campaign.link
    campaign = tools(room, public_url="").changeable(OWNER, room.campaign.id)
    assert refusal(
        lambda: tools(room, public_url="").change_link(
            OWNER, campaign.id, 0, "https://forms.example/other", closing=CLOSING + 10 * DAY
        )
    ) == "questionnaires.change.direct"  # fmt: skip
    reopens(room, CLOSING + 10 * DAY)
    assert (room.campaign.link, room.campaign.closing_at) == (link, CLOSING + 10 * DAY)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.goes_by(4 * DAY)
    assert len(room.door.posted) == LETTERS


def test_without_a_closing_such_a_link_stays_as_it_is(room: Room) -> None:
    invites(room, Reminder(days=4))
    changes(room, redirects=False)
    changeable = tools(room).changeable
    assert refusal(lambda: changeable(OWNER, room.campaign.id)) == "questionnaires.change.direct"


# --- killed between the move and the opening of its wave --------------------------------------------------


def killed(room: Room, *reminders: Reminder) -> None:
    invites(room, *reminders)
    room.clock.at = FIRST - HOUR
    room.sweeps_to_the_end()
    room.clock.at = FIRST
    room.delivery.reminding.leave(room.campaign, 1, FIRST)


def test_days_later_it_is_the_reminder_s_own_question_again(room: Room) -> None:
    killed(room, Reminder(days=4), Reminder(days=8))
    changes(room, closing_at=FIRST + DAY)
    room.clock.at = FIRST + 2 * DAY
    room.delivery.recover(FIRST, room.clock.at)
    campaign = room.campaign
    assert (campaign.state, campaign.asks_about, campaign.wave) == (State.HELD, 1, 0)
    assert campaign.reminders[0].is_ahead
    room.wall.knows = False
    learns(room, Happened.ANSWERED, 5)
    assert refusal(lambda: of(room).send_now(OWNER, campaign.id)) == "reminders.refused.unknown"
    everybody = of(room).write_to_everybody
    assert refusal(lambda: everybody(OWNER, campaign.id, 1)) == "reminders.refused.closed"
    room.sweeps_to_the_end()
    assert room.door.posted == []
    of(room).skip(OWNER, campaign.id, 1)
    reopens(room, FIRST + 60 * DAY)
    room.wall.knows = True
    room.goes_by(30 * DAY)
    assert [one.wave for one in room.campaign.reminders] == [0, 1]
    assert len(room.door.posted) == BATCHES


def test_it_leaves_once_when_its_owner_says_so_and_keeps_its_distance(room: Room) -> None:
    killed(room, Reminder(days=4), Reminder(days=8))
    room.clock.at = FIRST + HOUR
    room.delivery.recover(FIRST + MINUTE, room.clock.at)
    assert room.campaign.ended_at == NOON, "the day of rest is counted from the letters that left"
    of(room).send_now(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    room.sweeps_to_the_end()
    assert len(room.door.posted) == BATCHES
    assert room.campaign.reminders[0].wave == 1


def test_one_by_hand_is_asked_about_as_well_and_may_be_moved(room: Room) -> None:
    invites(room, Reminder(days=8))
    room.clock.at = NOON + 2 * DAY
    of(room).remind(OWNER, room.campaign.id, 1, subject="Encore un mot")
    room.clock.at += HOUR
    room.delivery.recover(NOON + 2 * DAY, room.clock.at)
    campaign = room.campaign
    assert (campaign.state, campaign.asks_about) == (State.HELD, 1)
    of(room).move(OWNER, campaign.id, 1, room.clock.at + DAY)
    room.goes_by(DAY)
    assert len(room.door.posted) == BATCHES
    assert room.campaign.reminders[0].subject == "Encore un mot"


def test_held_or_paused_before_it_began_it_asks_too(room: Room) -> None:
    """Paused in that very moment, and resumed days later."""
    killed(room, Reminder(days=4))
    room.campaigns.pause(OWNER, room.campaign.id)
    room.clock.at = FIRST + 2 * DAY
    room.campaigns.resume(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert room.door.posted == []
    campaign = room.campaign
    assert (campaign.state, campaign.asks_about) == (State.HELD, 1)


def test_what_was_held_for_it_before_is_asked_about_at_the_next_start(room: Room) -> None:
    killed(room, Reminder(days=4))
    campaign = room.campaign
    why = sentence("campaigns.why.interrupted", moment=FIRST)
    held = rules.move(campaign, State.HELD, why=why)
    room.store.campaigns.advance(NOVA, held, campaign.revision, None)
    room.clock.at = FIRST + DAY
    room.delivery.recover(FIRST, room.clock.at)
    assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 1)


# --- a clock that ran ahead -------------------------------------------------------------------------------


def test_put_right_again_it_keeps_no_reminder_by_hand_waiting(room: Room) -> None:
    invites(room, Reminder(days=4), Reminder(days=8))
    room.clock.at = FIRST - HOUR
    room.sweeps_to_the_end()
    room.clock.at = FIRST
    room.sweeps_to_the_end()
    assert len(room.door.posted) == BATCHES
    room.clock.at = NOON + DAY
    room.delivery.set_back(room.clock.at)
    assert of(room).preview(OWNER, room.campaign.id)[1].wave == 2
    of(room).move(OWNER, room.campaign.id, 2, NOON + 2 * DAY)
    room.goes_by(HOUR)
    assert len(room.door.posted) == BATCHES, "nothing leaves by itself for that"


def test_what_ended_a_moment_ago_by_a_clock_beside_still_counts(room: Room) -> None:
    invites(room)
    changes(room, ended_at=NOON + timedelta(seconds=30))
    assert refusal(lambda: of(room).preview(OWNER, room.campaign.id)) == "reminders.refused.soon"
