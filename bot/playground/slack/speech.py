"""What a person puts in a conversation, and the events that tell the bot."""

import html
from collections.abc import Sequence
from typing import Literal

from bot.playground.slack import richtext
from bot.playground.slack.api.chat import whisper
from bot.playground.slack.conversations import Conversation
from bot.playground.slack.delivery import Answer
from bot.playground.slack.files import Looks, StoredFile
from bot.playground.slack.outbox import Outbox
from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.screen import Screen
from bot.playground.slack.workspace import Workspace


class Speech:
    def __init__(self, ws: Workspace, outbox: Outbox, screen: Screen) -> None:
        self._ws = ws
        self._outbox = outbox
        self._screen = screen

    async def says(self, text: str, where: str | None) -> Answer:
        return await self._posts(self._conversation(where), text, {})

    async def drops(
        self, files: Sequence[tuple[str, bytes]], comment: str, where: str | None, looks: Looks
    ) -> Answer:
        """One message event for all the files."""
        conversation = self._conversation(where)
        stored = [self._store(name, content) for name, content in files]
        for file in stored:
            file.looks = looks
            file.readable = conversation.has_bot
        shared = [self._ws.files.as_json(file) for file in stored]
        extra = {"files": shared, "upload": False, "display_as_bot": False, "subtype": "file_share"}
        return await self._posts(conversation, comment, extra)

    def _store(self, name: str, content: bytes) -> StoredFile:
        created = int(self._ws.now().timestamp())
        return self._ws.files.add(name, content, user_id=self._screen.profile.id, created=created)

    async def edits_last(self, text: str) -> Answer:
        message = self._last()
        before = dict(message)
        message |= self._typed(text)
        message["edited"] = {"user": message["user"], "ts": self._stamp()}
        self._ws.changed(self._screen.profile.id)
        change = {"message": dict(message), "previous_message": before}
        return await self._tells("message_changed", change)

    async def deletes_last(self) -> Answer:
        message = self._last()
        self._screen.dm.forget(message)
        self._ws.changed(self._screen.profile.id)
        return await self._tells(
            "message_deleted", {"deleted_ts": message["ts"], "previous_message": message}
        )

    async def changed_profile(self) -> Answer:
        user = self._ws.user(self._screen.profile, with_locale=True)
        return await self._outbox.event({"type": "user_change", "user": user, "event_ts": self._stamp()})

    async def opens(self, tab: Literal["home", "messages"]) -> Answer:
        home = self._screen.home
        return await self._outbox.event(
            {
                "type": "app_home_opened",
                "user": self._screen.profile.id,
                "channel": self._screen.dm.id,
                "tab": tab,
                "event_ts": self._stamp(),
                **({"view": home.as_json()} if home and tab == "home" else {}),
            }
        )

    def told(self, conversation: Conversation, answer: Json) -> None:
        """What the bot answered a command with, seen by this person alone."""
        try:
            whisper(self._ws, conversation, self._screen.profile.id, answer, method="command")
        except Refusal as refusal:
            self._ws.refuse("command", refusal)

    async def _posts(self, conversation: Conversation, text: str, extra: Json) -> Answer:
        person = self._screen.profile
        message: Json = {
            "type": "message",
            "user": person.id,
            "ts": self._stamp(),
            "client_msg_id": self._ws.ids.fresh("c-"),
            "team": person.team_id or self._ws.identity.team_id,
            **self._typed(text),
            **extra,
        }
        conversation.messages.append(message)
        self._ws.changed_in(conversation)
        return await self._outbox.event({**message, **_place(conversation), "event_ts": message["ts"]})

    def _typed(self, text: str) -> Json:
        """Slack escapes what people type, and sends it as rich text besides."""
        written = richtext.written(text)
        return {
            "text": html.escape(text, quote=False),
            "blocks": [{**written, "block_id": self._ws.ids.fresh("b")}] if written else [],
        }

    async def _tells(self, subtype: str, change: Json) -> Answer:
        event = {"type": "message", "subtype": subtype, "hidden": True, "ts": self._stamp(), **change}
        return await self._outbox.event({**event, **_place(self._screen.dm), "event_ts": event["ts"]})

    def _last(self) -> Json:
        mine = [one for one in self._screen.dm.messages if one["user"] == self._screen.profile.id]
        assert mine, f"{self._screen.profile.name} said nothing yet"
        return mine[-1]

    def _stamp(self) -> str:
        return self._ws.conversations.stamp(self._ws.now())

    def _conversation(self, where: str | None) -> Conversation:
        return self._ws.conversations.get(where or self._screen.profile.dm)


def _place(conversation: Conversation) -> Json:
    return {"channel": conversation.id, "channel_type": "im" if conversation.is_dm else "channel"}
