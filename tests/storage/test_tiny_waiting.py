"""Who asks for a campaign waits for nobody's disk: letters' links do, while letters leave."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.core.campaigns import edit
from bot.core.ids import CampaignId
from storage import open_store
from tests.storage.records import HOME, draft

PATIENCE = 10.0


def test_a_campaign_is_known_while_another_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    for name in ("cmp_a", "cmp_b"):
        store.campaigns.add(HOME, draft(name))
    known, fsync = store.campaigns.get(HOME, CampaignId("cmp_b")), os.fsync
    came, free = threading.Event(), threading.Event()

    def slowly(descriptor: int) -> None:
        came.set()
        assert free.wait(PATIENCE)
        fsync(descriptor)

    with ThreadPoolExecutor(2) as pool, monkeypatch.context() as patch:
        patch.setattr("os.fsync", slowly)
        saved = pool.submit(store.campaigns.save, HOME, edit(known, name="New"), known.revision)
        assert came.wait(PATIENCE)
        for name in ("cmp_a", "cmp_b"):
            asked = pool.submit(store.campaigns.get, HOME, CampaignId(name))
            assert asked.result(PATIENCE).name == known.name, "not durable, not told"
        free.set()
        saved.result(PATIENCE)
    assert store.campaigns.get(HOME, CampaignId("cmp_b")).name == "New"
    store.close()
