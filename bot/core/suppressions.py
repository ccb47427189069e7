"""Addresses of a workspace that must not be written to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    OBJECTED = "objected"


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppression:
    """`address` is canonical; `origin` names where it came from: a campaign's id, a member's id, a list."""

    address: str
    cause: Cause
    at: datetime
    origin: str
