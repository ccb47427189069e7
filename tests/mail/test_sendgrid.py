"""The Mailer over the real client: what leaves, and what each answer means."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.core.letters import Sender, Unsubscribe
from bot.mail.sendgrid import CAMPAIGN_ARG, RECIPIENT_ARG, WAVE_ARG
from bot.mail.wire import Timeouts
from bot.playground.sendgrid import SendGridStandIn
from bot.ports import NotTaken, Outcome, Refused, Request, SomeRefused, Taken, Unknown

from .conftest import LINK, NOW, Post, contact, written


async def test_each_person_receives_a_letter_of_their_own(post: Post) -> None:
    people = [contact(0), contact(1, first_name="<b>Bob</b>", last_name="O'Hara; & Co, Ltd")]
    outcome = await post.sends(written("Bonjour {{prénom}}, [répondez]({{lien}}) !"), *people)
    zoe, bob = post.service.letters
    assert outcome == Taken(message_id=zoe.message_id)
    assert (zoe.to, zoe.to_name, zoe.subject) == ("p0@client.example", "Zoé Noël", "Votre avis, Zoé")
    assert (zoe.sender, zoe.sender_name) == ("enquetes@studio-nova.example", "Studio Nova")
    assert "Bonjour Zoé" in zoe.html
    assert f"répondez <{LINK}>" in zoe.text
    assert "&lt;b&gt;Bob&lt;/b&gt;" in bob.html
    assert "<b>Bob" not in bob.html
    assert "Bonjour <b>Bob</b>" in bob.text
    assert bob.custom_args == {CAMPAIGN_ARG: "cmp_1", WAVE_ARG: "0", RECIPIENT_ARG: "1"}
    assert post.service.refusals == []


async def test_a_letter_carries_its_own_way_out(post: Post) -> None:
    letter = written(unsubscribe=Unsubscribe(page=True, mailto="stop@studio-nova.example"))
    await post.sends(letter, unsubscribe_url="https://bot.example/u/tok-1")
    received = post.service.letters[0]
    assert received.headers == {
        "List-Unsubscribe": "<https://bot.example/u/tok-1>, <mailto:stop@studio-nova.example>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert 'href="https://bot.example/u/tok-1"' in received.html
    assert "https://bot.example/u/tok-1 ou écrivez à stop@studio-nova.example" in received.text


async def test_without_a_public_url_the_service_makes_the_way_out(post: Post) -> None:
    await post.sends(written(unsubscribe=Unsubscribe(page=False)))
    received = post.service.letters[0]
    assert received.headers["List-Unsubscribe"] == f"<{post.service.url}/exit/{received.id}>"
    assert f'href="{post.service.url}/exit/{received.id}"' in received.html
    assert f"{post.service.url}/exit/{received.id}" in received.text
    assert "k3v9" not in received.html + received.text


async def test_a_group_takes_the_place_of_the_global_list(
    service: SendGridStandIn, post_to: Callable[..., Post]
) -> None:
    post = post_to(service, group=7)
    await post.sends(written(unsubscribe=Unsubscribe(page=False)))
    await post.sends(written(unsubscribe=Unsubscribe(page=True)), contact(1))
    grouped, ours = service.letters
    assert grouped.unsubscribe_group == 7
    assert f"{service.url}/exit/{grouped.id}" in grouped.text
    assert ours.unsubscribe_group is None
    assert service.refusals == []


async def test_nothing_is_tracked_and_it_is_said(post: Post) -> None:
    await post.sends(written(reply_to=Sender(address="anna@studio-nova.example", name="Anna")))
    body = post.service.requests[0].body
    assert isinstance(body, dict)
    assert {name: setting["enable"] for name, setting in body["tracking_settings"].items()} == {
        "click_tracking": False,
        "open_tracking": False,
        "subscription_tracking": False,
        "ganalytics": False,
    }
    assert post.service.letters[0].reply_to == "anna@studio-nova.example"


async def test_an_address_at_an_international_domain_is_spelled_in_ascii(post: Post) -> None:
    await post.sends(written(), contact(email="Zoe@société.example"))
    assert post.service.letters[0].to == "Zoe@xn--socit-esab.example"


async def test_the_sandbox_takes_and_delivers_nothing(
    service: SendGridStandIn, post_to: Callable[..., Post]
) -> None:
    assert await post_to(service, sandbox=True).sends(written()) == Taken(message_id="")
    assert service.letters == []
    assert [seen.status for seen in service.requests] == [200]


async def test_a_thousand_letters_go_in_one_request(post: Post) -> None:
    outcome = await post.sends(written(), *(contact(number) for number in range(1000)))
    assert isinstance(outcome, Taken)
    assert len(post.service.letters) == 1000
    assert post.service.letters[999].to == "p999@client.example"


async def test_a_refused_person_is_named_and_nobody_is_written_to(post: Post) -> None:
    outcome = await post.sends(written(), contact(0), contact(1, email="anna@@x"), contact(2))
    assert outcome == SomeRefused(positions={1: "Does not contain a valid address."})
    assert post.service.letters == []


async def test_a_duplicate_is_refused_without_its_address_in_the_reason(post: Post) -> None:
    outcome = await post.sends(written(), contact(0), contact(0))
    assert isinstance(outcome, SomeRefused)
    assert list(outcome.positions) == [1]
    assert "@" not in outcome.positions[1]


def _error(message: str, field: str | None = None) -> dict[str, object]:
    return {"errors": [{"message": message, "field": field, "help": None}]}


IN_TEN_MINUTES = int((NOW + timedelta(minutes=10)).timestamp())
ANSWERS: dict[str, tuple[int, object, dict[str, str], Outcome]] = {
    "accepted": (202, None, {"X-Message-Id": "m1"}, Taken(message_id="m1")),
    "busy, seconds named": (429, None, {"Retry-After": "7"}, NotTaken(seconds=7, why="busy")),
    "busy, a date named": (
        429,
        None,
        {"Retry-After": format_datetime(NOW + timedelta(minutes=2), usegmt=True)},
        NotTaken(seconds=120, why="busy"),
    ),
    "busy, reset named": (
        429,
        None,
        {"X-RateLimit-Reset": str(IN_TEN_MINUTES)},
        NotTaken(seconds=600, why="busy"),
    ),
    "busy, nothing named": (429, "<html>", {}, NotTaken(seconds=60, why="busy")),
    "busy for an absurd time": (429, None, {"Retry-After": "999999"}, NotTaken(seconds=3600, why="busy")),
    "credits gone": (
        401,
        _error("Maximum credits exceeded"),
        {},
        Refused(why="credits", detail="Maximum credits exceeded"),
    ),
    "key revoked": (401, _error("revoked"), {}, Refused(why="key", detail="revoked")),
    "key without the right": (403, "", {}, Refused(why="key", detail="HTTP 403")),
    "sender unknown": (
        403,
        _error("The from address does not match a verified Sender Identity", "from"),
        {},
        Refused(why="sender", detail="The from address does not match a verified Sender Identity (from)"),
    ),
    "busy, both named": (
        429,
        None,
        {"Retry-After": "7", "X-RateLimit-Reset": str(IN_TEN_MINUTES)},
        NotTaken(seconds=7, why="busy"),
    ),
    "credits gone, in a page": (
        401,
        "<html>Unauthorized",
        {"Content-Type": "text/html"},
        Refused(why="key", detail="HTTP 401"),
    ),
    "refused by a proxy": (403, "<html>Forbidden", {}, Refused(why="key", detail="HTTP 403")),
    "refused in a page": (400, "<html>Bad request", {}, Refused(why="letter", detail="HTTP 400")),
    "a person refused": (
        400,
        _error("no address", "personalizations.0.to.0.email"),
        {},
        SomeRefused(positions={0: "no address"}),
    ),
    "several refused": (
        400,
        {
            "errors": [
                {"message": "a", "field": "personalizations.0.to"},
                {"message": "b", "field": "personalizations.7"},
                {"message": "c", "field": "personalizations.0.substitutions"},
            ]
        },
        {},
        SomeRefused(positions={0: "a", 7: "b"}),
    ),
    "a client that was too slow": (408, "<html>", {}, Unknown(why="server")),
    "busy with itself": (503, "<html>", {}, Unknown(why="server")),
    "too large": (413, "<html>too large", {}, Refused(why="size", detail="HTTP 413")),
    "a letter refused": (
        400,
        _error("x@y.example is not allowed", "content"),
        {},
        Refused(why="letter", detail="… is not allowed (content)"),
    ),
    "refused without a word": (400, _error("Bad Request"), {}, Refused(why="letter", detail="Bad Request")),
    "a person and the letter refused": (
        400,
        {
            "errors": [
                {"message": "a", "field": "personalizations.3.to"},
                {"message": "b", "field": "from.email"},
            ]
        },
        {},
        Refused(why="sender", detail="b (from.email)"),
    ),
    "all personalizations refused": (
        400,
        _error("too many", "personalizations"),
        {},
        Refused(why="letter", detail="too many (personalizations)"),
    ),
    "wrong address of the service": (404, "nothing here", {}, Refused(why="redirect", detail="HTTP 404")),
    "no such act there": (405, "", {}, Refused(why="redirect", detail="HTTP 405")),
    "a proxy in between": (407, "", {}, Refused(why="redirect", detail="HTTP 407")),
    "a service that moved away": (410, "", {}, Refused(why="redirect", detail="HTTP 410")),
    "a redirect": (302, None, {"Location": "/elsewhere"}, Refused(why="redirect", detail="HTTP 302")),
    "a failing server": (500, _error("oops"), {}, Unknown(why="server")),
    "a failing gateway": (502, "<html>bad gateway", {}, Unknown(why="server")),
    "a late gateway": (504, "<html>", {}, Unknown(why="server")),
    "a portal's page": (200, "<html>welcome", {}, Unknown(why="unreadable")),
}


@pytest.mark.parametrize("case", ANSWERS)
async def test_what_each_answer_means(post: Post, case: str) -> None:
    status, body, headers, expected = ANSWERS[case]
    post.service.answer_next(status, body, headers)
    assert await post.sends(written()) == expected


async def test_a_trial_is_judged_and_delivers_nothing(post: Post) -> None:
    request = post.request(written(), trial=True)
    assert await post.posts(request) == Taken(message_id="")
    assert post.service.letters == []
    body = post.service.requests[0].body
    assert isinstance(body, dict)
    assert body["mail_settings"]["sandbox_mode"] == {"enable": True}
    post.service.refuse_silently("p0@client.example")
    assert await post.posts(request) == Refused(why="letter", detail="Bad Request")


async def test_a_trial_that_was_taken_all_the_same_is_told_apart(post: Post) -> None:
    post.service.answer_next(202)
    outcome = await post.posts(post.request(written(), trial=True))
    assert isinstance(outcome, Taken)
    assert outcome.message_id


async def test_a_redirect_is_never_followed_with_the_key(post: Post) -> None:
    post.service.answer_next(307, headers={"Location": f"{post.service.url}/v3/mail/send"})
    assert isinstance(await post.sends(written()), Refused)
    assert [seen.status for seen in post.service.requests] == [307]


@pytest.mark.parametrize("taken", [False, True])
async def test_a_reset_leaves_it_unknown(post: Post, taken: bool) -> None:
    if taken:
        post.service.reset_after()
    else:
        post.service.reset_before()
    assert await post.sends(written()) == Unknown(why="reset")
    assert len(post.service.letters) == taken
    assert isinstance(await post.sends(written(), contact(5)), Taken), "the next request has a new connection"


async def test_silence_leaves_it_unknown(service: SendGridStandIn, post_to: Callable[..., Post]) -> None:
    post = post_to(service, timeouts=Timeouts(connect=2.0, answer=0.2))
    service.hang(taken=True)
    assert await post.sends(written()) == Unknown(why="timeout")
    assert len(service.letters) == 1


async def test_what_is_no_answer_leaves_it_unknown(post: Post) -> None:
    post.service.garble(taken=True)
    assert await post.sends(written()) == Unknown(why="unreadable")


async def test_where_nobody_listens_nothing_left(
    service: SendGridStandIn, post_to: Callable[..., Post]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        nobody = post_to(service, api_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert await nobody.sends(written()) == NotTaken(seconds=30, why="unreachable")
        assert await nobody.runs(nobody.mailer.senders) == NotTaken(seconds=30, why="unreachable")


async def test_a_body_that_nobody_reads_leaves_it_unknown(
    service: SendGridStandIn, post_to: Callable[..., Post]
) -> None:
    """The time-out comes before all of it has left; who reads slowly may still read it."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        post = post_to(service, api_url=url, timeouts=Timeouts(connect=2.0, answer=0.2))
        assert await post.posts(Request(body=b"x" * 19_000_000, people=1)) == Unknown(why="timeout")


async def test_a_connection_that_is_never_taken_up_is_unreachable(
    service: SendGridStandIn, post_to: Callable[..., Post]
) -> None:
    """A time-out before anything left: the queue of who may connect is full."""
    with socket.socket() as full, contextlib.ExitStack() as queue:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):
            waiting = queue.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        post = post_to(service, api_url=url, timeouts=Timeouts(connect=0.2, answer=2.0))
        assert await post.sends(written()) == NotTaken(seconds=30, why="unreachable")


async def test_a_name_that_does_not_resolve_and_a_peer_without_tls_are_unreachable(
    service: SendGridStandIn, post_to: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    port = service.url.rpartition(":")[2]
    for url in ("http://nowhere.invalid", f"https://127.0.0.1:{port}"):
        assert await post_to(service, api_url=url).sends(written()) == NotTaken(seconds=30, why="unreachable")
    assert service.requests == []


async def test_a_request_over_the_limit_never_leaves(post: Post) -> None:
    outcome = await post.posts(Request(body=b"x" * 20_000_001, people=1))
    assert isinstance(outcome, Refused)
    assert outcome.why == "size"
    assert post.service.requests == []


async def test_a_refused_key_and_spent_credits(post: Post) -> None:
    post.service.credits_gone()
    assert await post.sends(written()) == Refused(why="credits", detail="Maximum credits exceeded")
    post.service.refuse_key()
    outcome = await post.sends(written())
    assert isinstance(outcome, Refused)
    assert outcome.why == "key"


async def test_who_may_stand_in_from(post: Post) -> None:
    post.service.account.senders["pending@gmail.example"] = False
    assert await post.runs(post.mailer.senders) == ["enquetes@studio-nova.example", "@studio-nova.example"]
    post.service.account.scopes.discard("sender_verification_eligible")
    assert await post.runs(post.mailer.senders) == ["@studio-nova.example"]
    post.service.account.scopes.discard("whitelabel.read")
    assert await post.runs(post.mailer.senders) == Refused(why="key", detail="access forbidden")


async def test_neither_key_nor_letter_reaches_the_log(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await post.sends(written())
        post.service.answer_next(500, "zut")
        await post.sends(written())
    assert post.service.api_key not in caplog.text
    assert "p0@client.example" not in caplog.text
    assert "python_http_client" not in {record.name.split(".")[0] for record in caplog.records}
