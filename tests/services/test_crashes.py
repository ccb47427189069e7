"""A machine that dies between two durable steps: what was decided is told all the same, and told once."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.sentences import sentence
from bot.ports import NotTaken, Refused
from bot.services.delivery import AT_ONCE
from tests.services.mailroom import BATCHES, EACH, NOON, OWNER, PATIENCE, Room, all_but

AWAY = timedelta(minutes=20)
AT_ONCE_DEAD = -1  # not even Slack hears anything more


class Killed(BaseException):
    """Nobody catches it."""


class Life:
    """The document's writes, until it ends: then there are none, and Slack hears nothing either."""

    def __init__(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        self._room, self._patch, self.left = room, monkeypatch, 1_000_000
        whole = room.store._document._whole  # type: ignore[attr-defined]
        commit: Callable[[], None] = whole.commit

        def commits() -> None:
            self.breathe()
            commit()

        monkeypatch.setattr(whole, "commit", commits)
        show, say = room.wall.show_campaign, room.wall.say

        def shows(*seen: Any) -> None:
            self.is_on()
            show(*seen)

        def says(*said: Any) -> None:
            self.is_on()
            say(*said)

        monkeypatch.setattr(room.wall, "show_campaign", shows)
        monkeypatch.setattr(room.wall, "say", says)

    def breathe(self) -> None:
        self.left -= 1
        self.is_on()

    def is_on(self) -> None:
        if self.left < 0:
            raise Killed

    def ends_after(self, writes: int) -> None:
        self.left = writes

    def begins_again(self, away: timedelta = timedelta(seconds=5)) -> None:
        self.left = 1_000_000
        self._room.campaigns.telling._heard.clear()  # memory is gone
        last_beat = self._room.clock.at
        self._room.clock.at += away
        self._room.delivery.recover(last_beat, self._room.clock.at)
        self._room.campaigns.telling.retry()


def dies(*_: Any) -> None:
    """Slack keeps its message waiting, and then comes the power cut."""
    raise Killed


@pytest.fixture
def life(room: Room, monkeypatch: pytest.MonkeyPatch) -> Life:
    return Life(room, monkeypatch)


def lives(room: Room) -> None:
    """A sweep, as far as it comes."""
    with suppress(Killed):
        room.sweeps_to_the_end()


def heard_and_not_noted(room: Room, key: str) -> int:
    """Slack took it, and the machine died before it could write that down: nobody can know that, and it is
    said once more."""
    owed = [one.said for one in room.store.outbox.owed()]
    return sum(said in owed for said in room.told(key))


@pytest.mark.parametrize("writes", range(8))
def test_the_end_is_told_once_whenever_the_machine_dies(room: Room, life: Life, writes: int) -> None:
    room.door.opens()
    life.ends_after(writes)
    lives(room)
    again = [heard_and_not_noted(room, key) for key in ("campaigns.said.departed", "campaigns.said.sent")]
    life.begins_again()
    room.goes_by(timedelta(minutes=2))
    room.campaigns.telling.retry()
    assert room.campaign.state is State.SENT
    assert sorted(room.door.posted) == all_but()
    assert len(room.told("campaigns.said.sent")) == 1 + again[1]
    assert len(room.told("campaigns.said.departed")) <= 1 + again[0]
    assert room.wall.shown[-1].accepted == BATCHES * EACH
    assert room.store.outbox.owed() == []


@pytest.mark.parametrize("writes", range(2, 6))
def test_a_pause_is_told_once_whenever_the_machine_dies(room: Room, life: Life, writes: int) -> None:
    room.door.usually = Refused(why="credits", detail="Maximum credits exceeded")
    room.door.opens()
    life.ends_after(writes)
    lives(room)
    again = heard_and_not_noted(room, "campaigns.said.paused")
    life.begins_again()
    room.goes_by(timedelta(minutes=2))
    room.campaigns.telling.retry()
    assert room.campaign.state is State.PAUSED
    assert len(room.told("campaigns.said.paused")) == 1 + again
    assert room.wall.states[-1] is State.PAUSED


def test_all_accepted_and_long_away_it_has_ended_and_nothing_is_asked(room: Room, life: Life) -> None:
    """Only the word that it ended was not written any more."""
    room.door.opens()
    life.ends_after(3)  # it departs, that is owed, and told
    lives(room)
    assert (room.campaign.state, room.progress.accepted) == (State.SENDING, BATCHES * EACH)
    life.begins_again(AWAY)
    assert room.campaign.state is State.SENT
    assert [said.key for said in room.wall.said] == ["campaigns.said.departed", "campaigns.said.sent"]


def test_what_was_owed_before_an_absence_is_told_before_what_is_asked_of_it(
    room: Room, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.door.answers = {number * EACH: [NotTaken(seconds=60, why="busy")] for number in range(BATCHES)}
    room.door.opens()
    with monkeypatch.context() as slack:
        slack.setattr(room.wall, "show_campaign", dies)
        life.ends_after(2)  # it departs, and that is owed
        lives(room)
    life.begins_again(AWAY)
    assert room.campaign.state is State.HELD
    assert [said.key for said in room.wall.said] == ["campaigns.said.departed", "campaigns.said.halted"]


@pytest.mark.parametrize(("click", "state"), [("pause", State.PAUSED), ("stop", State.STOPPED)])
def test_a_click_is_shown_though_slack_kept_its_message_waiting_when_the_machine_died(
    room: Room, life: Life, click: str, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    with monkeypatch.context() as slack:
        slack.setattr(room.wall, "show_campaign", dies)
        with pytest.raises(Killed):
            getattr(room.campaigns, click)(OWNER, room.campaign.id)
    life.ends_after(0)
    room.door.opens()
    with pytest.raises(Killed):
        sweep.result(PATIENCE)
    life.begins_again()
    assert room.campaign.state is state
    assert room.wall.states[-1] is state
    assert room.wall.shown[-1].accepted == AT_ONCE * EACH


def test_counts_that_nobody_could_show_any_more_are_shown_after_the_start(room: Room, life: Life) -> None:
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    room.campaigns.pause(OWNER, room.campaign.id)
    life.ends_after(AT_ONCE_DEAD)
    room.door.opens()
    with pytest.raises(Killed):
        sweep.result(PATIENCE)
    before: Progress = room.wall.shown[-1]
    assert before.accepted == 0
    life.begins_again()
    assert room.wall.shown[-1].accepted == AT_ONCE * EACH


def test_a_pause_that_finds_the_last_letters_in_flight_is_the_end(room: Room) -> None:
    sweep = room.sweeps()
    room.door.lets(BATCHES - AT_ONCE)
    room.door.until(lambda: len(room.door.posted) == BATCHES and room.door.under_way == AT_ONCE)
    room.campaigns.pause(OWNER, room.campaign.id)
    room.door.opens()
    sweep.result(PATIENCE)
    ended: Campaign = room.campaign
    assert (ended.state, ended.why, ended.ended_at) == (State.SENT, None, NOON)
    assert len(room.told("campaigns.said.sent")) == 1
    assert room.wall.states[-1] is State.SENT


def test_paused_with_nothing_left_when_the_machine_died_it_has_ended(room: Room, life: Life) -> None:
    sweep = room.sweeps()
    room.door.lets(BATCHES - AT_ONCE)
    room.door.until(lambda: len(room.door.posted) == BATCHES and room.door.under_way == AT_ONCE)
    room.campaigns.pause(OWNER, room.campaign.id)
    life.ends_after(0)
    room.door.opens()
    with pytest.raises(Killed):
        sweep.result(PATIENCE)
    paused: Campaign = room.campaign
    life.begins_again()
    ended: Campaign = room.campaign
    assert [paused.state, ended.state] == [State.PAUSED, State.SENT]
    assert len(room.told("campaigns.said.sent")) == 1


def test_what_slack_keeps_waiting_is_not_overtaken(room: Room) -> None:
    """Another sweep comes while the word of the departure is under way."""
    telling = room.campaigns.telling
    telling.promise(room.campaign, sentence("campaigns.said.departed", name="Avis", n=36))
    room.wall.slow_from = 0
    first = room.visits.submit(telling.retry)
    assert room.wall.waits.wait(PATIENCE)
    telling.promise(room.campaign, sentence("campaigns.said.sent", name="Avis", n=36))
    telling.retry()
    assert room.wall.said == []
    room.wall.free.set()
    first.result(PATIENCE)
    assert [said.key for said in room.wall.said] == ["campaigns.said.departed", "campaigns.said.sent"]
    assert room.store.outbox.owed() == []
