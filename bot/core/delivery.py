"""What a ledger's facts add up to: waves, batches and recipients, and which fact may follow.

A fact is a compare-and-set: `Fold.allows(fact)` says whether it may follow what is known, so that a batch
is claimed once, an outcome is recorded once, and nothing moves backwards. A store appends an allowed fact
durably, then applies it; it refuses the rest.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.core.facts import (
    Accepted,
    BatchFact,
    Claimed,
    Events,
    Fact,
    Happened,
    Rejected,
    Returned,
    Settled,
    Uncertain,
    WaveOpened,
)

BATCH = 1_000  # SendGrid's limit of personalizations in one request


class BatchState(StrEnum):
    PENDING = "pending"
    SUBMITTING = "submitting"
    ACCEPTED = "accepted"
    UNCERTAIN = "uncertain"
    EMPTY = "empty"  # everybody in it was rejected or left out: there is nothing to send


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Counts of one wave, folded. `people` = pending + submitting + accepted + uncertain + rejected
    + skipped: always. `removed` were left out before the wave was opened and are not among `people`.
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
    unsubscribed: int = 0
    answered: int = 0
    removed: Mapping[str, int] = field(default_factory=dict)
    last_at: datetime | None = None

    @property
    def finished(self) -> bool:
        return self.pending == 0 and self.submitting == 0


class Wave:
    """One wave of the fold: batch b is members[b * BATCH : (b + 1) * BATCH]."""

    def __init__(self, opened: WaveOpened) -> None:
        gone: set[int] = set()
        self.number = opened.wave
        self.removed: dict[str, int] = {}
        for cause, numbers in opened.removed.items():
            # somebody left out for two causes is counted once: people + removed = the audience
            fresh = {n for n in numbers if 0 <= n < opened.audience_size} - gone
            self.removed[cause] = len(fresh)
            gone |= fresh
        self.members = array("I", (n for n in range(opened.audience_size) if n not in gone))
        self.states = [BatchState.PENDING] * -(-len(self.members) // BATCH)
        self.until: dict[int, datetime] = {}  # batch -> not to be claimed before
        self.rejected: dict[int, str] = {}
        self.skipped: set[int] = set()
        self._out: Counter[int] = Counter()  # batch -> how many of it are rejected or skipped
        self.why: dict[int, str] = {}  # batch -> why it is uncertain

    def allows(self, fact: BatchFact) -> bool:
        if not 0 <= fact.batch < len(self.states):
            return False
        state = self.states[fact.batch]
        match fact:
            case Claimed():
                return state is BatchState.PENDING and self.until.get(fact.batch, fact.at) <= fact.at
            case Settled():
                return state is BatchState.UNCERTAIN
            case Accepted() | Returned() | Rejected() | Uncertain():
                return state is BatchState.SUBMITTING

    def apply(self, fact: BatchFact) -> None:
        match fact:
            case Claimed():
                self.skipped.update(self._leave(fact.batch, fact.skipped))
                self._enter(fact.batch, BatchState.SUBMITTING)
            case Accepted():
                self._enter(fact.batch, BatchState.ACCEPTED)
            case Returned():
                self.until[fact.batch] = fact.until
                self._enter(fact.batch, BatchState.PENDING)
            case Rejected():
                self.rejected.update({n: fact.people[n] for n in self._leave(fact.batch, fact.people)})
                self._enter(fact.batch, BatchState.PENDING)
            case Uncertain():
                self.why[fact.batch] = fact.why
                self._enter(fact.batch, BatchState.UNCERTAIN)
            case Settled():
                self._enter(fact.batch, BatchState.ACCEPTED if fact.gone else BatchState.PENDING)

    def _enter(self, batch: int, state: BatchState) -> None:
        self.states[batch] = state if self._size(batch) else BatchState.EMPTY

    def _leave(self, batch: int, numbers: Iterable[int]) -> set[int]:
        """Those of them who were still in the batch: nobody is counted out twice."""
        leaving = set(self.people(batch)).intersection(numbers)
        self._out[batch] += len(leaving)
        return leaving

    def _size(self, batch: int) -> int:
        """How many people(batch) are, without listing them."""
        return min(BATCH, len(self.members) - batch * BATCH) - self._out[batch]

    def people(self, batch: int) -> list[int]:
        """Who would get this batch's letter: members neither rejected nor skipped."""
        members = self.members[batch * BATCH : (batch + 1) * BATCH]
        if not self.rejected and not self.skipped:
            return list(members)
        return [n for n in members if n not in self.rejected and n not in self.skipped]

    def claimable(self, now: datetime) -> list[int]:
        return [
            batch
            for batch, state in enumerate(self.states)
            if state is BatchState.PENDING and self.until.get(batch, now) <= now
        ]

    def next_claim(self) -> datetime | None:
        """The first moment at which a pending batch that waits may be claimed."""
        waiting = (until for batch, until in self.until.items() if self.states[batch] is BatchState.PENDING)
        return min(waiting, default=None)

    def progress(self) -> Progress:
        counts: Counter[BatchState] = Counter()
        for batch, state in enumerate(self.states):
            counts[state] += self._size(batch)
        return Progress(
            people=len(self.members),
            pending=counts[BatchState.PENDING],
            submitting=counts[BatchState.SUBMITTING],
            accepted=counts[BatchState.ACCEPTED],
            uncertain=counts[BatchState.UNCERTAIN],
            rejected=len(self.rejected),
            skipped=len(self.skipped),
            removed=self.removed,
        )


class Fold:
    """Everything the ledger of one campaign says, in memory: bits and numbers, no addresses."""

    def __init__(self) -> None:
        self.audience_size = 0
        self.waves: list[Wave] = []
        self.bits = bytearray()  # Happened of each recipient, whatever the wave
        self.happened: Counter[Happened] = Counter()  # recipients by bit
        self.last_at: datetime | None = None

    def allows(self, fact: Fact) -> bool:
        """May this fact follow what is known? Pure: the compare of every compare-and-set."""
        match fact:
            case WaveOpened():
                return fact.wave == len(self.waves) and (
                    not self.waves or fact.audience_size == self.audience_size
                )
            case Events():
                return self._news(fact)
            case _:
                return 0 <= fact.wave < len(self.waves) and self.waves[fact.wave].allows(fact)

    def apply(self, fact: Fact) -> None:
        """Take in a fact that `allows` accepted, or that stood in the ledger."""
        match fact:
            case WaveOpened():
                self._open(fact)
            case Events():
                self._learn(fact)
            case _:
                self.waves[fact.wave].apply(fact)
        if not isinstance(fact, Events):
            self.last_at = fact.at

    def _open(self, fact: WaveOpened) -> None:
        if not self.waves:
            self.audience_size = fact.audience_size
            self.bits = bytearray(fact.audience_size)
        self.waves.append(Wave(fact))

    def _learn(self, fact: Events) -> None:
        for number, happened, _ in fact.items:
            if not 0 <= number < self.audience_size:
                continue
            new = happened & ~self.bits[number]
            if new:
                self.bits[number] |= new
                for bit in Happened(new):
                    self.happened[bit] += 1

    def _news(self, fact: Events) -> bool:
        return any(
            0 <= number < self.audience_size and self.bits[number] | happened != self.bits[number]
            for number, happened, _ in fact.items
        )

    def progress(self, wave: int = 0) -> Progress:
        """Counts of one wave; all zero before it is opened."""
        if wave >= len(self.waves):
            return Progress()
        return replace(
            self.waves[wave].progress(),
            delivered=self.happened[Happened.DELIVERED],
            bounced=self.happened[Happened.BOUNCED],
            unsubscribed=self.happened[Happened.UNSUBSCRIBED],
            answered=self.happened[Happened.ANSWERED],
            last_at=self.last_at,
        )

    def submitting(self) -> list[tuple[int, int]]:
        """(wave, batch) claimed without an outcome: after a start, nobody knows what became of them."""
        return [
            (wave.number, batch)
            for wave in self.waves
            for batch, state in enumerate(wave.states)
            if state is BatchState.SUBMITTING
        ]
