"""Each documented rule of SendGrid: one request that breaks it, and the refusal expected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.playground.sendgrid import SendGridStandIn
from tests.playground.sendgrid_client import NOW, Body, get, letter, mail, person, post

Change = Callable[[Body], object]
__all__ = ["mail"]  # the fixture


def first(body: Body, **changes: Any) -> None:
    body["personalizations"][0].update(changes)


FAR = int((NOW + timedelta(hours=73)).timestamp())

BROKEN: dict[str, tuple[Change, str | None]] = {
    "no personalization": (lambda b: b.update(personalizations=[]), "personalizations"),
    "1,001 personalizations": (
        lambda b: b.update(personalizations=[person(n) for n in range(1001)]),
        "personalizations",
    ),
    "1,001 recipients in fewer personalizations": (
        lambda b: first(b, to=[person(n)["to"][0] for n in range(1001)]),
        "personalizations",
    ),
    "nobody in to": (lambda b: first(b, to=[]), "personalizations.0.to"),
    "a bad address, which blames its place": (
        lambda b: b["personalizations"].append({"to": [{"email": "anna@@client"}]}),
        "personalizations.1.to.0.email",
    ),
    "an address twice, whatever its case": (
        lambda b: b["personalizations"].append({"to": [{"email": "PERSON0@client.example"}]}),
        "personalizations.1.to.0.email",
    ),
    "more than 10,000 bytes of substitutions": (
        lambda b: first(b, substitutions={"-a-": "é" * 5_000}),
        "personalizations.0.substitutions",
    ),
    "a substitution that is no string": (lambda b: first(b, substitutions={"-n-": 3}), None),
    "custom_args of 10,000 bytes": (lambda b: b.update(custom_args={"a": "x" * 10_000}), "custom_args"),
    "custom_args of one person with the shared ones": (
        lambda b: (b.update(custom_args={"a": "x" * 6_000}), first(b, custom_args={"b": "x" * 6_000})),
        "personalizations.0.custom_args",
    ),
    "eleven categories": (lambda b: b.update(categories=[str(n) for n in range(11)]), "categories"),
    "a category of 256 characters": (lambda b: b.update(categories=["x" * 256]), "categories.0"),
    "a category that is not ASCII": (lambda b: b.update(categories=["été"]), "categories.0"),
    "send_at more than 72 hours ahead": (lambda b: b.update(send_at=FAR), "send_at"),
    "send_at of one person too far": (lambda b: first(b, send_at=FAR), "personalizations.0.send_at"),
    "no from": (lambda b: b.pop("from"), "from"),
    "Unicode in from": (
        lambda b: b.update({"from": {"email": "enquêtes@studio-nova.example"}}),
        "from.email",
    ),
    "a from that is no address": (lambda b: b.update({"from": {"email": "Studio Nova"}}), "from.email"),
    "a reply_to that is no address": (lambda b: b.update(reply_to={"email": "nobody"}), "reply_to.email"),
    "no subject": (lambda b: b.pop("subject"), "subject"),
    "no content": (lambda b: b.pop("content"), "content"),
    "an empty content": (lambda b: b["content"][0].update(value=""), "content.0.value"),
    "HTML before text": (lambda b: b["content"].reverse(), "content"),
    "the same MIME type twice": (
        lambda b: b["content"].append({"type": "text/html", "value": "x"}),
        "content",
    ),
    "a reserved header": (lambda b: b.update(headers={"Reply-To": "x"}), "headers.Reply-To"),
    "a reserved header of one person": (
        lambda b: first(b, headers={"bcc": "x"}),
        "personalizations.0.headers.bcc",
    ),
    "a line break in a header": (
        lambda b: first(b, headers={"X-A": "a\r\nBcc: b@c.example"}),
        "personalizations.0.headers.X-A",
    ),
    "a line break in a subject": (lambda b: b.update(subject="a\nb"), "subject"),
    "a line break that a substitution brings into the subject": (
        lambda b: (b.update(subject="-a-"), first(b, substitutions={"-a-": "x\r\ny"})),
        "personalizations.0",
    ),
    "a line break in a name": (
        lambda b: first(b, to=[{"email": "a@b.example", "name": "A\nB"}]),
        "personalizations.0.to",
    ),
    "an unknown unsubscribe group": (lambda b: b.update(asm={"group_id": 8}), "asm.group_id"),
    "an unknown parameter": (lambda b: b.update(sujet="x"), None),
    "a number where a text belongs": (lambda b: b.update(subject=3), None),
}


@pytest.mark.parametrize("rule", BROKEN)
async def test_a_broken_rule_refuses_the_whole_request(mail: SendGridStandIn, rule: str) -> None:
    change, field = BROKEN[rule]
    body = letter()
    change(body)
    status, answer, _ = await post(mail, body)
    assert status == 400
    assert field in [error["field"] for error in answer["errors"]], answer
    assert mail.letters == []
    assert [refusal.status for refusal in mail.refusals] == [400]


@pytest.mark.parametrize(
    ("key", "sender", "expected", "field"),
    [
        ("SG.another", "enquetes@studio-nova.example", 401, None),
        (None, "patron@autre.example", 403, "from"),
    ],
    ids=["an unknown key", "a sender nobody verified"],
)
async def test_who_may_send(
    mail: SendGridStandIn, key: str | None, sender: str, expected: int, field: str | None
) -> None:
    status, answer, _ = await post(mail, letter() | {"from": {"email": sender}}, key=key)
    assert (status, answer["errors"][0]["field"]) == (expected, field)
    assert mail.letters == []


async def test_over_20_megabytes_is_too_large(mail: SendGridStandIn) -> None:
    body = letter()
    body["content"][0]["value"] = "x" * 20_000_000
    assert (await post(mail, body))[0] == 413


async def test_what_is_no_json_is_a_bare_bad_request(mail: SendGridStandIn) -> None:
    status, answer, _ = await post(mail, b"{not json")
    assert status == 400
    assert answer == {"errors": [{"message": "Bad Request", "field": None, "help": None}]}


async def test_a_key_without_the_scope_is_forbidden(mail: SendGridStandIn) -> None:
    mail.account.scopes.discard("mail.send")
    assert (await post(mail, letter()))[0] == 403


async def test_any_address_at_an_authenticated_domain_may_send(mail: SendGridStandIn) -> None:
    status, _, headers = await post(mail, letter() | {"from": {"email": "anna@studio-nova.example"}})
    assert status == 202
    assert headers["X-Message-Id"]
    assert mail.refusals == []


async def test_a_sandbox_request_is_judged_and_not_delivered(mail: SendGridStandIn) -> None:
    sandbox = {"mail_settings": {"sandbox_mode": {"enable": True}}}
    assert (await post(mail, letter() | sandbox))[0] == 200
    assert (await post(mail, letter({"to": []}) | sandbox))[0] == 400
    assert mail.letters == []


async def test_suppression_lists_come_in_pages(mail: SendGridStandIn) -> None:
    for number in range(3):
        mail.suppress("bounces", f"p{number}@client.example", reason="550", status="5.1.1")
    path = "/v3/suppression/bounces"
    everybody = (await get(mail, path))[1]
    assert {row["email"] for row in everybody} == {f"p{n}@client.example" for n in range(3)}
    assert (await get(mail, f"{path}?limit=2&offset=2"))[1] == everybody[2:]
    assert (await get(mail, f"{path}?start_time={int(NOW.timestamp()) + 1}"))[1] == []
    assert (await get(mail, f"{path}?limit=501"))[0] == 400
    assert (await get(mail, f"{path}?limit=many"))[0] == 400
    assert (await get(mail, "/v3/suppression/friends"))[0] == 404


async def test_the_account_tells_who_may_send_and_what_is_left(mail: SendGridStandIn) -> None:
    await post(mail, letter())
    senders = (await get(mail, "/v3/verified_senders"))[1]["results"]
    assert [(row["from_email"], row["verified"]) for row in senders] == [
        ("enquetes@studio-nova.example", True)
    ]
    assert [row["domain"] for row in (await get(mail, "/v3/whitelabel/domains"))[1]] == [
        "studio-nova.example"
    ]
    assert "mail.send" in (await get(mail, "/v3/scopes"))[1]["scopes"]
    assert (await get(mail, "/v3/user/credits"))[1]["remain"] == 99_999


async def test_a_group_keeps_its_own_suppressions(mail: SendGridStandIn) -> None:
    path = "/v3/asm/groups/7/suppressions"
    status, answer, _ = await post(mail, {"recipient_emails": ["anna@client.example"]}, path=path)
    assert (status, answer) == (201, {"recipient_emails": ["anna@client.example"]})
    assert await get(mail, path) == (200, ["anna@client.example"])
    assert (await post(mail, {"recipient_emails": ["anna"]}, path=path))[0] == 400
    assert (await get(mail, "/v3/asm/groups/8/suppressions"))[0] == 404


async def test_a_letter_wakes_whoever_waits_for_it(mail: SendGridStandIn) -> None:
    arrived: list[str] = []
    leave = mail.subscribe(lambda letter: arrived.append(letter.to))
    waiting = asyncio.create_task(mail.until(lambda: len(mail.letters) == 1))
    await post(mail, letter())
    await waiting
    leave()
    await post(mail, letter(person(2)))
    assert arrived == ["person0@client.example"]
    with pytest.raises(AssertionError, match="2 letters"):
        await mail.until(lambda: len(mail.letters) == 9, timeout=0.01)
