"""One letter looked for in SendGrid's log: the question, the answers, and the real client."""

from datetime import timedelta

import orjson
import pytest

from bot.mail import logs
from bot.playground.sendgrid import SendGridStandIn
from bot.ports import NotTaken, Refused
from tests.mail.conftest import NOW, Post, contact, written

EMAIL = "p0@client.example"


def answer(*emails: object) -> bytes:
    return orjson.dumps({"messages": [{"to_email": email, "status": "dropped"} for email in emails]})


def verdict(status: int, body: bytes = b"", **headers: str) -> bool | Refused | NotTaken:
    return logs.answered(status, headers, body, EMAIL, now=NOW)


def test_the_question_as_it_is_documented() -> None:
    asked = logs.asked(EMAIL, "postillon:cmp_1", NOW.replace(microsecond=999_999))
    assert asked is not None
    assert orjson.loads(asked) == {
        "query": "to_email = \"p0@client.example\" AND categories IN ('postillon:cmp_1') "
        'AND sg_message_id_created_at >= TIMESTAMP "2026-11-23T09:00:00Z"',
        "limit": 10,
    }


@pytest.mark.parametrize("email", ['"a b"@client.example', 'a"or@client.example', "a\\@client.example", ""])
def test_an_address_that_would_need_an_escape_is_not_asked_for(email: str) -> None:
    assert logs.asked(email, "postillon:cmp_1", NOW) is None


def test_a_row_about_that_person_is_a_proof_whatever_its_status() -> None:
    assert verdict(200, answer("P0@Client.example")) is True
    assert verdict(200, answer()) is False
    assert verdict(200, answer("p1@client.example", 7, None)) is False, "somebody else's proves nothing"


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404])
def test_a_key_that_may_not_read_it(status: int) -> None:
    assert isinstance(verdict(status, b'{"errors":[{"message":"access forbidden"}]}'), Refused)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"<html>"), (502, b""), (408, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"messages":7}')],
)
def test_an_answer_that_says_nothing(status: int, body: bytes) -> None:
    assert isinstance(verdict(status, body), NotTaken)


def test_a_busy_log_says_for_how_long() -> None:
    assert verdict(429, **{"Retry-After": "90"}) == NotTaken(seconds=90.0, why="busy")


async def test_the_real_client_finds_the_letter_of_this_campaign(post: Post) -> None:
    service: SendGridStandIn = post.service
    service.account.logs_readable = True
    await post.sends(written(), contact(0), contact(1))

    async def holds(email: str, campaign: str = "cmp_1", earlier: float = 0) -> object:
        since = NOW + timedelta(seconds=earlier)
        return await post.runs(lambda: post.mailer.holds(email, campaign=campaign, since=since))

    assert await holds(EMAIL) is True
    assert await holds(EMAIL, earlier=1) is False
    assert await holds(EMAIL, campaign="cmp_2") is False
    assert await holds("p2@client.example") is False
    assert await holds('"odd one"@client.example') is False
    assert service.refusals == []


async def test_a_closed_log_and_a_service_that_is_gone(post: Post) -> None:
    held = await post.runs(lambda: post.mailer.holds(EMAIL, campaign="cmp_1", since=NOW))
    assert isinstance(held, Refused)
    await post.service.close()
    held = await post.runs(lambda: post.mailer.holds(EMAIL, campaign="cmp_1", since=NOW))
    assert isinstance(held, NotTaken)
