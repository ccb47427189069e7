"""Addresses not to be written to, in every store, with two workspaces."""

from dataclasses import replace

from bot.core.suppressions import Cause, Suppression
from bot.ports import Store
from tests.storage.conftest import Place
from tests.storage.records import ELSEWHERE, HOME, later, suppression


def test_an_address_is_suppressed_once_and_the_first_cause_stands(place: Place) -> None:
    store = place.open()
    first = suppression("zoe@example.com")
    again = Suppression(address="zoe@example.com", cause=Cause.BOUNCED, at=later(days=1), origin="cmp_b")
    assert store.suppressions.add(HOME, first)
    assert not store.suppressions.add(HOME, again)
    store = place.open()
    assert not store.suppressions.add(HOME, again)
    assert store.suppressions.all(HOME) == [first]


def test_which_of_these_addresses_are_suppressed(store: Store) -> None:
    store.suppressions.add(HOME, suppression("zoe@example.com"))
    store.suppressions.add(HOME, suppression("léa@exemple.fr"))
    asked = iter(["anna@example.com", "zoe@example.com", "léa@exemple.fr"])
    found = store.suppressions.among(HOME, asked)
    assert found == {
        "zoe@example.com": suppression("zoe@example.com"),
        "léa@exemple.fr": suppression("léa@exemple.fr"),
    }
    assert store.suppressions.among(HOME, []) == {}


def test_nothing_crosses_to_another_workspace(place: Place) -> None:
    store = place.open()
    store.suppressions.add(HOME, suppression("zoe@example.com"))
    assert store.suppressions.among(ELSEWHERE, ["zoe@example.com"]) == {}
    assert store.suppressions.add(ELSEWHERE, suppression("zoe@example.com"))
    assert len(place.open().suppressions.all(HOME)) == 1


def test_every_cause_survives_a_restart(place: Place) -> None:
    store = place.open()
    for cause in Cause:
        store.suppressions.add(
            HOME, Suppression(address=f"{cause}@example.com", cause=cause, at=later(), origin="x")
        )
    assert [kept.cause for kept in place.open().suppressions.all(HOME)] == list(Cause)


def test_many_in_one_step_and_only_those_who_are_not_there(place: Place) -> None:
    store = place.open()
    known = suppression("zoe@example.com")
    store.suppressions.add(HOME, known)
    again = Suppression(address="zoe@example.com", cause=Cause.OBJECTED, at=later(days=1), origin="lst_a")
    fresh = [replace(again, address=address) for address in ("léa@exemple.fr", "anna@example.com")]
    assert store.suppressions.add_all(HOME, iter([again, *fresh, fresh[0]])) == 2
    assert store.suppressions.add_all(HOME, fresh) == 0
    assert store.suppressions.add_all(HOME, []) == 0
    store = place.open()
    assert store.suppressions.all(HOME) == [known, *fresh]
    assert store.suppressions.all(ELSEWHERE) == []
    assert store.suppressions.add_all(ELSEWHERE, fresh) == 2
    assert len(place.open().suppressions.all(HOME)) == 3


def test_many_thousands_are_one_step(place: Place) -> None:
    people = [suppression(f"p{number}@example.com") for number in range(5_000)]
    store = place.open()
    assert store.suppressions.add_all(HOME, people) == 5_000
    assert place.open().suppressions.all(HOME) == people
