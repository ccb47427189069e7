"""What the mail service tells about letters: its signed webhook, its lists, its mailboxes with surprises."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from aiohttp import web
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

from bot.playground.sendgrid import NoWayOut, SendGridStandIn
from tests.playground.sendgrid_client import NOW, Body, get, letter, post


@dataclass
class Listener:
    """A receiver of events, and the pages that letters point to."""

    posts: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)  # what the next posts get instead of 204
    visits: list[tuple[str, str, str]] = field(default_factory=list)
    url: str = ""

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for body, _ in self.posts for event in orjson.loads(body)]

    @property
    def kinds(self) -> list[str]:
        return [event["event"] for event in self.events]

    async def takes(self, request: web.Request) -> web.Response:
        body = await request.read()
        if self.answers:
            return web.Response(status=self.answers.pop(0))
        self.posts.append((body, dict(request.headers)))
        return web.Response(status=204)

    async def visited(self, request: web.Request) -> web.Response:
        self.visits.append((request.method, request.path, await request.text()))
        if request.path == "/r/away":
            raise web.HTTPFound("http://outside.example/")
        return web.Response(status=404 if request.path == "/u/gone" else 200)


@dataclass
class Clock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    heard = Listener()
    application = web.Application()
    application.router.add_post("/sendgrid/events", heard.takes)
    application.router.add_route("*", "/{path:.*}", heard.visited)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    heard.url = f"http://{host}:{port}"
    yield heard
    await runner.cleanup()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def mail(listener: Listener, clock: Clock) -> AsyncIterator[SendGridStandIn]:
    stand_in = SendGridStandIn(
        now=clock.now, groups=(7,), delivers=True, patience=(0, 0, 0),
        webhook_url=f"{listener.url}/sendgrid/events",
    )  # fmt: skip
    await stand_in.start()
    yield stand_in
    await stand_in.close()


def to(address: str, **more: Any) -> Body:
    return {"to": [{"email": address}], **more}


async def settled(mail: SendGridStandIn) -> None:
    await mail.until(lambda: not mail.events_pending)


async def mailed(mail: SendGridStandIn, *people: Body, **more: Any) -> None:
    status, answer, _ = await post(mail, letter(*people) | more)
    assert status == 202, answer
    await settled(mail)


async def test_a_letter_is_processed_then_delivered_and_both_are_told_in_one_post(
    mail: SendGridStandIn, listener: Listener
) -> None:
    person = to("zoe@client.example", custom_args={"pst_recipient": "4", "event": "mine"})
    await mailed(mail, person, categories=["postillon", "c1"], custom_args={"pst_campaign": "c1"})
    (first, _) = listener.posts[0]
    assert len(listener.posts) == 1
    processed, delivered = orjson.loads(first)
    assert (processed["event"], delivered["event"]) == ("processed", "delivered"), "its own names win"
    sent = mail.letters[0]
    for event in (processed, delivered):
        assert event["email"] == "zoe@client.example"
        assert event["timestamp"] == int(NOW.timestamp())
        assert event["sg_message_id"].split(".")[0] == sent.message_id
        assert sent.message_id in event["smtp-id"]
        assert event["category"] == ["postillon", "c1"]
        assert (event["pst_campaign"], event["pst_recipient"]) == ("c1", "4")
    assert delivered["response"].startswith("250")
    assert processed["sg_event_id"] != delivered["sg_event_id"]
    assert [happened.kind for happened in mail.story(sent)] == ["processed", "delivered"]


async def test_the_published_library_verifies_the_signature_and_no_altered_body(
    mail: SendGridStandIn, listener: Listener
) -> None:
    await mailed(mail, to("zoe@client.example"))
    body, headers = listener.posts[0]
    verifier = EventWebhook(public_key=mail.webhook_public_key)
    signature, moment = headers[EventWebhookHeader.SIGNATURE], headers[EventWebhookHeader.TIMESTAMP]
    assert moment == str(int(NOW.timestamp()))
    assert verifier.verify_signature(body.decode(), signature, moment)
    assert not verifier.verify_signature(body.decode() + " ", signature, moment)
    assert not verifier.verify_signature(body.decode(), signature, str(int(moment) + 1))
    other = EventWebhook(public_key=SendGridStandIn(now=lambda: NOW).webhook_public_key)
    assert not other.verify_signature(body.decode(), signature, moment)


@pytest.mark.parametrize(
    ("mailbox", "told", "suppressed"),
    [
        ("bounce", ["processed", "bounce"], "bounces"),
        ("bounce+anna", ["processed", "bounce"], "bounces"),
        ("Block", ["processed", "bounce"], "blocks"),
        ("spam", ["processed", "delivered", "spamreport"], "spam_reports"),
        ("drop", ["dropped"], None),
        ("anna", ["processed", "delivered"], None),
    ],
)
async def test_some_mailboxes_are_known_for_their_surprises(
    mail: SendGridStandIn, listener: Listener, mailbox: str, told: list[str], suppressed: str | None
) -> None:
    address = f"{mailbox}@client.example"
    await mailed(mail, to(address))
    assert listener.kinds == told
    for kind in ("bounces", "blocks", "spam_reports", "unsubscribes"):
        rows = (await get(mail, f"/v3/suppression/{kind}?limit=500&offset=0"))[1]
        expected = [address.lower()] if kind == suppressed else []
        assert [row["email"] for row in rows] == expected, kind
    assert [stopped.dropped for stopped in mail.dropped] == (["Invalid"] if mailbox == "drop" else [])


async def test_a_bounce_a_block_and_a_full_mailbox_say_why(
    mail: SendGridStandIn, listener: Listener, clock: Clock
) -> None:
    await mailed(mail, to("bounce@a.example"), to("block@a.example"), to("full@a.example"))
    clock.at += timedelta(minutes=1)
    await mail.until(lambda: listener.kinds.count("bounce") == 3)
    said = {event["email"]: event for event in listener.events if event["event"] == "bounce"}
    why = {
        email.partition("@")[0]: (event["type"], event["bounce_classification"], event["status"])
        for email, event in said.items()
    }
    assert why == {
        "bounce": ("bounce", "Invalid Address", "5.1.1"),
        "block": ("blocked", "Reputation", "5.7.1"),
        "full": ("blocked", "Mailbox Unavailable", "5.2.2"),
    }
    row = (await get(mail, "/v3/suppression/bounces"))[1][0]
    assert (row["email"], row["status"], row["created"]) == (
        "bounce@a.example",
        "5.1.1",
        int(NOW.timestamp()),
    )
    assert row["reason"].startswith("550 5.1.1")


async def test_a_deferred_letter_arrives_once_the_clock_has_moved(
    mail: SendGridStandIn, listener: Listener, clock: Clock
) -> None:
    await mailed(mail, to("defer@a.example"))
    assert listener.kinds == ["processed", "deferred"]
    assert listener.events[1]["attempt"] == "1"
    clock.at += timedelta(minutes=1)
    await mail.until(lambda: listener.kinds == ["processed", "deferred", "delivered"])


async def test_a_late_bounce_carries_nothing_but_the_address(
    mail: SendGridStandIn, listener: Listener, clock: Clock
) -> None:
    await mailed(mail, to("late@a.example", custom_args={"n": "1"}), categories=["c1"])
    clock.at += timedelta(minutes=10)
    await mail.until(lambda: listener.kinds == ["processed", "delivered", "bounce"])
    late = listener.events[-1]
    assert late["email"] == "late@a.example"
    assert not {"sg_message_id", "smtp-id", "category", "n"} & set(late)


async def test_a_letter_of_tomorrow_is_delivered_tomorrow(
    mail: SendGridStandIn, listener: Listener, clock: Clock
) -> None:
    tomorrow = NOW + timedelta(days=1)
    await mailed(mail, to("anna@a.example"), send_at=int(tomorrow.timestamp()))
    assert listener.kinds == ["processed"]
    clock.at = tomorrow
    await mail.until(lambda: listener.kinds == ["processed", "delivered"])
    assert listener.events[1]["timestamp"] == int(tomorrow.timestamp())


async def test_whoever_bounced_is_dropped_the_next_time(mail: SendGridStandIn, listener: Listener) -> None:
    await mailed(mail, to("bounce@a.example"))
    await mailed(mail, to("bounce@a.example"))
    dropped = listener.events[-1]
    assert (dropped["event"], dropped["reason"]) == ("dropped", "Bounced Address")


async def test_a_test_may_tell_anything_of_any_letter(mail: SendGridStandIn, listener: Listener) -> None:
    mail.delivers = False
    await mailed(mail, to("bounce@a.example"))
    assert listener.posts == [], "nothing happens by itself"
    (sent,) = mail.letters
    mail.tell(sent, "open", sg_machine_open=True)
    mail.tell(sent, "bounce", reason="550 no", status=None)
    mail.tell(sent, "levitated", height=3)
    await settled(mail)
    opened, bounced, strange = listener.events
    assert (opened["event"], opened["sg_machine_open"]) == ("open", True)
    assert bounced["reason"] == "550 no"
    assert "status" not in bounced
    assert (strange["event"], strange["height"]) == ("levitated", 3)


async def test_what_is_held_leaves_repeated_and_shuffled(mail: SendGridStandIn, listener: Listener) -> None:
    mail.hold_events()
    mail.repeat_events(3)
    mail.shuffle_events(1)
    mail.group_events(7)
    people = [to(f"person{number}@a.example") for number in range(10)]
    status, _, _ = await post(mail, letter(*people))
    assert (status, mail.events_pending, mail.posts) == (202, 20, ())
    mail.release_events()
    await settled(mail)
    times = Counter(event["sg_event_id"] for event in listener.events)
    assert len(times) == 20
    assert set(times.values()) == {3}
    assert max(posted.events for posted in mail.posts) == 7
    clean = [happened.kind for sent in mail.letters for happened in mail.story(sent)]
    assert Counter(clean) == {"processed": 10, "delivered": 10}
    assert listener.kinds[:20] != clean, "another order"


async def test_events_are_told_again_until_they_are_taken(mail: SendGridStandIn, listener: Listener) -> None:
    listener.answers = [500, 404, 503]
    await mailed(mail, to("anna@a.example"))
    assert [posted.status for posted in mail.posts] == [500, 404, 503, 204]
    assert listener.kinds == ["processed", "delivered"]
    assert mail.events_lost == 0


async def test_a_receiver_that_never_takes_them_is_left_alone(
    mail: SendGridStandIn, listener: Listener
) -> None:
    listener.answers = [404] * 4
    await mailed(mail, to("anna@a.example"))
    assert (mail.events_lost, len(mail.posts)) == (2, 4)
    mail.tell(mail.letters[0], "open")
    await settled(mail)
    assert listener.kinds == ["open"], "and what happens later is told"


async def test_nobody_listens(mail: SendGridStandIn, listener: Listener) -> None:
    mail.webhook_url = "http://127.0.0.1:9/sendgrid/events"
    await mailed(mail, to("anna@a.example"))
    assert {posted.status for posted in mail.posts} == {0}
    assert mail.events_lost == 2


async def test_a_large_campaign_is_told_by_the_thousand(mail: SendGridStandIn, listener: Listener) -> None:
    for batch in range(3):
        people = [to(f"p{batch}.{number}@a.example") for number in range(1000)]
        assert (await post(mail, letter(*people)))[0] == 202
    await mail.until(lambda: not mail.events_pending, 20)
    assert len(listener.events) == 6000
    assert max(posted.events for posted in mail.posts) <= 1000
    assert len(listener.posts) < 20


async def test_closing_breaks_off_what_is_under_way(mail: SendGridStandIn, listener: Listener) -> None:
    mail.hold_events()
    assert (await post(mail, letter(to("anna@a.example"), to("defer@a.example"))))[0] == 202
    await mail.close()
    assert mail.events_pending == 0
    assert [task for task in asyncio.all_tasks() if "bot.playground" in repr(task.get_coro())] == []
    await mail.start()
    mail.release_events()
    await mailed(mail, to("zoe@a.example"))
    assert {event["email"] for event in listener.events} == {"zoe@a.example"}


def with_links(listener: Listener, page: str = "/u/t", *, one_click: bool = True) -> Body:
    """A letter that points to our pages, to one that redirects, and to the questionnaire outside."""
    headers = {"List-Unsubscribe": f"<{listener.url}{page}>, <mailto:stop@studio-nova.example>"}
    if one_click:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    html = (
        f"<a href='{listener.url}/r/a?x=1&amp;y=2'>oui</a> <a href='{listener.url}/r/away'>non</a>"
        "<a href='https://enquete.example/q'>ailleurs</a> <a href='#haut'>haut</a>"
    )
    return {
        "headers": headers,
        "content": [
            {"type": "text/plain", "value": f"Oui : {listener.url}/r/a?x=1&y=2\n{listener.url}/r/text"},
            {"type": "text/html", "value": html},
        ],
    }


async def test_a_scanner_follows_every_link_and_only_asks(mail: SendGridStandIn, listener: Listener) -> None:
    await mailed(mail, to("robot@a.example"), **with_links(listener))
    (sent,) = mail.letters
    await mail.until(lambda: mail.story(sent)[-1].kind == "scanned")
    assert [(method, path) for method, path, _ in listener.visits] == [
        ("GET", "/r/a"), ("GET", "/r/away"), ("GET", "/r/text"), ("GET", "/u/t"),
    ]  # fmt: skip
    assert mail.story(sent)[-1].fields == {"followed": 4, "outside": 1}
    assert listener.kinds == ["processed", "delivered"], "a scanner is no event"


async def test_the_mail_program_unsubscribes_in_one_click(mail: SendGridStandIn, listener: Listener) -> None:
    await mailed(mail, to("leave@a.example"), **with_links(listener))
    (sent,) = mail.letters
    await mail.until(lambda: mail.story(sent)[-1].kind == "left")
    assert listener.visits == [("POST", "/u/t", "List-Unsubscribe=One-Click")]


@pytest.mark.parametrize(("page", "one_click"), [("/u/t", False), ("/u/gone", True)])
async def test_no_way_out_is_said(
    mail: SendGridStandIn, listener: Listener, page: str, one_click: bool
) -> None:
    await mailed(mail, to("anna@a.example"), **with_links(listener, page, one_click=one_click))
    with pytest.raises(NoWayOut):
        await mail.leave(mail.letters[0])
    assert [path for _, path, _ in listener.visits] == (["/u/gone"] if one_click else [])


async def test_the_services_own_way_out_is_an_event(mail: SendGridStandIn, listener: Listener) -> None:
    await mailed(mail, to("anna@a.example"), asm={"group_id": 7})
    tracking = {"subscription_tracking": {"enable": True}}
    await mailed(mail, to("zoe@a.example"), tracking_settings=tracking)
    for sent in mail.letters:
        await mail.leave(sent)
    await settled(mail)
    grouped, plain = listener.events[-2:]
    assert (grouped["event"], grouped["asm_group_id"]) == ("group_unsubscribe", 7)
    assert (plain["event"], plain["email"]) == ("unsubscribe", "zoe@a.example")
    assert (await get(mail, "/v3/asm/groups/7/suppressions"))[1] == ["anna@a.example"]
    rows = (await get(mail, "/v3/suppression/unsubscribes"))[1]
    assert [row["email"] for row in rows] == ["zoe@a.example"]


async def test_lists_are_paged_in_time(mail: SendGridStandIn, listener: Listener, clock: Clock) -> None:
    for hour in range(3):
        clock.at = NOW + timedelta(hours=hour)
        people = [to(f"bounce+{hour}.{number}@a.example") for number in range(400)]
        await mailed(mail, *people)
    start = int((NOW + timedelta(hours=1)).timestamp())
    pages = [
        (await get(mail, f"/v3/suppression/bounces?start_time={start}&limit=500&offset={offset}"))[1]
        for offset in (0, 500, 1000)
    ]
    assert [len(page) for page in pages] == [500, 300, 0]
    assert {row["email"] for page in pages for row in page} == {
        f"bounce+{hour}.{number}@a.example" for hour in (1, 2) for number in range(400)
    }
    assert (await get(mail, f"/v3/suppression/bounces?end_time={start - 1}&limit=1"))[1][0]["created"] == int(
        NOW.timestamp()
    )


async def test_the_log_says_where_a_letter_stands(mail: SendGridStandIn) -> None:
    mail.account.logs_readable = True
    await mailed(mail, to("bounce@a.example"), to("anna@a.example"), to("defer@a.example"))
    _, found, _ = await post(mail, {"query": "", "limit": 10}, path="/v3/logs")
    standing = {row["to_email"].partition("@")[0]: row["status"] for row in found["messages"]}
    assert standing == {"bounce": "bounced", "anna": "delivered", "defer": "deferred"}


async def test_real_time_is_told_in_seconds(listener: Listener) -> None:
    mail = SendGridStandIn(now=lambda: datetime.now(UTC), webhook_url=f"{listener.url}/sendgrid/events")
    await mail.start()
    await mailed(mail, to("anna@a.example"))
    mail.tell(mail.letters[0], "delivered")
    await settled(mail)
    await mail.close()
    assert abs(listener.events[0]["timestamp"] - datetime.now(UTC).timestamp()) < 10
