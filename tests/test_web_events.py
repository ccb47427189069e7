"""The mail service's door: what it answers, and what it never does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

import pytest
from aiohttp import ClientSession

from bot.core.events import Full, Unsigned
from bot.ports import Unreadable, Unwritable
from bot.web import EVENTS_LIMIT, SIGNATURE, TIMESTAMP, serve_web, web_application

PATH = "/sendgrid/events"
SIGNED = {SIGNATURE: "signed", TIMESTAMP: "1800000000"}
PATIENCE = 10.0


@dataclass
class FakeReception:
    """`at_once` is raised, `later` is what becomes of the post; `waits`: until the test says so."""

    posts: list[tuple[bytes, str, str]] = field(default_factory=list)
    kept: "list[Future[None]]" = field(default_factory=list)
    at_once: Exception | None = None
    later: Exception | None = None
    waits: bool = False
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def require_signature(self, signature: str) -> None:
        if not signature:
            raise Unsigned

    def receive(self, raw: bytes, signature: str, timestamp: str) -> "Future[None]":
        if self.at_once:
            raise self.at_once
        future: Future[None] = Future()
        self.posts.append((raw, signature, timestamp))
        self.kept.append(future)
        self.came.set()
        if self.later:
            future.set_exception(self.later)
        elif not self.waits:
            future.set_result(None)
        return future


@dataclass
class Service:
    """The mail service, with an HTTP client."""

    session: ClientSession
    port: int

    async def posts(self, body: Any = b"[]", method: str = "POST", **more: Any) -> tuple[int, str]:
        more.setdefault("headers", SIGNED)
        url = f"http://127.0.0.1:{self.port}{more.pop('path', PATH)}"
        async with self.session.request(method, url, data=body, **more) as answer:
            return answer.status, await answer.text()


Opens = Callable[..., Awaitable[Service]]


@pytest.fixture
def reception() -> FakeReception:
    return FakeReception()


@pytest.fixture
async def opens(reception: FakeReception) -> AsyncIterator[Opens]:
    closing: list[Callable[[], Awaitable[None]]] = []

    async def open_(**options: Any) -> Service:
        options.setdefault("events", reception)
        app = web_application(slack=None, tracking=cast("Any", None), run=cast("Any", None), **options)
        running = await serve_web(app, "127.0.0.1", 0)
        session = ClientSession()
        closing.extend([session.close, running.close])
        return Service(session, running.port)

    yield open_
    for close in closing:
        await close()


@pytest.fixture
async def service(opens: Opens) -> Service:
    return await opens()


async def test_a_post_is_handed_over_to_the_byte(service: Service, reception: FakeReception) -> None:
    body = '[{"event":"delivered", "reason":"déjà"}]\r\n '.encode()
    assert await service.posts(body) == (200, "")
    assert reception.posts == [(body, "signed", "1800000000")]


async def test_a_post_is_answered_once_it_is_kept(service: Service, reception: FakeReception) -> None:
    reception.waits = True
    answer = asyncio.ensure_future(service.posts())
    async with asyncio.timeout(PATIENCE):
        await reception.came.wait()
    assert not answer.done()
    reception.kept[0].set_result(None)
    assert await answer == (200, "")


@pytest.mark.parametrize(
    ("why", "status"),
    [(Unsigned(), 403), (ValueError("no list"), 400), (Unwritable("no space left"), 503), (Unreadable(), 503),
     (Full(), 503), (RuntimeError("the secret of the house"), 500)],
)  # fmt: skip
@pytest.mark.parametrize("is_late", [False, True])
async def test_what_could_not_be_kept_is_refused_without_a_word(
    service: Service, reception: FakeReception, why: Exception, status: int, *, is_late: bool
) -> None:
    if is_late:
        reception.later = why
    else:
        reception.at_once = why
    assert await service.posts() == (status, f"{status}\n")
    reception.at_once = reception.later = None
    assert (await service.posts())[0] == 200  # the next one is not the worse for it


async def test_what_is_not_signed_is_refused_before_it_is_read(
    opens: Opens, reception: FakeReception
) -> None:
    service = await opens()
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n[".encode())
    async with asyncio.timeout(PATIENCE):
        assert (await reader.readline()).startswith(b"HTTP/1.1 403 ")
    writer.close()
    await writer.wait_closed()
    assert reception.posts == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"])
async def test_other_methods_are_not_for_this_door(service: Service, method: str) -> None:
    status, _ = await service.posts(method=method)
    assert status == 405


@pytest.mark.parametrize(
    "path", [PATH + "/", PATH + "/x", "/sendgrid", "/sendgrid/events%00", "/sendgrid//events"]
)
async def test_there_is_nothing_beside_it(service: Service, reception: FakeReception, path: str) -> None:
    status, _ = await service.posts(path=path)
    assert status == 404
    assert reception.posts == []


async def test_without_a_reception_there_is_no_door(opens: Opens) -> None:
    service = await opens(events=None)
    assert await service.posts() == (404, "404\n")


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_large_post_is_taken_and_a_larger_one_is_not(
    service: Service, reception: FakeReception, *, chunked: bool
) -> None:
    async def slices(size: int) -> AsyncIterator[bytes]:
        for start in range(0, size, 65_536):
            yield b"x" * min(65_536, size - start)

    for size, status in ((EVENTS_LIMIT, 200), (EVENTS_LIMIT + 1, 413)):
        body = slices(size) if chunked else BytesIO(b"x" * size)
        assert (await service.posts(body))[0] == status
    assert [len(raw) for raw, _, _ in reception.posts] == [EVENTS_LIMIT]


async def test_a_body_that_never_ends_is_given_up(opens: Opens, reception: FakeReception) -> None:
    service = await opens(body_seconds=0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    head = "".join(f"{name}: {value}\r\n" for name, value in SIGNED.items())
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 20\r\n\r\n[{{".encode())
    async with asyncio.timeout(PATIENCE):
        assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
    writer.close()
    await writer.wait_closed()
    assert reception.posts == []
