"""The whole bot, watched over its own web port: well, without Slack, and with a forger at the door."""

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import Town


def at(town: Town, path: str) -> str:
    assert town.bot.server is not None
    return f"http://127.0.0.1:{town.bot.server.port}{path}"


async def health(town: Town) -> Any:
    return json.loads(await town.opens(at(town, "/healthz")))


async def names(town: Town) -> list[str]:
    told = await health(town)
    found = [problem["name"] for problem in told["problems"]]
    assert told["ok"] is not bool(found)
    return found


async def test_a_bot_at_work_is_well_and_counted(town: Town) -> None:
    assert await health(town) == {"ok": True, "problems": []}
    await town.claire.drops(french_excel_csv())
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    await town.reaches_departure()
    await town.claire.sees("3 acceptées")
    assert await names(town) == []
    counts = await town.opens(at(town, "/metrics"))
    for line in (
        'postillon_campaigns{state="sent"} 1.0', 'postillon_letters{outcome="accepted"} 3.0',
        "postillon_lists 1.0", 'postillon_http_requests_total{route="/healthz",status="200"} 2.0',
    ):  # fmt: skip
        assert line in counts.splitlines()
    assert "postillon_click_seconds_count 0.0" not in counts
    assert "postillon_storage_write_seconds_count 0.0" not in counts


async def test_without_slack_it_says_so_and_is_still_alive(town: Town) -> None:
    await town.slack.away()
    async with asyncio.timeout(10):
        while await names(town) != ["slack.gone"]:
            continue  # the bot hears of it at once, and is asked at once
    town.slack.back()
    await town.slack.until(lambda: town.slack.connections, timeout=30)
    async with asyncio.timeout(10):
        while await names(town):
            continue


async def test_a_forger_is_told_of(town: Town) -> None:
    forged = urllib.request.Request(at(town, "/sendgrid/events"), data=b"[]")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        await town.opens(forged)
    assert await names(town) == ["events.refused"]
