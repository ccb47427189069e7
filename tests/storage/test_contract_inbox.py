"""What Slack handed us, in every store: durable before it is acknowledged, once, and not for ever."""

from dataclasses import replace
from datetime import timedelta

from bot.ports import Store
from tests.storage.conftest import Place
from tests.storage.records import ANNA, BOB, ELSEWHERE, HOME, NOON, dropped, later

HOURS = timedelta(hours=1)


def waiting(store: Store) -> list[str]:
    return [pending.file.id for pending in store.inbox.pending(HOME)]


def test_files_wait_through_a_restart_oldest_first(place: Place) -> None:
    store = place.open()
    assert store.inbox.receive(HOME, "Ev2", later(minutes=1), [dropped("F3", at=later(minutes=1))])
    assert store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1"), dropped("F2")])
    store = place.open()
    assert waiting(store) == ["F1", "F2", "F3"]
    assert store.inbox.pending()[0] == dropped("F1")


def test_the_same_event_again_does_nothing_even_after_a_restart(place: Place) -> None:
    store = place.open()
    assert store.inbox.receive(HOME, "EvFile", NOON, [dropped("F1")])
    assert store.inbox.receive(HOME, "EvWord", NOON, [])
    for _ in range(2):
        for event in ("EvFile", "EvWord"):
            assert not store.inbox.receive(HOME, event, later(minutes=6), [dropped("F9")])
        store = place.open()
    assert waiting(store) == ["F1"]


def test_an_event_whose_import_is_done_is_still_known(place: Place) -> None:
    store = place.open()
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    store.inbox.drop(HOME, "F1")
    assert not place.open().inbox.receive(HOME, "Ev1", later(minutes=1), [dropped("F1")])
    assert waiting(place.open()) == []


def test_events_are_forgotten_after_25_hours(store: Store) -> None:
    store.inbox.receive(HOME, "EvFile", NOON, [dropped("F1")])
    store.inbox.receive(HOME, "EvWord", NOON, [])
    assert not store.inbox.receive(HOME, "EvFile", NOON + 24 * HOURS, [])
    assert not store.inbox.receive(HOME, "EvWord", NOON + 24 * HOURS, [])
    assert store.inbox.receive(HOME, "EvFile", NOON + 26 * HOURS, [])
    assert store.inbox.receive(HOME, "EvWord", NOON + 26 * HOURS, [])
    assert waiting(store) == ["F1"]


def test_a_file_waits_once_however_many_events_bring_it(store: Store) -> None:
    assert store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1"), dropped("F1", at=later(days=-1))])
    assert store.inbox.receive(HOME, "Ev2", NOON, [dropped("F1", at=later(minutes=1))])
    assert store.inbox.pending() == [dropped("F1")]


def test_a_file_that_was_refused_no_longer_waits(place: Place) -> None:
    store = place.open()
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1"), dropped("F2")])
    store.inbox.drop(HOME, "F1")
    store.inbox.drop(HOME, "F1")
    store.inbox.drop(HOME, "never there")
    assert waiting(place.open()) == ["F2"]


def test_the_same_file_may_wait_for_two_people(place: Place) -> None:
    store = place.open()
    bobs = replace(dropped("F1"), member=BOB)
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    store.inbox.receive(HOME, "Ev2", NOON, [bobs])
    store.inbox.drop(HOME, "F1", ANNA)
    assert place.open().inbox.pending() == [bobs]


def test_nothing_crosses_to_another_workspace(store: Store) -> None:
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    store.inbox.receive(HOME, "Ev2", NOON, [])
    assert store.inbox.receive(ELSEWHERE, "Ev1", NOON, [dropped("F1", ELSEWHERE)])
    assert store.inbox.receive(ELSEWHERE, "Ev2", NOON, [])
    store.inbox.drop(ELSEWHERE, "F1")
    assert store.inbox.pending(ELSEWHERE) == []
    assert store.inbox.pending() == [dropped("F1")]
