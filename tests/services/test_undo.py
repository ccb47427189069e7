"""Cancel or Stop in the very moment of the departure: one of them is first, and nothing is half done."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

import pytest

from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.sentences import Stale
from tests.services.mailroom import BATCHES, EACH, NOVA, OWNER, PATIENCE, Room

ROUNDS = 12
HOUR = timedelta(hours=1)


def claims(room: Room) -> int:
    """Batches that ever left."""
    return room.store.ledgers.read(
        NOVA, room.campaign.id, lambda fold: len(fold.waves and fold.waves[0]._claimed)
    )


def together(room: Room, act: object) -> Future[object]:
    """The departure and the click, let go at the same time; the click's end."""
    start = threading.Barrier(2)
    click: Future[object] = Future()

    def departs() -> None:
        start.wait(PATIENCE)
        room.delivery.sweep(room.clock.at)

    def clicks() -> None:
        start.wait(PATIENCE)
        try:
            click.set_result(act(OWNER, room.campaign.id))  # type: ignore[operator]
        except Stale as stale:
            click.set_exception(stale)

    threads = [threading.Thread(target=departs), threading.Thread(target=clicks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    return click


@pytest.mark.parametrize("_", range(ROUNDS))
def test_cancelled_and_nothing_ever_left_or_departed_and_the_click_says_so(room: Room, _: int) -> None:
    room.door.opens()
    click = together(room, room.campaigns.cancel)
    if click.exception() is None:
        assert room.campaign.state is State.CANCELLED
        assert (claims(room), room.door.posted) == (0, [])
    else:
        assert room.campaign.state is State.SENT
        stale = click.exception()
        assert isinstance(stale, Stale)
        assert stale.sentence.key in ("pace.departed", "campaigns.state.sent")
        assert len(room.door.posted) == BATCHES
    room.sweeps_to_the_end()
    assert len(room.door.posted) == claims(room)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_stop_wins_whoever_was_first(room: Room, _: int) -> None:
    room.door.opens()
    click = together(room, room.campaigns.stop)
    posted = len(room.door.posted)
    if click.exception() is not None:
        assert room.campaign.state is State.SENT  # it had ended before
    elif room.campaign.state is State.CANCELLED:
        assert (claims(room), posted) == (0, 0)
    else:
        assert room.campaign.state is State.STOPPED
        assert room.progress.accepted == posted * EACH
    room.sweeps_to_the_end()
    assert len(room.door.posted) == posted == claims(room), "after the answer nothing leaves any more"


def test_who_comes_too_late_reads_how_many_have_left(room: Room) -> None:
    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == 4)
    with pytest.raises(Stale) as late:
        room.campaigns.cancel(OWNER, room.campaign.id)
    assert late.value.sentence.key == "pace.departed"
    assert late.value.sentence.values == {"name": "Avis", "n": 4 * EACH, "left": (BATCHES - 4) * EACH}
    room.campaigns.stop(OWNER, room.campaign.id)
    room.door.opens()
    sweep.result(PATIENCE)
    assert len(room.door.posted) == 4
    assert room.campaign.state is State.STOPPED


def test_a_departure_between_the_look_and_the_write_is_seen(room: Room) -> None:
    """The click read a scheduled campaign; when it writes, the campaign has departed."""
    advance = room.store.campaigns.advance
    departs = threading.Event()

    def interrupted(workspace: object, campaign: Campaign, *rest: object, **wake: object) -> None:
        if campaign.state is State.CANCELLED and not departs.is_set():
            departs.set()
            room.sweeps()
            room.door.until(lambda: room.door.under_way == 4)
        advance(workspace, campaign, *rest, **wake)  # type: ignore[arg-type]

    room.store.campaigns.advance = interrupted  # type: ignore[method-assign]
    room.campaigns.stop(OWNER, room.campaign.id)
    assert room.campaign.state is State.STOPPED
    room.door.opens()
    room.door.until(lambda: room.door.under_way == 0)
    assert len(room.door.posted) == 4


def test_pause_and_resume_are_not_lost_to_who_writes_at_the_same_moment(room: Room) -> None:
    """What somebody else notes in the record between the look and the write is no reason to say no."""
    advance = room.store.campaigns.advance
    noted: list[State] = []

    def interrupted(workspace: object, campaign: Campaign, *rest: object, **wake: object) -> None:
        if campaign.state not in noted and campaign.state in (State.PAUSED, State.SENDING):
            noted.append(campaign.state)
            known = room.campaign
            room.store.campaigns.save(
                NOVA, rules.edit(known, alarmed=(campaign.state.value,)), known.revision
            )
        advance(workspace, campaign, *rest, **wake)  # type: ignore[arg-type]

    sweep = room.sweeps()
    room.door.until(lambda: room.door.under_way == 4)
    room.store.campaigns.advance = interrupted  # type: ignore[method-assign]
    room.campaigns.pause(OWNER, room.campaign.id)
    assert (room.campaign.state, noted) == (State.PAUSED, [State.PAUSED])
    room.campaigns.resume(OWNER, room.campaign.id)
    assert (room.campaign.state, noted) == (State.SENDING, [State.PAUSED, State.SENDING])
    room.door.opens()
    sweep.result(PATIENCE)


def test_undone_in_its_minute_it_never_leaves(room: Room) -> None:
    room.campaigns.cancel(OWNER, room.campaign.id)
    room.door.opens()
    room.sweeps_to_the_end()
    assert (claims(room), room.door.posted) == (0, [])


def meanwhile(room: Room, act: Callable[[], object]) -> None:
    """Once, between the look at the record and the departure."""
    acts = [act]
    object.__setattr__(room.delivery, "prepare", lambda _: acts.pop()() if acts else None)


def test_a_note_made_in_the_record_meanwhile_holds_up_no_departure(room: Room) -> None:
    def notes() -> None:
        known = room.campaign
        room.store.campaigns.save(NOVA, rules.edit(known, checked_at=room.clock.at), known.revision)

    meanwhile(room, notes)
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENT


def test_put_off_meanwhile_it_does_not_leave_now(room: Room) -> None:
    meanwhile(room, lambda: room.campaigns.reschedule(OWNER, room.campaign.id, room.clock.at + HOUR))
    room.door.opens()
    room.sweeps_to_the_end()
    assert (room.campaign.state, room.door.posted) == (State.SCHEDULED, [])


def test_put_off_while_the_sweep_was_at_another_campaign_it_does_not_leave_now(room: Room) -> None:
    """A sweep visits one after the other, and the first may take minutes."""
    due = room.store.campaigns.due(room.clock.at)
    room.campaigns.reschedule(OWNER, room.campaign.id, room.clock.at + HOUR)
    ((workspace, campaign_id),) = due
    room.door.opens()
    room.delivery._visit(workspace, campaign_id, room.clock.at)
    assert (room.campaign.state, room.door.posted) == (State.SCHEDULED, [])
