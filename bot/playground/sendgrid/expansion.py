"""From one accepted request to the letters people receive, as SendGrid expands it.

Substitution is plain replacement without escaping, in the subject, the bodies and the headers of each
personalization. The service does not promise the order, so a value that holds another tag may be
expanded in its turn: here it always is, the worst case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .records import Letter, Problem
from .rules import one_line

_STRIPPED_FROM_NAMES = str.maketrans("", "", ";,")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What the service knows beside the request's body."""

    message_id: str
    base_url: str
    now: datetime


def letters(body: Mapping[str, Any], envelope: Envelope) -> Iterator[Letter]:
    number = 0
    for entry in body["personalizations"]:
        for address in entry["to"]:
            yield _letter(body, entry, address, envelope, number)
            number += 1


def headers_broken(letters: list[Letter]) -> list[Problem]:
    """A value that brought a line break into a subject or a header would split the message."""
    return [
        Problem(message="A replaced value holds a line break.", field=f"personalizations.{number}")
        for number, letter in enumerate(letters)
        if not all(one_line(value) for value in (letter.subject, letter.to_name, *letter.headers.values()))
    ]


def _letter(
    body: Mapping[str, Any],
    entry: Mapping[str, Any],
    address: Mapping[str, str],
    envelope: Envelope,
    number: int,
) -> Letter:
    values: dict[str, str] = entry.get("substitutions", {})
    sender = entry.get("from") or body["from"]
    contents = {block["type"]: block["value"] for block in body.get("content", [])}
    identity = f"{envelope.message_id}.{number}"
    headers = {
        name: replaced(value, values)
        for name, value in {**body.get("headers", {}), **entry.get("headers", {})}.items()
    }
    group = body.get("asm", {}).get("group_id")
    exits = _exits(body, f"{envelope.base_url}/exit/{identity}", contents, group)
    return Letter(
        id=identity,
        to=address["email"],
        to_name=address.get("name", "").translate(_STRIPPED_FROM_NAMES),
        sender=sender["email"],
        sender_name=sender.get("name", "").translate(_STRIPPED_FROM_NAMES),
        reply_to=body.get("reply_to", {}).get("email", ""),
        subject=replaced(entry.get("subject") or body.get("subject", ""), values),
        html=replaced(exits.contents.get("text/html", ""), values),
        text=replaced(exits.contents.get("text/plain", ""), values),
        headers={**exits.headers, **headers},
        custom_args={**body.get("custom_args", {}), **entry.get("custom_args", {})},
        categories=tuple(body.get("categories", ())),
        at=_arrival(entry.get("send_at") or body.get("send_at"), envelope.now),
        message_id=envelope.message_id,
        unsubscribe_group=group,
    )


def replaced(template: str, values: Mapping[str, str]) -> str:
    for _ in range(2):  # twice: a value that holds a tag is expanded too
        for tag, value in values.items():
            template = template.replace(tag, value)
    return template


@dataclass(frozen=True, kw_only=True)
class _Exits:
    contents: Mapping[str, str]
    headers: Mapping[str, str]


def _exits(body: Mapping[str, Any], url: str, contents: Mapping[str, str], group: int | None) -> _Exits:
    """The service's own way out: with subscription tracking, or an unsubscribe group, and only then."""
    tracking = body.get("tracking_settings", {}).get("subscription_tracking", {})
    if not tracking.get("enable") and group is None:
        return _Exits(contents=contents, headers={})
    headers = {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    placed = {
        kind: value.replace("<%asm_group_unsubscribe_raw_url%>", url) for kind, value in contents.items()
    }
    if tracking.get("enable"):
        placed = {kind: _placed(kind, value, url, tracking) for kind, value in placed.items()}
    return _Exits(contents=placed, headers=headers)


def _placed(kind: str, content: str, url: str, tracking: Mapping[str, Any]) -> str:
    tag = tracking.get("substitution_tag")
    if tag:
        return content.replace(tag, url)
    if kind == "text/html":
        return content + f'<p><a href="{url}">Unsubscribe</a></p>'
    return content + f"\n\nUnsubscribe: {url}\n"


def _arrival(send_at: int | None, now: datetime) -> datetime:
    return max(now, datetime.fromtimestamp(send_at, UTC)) if send_at else now
