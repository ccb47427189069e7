"""Who is not to be written to, as it is handed to those who look after the bot."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.suppressions import Cause


class Origin(StrEnum):
    """SERVICE: a list that the mail service keeps. UNKNOWN: what it was is not kept any more."""

    CAMPAIGN = "campaign"
    LIST = "list"
    MEMBER = "member"
    SERVICE = "service"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Excluded:
    """`name` is the campaign's, the list's or the member's."""

    address: str
    cause: Cause
    at: datetime
    origin: Origin
    name: str = ""
