"""What waits for a person beside their own campaigns, the most urgent first."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.core.ids import MemberId


class Kind(StrEnum):
    """In the order in which somebody else, or something, is lost by waiting."""

    APPROVAL = "approval"  # a colleague's letters do not leave
    FILE = "file"  # forgotten after seven days
    VERSION = "version"  # a file that looks like a list
    RETENTION = "retention"  # a list whose time is nearly over


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """`id` and `revision` are its button's. `until`: what happens then happens without an answer."""

    kind: Kind
    id: str
    title: str
    revision: int = 0
    n: int = 0
    who: MemberId | None = None
    until: datetime | None = None


def urgency(one: Waits) -> tuple[int, datetime]:
    """What has no end comes last among its like."""
    return list(Kind).index(one.kind), one.until or datetime.max.replace(tzinfo=UTC)
