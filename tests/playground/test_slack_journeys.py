"""The real Bolt app, client and Socket Mode handler against the stand-in, then the same over HTTP."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import SlackStandIn

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def button(action_id: str, value: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": action_id}
    return {"type": "button", "text": text, "action_id": action_id, "value": value}


def named(title: str, *blocks: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "lists.rename",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "private_metadata": "lst_1",
        "notify_on_close": True,
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": {"type": "plain_text", "text": "Name"},
                "element": {"type": "plain_text_input", "action_id": "name", "initial_value": "Clients"},
            },
            {
                "type": "input",
                "block_id": "list",
                "optional": True,
                "label": {"type": "plain_text", "text": "List"},
                "element": {"type": "external_select", "action_id": "list", "min_query_length": 0},
            },
            *blocks,
        ],
    }


def a_bot(client: AsyncWebClient, heard: dict[str, Any]) -> AsyncApp:
    app = AsyncApp(client=client, signing_secret="a-signing-secret-for-loopback")

    @app.event("message")
    async def on_message(event: dict[str, Any], say: Any, client: AsyncWebClient) -> None:
        heard.setdefault("messages", []).append(event)
        if "files" in event and "bot_id" not in event:
            url = event["files"][0]["url_private_download"]
            headers = {"Authorization": f"Bearer {client.token}"}
            async with ClientSession() as http, http.get(url, headers=headers) as response:
                content = await response.text()
            blocks = [
                {"type": "section", "text": {"type": "mrkdwn", "text": f"*{content.count('@')} contacts*"}},
                {"type": "actions", "elements": [button("lists.view", "lst_1:1")]},
            ]
            await say(text="read", blocks=blocks)

    @app.action("lists.view")
    async def view(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        heard["click"] = body
        await client.views_open(trigger_id=body["trigger_id"], view=named("Rename"))

    @app.options("list")
    async def lists(ack: Any, body: dict[str, Any]) -> None:
        heard["query"] = body
        await ack(options=[{"text": {"type": "plain_text", "text": "Clients"}, "value": "lst_1"}])

    @app.view("lists.rename")
    async def rename(ack: Any, body: dict[str, Any]) -> None:
        heard["submission"] = body
        values = body["view"]["state"]["values"]
        if values["name"]["name"]["value"] == "Clients":
            await ack(response_action="errors", errors={"name": "Another name, please"})
        else:
            await ack(response_action="update", view=named("Renamed"))

    @app.view_closed("lists.rename")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard["closed"] = body

    _beside_the_dialog(app, heard)
    return app


def _beside_the_dialog(app: AsyncApp, heard: dict[str, Any]) -> None:
    @app.command("/contacts")
    async def contacts(ack: Any, respond: Any, body: dict[str, Any]) -> None:
        await ack("one moment")
        await respond(text=f"you asked for {body['text']}")

    @app.shortcut("lists.import")
    async def import_message(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        dm = await client.chat_postMessage(channel=body["user"]["id"], text="I take this file")
        await client.files_upload_v2(channel=dm["channel"], filename="back.csv", content="a@b.example")

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Nothing needs you"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event(re.compile(".*"))
    async def anything_else(event: dict[str, Any]) -> None:
        heard.setdefault("others", []).append(event)


@pytest.fixture
def heard() -> dict[str, Any]:
    return {}


@pytest.fixture(params=["socket", "http"])
async def slack(request: pytest.FixtureRequest, heard: dict[str, Any]) -> AsyncIterator[SlackStandIn]:
    start = over_socket if request.param == "socket" else over_http
    async for slack in start(heard):
        yield slack
        assert slack.refusals == []
        assert slack.unanswered == []


async def over_socket(heard: dict[str, Any]) -> AsyncIterator[SlackStandIn]:
    slack = SlackStandIn(now=lambda: NOW)
    await slack.start()
    app = a_bot(AsyncWebClient(token=slack.identity.bot_token, base_url=slack.api_url), heard)
    handler = AsyncSocketModeHandler(app, slack.identity.app_token)
    await handler.connect_async()
    yield slack
    await handler.close_async()
    await slack.close()


async def over_http(heard: dict[str, Any]) -> AsyncIterator[SlackStandIn]:
    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack = SlackStandIn(now=lambda: NOW, event_url=f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    await slack.start()
    app = a_bot(AsyncWebClient(token=slack.identity.bot_token, base_url=slack.api_url), heard)
    yield slack
    await slack.close()
    await runner.cleanup()


async def test_a_dropped_file_is_downloaded_and_answered(slack: SlackStandIn, heard: dict[str, Any]) -> None:
    claire = slack.person("U0CLAIRE")
    await claire.drops(("clients.csv", b"Email\na@b.example\nc@d.example\n"))
    await claire.sees("2 contacts")
    claire.doesnt_see("3 contacts")
    (event,) = [message for message in heard["messages"] if "bot_id" not in message]
    assert event["text"] == ""
    assert event["files"][0]["name"] == "clients.csv"


async def test_the_bots_own_posts_come_back_to_it_as_events(
    slack: SlackStandIn, heard: dict[str, Any]
) -> None:
    claire = slack.person("U0CLAIRE")
    await claire.drops(("clients.csv", b"a@b.example"))
    await claire.sees("1 contacts")
    await claire.edits_last("never mind")
    await slack.until(lambda: any(one.get("subtype") == "message_changed" for one in heard["messages"]))


async def test_a_dialog_with_errors_then_updated(slack: SlackStandIn, heard: dict[str, Any]) -> None:
    claire = slack.person("U0CLAIRE")
    await claire.drops(("clients.csv", b"a@b.example"))
    await claire.sees("1 contacts")
    await claire.clicks("lists.view")
    assert heard["click"]["actions"][0]["value"] == "lst_1:1"
    assert heard["click"]["container"]["type"] == "message"
    await slack.until(lambda: claire.dialog)

    answer = await claire.submits()
    assert answer == {"response_action": "errors", "errors": {"name": "Another name, please"}}
    assert claire.errors == {"name": "Another name, please"}
    assert heard["submission"]["view"]["state"]["values"] == {
        "name": {"name": {"type": "plain_text_input", "value": "Clients"}},
        "list": {"list": {"type": "external_select", "selected_option": None}},
    }

    await claire.types("name", "Customers")
    await claire.selects("list", "lst_1")
    assert heard["query"]["value"] == ""
    await claire.submits()
    assert claire.errors == {}
    await claire.sees("Renamed")
    await claire.sees("Customers")
    assert heard["submission"]["view"]["private_metadata"] == "lst_1"

    await claire.closes()
    assert claire.dialog is None
    await slack.until(lambda: heard.get("closed"))


async def test_a_command_is_answered_twice(slack: SlackStandIn) -> None:
    bob = slack.person("U0BOB")
    await bob.commands("/contacts", "list")
    await bob.sees("one moment")
    await bob.sees("you asked for list")
    slack.person("U0CLAIRE").doesnt_see("you asked for list")


async def test_a_shortcut_uploads_a_file(slack: SlackStandIn) -> None:
    samir = slack.person("U0SAMIR")
    await samir.drops(("first.csv", b"nobody"))
    await samir.shortcut("lists.import", samir.messages[0])
    await samir.sees("back.csv")
    assert samir.files[-1].content == b"a@b.example"


async def test_home_and_language(slack: SlackStandIn, heard: dict[str, Any]) -> None:
    bob = slack.person("U0BOB")
    await bob.opens_home()
    await bob.sees("Nothing needs you")
    await bob.speaks("fr-FR")
    await slack.until(lambda: heard.get("others"))
    assert heard["others"][0]["user"]["locale"] == "fr-FR"
