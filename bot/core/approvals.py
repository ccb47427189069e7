"""An approval: a large campaign leaves only once somebody else has looked at it.

What was asked is written down with it (the letter, the numbers): what the approvers read is what leaves,
and their message can be drawn again from the record alone.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.ids import CampaignId, MemberId
from bot.core.selection import Cause

DOMAINS = 5  # of the recipients' addresses that are named, the most frequent ones
COMMENT_LENGTH = 500
SOON = timedelta(hours=1)  # before the departure: who has not answered is asked once more
PATIENCE = timedelta(hours=2)  # a departure nearer than this leaves no time to ask twice
PASSING = (
    Cause.PLANNED,
    Cause.RECENT,
    Cause.SUPPRESSED,
)  # who is left out when asked may not be at departure
UNDATED = timedelta(hours=24)  # what should leave at once is not asked about for ever


class Verdict(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # its owner changed the campaign, or cancelled it


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """`revision`: the campaign's when it was asked, which the buttons carry. `people`: how many letters were
    approved. `left_out`: (cause, people). `domains`: (domain, people), and "" for all the others. `places`:
    where it was asked, empty as long as nobody could be; `trouble`, what its owner was told of that.
    `subject` and `words`: the letter of somebody invented; `reminders`, the same of each that is planned.
    `replaces`: the question's revision before it. `given_for`: how many letters had been approved before,
    where more would have left. `unkept`: characters of the letters that are not written down with it."""

    verdict: Verdict
    at: datetime
    revision: int
    people: int
    by: MemberId | None = None
    comment: str = ""
    nudged_at: datetime | None = None
    decided_at: datetime | None = None
    total: int = 0
    left_out: tuple[tuple[str, int], ...] = ()
    domains: tuple[tuple[str, int], ...] = ()
    subject: str = ""
    words: str = ""
    reminders: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()
    trouble: str = ""
    replaces: int = 0
    given_for: int = 0
    unkept: int = 0


def is_needed(people: int, above: int | None, *, to_myself: bool) -> bool:
    """`above` is the settings' number; None asks nobody. One's own letter needs nobody's leave."""
    return above is not None and people > above and not to_myself


def is_given(approval: Approval | None) -> bool:
    return approval is not None and approval.verdict is Verdict.APPROVED


def covers(approval: Approval | None, people: int) -> bool:
    """Approved, and for no fewer letters than would leave."""
    return approval is not None and is_given(approval) and people <= approval.people


def asked_anew(known: Approval, *, at: datetime, revision: int, people: int) -> Approval:
    """The same letter once more, to as many people as it would reach by now."""
    more = people - known.people
    return replace(
        known, verdict=Verdict.ASKED, at=at, revision=revision, people=people, by=None, decided_at=None,
        nudged_at=None, comment="", places=(), trouble="", replaces=known.revision,
        left_out=_without(known.left_out, more) if more > 0 else known.left_out,
        given_for=known.people if more > 0 and is_given(known) else known.given_for,
    )  # fmt: skip


def _without(left_out: tuple[tuple[str, int], ...], people: int) -> tuple[tuple[str, int], ...]:
    """So many of them are left out no more."""
    counts = dict(left_out)
    for cause in PASSING:
        back = min(people, counts.get(cause, 0))
        people -= back
        counts[cause] = counts.get(cause, 0) - back
    return tuple((str(cause), count) for cause, count in counts.items() if count)


def is_open(approval: Approval | None) -> bool:
    return approval is not None and approval.verdict is Verdict.ASKED


def deadline(approval: Approval, send_at: datetime | None) -> datetime:
    """When it is too late: the campaign's moment. One that leaves as soon as it may (`send_at` None) waits
    for a day."""
    return send_at or approval.at + UNDATED


def nudge_at(approval: Approval, send_at: datetime | None) -> datetime | None:
    """When the approvers are asked once more; None where they were, or no time is left for it."""
    if approval.nudged_at is not None:
        return None
    if send_at is None:
        return approval.at + SOON
    return send_at - SOON if send_at - approval.at > PATIENCE else None


def wake_at(approval: Approval, send_at: datetime | None) -> datetime:
    """When to look at it next."""
    last = deadline(approval, send_at)
    return min(last, nudge_at(approval, send_at) or last)


def subject(campaign: CampaignId, revision: int, place: str) -> str:
    """Under which its message in that place is noted: what is asked anew is a new message."""
    return f"{campaign}/approval/{revision}/{place}"


def domains(addresses: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The most frequent ones, and the number of everybody else's."""
    counted = Counter(address.rpartition("@")[2].lower() for address in addresses)
    named = sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:DOMAINS]
    others = counted.total() - sum(people for _, people in named)
    return (*named, ("", others)) if others else tuple(named)
