"""What the mail service tells about letters, in our words.

MailEvent    one thing that happened to one letter
Told         what one post of the mail service said
Unsigned     a post of which nobody knows whether the mail service made it
Full         a post that cannot be taken now
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.suppressions import Cause

TEST = -1  # the recipient number of a test letter

# why a letter did not arrive; `*_there`: the mail service keeps a list of its own, and did not even try
WHYS = frozenset(
    {
        "unknown",  # no such mailbox
        "full", "unavailable",  # the mailbox, for now
        "blocked", "reputation", "content", "volume",  # what its server thinks of us or the letter
        "technical", "credits", "invalid",
        "unsubscribed_there", "bounced_there", "complained_there",
        "other",
    }
)  # fmt: skip


class Unsigned(Exception):
    """Not signed with the mail service's key, or no such key was given."""


class Full(Exception):
    """Too much waits already: to be told again later."""


class MailEvent(NamedTuple):
    """A tuple, with its moment in UNIX seconds: there may be tens of thousands a second.

    `bits` are of `bot.core.facts.Happened`, 0 where `why` is "?kind".

    `campaign` is empty for a bounce that comes late, without saying of which letter. `address` is canonical,
    and only there where it is needed: to know whose letter that was, or whom to suppress.
    """

    campaign: str
    wave: int
    recipient: int
    bits: int
    at: int
    why: str = ""
    address: str = ""
    cause: Cause | None = None  # why this address is not to be written to again


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """`foreign`: events of letters that are not ours, in the same account. `garbage`: what is no event."""

    events: Sequence[MailEvent]
    foreign: int = 0
    garbage: int = 0
