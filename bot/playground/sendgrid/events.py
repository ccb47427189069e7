"""What happens to a letter, and how the Event Webhook words it.

The fields are those of twilio.com/docs/sendgrid/for-developers/tracking-events/event. custom_args stand at
the top level and lose to the service's own names. A bounce that comes in after the delivery was reported
carries neither message id, nor custom_args, nor category.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .records import Letter


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One thing that happened to one letter.

    `kind` is a key of KINDS, a name of the caller's for an event nobody knows, or a visit of the reader's,
    which is no event. `fields` outweigh the event's own; None takes a field away. `number` is unique.
    """

    letter: Letter
    kind: str
    at: datetime
    number: int
    late: bool = False
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`suppresses`: the list of the account that the address goes to. `status`: the word of Email Logs."""

    event: str
    fields: Mapping[str, object] = field(default_factory=dict)
    suppresses: str = ""
    status: str = ""


_IP = "203.0.113.20"
_AGENT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
KINDS: Mapping[str, Kind] = {
    "processed": Kind(event="processed", status="processed"),
    "delivered": Kind(
        event="delivered", status="delivered", fields={"response": "250 2.0.0 OK", "ip": _IP, "tls": 1}
    ),
    "deferred": Kind(
        event="deferred",
        status="deferred",
        fields={"response": "451 4.7.1 Greylisting in action, please come back later", "attempt": "1"},
    ),
    "bounce": Kind(
        event="bounce",
        status="bounced",
        suppresses="bounces",
        fields={
            "type": "bounce",
            "bounce_classification": "Invalid Address",
            "reason": "550 5.1.1 The email account that you tried to reach does not exist.",
            "status": "5.1.1",
            "ip": _IP,
            "tls": 1,
        },
    ),
    "block": Kind(
        event="bounce",
        status="blocked",
        suppresses="blocks",
        fields={
            "type": "blocked",
            "bounce_classification": "Reputation",
            "reason": "550 5.7.1 The message was refused by the recipient's policy.",
            "status": "5.7.1",
            "ip": _IP,
            "tls": 1,
        },
    ),
    "full": Kind(
        event="bounce",
        status="blocked",
        suppresses="blocks",
        fields={
            "type": "blocked",
            "bounce_classification": "Mailbox Unavailable",
            "reason": "552 5.2.2 The email account that you tried to reach is over quota.",
            "status": "5.2.2",
            "ip": _IP,
            "tls": 1,
        },
    ),
    "dropped": Kind(event="dropped", fields={"reason": "Invalid", "status": "5.0.0"}),
    "spamreport": Kind(event="spamreport", suppresses="spam_reports"),
    "unsubscribe": Kind(event="unsubscribe", suppresses="unsubscribes"),
    "group_unsubscribe": Kind(
        event="group_unsubscribe", fields={"ip": "203.0.113.7", "useragent": _AGENT}, suppresses="group"
    ),
    "open": Kind(event="open", fields={"ip": "203.0.113.7", "useragent": _AGENT, "sg_machine_open": False}),
    "click": Kind(event="click", fields={"ip": "203.0.113.7", "useragent": _AGENT}),
}
_NOT_SMTP = frozenset({"spamreport", "unsubscribe", "group_unsubscribe", "open", "click"})


def as_event(happened: Happening) -> dict[str, object]:
    """The JSON object the webhook posts for it."""
    kind = KINDS.get(happened.kind) or Kind(event=happened.kind)
    told = {
        **({} if happened.late else _origin(happened.letter, kind.event)),
        "email": happened.letter.to,
        "timestamp": int(happened.at.timestamp()),
        "event": kind.event,
        "sg_event_id": _event_id(happened, kind.event),
        **kind.fields,
        **happened.fields,
    }
    return {name: value for name, value in told.items() if value is not None}


def _origin(letter: Letter, event: str) -> dict[str, object]:
    known: dict[str, object] = {**letter.custom_args, "sg_message_id": _message_id(letter)}
    if event not in _NOT_SMTP:
        known["smtp-id"] = f"<{letter.message_id}@geopod-ismtpd-1>"
    if letter.categories:
        known["category"] = letter.categories[0] if len(letter.categories) == 1 else [*letter.categories]
    return known


def _message_id(letter: Letter) -> str:
    """What the request answered, then where the service handled this one letter."""
    number = letter.id.rpartition(".")[2]
    return f"{letter.message_id}.recvd-6b4f9c7d5-x2lqk-1-{int(letter.at.timestamp()):X}-{number}.0"


def _event_id(happened: Happening, event: str) -> str:
    name = f"{event}-{happened.number}-{happened.letter.id}"
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
