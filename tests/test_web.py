"""The HTTP surface, over a real loopback server."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Literal

import pytest
from aiohttp import ClientSession, web

from bot.core.people import Language
from bot.ports import Unwritable
from bot.web import PAGE_LIMIT, SLACK_LIMIT, serve_web, web_application

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@dataclass(frozen=True, kw_only=True)
class FakePage:
    language: Language = Language.FRENCH
    sender: str = "Studio Nova"
    state: Literal["asked", "done", "test"] = "asked"


@dataclass
class FakeTracking:
    """Knows `lgood`, of a French letter, and `lenglish`."""

    gone: set[str] = field(default_factory=set)
    fails: Exception | None = None

    def page(self, token: str) -> FakePage | None:
        pages = {
            "lgood": FakePage(state="done" if token in self.gone else "asked"),
            "lenglish": FakePage(language=Language.ENGLISH),
            "ltest": FakePage(state="test"),
            "lodd": FakePage(sender='<script>alert("&")</script>'),
        }
        return pages.get(token)

    def unsubscribe(self, token: str) -> FakePage | None:
        if self.fails:
            raise self.fails
        if self.page(token):
            self.gone.add(token)
        return self.page(token)


class Visitor:
    """Somebody out there, with an HTTP client."""

    def __init__(self, session: ClientSession, base: str) -> None:
        self.session, self.base = session, base

    async def asks(self, path: str, method: str = "GET", **more: Any) -> tuple[int, str, dict[str, str]]:
        async with self.session.request(method, self.base + path, allow_redirects=False, **more) as answer:
            return answer.status, await answer.text(), dict(answer.headers)


async def run(function: Callable[..., Any], *args: Any) -> Any:
    return await asyncio.to_thread(function, *args)


async def slack(request: web.Request) -> web.Response:
    return web.Response(text="slack:" + await request.text())


Opens = Callable[..., Awaitable[Visitor]]


@pytest.fixture
def tracking() -> FakeTracking:
    return FakeTracking()


@pytest.fixture
async def opens(tracking: FakeTracking) -> AsyncIterator[Opens]:
    closing: list[Callable[[], Awaitable[None]]] = []

    async def open_(door: Any = slack, **options: Any) -> Visitor:
        app = web_application(slack=door, tracking=tracking, run=run, **options)
        running = await serve_web(app, "127.0.0.1", 0)
        session = ClientSession()
        closing.extend([session.close, running.close])
        return Visitor(session, f"http://127.0.0.1:{running.port}")

    yield open_
    for close in closing:
        await close()


@pytest.fixture
async def visitor(opens: Opens) -> Visitor:
    return await opens()


# --- unsubscribing ------------------------------------------------------------------------------------


async def test_opening_the_page_shows_and_changes_nothing(visitor: Visitor, tracking: FakeTracking) -> None:
    for method in ("GET", "HEAD", "GET"):
        status, body, _ = await visitor.asks("/u/lgood", method)
        assert status == 200
    assert "Ne plus recevoir ces e-mails" in body
    assert 'lang="fr"' in body
    assert tracking.gone == set()


async def test_the_button_acts(visitor: Visitor, tracking: FakeTracking) -> None:
    status, body, _ = await visitor.asks("/u/lgood", "POST", data={})
    assert (status, tracking.gone) == (200, {"lgood"})
    assert "Vous ne recevrez plus" in body
    assert "<form" not in body
    _, body, _ = await visitor.asks("/u/lgood")
    assert "<form" not in body


@pytest.mark.parametrize("encoding", ["form", "multipart"])
async def test_one_click_acts_without_a_redirect(
    visitor: Visitor, tracking: FakeTracking, encoding: str
) -> None:
    """RFC 8058 allows both encodings, and no redirect."""
    boundary = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    more = {"data": ONE_CLICK} if encoding == "form" else {"data": boundary.encode(), "headers": kind}
    status, _, _ = await visitor.asks("/u/lgood", "POST", **more)
    assert (status, tracking.gone) == (200, {"lgood"})


async def test_the_page_speaks_the_letters_language(visitor: Visitor) -> None:
    _, body, _ = await visitor.asks("/u/lenglish", headers={"Accept-Language": "fr"})
    assert 'lang="en"' in body
    assert "Stop these e-mails" in body


async def test_a_test_letters_link_has_no_button(visitor: Visitor) -> None:
    status, body, _ = await visitor.asks("/u/ltest")
    assert status == 200
    assert "lettre d&#x27;essai" in body
    assert "<form" not in body


async def test_an_unknown_token_is_told_so_in_both_languages(
    visitor: Visitor, tracking: FakeTracking
) -> None:
    for method in ("GET", "POST"):
        status, body, _ = await visitor.asks("/u/lforged", method)
        assert status == 404
        assert "Ce lien n&#x27;est pas complet" in body
        assert "This link is not complete" in body
    assert tracking.gone == set()


async def test_a_choice_that_could_not_be_kept_does_not_look_kept(
    visitor: Visitor, tracking: FakeTracking, caplog: pytest.LogCaptureFixture
) -> None:
    tracking.fails = Unwritable("no space left")
    status, body, _ = await visitor.asks("/u/lgood", "POST", data=ONE_CLICK)
    assert status == 503
    assert "could not be saved" in body
    assert "lgood" not in caplog.text


async def test_names_are_shown_and_never_run(visitor: Visitor) -> None:
    _, body, _ = await visitor.asks("/u/lodd")
    assert "<script" not in body
    assert "&lt;script&gt;" in body


class Outside(HTMLParser):
    """Notes everything a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag in {"script", "img", "link", "iframe", "a"} or names & {"src", "href", "style", "onclick"}:
            self.found.append(tag)


@pytest.mark.parametrize("token", ["lgood", "ltest", "lforged"])
async def test_the_page_needs_nothing_from_elsewhere(visitor: Visitor, token: str) -> None:
    _, body, headers = await visitor.asks(f"/u/{token}")
    outside = Outside()
    outside.feed(body)
    assert outside.found == []
    assert "url(" not in body
    assert "@" not in body.replace("@media", "")  # no address
    assert "Set-Cookie" not in headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy


# --- the rest -----------------------------------------------------------------------------------------


async def test_health(visitor: Visitor) -> None:
    status, body, headers = await visitor.asks("/healthz")
    assert (status, body) == (200, '{"ok": true, "problems": []}')
    assert headers["Content-Type"].startswith("application/json")


async def test_slacks_requests_are_handed_over_whole(visitor: Visitor) -> None:
    payload = "payload=" + "é" * 300_000
    status, body, _ = await visitor.asks("/slack/events", "POST", data=payload.encode())
    assert (status, body) == (200, "slack:" + payload)


async def test_in_socket_mode_slack_has_no_door(opens: Opens) -> None:
    visitor = await opens(None)
    status, _, _ = await visitor.asks("/slack/events", "POST", data=b"{}")
    assert status == 404


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 404),
        ("/u/", "GET", 404),
        ("/u/a/b", "GET", 404),
        ("/u/..%2fhealthz", "GET", 404),
        ("/u/" + "l" * 201, "GET", 404),
        ("/u/lgo%00od", "GET", 404),
        ("/r/lgood", "GET", 404),
        ("/metrics", "GET", 404),
        ("/u/lgood", "PUT", 405),
        ("/healthz", "POST", 405),
        ("/slack/events", "GET", 405),
    ],
)
async def test_what_is_not_there_gets_a_short_answer(
    visitor: Visitor, path: str, method: str, status: int
) -> None:
    answered, body, headers = await visitor.asks(path, method)
    assert (answered, body) == (status, f"{status}\n")
    assert "Python" not in headers["Server"]


@pytest.mark.parametrize(("path", "limit"), [("/u/lgood", PAGE_LIMIT), ("/slack/events", SLACK_LIMIT)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_the_limit_is_refused(
    visitor: Visitor, tracking: FakeTracking, path: str, limit: int, *, chunked: bool
) -> None:
    async def flood() -> AsyncIterator[bytes]:
        for _ in range(limit // 4096 + 2):
            yield b"x" * 4096

    status, _, _ = await visitor.asks(path, "POST", data=flood() if chunked else BytesIO(b"x" * (limit + 1)))
    assert status == 413
    assert tracking.gone == set()


@pytest.mark.parametrize("path", ["/u/lgood", "/slack/events"])
async def test_a_body_that_never_ends_is_given_up(opens: Opens, tracking: FakeTracking, path: str) -> None:
    visitor = await opens(body_seconds=0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(visitor.base.rpartition(":")[2]))
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\nhalf".encode())
    async with asyncio.timeout(5):
        answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert tracking.gone == set()


async def test_an_accident_is_logged_and_not_told(
    visitor: Visitor, tracking: FakeTracking, caplog: pytest.LogCaptureFixture
) -> None:
    tracking.fails = RuntimeError("the secret of the house")
    status, body, _ = await visitor.asks("/u/lgood", "POST")
    assert (status, body) == (500, "500\n")
    assert "the secret of the house" in caplog.text
    assert "lgood" not in caplog.text


async def test_requests_are_not_logged(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "aiohttp")
    await visitor.asks("/u/lgood")
    assert "lgood" not in caplog.text


async def test_a_taken_port_is_told(opens: Opens, tracking: FakeTracking) -> None:
    visitor = await opens()
    port = int(visitor.base.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        await serve_web(web_application(slack=None, tracking=tracking, run=run), "127.0.0.1", port)


async def test_a_port_that_was_bound_before(tracking: FakeTracking) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    app = web_application(slack=None, tracking=tracking, run=run)
    running = await serve_web(app, "127.0.0.1", 0, listener)
    assert running.port == listener.getsockname()[1]
    async with ClientSession() as session:
        status, _, _ = await Visitor(session, f"http://127.0.0.1:{running.port}").asks("/healthz")
    assert status == 200
    await running.close()
