"""A closed account: its campaigns go on as they are, and who looks after the bot says whether they should."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.ids import CampaignId, MemberId


class Answer(StrEnum):
    LET_GO = "let_go"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, kw_only=True, slots=True)
class Closure:
    """`owner`: whose account was closed. `places`: the admins who were asked, empty as long as nobody could
    be; each is asked once."""

    owner: MemberId
    at: datetime
    places: tuple[MemberId, ...] = ()
    is_posted: bool = False  # nobody could be asked: the support channel was told instead
    answer: Answer | None = None
    by: MemberId | None = None


def is_asked(closure: Closure, owner: MemberId, *, stands_still: bool) -> bool:
    """Need nobody be asked any more? What was let go and then came to stand still is asked about anew."""
    was_let_go = closure.answer is Answer.LET_GO and stands_still
    return closure.owner == owner and bool(closure.places or closure.is_posted) and not was_let_go


def subject(campaign: CampaignId, closure: Closure, admin: MemberId) -> str:
    """Under which its message to that admin is noted: what is asked anew is a new message."""
    return f"{campaign}/closed/{int(closure.at.timestamp())}/{admin}"
