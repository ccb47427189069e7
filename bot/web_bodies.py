"""Bodies of requests, read within bounds: each in size and in time, and all under way together.

A signature is over the whole body, so that nobody has proved anything while it comes. What is held of bodies
that are not complete has one bound for the whole door. Beyond it the dearest is given up, in bytes times
seconds (503, come again): a real post is here in a moment and costs little, and whoever fills the door with
large or slow ones loses those first.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

ROOM = 32 * 1024 * 1024  # bytes of bodies under way
EACH = 128 * 1024  # what a body costs before its first byte: its connection's buffer
BODY_SECONDS = 10.0
SILENCE = 60.0  # seconds between two lines of the log: strangers must not fill it
RETRY_AFTER = {"Retry-After": "1"}

log = logging.getLogger(__name__)


@dataclass(eq=False, kw_only=True)
class _Body:
    since: float
    deadline: asyncio.Timeout
    pieces: list[bytes] = field(default_factory=list)
    length: int = 0
    is_given_up: bool = False

    @property
    def size(self) -> int:
        return EACH + self.length

    def cost(self, now: float) -> float:
        return self.size * (now - self.since)


class Bodies:
    """Used in one event loop."""

    def __init__(self, seconds: float = BODY_SECONDS, room: int = ROOM) -> None:
        self._seconds = seconds
        self._room = room
        self._under_way: set[_Body] = set()
        self._held = 0
        self._unread = 0
        self._silent_until = 0.0

    @property
    def held(self) -> int:
        """Bytes, of bodies that are not complete."""
        return self._held

    async def read(self, request: web.Request, limit: int) -> web.Request:
        """The request with its body read whole; or refused. Nothing is unpacked: nobody who posts to us
        packs."""
        if request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower() not in {"", "identity"}:
            self._say(f"a {request.method} with a content coding")
            raise web.HTTPUnsupportedMediaType
        request._read_bytes = await self._gathered(request, limit)  # what `request.read()` answers with
        return request

    async def drain(self, request: web.Request, limit: int) -> None:
        """For whom having been posted is what counts, whatever it says."""
        await self._gathered(request, limit)

    async def _gathered(self, request: web.Request, limit: int) -> bytes:
        if (length := request.content_length or 0) > limit:
            raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=length)
        body = _Body(since=_now(), deadline=asyncio.timeout(self._seconds))
        try:
            async with body.deadline:
                return await self._pieces(request, body, limit)
        except TimeoutError:
            raise _full() if body.is_given_up else web.HTTPRequestTimeout() from None
        except (web.RequestPayloadError, HttpProcessingError, OSError) as broken:
            self._say(f"a {request.method} ended by {type(broken).__name__}")
            raise web.HTTPBadRequest from None
        finally:
            self._leave(body)

    async def _pieces(self, request: web.Request, body: _Body, limit: int) -> bytes:
        self._under_way.add(body)
        self._held += body.size
        self._make_room(body)
        while piece := await request.content.readany():
            if body.length + len(piece) > limit:
                raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=body.length + len(piece))
            if body.is_given_up:
                break
            body.pieces.append(piece)
            body.length += len(piece)
            self._held += len(piece)
            self._make_room(body)
        if body.is_given_up:  # by another, between the arrival of this piece and here
            raise _full()
        return b"".join(body.pieces)

    def _make_room(self, body: _Body) -> None:
        """Raises HTTPServiceUnavailable where it is this one that has to go."""
        now = _now()
        while self._held > self._room:
            dearest = max(self._under_way, key=lambda one: one.cost(now))
            self._leave(dearest)
            dearest.is_given_up = True
            dearest.deadline.reschedule(now)
            self._say("too many bytes under way")
        if body.is_given_up:
            raise _full()

    def _leave(self, body: _Body) -> None:
        if body in self._under_way:
            self._under_way.remove(body)
            self._held -= body.size
            body.pieces.clear()

    def _say(self, why: str) -> None:
        self._unread += 1
        if (now := _now()) >= self._silent_until:
            log.info("bodies not read: %d (the last: %s)", self._unread, why)
            self._silent_until, self._unread = now + SILENCE, 0


def _now() -> float:
    return asyncio.get_running_loop().time()


def _full() -> web.HTTPServiceUnavailable:
    return web.HTTPServiceUnavailable(headers=RETRY_AFTER)
