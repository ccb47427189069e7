"""Direct messages and channels: who is in them and what was said."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.playground.slack.records import Ids, Json, Refusal
from bot.playground.slack.state import Form


@dataclass(kw_only=True)
class Conversation:
    id: str
    name: str
    members: frozenset[str]
    has_bot: bool = True
    messages: list[Json] = field(default_factory=list)
    hidden: dict[str, list[Json]] = field(default_factory=dict)
    """Ephemeral messages, by the only person who sees them."""

    @property
    def is_dm(self) -> bool:
        return self.id.startswith("D")

    def message(self, ts: object) -> Json:
        for message in self.messages:
            if message["ts"] == ts:
                return message
        raise Refusal("message_not_found")

    def forget(self, message: Json) -> None:
        for kept in (self.messages, *self.hidden.values()):
            if message in kept:
                kept.remove(message)

    def seen_by(self, user_id: str) -> list[Json]:
        if user_id not in self.members:
            return []
        return sorted([*self.messages, *self.hidden.get(user_id, [])], key=lambda message: message["ts"])


class Conversations:
    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._known: dict[str, Conversation] = {}
        self._forms: dict[tuple[str, str], Form] = {}
        self._last = 0

    def add(self, conversation: Conversation) -> Conversation:
        self._known[conversation.id] = conversation
        return conversation

    def __iter__(self) -> Iterator[Conversation]:
        return iter(self._known.values())

    def get(self, channel_id: object) -> Conversation:
        found = self._known.get(str(channel_id))
        if found is None:
            raise Refusal("channel_not_found", str(channel_id))
        return found

    def stamp(self, now: datetime) -> str:
        """A `ts`: the moment, never twice and never going back, for it is a message's name."""
        self._last = max(self._last + 1, int(now.timestamp() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def form(self, channel_id: str, message: Json) -> Form:
        """What a person has put in a message's own elements."""
        key = (channel_id, message["ts"])
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = Form(message.get("blocks", []))
        elif form.blocks is not message.get("blocks"):
            form.show(message.get("blocks", []))
        return form

    def dressed(self, blocks: list[Json]) -> list[Json]:
        """Blocks as Slack keeps them: every block and element named, text objects completed."""
        return [self._named(block) for block in blocks]

    def _named(self, block: Json) -> Json:
        named = _completed(block)
        assert isinstance(named, dict)
        named.setdefault("block_id", self._ids.fresh("b"))
        if named["type"] in ("actions", "input", "section"):
            elements = [*named.get("elements", []), named.get("element"), named.get("accessory")]
            for element in elements:
                if isinstance(element, dict) and element["type"] != "image":
                    element.setdefault("action_id", self._ids.fresh("a"))
        return named


def _completed(node: object) -> object:
    if isinstance(node, list):
        return [_completed(child) for child in node]
    if not isinstance(node, dict):
        return node
    whole = {name: _completed(child) for name, child in node.items()}
    if whole.get("type") == "plain_text":
        whole.setdefault("emoji", True)
    if whole.get("type") == "mrkdwn":
        whole.setdefault("verbatim", False)
    return whole
