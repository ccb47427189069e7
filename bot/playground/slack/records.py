"""What the stand-in writes down, the error that refuses a call, and fresh identifiers."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One Web API call (or upload, download, response_url use), without its token."""

    method: str
    args: Json
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Refused:
    method: str
    error: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.method}: {self.error} {self.detail}".strip()


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """A payload the bot did not acknowledge in time, or answered with anything but 200."""

    kind: str
    reason: str
    payload: Json
    attempt: int = 0


class Refusal(Exception):
    """Raised where a call breaks a rule; the wire turns it into `{"ok": false, "error": …}`."""

    def __init__(self, error: str, *details: str) -> None:
        super().__init__(error, *details)
        self.error = error
        self.details = details


class Ids:
    """Identifiers that never repeat, even across two stand-ins the same bot meets one after the other:
    a bot remembers event ids on its disk for a day."""

    def __init__(self) -> None:
        self._salt = secrets.token_hex(3).upper()
        self._numbers = count(1)

    def fresh(self, prefix: str) -> str:
        return f"{prefix}{self._salt}{next(self._numbers):04d}"
