"""Events: made durable before they are acknowledged, and every one of them answered.

A message that brings files, or says something, is written down first. Where that fails Slack hears 503 and
sends it again; a repeated event is acknowledged and not worked off twice.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.ids import MemberId, WorkspaceId
from bot.core.inbox import message_id
from bot.core.sentences import Sentence
from bot.ports import PendingImport
from handlers import payloads
from handlers.blocks.voice import Say, voice
from handlers.door import explained, log
from handlers.edge import Edge
from handlers.words import Words

MESSAGE = "postillon.message"  # where the middleware leaves what it received, in Bolt's context
RETRY = "x-slack-retry-num"
SPOKEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a person said or dropped in the DM. Edits, deletions and our own words are no Message."""

    workspace: WorkspaceId
    member: MemberId
    text: str
    imports: tuple[PendingImport, ...]
    received_as: str  # a repeated event goes by the same name


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    """Before every other listener."""

    async def receive(
        body: dict[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
        request: AsyncBoltRequest,
        next_: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse | None:
        message: Message | None = None
        try:
            message = heard(body, edge)
            await _meet(edge, body, message)
            fresh = message is None or await _kept(edge, message)
        except Exception as error:  # raised, it would reach the error door and be acknowledged
            said = explained(error)
            if message and _is_first(request):  # a full disk lasts: it is said once, not at each retry
                edge.later(_tell(edge, client, message, said))
            return BoltResponse(status=503)
        if message is None:
            return await next_()
        if not fresh:
            return BoltResponse(status=200)
        context[MESSAGE] = message
        return await next_()

    app.middleware(receive)

    async def on_error(error: Exception) -> BoltResponse:
        """Without an answer of ours Slack would wait 3 s for a 404."""
        log.error("a listener failed", exc_info=error)
        return BoltResponse(status=200)

    app.error(on_error)


def register_last(app: AsyncApp) -> None:
    """An event nobody listens to is a 404 and three retries: everything else is acknowledged."""

    async def ignore() -> None: ...

    app.event(re.compile(".*"))(ignore)


def heard(body: Mapping[str, Any], edge: Edge) -> Message | None:
    """Files are looked for whatever the subtype: Slack has had several for them."""
    event = body.get("event") or {}
    if body.get("type") != "event_callback" or event.get("type") != "message":
        return None
    if event.get("channel_type") != "im" or event.get("bot_id") or event.get("hidden"):
        return None
    files = event.get("files") or []
    if not event.get("user") or not (files or event.get("subtype") in SPOKEN):
        return None
    who = payloads.who(body)
    named = [file for file in files if file.get("id")]
    if len(named) < len(files):  # by what else would Slack give it to us
        log.error("files without an id were left aside n=%d", len(files) - len(named))
    imports = tuple(
        edge.services.imports.waiting(
            who.workspace, who.member, payloads.remote_file(file), channel=str(event.get("channel", ""))
        )
        for file in named
    )
    return Message(
        workspace=who.workspace, member=who.member, text=str(event.get("text") or ""), imports=imports,
        received_as=_name(event) if imports else str(body["event_id"]),
    )  # fmt: skip


def _name(event: Mapping[str, Any]) -> str:
    """A message with files may be found in the history besides: it goes by its own name there."""
    return message_id(str(event.get("channel", "")), str(event.get("ts", "")))


async def _meet(edge: Edge, body: Mapping[str, Any], message: Message | None) -> None:
    """What somebody wrote, or that they looked at us, tells which conversation is theirs."""
    event = body.get("event") or {}
    dm = str(event.get("channel") or "")
    if dm.startswith("D") and (message is not None or event.get("type") == "app_home_opened"):
        who = payloads.who(body)
        await edge.run(edge.services.people.meet, who.workspace, who.member, dm)


async def _kept(edge: Edge, message: Message) -> bool:
    """Written down; False where it was before."""
    receive = edge.services.imports.receive
    return await edge.run(receive, message.workspace, message.received_as, message.imports)


def _is_first(request: AsyncBoltRequest) -> bool:
    """Over HTTP the header is missing at the first attempt; Socket Mode counts from 0."""
    return request.headers.get(RETRY, ["0"])[0] == "0"


async def _tell(edge: Edge, client: AsyncWebClient, message: Message, said: Sentence) -> None:
    known = edge.services.people.known(message.workspace, message.member)
    say = voice(known) if known else Say(edge.policy.default_language)
    await client.chat_postMessage(channel=message.member, text=say.mrkdwn(said))
