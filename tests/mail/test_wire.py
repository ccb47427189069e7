"""One connection per thread, kept while it is fresh, and no longer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.mail.sendgrid import SendGridMailer
from bot.mail.wire import IDLE_SECONDS, Line, Lost, NotConnected, Timeouts
from bot.playground.sendgrid import SendGridStandIn
from bot.ports import NotTaken, Outcome, Refused, Request, Taken, Unknown

from .conftest import Post, contact, written


class Watch:
    """A monotonic clock that moves when told."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def get(line: Line, service: SendGridStandIn) -> int:
    headers = {"Authorization": f"Bearer {service.api_key}"}
    answer = await asyncio.to_thread(line.exchange, "GET", "/v3/scopes", headers, None)
    return answer.getcode()


def peers(service: SendGridStandIn) -> int:
    return len({seen.peer for seen in service.requests})


async def test_a_connection_is_kept_until_it_rested_too_long(service: SendGridStandIn) -> None:
    watch = Watch()
    line = Line(service.url, Timeouts(), monotonic=watch)
    for rest in (0.0, IDLE_SECONDS, 1.0):
        watch.seconds += rest
        assert await get(line, service) == 200
    assert peers(service) == 1
    watch.seconds += IDLE_SECONDS + 0.1
    assert await get(line, service) == 200
    assert peers(service) == 2
    line.hang_up()


async def test_a_connection_the_other_side_closed_is_not_used_again(service: SendGridStandIn) -> None:
    """Written into it, a letter would be uncertain; noticed before, nothing has happened."""
    closed = asyncio.Event()

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        closed.set()

    async with await asyncio.start_server(closing, "127.0.0.1", 0) as server:
        line = Line(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", Timeouts())
        for _ in range(3):
            closed.clear()
            assert (await asyncio.to_thread(line.exchange, "GET", "/", {}, None)).getcode() == 200
            await asyncio.wait_for(closed.wait(), 5.0)
        line.hang_up()


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", "reset"),
        (b"SMTP ready\r\n", "unreadable"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nhalf", "unreadable"),
        (b"HTTP/1.1 2", "unreadable"),
    ],
    ids=["nothing", "another protocol", "half a body", "half a status line"],
)
async def test_an_answer_cut_short_is_lost(sent: bytes, why: str) -> None:
    async with await asyncio.start_server(saying(sent), "127.0.0.1", 0) as server:
        line = Line(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", Timeouts(answer=2.0))
        with pytest.raises(Lost) as lost:
            await asyncio.to_thread(line.exchange, "GET", "/", {}, None)
    assert lost.value.why == why


def saying(sent: bytes) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """A service that says just this, and hangs up."""

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    return half


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        (b"202 Accepted\r\nX-Message-Id: m1\r\nContent-Length: 5\r\n\r\n", Taken(message_id="m1")),
        (b"202 Accepted\r\nX-Message-Id: m1\r\nTransfer-Encoding: chunked\r\n\r\n", Taken(message_id="m1")),
        (b"429 Busy\r\nRetry-After: 7\r\nContent-Length: 50\r\n\r\n{", NotTaken(seconds=7.0, why="busy")),
        (b"401 No\r\nContent-Length: 50\r\n\r\n{", Refused(why="key", detail="HTTP 401")),
        (b"403 No\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n<", Refused(why="key", detail="HTTP 403")),
        (b"413 No\r\nContent-Length: 50\r\n\r\n{", Refused(why="size", detail="HTTP 413")),
        (b"400 Bad\r\nContent-Length: 50\r\n\r\n{", Refused(why="letter", detail="HTTP 400")),
        (b"500 Oops\r\nContent-Length: 50\r\n\r\n{", Unknown(why="unreadable")),
    ],
    ids=["taken", "taken, in pieces", "busy", "no key", "no right", "too large", "refused", "failing"],
)
async def test_what_a_status_says_needs_no_body(sent: bytes, outcome: Outcome) -> None:
    """Letters that were certainly taken, or certainly not, are not in doubt for want of the answer's end."""
    async with await asyncio.start_server(saying(b"HTTP/1.1 " + sent), "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        mailer = SendGridMailer(api_key="SG.none", api_url=address, timeouts=Timeouts(answer=2.0))
        for _ in range(2):  # nor is such a connection used again
            found = await asyncio.to_thread(mailer.post, Request(body=b"{}", people=1))
            assert found == outcome
        mailer.close()


async def test_the_library_names_the_endpoint_and_our_line_carries_many_requests(post: Post) -> None:
    for number in range(5):
        assert isinstance(await post.sends(written(), contact(number)), Taken)
    assert peers(post.service) == 1
    seen = post.service.requests[0]
    assert (seen.method, seen.path) == ("POST", "/v3/mail/send")
    assert seen.headers["User-Agent"].startswith("sendgrid/")


async def test_threads_share_nothing(post: Post) -> None:
    loop = asyncio.get_running_loop()
    both = threading.Barrier(2)

    def sends(number: int) -> object:
        both.wait(5.0)
        return post.mailer.post(post.request(written(), contact(number)))

    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = await asyncio.gather(*(loop.run_in_executor(pool, sends, number) for number in range(2)))
    assert all(isinstance(outcome, Taken) for outcome in outcomes)
    assert peers(post.service) == 2


async def test_who_waits_for_an_answer_can_be_told_that_none_will_come() -> None:
    asked, closed = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()  # until the other side hangs up
        writer.close()
        await writer.wait_closed()
        closed.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        line = Line(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", Timeouts())
        waiting = asyncio.ensure_future(asyncio.to_thread(line.exchange, "GET", "/", {}, None))
        await asyncio.wait_for(asked.wait(), 5.0)
        assert line.cut()
        with pytest.raises(Lost):
            await asyncio.wait_for(waiting, 5.0)
        with pytest.raises(NotConnected):  # the bot is leaving: nothing more goes out
            await asyncio.to_thread(line.exchange, "GET", "/", {}, None)
        assert not line.cut()
        await asyncio.wait_for(closed.wait(), 5.0)


async def test_a_mailer_cut_off_posts_nothing_more(post: Post) -> None:
    assert post.mailer.cut() == 0
    assert isinstance(await post.sends(written()), NotTaken)
    assert post.service.letters == []
