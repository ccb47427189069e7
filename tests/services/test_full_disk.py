"""The disk fills up while letters are on their way: nothing known is forgotten, and people hear of it."""

import errno
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.core.campaigns import State
from bot.core.ids import MemberId
from bot.core.people import Member
from bot.core.sentences import sentence
from bot.ports import Unwritable
from bot.services.delivery import AT_ONCE
from tests.services.mailroom import BATCHES, EACH, NOVA, OWNER, PATIENCE, Room, all_but

SAMIR = MemberId("U0SAMIR")
SOON = timedelta(seconds=30)


class Disk:
    def __init__(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = False
        for keeper, name in (
            (room.store.ledgers, "append"), (room.store.campaigns, "advance"),
            (room.store.campaigns, "save"), (room.store.outbox, "owe"),
        ):  # fmt: skip
            monkeypatch.setattr(keeper, name, self._guarded(getattr(keeper, name)))

    def _guarded(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*what: Any, **how: Any) -> Any:
            if self.is_full:
                raise Unwritable(errno.ENOSPC, "No space left on device")
            return write(*what, **how)

        return guarded


@pytest.fixture
def disk(room: Room, monkeypatch: pytest.MonkeyPatch) -> Disk:
    samir = Member(workspace=NOVA, id=SAMIR, is_admin=True)
    room.store.people.change(NOVA, SAMIR, lambda _: samir)
    return Disk(room, monkeypatch)


def fills_up_in_flight(room: Room, disk: Disk) -> None:
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == AT_ONCE)
    disk.is_full = True
    room.door.opens()
    sweep.result(PATIENCE)


def test_answers_received_meanwhile_are_written_down_when_there_is_room(room: Room, disk: Disk) -> None:
    fills_up_in_flight(room, disk)
    assert room.progress.submitting == AT_ONCE * EACH
    assert len(room.door.posted) == AT_ONCE, "nothing more is claimed"
    for _ in range(3):
        room.clock.at += SOON
        room.sweeps_to_the_end()
    assert room.progress.uncertain == 0
    disk.is_full = False
    room.clock.at += SOON
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENT
    assert (room.progress.accepted, room.progress.uncertain) == (BATCHES * EACH, 0)
    assert sorted(room.door.posted) == all_but(), "everybody once"


def test_the_owner_and_who_can_make_room_are_told_once(room: Room, disk: Disk) -> None:
    fills_up_in_flight(room, disk)
    for _ in range(200):  # longer than an hour
        room.clock.at += SOON
        room.sweeps_to_the_end()
    assert len(room.told("storage.full.owner")) == 1
    (told,) = room.told("storage.full.operators")
    assert told.values["reason"] == "No space left on device"


def test_what_slack_took_and_nobody_could_note_is_said_once(
    room: Room, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = room.store.outbox.told

    def notes(*which: Any) -> None:
        if disk.is_full:
            raise Unwritable(errno.ENOSPC, "No space left on device")
        told(*which)

    monkeypatch.setattr(room.store.outbox, "told", notes)
    telling = room.campaigns.telling
    telling.promise(room.campaign, sentence("campaigns.said.departed", name="Avis", n=36))
    for is_full in (True, True, False):
        disk.is_full = is_full
        telling.retry()
    assert len(room.told("campaigns.said.departed")) == 1
    assert room.store.outbox.owed() == []


def test_a_departure_stands_still_too_and_says_so(room: Room, disk: Disk) -> None:
    disk.is_full = True
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.door.posted == []
    assert len(room.told("storage.full.owner")) == 1
    disk.is_full = False
    room.clock.at += SOON
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENT


def test_paused_once_there_is_room_it_counts_what_had_left(room: Room, disk: Disk) -> None:
    fills_up_in_flight(room, disk)
    disk.is_full = False
    room.campaigns.pause(OWNER, room.campaign.id)
    room.clock.at += SOON
    room.sweeps_to_the_end()
    assert room.campaign.state is State.PAUSED
    assert (room.progress.accepted, room.progress.submitting) == (AT_ONCE * EACH, 0)
    assert room.wall.shown[-1].accepted == AT_ONCE * EACH
