"""What `check` asks of Slack, with a real client over loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from bot.services.checks import Installed, Unanswered
from bot.web import serve_web
from handlers.probe import Probe

Answers = Callable[[str, web.Response], Awaitable[Probe]]


@pytest.fixture
async def slack() -> AsyncIterator[Answers]:
    """A Slack that has one answer to one method, for whoever shows the right token."""
    closing: list[Callable[[], Awaitable[None]]] = []

    async def answering(method: str, answer: web.Response) -> Probe:
        async def answered(request: web.Request) -> web.Response:
            token = "xapp-1" if method == "apps.connections.open" else "xoxb-1"
            assert request.headers["Authorization"] == f"Bearer {token}"
            return answer

        app = web.Application()
        app.router.add_route("*", f"/api/{method}", answered)
        running = await serve_web(app, "127.0.0.1", 0)
        closing.append(running.close)
        return Probe(url=f"http://127.0.0.1:{running.port}/api/", bot_token="xoxb-1", app_token="xapp-1")

    yield answering
    for close in closing:
        await close()


async def test_a_good_bot_token_tells_its_scopes(slack: Answers) -> None:
    told = web.json_response(
        {"ok": True, "team": "Nova", "user": "postillon"},
        headers={"X-OAuth-Scopes": "chat:write, im:history"},
    )
    probe = await slack("auth.test", told)
    assert await asyncio.to_thread(probe.who) == Installed(
        team="Nova", bot="postillon", scopes=frozenset({"chat:write", "im:history"})
    )


async def test_a_bad_bot_token_gets_slacks_word(slack: Answers) -> None:
    probe = await slack("auth.test", web.json_response({"ok": False, "error": "invalid_auth"}))
    assert await asyncio.to_thread(probe.who) == Unanswered(error="invalid_auth")


async def test_a_proxys_page_is_nobody(slack: Answers) -> None:
    probe = await slack("auth.test", web.Response(status=502, text="<html>Bad gateway</html>"))
    assert await asyncio.to_thread(probe.who) == Unanswered(error="unreachable")


async def test_an_app_token_that_opens_a_connection(slack: Answers) -> None:
    probe = await slack("apps.connections.open", web.json_response({"ok": True, "url": "wss://x"}))
    assert await asyncio.to_thread(probe.socket) is None


async def test_an_app_token_without_its_scope(slack: Answers) -> None:
    refused = web.json_response({"ok": False, "error": "missing_scope"})
    probe = await slack("apps.connections.open", refused)
    assert await asyncio.to_thread(probe.socket) == Unanswered(error="missing_scope")


async def test_in_http_mode_no_connection_is_asked_for(slack: Answers) -> None:
    probe = Probe(url="http://127.0.0.1:1/api/", bot_token="xoxb-1")
    assert probe.socket() is None


@pytest.mark.parametrize("is_member", [True, False])
async def test_whether_the_bot_is_in_a_channel(slack: Answers, is_member: bool) -> None:
    told = web.json_response({"ok": True, "channel": {"id": "C0SUPPORT", "is_member": is_member}})
    probe = await slack("conversations.info", told)
    assert await asyncio.to_thread(probe.is_in, "C0SUPPORT") is is_member


async def test_a_channel_that_the_token_may_not_see(slack: Answers) -> None:
    refused = web.json_response({"ok": False, "error": "missing_scope"})
    probe = await slack("conversations.info", refused)
    assert await asyncio.to_thread(probe.is_in, "C0SUPPORT") == Unanswered(error="missing_scope")


async def test_nobody_there() -> None:
    probe = Probe(url="http://127.0.0.1:1/api/", bot_token="xoxb-1", app_token="xapp-1")
    assert await asyncio.to_thread(probe.who) == Unanswered(error="unreachable")
    assert await asyncio.to_thread(probe.socket) == Unanswered(error="unreachable")
    assert await asyncio.to_thread(probe.is_in, "C0SUPPORT") == Unanswered(error="unreachable")
