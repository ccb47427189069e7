"""Many threads at once, in every store: each batch claimed by one, each change won by one."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from bot.core.campaigns import edit
from bot.core.facts import Claimed, WaveOpened
from bot.core.ids import CampaignId, MemberId
from bot.core.people import Member
from bot.core.sentences import Stale
from bot.core.suppressions import Suppression
from bot.ports import Store
from tests.storage.conftest import Place
from tests.storage.records import ANNA, HOME, NOON, draft, keep_campaign, member, suppression

THREADS, BATCHES = 8, 12
A = CampaignId("cmp_a")
T = TypeVar("T")


def at_once(act: Callable[[int], T]) -> list[T]:
    """Every thread starts when all are there."""
    gate = threading.Barrier(THREADS)

    def started(number: int) -> T:
        gate.wait(timeout=30)
        return act(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(started, range(THREADS)))


def test_each_batch_is_claimed_by_one_thread(place: Place) -> None:
    store = place.open()
    keep_campaign(store, draft())
    store.ledgers.append(HOME, A, WaveOpened(wave=0, at=NOON, audience_size=BATCHES * 1_000))

    def claim_all(number: int) -> list[int]:
        order = [(batch + number) % BATCHES for batch in range(BATCHES)]
        return [b for b in order if store.ledgers.append(HOME, A, Claimed(wave=0, batch=b, at=NOON))]

    won = Counter(batch for claimed in at_once(claim_all) for batch in claimed)
    assert won == Counter(range(BATCHES))
    assert place.open().ledgers.read(HOME, A, lambda fold: fold.progress().submitting) == BATCHES * 1_000


def test_one_change_of_a_revision_wins_and_every_other_is_told(place: Place) -> None:
    store = place.open()
    store.campaigns.add(HOME, draft())

    def change(number: int) -> str | None:
        mine = edit(draft(), name=f"from {number}")
        try:
            store.campaigns.save(HOME, mine, expected=1)
        except Stale:
            return None
        return mine.name

    (winner,) = [name for name in at_once(change) if name]
    assert place.open().campaigns.get(HOME, A).name == winner


def test_changes_of_one_person_follow_each_other(place: Place) -> None:
    store = place.open()

    def count(_: int) -> None:
        for _ in range(3):
            store.people.change(HOME, ANNA, one_more)

    def one_more(known: Member | None) -> Member:
        known = known or member()
        return replace(known, last_link=known.last_link + "x")

    at_once(count)
    counted = place.open().people.get(HOME, ANNA)
    assert counted is not None
    assert counted.last_link == "x" * THREADS * 3


def test_everything_at_once_loses_nothing(place: Place) -> None:
    store = place.open()

    def busy(number: int) -> None:
        campaign = draft(f"cmp_{number}")
        keep_campaign(store, campaign)
        store.ledgers.append(HOME, campaign.id, WaveOpened(wave=0, at=NOON, audience_size=10))
        store.people.change(HOME, MemberId(f"U{number}"), lambda _: member(MemberId(f"U{number}")))
        store.suppressions.add(HOME, suppression(f"{number}@example.com"))
        store.inbox.receive(HOME, f"Ev{number}", NOON, [])

    at_once(busy)
    check(place.open())


def check(store: Store) -> None:
    assert len(store.campaigns.all(HOME)) == len(store.people.all(HOME)) == THREADS
    for campaign in store.campaigns.all(HOME):
        assert store.ledgers.read(HOME, campaign.id, lambda fold: fold.audience_size) == 10
    assert not any(store.inbox.receive(HOME, f"Ev{number}", NOON, []) for number in range(THREADS))


def test_the_same_address_is_suppressed_by_one_thread(store: Store) -> None:
    added = at_once(lambda number: store.suppressions.add(HOME, replace_origin(number)))
    assert added.count(True) == 1


def replace_origin(number: int) -> Suppression:
    return replace(suppression("zoe@example.com"), origin=f"cmp_{number}")


def test_a_slow_question_to_one_campaign_does_not_hold_another(store: Store) -> None:
    keep_campaign(store, draft("cmp_a"))
    keep_campaign(store, draft("cmp_b"))
    opened = WaveOpened(wave=0, at=NOON, audience_size=1)
    store.ledgers.append(HOME, CampaignId("cmp_b"), opened)
    asked, answered = threading.Event(), threading.Event()

    def slow(_: object) -> bool:
        asked.set()
        return answered.wait(timeout=30)

    with ThreadPoolExecutor(1) as pool:
        question = pool.submit(store.ledgers.read, HOME, A, slow)
        assert asked.wait(timeout=30)
        assert store.ledgers.append(HOME, CampaignId("cmp_b"), Claimed(wave=0, batch=0, at=NOON))
        answered.set()
        assert question.result(timeout=30)
