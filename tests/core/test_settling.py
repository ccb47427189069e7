"""Letters to check: what proves that a request was taken, and what a click decides on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.core import settling
from bot.core.campaigns import State
from bot.core.delivery import BATCH, BatchState, Fold
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
from bot.core.settling import Clue, Log
from tests.handlers.campaign_records import a_campaign

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIZE = 2 * BATCH + 3
BATCHES = 3
PROOFS = [one for one in Happened if one is not Happened.ANSWERED]


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def folded(*facts: Fact) -> Fold:
    fold = Fold()
    for fact in facts:
        assert fold.allows(fact), fact
        fold.apply(fact)
    return fold


def opened(wave: int = 0) -> WaveOpened:
    return WaveOpened(wave=wave, at=NOON, audience_size=SIZE)


def lost(batch: int = 0, wave: int = 0, seconds: int = 60, why: str = "reset") -> Sequence[Fact]:
    """Claimed, and the answer never came."""
    return (
        Claimed(wave=wave, batch=batch, at=at(seconds - 10)),
        Uncertain(wave=wave, batch=batch, at=at(seconds), why=why),
    )


def heard(number: int, happened: Happened, wave: int = 0) -> Events:
    return Events(wave=wave, items=((number, int(happened), 0),))


# --- what proves it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("happened", PROOFS)
def test_an_event_about_anybody_proves_the_whole_request(happened: Happened) -> None:
    fold = folded(opened(), *lost(0), *lost(1), heard(999, happened))
    assert [one.batch for one in fold.doubts()] == [0, 1]
    assert [(one.batch, one.people) for one in fold.proven()] == [(0, BATCH)]


def test_an_answer_proves_nothing() -> None:
    """Its link is the same in every wave, and may be handed on."""
    assert folded(opened(), *lost(0), heard(3, Happened.ANSWERED)).proven() == ()


def test_an_event_that_came_before_the_answer_was_lost() -> None:
    """Receipts are faster than a time-out."""
    claimed, uncertain = lost(0)
    assert len(folded(opened(), claimed, heard(0, Happened.DELIVERED), uncertain).proven()) == 1


def test_an_event_of_another_wave_proves_nothing_and_one_of_this_wave_does() -> None:
    """Though the same was known of the same person from the invitation."""
    fold = folded(opened(), heard(5, Happened.DELIVERED), opened(1), *lost(0, wave=1))
    assert fold.proven() == ()
    again = heard(5, Happened.DELIVERED, wave=1)
    assert fold.allows(again)
    fold.apply(again)
    assert [(one.wave, one.batch) for one in fold.proven()] == [(1, 0)]
    assert not fold.allows(again), "heard once"


def test_what_is_known_of_the_invitation_is_news_of_a_reminder_under_way() -> None:
    """It may come before the answer is lost."""
    claimed, uncertain = lost(0, wave=1)
    fold = folded(opened(), heard(5, Happened.DELIVERED), opened(1), claimed)
    again = heard(5, Happened.DELIVERED, wave=1)
    assert fold.allows(again)
    fold.apply(again)
    fold.apply(uncertain)
    assert [(one.wave, one.batch) for one in fold.proven()] == [(1, 0)]


def test_an_event_about_somebody_without_a_letter_proves_nothing() -> None:
    rejected = (
        Claimed(wave=0, batch=0, at=NOON, skipped=(8,)),
        Rejected(wave=0, batch=0, at=NOON, people={7: "no"}),
    )
    fold = folded(opened(), *rejected, *lost(0))
    for number in (7, 8, SIZE, -1):
        event = heard(number, Happened.UNSUBSCRIBED)
        if fold.allows(event):
            fold.apply(event)
    assert fold.proven() == ()


# --- what is asked ------------------------------------------------------------------------------------


def asked(fold: Fold, now: datetime | None = None, **changes: object) -> settling.Question:
    campaign = a_campaign(State.SENT, **changes)
    return settling.question(campaign, fold, now or at(120), Clue(log=Log.UNREADABLE))


def test_the_question_by_cause_with_what_stands_beside() -> None:
    accepted = (Claimed(wave=0, batch=2, at=NOON), Accepted(wave=0, batch=2, at=NOON))
    fold = folded(opened(), *lost(1, seconds=90, why="timeout"), *lost(0), *accepted)
    question = asked(fold)
    assert (question.people, question.accepted, question.left) == (2 * BATCH, 3, 0)
    assert [(one.why, one.since, one.people) for one in question.groups] == [
        ("reset", at(60), BATCH),
        ("timeout", at(90), BATCH),
    ]
    assert (question.since, question.until) == (at(60), at(90) + timedelta(hours=24))
    assert question.asks
    assert question.may_resend


def test_waiting_holds_for_what_was_asked_and_not_for_what_comes_later() -> None:
    fold = folded(opened(), *lost(0))
    assert not asked(fold, waited_at=at(100)).asks
    for fact in lost(1, seconds=200):
        fold.apply(fact)
    assert asked(fold, now=at(300), waited_at=at(100)).asks


def test_after_a_day_nobody_is_asked() -> None:
    fold = folded(opened(), *lost(0))
    assert asked(fold, now=at(60) + timedelta(hours=24, seconds=-1)).asks
    late = asked(fold, now=at(60) + timedelta(hours=24))
    assert late.is_over
    assert not late.asks
    assert late.may_resend


def test_the_mark_names_exactly_these_batches_at_this_time() -> None:
    one = folded(opened(), *lost(0)).doubts()
    both = folded(opened(), *lost(0), *lost(1)).doubts()
    again = folded(
        opened(), *lost(0), Settled(wave=0, batch=0, at=at(70), gone=False, by="U1"), *lost(0, seconds=90)
    ).doubts()
    marks = [settling.mark(doubts) for doubts in (one, both, both[1:], again)]
    assert len(set(marks)) == 4
    assert settling.mark(tuple(reversed(both))) == marks[1]
    assert settling.mark(()) == ""


def test_settlements_are_remembered_with_who_and_how_many() -> None:
    gone = Settled(wave=0, batch=2, at=at(99), gone=True, by="events")
    fold = folded(opened(), *lost(2), gone)
    (one,) = fold.settlements
    assert (one.by, one.gone, one.people, one.at) == ("events", True, 3, at(99))
    assert not asked(fold).doubts
    assert not fold.allows(gone)


def test_another_person_is_looked_for_each_time() -> None:
    people = list(range(100, 110))
    assert [settling.probed(people, nth) for nth in range(4)] == [100, 105, 109, 100]
    assert settling.probed([], 0) is None


# --- any interleaving ---------------------------------------------------------------------------------

BATCH_FACTS = [
    lambda wave, batch, when: Claimed(wave=wave, batch=batch, at=when),
    lambda wave, batch, when: Claimed(wave=wave, batch=batch, at=when),
    lambda wave, batch, when: Accepted(wave=wave, batch=batch, at=when),
    lambda wave, batch, when: Returned(wave=wave, batch=batch, at=when, until=when, why="busy"),
    lambda wave, batch, when: Rejected(wave=wave, batch=batch, at=when, people={batch * BATCH: "no"}),
    lambda wave, batch, when: Uncertain(wave=wave, batch=batch, at=when, why="reset"),
    lambda wave, batch, when: Uncertain(wave=wave, batch=batch, at=when, why="reset"),
    lambda wave, batch, when: Settled(wave=wave, batch=batch, at=when, gone=False, by="U1"),
]
steps = some.one_of(
    some.tuples(some.sampled_from(BATCH_FACTS), some.integers(0, 1), some.integers(0, BATCHES - 1)),
    some.tuples(
        some.sampled_from([Happened.DELIVERED, Happened.BOUNCED, Happened.ANSWERED]),
        some.integers(0, 1), some.sampled_from([0, 1, BATCH, BATCH + 1, SIZE - 1]),
    ),
    some.just("learn"),
)  # fmt: skip


@settings(max_examples=200)
@given(some.lists(steps, max_size=60))
def test_what_an_event_settles(steps: Sequence[object]) -> None:
    """A batch is proven exactly where an event of its wave spoke of one of its letters while nobody knew;
    it is settled once; and a ledger read again says the same."""
    facts: list[Fact] = [opened(0), opened(1)]
    fold = folded(*facts)
    told: set[tuple[int, int]] = set()  # by an event, while the batch was under way or in doubt
    ever: set[tuple[int, int]] = set()
    for seconds, step in enumerate(steps):
        new: list[Fact] = []
        if step == "learn":
            proven = fold.proven()
            new = [
                Settled(wave=one.wave, batch=one.batch, at=at(seconds), gone=True, by="events")
                for one in proven
            ]
            assert all(fold.allows(fact) for fact in new)
        elif isinstance(step[0], Happened):  # type: ignore[index]
            happened, wave, number = step  # type: ignore[misc]
            new = [heard(number, happened, wave)]
            batch = number // BATCH
            if happened is not Happened.ANSWERED and number in fold.waves[wave].people(batch):
                ever.add((wave, batch))
                if fold.waves[wave].states[batch] in (BatchState.SUBMITTING, BatchState.UNCERTAIN):
                    told.add((wave, batch))
        else:
            made, wave, batch = step  # type: ignore[misc]
            new = [made(wave, batch, at(seconds))]
        for fact in new:
            if fold.allows(fact):
                fold.apply(fact)
                facts.append(fact)
        doubts = {(one.wave, one.batch) for one in fold.doubts()}
        proofs = {(one.wave, one.batch) for one in fold.proven()}
        assert doubts & told <= proofs <= ever
        if step == "learn":
            assert proofs == set()
        for wave in (0, 1):
            progress = fold.progress(wave)
            in_doubt = sum(one.people for one in fold.doubts() if one.wave == wave)
            assert progress.uncertain == in_doubt
    replayed = folded(*(from_line(to_line(fact)) for fact in facts))
    assert replayed.doubts() == fold.doubts()
    assert replayed.proven() == fold.proven()
    assert [replace(one, at=NOON) for one in replayed.settlements] == [
        replace(one, at=NOON) for one in fold.settlements
    ]
