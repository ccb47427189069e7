"""What the help and Slack's hints tell people to say is understood, in both languages."""

import re
from pathlib import Path
from unittest.mock import MagicMock

import pytest
import yaml
from slack_bolt.async_app import AsyncApp

import handlers
from bot.core.people import Language
from bot.texts import Say
from handlers import commands
from handlers.blocks.help import help_message
from handlers.edge import Edge
from handlers.words import Words
from tests.journeys.harness import Town

MANIFEST = Path(handlers.__file__).parent.parent / "manifest.yml"
SOMEBODY = "zoe@example.com"


@pytest.fixture(scope="module")
def words() -> Words:
    """All that the nouns register."""
    known = Words()
    edge = Edge(services=MagicMock(), policy=MagicMock(), clicks=MagicMock(), work=MagicMock())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(handlers, "Words", lambda: known)
        handlers.register(AsyncApp(token="xoxb-nobody", signing_secret="none"), edge)
    return known


def said(text: str) -> list[str]:
    """Between asterisks or backticks, with somebody's address where one belongs."""
    found = [one or other for one, other in re.findall(r"\*([^*\n]+)\*|`([^`]+)`", text)]
    return [re.sub(r"ADRESSE|ADDRESS", SOMEBODY, one) for one in found if not one.startswith("/")]


@pytest.mark.parametrize("looks_after", [True, False])
@pytest.mark.parametrize("language", Language)
def test_every_word_of_the_help_is_understood(words: Words, language: Language, looks_after: bool) -> None:
    _, blocks = help_message(Say(language), looks_after=looks_after)
    told = [str(block["text"]["text"]) for block in blocks[2:] if block["type"] == "section"]  # type: ignore[index]
    listed = [one for text in told for one in said(text)]
    assert len(listed) >= (14 if looks_after else 10)
    assert f"person {SOMEBODY}" in listed or f"personne {SOMEBODY}" in listed
    assert [one for one in listed if words.find(one) is None] == []


def test_every_word_of_slacks_hints_is_understood(words: Words) -> None:
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    for command in manifest["features"]["slash_commands"]:
        groups = command["usage_hint"].strip("[]").split(" | ")
        assert len(groups) >= 4
        for group in groups:
            address = f" {SOMEBODY}" if "ADRESSE" in group else ""
            for hint in group.replace(" ADRESSE", "").split(", "):
                assert words.find(commands._meant(command["command"], hint + address)), hint
        assert len(command["usage_hint"]) <= 1_000


@pytest.mark.parametrize(
    ("who", "mine", "theirs"),
    [("claire", "stop ADRESSE", "oublier ADRESSE"), ("bob", "stop ADDRESS", "forget ADDRESS")],
    ids=["french", "english"],
)
async def test_who_looks_after_the_bot_is_told_more(town: Town, who: str, mine: str, theirs: str) -> None:
    person = getattr(town, who)
    await person.becomes(is_admin=False)
    await person.says("help")
    await person.sees(mine)
    person.doesnt_see(theirs)
    await person.becomes(is_admin=True)
    await person.says("help")
    await person.sees(theirs)


@pytest.mark.parametrize("text", ["list", "liste"])
async def test_the_list_of_the_campaign_command_is_of_campaigns(town: Town, text: str) -> None:
    await town.claire.commands("/campagne", text)
    await town.claire.sees("campagne")
    town.claire.doesnt_see("Vos listes")
