"""What watches over the machine: `/healthz` says what is wrong, `/metrics` counts.

    GET /healthz   200, or 503 where the bot does nothing any more; {"ok", "problems"} either way
    GET /metrics   Prometheus' text format

503 makes an orchestrator start the bot again. So it is not for what a restart cannot repair: while Slack or
the mail service is away, the answer is 200 with `ok` false, and nobody kills a bot that waits for them.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol

from aiohttp import web

from bot.core.people import Language
from bot.core.sentences import Sentence
from bot.texts import Say

EVENTS = "/sendgrid/events"
UNKNOWN = "unknown"  # every path that is no route of ours
REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Run = Callable[..., Awaitable[Any]]


class Problem(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def said(self) -> Sentence: ...
    @property
    def since(self) -> datetime | None: ...
    @property
    def is_fatal(self) -> bool: ...


class Health(Protocol):
    def hears_slack(self, *, is_connected: bool) -> None: ...
    def posted(self, *, is_refused: bool) -> None: ...
    def problems(self) -> Sequence[Problem]: ...


class Metrics(Protocol):
    def answered(self, route: str, status: int) -> None: ...
    def page(self) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Watch:
    """`is_connected`: to Slack, over Socket Mode; None in HTTP mode, where nobody can tell."""

    health: Health
    metrics: Metrics
    run: Run
    language: Language
    is_connected: Callable[[], Awaitable[bool]] | None = None

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self._health), web.get("/metrics", self._page)]

    def answered(self, request: web.Request, status: int) -> None:
        """Of every request, whatever came of it."""
        resource = request.match_info.route.resource
        route = resource.canonical if resource else UNKNOWN
        self.metrics.answered(route, status)
        if route == EVENTS and (status in REFUSED or status < HTTPStatus.BAD_REQUEST):
            self.health.posted(is_refused=status in REFUSED)

    async def _health(self, _: web.Request) -> web.Response:
        if self.is_connected:
            self.health.hears_slack(is_connected=await self.is_connected())
        problems = await self.run(self.health.problems)
        is_alive = not any(problem.is_fatal for problem in problems)
        status = HTTPStatus.OK if is_alive else HTTPStatus.SERVICE_UNAVAILABLE
        told = [self._told(problem) for problem in problems]
        return web.json_response({"ok": not told, "problems": told}, status=status)

    def _told(self, problem: Problem) -> dict[str, str | None]:
        return {
            "name": problem.name,
            "what": Say(self.language)(problem.said),
            "since": problem.since.isoformat(timespec="seconds") if problem.since else None,
        }

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(body=await self.run(self.metrics.page), headers={"Content-Type": CONTENT_TYPE})
