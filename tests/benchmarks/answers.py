"""Links that answer while letters leave, and answers that are kept: `python -m tests.benchmarks.answers`.

The bot's services and its web server are this process, on a real folder; letters go to a mail service that
takes 100 ms a request, over TLS; readers and questionnaires' tools are a process of their own. The time of a
link is counted from the moment it was due, so that a pause falls on everybody who came during it. An answer
counts once it is on the disk.
"""

import argparse
import asyncio
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from slack_sdk.web.async_client import AsyncWebClient

from bot import wiring
from bot.app import settle_memory
from bot.core.campaigns import Campaign
from bot.core.facts import Happened
from bot.core.lists import ContactList
from bot.core.tokens import Tokens
from bot.services import Services
from bot.web import serve_web, web_application
from tests.benchmarks.events import verdict
from tests.benchmarks.mailroom import WORK, Mailroom, Now, Silent
from tests.benchmarks.sink import open_sink
from tests.kills.wiring import policy

SECRET = "benchmark"
LONGEST = 0.050  # seconds of a link, p99
CLICKS = 200  # a second: what a million letters bring in their first hour, and more
SWEPT = 1.0  # seconds between two sweeps; thirty in a bot
ANSWER = 0.1  # seconds of the mail service


@dataclass(frozen=True, kw_only=True)
class Took:
    taken: list[float]
    seconds: float

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.taken, n=100)[98]

    def says(self, what: str) -> None:
        median, most = statistics.median(self.taken) * 1e3, max(self.taken) * 1e3
        times = f"median {median:5.1f} ms   p99 {self.p99 * 1e3:5.1f} ms   longest {most:5.0f} ms"
        print(f"  {what:<22}{len(self.taken):6}   {times}")


class Readers:
    def __init__(self, child: "subprocess.Popen[str]", port: int) -> None:
        self._child, self._port = child, port

    async def _told(self) -> dict[str, Any]:
        assert self._child.stdout
        return dict(json.loads(await asyncio.to_thread(self._child.stdout.readline)))

    def _tell(self, line: str) -> None:
        assert self._child.stdin
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()

    async def ask(self, requests: list[str], status: int, until: Awaitable[object], rate: float = 0) -> Took:
        told = {"port": self._port, "rate": rate, "requests": requests, "status": status}
        self._tell(json.dumps(told))
        await self._told()
        await until
        self._tell("stop")
        return Took(**await self._told())

    async def post(self, requests: list[str]) -> Took:
        told = {"port": self._port, "rate": 0, "requests": requests, "status": 200, "most": True}
        self._tell(json.dumps(told))
        await self._told()
        self._tell("go on")
        return Took(**await self._told())


def clicks(tokens: Tokens, people: int) -> list[str]:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    return [
        f"GET /r/{tokens.link(number, 0)} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {agent}\r\n\r\n"
        for number in range(0, people, 7)
    ]


def answers(tokens: Tokens, people: int) -> Iterator[str]:
    for number in range(people):
        body = json.dumps({"api_token": SECRET, "response": {"postillon": tokens.answer(number), "Q1": "5"}})
        head = "POST /answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        yield f"{head}Content-Length: {len(body)}\r\n\r\n{body}"


def _others() -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.benchmarks.readers"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


async def swept(built: Services) -> None:
    """As the clock's sweeps do."""
    while True:
        await asyncio.sleep(SWEPT)
        await asyncio.to_thread(built.visits.sweep, Now().now())
        await asyncio.to_thread(built.answers.sweep, Now().now())


async def measured(room: Mailroom, kept: ContactList, rounds: int, told: int) -> None:
    with ExitStack() as stack:
        pools = wiring.Pools.open()
        stack.callback(pools.close)
        given = replace(policy(room.store), answers_secret=SECRET.encode())
        client = AsyncWebClient(token="xoxb-nowhere", base_url="http://127.0.0.1:9/")
        built = wiring.wired(room.store, given, pools, client, room.mailer, cast("Any", Silent()), Now())
        loop = asyncio.get_running_loop()

        def run(call: Callable[..., Any], *args: Any) -> Awaitable[Any]:
            return loop.run_in_executor(pools.clicks, partial(call, *args))

        application = web_application(
            slack=None, tracking=built.tracking, run=run, links=built.questionnaires,
            answers=built.answer_posts,
        )  # fmt: skip
        server = await serve_web(application, "127.0.0.1", 0)
        child = stack.enter_context(_others())
        readers, sweeping = Readers(child, server.port), asyncio.ensure_future(swept(built))
        settle_memory()
        first = await links(room, kept, rounds, readers, given.secret)
        await told_answers(room, first, told, readers, given.secret)
        sweeping.cancel()
        assert child.stdin
        child.stdin.close()
        await server.close()
        built.visits.leave()
        followed = room.store.ledgers.read(WORK, first.id, lambda fold: fold.happened)
        assert followed[Happened.CLICKED] + followed[Happened.SCANNED] > 0, "nobody's visit was kept"


async def links(room: Mailroom, kept: ContactList, rounds: int, readers: Readers, secret: bytes) -> Campaign:
    """Of the campaign that is leaving. Returns the first."""
    busy: list[float] = []
    sent: list[Campaign] = []
    for _ in range(rounds):
        campaign = await asyncio.to_thread(room.schedule, room.draft(kept))
        asked = clicks(Tokens(secret, WORK, campaign.id), campaign.audience_size)
        if not sent:
            (await readers.ask(asked, 302, asyncio.sleep(5), CLICKS)).says("idle")
        took = await readers.ask(asked, 302, asyncio.to_thread(room.sends, campaign), CLICKS)
        took.says(f"meanwhile, {took.seconds:.1f} s")
        busy += took.taken
        sent.append(campaign)
    p99 = statistics.quantiles(busy, n=100)[98]
    verdict("p99 of a link while letters leave, ms", p99 * 1e3, LONGEST * 1e3, most=True)
    return sent[0]


async def told_answers(
    room: Mailroom, campaign: Campaign, told: int, readers: Readers, secret: bytes
) -> None:
    took = await readers.post(list(answers(Tokens(secret, WORK, campaign.id), told)))
    took.says("answers")
    print(f"  answers kept a second: {len(took.taken) / took.seconds:,.0f}")
    known = room.store.ledgers.read(WORK, campaign.id, lambda fold: fold.happened)
    assert known[Happened.ANSWERED] == told, "an answer that was taken is not there"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--answers", type=int, default=20_000)
    asked = options.parse_args()
    logging.disable(logging.WARNING)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    print(f"{asked.people:,} letters leave, {CLICKS} links a second")
    with tempfile.TemporaryDirectory() as name, open_sink(Path(name), ANSWER) as sink:
        room = Mailroom(Path(name) / "data", sink.urls[0])
        kept = room.keep_list(asked.people)
        asyncio.run(measured(room, kept, asked.rounds, min(asked.answers, asked.people)))
        room.close()


if __name__ == "__main__":
    main()
