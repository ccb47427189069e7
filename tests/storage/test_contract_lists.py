"""Lists, in every store, with two workspaces."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.contacts import Contact
from bot.core.ids import ListId
from bot.core.lists import Became, ContactList, Waiting, delete, rename
from bot.core.sentences import Stale, sentence
from bot.core.versions import renewed, reverted, settled
from bot.ports import Missing, Store
from tests.storage.conftest import Place
from tests.storage.records import (
    ANNA,
    BOB,
    ELSEWHERE,
    HOME,
    NOON,
    contact_list,
    dropped,
    from_file,
    keep_list,
    later,
    people,
    staged,
)

A = ListId("lst_a")


def test_a_kept_list_is_read_back_whole_after_a_restart(place: Place) -> None:
    kept = keep_list(place.open(), contact_list())
    store = place.open()
    assert store.lists.get(HOME, A) == kept == contact_list()
    assert list(store.lists.contacts(HOME, A)) == people(2)
    assert [line[0] for line in store.lists.lines(HOME, A)] == ["c", "c", "r"]


def test_some_contacts_are_read_without_the_others(store: Store) -> None:
    everybody = people(50)
    store.lists.add(HOME, contact_list(), staged(store, everybody))
    for places in ((), (0,), (49,), (3, 4, 17, 49), range(50)):
        found = list(store.lists.lines(HOME, A, places))
        assert [Contact.from_line(line) for line in found] == [everybody[place] for place in places]
    assert list(store.lists.lines(HOME, A, (50,))) == []


def test_its_staging_file_is_taken_over(store: Store) -> None:
    staging = staged(store, people(2))
    store.lists.add(HOME, contact_list(), staging)
    assert not staging.exists()


def test_the_same_source_file_twice_is_one_list(store: Store) -> None:
    first = keep_list(store, from_file(contact_list("lst_a"), "F1"))
    staging = staged(store, people(2))
    again = store.lists.add(HOME, from_file(contact_list("lst_b"), "F1"), staging)
    assert again == first
    assert [kept.id for kept in store.lists.all(HOME)] == ["lst_a"]
    assert not staging.exists()


def test_the_same_source_file_of_two_people_is_a_list_each(place: Place) -> None:
    store = place.open()
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1"), replace(dropped("F1"), member=BOB)])
    keep_list(store, from_file(contact_list("lst_a"), "F1"))
    assert [waiting.member for waiting in store.inbox.pending()] == [BOB]
    keep_list(store, replace(from_file(contact_list("lst_b"), "F1"), owner=BOB))
    assert {kept.owner for kept in place.open().lists.all(HOME)} == {ANNA, BOB}


def test_lists_without_a_source_file_are_never_the_same(store: Store) -> None:
    keep_list(store, contact_list("lst_a"))
    keep_list(store, contact_list("lst_b"))
    assert len(store.lists.all(HOME)) == 2


def test_keeping_the_list_ends_the_pending_import_with_it(place: Place) -> None:
    store = place.open()
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1"), dropped("F2")])
    keep_list(store, from_file(contact_list(), "F1"))
    assert [waiting.file.id for waiting in place.open().inbox.pending(HOME)] == ["F2"]


def test_a_second_reading_of_a_known_file_ends_its_pending_import_too(store: Store) -> None:
    keep_list(store, from_file(contact_list("lst_a"), "F1"))
    store.inbox.receive(HOME, "Ev2", NOON, [dropped("F1")])
    keep_list(store, from_file(contact_list("lst_b"), "F1"))
    assert store.inbox.pending() == []


def test_the_newest_comes_first_deleted_ones_included(store: Store) -> None:
    old = keep_list(store, contact_list("lst_a"))
    keep_list(store, replace(contact_list("lst_b"), created_at=later(hours=1)))
    store.lists.save(HOME, delete(old, NOON), old.revision)
    assert [kept.id for kept in store.lists.all(HOME)] == ["lst_b", "lst_a"]


def test_a_change_needs_the_revision_it_was_made_from(place: Place) -> None:
    kept = keep_list(place.open(), contact_list())
    store = place.open()
    store.lists.save(HOME, rename(kept, "Prospects"), kept.revision)
    with pytest.raises(Stale) as lost:
        store.lists.save(HOME, rename(kept, "Fournisseurs"), kept.revision)
    assert lost.value.sentence == sentence("lists.stale", title="Prospects")
    assert place.open().lists.get(HOME, A).title == "Prospects"


def test_a_change_without_a_new_revision_is_a_defect(store: Store) -> None:
    kept = keep_list(store, contact_list())
    with pytest.raises(ValueError, match="new revision"):
        store.lists.save(HOME, replace(kept, title="Prospects"), kept.revision)


def test_purging_removes_for_good_what_was_deleted_before(place: Place) -> None:
    store = place.open()
    for name, moment in (("lst_a", NOON), ("lst_b", later(days=3)), ("lst_c", None)):
        kept = keep_list(store, contact_list(name))
        if moment:
            store.lists.save(HOME, delete(kept, moment), kept.revision)
    assert store.lists.purge(HOME, later(days=1)) == ["lst_a"]
    assert store.lists.purge(HOME, later(days=1)) == []
    reopened = place.open()
    assert {kept.id for kept in reopened.lists.all(HOME)} == {"lst_b", "lst_c"}
    with pytest.raises(Missing):
        reopened.lists.lines(HOME, A)


def test_nothing_crosses_to_another_workspace(store: Store) -> None:
    kept = keep_list(store, from_file(contact_list(), "F1"))
    twin = keep_list(store, from_file(contact_list(workspace=ELSEWHERE, count=1), "F1"))
    assert twin.workspace == ELSEWHERE
    assert store.lists.get(HOME, A) == kept
    assert list(store.lists.contacts(ELSEWHERE, A)) == people(1)
    store.lists.save(ELSEWHERE, delete(twin, NOON), twin.revision)
    assert store.lists.workspaces() == [HOME, ELSEWHERE]
    assert store.lists.purge(HOME, NOON + timedelta(days=9)) == []
    assert store.lists.purge(ELSEWHERE, NOON + timedelta(days=9)) == [A]
    assert list(store.lists.contacts(HOME, A)) == people(2)


def test_a_list_that_is_not_there_is_missing_whatever_its_name(store: Store) -> None:
    keep_list(store, contact_list(workspace=ELSEWHERE))
    for forged in (A, ListId("../postillon"), ListId(""), ListId("lst_a/../lst_a")):
        with pytest.raises(Missing):
            store.lists.get(HOME, forged)
        with pytest.raises(Missing):
            store.lists.contacts(HOME, forged)


def test_a_record_handed_out_cannot_be_used_to_change_what_is_kept(store: Store) -> None:
    given = contact_list()
    keep_list(store, given)
    given.report.columns["email"] = "changed"  # type: ignore[index]
    assert store.lists.get(HOME, A).report.columns == {"email": "E-mail"}
    with pytest.raises(TypeError):
        store.lists.get(HOME, A).report.columns["email"] = "changed"  # type: ignore[index]


def renewal(store: Store, record: ContactList, count: int, at: datetime = NOON) -> ContactList:
    """A new version of so many people."""
    report = contact_list(count=count).report
    fresh = renewed(record, report, at)
    return store.lists.renew(record.workspace, fresh, record.revision, staged(store, people(count)))


def test_a_new_version_is_read_back_and_taken_back(place: Place) -> None:
    store = place.open()
    kept = keep_list(store, contact_list())
    fresh = renewal(store, kept, 5)
    assert (fresh.version, fresh.revision) == (2, 2)
    reopened = place.open()
    assert list(reopened.lists.contacts(HOME, A)) == people(5)
    reopened.lists.save(HOME, reverted(fresh, NOON), fresh.revision)
    assert list(place.open().lists.contacts(HOME, A)) == people(2)


def test_a_number_once_given_is_never_given_again(store: Store) -> None:
    fresh = renewal(store, keep_list(store, contact_list()), 5)
    back = reverted(fresh, NOON)
    store.lists.save(HOME, back, fresh.revision)
    assert renewal(store, store.lists.get(HOME, A), 4).version == 3


def test_a_new_version_needs_the_revision_it_was_made_from(store: Store) -> None:
    kept = keep_list(store, contact_list())
    store.lists.save(HOME, rename(kept, "Prospects"), kept.revision)
    staging = staged(store, people(5))
    with pytest.raises(Stale):
        store.lists.renew(HOME, renewed(kept, contact_list(count=5).report, NOON), kept.revision, staging)
    assert staging.exists()
    assert list(store.lists.contacts(HOME, A)) == people(2)


def test_a_reader_that_began_before_the_new_version_ends_with_the_old(store: Store) -> None:
    kept = keep_list(store, contact_list())
    reading = store.lists.contacts(HOME, A)
    assert next(reading) == people(1)[0]
    renewal(store, kept, 5)
    assert list(reading) == people(2)[1:]


def test_the_file_that_waited_and_its_list_change_together(place: Place) -> None:
    store = place.open()
    kept, waiting = keep_list(store, contact_list()), keep_list(store, beside(contact_list("lst_b")))
    fresh = renewed(kept, contact_list(count=5).report, NOON)
    done = settled(waiting, Became.REPLACED, NOON)
    store.lists.renew(HOME, fresh, kept.revision, staged(store, people(5)), done)
    store = place.open()
    assert store.lists.get(HOME, done.id) == done
    again = renewed(fresh, contact_list(count=1).report, NOON)
    with pytest.raises(Stale):
        store.lists.renew(HOME, again, fresh.revision, staged(store, people(1)), done)
    assert list(store.lists.contacts(HOME, A)) == people(5)


def test_purging_takes_old_versions_and_forgotten_files(place: Place) -> None:
    store = place.open()
    fresh = renewal(store, keep_list(store, contact_list()), 5)
    keep_list(store, beside(contact_list("lst_b")))
    assert store.lists.purge(HOME, NOON) == []
    assert store.lists.purge(HOME, later(days=1)) == ["lst_b"]
    left = place.open().lists.get(HOME, A)
    assert left == replace(fresh, previous=())
    assert list(place.open().lists.contacts(HOME, A)) == people(5)


def test_a_version_purged_meanwhile_stays_away(store: Store) -> None:
    fresh = renewal(store, keep_list(store, contact_list()), 5)
    store.lists.purge(HOME, later(days=1))
    store.lists.save(HOME, rename(fresh, "Prospects"), fresh.revision)
    assert store.lists.get(HOME, A).previous == ()


def test_versions_do_not_cross_to_another_workspace(store: Store) -> None:
    kept = keep_list(store, contact_list())
    twin = keep_list(store, contact_list(workspace=ELSEWHERE))
    renewal(store, twin, 5)
    assert store.lists.get(HOME, A) == kept
    assert list(store.lists.contacts(HOME, A)) == people(2)
    with pytest.raises(Missing):
        renewal(store, replace(kept, id=ListId("lst_z")), 5)


def beside(record: ContactList) -> ContactList:
    waiting = Waiting(list_id=A, title="Clients", count=2, created_at=NOON, version=1)
    return replace(record, waiting=waiting)
