"""What a store keeps of events: in a ledger what is news, and of a workspace that they come at all."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.campaigns import State, move
from bot.core.facts import Events, Happened, Item, WaveOpened
from bot.core.ids import CampaignId
from bot.core.spaces import Space
from bot.ports import Missing, Store
from tests.storage.conftest import Place
from tests.storage.records import ELSEWHERE, HOME, NOON, draft, keep_campaign

A = CampaignId("cmp_a")
AT = int(NOON.timestamp())
DELIVERED, BOUNCED = int(Happened.DELIVERED), int(Happened.BOUNCED)
SIZE = 2_500


def begun(store: Store, name: str = "cmp_a", size: int = SIZE) -> None:
    keep_campaign(store, draft(name))
    store.ledgers.append(HOME, CampaignId(name), WaveOpened(wave=0, at=NOON, audience_size=size))


def learns(store: Store, *items: Item, wave: int = 0) -> bool:
    return store.ledgers.learn(HOME, A, [Events(wave=wave, items=items)])


def told(store: Store) -> tuple[object, ...]:
    return store.ledgers.read(
        HOME, A,
        lambda fold: (fold.bits[:], fold.receipts.failures, set(fold.receipts.others), fold.progress(),
                      [fold.receipts.delivered_at(number) for number in range(5)]),
    )  # fmt: skip


# --- ledgers ------------------------------------------------------------------------------------------


def test_what_was_learned_is_there_after_a_restart(place: Place) -> None:
    store = place.open()
    begun(store)
    assert learns(store, (0, DELIVERED, AT), (1, BOUNCED, AT, "unknown"), (2, 0, AT, "?new"))
    before = told(store)
    assert told(place.open()) == before


def test_only_news_is_learned(place: Place) -> None:
    store = place.open()
    begun(store)
    assert learns(store, (0, DELIVERED, AT))
    assert not learns(store, (0, DELIVERED, AT), (0, DELIVERED, AT + 9))
    assert not learns(store)
    assert not learns(store, (SIZE, DELIVERED, AT), (-1, DELIVERED, AT))
    assert learns(store, (0, DELIVERED, AT), (1, DELIVERED, AT))
    store = place.open()
    assert not learns(store, (0, DELIVERED, AT), (1, DELIVERED, AT))
    assert store.ledgers.read(HOME, A, lambda fold: fold.progress().delivered) == 2


def test_thousands_at_once_and_of_several_waves(place: Place) -> None:
    store = place.open()
    begun(store)
    store.ledgers.append(HOME, A, WaveOpened(wave=1, at=NOON, audience_size=SIZE))
    first = Events(wave=0, items=tuple((n, DELIVERED, AT) for n in range(SIZE)))
    second = Events(wave=1, items=tuple((n, BOUNCED, AT, "full") for n in range(0, SIZE, 2)))
    assert store.ledgers.learn(HOME, A, [first, second])
    before = told(store)
    store = place.open()
    assert told(store) == before
    progress = store.ledgers.read(HOME, A, lambda fold: fold.progress())
    assert (progress.delivered, progress.bounced) == (SIZE // 2, SIZE // 2)


def test_eight_threads_tell_the_same_story(place: Place) -> None:
    store = place.open()
    begun(store)
    news = []

    def tell(first: int) -> None:
        for place in range(40):
            number = (first * 5 + place) % 40
            news.append(learns(store, (number, DELIVERED, AT)))

    threads = [threading.Thread(target=tell, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(news) == 40
    assert place.open().ledgers.read(HOME, A, lambda fold: fold.progress().delivered) == 40


def test_nothing_is_learned_of_a_campaign_of_others(store: Store) -> None:
    begun(store)
    with pytest.raises(Missing):
        store.ledgers.learn(ELSEWHERE, A, [Events(wave=0, items=((0, DELIVERED, AT),))])


# --- whose campaign it is -----------------------------------------------------------------------------


def test_whose_campaign_it_is(place: Place) -> None:
    store = place.open()
    assert store.campaigns.workspace_of(A) is None
    keep_campaign(store, draft("cmp_a"))
    keep_campaign(store, draft("cmp_b", ELSEWHERE))
    for opened in (store, place.open()):
        assert opened.campaigns.workspace_of(A) == HOME
        assert opened.campaigns.workspace_of(CampaignId("cmp_b")) == ELSEWHERE


def test_a_name_that_two_workspaces_use_is_nobodys(store: Store) -> None:
    keep_campaign(store, draft("cmp_a"))
    kept = keep_campaign(store, draft("cmp_a", ELSEWHERE))
    assert store.campaigns.workspace_of(A) is None
    store.campaigns.remove(ELSEWHERE, A, kept.revision)
    assert store.campaigns.workspace_of(A) == HOME


def test_it_stays_theirs_whatever_becomes_of_it(store: Store) -> None:
    kept = keep_campaign(store, draft("cmp_a"))
    due = move(kept, State.SCHEDULED, send_at=NOON)
    store.campaigns.advance(HOME, due, kept.revision, NOON)
    assert store.campaigns.workspace_of(A) == HOME
    store.campaigns.remove(HOME, A, due.revision)
    assert store.campaigns.workspace_of(A) is None


# --- workspaces ---------------------------------------------------------------------------------------


def test_a_workspace_of_which_nothing_is_known(store: Store) -> None:
    assert store.spaces.get(HOME) == Space(workspace=HOME)


def test_what_is_noted_of_a_workspace_stays_its_own(place: Place) -> None:
    store = place.open()
    noted = store.spaces.change(HOME, lambda space: replace(space, events_since=NOON, events_at=NOON))
    assert noted == Space(workspace=HOME, events_since=NOON, events_at=NOON)
    later = NOON + timedelta(minutes=1)
    store.spaces.change(HOME, lambda space: replace(space, events_at=later))
    store = place.open()
    assert store.spaces.get(HOME) == Space(workspace=HOME, events_since=NOON, events_at=later)
    assert store.spaces.get(ELSEWHERE) == Space(workspace=ELSEWHERE)


def test_a_workspace_does_not_become_another(store: Store) -> None:
    with pytest.raises(ValueError, match="another"):
        store.spaces.change(HOME, lambda space: replace(space, workspace=ELSEWHERE))
    assert store.spaces.get(HOME) == Space(workspace=HOME)
