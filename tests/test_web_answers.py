"""`/answers` over a real loopback server: what it answers, and what it never does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

import pytest
from aiohttp import ClientSession

from bot.core.answer_posts import LIMIT, Post
from bot.core.events import Full, Unsigned
from bot.core.people import Language
from bot.ports import Unreadable, Unwritable
from bot.services.answer_posts import Thanks
from bot.web import serve_web, web_application
from tests.test_web import run

PATH = "/answers"
PATIENCE = 10.0


@dataclass
class FakePosts:
    """`agood` is somebody's code. `at_once` is raised, `later` is what becomes of a post."""

    is_open: bool = True
    posts: list[Post] = field(default_factory=list)
    thanked: list[str] = field(default_factory=list)
    kept: "list[Future[int]]" = field(default_factory=list)
    at_once: Exception | None = None
    later: Exception | None = None
    waits: bool = False
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def receive(self, post: Post) -> "Future[int]":
        self.posts.append(post)
        return self._kept()

    def thank(self, values: Iterable[str]) -> "Future[int] | None":
        found = [value for value in values if value == "agood"]
        self.thanked += found
        return self._kept() if found else None

    def thanks(self, values: Iterable[str]) -> Thanks | None:
        known = "agood" in list(values)
        return Thanks(language=Language.FRENCH, sender="Studio <Nova>") if known else None

    def _kept(self) -> "Future[int]":
        if self.at_once:
            raise self.at_once
        future: Future[int] = Future()
        self.kept.append(future)
        self.came.set()
        if self.later:
            future.set_exception(self.later)
        elif not self.waits:
            future.set_result(1)
        return future


@dataclass
class Tool:
    session: ClientSession
    port: int

    async def asks(self, method: str = "POST", body: Any = b"{}", **more: Any) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.port}{more.pop('path', PATH)}"
        async with self.session.request(method, url, data=body, **more) as answer:
            return answer.status, await answer.text()


Opens = Callable[..., Awaitable[Tool]]


@pytest.fixture
def posts() -> FakePosts:
    return FakePosts()


@pytest.fixture
async def opens(posts: FakePosts) -> AsyncIterator[Opens]:
    closing: list[Callable[[], Awaitable[None]]] = []

    async def open_(**options: Any) -> Tool:
        options.setdefault("answers", posts)
        app = web_application(slack=None, tracking=cast("Any", None), run=run, **options)
        running = await serve_web(app, "127.0.0.1", 0)
        session = ClientSession()
        closing.extend([session.close, running.close])
        return Tool(session, running.port)

    yield open_
    for close in closing:
        await close()


@pytest.fixture
async def tool(opens: Opens) -> Tool:
    return await opens()


async def test_a_post_is_handed_over_as_it_came(tool: Tool, posts: FakePosts) -> None:
    headers = {"Typeform-Signature": "sha256=x", "Content-Type": "application/json"}
    answer = await tool.asks(body=b' {"a": 1}\r\n', path=PATH + "?secret=s%C3%A9same&x=1", headers=headers)
    assert answer == (200, '{"codes": 1}')
    [post] = posts.posts
    assert post.raw == b' {"a": 1}\r\n'
    assert (post.headers["typeform-signature"], post.query["secret"]) == ("sha256=x", "sésame")


async def test_a_post_is_answered_once_it_is_kept(tool: Tool, posts: FakePosts) -> None:
    posts.waits = True
    answer = asyncio.ensure_future(tool.asks())
    async with asyncio.timeout(PATIENCE):
        await posts.came.wait()
    assert not answer.done()
    posts.kept[0].set_result(0)
    assert await answer == (200, '{"codes": 0}')


@pytest.mark.parametrize(
    ("why", "status"),
    [(Unsigned(), 401), (ValueError("no JSON"), 400), (Unwritable("no space left"), 503), (Unreadable(), 503),
     (Full(), 503), (RuntimeError("the secret of the house"), 500)],
)  # fmt: skip
@pytest.mark.parametrize("is_late", [False, True])
async def test_what_could_not_be_kept_is_refused_without_a_word(
    tool: Tool, posts: FakePosts, why: Exception, status: int, *, is_late: bool
) -> None:
    if is_late:
        posts.later = why
    else:
        posts.at_once = why
    assert await tool.asks() == (status, f"{status}\n")
    posts.at_once = posts.later = None
    assert (await tool.asks())[0] == 200


async def test_who_answered_is_thanked(tool: Tool, posts: FakePosts) -> None:
    status, page = await tool.asks("GET", None, path=PATH + "?postillon=agood&lang=fr")
    assert status == 200
    assert 'lang="fr"' in page
    assert "Votre réponse est notée" in page
    assert "Studio &lt;Nova&gt;" in page
    assert "agood" not in page
    assert posts.thanked == ["agood"]


async def test_a_code_of_nobody_s_is_told_so(tool: Tool, posts: FakePosts) -> None:
    for query in ("", "?postillon=", "?postillon=aforged", "?postillon={PASSTHRU:postillon}"):
        status, page = await tool.asks("GET", None, path=PATH + query)
        assert status == 404
        assert "This link is not complete" in page
    assert posts.thanked == []


async def test_a_thank_you_that_could_not_be_kept_asks_for_patience(
    tool: Tool, posts: FakePosts, caplog: pytest.LogCaptureFixture
) -> None:
    posts.later = Unwritable("no space left")
    status, page = await tool.asks("GET", None, path=PATH + "?postillon=agood")
    assert status == 503
    assert "Rechargez cette page" in page
    assert "agood" not in caplog.text


async def test_head_says_that_somebody_is_there(tool: Tool, posts: FakePosts) -> None:
    """SurveyMonkey asks so before it keeps a webhook's address."""
    assert (await tool.asks("HEAD", None, path=PATH + "?postillon=agood"))[0] == 200
    assert (posts.posts, posts.thanked) == ([], [])


async def test_without_a_secret_there_is_no_door(opens: Opens, posts: FakePosts) -> None:
    posts.is_open = False
    for tool in (await opens(), await opens(answers=None)):
        for method in ("POST", "GET", "HEAD"):
            assert (await tool.asks(method, None))[0] == 404
    assert posts.posts == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_other_methods_are_not_for_this_door(tool: Tool, method: str) -> None:
    assert (await tool.asks(method))[0] == 405


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_large_post_is_taken_and_a_larger_one_is_not(
    tool: Tool, posts: FakePosts, *, chunked: bool
) -> None:
    async def slices(size: int) -> AsyncIterator[bytes]:
        for start in range(0, size, 65_536):
            yield b"x" * min(65_536, size - start)

    for size, status in ((LIMIT, 200), (LIMIT + 1, 413)):
        body = slices(size) if chunked else BytesIO(b"x" * size)
        assert (await tool.asks(body=body))[0] == status
    assert [len(post.raw) for post in posts.posts] == [LIMIT]


async def test_a_body_that_never_ends_is_given_up(opens: Opens, posts: FakePosts) -> None:
    tool = await opens(body_seconds=0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", tool.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{{".encode())
    async with asyncio.timeout(PATIENCE):
        assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
    writer.close()
    await writer.wait_closed()
    assert posts.posts == []
