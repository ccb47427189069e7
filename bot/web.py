"""The HTTP surface, in both modes: Slack's requests, SendGrid's events, the unsubscribe page, health.

    POST /slack/events     handed to Bolt in HTTP mode; 404 in Socket Mode
    GET  /r/{token}        from a letter to its questionnaire (`web_links`)
    GET  /u/{token}        shows, changes nothing (mail scanners follow every link)
    POST /sendgrid/events  what became of letters: kept, then answered; else SendGrid tells it again
    POST /u/{token}        acts: the page's button and the one-click of mail clients (RFC 8058)
    POST /answers          somebody answered: their questionnaire's tool says so (`web_answers`)
    GET  /healthz          what is wrong, and /metrics, what there is to count (`web_health`)

No access log: it would hold tokens. Bodies are limited per route, in size and in time, and all together
(`web_bodies`).
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal, Protocol, assert_never

from aiohttp import web
from aiohttp.http_parser import RawRequestMessage
from aiohttp.typedefs import Middleware

from bot import pages, web_answers, web_links
from bot.core.events import Full, Unsigned
from bot.core.people import Language
from bot.ports import Unreadable, Unwritable
from bot.web_bodies import BODY_SECONDS, RETRY_AFTER, Bodies
from bot.web_health import Watch

SLACK_LIMIT = 2 * 1024 * 1024  # a view of 250 kB, percent-encoded, with its state
EVENTS_LIMIT = 4 * 1024 * 1024  # SendGrid posts about 1 MB at most
PAGE_LIMIT = 4 * 1024  # one click posts "List-Unsubscribe=One-Click", nothing more
SHUTDOWN_SECONDS = 5.0
KEEPALIVE_SECONDS = 15.0
LINGERING_SECONDS = 2.0  # for a client to read the refusal of a body it is still sending
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
TOKEN = r"{token:[A-Za-z0-9_-]{1,200}}"  # noqa: S105 - a pattern
TOLD = frozenset({"Allow", "Retry-After"})
CLOSING = frozenset({400, 408, 413, 415, 503})
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": pages.POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Server": "Postillon",
}

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SlackDoor = Callable[[web.Request], Awaitable[web.StreamResponse]]
Run = Callable[..., Awaitable[Any]]


class Page(Protocol):
    """What the unsubscribe page shows: never an address."""

    @property
    def language(self) -> Language: ...
    @property
    def sender(self) -> str: ...
    @property
    def state(self) -> Literal["asked", "done", "test"]: ...


class Tracking(Protocol):
    def page(self, token: str) -> Page | None: ...
    def unsubscribe(self, token: str) -> Page | None: ...


class Reception(Protocol):
    """Both raise Unsigned, and `receive` Full, where there is nothing to wait for; the future may fail with
    ValueError, Unwritable or Unreadable besides."""

    def require_signature(self, signature: str) -> None: ...
    def receive(self, raw: bytes, signature: str, timestamp: str) -> "Future[None]": ...


def web_application(
    *, slack: SlackDoor | None, tracking: Tracking, run: Run, events: Reception | None = None,
    links: web_links.Links | None = None, answers: web_answers.Answers | None = None,
    watch: Watch | None = None, body_seconds: float = BODY_SECONDS, bodies: Bodies | None = None,
) -> web.Application:  # fmt: skip
    """`run(function, *args)` calls what is synchronous in a pool of the caller's. `bodies` outweighs
    `body_seconds`."""
    bodies = bodies or Bodies(body_seconds)
    counted = [_counted(watch)] if watch else []
    app = web.Application(middlewares=[*counted, _door], client_max_size=SLACK_LIMIT)
    app.on_response_prepare.append(_headers)
    unsubscribe = _Unsubscribe(tracking, run, bodies)
    app.router.add_routes(watch.routes() if watch else [web.get("/healthz", _health)])
    app.router.add_get(f"/u/{TOKEN}", unsubscribe.show)
    app.router.add_post(f"/u/{TOKEN}", unsubscribe.act)
    if links is not None:
        app.router.add_routes(web_links.routes(links, run, f"/r/{TOKEN}"))
    if answers is not None:
        app.router.add_routes(web_answers.routes(answers, run, bodies.read))
    if events is not None:
        app.router.add_post("/sendgrid/events", _to_reception(events, bodies))
    if slack is not None:
        app.router.add_post("/slack/events", _to_slack(slack, bodies))
    return app


@dataclass(frozen=True, kw_only=True)
class Running:
    """A server that listens; `port` is the one it was given, or found where 0 was asked."""

    port: int
    runner: web.AppRunner

    async def close(self) -> None:
        """Takes no new request, and lets those under way end for a moment."""
        await self.runner.cleanup()


async def serve_web(
    app: web.Application, host: str, port: int, listener: socket.socket | None = None
) -> Running:
    """`listener`, already bound, outweighs host and port. Raises OSError where the port is taken or the
    host is not ours."""
    # aiohttp writes each malformed request down, tokens and all; accidents of ours are said by `_door`
    quiet = logging.getLogger(f"{__name__}.protocol")
    quiet.setLevel(logging.CRITICAL + 1)
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=quiet,
        handle_signals=False,
        shutdown_timeout=SHUTDOWN_SECONDS,
        keepalive_timeout=KEEPALIVE_SECONDS,
        lingering_time=LINGERING_SECONDS,
        auto_decompress=False,  # a small body stays one
    )
    await runner.setup()
    assert runner.server
    runner.server.request_factory = _of_this_house(runner.server.request_factory)
    try:
        site = web.SockSite(runner, listener) if listener else web.TCPSite(runner, host, port)
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    return Running(port=int(runner.addresses[0][1]), runner=runner)


def _of_this_house(made: Callable[..., web.BaseRequest]) -> Callable[..., web.BaseRequest]:
    """Whatever host a request's line names (`GET http://elsewhere/u/x`), we are it. aiohttp would read that
    name, and where it is none of IDNA's, break before anybody could answer."""

    def make(message: RawRequestMessage, *rest: Any) -> web.BaseRequest:
        if message.url.absolute:
            message = message._replace(url=message.url.relative())
        return made(message, *rest)

    return make


class _Unsubscribe:
    def __init__(self, tracking: Tracking, run: Run, bodies: Bodies) -> None:
        self._tracking = tracking
        self._run = run
        self._bodies = bodies

    async def show(self, request: web.Request) -> web.Response:
        try:
            return _html(await self._run(self._tracking.page, request.match_info["token"]))
        except Unreadable:
            log.exception("an unsubscribe page cannot be shown")
            return _html_of(pages.unwritable(), HTTPStatus.SERVICE_UNAVAILABLE)

    async def act(self, request: web.Request) -> web.Response:
        """The body is read only to be done with it: having been posted is what counts."""
        await self._bodies.drain(request, PAGE_LIMIT)
        try:
            page = await self._run(self._tracking.unsubscribe, request.match_info["token"])
        except (Unreadable, Unwritable):
            log.exception("an unsubscription could not be kept")
            return _html_of(pages.unwritable(), HTTPStatus.SERVICE_UNAVAILABLE)
        return _html(page)


def _html(page: Page | None) -> web.Response:
    if page is None:
        return _html_of(pages.unknown(), HTTPStatus.NOT_FOUND)
    match page.state:
        case "asked":
            return _html_of(pages.asked(page.language, page.sender))
        case "done":
            return _html_of(pages.done(page.language, page.sender))
        case "test":
            return _html_of(pages.test(page.language, page.sender))
        case _:
            assert_never(page.state)


def _html_of(text: str, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


def _to_slack(slack: SlackDoor, bodies: Bodies) -> Handler:
    async def hand_over(request: web.Request) -> web.StreamResponse:
        return await slack(await bodies.read(request, SLACK_LIMIT))

    return hand_over


def _to_reception(events: Reception, bodies: Bodies) -> Handler:
    """Whoever signs nothing is refused before the body is read."""

    async def hear(request: web.Request) -> web.Response:
        signature = request.headers.get(SIGNATURE, "")
        try:
            events.require_signature(signature)
            raw = await (await bodies.read(request, EVENTS_LIMIT)).read()
            kept = events.receive(raw, signature, request.headers.get(TIMESTAMP, ""))
            await asyncio.wrap_future(kept)
        except Unsigned:
            return _refusal(HTTPStatus.FORBIDDEN)
        except ValueError:
            return _refusal(HTTPStatus.BAD_REQUEST)
        except (Full, Unreadable, Unwritable):  # said in the log where it happened
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, RETRY_AFTER)
        return web.Response()

    return hear


def _refusal(status: HTTPStatus, headers: Mapping[str, str] | None = None) -> web.Response:
    response = web.Response(status=status, text=f"{status.value}\n", headers=headers)
    response.force_close()  # the body may not have been read
    return response


async def _health(_: web.Request) -> web.Response:
    """Where nobody watches: it answers."""
    return web.json_response({"ok": True, "problems": []})


def _counted(watch: Watch) -> Middleware:
    @web.middleware
    async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as redirected:  # the door answers all others
            watch.answered(request, redirected.status)
            raise
        watch.answered(request, response.status)
        return response

    return counted


@web.middleware
async def _door(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal is a short one, and nothing of an accident leaves the house."""
    try:
        return await handler(request)
    except web.HTTPException as refused:
        if refused.status >= HTTPStatus.BAD_REQUEST:
            return _short(refused)
        raise
    except Exception:
        # the path is left out: it may hold a token
        log.exception("a %s request failed", request.method)
        return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR, text="500\n")


def _short(refused: web.HTTPException) -> web.Response:
    told = {name: value for name, value in refused.headers.items() if name in TOLD}
    response = web.Response(status=refused.status, text=f"{refused.status}\n", headers=told)
    if refused.status in CLOSING:
        response.force_close()  # what is left of the body is not waited for
    return response


async def _headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
