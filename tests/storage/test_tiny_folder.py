"""The folder of the embedded store: who may read it, which format it is in, what is refused."""

import os
import stat
from pathlib import Path

import orjson
import pytest

from bot.core import lines
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.people import Language
from bot.ports import Unwritable
from bot.texts import Say
from storage import Corrupted, Unusable, WrongFormat, open_store
from tests.storage.conftest import Place
from tests.storage.records import (
    HOME,
    NOON,
    contact_list,
    draft,
    keep_campaign,
    keep_list,
    people,
    suppression,
)


def fill(place: Place) -> None:
    store = place.open()
    keep_list(store, contact_list())
    keep_campaign(store, draft(), people(2))
    store.suppressions.add(HOME, suppression("zoe@example.com"))
    store.secret("tokens")
    store.beat(NOON)
    place.close()


def test_only_the_owner_may_look_inside(tiny: Place, tmp_path: Path) -> None:
    fill(tiny)
    folder = tmp_path / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("postillon.json", "secrets/tokens", "workspaces/T1HOME/suppressions", "heartbeat"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def format_of(path: Path) -> object:
    if path.suffix == ".json":
        return orjson.loads(path.read_bytes())["format"]
    header = lines.decode(path.read_bytes().splitlines(keepends=True)[0])
    assert header is not None
    assert isinstance(header[1], dict)
    return header[1]["format"]


def test_a_format_number_stands_in_every_file_from_the_first_day(tiny: Place, tmp_path: Path) -> None:
    fill(tiny)
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file() and path.name != "lock"]
    assert len(files) >= 8
    for path in files:
        assert format_of(path) == 1, path


@pytest.mark.parametrize("name", ["postillon.json", "secrets/tokens", "heartbeat"])
def test_a_folder_of_another_version_is_refused_untouched(tiny: Place, tmp_path: Path, name: str) -> None:
    fill(tiny)
    path = tmp_path / "data" / name
    newer = path.read_bytes().replace(b'"format":1', b'"format":2')
    path.write_bytes(lines.encode(orjson.loads(newer.split(b"\n")[0][9:])) if path.suffix == "" else newer)
    with pytest.raises(WrongFormat) as refused:
        ask_everything(tiny)
    assert refused.value.sentence.values["found"] == "2"


def ask_everything(place: Place) -> None:
    store = place.open()
    store.secret("tokens")
    store.last_beat()


def test_without_its_document_nothing_is_taken_for_an_orphan(tiny: Place, tmp_path: Path) -> None:
    fill(tiny)
    folder = tmp_path / "data"
    (folder / "postillon.json").unlink()
    before = sorted(folder.rglob("*"))
    with pytest.raises(Corrupted):
        tiny.open()
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"format":1,"tables":{"campaigns":{"1":{"id":"x"}}}}']
)
def test_a_document_that_does_not_read_is_refused_untouched(
    tiny: Place, tmp_path: Path, content: bytes
) -> None:
    fill(tiny)
    path = tmp_path / "data" / "postillon.json"
    path.write_bytes(content)
    with pytest.raises(Corrupted):
        tiny.open()
    assert path.read_bytes() == content
    assert list((tmp_path / "data").glob("lists/*.lines"))


def test_after_a_refused_start_the_folder_is_free_again(tiny: Place, tmp_path: Path) -> None:
    fill(tiny)
    path = tmp_path / "data" / "postillon.json"
    whole = path.read_bytes()
    path.write_bytes(b"{")
    with pytest.raises(Corrupted):
        tiny.open()
    path.write_bytes(whole)
    assert tiny.open().campaigns.get(HOME, CampaignId("cmp_a"))


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(Unwritable):
        open_store(f"tinydb:{tmp_path / 'data'}")


@pytest.mark.parametrize("form", ["tinydb:{}", "tinydb://{}"])
def test_the_address_may_be_written_as_people_write_it(tmp_path: Path, form: str) -> None:
    store = open_store(form.format(tmp_path / "data"))
    store.close()
    assert (tmp_path / "data" / "postillon.json").exists()


def test_a_relative_address_starts_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("tinydb:./data")
    monkeypatch.chdir(os.sep)  # where the process goes later does not matter
    store.beat(NOON)
    store.close()
    assert (tmp_path / "data" / "heartbeat").exists()


def test_no_identifier_leads_out_of_the_folder(tiny: Place, tmp_path: Path) -> None:
    store = tiny.open()
    outside = WorkspaceId("../../outside")
    with pytest.raises(ValueError, match="file name"):
        store.suppressions.add(outside, suppression("zoe@example.com"))
    with pytest.raises(ValueError, match="file name"):
        store.secret("../lock")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("content", [b"{", b'{"format":7}'])
def test_every_refusal_is_a_sentence(tiny: Place, tmp_path: Path, language: Language, content: bytes) -> None:
    fill(tiny)
    (tmp_path / "data" / "postillon.json").write_bytes(content)
    with pytest.raises(Unusable) as refused:
        tiny.open()
    assert "postillon.json" in Say(language)(refused.value.sentence)
