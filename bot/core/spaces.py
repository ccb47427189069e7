"""What is known of a workspace as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.retention import Notice


@dataclass(frozen=True, kw_only=True, slots=True)
class Openings:
    """Letters tell when they are opened: who switched that on, saying that their readers consented, and
    when."""

    by: MemberId
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Space:
    """`events_since` and `events_at`: the first and about the last time the mail service told what became of
    a letter by itself; None where it never did.

    `lists_read`: `bot.core.mail_lists.MailList` -> until when it was read. `delivered`: how many letters of a
    campaign arrived, as the mail service counts them, where it tells no more. `withheld_at`: who unsubscribed
    until then stands in its group. `notices`: of each list whose time is nearly over, who was asked.
    """

    workspace: WorkspaceId
    events_since: datetime | None = None
    events_at: datetime | None = None
    lists_read: Mapping[str, datetime] = field(default_factory=dict)
    delivered: Mapping[CampaignId, int] = field(default_factory=dict)
    withheld_at: datetime | None = None
    openings: Openings | None = None
    notices: Mapping[ListId, Notice] = field(default_factory=dict)
