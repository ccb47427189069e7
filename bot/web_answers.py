"""`/answers`: whoever answered a questionnaire stops being reminded.

    POST  a questionnaire's tool tells an answer (`bot.core.answer_posts` says how each proves itself): 200
          once it is kept, also for one that was known or is nobody's; 401 forged, 400 unreadable, 503 later
    GET   somebody's browser comes from the questionnaire's last page, with their own code: a thank-you
    HEAD  is there anybody? Some tools ask before they post

Without ANSWERS_SECRET there is no such door.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any, Protocol

from aiohttp import hdrs, web

from bot import pages
from bot.core.answer_posts import LIMIT, Post
from bot.core.events import Full, Unsigned
from bot.core.people import Language
from bot.ports import Unreadable, Unwritable

log = logging.getLogger(__name__)

Run = Callable[..., Awaitable[Any]]
Bounded = Callable[[web.Request, int], Awaitable[web.Request]]
PATH = "/answers"


class Thanks(Protocol):
    """Whom the letter was from, in its language."""

    @property
    def language(self) -> Language: ...
    @property
    def sender(self) -> str: ...


class Answers(Protocol):
    """Both futures may fail with Unwritable or Unreadable; both calls raise Full."""

    @property
    def is_open(self) -> bool: ...
    def receive(self, post: Post) -> "Future[int]":
        """With how many codes of ours it held; may fail with Unsigned and ValueError besides."""

    def thank(self, values: Iterable[str]) -> "Future[int] | None": ...
    def thanks(self, values: Iterable[str]) -> Thanks | None: ...


def routes(answers: Answers, run: Run, bounded: Bounded) -> list[web.RouteDef]:
    """`bounded(request, limit)`: the request with its body read whole, or refused."""
    if not answers.is_open:
        return []

    async def told(request: web.Request) -> web.Response:
        request = await bounded(request, LIMIT)
        post = Post(raw=await request.read(), headers=_headers(request), query=dict(request.query))
        try:
            found = await asyncio.wrap_future(answers.receive(post))
        except Unsigned:
            return _short(HTTPStatus.UNAUTHORIZED)
        except ValueError:
            return _short(HTTPStatus.BAD_REQUEST)
        except (Full, Unreadable, Unwritable):  # said in the log where it happened
            return _short(HTTPStatus.SERVICE_UNAVAILABLE)
        return web.json_response({"codes": found})

    async def thanked(request: web.Request) -> web.Response:
        values = list(request.query.values())
        if request.method != hdrs.METH_GET:
            return web.Response()
        try:
            page = await run(answers.thanks, values)
            kept = answers.thank(values) if page is not None else None
            if page is None or kept is None:
                return _page(pages.lost(), HTTPStatus.NOT_FOUND)
            await asyncio.wrap_future(kept)
        except (Full, Unreadable, Unwritable):
            log.exception("an answer could not be kept")
            return _page(pages.away(), HTTPStatus.SERVICE_UNAVAILABLE)
        return _page(pages.thanked(page.language, page.sender))

    return [web.post(PATH, told), web.get(PATH, thanked)]


def _headers(request: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _short(status: HTTPStatus) -> web.Response:
    return web.Response(status=status, text=f"{status.value}\n")


def _page(text: str, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
