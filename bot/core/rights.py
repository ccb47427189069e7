"""What a person may ask of those who write to them: to be left alone, to be written to again, to see what is
kept of them, to be forgotten."""

import html
import re
from dataclasses import dataclass
from datetime import datetime

from bot.core.addresses import canonical, is_written
from bot.core.exclusions import Origin
from bot.core.people import Member
from bot.core.sentences import Refusal
from bot.core.suppressions import Cause, Suppression

REASON = 300  # characters

WORDS = 5  # around one address; more than that is a conversation, not an order

_LINKED = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>", re.IGNORECASE)
_MAILTO = re.compile(r"^mailto:([^?]*).*$", re.IGNORECASE)
_NEVER_ITS_OWN = ' \t\n\u00a0\u202f.,;:!?<>()[]"’‘‚“”„«»‹›'  # no address begins or ends with these
_AROUND = "'`´*_~"  # one may begin with these: a pair of them is somebody's marks
_BETWEEN = re.compile(r"[\s,;|]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Why an address is not to be written to, for whoever wants to lift that. `name`: the origin's."""

    address: str
    cause: Cause
    at: datetime
    origin: Origin
    name: str = ""


def address_in(typed: str) -> str:
    """The one address somebody typed, canonical: bare, quoted, as a link that Slack made of it, with a name
    or a few words around. Raises Refusal."""
    text = _LINKED.sub(r" \1 ", html.unescape(typed))
    if len(text.split()) > WORDS:
        raise Refusal("rights.address")
    found = {canonical(_bare(piece)) for piece in _BETWEEN.split(text) if "@" in piece}
    if len(found) != 1 or not is_written(address := found.pop()):
        raise Refusal("rights.address")
    return address


def _bare(piece: str) -> str:
    """Without what stands around it, whatever the order."""
    before = ""
    while piece != before:
        before = piece
        piece = _MAILTO.sub(r"\1", piece.strip(_NEVER_ITS_OWN))
        if len(piece) > 1 and piece[-1] in _AROUND:
            piece = piece[1:-1] if piece[0] == piece[-1] else piece[:-1]
    return piece


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
