"""Letters on their way: built while others wait, never too many at once, and nothing left undecided."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from bot.core.campaigns import State
from bot.core.sentences import sentence
from bot.ports import NotTaken, Outcome, Refused, Request, SomeRefused, Unreadable
from bot.services.delivery import AGAIN, AT_ONCE
from bot.services.pipeline import AHEAD
from tests.services.mailroom import BATCHES, EACH, NOON, OWNER, PATIENCE, Room, all_but, batch


def test_four_are_under_way_and_the_next_are_built_meanwhile(room: Room) -> None:
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE and len(room.door.built) == AT_ONCE + AHEAD)
    assert room.progress.submitting == AT_ONCE * EACH, "what only waits for its turn is not claimed"
    room.door.lets(1)
    room.door.until(lambda: len(room.door.posted) == AT_ONCE + 1)
    room.door.until(lambda: len(room.door.built) == AT_ONCE + AHEAD + 1)
    room.door.opens()
    sweep.result(PATIENCE)
    assert room.door.most == AT_ONCE
    assert room.door.built == [batch(number) for number in range(BATCHES)], "in the audience's order, once"
    assert sorted(room.door.posted) == all_but()
    assert room.campaign.state is State.SENT
    assert room.progress.accepted == BATCHES * EACH


def test_one_slow_answer_holds_up_no_other_letter(room: Room) -> None:
    """There is no moment at which all wait for the slowest."""
    slow = threading.Event()
    post = room.door.post

    def one_is_slow(request: Request) -> Outcome:
        if request.body == batch(0):
            assert slow.wait(PATIENCE)
        return post(request)

    room.door.post = one_is_slow  # type: ignore[method-assign]
    room.door.opens()
    sweep = room.sweeps()
    room.door.until(lambda: len(room.door.posted) == BATCHES - 1)
    assert not sweep.done()
    slow.set()
    sweep.result(PATIENCE)
    assert room.progress.accepted == BATCHES * EACH


@pytest.mark.parametrize("state", [State.PAUSED, State.STOPPED])
def test_pause_and_stop_leave_only_what_was_under_way(room: Room, state: State) -> None:
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    act = room.campaigns.pause if state is State.PAUSED else room.campaigns.stop
    act(OWNER, room.campaign.id)
    room.door.opens()
    sweep.result(PATIENCE)
    assert sorted(room.door.posted) == all_but(*range(AT_ONCE, BATCHES))
    assert room.campaign.state is state
    assert (room.progress.accepted, room.progress.submitting) == (AT_ONCE * EACH, 0)


def test_what_was_paused_goes_on_where_it_was(room: Room) -> None:
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    room.campaigns.pause(OWNER, room.campaign.id)
    room.door.opens()
    sweep.result(PATIENCE)
    room.campaigns.resume(OWNER, room.campaign.id)
    room.sweeps_to_the_end()
    assert sorted(room.door.posted) == all_but(), "everybody once"
    assert room.campaign.state is State.SENT


def test_who_leaves_claims_nothing_more(room: Room) -> None:
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    room.delivery.leave()
    room.door.opens()
    sweep.result(PATIENCE)
    assert len(room.door.posted) == AT_ONCE
    assert room.progress.pending == (BATCHES - AT_ONCE) * EACH


def test_a_batch_that_cannot_be_built_is_tried_again_and_the_others_leave(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.door.refuses_to_build = {5 * EACH}
    room.door.opens()
    room.sweeps_to_the_end()
    assert "a batch failed campaign=cmp_1 batch=5" in caplog.text
    assert sorted(room.door.posted) == all_but(5)
    assert (room.progress.pending, room.progress.uncertain) == (EACH, 0), "it was never claimed"
    assert room.campaign.state is State.SENDING
    assert room.store.campaigns.next_wake() == NOON + AGAIN
    room.door.refuses_to_build = set()
    room.clock.at += AGAIN
    room.sweeps_to_the_end()
    assert sorted(room.door.posted) == all_but()
    assert room.campaign.state is State.SENT


def test_damage_to_what_is_kept_holds_the_campaign(room: Room) -> None:
    build = room.door.build

    def reads_damage(*letter: Any, **how: Any) -> Request:
        if len(room.door.built) == 5:
            raise Unreadable(sentence("storage.damaged", file="x"))
        return build(*letter, **how)

    room.door.build = reads_damage  # type: ignore[method-assign]
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.campaign.state is State.HELD
    assert room.progress.pending >= (BATCHES - 5) * EACH
    assert room.progress.submitting == 0


def test_a_post_without_an_outcome_is_uncertain_and_the_others_leave(room: Room) -> None:
    room.door.answers = {5 * EACH: [RuntimeError("a defect")]}
    room.door.opens()
    room.sweeps_to_the_end()
    assert sorted(room.door.posted) == all_but(), "it left once, and is not sent again"
    assert (room.progress.accepted, room.progress.uncertain) == ((BATCHES - 1) * EACH, EACH)
    assert room.campaign.state is State.SENT


def test_who_unsubscribes_while_a_letter_waits_for_its_turn_does_not_get_it(room: Room) -> None:
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE and len(room.door.built) == AT_ONCE + AHEAD)
    leaver = AT_ONCE * EACH + 1  # of the first that waits
    room.suppresses(leaver)
    room.door.opens()
    sweep.result(PATIENCE)
    assert batch(AT_ONCE, without=[leaver]) in room.door.posted
    assert batch(AT_ONCE) not in room.door.posted
    assert (room.progress.skipped, room.progress.accepted) == (1, BATCHES * EACH - 1)


def test_who_was_suppressed_before_is_left_out_and_counted(room: Room) -> None:
    room.suppresses(1)
    room.suppresses(EACH * BATCHES - 1)
    room.suppresses(99_999)  # a stranger
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.progress.removed == {"suppressed": 2}
    assert room.progress.accepted == EACH * BATCHES - 2


def test_the_first_who_is_busy_holds_the_wave(room: Room) -> None:
    busy = NotTaken(seconds=90, why="busy")
    room.door.answers = {number * EACH: [busy] for number in range(AT_ONCE)}
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    room.door.opens()
    sweep.result(PATIENCE)
    assert len(room.door.posted) == AT_ONCE
    assert room.progress.pending == BATCHES * EACH
    assert room.store.campaigns.next_wake() == NOON + timedelta(seconds=90)


def test_a_refusal_of_everything_pauses_with_nothing_more_claimed(room: Room) -> None:
    refused = Refused(why="key", detail="unauthorized")
    room.door.answers = {number * EACH: [refused] for number in range(BATCHES)}
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    room.door.opens()
    sweep.result(PATIENCE)
    assert len(room.door.posted) == AT_ONCE
    assert room.campaign.state is State.PAUSED
    assert room.progress.pending == BATCHES * EACH


def test_where_some_are_refused_the_others_leave_without_them(room: Room) -> None:
    room.door.answers = {3 * EACH: [SomeRefused(positions={1: "no address"})]}
    room.door.opens()
    room.sweeps_to_the_end()
    assert batch(3, without=[3 * EACH + 1]) in room.door.posted
    assert (room.progress.rejected, room.progress.accepted) == (1, BATCHES * EACH - 1)


def test_a_slow_slack_holds_up_no_letter(room: Room) -> None:
    room.wall.slow_from = 1  # the departure was told
    sweep = room.sweeps()
    assert room.wall.waits.wait(PATIENCE)
    room.door.opens()
    room.door.until(lambda: len(room.door.posted) == BATCHES)
    assert len(room.wall.shown) == 1
    room.wall.free.set()
    sweep.result(PATIENCE)
    assert room.wall.shown[-1].accepted == BATCHES * EACH, "the message ends true"


def test_a_slack_that_is_away_holds_up_no_departure(room: Room) -> None:
    room.wall.slow_from = 0
    room.door.opens()
    sweep = room.sweeps()
    assert room.wall.waits.wait(PATIENCE)
    room.door.until(lambda: len(room.door.posted) == BATCHES)
    assert room.wall.said == []
    (owed,) = room.store.outbox.owed()
    assert owed.said is not None
    assert owed.said.key == "campaigns.said.departed", "owed durably before the first letter"
    room.wall.free.set()
    sweep.result(PATIENCE)
    assert [said.key for said in room.wall.said] == ["campaigns.said.departed", "campaigns.said.sent"]
    assert room.store.outbox.owed() == []


def test_where_nobody_takes_the_requests_the_visit_ends(room: Room) -> None:
    """The pool was closed: nothing is claimed, and nobody waits for ever."""
    room.posts.shutdown()
    room.sweeps_to_the_end()
    assert room.door.posted == []
    assert room.progress.submitting == 0


def test_a_slack_that_is_slow_keeps_no_end_from_being_written(room: Room) -> None:
    """The last counts are shown beside it: throttled, Slack takes a minute."""
    slack, follow = threading.Event(), room.delivery.telling.follow

    def slow(*args: Any) -> None:
        assert slack.wait(PATIENCE)
        follow(*args)

    object.__setattr__(room.delivery.telling, "follow", slow)
    room.door.opens()
    sweep = room.sweeps()
    try:
        sweep.result(PATIENCE)
        assert room.campaign.state is State.SENT
    finally:
        slack.set()
