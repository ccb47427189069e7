"""What is told of letters adds up to the same, in whatever order and however often it is told."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.core.delivery import Fold, Progress
from bot.core.events import WHYS
from bot.core.facts import (
    Accepted,
    Claimed,
    Events,
    Happened,
    Item,
    Uncertain,
    WaveOpened,
    from_line,
    to_line,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = int(NOON.timestamp())
SIZE = 40
BITS = [int(bit) for bit in Happened]
DELIVERED, BOUNCED, BLOCKED = int(Happened.DELIVERED), int(Happened.BOUNCED), int(Happened.BLOCKED)
DROPPED, DEFERRED = int(Happened.DROPPED), int(Happened.DEFERRED)


def opened(size: int = SIZE, waves: int = 1) -> Fold:
    fold = Fold()
    for wave in range(waves):
        fold.apply(WaveOpened(wave=wave, at=NOON, audience_size=size))
    return fold


def told(*items: Item, wave: int = 0, fold: Fold | None = None) -> Fold:
    """As a store does it: what is news is appended, and taken in."""
    fold = fold or opened()
    for fact in fold.news([Events(wave=wave, items=items)]):
        fold.apply(from_line(to_line(fact)))
    return fold


def known(fold: Fold) -> tuple[object, ...]:
    receipts = fold.receipts
    return (
        receipts.bits, receipts.others, receipts.failures, fold.progress(),
        [receipts.delivered_at(number) for number in range(fold.audience_size)],
    )  # fmt: skip


def counts(progress: Progress) -> tuple[int, int, int, int]:
    return progress.delivered, progress.bounced, progress.blocked, progress.dropped


# --- order and repetition -----------------------------------------------------------------------------

failing = some.sampled_from([BOUNCED, BLOCKED, DROPPED])
any_item = some.one_of(
    some.tuples(some.integers(-2, SIZE), some.sampled_from(BITS), some.integers(AT, AT + 50)),
    some.tuples(some.integers(0, SIZE), failing, some.integers(AT, AT + 50), some.sampled_from(sorted(WHYS))),
    some.tuples(some.integers(0, SIZE), some.just(0), some.just(AT), some.sampled_from(["?new", "?odd"])),
)


@settings(max_examples=150, deadline=None)
@given(some.lists(any_item, max_size=30), some.data())
def test_any_order_and_any_repetition_gives_the_same(items: list[Item], data: some.DataObject) -> None:
    clean = told(*items)
    messy = opened()
    shuffled = data.draw(some.permutations([*items, *items]))
    while shuffled:
        together = data.draw(some.integers(1, len(shuffled)))
        told(*shuffled[:together], fold=messy)
        shuffled = shuffled[together:]
    assert known(clean) == known(messy)


def test_a_hundred_thousand_duplicates_in_disorder_give_the_numbers_of_the_clean_sequence() -> None:
    rng, people = random.Random(23), 8_000
    clean = [item for number in range(people) for item in life(number, rng)]
    fold = told(*clean, fold=opened(people))
    messy = [*clean, *rng.choices(clean, k=100_000 - len(clean))]
    rng.shuffle(messy)
    again = opened(people)
    for start in range(0, len(messy), 100):
        told(*messy[start : start + 100], fold=again)
    assert len(messy) == 100_000
    assert known(again) == known(fold)
    progress = fold.progress()
    assert progress.failed == sum(progress.failures.values()) > 500
    assert progress.delivered + progress.failed <= people


def life(number: int, rng: random.Random) -> list[Item]:
    """What is told of one letter on its way."""
    story: list[Item] = [(number, int(Happened.PROCESSED), AT)]
    match rng.randrange(20):
        case 0:
            story.append((number, BOUNCED, AT + 3, rng.choice(["unknown", "full"])))
        case 1:
            story += [(number, DEFERRED, AT + 2), (number, BLOCKED, AT + 9, "reputation")]
        case 2:
            story += [(number, DELIVERED, AT + 2), (number, BOUNCED, AT + 900, "full")]
        case 3:
            story += [(number, DELIVERED, AT + 2), (number, int(Happened.UNSUBSCRIBED), AT + 90)]
        case 4:
            story = [(number, DROPPED, AT, "bounced_there")]
        case 5:
            story += [(number, DELIVERED, AT + 2), (number, 0, AT + 3, "?renamed")]
        case _:
            story.append((number, DELIVERED, AT + rng.randrange(300)))
    return story


# --- what counts as what ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "expected", "why"),
    [
        ([(0, DELIVERED, AT)], (1, 0, 0, 0), {}),
        ([(0, BOUNCED, AT, "unknown")], (0, 1, 0, 0), {"unknown": 1}),
        # a mailbox that took the letter and returned it later
        ([(0, DELIVERED, AT), (0, BOUNCED, AT + 9, "full")], (0, 1, 0, 0), {"full": 1}),
        # refused once, and another letter of the campaign arrived
        ([(0, BLOCKED, AT, "blocked"), (0, DELIVERED, AT + 9)], (1, 0, 0, 0), {}),
        ([(0, BLOCKED, AT, "blocked")], (0, 0, 1, 0), {"blocked": 1}),
        ([(0, DROPPED, AT, "bounced_there")], (0, 0, 0, 1), {"bounced_there": 1}),
        # bounced, and therefore not even tried the next time: the first is what says more
        (
            [(0, BOUNCED, AT, "unknown"), (0, DROPPED, AT + 9, "bounced_there")],
            (0, 1, 0, 0),
            {"unknown": 1},
        ),
        ([(0, BLOCKED, AT, "full"), (0, BLOCKED, AT + 9, "reputation")], (0, 0, 1, 0), {"reputation": 1}),
        ([(0, DEFERRED, AT)], (0, 0, 0, 0), {}),
        ([(0, BOUNCED, AT)], (0, 1, 0, 0), {"other": 1}),
    ],
)
def test_nobody_is_in_two_counts(story: list[Item], expected: tuple[int, ...], why: dict[str, int]) -> None:
    for items in (story, story[::-1]):
        progress = told(*items).progress()
        assert counts(progress) == expected
        assert progress.failures == why
        assert progress.failed == sum(why.values())


def test_the_first_delivery_told_is_kept_to_the_second() -> None:
    fold = told((3, DELIVERED, AT + 20))
    assert fold.receipts.delivered_at(3) == AT + 20
    assert fold.receipts.delivered_at(4) is None
    told((3, DELIVERED, AT + 5), (3, DELIVERED, AT + 60), fold=fold)
    assert fold.receipts.delivered_at(3) == AT + 5


def test_a_moment_that_cannot_be_is_no_moment() -> None:
    fold = told((3, DELIVERED, 0), (4, DELIVERED, 2**40))
    assert fold.progress().delivered == 2
    assert fold.receipts.delivered_at(3) is fold.receipts.delivered_at(4) is None


def test_a_kind_nobody_knows_is_kept_once_and_counted_nowhere() -> None:
    fold = told((3, 0, AT, "?teleported"))
    assert fold.receipts.others == {(3, "?teleported")}
    assert fold.progress() == replace(opened().progress())
    assert fold.news([Events(wave=0, items=((3, 0, AT + 9, "?teleported"),))]) == []
    assert fold.news([Events(wave=0, items=((4, 0, AT, "?teleported"),))]) != []


def test_what_was_told_before_in_the_same_breath_is_no_news() -> None:
    twice = Events(wave=0, items=((3, BOUNCED, AT, "full"), (3, BOUNCED, AT, "full"), (4, DELIVERED, AT)))
    (news,) = opened().news([twice, twice])
    assert news.items == ((3, BOUNCED, AT, "full"), (4, DELIVERED, AT))


def test_nobody_outside_the_audience_is_learned_of() -> None:
    fold = told((SIZE, DELIVERED, AT), (-1, BOUNCED, AT, "full"), (10**12, DELIVERED, AT))
    assert known(fold) == known(opened())


def test_bits_of_a_version_to_come_do_no_harm() -> None:
    fold = opened()
    fold.apply(Events(wave=0, items=((3, (1 << 20) | DELIVERED, AT),)))
    assert fold.progress().delivered == 1


# --- waves and lines ----------------------------------------------------------------------------------


def test_an_event_of_the_second_wave_settles_a_doubt_of_the_second_wave_alone() -> None:
    fold = opened(waves=2)
    for wave in (0, 1):
        fold.apply(Claimed(wave=wave, batch=0, at=NOON))
        fold.apply(Uncertain(wave=wave, batch=0, at=NOON, why="reset"))
    told((3, DELIVERED, AT), wave=1, fold=fold)
    assert [doubt.wave for doubt in fold.proven()] == [1]
    # the same bit of the other wave says something new all the same
    told((3, DELIVERED, AT), wave=0, fold=fold)
    assert [doubt.wave for doubt in fold.proven()] == [0, 1]
    assert fold.news([Events(wave=0, items=((4, int(Happened.PROCESSED), AT),))]) != []


def test_the_newest_letter_that_was_accepted() -> None:
    fold = Fold()
    fold.apply(WaveOpened(wave=0, at=NOON, audience_size=SIZE))
    fold.apply(WaveOpened(wave=1, at=NOON, audience_size=SIZE, removed={"answered": (7,)}))
    assert fold.wave_of(3) is None
    for wave in (0, 1):
        fold.apply(Claimed(wave=wave, batch=0, at=NOON, skipped=(5,) if wave else ()))
        fold.apply(Accepted(wave=wave, batch=0, at=NOON))
    assert [fold.wave_of(number) for number in (3, 5, 7, SIZE)] == [1, 0, 0, None]
    assert fold.waves[1].is_silent
    told((3, DELIVERED, AT), wave=1, fold=fold)
    assert (fold.waves[0].is_silent, fold.waves[1].is_silent) == (True, False)


@pytest.mark.parametrize("items", [((3, 2, AT),), ((3, 8, AT, "full"), (4, 2, AT)), ()])
def test_reasons_stand_on_the_line_only_where_there_are_some(items: Sequence[Item]) -> None:
    fact = Events(wave=1, items=tuple(items))
    assert from_line(to_line(fact)) == fact
    assert to_line(fact) == ["events", 1, list(items)]


def test_lines_written_before_there_were_reasons_still_read() -> None:
    assert from_line(["events", 0, [[5, 2, AT], [6, 8, AT]]]) == Events(
        wave=0, items=((5, DELIVERED, AT), (6, BOUNCED, AT))
    )
