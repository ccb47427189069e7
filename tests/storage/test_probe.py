"""`check` asks a storage whether a bot would start on it, and leaves nothing behind."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.sentences import Sentence
from storage import open_store
from storage.probe import findings


def trouble(url: str) -> Sentence | None:
    found = findings(url)
    return found[0].what if found else None


def test_a_folder_yet_to_be_made_will_do(tmp_path: Path) -> None:
    assert trouble(f"tinydb:{tmp_path / 'a' / 'data'}") is None
    assert list(tmp_path.iterdir()) == []


def test_beside_a_running_bot_all_is_well(tmp_path: Path) -> None:
    url = f"tinydb:{tmp_path / 'data'}"
    store = open_store(url)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    assert trouble(url) is None
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    store.close()


def test_an_unknown_storage_is_named() -> None:
    found = trouble("postgresql://me:hunter2@db/postillon")
    assert found is not None
    assert found.key == "storage.unknown"
    assert "hunter2" not in str(found.values)


def test_a_folder_of_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "postillon.json").write_text("[]")
    found = trouble(f"tinydb:{tmp_path}")
    assert found is not None
    assert str(tmp_path / "postillon.json") in str(found.values)


def test_a_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = trouble(f"tinydb:{tmp_path / 'file' / 'data'}")
    assert found is not None
    assert found.key == "storage.unwritable.start"


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nothing can be made: by its rights, and for root, whom they do not stop, the
    kernel's own `/sys`."""
    if os.geteuid() == 0 and sys.platform == "linux":
        yield Path("/sys")
        return
    tmp_path.chmod(0o500)
    yield tmp_path
    tmp_path.chmod(0o700)


def test_a_folder_one_may_not_write_to_is_told(closed: Path) -> None:
    found = trouble(f"tinydb:{closed / 'postillon-data'}")
    assert not (closed / "postillon-data").exists()
    assert found is not None
    assert found.key == "storage.unwritable.start"
