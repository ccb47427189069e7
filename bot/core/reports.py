"""All that is known of a campaign's people, one after the other: what a report tells. Pure.

The counts of a report are those of the campaign's message; of each person it says by which of them they are
counted. What nobody told is None, never no.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.delivery import Fold
from bot.core.facts import Happened
from bot.core.figures import figures
from bot.core.progress import Progress
from bot.core.receipts import OTHER
from bot.core.waves import BatchState, Wave

FAILED = int(Happened.BOUNCED | Happened.BLOCKED | Happened.DROPPED)
OPENED = int(Happened.OPENED | Happened.ROBOT)


class Letter(StrEnum):
    """What became of somebody's letters, whatever the wave: the first that holds counts."""

    DELIVERED = "delivered"
    FAILED = "failed"
    ACCEPTED = "accepted"
    UNCERTAIN = "uncertain"
    REJECTED = "rejected"  # the mail service will not take it
    PENDING = "pending"
    LEFT_OUT = "left_out"  # before the letters left, or while they did


# in the order of a wave's states, so that the better of two is the greater
_RANKS = (Letter.LEFT_OUT, Letter.REJECTED, Letter.PENDING, Letter.UNCERTAIN, Letter.ACCEPTED)
_OF_BATCH = {
    BatchState.PENDING: _RANKS.index(Letter.PENDING),
    BatchState.SUBMITTING: _RANKS.index(Letter.UNCERTAIN),
    BatchState.UNCERTAIN: _RANKS.index(Letter.UNCERTAIN),
    BatchState.ACCEPTED: _RANKS.index(Letter.ACCEPTED),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """`number` counts from 1. `why`: a word of `events.WHYS` where the letter failed. `reminders`: how many
    were taken for them. `answered_at`: when that came to be known. `is_erased`: nobody knows who it was."""

    number: int
    contact: Contact
    letter: Letter
    why: str = ""
    reminders: int = 0
    clicked: bool | None = None
    opened: bool | None = None
    answered: bool | None = None
    answered_at: datetime | None = None
    unsubscribed: bool = False
    is_erased: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """`names_people` False: for who gets counts alone."""

    campaign: Campaign
    progress: Progress
    at: datetime
    names_people: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A copy of what the fold says of each recipient; a few bytes each."""

    bits: "array[int]"
    ranks: bytearray  # by `_RANKS`, of all waves
    reminders: bytearray
    failures: Mapping[int, str] = field(default_factory=dict)
    answered_at: Mapping[int, int] = field(default_factory=dict)


def known(fold: Fold) -> Known:
    """For `ledgers.read`."""
    ranks, reminders = bytearray(fold.audience_size), bytearray(fold.audience_size)
    for wave in fold.waves:
        _rank(wave, ranks, reminders)
    numbers = (number for number, bits in enumerate(fold.bits) if bits & Happened.ANSWERED)
    told = ((number, fold.receipts.answered_at(number)) for number in numbers)
    return Known(
        bits=array("H", fold.bits), ranks=ranks, reminders=reminders, failures=fold.receipts.failures,
        answered_at={number: at for number, at in told if at},
    )  # fmt: skip


def _rank(wave: Wave, ranks: bytearray, reminders: bytearray) -> None:
    rejected = _RANKS.index(Letter.REJECTED)
    for number in wave.rejected:
        ranks[number] = max(ranks[number], rejected)
    for batch, state in enumerate(wave.states):
        rank = _OF_BATCH.get(state, 0)
        is_reminder = wave.number > 0 and state is BatchState.ACCEPTED
        for number in wave.people(batch) if rank else ():
            ranks[number] = max(ranks[number], rank)
            reminders[number] += is_reminder


def people(report: Report, recipients: Iterable[tuple[int, Contact]], found: Known) -> Iterator[Person]:
    """One after the other, in the order of their numbers."""
    campaign, progress = report.campaign, report.progress
    is_told = figures(campaign, progress).answered is not None
    for number, contact in recipients:
        bits = found.bits[number]
        letter = _letter(bits, found.ranks[number])
        at = found.answered_at.get(number)
        yield Person(
            number=number + 1, contact=contact, letter=letter,
            why=found.failures.get(number, OTHER) if letter is Letter.FAILED else "",
            reminders=found.reminders[number],
            clicked=bool(bits & Happened.CLICKED) if campaign.redirects else None,
            opened=bool(bits & OPENED) if progress.openings is not None else None,
            answered=bool(bits & Happened.ANSWERED) if is_told else None,
            answered_at=datetime.fromtimestamp(at, UTC) if at else None,
            unsubscribed=bool(bits & Happened.UNSUBSCRIBED),
        )  # fmt: skip


def _letter(bits: int, rank: int) -> Letter:
    """As `receipts` counts: an address that bounced is not delivered, whatever was told before."""
    if bits & Happened.BOUNCED:
        return Letter.FAILED
    if bits & Happened.DELIVERED:
        return Letter.DELIVERED
    return Letter.FAILED if bits & FAILED else _RANKS[rank]
