"""What belongs to the store as a whole: secrets, heartbeat, clock, being alone, being closed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.ports import Store, Unwritable
from storage import Busy, UnknownStorage, open_store, read_only
from tests.storage.child import run_child
from tests.storage.conftest import Place
from tests.storage.records import ANNA, HOME, NOON, draft, keep_list, later, member, suppression
from tests.storage.records import contact_list as a_list


def test_a_secret_is_made_once_and_stays(place: Place) -> None:
    store = place.open()
    tokens = store.secret("tokens")
    assert len(tokens) == 32
    assert store.secret("tokens") == tokens
    assert store.secret("answers") != tokens
    assert place.open().secret("tokens") == tokens


def test_the_heartbeat_tells_when_the_bot_was_last_alive(place: Place) -> None:
    store = place.open()
    assert store.last_beat() is None
    store.beat(NOON)
    store.beat(later(seconds=30))
    assert place.open().last_beat() == later(seconds=30)


def test_the_clock_keeps_its_offset(place: Place) -> None:
    store = place.open()
    assert store.clock_offset() == timedelta(0)
    store.set_clock_offset(timedelta(days=1, seconds=1.5))
    assert place.open().clock_offset() == timedelta(days=1, seconds=1.5)


def test_staging_paths_are_fresh(store: Store) -> None:
    assert store.staging() != store.staging()
    assert not store.staging().exists()


def test_two_bots_do_not_share_a_storage(place: Place) -> None:
    store = place.open()
    with pytest.raises(Busy) as refused:
        open_store(place.url)
    assert refused.value.sentence.key == "storage.busy"
    store.people.change(HOME, ANNA, lambda _: member())
    assert place.open().people.all(HOME) == [member()]


def test_another_process_is_refused_while_this_one_runs(place: Place) -> None:
    place.open()
    asked = run_child("busy", place.url)
    assert asked.communicate(timeout=60)[0] == "busy\n"


def test_who_only_reads_needs_no_turn_and_changes_nothing(place: Place) -> None:
    store = place.open()
    store.campaigns.add(HOME, draft())
    keep_list(store, a_list())
    reader = read_only(place.url)
    assert reader.campaigns.all(HOME) == [draft()]
    assert [kept.id for kept in reader.lists.all(HOME)] == ["lst_a"]
    assert reader.suppressions.all(HOME) == []
    writes: list[Callable[[], object]] = [
        lambda: reader.people.change(HOME, ANNA, lambda _: member()),
        lambda: reader.suppressions.add(HOME, suppression("zoe@example.com")),
        lambda: reader.beat(NOON),
        lambda: reader.secret("tokens"),
    ]
    for write in writes:
        with pytest.raises(Unwritable):
            write()
    reader.close()
    assert place.open().campaigns.all(HOME) == [draft()]


def test_a_storage_that_does_not_exist_yet_reads_as_empty(place: Place) -> None:
    reader = read_only(place.url)
    assert reader.campaigns.workspaces() == []
    assert reader.last_beat() is None


def test_a_closed_store_writes_no_more(place: Place) -> None:
    store = place.open()
    store.close()
    store.close()
    with pytest.raises(Unwritable):
        store.people.change(HOME, ANNA, lambda _: member())
    assert place.open().people.all(HOME) == []


@pytest.mark.parametrize(
    "url", ["", "data", "tinydb:", "tinydb://", "mysql://u:hush@host/db", "postgresql://h/d"]
)
def test_an_address_of_no_known_storage_is_refused_without_repeating_it(url: str) -> None:
    for opens in (open_store, read_only):
        with pytest.raises(UnknownStorage) as refused:
            opens(url)
        assert refused.value.sentence.key == "storage.unknown"
        assert "hush" not in str(refused.value)
