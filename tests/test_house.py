"""The house in order: linting, types, arrows, and a map that names every room."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHECKS = {
    "lint": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "mypy"],
    "arrows": [
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ],
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_house_is_in_order(check: str) -> None:
    ran = subprocess.run(
        [sys.executable, *CHECKS[check]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_map_names_every_room() -> None:
    """`bot/__init__.py` is how a newcomer finds the way: what stands in `bot/` stands on it."""
    about = (ROOT / "bot" / "__init__.py").read_text(encoding="utf-8")
    rooms = [
        entry.name + ("/" if entry.is_dir() else "")
        for entry in (ROOT / "bot").iterdir()
        if not entry.name.startswith("__")
    ]
    assert [room for room in rooms if f"    {room}" not in about] == []


def test_the_top_level_holds_what_was_asked_for() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    top = {name.split("/")[0] for name in listed if name and not name.startswith(".")}
    assert top <= {"pyproject.toml", "bot", "handlers", "storage", "tests", "manifest.yml", "README.md"}


def test_handlers_come_by_words_through_the_builders() -> None:
    handlers = sorted((ROOT / "handlers").glob("*.py"))
    assert [path.name for path in handlers if "bot.texts" in path.read_text("utf-8")] == []


def test_no_file_of_the_product_is_too_long_to_read() -> None:
    product = [path for folder in ("bot", "handlers", "storage") for path in (ROOT / folder).rglob("*.py")]
    long = {path.name: n for path in product if (n := len(path.read_text("utf-8").splitlines())) > 300}
    assert long == {}
