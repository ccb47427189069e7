"""Dialogs sent: answered within Slack's 3 seconds, with errors at the field, the next view, or a close.

A handler is `async def parameters(submission: Submission) -> View | None`: the view that follows in the
same dialog, or None to close it. A Refusal that names a field is shown there; any other on top.
"""

import asyncio
import re
from asyncio import FIRST_COMPLETED
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.people import Member
from bot.core.sentences import Refusal, Sentence, sentence
from bot.services import Services
from handlers import payloads
from handlers.blocks import kit, notices
from handlers.blocks.voice import Say, voice
from handlers.clicks import editable
from handlers.door import explained
from handlers.edge import Edge
from handlers.views import is_gone, update_view

PATIENCE = 2.0  # seconds before a loading view is answered instead: Slack gives up after 3
_BOLD = re.compile(r"(?<![\w*])\*(\w(?:[^*\n]*\w)?)\*(?![\w*])")
SOON = 0.7  # seconds, where only the view that follows is missing: no field can be complained of any more


@dataclass(kw_only=True)
class Submission:
    edge: Edge
    client: AsyncWebClient
    body: Mapping[str, Any]
    member: Member
    target: kit.Target  # read from private_metadata
    state: dict[str, dict[str, Any]]
    saved: asyncio.Event = field(default_factory=asyncio.Event)  # what was sent is judged, and kept

    @property
    def services(self) -> Services:
        return self.edge.services

    @property
    def say(self) -> Say:
        return voice(self.member)

    @property
    def view(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.body["view"]
        return found


Handler = Callable[[Submission], Awaitable[kit.View | None]]
Closed = Callable[[Edge, AsyncWebClient, dict[str, Any]], Awaitable[None]]


@dataclass(kw_only=True)
class Fate:
    """What has become of a submission so far. `refused`: the sentence that says why."""

    saved: asyncio.Event = field(default_factory=asyncio.Event)
    refused: str = ""


def on_submit(
    app: AsyncApp, edge: Edge, callback_id: str, handler: Handler, closed: Closed | None = None
) -> None:
    """`closed`: told with the payload where the dialog was closed before its answer could be shown."""

    async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        fate = Fate()
        work = asyncio.ensure_future(_answer(edge, client, body, handler, fate))
        if await _is_done(work, fate.saved):
            await ack(**work.result())
            return
        found = payloads.who(body)
        known = edge.services.people.known(found.workspace, found.member)
        say = voice(known) if known else Say(edge.policy.default_language)
        await ack(response_action="update", view=notices.loading(say))
        edge.later(_finished(edge, client, body, work, say, fate, closed))

    app.view(callback_id)(listener)


async def _is_done(work: "asyncio.Future[dict[str, Any]]", saved: asyncio.Event) -> bool:
    """Is the answer there before somebody wonders?"""
    done, _ = await asyncio.wait({work}, timeout=SOON)
    if not done and not saved.is_set():
        kept = asyncio.ensure_future(saved.wait())
        either: set[asyncio.Future[Any]] = {work, kept}
        done, _ = await asyncio.wait(either, timeout=PATIENCE - SOON, return_when=FIRST_COMPLETED)
        kept.cancel()
    return work in done


async def _answer(
    edge: Edge, client: AsyncWebClient, body: Mapping[str, Any], handler: Handler, fate: Fate
) -> dict[str, Any]:  # fmt: skip
    """The acknowledgement's body, whatever happens.

    A view in it has no second try: of a refused answer Slack tells the person, and us nothing.
    """
    view = body["view"]
    found = payloads.who(body)
    member = None
    try:
        member = await edge.run(edge.services.people.member, found.workspace, found.member)
        edge.services.people.require(member)
        following = await handler(
            Submission(
                edge=edge,
                client=client,
                body=body,
                member=member,
                state=payloads.values(view),
                saved=fate.saved,
                target=kit.Target.parse(view.get("private_metadata")),
            )
        )
    except Exception as error:  # the one door: a dialog never stays mute
        said = explained(error)
        say = voice(member) if member else Say(edge.policy.default_language)
        fate.refused = say.mrkdwn(said)
        return _refused(view, say, said, error)
    return {"response_action": "update", "view": following} if following else {}


def _refused(view: Mapping[str, Any], say: Say, said: Sentence, error: Exception) -> dict[str, Any]:
    inputs = {block.get("block_id") for block in view["blocks"] if block.get("type") == "input"}
    if isinstance(error, Refusal) and error.field in inputs:
        others = {field: _bare(say(one)) for field, one in error.others.items() if field in inputs}
        return {"response_action": "errors", "errors": {error.field: _bare(say(said)), **others}}
    return {"response_action": "update", "view": notices.with_alert(editable(view), say.mrkdwn(said))}


def _bare(text: str) -> str:
    """Under a field no word is bold: its stars would be read."""
    return _BOLD.sub(r"\1", text)


async def _finished(
    edge: Edge, client: AsyncWebClient, body: dict[str, Any], work: "asyncio.Future[dict[str, Any]]",
    say: Say, fate: Fate, closed: Closed | None,
) -> None:  # fmt: skip
    """Somebody who closed the loading view reads in the conversation why nothing came of it, and where what
    they did is kept."""
    try:
        await _finish(client, body, work, say)
    except SlackApiError as error:
        if not is_gone(error):
            raise
        if fate.refused:
            await client.chat_postMessage(channel=payloads.who(body).member, text=fate.refused)
        if closed and work.result():
            await closed(edge, client, body)


async def _finish(
    client: AsyncWebClient,
    body: Mapping[str, Any],
    work: "asyncio.Future[dict[str, Any]]",
    say: Say,
) -> None:
    """The loading view was answered; now the real one. A field's error has no field left to stand at."""
    answer = await work
    view_id = body["view"]["id"]
    if view := answer.get("view"):
        await update_view(client, view_id, view)
    elif errors := answer.get("errors"):
        again = notices.with_alert(editable(body["view"]), " ".join(errors.values()))
        await update_view(client, view_id, again)
    else:
        await update_view(client, view_id, notices.notice(say, sentence("notices.done")))
