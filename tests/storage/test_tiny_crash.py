"""The embedded store after a crash: whatever was acknowledged is there, and nothing stands half-done."""

import signal
from itertools import islice
from pathlib import Path

import pytest

from bot.core.campaigns import State
from bot.core.facts import Claimed, WaveOpened
from bot.core.ids import CampaignId, ListId, MemberId
from bot.ports import LogEntry, Store
from storage import Corrupted
from tests.storage.child import SIZE, run_child
from tests.storage.conftest import Place
from tests.storage.records import (
    ANNA,
    HOME,
    NOON,
    contact_list,
    draft,
    keep_campaign,
    keep_list,
    later,
    people,
    staged,
    suppression,
)

KILLS = [2, 5, 6, 9, 13, 14, 27]  # after so many acknowledged steps


def kill_after(place: Place, steps: int, seed: str) -> list[str]:
    """The steps the child said it had done; it was killed somewhere in the next one."""
    child = run_child("work", place.url, seed)
    assert child.stdout is not None
    with child:
        done = [line.strip() for line in islice(child.stdout, steps)]
        child.send_signal(signal.SIGKILL)
        done += [line.strip() for line in child.stdout if line.endswith("\n")]
    return done[1:]


def test_killed_again_and_again_nothing_acknowledged_is_lost(tiny: Place, tmp_path: Path) -> None:
    done: list[str] = []
    for number, steps in enumerate(KILLS):
        done += kill_after(tiny, steps, f"k{number}")
        store = tiny.open()
        for step in done:
            check(store, *step.split())
        check_whole(store, tmp_path / "data")
        tiny.close()
    assert len(done) >= sum(KILLS) - len(KILLS)


def check(store: Store, step: str, name: str, batch: str = "") -> None:
    campaign = CampaignId(f"cmp_{name}")
    match step:
        case "suppressed":
            assert name in store.suppressions.among(HOME, [name])
        case "received":
            assert not store.inbox.receive(HOME, f"Ev{name}", later(minutes=6), [])
        case "listed":
            kept = store.lists.get(HOME, ListId(f"lst_{name}"))
            assert list(store.lists.contacts(HOME, kept.id)) == people(5 if kept.version == 2 else 2)
            assert f"F{name}" not in {pending.file.id for pending in store.inbox.pending()}
        case "renewed":
            kept = store.lists.get(HOME, ListId(f"lst_{name}"))
            assert (kept.version, kept.latest) in ((2, 2), (1, 2))
        case "reverted":
            assert store.lists.get(HOME, ListId(f"lst_{name}")).version == 1
        case "scheduled":
            assert store.campaigns.get(HOME, campaign).state is State.SCHEDULED
        case "claimed" | "accepted":
            refused = Claimed(wave=0, batch=int(batch), at=later())
            assert not store.ledgers.append(HOME, campaign, refused)
        case "advanced":
            assert store.campaigns.get(HOME, campaign).revision == 3
            assert campaign not in {due for _, due in store.campaigns.due(later(days=1))}
        case "met":
            assert store.people.get(HOME, MemberId(f"U{name}")) is not None
        case _:
            raise AssertionError(step)


def check_whole(store: Store, folder: Path) -> None:
    """What was under way is there entirely or not at all."""
    for campaign in store.campaigns.all(HOME):
        is_due = (HOME, campaign.id) in store.campaigns.due(later(days=1))
        assert is_due == (campaign.revision == 2)
        assert bool(campaign.audience) == (campaign.revision > 1)
        if campaign.audience:
            assert sum(1 for _ in store.campaigns.recipients(HOME, campaign)) == SIZE
        progress = store.ledgers.read(HOME, campaign.id, lambda fold: fold.progress())
        assert progress.people == progress.pending + progress.submitting + progress.accepted
    for kept in store.lists.all(HOME):
        assert len(list(store.lists.contacts(HOME, kept.id))) == kept.count
    left = [path for path in folder.rglob("*") if path.suffix in (".tmp", ".staging")]
    assert left == []
    versions = sum(1 + len(kept.previous) for kept in store.lists.all(HOME))
    assert len(list(folder.glob("lists/*"))) == versions
    audiences = [campaign for campaign in store.campaigns.all(HOME) if campaign.audience]
    assert len(list(folder.glob("campaigns/*.audience"))) == len(audiences)


# --- files that vanish under a running bot ------------------------------------------------------------


@pytest.mark.parametrize("length", [None, 0, 30])
def test_nothing_is_written_on_top_of_a_file_that_shrank(
    tiny: Place, tmp_path: Path, length: int | None
) -> None:
    store = tiny.open()
    store.suppressions.add(HOME, suppression("zoe@example.com"))
    path = tmp_path / "data" / "workspaces" / HOME / "suppressions"
    left = path.read_bytes()[:length]
    path.unlink()
    if length is not None:
        path.write_bytes(left)
    with pytest.raises(Corrupted):
        store.suppressions.add(HOME, suppression("more@example.com"))
    assert path.exists() == (length is not None)
    assert length is None or path.read_bytes() == left


# --- torn lines ---------------------------------------------------------------------------------------


def last_line(path: Path) -> bytes:
    return path.read_bytes().splitlines(keepends=True)[-1]


def cut(path: Path, whole: bytes, at: int) -> None:
    path.write_bytes(whole[: len(whole) - at])


def test_a_ledger_cut_at_any_byte_of_its_last_line_goes_on(tiny: Place, tmp_path: Path) -> None:
    store = tiny.open()
    keep_campaign(store, draft())
    store.ledgers.append(HOME, CampaignId("cmp_a"), WaveOpened(wave=0, at=NOON, audience_size=2_000))
    store.ledgers.append(HOME, CampaignId("cmp_a"), Claimed(wave=0, batch=0, at=NOON))
    path = tmp_path / "data" / "campaigns" / "T1HOME.cmp_a.ledger"
    whole, claimed = path.read_bytes(), last_line(path)
    for missing in range(1, len(claimed) + 1):
        cut(path, whole, missing)
        store = tiny.open()
        assert store.ledgers.read(HOME, CampaignId("cmp_a"), lambda fold: fold.submitting()) == []
        assert store.ledgers.append(HOME, CampaignId("cmp_a"), Claimed(wave=0, batch=0, at=NOON))
        assert path.read_bytes() == whole


def test_a_header_cut_short_is_written_again(tiny: Place, tmp_path: Path) -> None:
    entry = LogEntry(at=NOON, by=ANNA, verb="v", subject="x", about={})
    tiny.open().log.write(HOME, entry)
    path = tmp_path / "data" / "workspaces" / HOME / "log"
    whole = path.read_bytes()
    header = whole.splitlines(keepends=True)[0]
    for length in range(len(header)):
        path.write_bytes(header[:length])
        store = tiny.open()
        assert store.log.read(HOME) == []
        store.log.write(HOME, entry)
        assert path.read_bytes() == whole


def test_rubbish_a_crash_left_at_the_end_is_ignored(tiny: Place, tmp_path: Path) -> None:
    tiny.open().suppressions.add(HOME, suppression("zoe@example.com"))
    path = tmp_path / "data" / "workspaces" / HOME / "suppressions"
    whole = path.read_bytes()
    for rubbish in (b"\0" * 4_096, b"0000", b"00000000 {}\n", b"\xff\xfe\n"):
        path.write_bytes(whole + rubbish)
        assert len(tiny.open().suppressions.all(HOME)) == 1


def test_damage_in_the_middle_stops_instead_of_guessing(tiny: Place, tmp_path: Path) -> None:
    store = tiny.open()
    keep_campaign(store, draft())
    for fact in (WaveOpened(wave=0, at=NOON, audience_size=5), Claimed(wave=0, batch=0, at=NOON)):
        store.ledgers.append(HOME, CampaignId("cmp_a"), fact)
    path = tmp_path / "data" / "campaigns" / "T1HOME.cmp_a.ledger"
    damaged = path.read_bytes().replace(b'"wave"', b'"wavy"')
    path.write_bytes(damaged)
    store = tiny.open()
    for _ in range(2):
        with pytest.raises(Corrupted) as found:
            store.ledgers.append(HOME, CampaignId("cmp_a"), Claimed(wave=0, batch=0, at=NOON))
        assert found.value.line == 2
    assert found.value.sentence.key == "storage.damaged.line"
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("missing", [1, 30, 500])
def test_a_list_or_audience_that_lost_its_end_is_damaged(tiny: Place, tmp_path: Path, missing: int) -> None:
    store = tiny.open()
    keep_list(store, contact_list())
    campaign = keep_campaign(store, draft(), people(20))
    (lines_file,) = (tmp_path / "data").glob("lists/*.lines")
    (audience,) = (tmp_path / "data").glob("campaigns/*.audience")
    for path in (lines_file, audience):
        whole = path.read_bytes()
        cut(path, whole, min(missing, len(whole)))
    with pytest.raises(Corrupted):
        list(store.lists.lines(HOME, ListId("lst_a")))
    with pytest.raises(Corrupted):
        list(store.campaigns.recipients(HOME, campaign))


def test_what_a_crash_left_unnamed_is_removed_at_the_next_start(tiny: Place, tmp_path: Path) -> None:
    store, folder = tiny.open(), tmp_path / "data"
    keep_list(store, contact_list())
    keep_campaign(store, draft(), people(3))
    kept = {path for path in folder.rglob("*") if path.is_file()}
    staged(store, people(2))
    store.campaigns.fix_audience(HOME, CampaignId("cmp_a"), people(2))
    (folder / "lists" / "T1HOME.lst_gone.1.lines").write_bytes(b"")
    (folder / "postillon.json.0011.tmp").write_bytes(b"{")
    (folder / "notes of the administrator.txt").write_text("mine")
    tiny.open()
    left = {path for path in folder.rglob("*") if path.is_file()}
    assert {path.name for path in left - kept} == {"notes of the administrator.txt"}
    assert kept <= left
