"""From Slack: what is downloaded, what is refused, and where the token never goes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot import ports
from bot.core.ids import WorkspaceId
from bot.core.sentences import Refusal
from bot.playground.slack import SlackStandIn
from handlers import payloads
from handlers.files import SlackFiles

CONTENT = b"Email;Nom\r\n" * 1_000
LIMIT = 1 << 20


@dataclass(kw_only=True)
class Desk:
    slack: SlackStandIn
    files: SlackFiles
    to: Path
    given: dict[str, Any]  # the file as Slack's event names it

    async def fetch(self, file: ports.RemoteFile | None = None, limit: int = LIMIT) -> ports.RemoteFile:
        file = file or payloads.remote_file(self.given)
        return await asyncio.to_thread(self.files.fetch, WorkspaceId("T0DEMO"), file, self.to, limit)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    slack = SlackStandIn(now=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    await slack.start()
    stored = slack._ws.files.add("clients.csv", CONTENT, user_id="U0CLAIRE", created=1)
    client = AsyncWebClient(token=slack.identity.bot_token, base_url=slack.api_url)
    files = SlackFiles(client=client, loop=asyncio.get_running_loop())
    yield Desk(slack=slack, files=files, to=tmp_path / "raw", given=slack._ws.files.as_json(stored))
    await slack.close()


async def refused(desk: Desk, file: ports.RemoteFile, key: str, limit: int = LIMIT) -> None:
    with pytest.raises(Refusal) as caught:
        await desk.fetch(file, limit)
    assert caught.value.sentence.key == key


async def test_a_file_comes_down_whole(desk: Desk) -> None:
    fetched = await desk.fetch()
    assert desk.to.read_bytes() == CONTENT
    assert (fetched.name, fetched.size) == ("clients.csv", len(CONTENT))


async def test_a_stub_is_asked_for(desk: Desk) -> None:
    stub = ports.RemoteFile(id=desk.given["id"], mode="file_access", access="check_file_info")
    fetched = await desk.fetch(stub)
    assert fetched.name == "clients.csv"
    assert desk.to.read_bytes() == CONTENT


async def test_the_limit_is_kept_whatever_was_announced(desk: Desk) -> None:
    whole = payloads.remote_file(desk.given)
    await refused(desk, whole, "lists.file.too_large", limit=1_000)
    assert not [call for call in desk.slack.calls if call.method == "download"]
    await refused(desk, replace(whole, size=0), "lists.file.too_large", limit=1_000)
    assert desk.to.stat().st_size <= 1_000


async def test_a_size_that_differs_is_incomplete(desk: Desk) -> None:
    whole = payloads.remote_file(desk.given)
    await refused(desk, replace(whole, size=len(CONTENT) + 1), "lists.file.incomplete")


async def test_a_login_page_is_no_file(desk: Desk) -> None:
    desk.slack.file(desk.given["id"]).readable = False
    await refused(desk, payloads.remote_file(desk.given), "lists.file.out_of_reach")


@pytest.mark.parametrize(
    ("mode", "key"),
    [
        ("tombstone", "lists.file.gone"),
        ("hidden_by_limit", "lists.file.hidden"),
        ("external", "lists.file.external"),
    ],
)
async def test_files_that_are_not_there(desk: Desk, mode: str, key: str) -> None:
    await refused(desk, replace(payloads.remote_file(desk.given), mode=mode), key)


async def test_a_file_that_nobody_knows(desk: Desk) -> None:
    await refused(desk, ports.RemoteFile(id="F0NONE", access="check_file_info"), "lists.file.out_of_reach")


async def test_the_token_goes_to_slack_alone(desk: Desk) -> None:
    """Neither to a stranger's host, nor along a redirect to one."""
    heard: list[str] = []

    async def stranger(request: web.Request) -> web.Response:
        heard.append(request.headers.get("Authorization", ""))
        return web.Response(body=CONTENT)

    app = web.Application()
    app.router.add_get("/{tail:.*}", stranger)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    whole = payloads.remote_file(desk.given)
    for url in (
        f"http://127.0.0.1:{port}/clients.csv",
        "https://files.slack.com.evil.example/clients.csv",
        "https://files.slack.com@evil.example/clients.csv",
        "files.slack.com/clients.csv",
    ):
        await refused(desk, replace(whole, url=url), "lists.file.out_of_reach")
    await runner.cleanup()
    assert heard == []


async def test_slack_away_is_for_later(desk: Desk) -> None:
    await desk.slack.away()
    with pytest.raises(ports.Unreachable):
        await desk.fetch()
