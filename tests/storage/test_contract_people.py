"""People, the places of our messages, and the log, in every store, with two workspaces."""

from dataclasses import replace

import pytest

from bot.core.people import Language, Member
from bot.ports import LogEntry, MessageRef, Store
from tests.storage.conftest import Place
from tests.storage.records import ANNA, BOB, ELSEWHERE, HOME, later, member


def test_a_person_is_met_then_changed(place: Place) -> None:
    store = place.open()
    assert store.people.get(HOME, ANNA) is None
    store.people.change(HOME, ANNA, lambda known: known or member())

    def greet(known: Member | None) -> Member:
        assert known == member()
        words = (("fr", "Bonjour"), ("en", "Hello"))
        return replace(known, greeted=True, chosen=Language.ENGLISH, last_bodies=words, seen_at=later())

    greeted = store.people.change(HOME, ANNA, greet)
    assert greeted.greeted
    assert place.open().people.get(HOME, ANNA) == greeted


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    store.people.change(HOME, ANNA, lambda _: member())
    with pytest.raises(ZeroDivisionError):
        store.people.change(HOME, ANNA, lambda _: replace(member(), name=str(1 // 0)))
    with pytest.raises(ValueError, match="another"):
        store.people.change(HOME, ANNA, lambda _: member(BOB))
    assert store.people.all(HOME) == [member()]


def test_people_do_not_cross_to_another_workspace(store: Store) -> None:
    store.people.change(HOME, ANNA, lambda _: member())
    store.people.change(ELSEWHERE, ANNA, lambda _: replace(member(workspace=ELSEWHERE), name="Other"))
    store.people.change(HOME, BOB, lambda _: member(BOB))
    assert store.people.get(HOME, ANNA) == member()
    assert [known.id for known in store.people.all(HOME)] == [ANNA, BOB]
    assert store.people.get(ELSEWHERE, BOB) is None


def test_the_last_message_noted_is_the_one_to_edit(place: Place) -> None:
    store = place.open()
    first, second = (MessageRef(subject="cmp_a", channel="D1", ts=ts) for ts in ("1.0", "2.0"))
    for ref in (first, second, MessageRef(subject="lst_a", channel="D1", ts="3.0")):
        store.messages.note(HOME, ref)
    store = place.open()
    assert store.messages.of(HOME, "cmp_a") == [first, second]
    store.messages.note(HOME, first)
    assert store.messages.of(HOME, "cmp_a") == [second, first]
    store.messages.forget(HOME, first)
    store.messages.forget(HOME, first)
    assert place.open().messages.of(HOME, "cmp_a") == [second]


def test_messages_do_not_cross_to_another_workspace(store: Store) -> None:
    ref = MessageRef(subject="cmp_a", channel="D1", ts="1.0")
    store.messages.note(HOME, ref)
    assert store.messages.of(ELSEWHERE, "cmp_a") == []
    store.messages.forget(ELSEWHERE, ref)
    store.messages.forget(HOME, ref)
    assert store.messages.of(HOME, "cmp_a") == []


def test_the_log_keeps_who_did_what_in_order(place: Place) -> None:
    entries = [
        LogEntry(at=later(minutes=n), by=ANNA, verb="lists.delete", subject="lst_a", about={"n": n, "t": "é"})
        for n in range(3)
    ]
    store = place.open()
    for entry in entries:
        store.log.write(HOME, entry)
    store.log.write(ELSEWHERE, entries[0])
    store = place.open()
    assert store.log.read(HOME) == entries
    store.log.write(HOME, entries[0])
    assert store.log.read(HOME) == [*entries, entries[0]]
    assert len(store.log.read(ELSEWHERE)) == 1
