"""Clicks: what a handler gets, how it opens and updates dialogs, and how a refusal is shown.

A handler is `async def view(click: Click) -> None`. It is acknowledged before it runs; whatever it raises
becomes a sentence on the surface where the click was made: an alert in the dialog, a small dialog over
Home, a message in the DM.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.people import Member
from bot.core.sentences import Sentence
from bot.services import Services
from handlers import payloads
from handlers.blocks import kit, notices
from handlers.blocks.voice import Say, voice
from handlers.door import explained, log
from handlers.edge import Edge
from handlers.views import is_gone, open_view, push_view, update_view


@dataclass(kw_only=True)
class Click:
    """One button, select or shortcut. `target` is what its value names; `view` is the dialog it stands
    in, where it stands in one. `loading_id` is the dialog opened while we ask Slack who this is."""

    edge: Edge
    client: AsyncWebClient
    body: Mapping[str, Any]
    action: Mapping[str, Any]
    member: Member
    target: kit.Target
    loading_id: str = ""

    @property
    def services(self) -> Services:
        return self.edge.services

    @property
    def say(self) -> Say:
        return voice(self.member)

    @property
    def view(self) -> Mapping[str, Any]:
        return self.body.get("view") or {}

    @property
    def in_dialog(self) -> bool:
        return self.view.get("type") == "modal"

    @property
    def on_home(self) -> bool:
        return self.view.get("type") == "home"

    async def show(self, view: kit.View) -> None:
        """Open the dialog; or update the one the click stands in, or the loading one."""
        if self.loading_id:
            await update_view(self.client, self.loading_id, view)
        elif self.in_dialog:
            await self._update(view)
        else:
            self.loading_id = await open_view(self.client, self.body["trigger_id"], view)

    async def _update(self, view: kit.View) -> None:
        """The dialog as it was clicked: where it changed meanwhile, what it shows is newer than ours."""
        try:
            await update_view(self.client, self.view["id"], view, seen=self.view.get("hash"))
        except SlackApiError as refused:
            if refused.response.get("error") != "hash_conflict":
                raise
            log.info("a dialog changed before its update action=%s", self.action.get("action_id"))

    async def push(self, view: kit.View) -> None:
        """A dialog over the one the click stands in."""
        await push_view(self.client, self.body["trigger_id"], view)

    async def tell(self, said: Sentence, level: str = "warning") -> None:
        """A sentence on the surface where the click was made; `level` is an alert's, in a dialog."""
        if self.in_dialog:
            told = notices.with_alert(editable(self.view), self.say.mrkdwn(said), level)
            await update_view(self.client, self.view["id"], told)
        elif self.loading_id:
            await update_view(self.client, self.loading_id, notices.notice(self.say, said))
        elif self.on_home:
            await open_view(self.client, self.body["trigger_id"], notices.notice(self.say, said))
        else:
            await self.client.chat_postMessage(channel=self.member.id, text=self.say.mrkdwn(said))


Handler = Callable[[Click], Awaitable[None]]


def on_click(
    app: AsyncApp, edge: Edge, action_id: str | re.Pattern[str], handler: Handler, *, opens: bool = False
) -> None:
    """Listen to an action. `opens`: the handler shows a dialog, so a first contact gets the bilingual
    loading one at once (a trigger lives 3 s, and asking Slack who this is takes part of them)."""

    async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        action = body["actions"][0]
        value = action.get("value") or (action.get("selected_option") or {}).get("value")
        edge.later(handle(edge, client, body, action, kit.Target.parse(value), handler, opens=opens))

    app.action(action_id)(listener)


async def handle(
    edge: Edge, client: AsyncWebClient, body: Mapping[str, Any], action: Mapping[str, Any],
    target: kit.Target, handler: Handler, *, opens: bool,
) -> None:  # fmt: skip
    """Find out who clicked, let the handler work, and say what went wrong where the click was made."""
    click: Click | None = None
    try:
        member, loading_id = await acquainted(edge, client, body, opens=opens)
        click = Click(
            edge=edge, client=client, body=body, action=action, member=member, target=target,
            loading_id=loading_id,
        )  # fmt: skip
        edge.services.people.require(member)
        await handler(click)
    except Exception as error:  # the one door: nothing a click causes may end in silence
        if click and click.in_dialog and is_gone(error):
            log.info("a dialog was closed before its update action=%s", action.get("action_id"))
            return  # who closed it does not wait for what it would show
        await _tell(edge, client, body, click, explained(error))


async def _tell(
    edge: Edge, client: AsyncWebClient, body: Mapping[str, Any], click: Click | None, said: Sentence
) -> None:
    if click is None:  # who clicked could not be found out
        say = Say(edge.policy.default_language)
        await client.chat_postMessage(channel=payloads.who(body).member, text=say.mrkdwn(said))
        return
    try:
        await click.tell(said)
    except SlackApiError as refused:  # the dialog was closed meanwhile, or the trigger ran out
        log.warning("could not show a refusal on its surface: %s", refused.response.get("error"))
        await click.client.chat_postMessage(channel=click.member.id, text=click.say.mrkdwn(said))


async def acquainted(
    edge: Edge, client: AsyncWebClient, body: Mapping[str, Any], *, opens: bool
) -> tuple[Member, str]:
    """Who acts, from memory where we can; and the id of the loading dialog opened meanwhile, where
    `opens` asked for one."""
    found = payloads.who(body)
    known = edge.services.people.known(found.workspace, found.member)
    if known and known.seen_at:
        return known, ""
    loading_id = ""
    if opens and (body.get("view") or {}).get("type") != "modal":
        loading_id = await open_view(client, body["trigger_id"], notices.loading())
    return await edge.run(edge.services.people.member, found.workspace, found.member), loading_id


def editable(view: Mapping[str, Any]) -> kit.View:
    """What Slack accepts back of a view it sent."""
    names = (
        "type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "clear_on_close",
        "notify_on_close", "external_id",
    )  # fmt: skip
    return {name: view[name] for name in names if view.get(name)}
