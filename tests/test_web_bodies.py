"""What is posted, while it comes: bounded each and all together, and quiet where it breaks off."""

import asyncio
import gzip
import logging
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiohttp import ClientSession, hdrs, web
from aiohttp.test_utils import make_mocked_request

from bot.web import SIGNATURE, serve_web, web_application
from bot.web_bodies import EACH, Bodies
from tests.test_web import FakeTracking, Visitor, run, slack
from tests.test_web_answers import FakePosts
from tests.test_web_events import FakeReception

LIMIT = 10 * EACH
PATIENCE = 10.0
SIGNED = {SIGNATURE: "signed"}
DOORS = ("/answers", "/sendgrid/events", "/slack/events")
UNREAD = "bodies not read"


@dataclass
class Coming:
    """A body that comes as the test says, in the place of a connection's."""

    pieces: "asyncio.Queue[bytes | Exception]" = field(default_factory=asyncio.Queue)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def readany(self) -> bytes:
        self.asked.set()
        piece = await self.pieces.get()
        if isinstance(piece, Exception):
            raise piece
        return piece


class Poster:
    def __init__(self, bodies: Bodies) -> None:
        self.coming = Coming()
        request = make_mocked_request("POST", "/", payload=cast("Any", self.coming))
        self.read = asyncio.ensure_future(bodies.read(request, LIMIT))

    async def sends(self, size: int) -> None:
        """Returns once it was taken."""
        await self.coming.asked.wait()
        self.coming.asked.clear()
        self.coming.pieces.put_nowait(b"x" * size)
        asked = asyncio.ensure_future(self.coming.asked.wait())
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({asked, self.read}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()

    async def ends(self) -> int:
        """The size of what was read."""
        self.coming.pieces.put_nowait(b"")
        async with asyncio.timeout(PATIENCE):
            return len(await (await self.read).read())

    async def is_given_up(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.read
        except web.HTTPServiceUnavailable as refused:
            return refused.headers[hdrs.RETRY_AFTER] == "1"
        return False


async def test_a_hundred_large_bodies_at_once_are_never_all_held() -> None:
    bodies = Bodies(room=4 * LIMIT)
    crowd = [Poster(bodies) for _ in range(100)]
    most = 0
    for _ in range(9):
        for poster in crowd:
            if not poster.read.done():
                await poster.sends(EACH)
                most = max(most, bodies.held)
    assert most <= 4 * LIMIT
    left = [poster for poster in crowd if not poster.read.done()]
    assert 1 <= len(left) <= 4
    assert [await poster.ends() for poster in left] == [9 * EACH] * len(left)
    assert all([await poster.is_given_up() for poster in crowd if poster not in left])
    assert bodies.held == 0


async def test_who_fills_the_door_goes_and_who_comes_after_gets_in() -> None:
    bodies = Bodies(room=8 * EACH)
    glutton, slow = Poster(bodies), Poster(bodies)
    await glutton.sends(4 * EACH)
    await slow.sends(1)
    real = Poster(bodies)
    await real.sends(2 * EACH)
    assert await glutton.is_given_up()
    assert await real.ends() == 2 * EACH
    assert await slow.ends() == 1
    assert bodies.held == 0


async def test_connections_that_send_next_to_nothing_are_counted_too() -> None:
    bodies = Bodies(room=8 * EACH)
    crowd = [Poster(bodies) for _ in range(50)]
    for poster in crowd:
        if not poster.read.done():
            await poster.sends(1)
    assert bodies.held <= 8 * EACH
    real = Poster(bodies)
    await real.sends(EACH)
    assert await real.ends() == EACH
    for poster in crowd:
        poster.read.cancel()
    given_up = await asyncio.gather(*(poster.read for poster in crowd), return_exceptions=True)
    assert sum(isinstance(one, web.HTTPServiceUnavailable) for one in given_up) >= 42
    assert bodies.held == 0


async def test_a_body_larger_than_all_the_room_is_refused() -> None:
    bodies = Bodies(room=EACH)
    poster = Poster(bodies)
    await poster.sends(1)
    assert await poster.is_given_up()
    assert bodies.held == 0


@pytest.mark.parametrize("refused", ["large", "late", "gone", "broken", "lost"])
async def test_whatever_becomes_of_a_body_nothing_of_it_is_held(refused: str) -> None:
    bodies = Bodies(seconds=0.01 if refused == "late" else PATIENCE)
    poster = Poster(bodies)
    await poster.sends(EACH)
    if refused == "large":
        await poster.sends(LIMIT)
    if refused == "gone":
        poster.read.cancel()
    if refused == "broken":
        poster.coming.pieces.put_nowait(web.RequestPayloadError("no chunk"))
    if refused == "lost":
        poster.coming.pieces.put_nowait(ConnectionResetError("Connection lost"))
    kinds = {
        "large": web.HTTPRequestEntityTooLarge,
        "late": web.HTTPRequestTimeout,
        "gone": asyncio.CancelledError,
        "broken": web.HTTPBadRequest,
        "lost": web.HTTPBadRequest,
    }
    (why,) = await asyncio.gather(poster.read, return_exceptions=True)
    assert isinstance(why, kinds[refused])
    assert bodies.held == 0


# --- over a real connection ---------------------------------------------------------------------------


class Heard(logging.Handler):
    """Waits for a line of the log."""

    def __init__(self) -> None:
        super().__init__()
        self.came = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if UNREAD in record.getMessage():
            self.came.set()


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> Iterator[Heard]:
    caplog.set_level(logging.INFO)
    heard, log = Heard(), logging.getLogger("bot.web_bodies")
    log.addHandler(heard)
    yield heard
    log.removeHandler(heard)


@dataclass
class House:
    visitor: Visitor
    bodies: Bodies
    tracking: FakeTracking
    reception: FakeReception

    @property
    def port(self) -> int:
        return int(self.visitor.base.rpartition(":")[2])


@pytest.fixture
async def house() -> AsyncIterator[House]:
    bodies, tracking, reception = Bodies(), FakeTracking(), FakeReception()
    app = web_application(
        slack=slack, tracking=tracking, run=run, events=reception, answers=FakePosts(), bodies=bodies
    )
    running = await serve_web(app, "127.0.0.1", 0)
    async with ClientSession() as session:
        yield House(Visitor(session, f"http://127.0.0.1:{running.port}"), bodies, tracking, reception)
    await running.close()


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[int, bool]]:
    """How loud, and whether with a trace."""
    ours = [record for record in caplog.records if record.name.startswith("bot")]
    return [(record.levelno, bool(record.exc_info)) for record in ours]


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "GZip", "gzip, br", "x-made-up", ";"])
@pytest.mark.parametrize(
    "body",
    [b"junk", gzip.compress(b"[]", mtime=0), zlib.compress(b"[]"), b""],
    ids=["junk", "gzip", "zlib", "empty"],
)
async def test_what_is_packed_is_refused_without_an_accident(
    house: House, caplog: pytest.LogCaptureFixture, path: str, coding: str, body: bytes
) -> None:
    caplog.set_level(logging.INFO)
    packed = {**SIGNED, "Content-Encoding": coding}
    for _ in range(2):
        status, text, _ = await house.visitor.asks(path, "POST", data=body, headers=packed)
        assert (status, text) == (415, "415\n")
    assert lines(caplog) == [(logging.INFO, False)], "one line, however often"
    status, _, _ = await house.visitor.asks(
        path, "POST", data=b"{}", headers={**SIGNED, "Content-Encoding": "identity"}
    )
    assert status == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "x-made-up"])
async def test_one_click_acts_however_it_is_packed(house: House, coding: str) -> None:
    headers = {"Content-Encoding": coding}
    status, _, _ = await house.visitor.asks("/u/lgood", "POST", data=b"junk", headers=headers)
    assert (status, house.tracking.gone) == (200, {"lgood"})


@pytest.mark.parametrize("path", [*DOORS, "/u/lgood"])
async def test_connections_that_break_off_are_one_quiet_line(
    house: House, caplog: pytest.LogCaptureFixture, heard: Heard, path: str
) -> None:
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: x\r\n{SIGNATURE}: s\r\nContent-Length: 20\r\n\r\nhalf".encode()
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    async with asyncio.timeout(PATIENCE):
        await heard.came.wait()
    await house.visitor.asks("/healthz")
    assert lines(caplog) == [(logging.INFO, False)]
    assert house.tracking.gone == set()


@pytest.mark.parametrize("path", [*DOORS, "/u/lgood"])
@pytest.mark.parametrize("chunk", [b"ZZZ\r\nhello\r\n", b"5\r\nhello!!\r\n", b"-1\r\n", b"f" * 40 + b"\r\n"])
async def test_chunks_that_are_none_are_a_quiet_400(
    house: House, caplog: pytest.LogCaptureFixture, path: str, chunk: bytes
) -> None:
    caplog.set_level(logging.INFO)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{SIGNATURE}: s\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(head.encode() + b"1\r\n{\r\n" + chunk)
    async with asyncio.timeout(PATIENCE):
        assert (await reader.readline()).split()[1] == b"400"
    writer.close()
    await writer.wait_closed()
    assert [one for one in lines(caplog) if one != (logging.INFO, False)] == []
    assert house.tracking.gone == set()
