"""`GET /r/{token}`: from a letter to the questionnaire, under the link that the campaign has now.

A redirect (302, kept by nobody, without a referrer) for whoever is one of a campaign's recipients; a plain
page for a token of nobody's, and once the questionnaire is closed. HEAD answers alike, and is nobody's visit.
The redirect waits for no disk: what there is to note is noted later.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any, Literal, Protocol, assert_never

from aiohttp import hdrs, web

from bot import pages
from bot.core.people import Language
from bot.ports import Unreadable

log = logging.getLogger(__name__)

Run = Callable[..., Awaitable[Any]]


class Way(Protocol):
    """Where the link leads, spelled in ASCII; whom the letter is from, in its language."""

    @property
    def state(self) -> Literal["open", "closed"]: ...
    @property
    def language(self) -> Language: ...
    @property
    def sender(self) -> str: ...
    @property
    def link(self) -> str: ...


class Links(Protocol):
    def is_quick(self, token: str) -> bool:
        """Nothing has to be read from the disk to answer; nor does asking this take any."""

    def followed(self, token: str, agent: str) -> Way | None:
        """Notes that the link was opened, and by what."""

    def looked(self, token: str) -> Way | None:
        """The same for HEAD."""


def routes(links: Links, run: Run, path: str) -> list[web.RouteDef]:
    """`path` has a `token`. `run(function, *args)` calls what is synchronous in a pool of the caller's."""

    async def go(request: web.Request) -> web.Response:
        token = request.match_info["token"]
        try:
            ask = partial(links.looked, token)
            if request.method == hdrs.METH_GET:
                ask = partial(links.followed, token, request.headers.get(hdrs.USER_AGENT, ""))
            # two threads less to wait for while letters leave
            return _answer(ask() if links.is_quick(token) else await run(ask))
        except Unreadable:
            log.exception("a letter's link cannot be followed")
            return _page(pages.away(), HTTPStatus.SERVICE_UNAVAILABLE)

    return [web.get(path, go)]


def _answer(way: Way | None) -> web.Response:
    if way is None:
        return _page(pages.lost(), HTTPStatus.NOT_FOUND)
    match way.state:
        case "open":
            return web.Response(status=HTTPStatus.FOUND, headers={hdrs.LOCATION: way.link})
        case "closed":
            return _page(pages.closed(way.language, way.sender), HTTPStatus.GONE)
        case _:
            assert_never(way.state)


def _page(text: str, status: HTTPStatus) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
