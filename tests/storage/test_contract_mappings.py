"""How people read the columns of their files, in every store, with two workspaces."""

from dataclasses import replace

from bot.core.ids import WorkspaceId
from bot.core.questions import Remembered
from bot.ports import Store
from tests.storage.conftest import Place
from tests.storage.records import ANNA, BOB, ELSEWHERE, HOME, NOON, later

MOST = 100  # that a person is remembered; the oldest goes


def remembered(fingerprint: str = "f00d", workspace: WorkspaceId = HOME) -> Remembered:
    return Remembered(
        workspace=workspace, member=ANNA, fingerprint=fingerprint,
        mapping={"email": "Contact 1", "company": ""}, source_name="hubspot.csv", at=NOON,
    )  # fmt: skip


def test_columns_are_remembered_through_a_restart(place: Place) -> None:
    store = place.open()
    assert store.mappings.get(HOME, ANNA, "f00d") is None
    store.mappings.keep(HOME, remembered())
    assert place.open().mappings.get(HOME, ANNA, "f00d") == remembered()


def test_the_last_choice_for_a_header_stands(place: Place) -> None:
    store = place.open()
    store.mappings.keep(HOME, remembered())
    chosen = replace(remembered(), mapping={"email": "Contact 2"}, source_name="new.csv", at=later(days=1))
    store.mappings.keep(HOME, chosen)
    store.mappings.keep(HOME, remembered("beef"))
    store = place.open()
    assert store.mappings.get(HOME, ANNA, "f00d") == chosen
    assert store.mappings.get(HOME, ANNA, "beef") == remembered("beef")


def test_each_person_has_their_own_and_nothing_crosses_to_another_workspace(store: Store) -> None:
    store.mappings.keep(HOME, remembered())
    assert store.mappings.get(HOME, BOB, "f00d") is None
    assert store.mappings.get(ELSEWHERE, ANNA, "f00d") is None
    store.mappings.keep(ELSEWHERE, replace(remembered(workspace=ELSEWHERE), mapping={"email": "E"}))
    assert store.mappings.get(HOME, ANNA, "f00d") == remembered()


def test_the_oldest_goes_where_there_are_too_many(store: Store) -> None:
    for number in range(MOST + 1):
        store.mappings.keep(HOME, replace(remembered(f"f{number}"), at=later(minutes=number)))
    store.mappings.keep(HOME, replace(remembered("bobs"), member=BOB))
    assert store.mappings.get(HOME, ANNA, "f0") is None
    assert store.mappings.get(HOME, ANNA, "f1") is not None
    assert store.mappings.get(HOME, ANNA, f"f{MOST}") is not None
