"""`status` and `check` beside a bot that writes all the time: nothing half-way is taken for damage."""

from contextlib import closing
from itertools import islice
from pathlib import Path

from bot.core import lines
from bot.core.campaigns import State, move
from bot.core.facts import Claimed, WaveOpened
from bot.core.ids import CampaignId
from bot.services.status import status
from storage import read_only
from storage.repair import troubles
from storage.tiny.appended import Appended
from storage.tiny.files import Folder
from tests.storage.child import run_child
from tests.storage.conftest import Place
from tests.storage.records import HOME, NOON, draft, keep_campaign

LOOKS = 25


def test_a_bot_that_writes_is_never_found_damaged(tiny: Place) -> None:
    child = run_child("replace", tiny.url)
    assert child.stdout is not None
    looked = 0
    try:
        for _ in islice(child.stdout, LOOKS):
            assert troubles(tiny.url) == []
            with closing(read_only(tiny.url)) as store:
                counts = status(store)
            assert not any(campaign["damaged"] for campaign in counts["campaigns"])
            looked += 1
    finally:
        child.kill()
        child.stdout.close()
        child.wait()
    assert looked == LOOKS


def test_a_line_that_grows_while_it_is_read_is_not_in_the_middle(tiny: Place, tmp_path: Path) -> None:
    """The reader stands in the half of a line; its other half, and a line more, come before it goes on."""
    store = tiny.open()
    keep_campaign(store, draft())
    store.ledgers.append(HOME, CampaignId("cmp_a"), WaveOpened(wave=0, at=NOON, audience_size=2_000))
    path = tmp_path / "data" / "campaigns" / "T1HOME.cmp_a.ledger"
    line = lines.encode(["claimed", 0, 0, NOON.timestamp(), []])
    with path.open("ab") as file:
        file.write(line[:20])
        file.flush()
        reader = Appended(Folder(tmp_path / "data", writable=False), path, "ledger")._lines()
        seen = [next(reader), next(reader)]
        file.write(line[20:] + line)
        file.flush()
        seen += list(reader)
    assert lines.decode(seen[1]) is not None
    assert len(seen) == 3  # whatever it is of the third, nothing follows it


def test_a_campaign_that_departs_between_two_looks_misses_nothing(tiny: Place) -> None:
    store = tiny.open()
    store.secret("tokens")
    kept = keep_campaign(store, draft())
    ready = move(kept, State.SCHEDULED, send_at=NOON)
    store.campaigns.advance(HOME, ready, kept.revision, wake_at=NOON)
    before = read_only(tiny.url)  # read the record before the departure, and the ledger after it
    store.campaigns.advance(HOME, move(ready, State.SENDING, departed_at=NOON), ready.revision, NOON)
    store.ledgers.append(HOME, CampaignId("cmp_a"), WaveOpened(wave=0, at=NOON, audience_size=0))
    store.ledgers.append(HOME, CampaignId("cmp_a"), Claimed(wave=0, batch=0, at=NOON))
    assert not status(before)["campaigns"][0]["damaged"]
    assert troubles(tiny.url) == []
