"""How payloads reach the bot: what both ways of delivering promise."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.playground.slack.records import Json

Envelope = Literal["events_api", "interactive", "slash_commands"]
PATIENCE = 3.0
"""Seconds the bot has to answer."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    ok: bool
    body: Json = field(default_factory=dict)
    reason: str = ""
    """Why it is no answer: `http_timeout`, `http_error`, `no_connection`, `connection_lost`."""


class Delivery(Protocol):
    async def send(self, kind: Envelope, payload: Json, *, retry: int, reason: str) -> Answer: ...

    async def close(self) -> None: ...
