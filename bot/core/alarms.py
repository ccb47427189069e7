"""When what happens to letters is more than bad luck: shares beyond which somebody must look.

Mail services judge senders by two shares. Over 5 % of addresses that do not exist, or 0.1 % of complaints, an
account is looked into; from 10 % on it may be barred from sending at all (Amazon's published limits; SendGrid
keeps its own to itself, and advises the same). Gmail asks its senders to stay below 0.1 % of complaints.

Under `FEWEST` letters a share says nothing: one address in four is a quarter. So no alarm, and the counts of
the campaign's message are enough.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.delivery import Progress

FEWEST = 20  # letters of which something is known
BOUNCES = 0.05
COMPLAINTS = 0.001
STOPPING = 0.10  # of bounces, while letters are leaving: the rest waits for its owner
ENOUGH_TO_STOP = 50  # letters of which something is known


class Kind(StrEnum):
    BOUNCES = "bounces"
    COMPLAINTS = "complaints"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """`n` people out of the `of` of whom it is known what became of their letter."""

    kind: Kind
    n: int
    of: int

    @property
    def percent(self) -> float:
        return round(100 * self.n / self.of, 1)

    @property
    def stops(self) -> bool:
        is_bad = self.kind is Kind.BOUNCES and self.n > STOPPING * self.of
        return is_bad and self.of >= ENOUGH_TO_STOP


def alarms(progress: Progress) -> list[Alarm]:
    """Blocked and dropped letters are no bounces: the addresses may be good."""
    found = [
        (Alarm(kind=Kind.BOUNCES, n=progress.bounced, of=_known(progress)), BOUNCES),
        (Alarm(kind=Kind.COMPLAINTS, n=progress.complained, of=_arrived(progress)), COMPLAINTS),
    ]
    return [alarm for alarm, share in found if alarm.of >= FEWEST and alarm.n > share * alarm.of]


def _known(progress: Progress) -> int:
    """Where deliveries are never told (no webhook), a bounce is one of all that were accepted."""
    return progress.delivered + progress.failed if progress.delivered else progress.accepted


def _arrived(progress: Progress) -> int:
    return progress.delivered or progress.accepted
