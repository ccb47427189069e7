"""A folder that was put back from a copy, or mended: no reminder leaves because of what is not known any
more, and none that left is forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core import campaigns as rules
from bot.core import restored
from bot.core.answers import Known, Source
from bot.core.campaigns import Campaign, State
from bot.core.facts import Happened
from bot.core.knowing import is_known, is_likely
from bot.core.sentences import Refusal, Sentence
from bot.ports import Unreadable
from bot.services.knowing import Knowing
from bot.services.reminders import Reminders
from storage.repair import Repair, troubles
from tests.services import rooms
from tests.services.mailroom import BATCHES, EACH, NOON, NOVA, OWNER, Door, Room
from tests.services.test_reminding import FIRST, HOUR, SECOND, invites, learns, reminded

DAY = timedelta(days=1)
PEOPLE = EACH * BATCHES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("bot.core.waves.BATCH", EACH)
    return tmp_path / "data"


@contextmanager
def begun(folder: Path) -> Iterator[Room]:
    with rooms.furnished(folder, Door()) as room:
        yield room


@contextmanager
def started(
    folder: Path, at: datetime, monkeypatch: pytest.MonkeyPatch, *, copy: bool = False
) -> Iterator[Room]:
    """The same folder at the next start, at that moment."""
    monkeypatch.setattr(rooms, "schedule", lambda _: None)
    with rooms.furnished(folder, Door()) as room:
        monkeypatch.setattr(room.store, "is_copy", copy)
        object.__setattr__(room.delivery.reminding, "knows", Knowing(store=room.store).knows)
        room.clock.at = at
        room.door.opens()
        room.delivery.recover(at, at)
        room.sweeps_to_the_end()
        room.delivery.telling.retry()
        yield room


def hands(room: Room) -> Reminders:
    return Reminders(campaigns=room.campaigns, reminding=room.delivery.reminding)


def mended(folder: Path, at: datetime) -> list[Sentence]:
    repair = Repair(f"tinydb:{folder}")
    said = list(repair.mend(at))
    repair.close()
    return said


def keys(folder: Path) -> list[str]:
    """Without the secret of links, which these rooms do not make."""
    found = [one.what.key for one in troubles(f"tinydb:{folder}", signs=False)]
    return [key for key in found if key != "storage.repair.aside"]


def ledger(folder: Path) -> Path:
    (path,) = folder.glob("campaigns/*.ledger")
    return path


def told(room: Room, at: datetime, source: Source = Source.WEBHOOK) -> None:
    campaign = room.campaign
    known = (*campaign.answers, Known(source=source, at=at, count=1))
    room.store.campaigns.save(NOVA, rules.edit(campaign, answers=known), campaign.revision)


def waves(room: Room) -> list[tuple[int, int]]:
    """Of each: people, and letters in doubt."""
    return room.store.ledgers.read(
        NOVA, room.campaign.id,
        lambda fold: [(one.progress().people, one.progress().uncertain) for one in fold.waves],
    )  # fmt: skip


def damages_the_document(folder: Path) -> None:
    path = folder / "postillon.json"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


# --- a ledger mended ----------------------------------------------------------------------------------


def test_a_ledger_told_again_forgets_no_reminder_that_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(folder) as room:
        invites(room)
        told(room, NOON)
        learns(room, Happened.ANSWERED, 0, 1, 2)
        room.goes_by(FIRST + 20 * HOUR - NOON)
        assert len(reminded(room)) == PEOPLE - 3
    ledger(folder).unlink()
    at = FIRST + 21 * HOUR
    (said,) = mended(folder, at)
    assert (said.key, said.values["n"]) == ("storage.repair.ledger.done", 2 * PEOPLE)
    with started(folder, at, monkeypatch) as room:
        assert waves(room) == [(PEOPLE, PEOPLE), (PEOPLE, PEOPLE)]
        assert [one.wave for one in room.campaign.reminders] == [1, 0]
        assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 2)
        (asked,) = room.told("reminders.said.held")
        assert asked.values["number"] == 2
        room.goes_by(10 * DAY)
        assert room.door.posted == []
        with pytest.raises(Refusal, match=r"reminders\.refused\.unknown"):
            hands(room).send_now(OWNER, room.campaign.id)


def test_lost_while_a_reminder_left_it_does_not_leave_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(folder) as room:
        invites(room)
        room.clock.at = FIRST
        room.delivery.reminding.leave(room.campaign, 1, FIRST)
    ledger(folder).unlink()
    mended(folder, FIRST + HOUR)
    with started(folder, FIRST + HOUR, monkeypatch) as room:
        assert [one.wave for one in room.campaign.reminders] == [1, 0]
        hands(room).send_now(OWNER, room.campaign.id)
        room.goes_by(2 * DAY)
        assert room.door.posted == []
        assert room.campaign.state is State.SENT


def test_only_of_a_whole_ledger_a_reminder_is_taken_back(folder: Path) -> None:
    with begun(folder) as room:
        invites(room)
        room.goes_by(FIRST - NOON)
        campaign = room.campaign
        gone = replace(campaign.reminders[1], wave=2, left_at=SECOND)
        leaving = replace(campaign, state=State.SENDING, reminders=(campaign.reminders[0], gone))
        assert room.delivery.reminding.is_unopened(leaving)
        later = replace(leaving, reminders=(campaign.reminders[0], replace(gone, wave=3)))
        assert not room.delivery.reminding.is_unopened(later)


# --- a ledger older than its record -------------------------------------------------------------------


def test_a_ledger_older_than_its_record_holds_at_the_start_and_is_mended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(folder) as room:
        invites(room)
        older = ledger(folder).read_bytes()
        room.goes_by(FIRST + 20 * HOUR - NOON)
    ledger(folder).write_bytes(older)
    at = FIRST + 21 * HOUR
    with started(folder, at, monkeypatch) as room:
        assert room.campaign.why == Sentence("storage.why.damaged")
        assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 2)
        with pytest.raises(Unreadable):
            room.delivery.reminding.leave(room.campaign, 2, room.clock.at)
        room.goes_by(10 * DAY)
        assert room.told("reminders.said.departed") == []
        assert room.door.posted == []
        assert [one.wave for one in room.campaign.reminders] == [1, 0]
    assert keys(folder) == ["storage.repair.ledger.short"]
    mended(folder, at)
    assert keys(folder) == []
    with started(folder, at, monkeypatch) as room:
        assert waves(room)[1] == (PEOPLE, PEOPLE)


def test_a_departure_is_promised_once_its_wave_is_open(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger was changed under a running bot's feet: whatever looks too late, nothing is promised."""
    with begun(folder) as room:
        invites(room)
        monkeypatch.setattr("bot.services.wholeness.look", lambda *_: None)
        monkeypatch.setattr(room.store.ledgers, "append", lambda *_: False)
        room.goes_by(FIRST + HOUR - NOON)
        assert room.told("reminders.said.departed") == []
        assert (room.campaign.state, room.door.posted) == (State.HELD, [])


# --- a document mended --------------------------------------------------------------------------------


@pytest.mark.parametrize("meanwhile", ["stopped", "skipped", "by hand"])
def test_a_document_mended_lets_no_reminder_leave_by_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    with begun(folder) as room:
        invites(room)
        room.goes_by(30 * HOUR)
        before = (folder / "postillon.json").read_bytes()
        if meanwhile == "stopped":
            room.campaigns.stop(OWNER, room.campaign.id)
        elif meanwhile == "skipped":
            hands(room).skip(OWNER, room.campaign.id, 1)
        else:
            hands(room).remind(OWNER, room.campaign.id, 1)
            room.sweeps_to_the_end()
            assert len(reminded(room)) == PEOPLE
        at = room.clock.at
    (folder / "postillon.previous.json").write_bytes(before)
    damages_the_document(folder)
    (said,) = (one for one in mended(folder, at) if one.key == "storage.repair.document.done")
    assert said.values["held"] == 1
    with started(folder, at, monkeypatch) as room:
        assert room.campaign.state is State.HELD
        assert room.campaign.why is not None
        assert room.campaign.why.key == "storage.why.document"
        number = 2 if meanwhile == "by hand" else 1
        assert room.campaign.asks_about == number
        assert [one.wave for one in room.campaign.reminders] == ([1, 0, 0] if number == 2 else [0, 0])
        (asked,) = room.told("reminders.said.held")
        assert asked.values["number"] == number
        room.goes_by(30 * DAY)
        assert room.door.posted == []


def test_a_record_older_than_its_ledger_catches_up(room: Room) -> None:
    invites(room)
    campaign = room.campaign
    planned = restored.caught_up(campaign, [NOON, FIRST])
    assert [one.wave for one in planned.reminders] == [1, 0]
    asked = replace(campaign, state=State.HELD, asks_about=1)
    own = restored.caught_up(asked, [NOON, FIRST])
    assert [(one.days, one.wave) for one in own.reminders] == [(0, 1), (4, 0), (8, 0)]
    assert own.asks_about == 2
    assert restored.caught_up(campaign, [NOON]) == campaign


# --- a copy put back ----------------------------------------------------------------------------------


def test_reminders_that_rest_in_a_copy_are_asked_about_and_go_on_resting(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(folder) as room:
        invites(room)
        room.campaigns.pause(OWNER, room.campaign.id)
        assert room.campaign.rests
    at = FIRST - DAY
    with started(folder, at, monkeypatch, copy=True) as room:
        assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 1)
        assert room.campaign.why == Sentence("storage.why.copied")
        hands(room).skip(OWNER, room.campaign.id, 1)
        assert (room.campaign.state, room.campaign.rests) == (State.SENT, True)
        room.goes_by(30 * DAY)
        assert room.door.posted == []


def test_after_a_copy_a_day_passes_before_a_reminder_by_hand_and_nobody_is_known_to_have_answered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(folder) as room:
        invites(room)
        told(room, NOON)
        room.goes_by(2 * DAY)
    at = NOON + 3 * DAY
    with started(folder, at, monkeypatch, copy=True) as room:
        hands(room).skip(OWNER, room.campaign.id, 1)
        with pytest.raises(Refusal, match=r"reminders\.refused\.restored"):
            hands(room).preview(OWNER, room.campaign.id)
        room.clock.at = at + DAY
        campaign, preview = hands(room).preview(OWNER, room.campaign.id)
        assert not preview.is_known
        assert restored.is_doubtful(campaign)
        told(room, at + HOUR, Source.EXPORT)
        _, preview = hands(room).preview(OWNER, room.campaign.id)
        assert preview.is_known
        hands(room).remind(OWNER, room.campaign.id, 1)
        assert not restored.is_doubtful(room.campaign)


def test_the_second_reminder_after_a_copy_asks_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with begun(folder) as room:
        invites(room)
        told(room, NOON)
    with started(folder, FIRST + HOUR, monkeypatch, copy=True) as room:
        hands(room).skip(OWNER, room.campaign.id, 1)
        room.goes_by(30 * DAY)
        assert room.told("reminders.said.unknown")
        assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 2)
        assert room.door.posted == []


def test_what_was_told_before_a_copy_proves_nothing_and_what_a_person_tells_after_does(room: Room) -> None:
    invites(room)
    campaign = replace(
        room.campaign,
        restored_at=NOON + DAY,
        answers=(Known(source=Source.WEBHOOK, at=NOON + HOUR, count=3),),
    )
    now = NOON + 2 * DAY
    assert not is_known(campaign, [campaign], now)
    assert not is_likely(campaign)
    assert is_known(replace(campaign, restored_at=None), [], now)
    told = Known(source=Source.WEBHOOK, at=now - HOUR, count=3)
    by_itself = replace(campaign, answers=(told,))
    assert not is_known(by_itself, [by_itself], now), "what came in between is lost"
    for source in (Source.EXPORT, Source.HAND):
        by_people = replace(told, source=source, at=now - 2 * HOUR)
        assert is_known(replace(campaign, answers=(by_people,)), [], now)
        assert is_known(replace(campaign, answers=(by_people, told)), [], now)


def test_drawn_before_the_restart_its_buttons_go_on_working(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(folder) as room:
        plain = _sent_without_reminders(room)
    with started(folder, NOON + DAY, monkeypatch, copy=True) as room:
        assert room.campaign.restored_at == NOON + DAY
        assert room.campaign.is_still(plain.revision)


def _sent_without_reminders(room: Room) -> Campaign:
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENT
    return room.campaign


# --- people lost --------------------------------------------------------------------------------------


def test_people_lost_with_a_reminder_ahead_are_grave_and_nothing_is_announced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(folder) as room:
        invites(room)
        room.goes_by(30 * HOUR)
        at = room.clock.at
    (people,) = folder.glob("campaigns/*.audience")
    people.unlink()
    (lost,) = troubles(f"tinydb:{folder}", signs=False)
    assert (lost.what.key, lost.grave) == ("storage.repair.audience", True)
    assert lost.plan is not None
    with started(folder, at, monkeypatch) as room:
        room.goes_by(FIRST - at)
        assert room.told("reminders.said.announced") == []
        assert room.told("reminders.said.departed") == []
        assert (room.campaign.state, room.campaign.asks_about) == (State.HELD, 1)


def test_mended_without_its_people_it_waits(folder: Path) -> None:
    with begun(folder) as room:
        invites(room)
    (people,) = folder.glob("campaigns/*.audience")
    people.unlink()
    (said,) = mended(folder, NOON + DAY)
    assert said.key == "storage.repair.audience.done"
    found = troubles(f"tinydb:{folder}", signs=False)
    assert [(one.what.key, one.plan) for one in found if one.grave] == [("storage.repair.audience", None)]
