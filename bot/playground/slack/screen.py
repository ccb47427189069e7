"""What one person has before their eyes, and where an element stands in it."""

from collections.abc import Iterator

from bot.playground.slack import sight
from bot.playground.slack.conversations import Conversation
from bot.playground.slack.payloads import Surface
from bot.playground.slack.people import Profile
from bot.playground.slack.records import Json
from bot.playground.slack.state import STATEFUL, Spot, options_of, spots
from bot.playground.slack.views import View
from bot.playground.slack.workspace import Workspace


class Screen:
    def __init__(self, ws: Workspace, user_id: str) -> None:
        self._ws = ws
        self._user_id = user_id

    @property
    def profile(self) -> Profile:
        return self._ws.people[self._user_id]

    @property
    def dm(self) -> Conversation:
        return self._ws.conversations.get(self.profile.dm)

    @property
    def stack(self) -> list[View]:
        return self._ws.views.stack(self._user_id)

    @property
    def home(self) -> View | None:
        return self._ws.views.homes.get(self._user_id)

    def surfaces(self) -> Iterator[Surface]:
        """Nearest first: the open dialog, then messages newest first, then Home."""
        if self.stack:
            yield Surface(form=self.stack[-1].form, view=self.stack[-1])
        for conversation in self._conversations():
            for message in reversed(conversation.seen_by(self._user_id)):
                yield self.of_message(conversation, message)
        if self.home is not None:
            yield Surface(form=self.home.form, view=self.home)

    def _conversations(self) -> Iterator[Conversation]:
        yield self.dm
        for conversation in self._ws.conversations:
            if not conversation.is_dm and self._user_id in conversation.members:
                yield conversation

    def of_message(self, conversation: Conversation, message: Json) -> Surface:
        form = self._ws.conversations.form(conversation.id, message)
        return Surface(form=form, message=message, conversation=conversation)

    def of(self, where: Json) -> Surface:
        """The surface a page names: {"kind": "message", "ts"} | {"kind": "view", "id"} | {"kind": "home"}."""
        for surface in self.surfaces():
            match where["kind"]:
                case "message" if surface.message and surface.message["ts"] == where["ts"]:
                    return surface
                case "view" if surface.view and surface.view.id == where["id"]:
                    return surface
                case "home" if surface.name == "home":
                    return surface
        raise AssertionError(f"{self.profile.name} does not see {where}\n{self.text()}")

    def buttons(self, action_id: str, value: str | None, where: str | None) -> Iterator[tuple[Surface, Spot]]:
        """Every button of this id the person can reach; the option of a menu counts when a value names it."""
        for surface in self._in(where):
            for spot in spots(surface.form.blocks):
                carried = [spot.element.get("value")]
                if spot.kind == "overflow":
                    carried = [option["value"] for option in options_of(spot.element)]
                pressed = spot.kind == "button" or (spot.kind == "overflow" and value is not None)
                if pressed and spot.action_id == action_id and value in (None, *carried):
                    yield surface, spot

    def field(self, name: str, where: str | None = None) -> tuple[Surface, Spot]:
        """The nearest element that holds a value, by its action_id or the block_id it stands in."""
        for surface in self._in(where):
            for spot in spots(surface.form.blocks):
                if name in (spot.action_id, spot.block_id) and spot.kind in STATEFUL:
                    return surface, spot
        raise AssertionError(f"{self.profile.name} sees no field {name!r}; {self.elements()}\n{self.text()}")

    def _in(self, where: str | None) -> Iterator[Surface]:
        for surface in self.surfaces():
            ts = surface.message["ts"] if surface.message else None
            if where in (None, surface.name, ts):
                yield surface

    def elements(self) -> str:
        lines = []
        for surface in self.surfaces():
            names = [f"{spot.block_id}/{spot.action_id}" for spot in spots(surface.form.blocks)]
            if names:
                lines.append(f"{surface.name}: {', '.join(names)}")
        return "elements in sight: " + ("; ".join(lines) or "none")

    def text(self) -> str:
        """All the words in sight: the conversation, the dialog on top, Home."""
        lines: list[str] = []
        for conversation in self._conversations():
            for message in conversation.seen_by(self._user_id):
                lines.extend(self._message(conversation, message))
        if self.stack:
            lines.extend(self._view(self.stack[-1]))
        if self.home is not None:
            lines.extend(self._view(self.home))
        return sight.spaced("\n".join(lines))

    def _message(self, conversation: Conversation, message: Json) -> Iterator[str]:
        blocks = message.get("blocks") or []
        if not blocks or message.get("bot_id") is None:
            yield sight.plain(message["text"], self._names)
        if message.get("bot_id") is not None:
            yield from sight.words_of(blocks, self._names)
            yield from self.of_message(conversation, message).form.shown()
        yield from (file["name"] for file in message.get("files", []) if "name" in file)

    def _view(self, view: View) -> Iterator[str]:
        for part in ("title", "submit", "close"):
            if view.body.get(part):
                yield str(view.body[part]["text"])
        yield from sight.words_of(view.form.blocks, self._names)
        yield from view.form.shown()
        yield from view.errors.values()

    @property
    def _names(self) -> dict[str, str]:
        return {person.id: person.first_name for person in self._ws.people.values()}

    def snapshot(self) -> Json:
        """Everything in sight as JSON, for the page."""
        person, me = self.profile, self._ws.identity
        return {
            "person": {
                "id": person.id,
                "name": person.name,
                "real_name": person.real_name,
                "first_name": person.first_name,
                "locale": person.locale,
                "tz": person.tz,
                "email": person.email,
                "is_admin": person.is_admin,
            },
            "team": {"id": me.team_id, "name": me.team_name},
            "bot": {"id": me.bot_user_id, "name": me.bot_name},
            "people": {one.id: one.real_name for one in self._ws.people.values()},
            "channel": self.dm.id,
            "messages": [self._message_json(message) for message in self.dm.seen_by(person.id)],
            "dialogs": [_view_json(view) for view in self.stack],
            "home": _view_json(self.home) if self.home else None,
        }

    def _message_json(self, message: Json) -> Json:
        from_bot = message.get("bot_id") is not None
        sender = self._ws.identity.bot_name if from_bot else self.profile.real_name
        return {
            "ts": message["ts"],
            "from": {"id": message["user"], "name": sender, "is_bot": from_bot},
            "text": message["text"],
            "blocks": message.get("blocks", []) if from_bot else [],
            "files": message.get("files", []),
            "edited": message.get("edited"),
            "thread": message.get("thread_ts"),
            "ephemeral": message.get("is_ephemeral", False),
            "values": self.of_message(self.dm, message).form.values(),
        }


def _view_json(view: View) -> Json:
    return {"view": view.as_json(), "values": view.form.values(), "errors": dict(view.errors)}
