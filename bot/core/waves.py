"""One wave of a campaign: its batches of people, the state of each, and which fact may follow.

Batch b is the members from b * size to (b + 1) * size, where the size is the wave's own. States are folded
from the ledger's facts by `bot.core.delivery.Fold`, which holds the waves.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core import pace
from bot.core.facts import (
    Accepted,
    BatchFact,
    Claimed,
    Happened,
    Rejected,
    Returned,
    Settled,
    Uncertain,
    WaveOpened,
)
from bot.core.progress import Progress
from bot.core.strain import Strain

BATCH = 1_000  # SendGrid's limit of personalizations in one request
# what can only be known of a letter that was taken. Answers are not: their link is the same in every wave
TAKEN = 0xFFFF & ~int(Happened.ANSWERED)


class BatchState(StrEnum):
    PENDING = "pending"
    SUBMITTING = "submitting"
    ACCEPTED = "accepted"
    UNCERTAIN = "uncertain"
    EMPTY = "empty"  # everybody in it was rejected or left out: there is nothing to send


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """An uncertain batch. No letter of its request is older than `claimed_at`."""

    wave: int
    batch: int
    claimed_at: datetime
    since: datetime
    why: str
    people: int


class Wave:
    """Its batches are `members[b * each : (b + 1) * each]`."""

    def __init__(self, opened: WaveOpened) -> None:
        gone: set[int] = set()
        self.number, self.opened_at = opened.wave, opened.at
        self.each = opened.batch_size or BATCH
        self.per_hour = opened.per_hour
        self.strain = Strain()
        self.last_claim: datetime | None = None
        self.taken_since: datetime | None = None  # the first and the last time a request of it was accepted
        self.taken_last: datetime | None = None
        self.removed: dict[str, int] = {}
        for cause, numbers in opened.removed.items():
            # somebody left out for two causes is counted once: people + removed = the audience
            fresh = {n for n in numbers if 0 <= n < opened.audience_size} - gone
            self.removed[cause] = len(fresh)
            gone |= fresh
        self.members = array("I", (n for n in range(opened.audience_size) if n not in gone))
        self._is_whole = len(self.members) == opened.audience_size  # everybody stands at their own number
        self.states = [BatchState.PENDING] * -(-len(self.members) // self.each)
        self.until: dict[int, datetime] = {}  # batch -> not to be claimed before
        self._told_to_wait: dict[int, datetime] = {}  # when that was written down
        self.rejected: dict[int, str] = {}
        self.skipped: set[int] = set()
        self._out: Counter[int] = Counter()  # batch -> how many of it are rejected or skipped
        self._claimed: dict[int, datetime] = {}  # batch -> its last claim
        self._doubts: dict[int, Uncertain] = {}
        self._heard: set[int] = set()  # batches that an event of this wave spoke of

    def allows(self, fact: BatchFact) -> bool:
        if not 0 <= fact.batch < len(self.states):
            return False
        state = self.states[fact.batch]
        match fact:
            case Claimed():
                return state is BatchState.PENDING and not self._waits(fact.batch, fact.at)
            case Settled():
                return state is BatchState.UNCERTAIN
            case Accepted() | Returned() | Rejected() | Uncertain():
                return state is BatchState.SUBMITTING

    def apply(self, fact: BatchFact) -> None:
        self.strain = self.strain.after(fact)
        match fact:
            case Claimed():
                self._claimed[fact.batch] = self.last_claim = fact.at
                self.skipped.update(self._leave(fact.batch, fact.skipped))
                self._enter(fact.batch, BatchState.SUBMITTING)
            case Accepted():
                self.taken_since, self.taken_last = self.taken_since or fact.at, fact.at
                self._enter(fact.batch, BatchState.ACCEPTED)
            case Returned():
                self.until[fact.batch], self._told_to_wait[fact.batch] = fact.until, fact.at
                self._enter(fact.batch, BatchState.PENDING)
            case Rejected():
                self.rejected.update({n: fact.people[n] for n in self._leave(fact.batch, fact.people)})
                self._enter(fact.batch, BatchState.PENDING)
            case Uncertain():
                self._doubts[fact.batch] = fact
                self._enter(fact.batch, BatchState.UNCERTAIN)
            case Settled():
                self._doubts.pop(fact.batch, None)
                self._enter(fact.batch, BatchState.ACCEPTED if fact.gone else BatchState.PENDING)

    def _enter(self, batch: int, state: BatchState) -> None:
        self.states[batch] = state if self.size(batch) else BatchState.EMPTY

    def _leave(self, batch: int, numbers: Iterable[int]) -> set[int]:
        """Those of them who were still in the batch: nobody is counted out twice."""
        leaving = set(self.people(batch)).intersection(numbers)
        self._out[batch] += len(leaving)
        return leaving

    def size(self, batch: int) -> int:
        """How many people(batch) are, without listing them."""
        return min(self.each, len(self.members) - batch * self.each) - self._out[batch]

    def people(self, batch: int) -> list[int]:
        """Who would get this batch's letter: members neither rejected nor skipped."""
        members = self.members[batch * self.each : (batch + 1) * self.each]
        if not self.rejected and not self.skipped:
            return list(members)
        return [n for n in members if n not in self.rejected and n not in self.skipped]

    def doubts(self) -> list[Doubt]:
        return [
            Doubt(
                wave=self.number, batch=batch, claimed_at=self._claimed.get(batch, fact.at), since=fact.at,
                why=fact.why, people=self.size(batch),
            )
            for batch, fact in sorted(self._doubts.items())
        ]  # fmt: skip

    def hear(self, number: int) -> None:
        """SendGrid spoke of this recipient's letter of this wave."""
        if self._is_whole and number // self.each in self._heard:
            return  # as nearly always, for millions of them
        batch = self.letter_of(number)
        if batch is not None:
            self._heard.add(batch)

    def is_heard(self, batch: int) -> bool:
        return batch in self._heard

    @property
    def is_silent(self) -> bool:
        """Nothing was heard of any of its letters."""
        return not self._heard

    def claimed_at(self, batch: int) -> datetime | None:
        """Its last claim: no letter of it is older."""
        return self._claimed.get(batch)

    def claimed_for(self, number: int) -> datetime | None:
        """When the request with this recipient's letter left, the last time it did."""
        batch = self.letter_of(number)
        return None if batch is None else self._claimed.get(batch)

    def was_accepted(self, number: int) -> bool:
        """Did this recipient get a letter, as far as the answers to the requests tell?"""
        batch = self.letter_of(number)
        return batch is not None and self.states[batch] is BatchState.ACCEPTED

    def would_tell(self, number: int) -> bool:
        """Would an event about this recipient say what nobody knows, whether the request was taken?"""
        if self._is_whole and number // self.each in self._heard:
            return False
        batch = self.letter_of(number)
        if batch is None or batch in self._heard:
            return False
        return self.states[batch] in (BatchState.SUBMITTING, BatchState.UNCERTAIN)

    def letter_of(self, number: int) -> int | None:
        """The batch that holds this recipient's letter; None where none was made for them."""
        place = bisect_left(self.members, number)
        if place == len(self.members) or self.members[place] != number:
            return None
        return None if number in self.rejected or number in self.skipped else place // self.each

    def claimable(self, now: datetime) -> list[int]:
        return [
            batch
            for batch, state in enumerate(self.states)
            if state is BatchState.PENDING and not self._waits(batch, now)
        ]

    def _waits(self, batch: int, now: datetime) -> bool:
        """What was written down later than now, by a clock that was set back since, is no reason to wait."""
        return self._told_to_wait.get(batch, now) <= now < self.until.get(batch, now)

    def next_claim(self, now: datetime) -> datetime | None:
        """The first moment at which a pending batch that waits may be claimed."""
        waiting = (
            until if self._waits(batch, now) else now
            for batch, until in self.until.items()
            if self.states[batch] is BatchState.PENDING
        )
        return min(waiting, default=None)

    def next_turn(self, now: datetime) -> datetime | None:
        """When a paced wave may claim again; None where there is no pace, or nothing was claimed yet."""
        if not self.per_hour or self.last_claim is None:
            return None
        return pace.next_turn(self.last_claim, pace.spacing(self.each, self.per_hour), now)

    def _ends_at(self, waiting: int) -> datetime | None:
        if not waiting or self.last_claim is None:
            return None
        return self.last_claim + pace.spacing(self.each, self.per_hour) * waiting

    def progress(self) -> Progress:
        counts: Counter[BatchState] = Counter()
        for batch, state in enumerate(self.states):
            counts[state] += self.size(batch)
        return Progress(
            people=len(self.members), pending=counts[BatchState.PENDING],
            submitting=counts[BatchState.SUBMITTING], accepted=counts[BatchState.ACCEPTED],
            uncertain=counts[BatchState.UNCERTAIN], rejected=len(self.rejected), skipped=len(self.skipped),
            removed=self.removed, per_hour=self.per_hour, failing_since=self.strain.since,
            begun_at=self.taken_since,
            ends_at=self._ends_at(self.states.count(BatchState.PENDING)) if self.per_hour else None,
        )  # fmt: skip
