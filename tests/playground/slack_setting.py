"""A workspace and a bot that says nothing of its own: what the stand-in alone does shows best against it."""

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import Person, SlackStandIn

Json = dict[str, Any]


@dataclass
class MuteBot:
    """Writes down what it hears and answers 200, or what the test put in `answers`."""

    signing_secret: str = "a-signing-secret-for-loopback"
    heard: list[Json] = field(default_factory=list)
    retries: list[str | None] = field(default_factory=list)
    answers: deque[tuple[int, Json | None]] = field(default_factory=deque)

    def answers_next(self, body: Json | None = None, *, status: int = 200) -> None:
        self.answers.append((status, body))

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.read()
        verifier = SignatureVerifier(self.signing_secret)
        assert verifier.is_valid_request(body, dict(request.headers))
        self.retries.append(request.headers.get("X-Slack-Retry-Num"))
        if request.content_type == "application/json":
            self.heard.append(json.loads(body))
        else:
            form = await request.post()
            self.heard.append(json.loads(str(form["payload"])) if "payload" in form else dict(form))
        status, answer = self.answers.popleft() if self.answers else (200, None)
        return web.Response(status=status) if answer is None else web.json_response(answer, status=status)


@dataclass
class Watch:
    """The workspace's moment and the seconds that make triggers expire, both moved by hand."""

    now: datetime = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    seconds: float = 0.0

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.seconds += timedelta(**span).total_seconds()


@dataclass
class Setting:
    slack: SlackStandIn
    client: AsyncWebClient
    bot: MuteBot
    watch: Watch

    @property
    def claire(self) -> Person:
        return self.slack.person("U0CLAIRE")

    @property
    def bob(self) -> Person:
        return self.slack.person("U0BOB")

    async def trigger(self, person: Person | None = None) -> str:
        await (person or self.claire).commands("/contacts")
        return str(self.last("command")["trigger_id"])

    def last(self, kind: str) -> Json:
        """The newest payload of this type; `command` for commands, which have none."""
        return [heard for heard in self.bot.heard if kind in (heard.get("type"), *heard)][-1]

    async def opens(self, view: Json, person: Person | None = None) -> Json:
        answer = await self.client.views_open(trigger_id=await self.trigger(person), view=view)
        return dict(answer["view"])

    async def error(self, method: str, args: Json) -> str:
        """The error this call gets; "" when it is taken."""
        try:
            await self.client.api_call(method, json=args)
        except SlackApiError as refused:
            return str(refused.response["error"])
        return ""


@asynccontextmanager
async def a_setting(**options: Any) -> AsyncIterator[Setting]:
    bot, watch = MuteBot(), Watch()
    app = web.Application()
    app.router.add_post("/slack/events", bot.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    slack = SlackStandIn(now=lambda: watch.now, monotonic=lambda: watch.seconds, event_url=url, **options)
    await slack.start()
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    try:
        yield Setting(slack=slack, client=client, bot=bot, watch=watch)
    finally:
        await slack.close()
        await runner.cleanup()


# pieces of Block Kit


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **extra: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **extra}


def button(text: str = "Go", action_id: str = "go", **extra: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **extra}


def actions(*elements: Json, **extra: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **extra}


def field_of(element: Json, block_id: str = "name", **extra: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain("Label"), "element": element, **extra}


def writing(action_id: str = "name", **extra: Any) -> Json:
    return {"type": "plain_text_input", "action_id": action_id, **extra}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"Option {n}"), "value": f"v{n}"} for n in range(count)]


def choice(kind: str, count: int = 2, action_id: str = "pick", **extra: Any) -> Json:
    return {"type": kind, "action_id": action_id, "options": options(count), **extra}


def modal(*blocks: Json, **extra: Any) -> Json:
    body = {"type": "modal", "title": plain("Title"), "submit": plain("Save"), "blocks": list(blocks)}
    return body | extra


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}


def cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 1, columns: int = 1, letters: str = "x") -> Json:
    return {"type": "table", "rows": [[cell(letters) for _ in range(columns)] for _ in range(rows)]}
