"""manifest.yml asks Slack for exactly what the bot uses."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.services.checks import SCOPES

PATH = Path(__file__).parent.parent / "manifest.yml"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded = yaml.safe_load(PATH.read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_it_asks_for_the_scopes_that_check_looks_for(manifest: dict[str, Any]) -> None:
    bot = manifest["oauth_config"]["scopes"]["bot"]
    assert len(bot) == len(set(bot))
    assert set(bot) == SCOPES
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}  # nothing in anybody's own name


def test_it_hears_what_the_bot_listens_to(manifest: dict[str, Any]) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == {"message.im", "app_home_opened", "user_change"}
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert manifest["settings"]["socket_mode_enabled"] is True


def test_the_dm_has_a_composer_and_there_is_a_home(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False
    assert home["home_tab_enabled"] is True


def test_commands_and_shortcut(manifest: dict[str, Any]) -> None:
    commands = manifest["features"]["slash_commands"]
    assert [one["command"] for one in commands] == ["/contacts", "/campaign", "/campagne", "/postillon"]
    (shortcut,) = manifest["features"]["shortcuts"]
    assert (shortcut["type"], shortcut["callback_id"]) == ("message", "lists.shortcut")
    assert len(shortcut["name"]) <= 24


def test_what_people_read_is_in_both_languages(manifest: dict[str, Any]) -> None:
    read = [
        manifest["display_information"]["description"],
        manifest["display_information"]["long_description"],
        *(one["description"] for one in manifest["features"]["slash_commands"]),
        *(one["description"] for one in manifest["features"]["shortcuts"]),
    ]
    for words in read:
        assert " · " in words, words
    assert len(read[0]) <= 140
    assert 175 <= len(read[1]) <= 4000


def test_the_outside_checker_agrees() -> None:
    checker = os.environ.get("MANIFEST_CHECKER")
    if not checker:
        pytest.skip("MANIFEST_CHECKER names no checker")
    done = subprocess.run([sys.executable, checker, str(PATH)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
