"""Dialogs sent: answered within Slack's 3 seconds, with errors at the field, the next view, or a close.

A handler is `async def parameters(submission: Submission) -> View | None`: the view that follows in the
same dialog, or None to close it. A Refusal that names a field is shown there; any other on top.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.people import Member
from bot.core.sentences import Refusal, sentence
from bot.services import Services
from handlers import payloads
from handlers.blocks import kit, notices
from handlers.blocks.voice import Say, voice
from handlers.clicks import editable
from handlers.door import explained
from handlers.edge import Edge
from handlers.views import update_view

PATIENCE = 2.0  # seconds before a loading view is answered instead: Slack gives up after 3


@dataclass(kw_only=True)
class Submission:
    edge: Edge
    client: AsyncWebClient
    body: Mapping[str, Any]
    member: Member
    target: kit.Target  # read from private_metadata
    state: dict[str, dict[str, Any]]

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


def on_submit(app: AsyncApp, edge: Edge, callback_id: str, handler: Handler) -> None:
    async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        work = asyncio.ensure_future(_answer(edge, client, body, handler))
        done, _ = await asyncio.wait({work}, timeout=PATIENCE)
        if done:
            await ack(**work.result())
            return
        found = payloads.who(body)
        known = edge.services.people.known(found.workspace, found.member)
        say = voice(known) if known else Say(edge.policy.default_language)
        await ack(response_action="update", view=notices.loading(say))
        edge.later(_finish(client, body, work, say))

    app.view(callback_id)(listener)


async def _answer(
    edge: Edge, client: AsyncWebClient, body: Mapping[str, Any], handler: Handler
) -> dict[str, Any]:
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
                target=kit.Target.parse(view.get("private_metadata")),
            )
        )
    except Exception as error:  # the one door: a dialog never stays mute
        return _refused(view, member, edge, error)
    return {"response_action": "update", "view": following} if following else {}


def _refused(view: Mapping[str, Any], member: Member | None, edge: Edge, error: Exception) -> dict[str, Any]:
    said = explained(error)
    say = voice(member) if member else Say(edge.policy.default_language)
    inputs = {block.get("block_id") for block in view["blocks"] if block.get("type") == "input"}
    if isinstance(error, Refusal) and error.field in inputs:
        others = {field: say(one) for field, one in error.others.items() if field in inputs}
        return {"response_action": "errors", "errors": {error.field: say(said), **others}}
    return {"response_action": "update", "view": notices.with_alert(editable(view), say.mrkdwn(said))}


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
