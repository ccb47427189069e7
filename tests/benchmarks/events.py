"""How fast events are kept: `python -m tests.benchmarks.events`.

Signed events over loopback HTTP, a hundred in a post, from a mail service in a process of its own; the bot's
services and its web server are this one, on a real folder. A post counts once it is answered, which is once
it is on the disk. Then a bot is started anew and folds a million events.
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
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, cast

from slack_sdk.web.async_client import AsyncWebClient

from bot import ports, wiring
from bot.app import TURN, settle_memory
from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.facts import Accepted, Claimed, Events, Happened, WaveOpened, to_line
from bot.core.ids import CampaignId
from bot.core.letters import Sender
from bot.core.lines import encode_all
from bot.core.people import Language
from bot.services import Services
from bot.web import serve_web, web_application
from storage import open_store
from tests.benchmarks.mailroom import CLAIRE, WORK, Now, Silent, somebody
from tests.benchmarks.webhook import KINDS, TOGETHER, campaigns
from tests.kills.wiring import policy

LEAST, SLOWEST, LONGEST = 60_000, 0.100, 5.0  # events a second; seconds of a post; seconds of a start
MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Posted:
    seconds: float
    taken: list[float]
    processor: float  # seconds of this process

    @property
    def events(self) -> int:
        return len(self.taken) * TOGETHER

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.taken, n=100)[98]


def depart(store: ports.Store, name: str, people: int) -> None:
    """A campaign whose letters were all taken."""
    now = datetime.now(UTC)
    draft = Campaign(
        workspace=WORK, id=CampaignId(name), owner=CLAIRE.id, seed="5eed", created_at=now, name="Avis",
        language=Language.FRENCH, zone="Europe/Paris", sender=Sender(address="avis@nova.example"),
    )  # fmt: skip
    store.campaigns.add(WORK, draft)
    audience = store.campaigns.fix_audience(WORK, draft.id, map(somebody, range(people)))
    due = rules.move(draft, State.SCHEDULED, audience=audience, audience_size=people, send_at=now)
    store.campaigns.advance(WORK, due, draft.revision, None)
    sending = rules.move(due, State.SENDING, departed_at=now)
    store.campaigns.advance(WORK, sending, due.revision, None)
    append = partial(store.ledgers.append, WORK, draft.id)
    append(WaveOpened(wave=0, at=now, audience_size=people))
    for batch in range(-(-people // 1_000)):
        append(Claimed(wave=0, batch=batch, at=now))
        append(Accepted(wave=0, batch=batch, at=now, message_id="m"))
    store.campaigns.advance(WORK, rules.move(sending, State.SENT, ended_at=now), sending.revision, None)


def services(store: ports.Store, public_key: str, pools: wiring.Pools) -> Services:
    given = replace(policy(store), webhook_key=public_key)
    client = AsyncWebClient(token="xoxb-nowhere", base_url="http://127.0.0.1:9/")
    return wiring.wired(store, given, pools, client, cast("Any", None), cast("Any", Silent()), Now())


def _service(*asked: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.benchmarks.webhook", *map(str, asked)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


async def posted(folder: Path, names: list[str], people: int, connections: int) -> Posted:
    with ExitStack() as stack:
        child = stack.enter_context(_service(len(names), people, connections))
        assert child.stdin
        assert child.stdout
        store = open_store(f"tinydb:{folder}")
        stack.callback(store.close)
        store.secret("tokens")  # letters depend on it: it is made before any
        for name in names:
            depart(store, name, people)
        pools = wiring.Pools.open()
        stack.callback(pools.close)
        key = (await asyncio.to_thread(child.stdout.readline)).strip()
        built = services(store, key, pools)
        application = web_application(
            slack=None, tracking=built.tracking, run=cast("Any", None), events=built.reception
        )
        server = await serve_web(application, "127.0.0.1", 0)
        settle_memory()
        before = time.process_time()
        child.stdin.write(f"{server.port}\n")
        child.stdin.flush()
        told = json.loads(await asyncio.to_thread(child.stdout.readline))
        processor = time.process_time() - before
        await server.close()
    return Posted(processor=processor, **told)


def is_whole(folder: Path, names: list[str], people: int) -> bool:
    """Does a bot started anew know everything that was answered?"""
    store = open_store(f"tinydb:{folder}")
    found = [store.ledgers.read(WORK, CampaignId(name), lambda fold: fold.happened) for name in names]
    store.close()
    return all(one[Happened.PROCESSED] == one[Happened.DELIVERED] == people for one in found)


def post_round(count: int, people: int, connections: int) -> None:
    names = campaigns(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        found = asyncio.run(posted(folder, names, people, connections))
        assert found.events == count * people * len(KINDS)
        assert is_whole(folder, names, people), "an event that was answered is not there"
    median, rate = statistics.median(found.taken), found.events / found.seconds
    print(f"\n{count} campaigns of {people:,} people, {found.events:,} events, {connections} connections")
    print(f"  a post: median {median * 1e3:.1f} ms, the longest {max(found.taken) * 1e3:.0f} ms")
    print(f"  processor time of the bot: {found.processor / found.events * 1e6:.1f} us an event")
    verdict("events a second", rate, LEAST)
    verdict("p99 of a post, ms", found.p99 * 1e3, SLOWEST * 1e3, most=True)


def verdict(what: str, found: float, aim: float, *, most: bool = False) -> None:
    met = found <= aim if most else found >= aim
    print(f"  {what}: {found:,.2f} ({'at most' if most else 'at least'} {aim:,}){'' if met else ' MISSED'}")


def told(people: int) -> Iterator[list[object]]:
    """A million facts about letters, as posts of a hundred would have left them."""
    rng, bits = Random(1), [int(Happened.PROCESSED), int(Happened.DELIVERED), int(Happened.OPENED)]
    for line in range(MILLION // TOGETHER):
        at = 1_800_000_000 + line
        items = tuple((rng.randrange(people), rng.choice(bits), at) for _ in range(TOGETHER))
        yield to_line(Events(wave=0, items=items))


def start_round(people: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        store = open_store(f"tinydb:{folder}")
        depart(store, "cmp_million", people)
        store.close()
        (ledger,) = folder.glob("campaigns/*.ledger")
        with ledger.open("ab") as file:
            file.write(encode_all(told(people)))
        before = time.perf_counter()
        store = open_store(f"tinydb:{folder}")
        progress = store.ledgers.read(WORK, CampaignId("cmp_million"), lambda fold: fold.progress())
        seconds = time.perf_counter() - before
        store.close()
        assert progress.delivered > people * 0.9
    print(f"\n{MILLION:,} events of {people:,} people folded at a start")
    verdict("seconds", seconds, LONGEST, most=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--connections", type=int, default=16)
    asked = options.parse_args()
    logging.disable(logging.WARNING)
    sys.setswitchinterval(TURN)  # as the bot does
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    post_round(1, asked.people, asked.connections)
    post_round(5, asked.people // 5, asked.connections)
    start_round(asked.people)


if __name__ == "__main__":
    main()
