"""What must stay quick, with wide margins: these fail on a wrong shape (everything parsed or written
again), not on a slow or busy machine: processor time counts, the best of several runs."""

import os
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core.campaigns import Campaign, edit
from bot.core.ids import CampaignId
from bot.core.lists import ContactList
from bot.ports import Store
from tests.storage.conftest import Place
from tests.storage.records import HOME, NOON, contact_list, draft, keep_campaign, keep_list, people

A = CampaignId("cmp_0")


def best(act: Callable[[], object], times: int = 5) -> float:
    def once() -> float:
        start = time.thread_time()
        act()
        return time.thread_time() - start

    return min(once() for _ in range(times))


def written(name: str) -> Campaign:
    return replace(draft(name), body="Bonjour {{prenom}}, " * 100)


def described(name: str) -> ContactList:
    kept = contact_list(name)
    problems = tuple(replace(kept.report.problems[0], cause=f"cause{n}") for n in range(5))
    return replace(kept, report=replace(kept.report, problems=problems, sample=tuple(people(5))))


@pytest.fixture
def furnished(tiny: Place, monkeypatch: pytest.MonkeyPatch) -> Store:
    """200 lists and 200 campaigns; the disk's own time is not ours to measure."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    store = tiny.open()
    for number in range(200):
        keep_list(store, described(f"lst_{number}"))
        store.campaigns.add(HOME, written(f"cmp_{number}"))
    return store


def test_a_change_among_400_records(furnished: Store) -> None:
    def change() -> None:
        known = furnished.campaigns.get(HOME, A)
        furnished.campaigns.advance(HOME, edit(known), known.revision, wake_at=NOON)

    assert best(change, times=20) < 0.010


def test_reading_among_400_records_parses_nothing(furnished: Store) -> None:
    assert best(lambda: furnished.campaigns.get(HOME, A)) < 0.000_1
    assert best(lambda: furnished.campaigns.due(NOON)) < 0.001
    assert best(lambda: furnished.lists.all(HOME)) < 0.001


def test_an_audience_of_a_hundred_thousand(tiny: Place) -> None:
    store, everybody = tiny.open(), people(100_000)
    store.campaigns.add(HOME, draft("cmp_0"))
    assert best(lambda: store.campaigns.fix_audience(HOME, A, everybody), times=2) < 1.0
    named = keep_campaign(store, draft("cmp_1"), everybody)
    batch = range(73_000, 74_000)
    assert len(list(store.campaigns.recipients(HOME, named, batch))) == 1_000
    assert best(lambda: list(store.campaigns.recipients(HOME, named, batch))) < 0.02
    assert store.campaigns.wrote_to(HOME, "person99999@example.com") == ["cmp_1"]
    assert best(lambda: store.campaigns.wrote_to(HOME, "person4@example.com")) < 0.002
