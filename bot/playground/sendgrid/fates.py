"""What becomes of a letter by itself: most arrive, and some mailboxes are known for their surprises.

The mailbox is the local part up to a plus sign, at whatever domain: bounce@ or bounce+anna@.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

SOON = timedelta(minutes=1)
LATER = timedelta(minutes=10)
SCANNED, LEFT = "scanned", "left"  # what a reader does; no event by itself


@dataclass(frozen=True, kw_only=True)
class Step:
    """`after` the letter was taken, by the service's clock. `late`: an event without ids."""

    kind: str
    after: timedelta = timedelta()
    late: bool = False


PROCESSED, DELIVERED = Step(kind="processed"), Step(kind="delivered")
ORDINARY = (PROCESSED, DELIVERED)
DROPPED = "drop"
FATES: Mapping[str, tuple[Step, ...]] = {
    "bounce": (PROCESSED, Step(kind="bounce")),
    "late": (*ORDINARY, Step(kind="bounce", after=LATER, late=True)),
    "block": (PROCESSED, Step(kind="block")),
    "full": (PROCESSED, Step(kind="deferred"), Step(kind="full", after=SOON)),
    "defer": (PROCESSED, Step(kind="deferred"), Step(kind="delivered", after=SOON)),
    DROPPED: (),  # never leaves: see `refusal`
    "spam": (*ORDINARY, Step(kind="spamreport")),
    "robot": (*ORDINARY, Step(kind=SCANNED)),
    "leave": (*ORDINARY, Step(kind=LEFT)),
}


def fate(address: str) -> tuple[Step, ...]:
    return FATES.get(_mailbox(address), ORDINARY)


def refusal(address: str) -> str | None:
    """Why the service drops a letter to this address, or None."""
    return "Invalid" if _mailbox(address) == DROPPED else None


def _mailbox(address: str) -> str:
    return address.rpartition("@")[0].partition("+")[0].lower()
