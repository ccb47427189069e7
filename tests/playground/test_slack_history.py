"""The stand-in's conversations.history: the pages, the edges, and what Slack refuses."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.playground.slack_setting import Setting, a_setting


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    async with a_setting() as opened:
        yield opened


async def talks(setting: Setting, words: int) -> None:
    for n in range(words):
        await setting.claire.says(f"word {n}")
        setting.watch.passes(minutes=1)


async def told(setting: Setting, **args: Any) -> list[str]:
    page = await setting.client.conversations_history(channel="D0CLAIRE", **args)
    return [one["text"] for one in page["messages"]]


async def test_what_is_said_meanwhile_shifts_no_page(setting: Setting) -> None:
    await talks(setting, 4)
    page = await setting.client.conversations_history(channel="D0CLAIRE", limit=2)
    cursor = page["response_metadata"]["next_cursor"]
    await talks(setting, 1)
    assert await told(setting, limit=2, cursor=cursor) == ["word 1", "word 0"]


async def test_the_last_page_names_no_other(setting: Setting) -> None:
    await talks(setting, 2)
    page = await setting.client.conversations_history(channel="D0CLAIRE", limit=2)
    assert not page["has_more"]
    assert not page.get("response_metadata")


async def test_a_hundred_messages_unless_asked_otherwise(setting: Setting) -> None:
    for n in range(101):
        await setting.client.chat_postMessage(channel="U0CLAIRE", text=f"{n}")
    assert len(await told(setting)) == 100
    assert len(await told(setting, limit=999)) == 101


async def test_between_two_moments(setting: Setting) -> None:
    await talks(setting, 4)
    first, *_, last = [one["ts"] for one in setting.slack.messages_in("D0CLAIRE")]
    assert await told(setting, oldest=first, latest=last) == ["word 2", "word 1"]
    assert len(await told(setting, oldest=first, latest=last, inclusive=True)) == 4
    assert await told(setting, oldest=str(int(setting.watch.now.timestamp()))) == []


async def test_files_are_told_as_they_are_now(setting: Setting) -> None:
    await setting.claire.drops(("a.csv", b"Email"), looks="scanning")
    answer = await setting.client.conversations_history(channel="D0CLAIRE")
    (message,) = answer["messages"]
    assert message["user"] == "U0CLAIRE"
    assert [file["filetype"] for file in message["files"]] == ["csv"]
    setting.slack.file(message["files"][0]["id"]).deleted = True
    answer = await setting.client.conversations_history(channel="D0CLAIRE")
    assert [file["mode"] for file in answer["messages"][0]["files"]] == ["tombstone"]


async def test_the_bots_own_messages_are_told_as_its_own(setting: Setting) -> None:
    await setting.client.chat_postMessage(channel="U0CLAIRE", text="hello")
    answer = await setting.client.conversations_history(channel="D0CLAIRE")
    assert answer["messages"][0]["bot_id"]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "invalid_arguments"),
        ({"channel": "D0NOBODY"}, "channel_not_found"),
        ({"channel": "U0CLAIRE"}, "channel_not_found"),
        ({"channel": "C0TEAM"}, "missing_scope"),
        ({"channel": "C0FAR"}, "not_in_channel"),
        ({"channel": "D0CLAIRE", "limit": 1000}, "invalid_limit"),
        ({"channel": "D0CLAIRE", "limit": "many"}, "invalid_limit"),
        ({"channel": "D0CLAIRE", "oldest": "2026-11-23T10:00:00"}, "invalid_ts_oldest"),
        ({"channel": "D0CLAIRE", "oldest": "1763892000.1234567"}, "invalid_ts_oldest"),
        ({"channel": "D0CLAIRE", "latest": "now"}, "invalid_ts_latest"),
        ({"channel": "D0CLAIRE", "cursor": "2"}, "invalid_cursor"),
        ({"channel": "D0CLAIRE", "cursor": base64.b64encode(b"2").decode()}, "invalid_cursor"),
    ],
)
async def test_what_slack_refuses(setting: Setting, args: dict[str, Any], error: str) -> None:
    setting.slack.add_channel("C0TEAM", name="team")
    setting.slack.add_channel("C0FAR", name="far", has_bot=False)
    assert await setting.error("conversations.history", args) == error


async def test_without_its_scope() -> None:
    async with a_setting(scopes=("chat:write",)) as setting:
        assert await setting.error("conversations.history", {"channel": "D0CLAIRE"}) == "missing_scope"


async def test_what_is_dropped_while_no_bot_is_connected_is_told_by_the_history_alone() -> None:
    async with a_setting() as setting:
        setting.bot.answers_next(status=503)
        setting.bot.answers_next(status=503)
        await setting.claire.drops(("a.csv", b"Email"))
        assert [one.reason for one in setting.slack.unanswered] == ["http_error", "http_error"]
        answer = await setting.client.conversations_history(channel="D0CLAIRE")
        assert [file["name"] for file in answer["messages"][0]["files"]] == ["a.csv"]
