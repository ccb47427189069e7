"""How far a wave's letters are, and what is known of a campaign's people: counts alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Counts of one wave, folded. `people` = pending + submitting + accepted + uncertain + rejected
    + skipped: always. `removed` were left out before the wave was opened and are not among `people`.

    From `delivered` on it is people of the campaign, whatever the wave. Nobody is in two of `delivered`,
    `bounced`, `blocked` and `dropped`; `failures` says why for the last three, by a word of
    `bot.core.events.WHYS`, and its sum is `failed`.

    `is_unheard`: the mail service tells us of no letter by itself; `delivered_total` is then its own count,
    None where it gave none. `openings`: `opened` where openings are counted at all, robots' included.
    `clicked`: whose link a person followed; `scanned`: whose link only machines did.

    `answers`: how many answers came in which quarter of an hour since 1970 (`bot.core.timeline`), as far as
    that was told. `at`: when all this was true. `is_unreadable`: the ledger does not read.

    `taken`: whose letter was accepted in any wave. `begun_at`: when the first request of this one was.

    `per_hour`: letters an hour, where somebody asked for a pace; the last of them then leave at `ends_at`.
    `failing_since`: nothing has been taken since.
    """

    people: int = 0
    pending: int = 0
    submitting: int = 0
    accepted: int = 0
    uncertain: int = 0
    rejected: int = 0
    skipped: int = 0
    delivered: int = 0
    bounced: int = 0
    blocked: int = 0
    dropped: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)
    complained: int = 0
    unsubscribed: int = 0
    answered: int = 0
    opened: int = 0
    clicked: int = 0
    scanned: int = 0
    answers: Mapping[int, int] = field(default_factory=dict)
    at: datetime | None = field(default=None, compare=False)
    is_unreadable: bool = False
    is_unheard: bool = False
    delivered_total: int | None = None
    openings: int | None = None
    removed: Mapping[str, int] = field(default_factory=dict)
    last_at: datetime | None = None
    per_hour: int = 0
    ends_at: datetime | None = None
    failing_since: datetime | None = None
    taken: int = 0
    begun_at: datetime | None = None
    later: "tuple[Progress, ...]" = ()  # of the waves after it, their own counts alone

    @classmethod
    def unknown(cls, people: int) -> "Progress":
        """Where the ledger does not read: any of them may have been written to."""
        return cls(people=people, uncertain=people, is_unreadable=True)

    @property
    def finished(self) -> bool:
        return self.pending == 0 and self.submitting == 0

    @property
    def failed(self) -> int:
        return self.bounced + self.blocked + self.dropped
