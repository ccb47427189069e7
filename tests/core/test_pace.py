"""So many letters an hour, whatever happens in between."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core.facts import Claimed, Uncertain, WaveOpened, from_line, to_line
from bot.core.pace import SPEEDS, batch_size, ends_at, next_turn, spacing
from bot.core.strain import DOUBTS, GIVEN_UP_AFTER, Strain
from bot.core.waves import BATCH, Wave

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def opened(people: int, per_hour: int) -> WaveOpened:
    return WaveOpened(
        wave=0, at=NOON, audience_size=people, batch_size=batch_size(per_hour), per_hour=per_hour
    )


@pytest.mark.parametrize("per_hour", SPEEDS)
def test_an_hour_holds_no_more_than_was_asked_for_and_hardly_less(per_hour: int) -> None:
    every = spacing(batch_size(per_hour), per_hour)
    claims = [NOON + every * n for n in range(200)]
    letters = batch_size(per_hour) * sum(NOON <= at < NOON + HOUR for at in claims)
    assert 0.9 * per_hour < letters <= per_hour + batch_size(per_hour)
    assert every >= timedelta(seconds=50)


@given(some.sampled_from(SPEEDS), some.integers(1, 100_000))
def test_the_end_is_when_the_last_batch_may_be_claimed(per_hour: int, people: int) -> None:
    each = batch_size(per_hour)
    batches = -(-people // each)
    assert ends_at(NOON, people, per_hour) == NOON + spacing(each, per_hour) * (batches - 1)


def test_as_fast_as_they_are_taken_has_no_end_to_tell() -> None:
    assert ends_at(NOON, 400, 0) is None
    assert ends_at(NOON, 0, 200) is None
    wave = Wave(opened(2_500, 0))
    assert (wave.each, len(wave.states), wave.next_turn(NOON)) == (BATCH, 3, None)
    wave.apply(Claimed(wave=0, batch=0, at=NOON))
    assert wave.next_turn(NOON) is None
    assert wave.progress().ends_at is None


def test_a_wave_remembers_its_pace_and_older_lines_read_as_a_thousand() -> None:
    for fact in (opened(10, 200), opened(10, 0)):
        assert from_line(to_line(fact)) == fact
    old = ["wave", 0, NOON.timestamp(), 2_500, {"suppressed": [1]}]
    read = from_line(old)
    assert isinstance(read, WaveOpened)
    assert Wave(read).each == BATCH
    assert to_line(read) == ["wave", 0, NOON.timestamp(), 2_500, {"suppressed": (1,)}]


def test_the_next_turn_is_counted_from_the_last_claim() -> None:
    wave = Wave(opened(10, 200))
    assert (wave.each, wave.next_turn(NOON)) == (3, None)
    wave.apply(Claimed(wave=0, batch=0, at=NOON))
    turn = wave.next_turn(NOON)
    assert turn == NOON + spacing(3, 200)
    assert wave.progress().ends_at == NOON + spacing(3, 200) * 3
    assert wave.progress().per_hour == 200


def test_a_clock_set_back_keeps_nobody_waiting() -> None:
    assert next_turn(NOON, HOUR, NOON - HOUR) == NOON - HOUR


def test_a_clock_set_back_makes_no_failure_long() -> None:
    strain = Strain()
    for minutes in (60, 0, -200):
        at = NOON + timedelta(minutes=minutes)
        strain = strain.after(Uncertain(wave=0, batch=0, at=at, why="server"))
    assert strain.lasting == timedelta()
    assert not strain.is_given_up
    assert strain.patience > timedelta()


def test_how_long_and_how_often() -> None:
    strain, waits = Strain(), []
    for n in range(DOUBTS + 2):
        strain = strain.after(Uncertain(wave=0, batch=n, at=NOON + n * HOUR, why="reset"))
        waits.append(strain.wait)
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes == [0, 0, 0.5, 2, 8, 8, 8]
    assert strain.is_in_doubt
    late = strain.after(Uncertain(wave=0, batch=0, at=NOON + GIVEN_UP_AFTER, why="reset"))
    assert late.is_given_up
