"""The ledger, in every store: facts in order, each once, the same after a restart."""

from datetime import datetime

import pytest

from bot.core.delivery import BatchState, Fold, Progress
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
)
from bot.core.ids import CampaignId
from bot.ports import Missing, Store
from tests.storage.conftest import Place
from tests.storage.records import ELSEWHERE, HOME, NOON, draft, keep_campaign, later

A, B = CampaignId("cmp_a"), CampaignId("cmp_b")
OPENED = WaveOpened(wave=0, at=NOON, audience_size=2_500, removed={"suppressed": (3, 4)})


def claimed(batch: int, at: datetime = NOON) -> Claimed:
    return Claimed(wave=0, batch=batch, at=at)


def progress(store: Store, campaign: CampaignId = A) -> Progress:
    return store.ledgers.read(HOME, campaign, lambda fold: fold.progress())


STORY: list[Fact] = [
    OPENED,
    claimed(0),
    Accepted(wave=0, batch=0, at=later(seconds=1), message_id="m1"),
    claimed(1),
    Returned(wave=0, batch=1, at=later(seconds=2), until=later(seconds=30), why="busy"),
    Claimed(wave=0, batch=1, at=later(seconds=30), skipped=(1_010,)),
    Rejected(wave=0, batch=1, at=later(seconds=31), people={1_020: "does not contain a valid address"}),
    claimed(1, later(seconds=32)),
    Uncertain(wave=0, batch=1, at=later(seconds=60), why="timeout"),
    claimed(2),
    Uncertain(wave=0, batch=2, at=later(seconds=61), why="reset"),
    Settled(wave=0, batch=2, at=later(hours=1), gone=True, by="U1ANNA"),
    Events(wave=0, items=((0, int(Happened.DELIVERED), 1_800_000_000), (1, int(Happened.BOUNCED), 1))),
]


def test_a_story_is_told_the_same_after_a_restart(place: Place) -> None:
    store = place.open()
    keep_campaign(store, draft())
    assert all(store.ledgers.append(HOME, A, fact) for fact in STORY)
    told = progress(store)
    assert told == progress(place.open())
    assert (told.people, told.accepted, told.uncertain) == (2_498, 1_000 + 498, 998)
    assert (told.skipped, told.rejected, told.removed) == (1, 1, {"suppressed": 2})
    assert (told.delivered, told.bounced) == (1, 1)
    assert told.last_at == later(hours=1)


def test_after_a_restart_the_story_goes_on_where_it_was(place: Place) -> None:
    store = place.open()
    keep_campaign(store, draft())
    for fact in STORY[:2]:
        store.ledgers.append(HOME, A, fact)
    store = place.open()
    assert not store.ledgers.append(HOME, A, claimed(0))
    assert store.ledgers.read(HOME, A, Fold.submitting) == [(0, 0)]
    assert store.ledgers.append(HOME, A, claimed(1))
    assert place.open().ledgers.read(HOME, A, Fold.submitting) == [(0, 0), (0, 1)]


def test_what_was_done_before_is_refused_and_leaves_no_trace(place: Place) -> None:
    store = place.open()
    keep_campaign(store, draft())
    for fact in (OPENED, claimed(0)):
        assert store.ledgers.append(HOME, A, fact)
        assert not store.ledgers.append(HOME, A, fact)
    assert not store.ledgers.append(HOME, A, claimed(99))
    assert not store.ledgers.append(HOME, A, Accepted(wave=0, batch=1, at=NOON))
    news = Events(wave=0, items=((7, int(Happened.DELIVERED), 1),))
    assert store.ledgers.append(HOME, A, news)
    assert not store.ledgers.append(HOME, A, news)
    assert progress(place.open()).delivered == 1


def test_a_campaign_that_never_left_has_an_empty_ledger(store: Store) -> None:
    keep_campaign(store, draft())
    assert progress(store) == Progress()
    assert not store.ledgers.append(HOME, A, claimed(0))


def test_the_question_may_ask_anything_of_the_fold(store: Store) -> None:
    keep_campaign(store, draft())
    for fact in STORY[:3]:
        store.ledgers.append(HOME, A, fact)
    assert store.ledgers.read(HOME, A, lambda fold: fold.waves[0].claimable(NOON)) == [1, 2]
    assert store.ledgers.read(HOME, A, lambda fold: fold.waves[0].states[0]) is BatchState.ACCEPTED


def test_a_question_that_fails_leaves_the_ledger_usable(store: Store) -> None:
    keep_campaign(store, draft())
    store.ledgers.append(HOME, A, OPENED)
    with pytest.raises(IndexError):
        store.ledgers.read(HOME, A, lambda fold: fold.waves[5])
    assert store.ledgers.append(HOME, A, claimed(0))


def test_nothing_crosses_to_another_campaign_or_workspace(store: Store) -> None:
    keep_campaign(store, draft("cmp_a"))
    keep_campaign(store, draft("cmp_b"))
    store.ledgers.append(HOME, A, OPENED)
    assert progress(store, B) == Progress()
    with pytest.raises(Missing):
        store.ledgers.append(ELSEWHERE, A, OPENED)
    keep_campaign(store, draft("cmp_a", ELSEWHERE))
    assert store.ledgers.read(ELSEWHERE, A, lambda fold: fold.progress()) == Progress()
    assert store.ledgers.append(ELSEWHERE, A, WaveOpened(wave=0, at=NOON, audience_size=1))
    assert progress(store).people == 2_498
