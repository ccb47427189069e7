"""Killed while the mail service tells what became of letters: whatever was answered is there."""

import random
import threading
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import orjson
import pytest

from bot.core.facts import Happened
from bot.core.ids import CampaignId
from bot.web import SIGNATURE, TIMESTAMP
from tests.kills.nursery import Nursery
from tests.kills.run import opened
from tests.kills.wiring import HOME
from tests.services.posts import Key, event, sent

SEED = 20261123
LIVES, SIZE, EACH = 6, 60_000, 20
STAMP = "1800000000"


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    with Nursery() as opened:
        yield opened


def told(post: int) -> list[dict[str, object]]:
    """Twenty people's letters: the first of them does not exist any more."""
    first = post * EACH
    events = [event("delivered", first + place) for place in range(1, EACH)]
    return [event("bounce", first, type="bounce", status="5.1.1"), *events, *events[:5]]


def answered(key: Key, post: int, connection: HTTPConnection) -> bool:
    raw = orjson.dumps(told(post))
    try:
        connection.request(
            "POST", "/sendgrid/events", raw, {SIGNATURE: key.sign(STAMP, raw), TIMESTAMP: STAMP}
        )
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException):
        return False
    assert answer.status == 200
    return True


def tells(nursery: Nursery, folder: Path, key: Key, seconds: float, posts: Iterator[int]) -> Iterator[int]:
    """The posts that were answered, until the bot is killed. Two connections at once."""
    pid = nursery.start("hear", folder=folder, key=key.public)
    _, port = nursery.wait_for("listening")
    timer = threading.Timer(seconds, partial(nursery.kill, pid))
    timer.start()
    found: list[int] = []
    taking = threading.Lock()

    def tell() -> None:
        connection = HTTPConnection("127.0.0.1", int(port), timeout=20)
        while True:
            with taking:
                post = next(posts, None)
            if post is None or not answered(key, post, connection):
                break
            found.append(post)
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    timer.join()
    nursery.wait_for("buried")
    yield from found


def test_killed_while_events_come_in_whatever_was_answered_is_there(nursery: Nursery, tmp_path: Path) -> None:
    rng, folder, key = random.Random(SEED), tmp_path / "data", Key()
    people = [f"p{number}@example.com" for number in range(SIZE)]
    with opened(folder) as store:
        store.secret("tokens")
        sent(store, "cmp_a", HOME, people=people)
    posts, known = iter(range(SIZE // EACH)), set[int]()
    for _ in range(LIVES):
        known |= set(tells(nursery, folder, key, rng.uniform(0.02, 0.25), posts))
        check(folder, known)
    assert len(known) > LIVES


def check(folder: Path, known: set[int]) -> None:
    with opened(folder) as store:
        bits = store.ledgers.read(HOME, CampaignId("cmp_a"), lambda fold: fold.bits[:])
        suppressed = {one.address for one in store.suppressions.all(HOME)}
    for post in known:
        first = post * EACH
        assert bits[first] & Happened.BOUNCED
        assert f"p{first}@example.com" in suppressed
        assert all(bits[first + place] & Happened.DELIVERED for place in range(1, EACH))
