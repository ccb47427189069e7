"""The stand-in's Email Logs: the documented grammar and nothing beside it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.playground.sendgrid import SendGridStandIn
from tests.playground.sendgrid_client import NOW, letter, mail, person, post

__all__ = ["mail"]

SEEN = {"from_email", "sg_message_id", "subject", "to_email", "status", "sg_message_id_created_at"}


@pytest.fixture
def readable(mail: SendGridStandIn) -> SendGridStandIn:
    mail.account.logs_readable = True
    return mail


async def asks(mail: SendGridStandIn, query: object, **more: object) -> tuple[int, Any]:
    status, answer, _ = await post(mail, {"query": query, **more}, path="/v3/logs")
    return status, answer


async def finds(mail: SendGridStandIn, query: str, **more: object) -> list[str]:
    status, answer = await asks(mail, query, **more)
    assert status == 200, answer
    return [row["to_email"] for row in answer["messages"]]


async def test_the_log_is_closed_until_the_key_may_read_it(mail: SendGridStandIn) -> None:
    assert (await asks(mail, ""))[0] == 403
    assert mail.refusals == [], "a permission is no rule"


async def test_one_letter_by_its_address_its_category_and_its_moment(readable: SendGridStandIn) -> None:
    await post(readable, {**letter(person(1), person(2)), "categories": ["postillon:cmp_1"]})
    await post(readable, {**letter(person(2)), "categories": ["postillon:cmp_2"]})
    moment = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    query = """to_email = "person2@client.example" AND categories IN ('postillon:cmp_1')"""
    assert await finds(readable, query) == ["person2@client.example"]
    after = f'sg_message_id_created_at > TIMESTAMP "{moment}"'
    since = f'sg_message_id_created_at >= TIMESTAMP "{moment}"'
    assert await finds(readable, f"{query} AND {since}") == ["person2@client.example"]
    assert await finds(readable, f"{query} AND {after}") == []
    assert await finds(readable, "categories IN ('a', 'postillon:cmp_2')") == ["person2@client.example"]
    assert await finds(readable, "status IN ('delivered')", limit=2) == [
        "person1@client.example",
        "person2@client.example",
    ]
    (row,) = (await asks(readable, query))[1]["messages"]
    assert set(row) == SEEN, "no categories, no custom_args"


async def test_a_late_log(readable: SendGridStandIn) -> None:
    readable.account.logs_delay = timedelta(minutes=1)
    await post(readable, letter(person(1)))
    assert await finds(readable, "") == []


async def test_a_dropped_letter_stands_there_too(readable: SendGridStandIn) -> None:
    readable.suppress("bounces", "person1@client.example")
    await post(readable, letter(person(1)))
    (row,) = (await asks(readable, "status IN ('dropped')"))[1]["messages"]
    assert row["reason"] == "Bounced Address"


@pytest.mark.parametrize(
    "query",
    [
        "to_email = 'person2@client.example'",
        "to_email LIKE 'a'",
        'to_email IN ("a")',
        'status = "delivered"',
        "status IN ('sent')",
        'categories IN ("a")',
        "categories IN ()",
        'TO_EMAIL = "a"',
        'to_email = "a" OR subject = "b"',
        '(to_email = "a")',
        "sg_message_id_created_at > 'yesterday'",
        'sg_message_id_created_at = TIMESTAMP "2026-11-23T09:00:00Z"',
        'sg_message_id_created_at > TIMESTAMP "yesterday"',
        'sg_message_id_created_at > TIMESTAMP "2026-11-23T09:00:00"',
        7,
    ],
)
async def test_what_is_not_documented_is_refused(readable: SendGridStandIn, query: object) -> None:
    assert (await asks(readable, query))[0] == 400


@pytest.mark.parametrize("limit", [0, 1001, "10"])
async def test_a_page_is_of_one_to_a_thousand(readable: SendGridStandIn, limit: object) -> None:
    assert (await asks(readable, "", limit=limit))[0] == 400
