"""What the stand-in remembers: letters it took, requests it saw, rules it saw broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

Tap = Callable[[str, str, object, object, str], None]
"""Told of each exchange: its way, its name, what was sent, what was answered, and what went wrong, if so."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One entry of an `errors` array; `field` is null for errors about the whole request."""

    message: str
    field: str | None = None
    help: str | None = None

    def as_json(self) -> dict[str, str | None]:
        return {"message": self.message, "field": self.field, "help": self.help}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter as one person receives it: fields replaced, headers final.

    `at` is the moment it arrives (now, or its `send_at`). `dropped` says why a letter never
    arrived (a suppressed address); such letters stand apart, in `SendGridStandIn.dropped`.
    """

    id: str
    to: str
    to_name: str
    sender: str
    sender_name: str
    reply_to: str
    subject: str
    html: str
    text: str
    headers: Mapping[str, str]
    custom_args: Mapping[str, str]
    categories: Sequence[str]
    at: datetime
    message_id: str
    unsubscribe_group: int | None = None
    dropped: str | None = None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request: what came and what was answered. The key itself is never kept.

    `status` is 0 when no answer left (a reset, a hang). `peer` is the client's host and port: two
    requests with the same peer came over one connection.
    """

    method: str
    path: str
    status: int
    body: object
    size: int
    peer: str
    headers: Mapping[str, str]
    problems: Sequence[Problem] = ()
    injected: bool = False


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The client broke a documented rule; an injected answer is never one."""

    method: str
    path: str
    status: int
    problems: Sequence[Problem]

    def __str__(self) -> str:
        reasons = "; ".join(f"{problem.field or 'request'}: {problem.message}" for problem in self.problems)
        return f"{self.method} {self.path} -> {self.status} {reasons}"


def traced(seen: Seen) -> tuple[str, str, object, object, str]:
    """As a tap is told of it."""
    answered = {"status": seen.status, "problems": [one.as_json() for one in seen.problems]}
    wrong = "" if 200 <= seen.status < 300 else str(seen.status)
    return "mail", f"{seen.method} {seen.path}", seen.body, answered, wrong
