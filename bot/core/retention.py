"""How long a list is kept (`RETENTION_DAYS`): from its last version, or the end of the last campaign that
used it, whichever is later.

Somebody is asked `NOTICE` before, and nothing is deleted that nobody heard of. What is under way keeps its
lists: their time begins when it has ended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.audiences import lists_of
from bot.core.campaigns import RUNNING, Campaign, State
from bot.core.ids import ListId, MemberId
from bot.core.lists import ContactList
from bot.core.people import Member

NOTICE = timedelta(days=7)
UNDER_WAY = RUNNING | {State.AWAITING, State.SCHEDULED, State.HELD}

Uses = Mapping[ListId, datetime | None]  # when a list was used last; None: it is being used


class Standing(StrEnum):
    """What became of the question."""

    OPEN = "open"
    KEPT = "kept"  # by a person, a new version, a campaign; or the settings ask for no end any more
    EXPIRED = "expired"  # deleted as announced
    DELETED = "deleted"  # by a person


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """`owner`: whose list it was when it was asked about. `places`: who heard it, empty as long as nobody
    could; `is_posted`: the support channel did, in their place. `expired_at`: nobody kept it; `is_told`:
    and that was said, too."""

    owner: MemberId
    at: datetime
    deletes_at: datetime
    places: tuple[MemberId, ...] = ()
    is_posted: bool = False
    expired_at: datetime | None = None
    is_told: bool = False

    @property
    def is_heard(self) -> bool:
        return bool(self.places) or self.is_posted


def uses(campaigns: Iterable[Campaign]) -> Uses:
    """A draft uses its lists as often as it is worked on, and keeps none of them for ever."""
    found: dict[ListId, datetime | None] = {}
    for campaign in campaigns:
        at = _used_at(campaign)
        for list_id in lists_of(campaign):
            known = found.get(list_id, at)
            found[list_id] = None if at is None or known is None else max(at, known)
    return found


def _used_at(campaign: Campaign) -> datetime | None:
    if campaign.state in UNDER_WAY:
        return None
    return campaign.ended_at or campaign.changed_at or campaign.departed_at or campaign.created_at


def since(contact_list: ContactList, used: Uses) -> datetime | None:
    """From when its time is counted; None while it is being used."""
    dated = contact_list.counted_from or contact_list.created_at
    at = used.get(contact_list.id, dated)
    return None if at is None else max(at, dated)


def notice_of(days: int) -> timedelta:
    """A week; half of the time where that is less than two."""
    return min(NOTICE, timedelta(days=days) / 2)


def subject(list_id: ListId, notice: Notice, member: MemberId) -> str:
    """Under which its question to that member is noted; what is asked anew is a new message."""
    return f"{list_id}/retention/{int(notice.at.timestamp())}/{member}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question as it stands. `owner`: as the notice names them; `until`: when its time is over as things
    are, None where it never is."""

    contact_list: ContactList
    notice: Notice
    standing: Standing
    days: int
    owner: Member
    until: datetime | None = None
