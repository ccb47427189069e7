"""A disk that refuses: what was there before is untouched, on the disk and in memory, and once there is
room again everything goes on."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from bot.core.campaigns import edit
from bot.core.facts import Claimed, WaveOpened
from bot.core.ids import CampaignId, ListId
from bot.core.lists import delete
from bot.ports import LogEntry, MessageRef, Store, Unwritable
from tests.storage.child import run_child
from tests.storage.conftest import Place
from tests.storage.records import (
    ANNA,
    ELSEWHERE,
    HOME,
    NOON,
    contact_list,
    draft,
    dropped,
    from_file,
    keep_campaign,
    keep_list,
    member,
    people,
    staged,
    suppression,
)

A, D = CampaignId("cmp_a"), CampaignId("cmp_d")
Act = Callable[[Store], object]

ACTS: dict[str, Act] = {
    "lists.add": lambda s: s.lists.add(HOME, from_file(contact_list("lst_b"), "F1"), staged(s, people(2))),
    "lists.save": lambda s: s.lists.save(HOME, delete(contact_list(), NOON), 1),
    "campaigns.add": lambda s: s.campaigns.add(HOME, draft("cmp_b")),
    "campaigns.save": lambda s: s.campaigns.save(HOME, edit(s.campaigns.get(HOME, A), name="B"), 2),
    "campaigns.advance": lambda s: s.campaigns.advance(HOME, edit(s.campaigns.get(HOME, A)), 2, NOON),
    "campaigns.advance to its departure": lambda s: s.campaigns.advance(
        HOME, edit(s.campaigns.get(HOME, D), departed_at=NOON), 1, NOON
    ),
    "campaigns.remove": lambda s: s.campaigns.remove(HOME, A, 2),
    "campaigns.fix_audience": lambda s: s.campaigns.fix_audience(HOME, A, people(3)),
    "ledgers.append": lambda s: s.ledgers.append(HOME, A, Claimed(wave=0, batch=1, at=NOON)),
    "suppressions.add": lambda s: s.suppressions.add(HOME, suppression("new@example.com")),
    "suppressions.add the first": lambda s: s.suppressions.add(ELSEWHERE, suppression("new@example.com")),
    "people.change": lambda s: s.people.change(HOME, ANNA, lambda _: member()),
    "inbox.receive a file": lambda s: s.inbox.receive(HOME, "Ev2", NOON, [dropped("F2")]),
    "inbox.receive": lambda s: s.inbox.receive(HOME, "Ev3", NOON, []),
    "inbox.drop": lambda s: s.inbox.drop(HOME, "F1"),
    "messages.note": lambda s: s.messages.note(HOME, MessageRef(subject="x", channel="D1", ts="1")),
    "log.write": lambda s: s.log.write(HOME, LogEntry(at=NOON, by=ANNA, verb="v", subject="x", about={})),
    "beat": lambda s: s.beat(NOON),
    "secret": lambda s: s.secret("tokens"),
}


def furnish(store: Store) -> None:
    keep_list(store, contact_list())
    keep_campaign(store, draft(), people(2_000))
    keep_campaign(store, draft("cmp_d"))
    store.ledgers.append(HOME, A, WaveOpened(wave=0, at=NOON, audience_size=2_000))
    store.ledgers.append(HOME, A, Claimed(wave=0, batch=0, at=NOON))
    store.suppressions.add(HOME, suppression("zoe@example.com"))
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    store.inbox.receive(HOME, "Ev0", NOON, [])
    store.log.write(HOME, LogEntry(at=NOON, by=ANNA, verb="v", subject="x", about={}))


def told(store: Store) -> list[object]:
    """Everything a store can be asked."""
    return [
        store.lists.all(HOME),
        list(store.lists.lines(HOME, ListId("lst_a"))),
        store.campaigns.all(HOME),
        store.campaigns.next_wake(),
        store.ledgers.read(HOME, A, lambda fold: fold.progress()),
        store.suppressions.all(HOME),
        store.suppressions.all(ELSEWHERE),
        store.people.all(HOME),
        store.inbox.pending(),
        store.messages.of(HOME, "x"),
        store.log.read(HOME),
        store.last_beat(),
    ]


@contextmanager
def refusing(call: str, after: int, number: int) -> Iterator[list[int]]:
    """`os.CALL` refuses from the `after`-th time on."""
    real, calls = getattr(os, call), [0]

    def refuse(*arguments: object) -> object:
        calls[0] += 1
        if calls[0] > after:
            raise OSError(number, os.strerror(number))
        return real(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, refuse)
        yield calls


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("call", "number"), [("open", errno.EACCES), ("write", errno.ENOSPC), ("fsync", errno.EIO)]
)
def test_a_refusal_changes_nothing(tiny: Place, act: str, call: str, number: int) -> None:
    """The disk refuses at the first call, at the second… until the act needs no more of them: it is done."""
    store = tiny.open()
    furnish(store)
    before = told(store)
    for after in count():
        with refusing(call, after, number) as calls:
            refused = attempt(store, act)
        assert refused == (calls[0] > after)
        if not refused:
            break
        assert told(store) == before
        store = tiny.open()
        assert told(store) == before


def attempt(store: Store, act: str) -> bool:
    try:
        ACTS[act](store)
    except Unwritable:
        return True
    return False


def test_a_refused_list_may_be_added_again_from_the_same_staging_file(tiny: Place) -> None:
    store = tiny.open()
    staging = staged(store, people(2))
    for after in range(4):
        with refusing("fsync", after, errno.ENOSPC), pytest.raises(Unwritable):
            store.lists.add(HOME, contact_list(), staging)
        assert staging.exists()
    store.lists.add(HOME, contact_list(), staging)
    assert list(tiny.open().lists.contacts(HOME, ListId("lst_a"))) == people(2)


def test_a_refused_wake_up_is_told_to_nobody(tiny: Place) -> None:
    store = tiny.open()
    store.campaigns.add(HOME, draft())
    told_of: list[object] = []
    store.on_wake = told_of.append
    with refusing("fsync", 0, errno.ENOSPC), pytest.raises(Unwritable):
        store.campaigns.advance(HOME, edit(draft()), 1, wake_at=NOON)
    assert told_of == []
    assert store.campaigns.get(HOME, A).revision == 1


def test_a_claim_half_written_is_cut_off_so_that_the_next_one_counts(
    tiny: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tiny.open()
    furnish(store)
    path = tmp_path / "data" / "campaigns" / "T1HOME.cmp_a.ledger"
    before, real = path.read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: half(real, descriptor, data))
    with pytest.raises(Unwritable):
        store.ledgers.append(HOME, A, Claimed(wave=0, batch=1, at=NOON))
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert store.ledgers.append(HOME, A, Claimed(wave=0, batch=1, at=NOON))


def half(write: Callable[[int, bytes], int], descriptor: int, data: bytes) -> int:
    """A disk that takes ten bytes, and then no more."""
    if len(data) < 30:
        raise OSError(errno.ENOSPC, "full")
    return write(descriptor, bytes(data[:10])) if bytes(data[8:9]) == b" " else _full()


def _full() -> int:
    raise OSError(errno.ENOSPC, "full")


def test_where_even_cutting_back_fails_the_file_decides(tiny: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tiny.open()
    furnish(store)
    monkeypatch.setattr(os, "fsync", lambda _: _full())
    monkeypatch.setattr(os, "ftruncate", lambda *_: _full())
    with pytest.raises(Unwritable):
        store.ledgers.append(HOME, A, Claimed(wave=0, batch=1, at=NOON))
    monkeypatch.undo()
    flying = [(0, 0), (0, 1)]  # claimed, for all anybody knows: it will be asked about, never sent twice
    assert store.ledgers.read(HOME, A, lambda fold: fold.submitting()) == flying
    assert tiny.open().ledgers.read(HOME, A, lambda fold: fold.submitting()) == flying


def test_a_folder_full_for_another_process_keeps_what_it_acknowledged(tiny: Place) -> None:
    tiny.open()
    tiny.close()
    child = run_child("full", tiny.url, "20000")
    said = child.communicate(timeout=120)[0].splitlines()
    assert said[-1] == "full"
    assert child.returncode == 0
    store = tiny.open()
    added = [line.split()[1] for line in said if line.startswith("added")]
    suppressed = [line.split()[1] for line in said if line.startswith("suppressed")]
    assert len(added) > 5
    assert [campaign.id for campaign in store.campaigns.all(HOME)[::-1]] == added
    assert [kept.address for kept in store.suppressions.all(HOME)] == suppressed
    store.campaigns.add(HOME, draft("cmp_more"))
