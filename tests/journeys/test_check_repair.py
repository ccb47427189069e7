"""`check --repair`, and the start of a bot on a folder in trouble, as whoever looks after it sees them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.files import french_excel_csv
from tests.journeys.process import Service, open_service


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with open_service(tmp_path / "data") as opened:
        opened.more = {"PUBLIC_URL": "https://postillon.example"}
        await opened.start()
        await opened.claire.drops(french_excel_csv())
        await opened.claire.sees("Liste gardée")
        yield opened


def spoil(path: Path) -> None:
    content = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([content[0], b"#" + content[1][1:], *content[2:]]))


async def test_damage_is_named_mended_and_gone(service: Service) -> None:
    code, _, errors = await service.runs("check", "--repair")
    assert (code, "Traceback" in errors) == (1, False)
    assert "Another Postillon" in errors  # nothing is mended beside a running bot

    await service.end()
    (kept,) = service.data.glob("lists/*.lines")
    spoil(kept)
    code, output, errors = await service.runs("check")
    assert (code, errors) == (1, "")
    assert str(kept) in output
    assert "postillon check --repair" in output

    code, output, errors = await service.runs("check", "--repair")
    assert (code, errors) == (0, ""), output
    plan, _, done = output.partition("✓")
    assert "the lines that read are kept" in plan
    assert "is mended: 1 line lost, contacts kept: 2." in done
    assert len(list(service.data.glob("lists/*.damaged-*"))) == 1

    code, output, _ = await service.runs("check", "--repair")
    assert code == 0
    assert "Storage: nothing to mend." in output


async def test_a_folder_without_its_document_starts_no_bot_and_the_copy_cures_it(service: Service) -> None:
    await service.kill()
    (service.data / "postillon.json").write_bytes(b"{")
    code, output, errors = await service.runs("serve")
    assert (code, output) == (1, "")
    assert "Traceback" not in errors
    assert str(service.data / "postillon.json") in errors
    code, output, _ = await service.runs("check", "--repair")
    assert code == 0, output
    await service.start()
    code, _ = await service.end()
    assert code == 0


async def test_in_french_too(service: Service) -> None:
    await service.end()
    (kept,) = service.data.glob("lists/*.lines")
    kept.unlink()
    service.more["DEFAULT_LANGUAGE"] = "fr"
    code, output, _ = await service.runs("check", "--repair")
    assert code == 1  # nobody but a backup, or the person, has these people
    assert "Stockage : rien à réparer." in output.replace("\u00a0", " ")
    assert "déposez de nouveau le fichier d'origine" in output
