"""The fold: what the facts of a ledger add up to, and which fact may follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.core.delivery import BATCH, BatchState, Fold, Progress
from bot.core.facts import (
    Accepted,
    Claimed,
    Events,
    Fact,
    Happened,
    Rejected,
    Returned,
    Settled,
    Uncertain,
    WaveOpened,
    from_line,
    to_line,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIZE = 2 * BATCH + 3


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


OPENED = WaveOpened(wave=0, at=NOON, audience_size=SIZE)
CLAIMED = Claimed(wave=0, batch=0, at=NOON)
ACCEPTED = Accepted(wave=0, batch=0, at=NOON, message_id="m")
RETURNED = Returned(wave=0, batch=0, at=NOON, until=later(60), why="busy")
REJECTED = Rejected(wave=0, batch=0, at=NOON, people={5: "not an address"})
UNCERTAIN = Uncertain(wave=0, batch=0, at=NOON, why="timeout")
GONE = Settled(wave=0, batch=0, at=NOON, gone=True, by="U1ANNA")
NOT_GONE = Settled(wave=0, batch=0, at=NOON, gone=False, by="U1ANNA")
BATCH_FACTS: dict[str, Fact] = {
    "claimed": CLAIMED, "accepted": ACCEPTED, "returned": RETURNED, "rejected": REJECTED,
    "uncertain": UNCERTAIN, "settled": GONE,
}  # fmt: skip


def folded(*facts: Fact) -> Fold:
    fold = Fold()
    for fact in facts:
        assert fold.allows(fact), fact
        fold.apply(fact)
    return fold


def add_up(progress: Progress) -> int:
    return (
        progress.pending + progress.submitting + progress.accepted + progress.uncertain
        + progress.rejected + progress.skipped
    )  # fmt: skip


# --- which fact may follow ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "state", "may_follow"),
    [
        ([], BatchState.PENDING, {"claimed"}),
        ([CLAIMED], BatchState.SUBMITTING, {"accepted", "returned", "rejected", "uncertain"}),
        ([CLAIMED, ACCEPTED], BatchState.ACCEPTED, set()),
        ([CLAIMED, REJECTED], BatchState.PENDING, {"claimed"}),
        ([CLAIMED, UNCERTAIN], BatchState.UNCERTAIN, {"settled"}),
        ([CLAIMED, UNCERTAIN, GONE], BatchState.ACCEPTED, set()),
        ([CLAIMED, UNCERTAIN, NOT_GONE], BatchState.PENDING, {"claimed"}),
        ([CLAIMED, RETURNED], BatchState.PENDING, set()),  # not before its minute has passed
    ],
)
def test_what_may_follow_what(story: Sequence[Fact], state: BatchState, may_follow: set[str]) -> None:
    fold = folded(OPENED, *story)
    assert fold.waves[0].states[0] is state
    assert {name for name, fact in BATCH_FACTS.items() if fold.allows(fact)} == may_follow


def test_a_returned_batch_waits_until_its_moment() -> None:
    fold = folded(OPENED, CLAIMED, RETURNED)
    wave = fold.waves[0]
    assert wave.next_claim(later(59)) == later(60)
    assert wave.claimable(later(59)) == [1, 2]
    assert not fold.allows(replace(CLAIMED, at=later(59)))
    assert fold.allows(replace(CLAIMED, at=later(60)))
    assert wave.claimable(later(60)) == [0, 1, 2]
    fold.apply(replace(CLAIMED, at=later(60)))
    assert wave.next_claim(later(60)) is None


def test_a_batch_waits_for_no_moment_of_a_clock_that_was_set_back() -> None:
    wave = folded(OPENED, CLAIMED, RETURNED).waves[0]
    yesterday = NOON - timedelta(days=1)
    assert wave.next_claim(yesterday) == yesterday
    assert wave.claimable(yesterday) == [0, 1, 2]
    assert wave.allows(replace(CLAIMED, at=yesterday))


@pytest.mark.parametrize("fact", BATCH_FACTS.values(), ids=BATCH_FACTS)
@pytest.mark.parametrize(("wave", "batch"), [(0, 3), (0, -1), (1, 0), (-1, 0)])
def test_no_fact_about_a_batch_that_does_not_exist(fact: Fact, wave: int, batch: int) -> None:
    assert isinstance(fact, Claimed | Accepted | Returned | Rejected | Uncertain | Settled)
    assert not folded(OPENED, CLAIMED).allows(replace(fact, wave=wave, batch=batch))


def test_a_wave_is_opened_once_in_order_and_over_the_same_audience() -> None:
    fold = folded(OPENED)
    assert not fold.allows(OPENED)
    assert not fold.allows(replace(OPENED, wave=2))
    assert not fold.allows(replace(OPENED, wave=1, audience_size=SIZE + 1))
    assert fold.allows(replace(OPENED, wave=1, removed={"answered": (1, 2)}))
    assert not Fold().allows(CLAIMED)


# --- what it adds up to -------------------------------------------------------------------------------


def test_batches_are_of_a_thousand_and_the_last_takes_the_rest() -> None:
    wave = folded(OPENED).waves[0]
    assert [len(wave.people(batch)) for batch in range(len(wave.states))] == [BATCH, BATCH, 3]
    assert wave.people(2) == [2_000, 2_001, 2_002]


@pytest.mark.parametrize(("size", "batches"), [(0, 0), (1, 1), (BATCH, 1), (BATCH + 1, 2)])
def test_how_many_batches(size: int, batches: int) -> None:
    fold = folded(replace(OPENED, audience_size=size))
    assert len(fold.waves[0].states) == batches
    assert fold.progress().people == size
    assert fold.progress().finished == (size == 0)


def test_people_left_out_at_departure_are_counted_once_by_cause() -> None:
    removed = {"suppressed": (0, 1), "frequency": (1, 2, SIZE, -1)}
    fold = folded(replace(OPENED, removed=removed))
    progress = fold.progress()
    assert progress.removed == {"suppressed": 2, "frequency": 1}
    assert progress.people + sum(progress.removed.values()) == SIZE
    assert fold.waves[0].people(0)[:2] == [3, 4]


def test_who_is_rejected_or_skipped_leaves_the_batch_for_good() -> None:
    fold = folded(
        OPENED, replace(CLAIMED, skipped=(7,)), REJECTED, replace(CLAIMED, skipped=(5, 7, 8)), ACCEPTED
    )
    progress = fold.progress()
    assert (progress.accepted, progress.rejected, progress.skipped) == (BATCH - 3, 1, 2)
    assert add_up(progress) == progress.people == SIZE
    assert not {5, 7, 8} & set(fold.waves[0].people(0))


def test_nobody_of_another_batch_is_taken_out() -> None:
    fold = folded(OPENED, replace(CLAIMED, skipped=(1_500,)), replace(REJECTED, people={2_001: "?"}))
    assert fold.progress() == replace(folded(OPENED).progress(), last_at=NOON)


def test_a_batch_that_everybody_left_is_empty_and_done() -> None:
    fold = folded(replace(OPENED, audience_size=2), replace(CLAIMED, skipped=(0,)))
    fold.apply(replace(REJECTED, people={1: "not an address"}))
    assert fold.waves[0].states == [BatchState.EMPTY]
    assert fold.progress().finished
    assert not any(fold.allows(fact) for fact in BATCH_FACTS.values())


def test_after_a_start_the_batches_in_flight_are_named() -> None:
    fold = folded(OPENED, CLAIMED, ACCEPTED, replace(CLAIMED, batch=2))
    assert fold.submitting() == [(0, 2)]


def test_the_wave_before_is_not_touched_by_the_next() -> None:
    fold = folded(OPENED, CLAIMED, ACCEPTED, replace(OPENED, wave=1, removed={"answered": (9,)}))
    fold.apply(replace(CLAIMED, wave=1))
    assert fold.progress(0).accepted == BATCH
    assert (fold.progress(1).submitting, fold.progress(1).people) == (BATCH, SIZE - 1)
    assert fold.progress(2) == Progress()


# --- events -------------------------------------------------------------------------------------------


def events(*items: tuple[int, Happened]) -> Events:
    return Events(wave=0, items=tuple((number, int(bits), 1_800_000_000) for number, bits in items))


def test_what_is_known_already_is_no_news() -> None:
    fold = folded(OPENED, events((3, Happened.DELIVERED)))
    assert not fold.allows(events((3, Happened.DELIVERED)))
    assert fold.allows(events((3, Happened.DELIVERED), (4, Happened.DELIVERED)))
    assert fold.allows(events((3, Happened.UNSUBSCRIBED)))


def test_events_about_nobody_are_no_news() -> None:
    assert not folded(OPENED).allows(events((SIZE, Happened.DELIVERED), (-1, Happened.DELIVERED)))
    assert not Fold().allows(events((0, Happened.DELIVERED)))


def test_an_event_is_no_sign_of_life_of_the_bot() -> None:
    fold = folded(OPENED, events((0, Happened.DELIVERED)))
    assert fold.last_at == NOON


happenings = some.lists(
    some.tuples(some.integers(-1, SIZE), some.sampled_from(list(Happened))), min_size=1, max_size=12
)


@settings(max_examples=40, deadline=None)
@given(happenings, some.data())
def test_order_and_repetition_of_events_do_not_matter(
    items: list[tuple[int, Happened]], data: some.DataObject
) -> None:
    once = folded(OPENED)
    once.apply(events(*items))
    again = folded(OPENED)
    for item in data.draw(some.permutations([*items, *items])):
        again.apply(events(item))
    assert (once.bits, once.happened) == (again.bits, again.happened)
    for bit in Happened:
        assert once.happened[bit] == sum(1 for bits in once.bits if bits & bit)


# --- any story ----------------------------------------------------------------------------------------

numbers = some.lists(some.integers(-1, SIZE), max_size=4).map(tuple)
batches = some.integers(0, 2)
moments = some.integers(0, 200).map(later)
any_fact = some.one_of(
    some.builds(Claimed, wave=some.just(0), batch=batches, at=moments, skipped=numbers),
    some.builds(Accepted, wave=some.just(0), batch=batches, at=moments),
    some.builds(Returned, wave=some.just(0), batch=batches, at=moments, until=moments, why=some.just("busy")),
    some.builds(
        Rejected, wave=some.just(0), batch=batches, at=moments,
        people=some.dictionaries(some.integers(-1, SIZE), some.just("?"), max_size=3),
    ),
    some.builds(Uncertain, wave=some.just(0), batch=batches, at=moments, why=some.just("reset")),
    some.builds(
        Settled, wave=some.just(0), batch=batches, at=moments, gone=some.booleans(), by=some.just("U"),
    ),
    some.builds(Events, wave=some.just(0), items=happenings.map(lambda found: events(*found).items)),
)  # fmt: skip
FINAL = {BatchState.ACCEPTED, BatchState.EMPTY}


@settings(max_examples=60, deadline=None)
@given(some.lists(any_fact, max_size=40), numbers)
def test_whatever_happens_the_sums_add_up_and_nothing_goes_backwards(
    story: list[Fact], removed: tuple[int, ...]
) -> None:
    fold, stored = Fold(), []
    for fact in [replace(OPENED, removed={"suppressed": removed}), *story]:
        if not fold.allows(fact):
            continue
        before, bits = list(fold.waves[0].states) if fold.waves else [], list(fold.bits)
        fold.apply(fact)
        stored.append(to_line(fact))
        check_sums(fold)
        after = fold.waves[0].states
        for was, became in zip(before, after, strict=False):
            assert was not in FINAL or became is was
        assert all(new & old == old for old, new in zip(bits, fold.bits, strict=False))
        if isinstance(fact, Claimed):
            assert not fold.allows(fact)
    again = Fold()
    for line in stored:
        again.apply(from_line(line))
    assert again.progress() == fold.progress()


def check_sums(fold: Fold) -> None:
    progress = fold.progress()
    assert add_up(progress) == progress.people
    assert progress.people + sum(progress.removed.values()) == SIZE
    wave = fold.waves[0]
    by_state = dict.fromkeys(BatchState, 0)
    for batch, state in enumerate(wave.states):
        by_state[state] += len(wave.people(batch))
    assert by_state[BatchState.ACCEPTED] == progress.accepted
    assert by_state[BatchState.PENDING] == progress.pending
    assert by_state[BatchState.EMPTY] == 0


@pytest.mark.parametrize(
    "fact", [OPENED, replace(OPENED, removed={"suppressed": (1, 2)}), *BATCH_FACTS.values(),
             events((1, Happened.DELIVERED | Happened.UNSUBSCRIBED))]
)  # fmt: skip
def test_a_fact_stands_on_a_line_and_comes_back(fact: Fact) -> None:
    assert from_line(to_line(fact)) == fact


def test_an_unknown_fact_is_refused() -> None:
    with pytest.raises(ValueError, match="no such fact"):
        from_line(["renounced", 0, 0, 1.0])
