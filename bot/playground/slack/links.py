"""Socket Mode: up to ten WebSockets, any one of which gets each payload."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from aiohttp import WSMsgType, web

from bot.playground.slack.delivery import PATIENCE, Answer, Envelope
from bot.playground.slack.records import Ids, Json

MOST = 10
_SETTLING = 5.0
"""Seconds a payload waits for a bot that is on its way (never connected yet, or told to reconnect)."""
SLICES = 30  # of the time the bot has to answer


@dataclass(kw_only=True, eq=False)
class Link:
    socket: web.WebSocketResponse
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    pending: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)


class Links:
    def __init__(
        self, ids: Ids, *, app_id: str, changed: Callable[[], None], patience: float = PATIENCE
    ) -> None:
        self._ids = ids
        self._app_id = app_id
        self._changed = changed
        self._patience = patience
        self._turn = count()
        self._expecting = True
        self._tickets: set[str] = set()
        self._arrived = asyncio.Event()
        self.open: list[Link] = []
        self.base = ""

    def ticket(self) -> str:
        self._expecting = True
        ticket = self._ids.fresh("link-")
        self._tickets.add(ticket)
        return f"{self.base.replace('http', 'ws', 1)}/link?ticket={ticket}&app_id={self._app_id}"

    async def accept(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        link = Link(socket=web.WebSocketResponse())
        if len(self.open) >= MOST:
            await link.socket.prepare(request)
            await link.socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await link.socket.close()
            return link.socket
        self.open.append(link)
        self._expecting = False
        self._arrived.set()
        try:
            await self._serve(request, link)
        finally:
            self._lose(link)
        return link.socket

    async def _serve(self, request: web.Request, link: Link) -> None:
        await link.socket.prepare(request)
        await link.socket.send_json(self._hello())
        link.ready.set()
        self._changed()
        async for frame in link.socket:
            if frame.type == WSMsgType.TEXT:
                _acknowledge(link, json.loads(frame.data))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "stand-in", "approximate_connection_time": 18060},
        }

    def _lose(self, link: Link) -> None:
        if link in self.open:
            self.open.remove(link)
        if not self.open:
            self._arrived.clear()
        link.ready.set()
        for waiting in link.pending.values():
            if not waiting.done():
                waiting.set_result(Answer(ok=False, reason="connection_lost"))
        self._changed()

    async def send(self, kind: Envelope, payload: Json, *, retry: int, reason: str) -> Answer:
        link = await self._next()
        if link is None:
            return Answer(ok=False, reason="no_connection")
        envelope_id = self._ids.fresh("envelope-")
        envelope: Json = {
            "type": kind,
            "envelope_id": envelope_id,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        link.pending[envelope_id] = waiting
        try:
            await link.socket.send_json(envelope)
            return await self._answer(waiting)
        except ConnectionError:
            return Answer(ok=False, reason="connection_lost")
        finally:
            link.pending.pop(envelope_id, None)

    async def _answer(self, waiting: asyncio.Future[Answer]) -> Answer:
        """A machine that stands still for seconds is no bot that does: time is counted in slices."""
        for _ in range(SLICES):
            done, _ = await asyncio.wait({waiting}, timeout=self._patience / SLICES)
            if done:
                return waiting.result()
        return Answer(ok=False, reason="http_timeout")

    async def _next(self) -> Link | None:
        if not self.open and self._expecting:
            try:
                await asyncio.wait_for(self._arrived.wait(), _SETTLING)
            except TimeoutError:
                return None
        if not self.open:
            return None
        link = self.open[next(self._turn) % len(self.open)]
        await link.ready.wait()
        return link

    async def disconnect(self, reason: str) -> None:
        """Tell every connection it is about to end, as Slack does every few hours: the bot opens new ones."""
        self._expecting = True
        for link in list(self.open):
            await link.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def close(self) -> None:
        for link in list(self.open):
            await link.socket.close()


def _acknowledge(link: Link, frame: Json) -> None:
    waiting = link.pending.get(str(frame.get("envelope_id")))
    if waiting is not None and not waiting.done():
        waiting.set_result(Answer(ok=True, body=frame.get("payload") or {}))
