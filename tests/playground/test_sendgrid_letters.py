"""What people receive, and the bad days a test may order."""

from __future__ import annotations

import aiohttp
import pytest

from bot.playground.sendgrid import SendGridStandIn
from tests.playground.sendgrid_client import NOW, get, letter, mail, person, post

__all__ = ["mail"]  # the fixture


async def test_each_person_gets_a_letter_of_their_own(mail: SendGridStandIn) -> None:
    body = letter(
        person(1) | {"substitutions": {"-name-": "Zoé & Cie"}, "headers": {"X-Who": "-name-"[1:5]}},
        person(2) | {"substitutions": {"-name-": "Bob"}, "custom_args": {"n": "2"}},
    )
    body |= {"subject": "Bonjour -name-", "custom_args": {"campaign": "c1"}, "categories": ["postillon"]}
    body["content"] = [
        {"type": "text/plain", "value": "Cher -name-,"},
        {"type": "text/html", "value": "<p>Cher -name-,</p>"},
    ]
    status, _, headers = await post(mail, body)
    assert status == 202
    zoe, bob = mail.letters
    assert (zoe.to, zoe.to_name, zoe.subject) == ("person1@client.example", "Zoé", "Bonjour Zoé & Cie")
    assert zoe.html == "<p>Cher Zoé & Cie,</p>", "replaced as it is, without escaping"
    assert bob.text == "Cher Bob,"
    assert bob.custom_args == {"campaign": "c1", "n": "2"}
    assert bob.categories == ("postillon",)
    assert bob.at == NOW
    assert {zoe.message_id, bob.message_id} == {headers["X-Message-Id"]}
    assert zoe.id != bob.id


async def test_a_value_that_holds_a_tag_is_expanded_too(mail: SendGridStandIn) -> None:
    await post(mail, letter(person() | {"substitutions": {"-a-": "x", "-b-": "-a-"}}) | {"subject": "-b-"})
    assert mail.letters[0].subject == "x"


async def test_names_lose_their_commas(mail: SendGridStandIn) -> None:
    await post(mail, letter({"to": [{"email": "a@b.example", "name": "Martin, Zoé; DG"}]}))
    assert mail.letters[0].to_name == "Martin Zoé DG"


async def test_subscription_tracking_puts_its_page_where_the_tag_stands(mail: SendGridStandIn) -> None:
    tracking = {"subscription_tracking": {"enable": True, "substitution_tag": "-out-"}}
    body = letter() | {"tracking_settings": tracking}
    body["content"][0]["value"] = "Stop: -out-"
    await post(mail, body)
    received = mail.letters[0]
    url = received.text.removeprefix("Stop: ")
    assert received.headers["List-Unsubscribe"] == f"<{url}>"
    async with aiohttp.ClientSession() as session, session.get(url) as page:
        assert page.status == 200
    assert [row["email"] for row in (await get(mail, "/v3/suppression/unsubscribes"))[1]] == [received.to]
    await post(mail, body)
    assert [letter.dropped for letter in mail.dropped] == ["Unsubscribed Address"]
    assert len(mail.letters) == 1


async def test_no_way_out_is_added_unasked(mail: SendGridStandIn) -> None:
    await post(mail, letter())
    assert "List-Unsubscribe" not in mail.letters[0].headers


async def test_a_suppressed_address_costs_a_credit_and_gets_nothing(mail: SendGridStandIn) -> None:
    mail.suppress("bounces", "person0@client.example")
    mail.suppress("blocks", "person1@client.example")
    await post(mail, letter(person(0), person(1)))
    assert [received.to for received in mail.letters] == ["person1@client.example"], "a block is of one day"
    assert mail.account.credit_used == 2


async def test_the_next_answer_can_be_ordered(mail: SendGridStandIn) -> None:
    mail.answer_next(429, headers={"Retry-After": "7"})
    mail.answer_next(502, "<html>bad gateway", taken=True)
    status, _, headers = await post(mail, letter())
    assert (status, headers["Retry-After"], mail.letters) == (429, "7", [])
    status, words, _ = await post(mail, letter())
    assert (status, words, len(mail.letters)) == (502, "<html>bad gateway", 1)
    assert (await post(mail, letter()))[0] == 202
    assert mail.refusals == [], "a bad day is nobody's broken rule"


@pytest.mark.parametrize(("order", "arrived"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_connection_can_be_reset(mail: SendGridStandIn, order: str, arrived: int) -> None:
    getattr(mail, order)()
    with pytest.raises(aiohttp.ClientError):
        await post(mail, letter())
    await mail.until(lambda: len(mail.requests) == 1)
    assert len(mail.letters) == arrived
    assert mail.requests[0].status == 0


async def test_a_refused_key_and_spent_credits_last_until_recovery(mail: SendGridStandIn) -> None:
    mail.credits_gone()
    status, answer, _ = await post(mail, letter())
    assert (status, answer["errors"][0]["message"]) == (401, "Maximum credits exceeded")
    mail.refuse_key()
    assert (await get(mail, "/v3/scopes"))[0] == 401
    mail.recover()
    assert (await post(mail, letter()))[0] == 202
    assert mail.refusals == []


async def test_the_last_credit_is_the_last_letter() -> None:
    short = SendGridStandIn(now=lambda: NOW, credit=1)
    await short.start()
    assert (await post(short, letter()))[0] == 202
    assert (await post(short, letter()))[0] == 401
    await short.close()
