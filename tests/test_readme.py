"""The README tells the truth about names that can be checked."""

import re
from pathlib import Path

from bot.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_every_setting_it_names_exists() -> None:
    rows = [line for line in README.splitlines() if re.match(r"\| `[A-Z_]+`", line)]
    named = {name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row.split("|")[1])}
    known = {name.upper() for name in Settings.model_fields}
    assert len(named) > 15
    assert named <= known


def test_every_setting_that_must_be_given_is_named() -> None:
    required = {name.upper() for name, field in Settings.model_fields.items() if field.is_required()}
    assert {name for name in required if f"`{name}`" not in README} == set()


def test_its_pictures_are_there() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert pictures
    root = Path(__file__).parent.parent
    assert [name for name in pictures if not (root / name).is_file()] == []


def test_its_links_lead_somewhere() -> None:
    root = Path(__file__).parent.parent
    linked = re.findall(r"(?<!!)\[[^]]*\]\(([^)#:]+)\)", README)
    assert [name for name in linked if not (root / name).is_file()] == []
