"""A folder in trouble: each damage is named with its cure, mended without inventing, never made worse."""

import stat
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core import lines
from bot.core.campaigns import Campaign, State, move
from bot.core.delivery import BatchState, Fold
from bot.core.facts import Accepted, Claimed, Events, Happened, Returned, WaveOpened
from bot.core.ids import CampaignId, ListId
from bot.core.people import Language
from bot.ports import LogEntry, Store, Unreadable
from bot.texts import Say
from storage import Busy, Corrupted, Unusable
from storage.probe import findings
from storage.repair import Repair, troubles
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
    suppression,
)

A, B = CampaignId("cmp_a"), CampaignId("cmp_b")
SIZE = 3_500  # four batches


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def furnished(tiny: Place, folder: Path) -> Place:
    """A list, a campaign half sent (one batch accepted, one on its way), one that waits, and the rest."""
    store = tiny.open()
    store.secret("tokens")
    keep_list(store, contact_list())
    sending(store)
    scheduled(store)
    store.suppressions.add_all(HOME, [suppression(f"p{n}@example.com") for n in range(3)])
    for n in range(3):
        store.inbox.receive(HOME, f"Ev{n}", later(seconds=n), [])
        store.log.write(HOME, LogEntry(at=NOON, by=ANNA, verb="v", subject=f"x{n}", about={}))
    store.beat(later(minutes=1))
    store.set_clock_offset(timedelta())
    tiny.open()  # a start keeps a copy of the document
    tiny.close()
    assert troubles(tiny.url) == []
    return tiny


def sending(store: Store) -> Campaign:
    kept = keep_campaign(store, draft(), people(SIZE))
    ready = move(kept, State.SCHEDULED, send_at=NOON)
    store.campaigns.advance(HOME, ready, kept.revision, wake_at=NOON)
    left = move(ready, State.SENDING, departed_at=NOON)
    store.campaigns.advance(HOME, left, ready.revision, wake_at=NOON)
    store.ledgers.append(HOME, A, WaveOpened(wave=0, at=NOON, audience_size=SIZE))
    store.ledgers.append(HOME, A, Claimed(wave=0, batch=0, at=NOON))
    store.ledgers.append(HOME, A, Accepted(wave=0, batch=0, at=later(seconds=1), message_id="m"))
    store.ledgers.append(HOME, A, Claimed(wave=0, batch=1, at=later(seconds=2)))
    return left


def scheduled(store: Store) -> Campaign:
    kept = keep_campaign(store, draft("cmp_b"), people(3))
    ready = move(kept, State.SCHEDULED, send_at=later(days=1))
    store.campaigns.advance(HOME, ready, kept.revision, wake_at=later(days=1))
    return ready


def mend(place: Place) -> list[str]:
    with closing(Repair(place.url)) as repair:
        return [done.key for done in repair.mend(NOON)]


def named(place: Place) -> list[str]:
    """What is still wrong, but for the copies that mending left."""
    return [trouble.what.key for trouble in troubles(place.url) if trouble.grave]


def states(store: Store, campaign: CampaignId = A) -> list[BatchState]:
    return store.ledgers.read(HOME, campaign, lambda fold: list(fold.waves[0].states))


# --- damage of every kind -----------------------------------------------------------------------------

FILES = {
    "ledger": "campaigns/T1HOME.cmp_a.ledger",
    "audience": "campaigns/T1HOME.cmp_b.*.audience",
    "hashes": "campaigns/T1HOME.cmp_b.*.hashes",
    "list": "lists/T1HOME.lst_a.1.lines",
    "suppressions": "workspaces/T1HOME/suppressions",
    "seen": "workspaces/T1HOME/seen",
    "log": "workspaces/T1HOME/log",
    "heartbeat": "heartbeat",
    "clock": "clock",
    "tokens": "secrets/tokens",
    "addresses": "secrets/addresses",
    "document": "postillon.json",
}
KEYS = {
    ("ledger", "missing"): "storage.repair.ledger.missing",
    ("ledger", "damaged"): "storage.repair.ledger.broken",
    ("list", "missing"): "storage.repair.list.missing",
    ("suppressions", "missing"): "storage.repair.suppressions.missing",
    ("seen", "damaged"): "storage.repair.lines",
    ("log", "damaged"): "storage.repair.lines",
    ("heartbeat", "damaged"): "storage.repair.mark",
    ("clock", "damaged"): "storage.repair.mark",
    ("tokens", "missing"): "storage.repair.secret.tokens",
    ("tokens", "damaged"): "storage.repair.secret.tokens",
    ("addresses", "missing"): "storage.repair.secret.addresses",
    ("addresses", "damaged"): "storage.repair.secret.addresses",
}
UNMENDED = {  # somebody must put the file back, or act in Slack
    ("audience", "missing"), ("audience", "damaged"), ("list", "missing"), ("tokens", "missing"),
    ("tokens", "damaged"),
}  # fmt: skip
HARMLESS = {("seen", "missing"), ("log", "missing"), ("heartbeat", "missing"), ("clock", "missing")}
CASES = [(kind, how) for kind in FILES for how in ("missing", "damaged") if (kind, how) not in HARMLESS]


def file_of(folder: Path, kind: str) -> Path:
    (path,) = folder.glob(FILES[kind])
    return path


def spoil(path: Path, line: int = 2) -> None:
    """One letter of a line in the middle becomes another."""
    content = path.read_bytes().splitlines(keepends=True)
    if len(content) < line:
        path.write_bytes(b"#" + path.read_bytes()[1:])
        return
    place = len(content[line - 1]) // 2
    spoiled = bytes([content[line - 1][place] ^ 1])
    content[line - 1] = content[line - 1][:place] + spoiled + content[line - 1][place + 1 :]
    path.write_bytes(b"".join(content))


def damage(folder: Path, kind: str, how: str) -> Path:
    path = file_of(folder, kind)
    match how:
        case "missing":
            path.unlink()
        case "damaged" if kind == "hashes":
            path.write_bytes(path.read_bytes()[:-4])
        case _:
            spoil(path)
    return path


@pytest.mark.parametrize(("kind", "how"), CASES)
def test_each_damage_is_named_with_its_cure_in_both_languages(
    furnished: Place, folder: Path, kind: str, how: str
) -> None:
    path = damage(folder, kind, how)
    (trouble,) = troubles(furnished.url)
    assert trouble.what.key == KEYS.get((kind, how), f"storage.repair.{kind}")
    (finding,) = findings(furnished.url)
    assert finding.grave
    for language in Language:
        assert str(path) in Say(language)(finding.what)
        assert finding.cure is not None
        assert len(Say(language)(finding.cure)) > 20


@pytest.mark.parametrize(("kind", "how"), CASES)
def test_looking_changes_nothing(furnished: Place, folder: Path, kind: str, how: str) -> None:
    damage(folder, kind, how)
    before = content(folder)
    troubles(furnished.url)
    assert content(folder) == before


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(("kind", "how"), CASES)
def test_mending_twice_is_mending_once(furnished: Place, folder: Path, kind: str, how: str) -> None:
    path = damage(folder, kind, how)
    spoiled = path.read_bytes() if path.exists() else None
    done = mend(furnished)
    assert len(done) == (
        0 if (kind, how) in UNMENDED - {("audience", "missing"), ("audience", "damaged")} else 1
    )
    assert bool(named(furnished)) == ((kind, how) in UNMENDED)
    if done and spoiled is not None and kind != "audience":
        (aside,) = path.parent.glob(f"{path.name}.damaged-*")
        assert aside.read_bytes() == spoiled
        assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    after = content(folder)
    assert mend(furnished) == []
    assert content(folder) == after


@pytest.mark.parametrize(("kind", "how"), CASES)
def test_after_mending_the_bot_starts_and_what_was_sound_is_there(
    furnished: Place, folder: Path, kind: str, how: str
) -> None:
    damage(folder, kind, how)
    mend(furnished)
    store = furnished.open()
    store.last_beat()
    assert store.campaigns.get(HOME, B).audience_size == 3
    assert store.lists.get(HOME, ListId("lst_a")).title == "Clients"
    assert states(store)[0] in (BatchState.ACCEPTED, BatchState.UNCERTAIN)
    if kind != "suppressions":
        assert len(store.suppressions.all(HOME)) == 3


@pytest.mark.parametrize("kind", ["ledger", "audience", "hashes", "list", "suppressions", "seen", "log"])
@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_one_broken_file_does_not_keep_the_bot_from_starting(
    furnished: Place, folder: Path, kind: str, how: str
) -> None:
    damage(folder, kind, how)
    store = furnished.open()
    assert len(store.campaigns.all(HOME)) == 2
    assert store.inbox.receive(HOME, "Ev9", later(minutes=5), [])
    store.log.write(HOME, LogEntry(at=NOON, by=ANNA, verb="v", subject="more", about={}))
    assert store.log.read(HOME)[-1].subject == "more"


@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_without_its_document_the_start_is_refused_in_a_sentence(
    furnished: Place, folder: Path, how: str
) -> None:
    damage(folder, "document", how)
    before = content(folder)
    with pytest.raises(Corrupted) as refused:
        furnished.open()
    assert {str(path): data for path, data in content(folder).items() if "lock" not in path} == {
        path: data for path, data in before.items() if "lock" not in path
    }
    for language in Language:
        assert "postillon check" in Say(language)(refused.value.sentence)


# --- permissions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ledger", "audience", "list", "suppressions", "tokens", "document"])
def test_what_the_system_keeps_from_us_is_no_damage_of_ours(
    furnished: Place, folder: Path, kind: str
) -> None:
    """A folder where the file should be refuses to be read whoever asks, the administrator too."""
    path = file_of(folder, kind)
    path.unlink()
    path.mkdir()
    (finding,) = findings(furnished.url)
    assert finding.what.key == "storage.closed"
    for language in Language:
        assert finding.cure is not None
        assert "chown" in Say(language)(finding.cure)
    assert mend(furnished) == []


def test_a_secret_that_others_may_read_is_told_and_closed(furnished: Place, folder: Path) -> None:
    path = folder / "secrets" / "tokens"
    path.chmod(0o644)
    (finding,) = findings(furnished.url)
    assert (finding.what.key, finding.grave) == ("storage.repair.rights", False)
    assert mend(furnished) == ["storage.repair.rights.done"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_version_s_file_is_not_touched(furnished: Place, folder: Path) -> None:
    path = folder / FILES["ledger"]
    known = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines.encode(["h", {"format": 9, "kind": "ledger"}]) + b"".join(known[1:]))
    (finding,) = findings(furnished.url)
    assert finding.what.key == "storage.format"
    before = content(folder)
    assert mend(furnished) == []
    assert content(folder) == before


# --- mending needs the folder -------------------------------------------------------------------------


def test_nothing_is_mended_beside_a_running_bot(furnished: Place, folder: Path) -> None:
    furnished.open()
    damage(folder, "log", "damaged")
    with pytest.raises(Busy):
        Repair(furnished.url)


def test_mending_leaves_the_folder_free(furnished: Place) -> None:
    mend(furnished)
    furnished.open()


def test_where_there_is_nothing_there_is_nothing_to_mend(tmp_path: Path) -> None:
    with closing(Repair(f"tinydb:{tmp_path / 'nowhere'}")) as repair:
        assert repair.plan == []
        assert list(repair.mend(NOON)) == []
    assert list(tmp_path.iterdir()) == []


# --- torn last lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ledger", "suppressions", "seen", "log"])
def test_a_torn_last_line_is_no_trouble_and_mending_cuts_it(
    furnished: Place, folder: Path, kind: str
) -> None:
    path = folder / FILES[kind]
    whole = path.read_bytes()
    path.write_bytes(whole + lines.encode(["claimed", 0, 2, 1.0, []])[:-9])
    assert troubles(furnished.url) == []
    assert mend(furnished) == ["storage.repair.torn.done"]
    assert path.read_bytes() == whole


@pytest.mark.parametrize("kind", ["list", "audience"])
def test_a_file_written_at_once_has_no_torn_line(furnished: Place, folder: Path, kind: str) -> None:
    path = file_of(folder, kind)
    path.write_bytes(path.read_bytes()[:-5])
    assert named(furnished) == [f"storage.repair.{kind}"]


# --- ledgers ------------------------------------------------------------------------------------------


def test_what_is_not_proven_becomes_uncertain_and_the_owner_is_asked(furnished: Place, folder: Path) -> None:
    spoil(folder / FILES["ledger"], line=3)  # the claim of the first batch
    with closing(Repair(furnished.url)) as repair:
        (done,) = repair.mend(later(hours=1))
    assert done.values["n"] == SIZE - 1_000
    store = furnished.open()
    assert states(store) == [BatchState.ACCEPTED, *[BatchState.UNCERTAIN] * 3]
    held = store.campaigns.get(HOME, A)
    assert (held.state, held.why and held.why.key) == (State.HELD, "storage.why.ledger")
    assert store.campaigns.due(later(days=9)) == [(HOME, B)]
    (owed,) = store.outbox.owed()
    assert (owed.member, owed.said and owed.said.key) == (ANNA, "storage.held")
    assert {doubt.why for doubt in store.ledgers.read(HOME, A, Fold.doubts)} == {"repaired"}


def test_a_batch_told_of_after_the_damage_waits_as_it_says(furnished: Place, folder: Path) -> None:
    store = furnished.open()
    store.ledgers.append(
        HOME, A, Returned(wave=0, batch=1, at=later(seconds=3), until=later(seconds=30), why="busy")
    )
    furnished.close()
    spoil(folder / FILES["ledger"], line=3)
    mend(furnished)
    assert states(furnished.open()) == [
        BatchState.ACCEPTED, BatchState.PENDING, BatchState.UNCERTAIN, BatchState.UNCERTAIN,
    ]  # fmt: skip


@pytest.mark.parametrize("line", [1, 2, 3, 4])
def test_whatever_line_is_lost_no_letter_that_may_have_left_leaves_again(
    furnished: Place, folder: Path, line: int
) -> None:
    """The last line is the claim of the second batch; any of the others may go."""
    spoil(folder / FILES["ledger"], line=line)
    mend(furnished)
    store = furnished.open()
    claimable = store.ledgers.read(HOME, A, lambda fold: fold.waves[0].claimable(later(days=1)))
    assert not {0, 1} & set(claimable)
    progress = store.ledgers.read(HOME, A, lambda fold: fold.progress())
    assert progress.people == progress.accepted + progress.uncertain + progress.pending == SIZE


def test_the_new_ledger_is_a_story_the_rules_allow(furnished: Place, folder: Path) -> None:
    from bot.core.facts import from_line

    spoil(folder / FILES["ledger"], line=3)
    mend(furnished)
    fold = Fold()
    with (folder / FILES["ledger"]).open("rb") as file:
        _, *records = lines.read(file)
    for fact in map(from_line, records):
        assert fold.allows(fact)
        fold.apply(fact)


def test_a_ledger_that_vanished_does_not_read_as_nothing_sent(furnished: Place, folder: Path) -> None:
    (folder / FILES["ledger"]).unlink()
    store = furnished.open()
    with pytest.raises(Unreadable):
        store.ledgers.read(HOME, A, lambda fold: fold.progress())
    with pytest.raises(Unreadable):
        store.ledgers.append(HOME, A, WaveOpened(wave=0, at=NOON, audience_size=SIZE))
    furnished.close()
    mend(furnished)
    assert set(states(furnished.open())) == {BatchState.UNCERTAIN}


def test_a_ledger_that_lost_everything_is_missed_too(furnished: Place, folder: Path) -> None:
    (folder / FILES["ledger"]).write_bytes(b"")
    assert named(furnished) == ["storage.repair.ledger.broken"]


def test_a_crash_right_after_the_departure_is_no_damage(tiny: Place) -> None:
    store = tiny.open()
    store.secret("tokens")
    kept = keep_campaign(store, draft(), people(2))
    ready = move(kept, State.SCHEDULED, send_at=NOON)
    store.campaigns.advance(HOME, ready, kept.revision, wake_at=NOON)
    store.campaigns.advance(HOME, move(ready, State.SENDING, departed_at=NOON), ready.revision, NOON)
    tiny.close()
    assert troubles(tiny.url) == []
    assert tiny.open().ledgers.read(HOME, A, lambda fold: fold.waves) == []


def test_a_ledger_older_than_the_end_of_its_campaign_is_named(furnished: Place, folder: Path) -> None:
    """Copied before the document: what was sent in between is not in it."""
    path = folder / FILES["ledger"]
    older = path.read_bytes()
    store = furnished.open()
    for batch in range(1, 4):
        store.ledgers.append(HOME, A, Claimed(wave=0, batch=batch, at=later(minutes=1)))
        store.ledgers.append(HOME, A, Accepted(wave=0, batch=batch, at=later(minutes=2)))
    known = store.campaigns.get(HOME, A)
    store.campaigns.advance(HOME, move(known, State.SENT, ended_at=NOON), known.revision, None)
    furnished.close()
    assert troubles(furnished.url) == []
    path.write_bytes(older)
    assert named(furnished) == ["storage.repair.ledger.short"]
    mend(furnished)
    store = furnished.open()
    assert states(store) == [BatchState.ACCEPTED, *[BatchState.UNCERTAIN] * 3]
    assert store.campaigns.get(HOME, A).state is State.SENT


# --- lists, audiences, people not to be written to ----------------------------------------------------


def test_a_list_keeps_the_people_who_read_and_counts_them(furnished: Place, folder: Path) -> None:
    spoil(folder / FILES["list"], line=2)
    with closing(Repair(furnished.url)) as repair:
        (done,) = repair.mend(NOON)
    assert (done.values["n"], done.values["kept"]) == (1, 1)
    store = furnished.open()
    assert list(store.lists.contacts(HOME, ListId("lst_a"))) == people(2)[1:]
    kept = store.lists.get(HOME, ListId("lst_a"))
    assert (kept.count, kept.report.rows) == (1, 2)


def test_a_list_that_lost_people_between_two_lines_is_named(furnished: Place, folder: Path) -> None:
    path = folder / FILES["list"]
    known = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*known[:1], *known[2:]]))
    assert named(furnished) == ["storage.repair.list"]


@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_a_campaign_without_its_people_waits_and_says_why(furnished: Place, folder: Path, how: str) -> None:
    path = file_of(folder, "audience")
    whole = path.read_bytes()
    damage(folder, "audience", how)
    assert mend(furnished) == ["storage.repair.audience.done"]
    store = furnished.open()
    held = store.campaigns.get(HOME, B)
    assert (held.state, held.why and held.why.key) == (State.HELD, "storage.why.audience")
    furnished.close()
    path.write_bytes(whole)  # somebody had a backup: it can leave again
    assert named(furnished) == []


def test_the_index_of_addresses_is_computed_from_the_people(furnished: Place, folder: Path) -> None:
    for kind in ("hashes", "addresses"):
        damage(folder, kind, "missing")
        mend(furnished)
        store = furnished.open()
        assert sorted(store.campaigns.wrote_to(HOME, "Person1@example.com")) == [A, B]
        furnished.close()


def test_a_damaged_index_hides_no_other_campaign(furnished: Place, folder: Path) -> None:
    damage(folder, "hashes", "missing")
    assert furnished.open().campaigns.wrote_to(HOME, "person1@example.com") == [A]


def test_damaged_exclusions_let_nobody_through(furnished: Place, folder: Path) -> None:
    damage(folder, "suppressions", "damaged")
    store = furnished.open()
    with pytest.raises(Unreadable):
        store.suppressions.among(HOME, ["p2@example.com"])
    with pytest.raises(Unreadable):
        store.suppressions.add(HOME, suppression("more@example.com"))
    furnished.close()
    assert mend(furnished) == ["storage.repair.lines.done"]
    assert [kept.address for kept in furnished.open().suppressions.all(HOME)] == [
        "p1@example.com", "p2@example.com",
    ]  # fmt: skip


def test_exclusions_that_vanished_are_found_in_the_ledgers(furnished: Place, folder: Path) -> None:
    store = furnished.open()
    unsubscribed = (7, int(Happened.DELIVERED | Happened.UNSUBSCRIBED), 1_800_000_000)
    store.ledgers.append(HOME, A, Events(wave=0, items=(unsubscribed, (8, int(Happened.DELIVERED), 1))))
    furnished.close()
    damage(folder, "suppressions", "missing")
    with pytest.raises(Unreadable):
        furnished.open().suppressions.among(HOME, ["p2@example.com"])
    furnished.close()
    assert mend(furnished) == ["storage.repair.suppressions.missing.done"]
    (found,) = furnished.open().suppressions.all(HOME)
    assert (found.address, found.origin) == ("person7@example.com", A)


# --- secrets, marks -----------------------------------------------------------------------------------


def test_a_secret_is_never_made_anew_behind_letters_that_left(furnished: Place, folder: Path) -> None:
    damage(folder, "tokens", "missing")
    with pytest.raises(Unusable) as refused:
        furnished.open().secret("tokens")
    for language in Language:
        assert "POSTILLON_SECRET" in Say(language)(refused.value.sentence)
    assert not (folder / FILES["tokens"]).exists()
    assert findings(furnished.url, signs=False) == []


def test_before_any_letter_left_a_secret_may_be_new(tiny: Place, folder: Path) -> None:
    store = tiny.open()
    first = store.secret("tokens")
    scheduled(store)
    (folder / FILES["tokens"]).unlink()
    assert tiny.open().secret("tokens") != first


def test_a_heartbeat_that_does_not_read_is_as_old_as_its_file(furnished: Place, folder: Path) -> None:
    damage(folder, "heartbeat", "damaged")
    written = (folder / "heartbeat").stat().st_mtime
    beat = furnished.open().last_beat()
    assert beat is not None
    assert beat.timestamp() == pytest.approx(written)


@pytest.mark.parametrize("is_mended", [False, True])
def test_a_heartbeat_that_does_not_read_makes_the_folder_a_copy(
    furnished: Place, folder: Path, is_mended: bool
) -> None:
    """It said that the folder is none: as long as nobody knows, nothing leaves by itself."""
    assert not furnished.open().is_copy
    furnished.close()
    damage(folder, "heartbeat", "damaged")
    if is_mended:
        assert mend(furnished) == ["storage.repair.mark.done"]
    store = furnished.open()
    assert store.is_copy
    store.beat(later(hours=1))
    assert not furnished.open().is_copy


def test_a_ledger_that_no_campaign_names_is_said_and_left_alone(furnished: Place, folder: Path) -> None:
    """The document of before the campaign took the place of the one that knew it."""
    known = folder / FILES["ledger"]
    stray = known.with_name(known.name.replace("cmp_a", "cmp_gone"))
    stray.write_bytes(known.read_bytes())
    (found,) = troubles(furnished.url)
    assert (found.what.key, found.path, found.grave) == ("storage.repair.ledger.stray", stray, True)
    assert mend(furnished) == []
    for language in Language:
        assert str(stray) in Say(language)(found.what)
    assert stray.exists()


# --- the document -------------------------------------------------------------------------------------


def test_the_copy_of_the_document_takes_its_place_and_nothing_leaves_unasked(
    furnished: Place, folder: Path
) -> None:
    store = furnished.open()  # the copy is of now
    cancelled = store.campaigns.get(HOME, B)
    store.campaigns.advance(HOME, move(cancelled, State.CANCELLED), cancelled.revision, None)
    keep_list(store, replace(contact_list("lst_new"), title="Since"))
    furnished.close()
    (new,) = folder.glob("lists/*lst_new*")
    people_since = new.read_bytes()
    damage(folder, "document", "damaged")

    assert mend(furnished) == ["storage.repair.document.done"]
    store = furnished.open()
    kept = {one.id: one for one in store.campaigns.all(HOME)}
    assert {one.state for one in kept.values()} == {State.HELD}
    assert {one.why and one.why.key for one in kept.values()} == {"storage.why.document"}
    assert store.campaigns.next_wake() is None
    assert len(store.outbox.owed()) == 2
    (aside,) = folder.glob("lists/*lst_new*.damaged-*")
    assert aside.read_bytes() == people_since
    assert states(store)[0] is BatchState.ACCEPTED


def test_without_a_copy_that_reads_only_a_backup_helps(furnished: Place, folder: Path) -> None:
    (folder / "postillon.previous.json").write_bytes(b"{")
    damage(folder, "document", "damaged")
    before = content(folder)
    assert mend(furnished) == []
    assert content(folder) == before
    (finding,) = findings(furnished.url)
    assert finding.cure is not None
    assert "--repair" not in Say(Language.FRENCH)(finding.cure)


def test_a_copy_follows_the_document_of_a_running_bot(
    tiny: Place, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tiny.open()
    copy = folder / "postillon.previous.json"
    keep_list(store, contact_list())
    store.beat(NOON)
    assert b"lst_a" not in copy.read_bytes()  # not every time: the whole document is written
    monkeypatch.setattr("storage.tiny.document.SPARE_EVERY", 0.0)
    store.beat(NOON)
    assert copy.read_bytes() == (folder / "postillon.json").read_bytes()
    written = copy.stat().st_ino
    store.beat(NOON)
    assert copy.stat().st_ino == written


# --- several at once, and the words -------------------------------------------------------------------


def test_everything_at_once_is_mended_in_one_go(furnished: Place, folder: Path) -> None:
    for kind in ("ledger", "list", "suppressions", "seen", "log", "addresses", "hashes", "heartbeat"):
        damage(folder, kind, "damaged")
    assert len(troubles(furnished.url)) == 8
    with closing(Repair(furnished.url)) as repair:
        assert len(repair.plan) == 8
        said = list(repair.mend(NOON))
    assert len(said) == 8
    for language in Language:
        assert all(Say(language)(done) for done in said)
    assert named(furnished) == []
    (left,) = troubles(furnished.url)
    assert (left.what.key, left.what.values["n"], left.grave) == ("storage.repair.aside", 9, False)


def test_a_disk_that_is_full_leaves_the_damage_as_it_was(
    furnished: Place, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    from bot.ports import Unwritable

    damage(folder, "list", "damaged")
    spoiled = (folder / FILES["list"]).read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with closing(Repair(furnished.url)) as repair, pytest.raises(Unwritable):
            list(repair.mend(NOON))
    assert (folder / FILES["list"]).read_bytes() == spoiled
    assert mend(furnished) == ["storage.repair.list.done"]
