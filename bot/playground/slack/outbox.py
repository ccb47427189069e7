"""What Slack sends, and what it does when nobody answers: events again at once, clicks never."""

import json

from bot.playground.slack.delivery import Answer, Delivery, Envelope
from bot.playground.slack.payloads import Payloads
from bot.playground.slack.records import Json, Unanswered
from bot.playground.slack.workspace import Workspace


class Outbox:
    def __init__(self, ws: Workspace, delivery: Delivery, payloads: Payloads) -> None:
        self._ws = ws
        self._delivery = delivery
        self._payloads = payloads
        self._last: Json | None = None
        self._retries = 0

    async def event(self, event: Json) -> Answer:
        """Delivered; refused or unanswered, once more at once under the same event_id."""
        payload = _copy(self._payloads.event(event))
        self._last, self._retries = payload, 0
        answer = await self._send("events_api", payload)
        if answer.ok or answer.reason == "no_connection":
            return answer
        self._retries = 1
        return await self._send("events_api", payload, retry=1, reason=answer.reason)

    async def redeliver(self) -> Answer:
        """The last event again, as Slack does after a minute and after five, heard before or not."""
        assert self._last is not None, "no event was sent yet"
        self._retries += 1
        return await self._send("events_api", self._last, retry=self._retries, reason="http_timeout")

    def echo(self, event: Json) -> None:
        """The bot's own posts come back to it as events too."""
        self._ws.background(self._echo(_copy(self._payloads.event(event))))

    async def _echo(self, payload: Json) -> None:
        answer = await self._delivery.send("events_api", payload, retry=0, reason="")
        self._ws.tap("event", _name(payload), payload, answer.body, answer.reason)
        if answer.reason in ("http_timeout", "http_error"):
            self._unanswered("events_api", payload, answer, 0)
        self._ws.changed()

    async def interaction(self, payload: Json) -> Answer:
        return await self._send("interactive", _copy(payload))

    async def command(self, form: Json) -> Answer:
        return await self._send("slash_commands", form)

    async def _send(self, kind: Envelope, payload: Json, *, retry: int = 0, reason: str = "") -> Answer:
        answer = await self._delivery.send(kind, payload, retry=retry, reason=reason)
        self._ws.tap("event", _name(payload), payload, answer.body, answer.reason)
        if not answer.ok:
            self._unanswered(kind, payload, answer, retry)
        self._ws.changed()
        return answer

    def _unanswered(self, kind: Envelope, payload: Json, answer: Answer, attempt: int) -> None:
        self._ws.unanswered.append(
            Unanswered(kind=kind, reason=answer.reason, payload=payload, attempt=attempt)
        )


def _name(payload: Json) -> str:
    """As Slack calls it: an event's type, an interaction's, a command."""
    event = payload.get("event") or {}
    return str(event.get("type") or payload.get("command") or payload.get("type") or "")


def _copy(payload: Json) -> Json:
    """What was sent stays as it was sent, whatever happens to the message or view it shows."""
    copied: Json = json.loads(json.dumps(payload))
    return copied
