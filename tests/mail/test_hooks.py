"""Does the account post events to us? What its settings answer, read without trust."""

import asyncio
from datetime import UTC, datetime

import orjson
import pytest

from bot.mail.hooks import EVENTS, hooks
from bot.mail.sendgrid import SendGridMailer
from bot.playground.sendgrid import SendGridStandIn
from bot.ports import NotTaken, Refused

ROW = {"enabled": True, "url": "https://bot.example/sendgrid/events", "delivered": True, "bounce": True}
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def answer(*rows: object) -> bytes:
    return orjson.dumps({"max_allowed": 5, "webhooks": list(rows)})


def test_a_row_is_read() -> None:
    signed, plain, silent = (ROW | {"public_key": "MFkw"}, ROW | {"public_key": None}, ROW)
    found = hooks(200, answer(signed, plain, silent))
    assert isinstance(found, list)
    assert [one.key for one in found] == ["MFkw", "", None]
    assert {one.events for one in found} == {frozenset({"delivered", "bounce"})}


@pytest.mark.parametrize("row", [{}, {"url": None, "enabled": "yes", "delivered": 1, "public_key": ""}])
def test_a_strange_row_is_off_and_ticks_nothing(row: dict[str, object]) -> None:
    (one,) = hooks(200, answer(row, 7, None))  # type: ignore[misc]
    assert (one.is_enabled, one.events, one.url) == (False, frozenset(), "")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"webhooks": {}}', b"null", b'{"webhooks": null}'])
def test_what_is_no_answer_is_none(body: bytes) -> None:
    assert isinstance(hooks(200, body), NotTaken)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, Refused), (403, Refused), (404, Refused), (429, NotTaken), (500, NotTaken), (302, NotTaken)],
)
def test_refusals(status: int, kind: type) -> None:
    assert isinstance(hooks(status, b"{}"), kind)


async def test_the_stand_in_tells_it() -> None:
    mail = SendGridStandIn(now=lambda: NOW, webhook_url="http://127.0.0.1:9/sendgrid/events")
    await mail.start()
    mailer = SendGridMailer(api_key=mail.api_key, api_url=mail.url)
    try:
        (one,) = await asyncio.to_thread(mailer.hooks)  # type: ignore[misc]
        assert (one.url, one.is_enabled, one.key) == (mail.webhook_url, True, mail.webhook_public_key)
        assert one.events == set(EVENTS)
        mail.hooks.is_signed, mail.hooks.ticked = False, {"bounce"}
        (one,) = await asyncio.to_thread(mailer.hooks)  # type: ignore[misc]
        assert (one.key, one.events) == ("", {"bounce"})
        mail.account.scopes.discard("user.webhooks.event.settings.read")
        assert isinstance(await asyncio.to_thread(mailer.hooks), Refused)
        mail.webhook_url = ""
    finally:
        mailer.close()
        await mail.close()
    assert isinstance(await asyncio.to_thread(mailer.hooks), NotTaken)
    mailer.close()
