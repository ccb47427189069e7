"""A backup is a copy of the folder, taken at any moment and in any order of its files: it opens, it says what
it has, and no batch that the copied ledger knows of can leave a second time."""

import shutil
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from bot.core.campaigns import State, move
from bot.core.facts import Accepted, Claimed, WaveOpened
from bot.core.ids import CampaignId
from bot.ports import Store
from bot.services.status import status
from storage.repair import Repair
from storage.tiny import marks
from tests.storage.conftest import Place
from tests.storage.records import (
    HOME,
    NOON,
    contact_list,
    draft,
    keep_list,
    later,
    people,
    suppression,
)

A = CampaignId("cmp_a")
SIZE = 1_500


def life(store: Store) -> Iterator[str]:
    """From nothing to a campaign that is sent, a step at a time."""
    store.secret("tokens")
    store.beat(NOON)
    yield "new"
    keep_list(store, contact_list())
    yield "list"
    campaign = draft()
    store.campaigns.add(HOME, campaign)
    name = store.campaigns.fix_audience(HOME, A, people(SIZE))
    ready = move(campaign, State.SCHEDULED, audience=name, audience_size=SIZE, send_at=NOON)
    store.campaigns.advance(HOME, ready, campaign.revision, NOON)
    yield "scheduled"
    sending = move(ready, State.SENDING, departed_at=NOON)
    store.campaigns.advance(HOME, sending, ready.revision, NOON)
    store.ledgers.append(HOME, A, WaveOpened(wave=0, at=NOON, audience_size=SIZE))
    store.ledgers.append(HOME, A, Claimed(wave=0, batch=0, at=NOON))
    yield "claimed"
    store.suppressions.add(HOME, suppression("person1400@example.com"))
    store.ledgers.append(HOME, A, Accepted(wave=0, batch=0, at=later(seconds=1)))
    yield "accepted"
    store.ledgers.append(HOME, A, Claimed(wave=0, batch=1, at=later(seconds=2)))
    store.ledgers.append(HOME, A, Accepted(wave=0, batch=1, at=later(seconds=3)))
    store.campaigns.advance(HOME, move(sending, State.SENT, ended_at=NOON), sending.revision, None)
    yield "sent"


STEPS = ["new", "list", "scheduled", "claimed", "accepted", "sent"]


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as it was after each step."""
    place = tmp_path_factory.mktemp("moments")
    running = Place(f"tinydb:{place / 'data'}")
    for step in life(running.open()):
        shutil.copytree(place / "data", place / step)
    running.close()
    return place


def copied(moments: Path, tiny: Place, tmp_path: Path, document: str, files: str) -> Place:
    """A copy whose document was read at one moment, and everything else at another."""
    shutil.copytree(moments / files, tmp_path / "data")
    shutil.copy(moments / document / "postillon.json", tmp_path / "data")
    return tiny


@pytest.mark.parametrize(("document", "files"), [*permutations(STEPS, 2), ("sent", "sent")])
def test_a_copy_in_any_order_opens_and_forgets_no_claim(
    moments: Path, tiny: Place, tmp_path: Path, document: str, files: str
) -> None:
    store = copied(moments, tiny, tmp_path, document, files).open()
    for campaign in status(store)["campaigns"]:
        known = campaign["pending"] + campaign["accepted"] + campaign["uncertain"]
        assert known == campaign["people"]
    if STEPS.index(document) >= 2:
        claims = {"claimed": 1, "accepted": 1, "sent": 2}.get(files, 0)
        if claims:
            left = store.ledgers.read(HOME, A, lambda fold: fold.waves[0].claimable(later(days=1)))
            assert not set(range(claims)) & set(left)


@pytest.mark.parametrize(("document", "files"), list(permutations(STEPS, 2)))
def test_what_such_a_copy_lacks_can_be_mended(
    moments: Path, tiny: Place, tmp_path: Path, document: str, files: str
) -> None:
    place = copied(moments, tiny, tmp_path, document, files)
    repair = Repair(place.url)
    list(repair.mend(later(hours=1)))
    assert repair.plan == []
    repair.close()
    store = place.open()
    for campaign in store.campaigns.all(HOME):
        if campaign.departed_at:
            assert store.ledgers.read(HOME, A, lambda fold: fold.progress().people) in (0, SIZE)


def test_a_copy_is_known_as_one(moments: Path, tiny: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not tiny.open().is_copy
    store = tiny.open()
    store.beat(NOON)
    assert not tiny.open().is_copy
    monkeypatch.setattr(marks, "MOVED", -1.0)  # as if a minute had passed since the beat was written
    store = tiny.open()
    assert store.is_copy
    store.beat(NOON)
    monkeypatch.undo()
    assert not tiny.open().is_copy
