"""Addresses not to be written to, in every store, with two workspaces."""

from dataclasses import replace

from bot.core.addresses import is_erased
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


def test_what_was_lifted_is_written_to_again_and_can_be_suppressed_again(place: Place) -> None:
    store = place.open()
    kept = suppression("zoe@example.com")
    store.suppressions.add(HOME, kept)
    assert store.suppressions.lift(HOME, "zoe@example.com", later(days=1)) == kept
    assert store.suppressions.lift(HOME, "zoe@example.com", later(days=1)) is None
    store = place.open()
    assert store.suppressions.all(HOME) == []
    assert store.suppressions.lifted(HOME, ["zoe@example.com", "léa@exemple.fr"]) == {
        "zoe@example.com": later(days=1)
    }
    again = replace(kept, at=later(days=2))
    assert store.suppressions.add(HOME, again)
    assert place.open().suppressions.all(HOME) == [again]
    assert place.open().suppressions.lifted(HOME, ["zoe@example.com"]) == {}


def test_what_is_told_late_brings_nothing_back_that_was_lifted(place: Place) -> None:
    store = place.open()
    store.suppressions.add(HOME, suppression("zoe@example.com"))
    store.suppressions.lift(HOME, "zoe@example.com", later(days=1))
    store = place.open()
    older = replace(suppression("zoe@example.com"), at=later(hours=23), origin="sendgrid")
    assert not store.suppressions.add(HOME, older)
    assert store.suppressions.add_all(HOME, [older, suppression("léa@exemple.fr")]) == 1
    assert store.suppressions.among(HOME, ["zoe@example.com"]) == {}


def test_an_erased_person_stays_suppressed_under_a_hash(place: Place) -> None:
    store = place.open()
    known = suppression("zoe@example.com")
    store.suppressions.add_all(HOME, [known, suppression("léa@exemple.fr")])
    fallback = replace(known, cause=Cause.OBJECTED, at=later(days=1), origin="U1")
    erased = store.suppressions.erase(HOME, fallback)
    assert erased == replace(known, address=erased.address)
    assert is_erased(erased.address)
    stranger = store.suppressions.erase(HOME, replace(fallback, address="ana@example.com"))
    assert stranger.cause is Cause.OBJECTED
    assert store.suppressions.erase(HOME, fallback) == erased, "a second time changes nothing"
    for one in (store, place.open()):
        found = one.suppressions.among(HOME, ["zoe@example.com", "ana@example.com", "bob@example.com"])
        assert found == {"zoe@example.com": erased, "ana@example.com": stranger}
        assert one.suppressions.among(HOME, [erased.address]) == {erased.address: erased}
        assert {kept.address for kept in one.suppressions.all(HOME)} == {
            "léa@exemple.fr", erased.address, stranger.address,
        }  # fmt: skip
        assert not one.suppressions.add(HOME, replace(known, at=later(days=9)))


def test_an_erased_person_may_come_back_and_leave_again(place: Place) -> None:
    store = place.open()
    erased = store.suppressions.erase(HOME, suppression("zoe@example.com"))
    assert store.suppressions.lift(HOME, "zoe@example.com", later(days=1)) == erased
    store.suppressions.erase(HOME, suppression("ana@example.com"))  # the file is written anew
    store = place.open()
    assert store.suppressions.among(HOME, ["zoe@example.com"]) == {}
    assert store.suppressions.among(HOME, [erased.address]), "nobody can write to a hash"
    assert len(store.suppressions.all(HOME)) == 1
    assert not store.suppressions.add(HOME, suppression("zoe@example.com")), "told late"
    again = replace(suppression("zoe@example.com"), at=later(days=2))
    assert store.suppressions.add(HOME, again)
    store = place.open()
    assert store.suppressions.among(HOME, ["zoe@example.com"]) == {"zoe@example.com": again}
    assert store.suppressions.erase(HOME, again).at == again.at
    assert place.open().suppressions.among(HOME, ["zoe@example.com"])["zoe@example.com"].at == again.at


STRASSE, STREET = "zoe@strasse.example", "zoe@xn--strae-oqa.example"  # of "straße": as written once, and now


def test_what_a_former_version_wrote_down_still_holds(place: Place) -> None:
    place.open().suppressions.add(HOME, suppression(STRASSE))
    store = place.open()
    assert store.suppressions.among(HOME, [STREET]) == {STREET: suppression(STRASSE)}
    assert not store.suppressions.add(HOME, suppression(STREET))
    lifted = store.suppressions.lift(HOME, STREET, later(days=1))
    assert lifted == suppression(STRASSE)
    for _ in range(2):
        one = store = place.open()
        assert one.suppressions.among(HOME, [STREET, STRASSE]) == {}
        assert one.suppressions.lifted(HOME, [STREET]) == {STREET: later(days=1)}
        assert not one.suppressions.add(HOME, suppression(STREET)), "that is older than the lifting"
    assert store.suppressions.add(HOME, replace(suppression(STREET), at=later(days=2)))
    assert store.suppressions.among(HOME, [STRASSE]) == {}, "which is another address now"


def test_who_is_forgotten_goes_in_both_writings(place: Place) -> None:
    store = place.open()
    store.suppressions.add(HOME, suppression(STRASSE))
    store.suppressions.erase(HOME, replace(suppression(STREET), cause=Cause.OBJECTED, origin="U1"))
    for _ in range(2):
        one = store = place.open()
        assert all(is_erased(kept.address) for kept in one.suppressions.all(HOME))
        found = one.suppressions.among(HOME, [STREET, STRASSE])
        assert {address: kept.cause for address, kept in found.items()} == {
            STREET: Cause.UNSUBSCRIBED, STRASSE: Cause.UNSUBSCRIBED,
        }  # fmt: skip
    assert store.suppressions.lift(HOME, STREET, later(days=1)) is not None
    assert store.suppressions.among(HOME, [STREET]) == {}


def test_who_was_forgotten_by_the_former_writing_is_known(place: Place) -> None:
    place.open().suppressions.erase(HOME, suppression(STRASSE))
    assert set(place.open().suppressions.among(HOME, [STREET])) == {STREET}
