"""The built wheel carries everything it needs and runs from any folder."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel alone; the libraries are the tests' own."""
    made = tmp_path_factory.mktemp("wheel")
    copy = made / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    run = {"check": True, "capture_output": True, "text": True}
    subprocess.run(
        [*pip, "wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", str(made), str(copy)], **run
    )
    (wheel,) = made.glob("postillon-*.whl")
    target = made / "site"
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", str(target), str(wheel)], **run)
    return target


def test_it_carries_catalogues_page_and_letter(installed: Path) -> None:
    (wheel,) = installed.parent.glob("postillon-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("bot/texts/fr/campaigns.po", "bot/playground/page/index.html", "handlers/events.py"):
        assert needed in names
    assert any(name.startswith("bot/mail/") and name.endswith(".mjml") for name in names)


def test_it_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_bytes("Email;Prénom;Nom\nzoe@exemple.fr;Zoé;Leroy\n".encode("cp1252"))
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "inspect", "contacts.csv", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(ran.stdout)
    assert said["accepted"] == 1
    assert said["contacts"][0]["first_name"] == "Zoé"
    assert said["encoding"] == "cp1252"
