"""HTTP mode's door: what nobody signed is refused unread, and no stranger can fill the log with traces."""

import hashlib
import hmac
import logging
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.web import serve_web, web_application
from handlers.requests import slack_door
from handlers.ways import slack_app
from tests.test_web import FakeTracking, Visitor, run

SECRET = "of this test"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    app = slack_app(token="xoxb-1", url="http://127.0.0.1:9/api/", signing_secret=SECRET)
    pages = web_application(slack=slack_door(app, SECRET), tracking=FakeTracking(), run=run)
    running = await serve_web(pages, "127.0.0.1", 0)
    async with ClientSession() as session:
        yield Visitor(session, f"http://127.0.0.1:{running.port}")
    await running.close()


def signed(body: bytes, timestamp: str = "") -> dict[str, str]:
    timestamp = timestamp or str(int(time.time()))
    seal = hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={seal}"}


def loud(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{}", {}),
        (b"payload=%7B", FORM),
        (b"not json", JSON),
        (b"[]", JSON),
        (b"\xff\xfe", FORM),
        (b"", {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=00"}),
        (b"x", {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=é"}),
        (b"old", signed(b"old", "1700000000")),
    ],
)
async def test_an_unsigned_request_is_refused_unread(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, body: bytes, headers: dict[str, str]
) -> None:
    status, _, _ = await visitor.asks("/slack/events", "POST", data=body, headers=headers)
    assert status == 401
    assert loud(caplog) == []


@pytest.mark.parametrize("body", [b"[]", b"not json", b"{", b'"text"'])
async def test_a_signed_request_nobody_could_read_is_a_400_and_a_line(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    status, _, _ = await visitor.asks("/slack/events", "POST", data=body, headers={**JSON, **signed(body)})
    assert status == 400
    assert "a signed request could not be read" in caplog.text
    assert loud(caplog) == []


async def test_what_slack_signed_comes_in(visitor: Visitor) -> None:
    body = b'{"type": "url_verification", "challenge": "abc"}'
    status, text, _ = await visitor.asks("/slack/events", "POST", data=body, headers={**JSON, **signed(body)})
    assert (status, "abc" in text) == (200, True)


async def test_slacks_look_at_the_certificate_is_answered(visitor: Visitor) -> None:
    status, text, _ = await visitor.asks("/slack/events", "POST", data={"ssl_check": "1", "token": "t"})
    assert (status, text) == (200, "")
