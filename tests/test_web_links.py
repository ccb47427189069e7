"""`/r` over a real loopback server: a redirect, or a page that says why not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import pytest
from aiohttp import ClientSession

from bot.core.people import Language
from bot.ports import Unreadable
from bot.web import serve_web, web_application
from tests.test_web import Visitor, run


@dataclass(frozen=True, kw_only=True)
class FakeWay:
    state: Literal["open", "closed"] = "open"
    language: Language = Language.FRENCH
    sender: str = "Studio <Nova>"
    link: str = "https://forms.example/s?postillon=atok#part"


@dataclass
class FakeLinks:
    """`lgood` leads to the questionnaire; `lclosed` and `lshut` to one that is closed."""

    opened: list[tuple[str, str]] = field(default_factory=list)  # token, and what opened it
    looked_at: list[str] = field(default_factory=list)
    beside: int = 0  # calls that were handed to the pool
    fails: Exception | None = None

    def is_quick(self, token: str) -> bool:
        return token != "lslow"

    def _way(self, token: str) -> FakeWay | None:
        if self.fails:
            raise self.fails
        ways = {
            "lgood": FakeWay(),
            "lslow": FakeWay(link="https://forms.example/own"),
            "lclosed": FakeWay(state="closed"),
            "lshut": FakeWay(state="closed", language=Language.ENGLISH),
        }
        return ways.get(token)

    def followed(self, token: str, agent: str) -> FakeWay | None:
        self.opened.append((token, agent))
        return self._way(token)

    def looked(self, token: str) -> FakeWay | None:
        self.looked_at.append(token)
        return self._way(token)


@pytest.fixture
def links() -> FakeLinks:
    return FakeLinks()


@pytest.fixture
async def visitor(links: FakeLinks) -> AsyncIterator[Visitor]:
    async def counted(call: Any, *args: Any) -> Any:
        links.beside += 1
        return await run(call, *args)

    app = web_application(slack=None, tracking=cast("Any", None), run=counted, links=links)
    running = await serve_web(app, "127.0.0.1", 0)
    async with ClientSession() as session:
        yield Visitor(session, f"http://127.0.0.1:{running.port}")
    await running.close()


async def test_a_letter_s_link_leads_to_the_questionnaire(visitor: Visitor, links: FakeLinks) -> None:
    status, body, headers = await visitor.asks("/r/lgood")
    assert (status, body) == (302, "")
    assert headers["Location"] == "https://forms.example/s?postillon=atok#part"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers
    assert [token for token, _ in links.opened] == ["lgood"]
    assert links.opened[0][1].startswith("Python/")
    assert links.beside == 0, "no thread is waited for"


async def test_a_link_of_a_file_is_asked_for_beside_the_loop(visitor: Visitor, links: FakeLinks) -> None:
    status, _, headers = await visitor.asks("/r/lslow")
    assert (status, headers["Location"]) == (302, "https://forms.example/own")
    assert [token for token, _ in links.opened] == ["lslow"]
    assert links.beside == 1


async def test_head_answers_alike_and_is_nobody_s_visit(visitor: Visitor, links: FakeLinks) -> None:
    status, _, headers = await visitor.asks("/r/lgood", "HEAD")
    assert (status, headers["Location"]) == (302, "https://forms.example/s?postillon=atok#part")
    assert (links.opened, links.looked_at) == ([], ["lgood"])


@pytest.mark.parametrize(
    ("token", "said", "language"),
    [("lclosed", "Ce questionnaire est fermé", "fr"), ("lshut", "This survey is closed", "en")],
)
async def test_once_closed_a_page_says_so(visitor: Visitor, token: str, said: str, language: str) -> None:
    status, body, _ = await visitor.asks(f"/r/{token}")
    assert status == 410
    assert f'lang="{language}"' in body
    assert said in body
    assert "Studio &lt;Nova&gt;" in body
    assert "Location" not in body


async def test_a_token_of_nobody_s_is_told_so_in_both_languages(visitor: Visitor) -> None:
    for token in ("lforged", "x", "l" * 200):
        status, body, headers = await visitor.asks(f"/r/{token}")
        assert status == 404
        assert "Ce lien n&#x27;est pas complet" in body
        assert "This link is not complete" in body
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_a_damaged_folder_asks_for_patience(
    visitor: Visitor, links: FakeLinks, caplog: pytest.LogCaptureFixture
) -> None:
    links.fails = Unreadable("postillon.json")
    status, body, _ = await visitor.asks("/r/lgood")
    assert status == 503
    assert "Rechargez cette page" in body
    assert "lgood" not in caplog.text


@pytest.mark.parametrize(("path", "method", "status"), [
    ("/r/", "GET", 404), ("/r/a/b", "GET", 404), ("/r/" + "l" * 201, "GET", 404), ("/r/lgood", "POST", 405),
])  # fmt: skip
async def test_anything_else_gets_a_short_answer(
    visitor: Visitor, path: str, method: str, status: int
) -> None:
    answered, body, _ = await visitor.asks(path, method)
    assert (answered, body) == (status, f"{status}\n")
