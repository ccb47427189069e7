"""What a person may ask of those who write to them: to be left alone, to be written to again, to see what is
kept of them, to be forgotten."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.core.addresses import canonical
from bot.core.exclusions import Origin
from bot.core.people import Member
from bot.core.sentences import Refusal
from bot.core.suppressions import Cause, Suppression

REASON = 300  # characters

_LINKED = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>")
_ADDRESS = re.compile(r"[^\s@<>|,;:\"]+@[^\s@<>|,;:\"]+\.[^\s@<>|,;:\"]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Why an address is not to be written to, for whoever wants to lift that. `name`: the origin's."""

    address: str
    cause: Cause
    at: datetime
    origin: Origin
    name: str = ""


def address_in(typed: str) -> str:
    """The address somebody typed, canonical; Slack may have made a link of it. Raises Refusal."""
    linked = _LINKED.fullmatch(typed.strip())
    written = (linked[1] if linked else typed).strip().rstrip(".,;")
    if not _ADDRESS.fullmatch(written):
        raise Refusal("rights.address")
    return canonical(written)


def may_lift(member: Member, standing: Suppression, *, is_admin: bool) -> bool:
    """What a person asked for themselves takes somebody who answers for it; what came of a mailbox, or of the
    member's own word, does not."""
    return is_admin or standing.cause is Cause.BOUNCED or standing.origin == member.id


def reason_in(typed: str) -> str:
    """Why somebody lifts it. Raises Refusal."""
    reason = " ".join(typed.split())
    if not reason:
        raise Refusal("rights.reason.empty", field="reason")
    if len(reason) > REASON:
        raise Refusal("rights.reason.long", field="reason", limit=REASON, length=len(reason))
    return reason
