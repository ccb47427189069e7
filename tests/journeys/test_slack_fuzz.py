"""HTTP mode: whatever is posted where Slack posts. Unsigned it is refused unread; signed and senseless, it
is answered, and nobody is troubled by it."""

import asyncio
import hashlib
import hmac
import logging
import resource
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.playground.run import forget_the_real_world
from bot.playground.run import town as build_town
from tests.journeys.harness import Town
from tests.journeys.test_public_fuzz import BODY, ROOM, Door, is_harmless, status

SECRET = "0f7415e5ca1cb0a5e5e7bde5b5a8f00d"
WAY = "/slack/events"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FREELY = settings(
    max_examples=120, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """As the harness opens it, in HTTP mode; what the bot asks Slack about nobodies may be refused."""
    forget_the_real_world()
    playground = build_town(tmp_path / "data", slack_app_token=None, slack_signing_secret=SECRET)
    await playground.start()
    yield Town(playground)
    await playground.stop()


def seal(body: bytes, timestamp: str, secret: str = SECRET) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


def signed(body: bytes, kind: str = JSON) -> tuple[tuple[str, str], ...]:
    now = str(int(time.time()))
    return (
        ("Content-Type", kind), ("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", seal(body, now)),
    )  # fmt: skip


def is_untouched(town: Town) -> None:
    store = town.bot.store
    assert store.lists.workspaces() == []
    assert store.campaigns.workspaces() == []
    assert store.inbox.pending() == []


async def test_what_is_not_signed_by_slack_is_refused_unread(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    door = Door(town)
    body = orjson.dumps({"type": "url_verification", "challenge": "abc"})
    now = str(int(time.time()))
    good = seal(body, now)
    altered = good[:-1] + chr(ord(good[-1]) ^ 1)
    forged = {
        "nothing": (),
        "no signature": (("X-Slack-Request-Timestamp", now),),
        "no time": (("X-Slack-Signature", good),),
        "another secret": (("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", seal(body, now, "x"))),
        "another body": (("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", seal(body + b" ", now))),
        "another time": (("X-Slack-Request-Timestamp", str(int(now) + 1)), ("X-Slack-Signature", good)),
        "one bit": (("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", altered)),
        "cut short": (("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", good[:-1])),
        "another version": (("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", "v1" + good[2:])),
        "twice": (("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", f"{good},{good}")),
        "of yesterday": (
            ("X-Slack-Request-Timestamp", "1700000000"), ("X-Slack-Signature", seal(body, "1700000000")),
        ),
        "of tomorrow": (
            ("X-Slack-Request-Timestamp", "9999999999"), ("X-Slack-Signature", seal(body, "9999999999")),
        ),
        "no number": (("X-Slack-Request-Timestamp", "soon"), ("X-Slack-Signature", seal(body, "soon"))),
        "too large": (("X-Slack-Request-Timestamp", "9" * 400), ("X-Slack-Signature", good)),
        "not finite": (("X-Slack-Request-Timestamp", "1e999"), ("X-Slack-Signature", good)),
    }  # fmt: skip

    def all_of_them() -> dict[str, int]:
        return {name: status(door.asks("POST", WAY, body, headers)) for name, headers in forged.items()}

    with caplog.at_level(logging.ERROR):
        answers = await asyncio.to_thread(all_of_them)
    assert answers == dict.fromkeys(forged, 401)
    assert caplog.records == []
    heard = await asyncio.to_thread(door.asks, "POST", WAY, body, signed(body))
    assert status(heard) == 200
    assert b"abc" in heard
    is_untouched(town)


async def test_anything_unsigned(town: Town) -> None:
    door = Door(town)
    text = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=120)
    names = st.sampled_from(["Content-Type", "X-Slack-Request-Timestamp", "X-Slack-Signature", "Cookie"])

    @FREELY
    @given(body=st.binary(max_size=2_000), headers=st.lists(st.tuples(names, text), max_size=4))
    def strange(body: bytes, headers: list[tuple[str, str]]) -> None:
        answer = door.asks("POST", WAY, body, tuple(headers))
        is_harmless(answer)
        assert status(answer) in (400, 401) or b"ssl_check=1" in body

    await asyncio.to_thread(partial(strange))
    is_untouched(town)


KEYS = st.sampled_from(
    [
        "type", "event", "event_id", "team_id", "api_app_id", "user", "user_id", "team", "channel", "files",
        "actions", "action_id", "value", "view", "state", "values", "callback_id", "private_metadata",
        "command", "text", "trigger_id", "container", "message", "authorizations", "enterprise_id", "hash",
        "id", "tab", "subtype", "ts", "response_url", "block_id", "selected_option", "is_ext_shared_channel",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "event_callback", "block_actions", "view_submission", "view_closed", "message_action", "",
        "block_suggestion", "message", "app_home_opened", "user_change", "url_verification", "T0DEMO",
        "U0CLAIRE", "U0NOBODY", "lists.view", "campaigns.check", "campaigns.new", "/contacts", "journal",
        "home", "lst_a:1", "im",
    ]
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | WORDS | st.text(max_size=30)
ANYTHING = st.recursive(
    LEAVES, lambda some: st.lists(some, max_size=3) | st.dictionaries(KEYS, some, max_size=6), max_leaves=25
)


async def test_signed_and_senseless_events(town: Town) -> None:
    door = Door(town)

    @FREELY
    @given(
        payload=ANYTHING, kind=st.sampled_from(["event_callback", "url_verification", "app_rate_limited", ""])
    )
    def strange(payload: Any, kind: str) -> None:
        if isinstance(payload, dict) and kind:
            payload = {**payload, "type": kind}
        body = orjson.dumps(payload, option=orjson.OPT_PASSTHROUGH_SUBCLASS) if _fits(payload) else b"{}"
        is_harmless(door.asks("POST", WAY, body, signed(body)))

    await asyncio.to_thread(partial(strange))
    is_untouched(town)


async def test_signed_and_senseless_clicks(town: Town) -> None:
    door = Door(town)
    kinds = [
        "block_actions",
        "view_submission",
        "view_closed",
        "message_action",
        "block_suggestion",
        "shortcut",
    ]

    @FREELY
    @example(payload={"actions": None}, kind="block_actions", plain=False)
    @example(payload={"view": []}, kind="view_submission", plain=False)
    @given(payload=ANYTHING, kind=st.sampled_from(kinds), plain=st.booleans())
    def strange(payload: Any, kind: str, *, plain: bool) -> None:
        if isinstance(payload, dict):
            payload = {**payload, "type": kind}
        written = orjson.dumps(payload).decode() if _fits(payload) else "{}"
        fields = {"command": written[:100], "text": written} if plain else {"payload": written}
        body = urlencode(fields, errors="replace").encode()
        is_harmless(door.asks("POST", WAY, body, signed(body, FORM)))

    await asyncio.to_thread(partial(strange))
    is_untouched(town)


def _fits(payload: Any) -> bool:
    """JSON as Slack could write it: integers of 64 bits, no half characters."""
    try:
        orjson.dumps(payload)
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_is_never_in_memory(town: Town, *, chunked: bool) -> None:
    door, piece = Door(town), b"x" * 65_536
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % BODY
    head = b"\r\n".join([b"POST /slack/events HTTP/1.1", b"Host: x", b"Connection: close", framing, b"", b""])
    part = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece

    def flood() -> bytes:
        return door.sends(head, *(part for _ in range(BODY // len(piece))))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    is_harmless(await asyncio.to_thread(flood))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < ROOM, f"{grown} kB more"
    is_untouched(town)


async def test_many_at_once_are_bounded_too(town: Town) -> None:
    """Forty bodies at the limit, none signed."""
    door, body = Door(town), b"y" * (2 * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers = await asyncio.gather(*(asyncio.to_thread(door.asks, "POST", WAY, body) for _ in range(40)))
    assert {status(one) for one in answers} <= {401, 0}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 40 * 5 * 1024 + ROOM, f"{grown} kB more"
