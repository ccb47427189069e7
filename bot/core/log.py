"""The log of a workspace: who did what, when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEntry:
    """Who did what, when. `subject` is an id; `about` holds counts and titles, never an address."""

    at: datetime
    by: str
    verb: str
    subject: str
    about: Mapping[str, str | int]
