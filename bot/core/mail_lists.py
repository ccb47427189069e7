"""The lists that the mail service keeps by itself of addresses it will not, or could not, write to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.core.facts import Happened
from bot.core.suppressions import Cause

ORIGIN = "sendgrid"  # of a suppression: it stood there, and no letter of ours is behind it
CATEGORY = "postillon:"


class MailList(StrEnum):
    """GROUP: the unsubscribe group of the settings, where letters leave under it."""

    BOUNCES = "bounces"
    SPAM_REPORTS = "spam_reports"
    UNSUBSCRIBES = "unsubscribes"
    BLOCKS = "blocks"
    GROUP = "group"


MEANING: dict[MailList, tuple[Happened, Cause | None]] = {
    MailList.BOUNCES: (Happened.BOUNCED, Cause.BOUNCED),
    MailList.SPAM_REPORTS: (Happened.COMPLAINED, Cause.COMPLAINED),
    MailList.UNSUBSCRIBES: (Happened.UNSUBSCRIBED, Cause.UNSUBSCRIBED),
    MailList.BLOCKS: (Happened.BLOCKED, None),  # of one letter: the next one may be taken
    MailList.GROUP: (Happened.UNSUBSCRIBED, Cause.UNSUBSCRIBED),
}
# those that keep a letter from leaving, whatever it is
STANDING = (MailList.BOUNCES, MailList.SPAM_REPORTS, MailList.UNSUBSCRIBES)


class Listed(NamedTuple):
    """`address` is canonical; `at` in UNIX seconds, 0 where the list does not say; `why` a word of
    `bot.core.events.WHYS`."""

    address: str
    at: int
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """`size`: the rows it had, those that are no address included."""

    rows: Sequence[Listed]
    size: int
    is_last: bool
