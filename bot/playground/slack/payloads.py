"""Payloads exactly as Slack shapes them: events, clicks, submissions, suggestions, commands."""

from dataclasses import dataclass

from bot.playground.slack.conversations import Conversation
from bot.playground.slack.people import Profile
from bot.playground.slack.records import Json
from bot.playground.slack.state import STATEFUL, Form, Spot
from bot.playground.slack.views import View
from bot.playground.slack.workspace import Workspace

VERIFICATION_TOKEN = "an-old-way-nobody-checks"  # noqa: S105 - the legacy field every payload carries


@dataclass(frozen=True, kw_only=True)
class Surface:
    """Where an element was touched: a view, or a message in its conversation."""

    form: Form
    view: View | None = None
    message: Json | None = None
    conversation: Conversation | None = None

    @property
    def name(self) -> str:
        if self.view is None:
            return "messages"
        return "dialog" if self.view.kind == "modal" else "home"


class Payloads:
    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    def event(self, event: Json) -> Json:
        me = self._ws.identity
        authorization = {
            "enterprise_id": None,
            "team_id": me.team_id,
            "user_id": me.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": me.team_id,
            "api_app_id": me.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self._ws.ids.fresh("Ev"),
            "event_time": int(self._ws.now().timestamp()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": self._ws.ids.fresh("4-"),
        }

    def block_actions(self, person: Profile, surface: Surface, action: Json) -> Json:
        return {
            "type": "block_actions",
            **self._who(person),
            "container": self._container(surface),
            "trigger_id": self._trigger(person, surface.view),
            **self._where(person, surface),
            "actions": [{**action, "action_ts": self._ws.conversations.stamp(self._ws.now())}],
        }

    def suggestion(self, person: Profile, surface: Surface, spot: Spot, query: str) -> Json:
        where = self._where(person, surface)
        where.pop("response_url", None)
        where.pop("state", None)
        return {
            "type": "block_suggestion",
            **self._who(person),
            "container": self._container(surface),
            **where,
            "action_id": spot.action_id,
            "block_id": spot.block_id,
            "value": query,
        }

    def submission(self, person: Profile, view: View) -> Json:
        return {
            "type": "view_submission",
            **self._who(person),
            "trigger_id": self._trigger(person, view),
            "view": view.as_json(),
            "response_urls": [],
        }

    def closed(self, person: Profile, view: View, *, cleared: bool) -> Json:
        return {
            "type": "view_closed",
            **self._who(person),
            "view": view.as_json(),
            "is_cleared": cleared,
        }

    def shortcut(
        self, person: Profile, callback_id: str, conversation: Conversation, message: Json | None
    ) -> Json:
        """A message shortcut, or without a message a global one."""
        base = {
            **self._who(person),
            "callback_id": callback_id,
            "trigger_id": self._trigger(person, None),
            "action_ts": self._ws.conversations.stamp(self._ws.now()),
        }
        if message is None:
            return {"type": "shortcut", **base}
        return {
            "type": "message_action",
            **base,
            "message_ts": message["ts"],
            "channel": _channel(conversation),
            "message": message,
            "response_url": self._response_url(person, conversation, message["ts"]),
        }

    def command(self, person: Profile, command: str, text: str, conversation: Conversation) -> Json:
        """A form: every value is a string."""
        me = self._ws.identity
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": person.team_id or me.team_id,
            "team_domain": me.team_name.lower(),
            "channel_id": conversation.id,
            "channel_name": _channel(conversation)["name"],
            "user_id": person.id,
            "user_name": person.name,
            "command": command,
            "text": text,
            "api_app_id": me.app_id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(person, conversation, None),
            "trigger_id": self._trigger(person, None),
        }

    def _who(self, person: Profile) -> Json:
        me = self._ws.identity
        return {
            "user": {
                "id": person.id,
                "username": person.name,
                "name": person.name,
                "team_id": person.team_id or me.team_id,
            },
            "team": {"id": me.team_id, "domain": me.team_name.lower()},
            "api_app_id": me.app_id,
            "token": VERIFICATION_TOKEN,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _container(self, surface: Surface) -> Json:
        if surface.view is not None:
            return {"type": "view", "view_id": surface.view.id}
        assert surface.message is not None
        assert surface.conversation is not None
        return {
            "type": "message",
            "message_ts": surface.message["ts"],
            "channel_id": surface.conversation.id,
            "is_ephemeral": surface.message.get("is_ephemeral", False),
        }

    def _where(self, person: Profile, surface: Surface) -> Json:
        if surface.view is not None:
            return {"view": surface.view.as_json()}
        assert surface.message is not None
        assert surface.conversation is not None
        where = {
            "channel": _channel(surface.conversation),
            "state": {"values": surface.form.values()},
            "response_url": self._response_url(person, surface.conversation, surface.message["ts"]),
        }
        # Slack keeps no ephemeral message, so it cannot show it to the bot
        return where if surface.message.get("is_ephemeral") else {**where, "message": surface.message}

    def _trigger(self, person: Profile, view: View | None) -> str:
        return self._ws.triggers.issue(person.id, view.id if view else None)

    def _response_url(self, person: Profile, conversation: Conversation, ts: str | None) -> str:
        return self._ws.responses.issue(
            channel_id=conversation.id, user_id=person.id, ts=ts, now=self._ws.now()
        )


def touched(spot: Spot, form: Form, option: Json | None = None) -> Json:
    """`actions[0]`: the element, and what it holds now."""
    action: Json = {"type": spot.kind, "block_id": spot.block_id, "action_id": spot.action_id}
    if spot.kind == "button":
        carried = ("text", "value", "style", "url")
        return action | {name: spot.element[name] for name in carried if name in spot.element}
    if spot.kind == "overflow":
        return action | {"selected_option": option}
    field, _, _ = STATEFUL[spot.kind]
    return action | {field: form.value(spot)}


def _channel(conversation: Conversation) -> Json:
    return {"id": conversation.id, "name": "directmessage" if conversation.is_dm else conversation.name}
