"""What a ledger's facts add up to: waves, batches and recipients, and which fact may follow.

A fact is a compare-and-set: `Fold.allows(fact)` says whether it may follow what is known, so that a batch
is claimed once, an outcome is recorded once, and nothing moves backwards. A store appends an allowed fact
durably, then applies it; it refuses the rest.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.facts import Events, Fact, Happened, Settled, WaveOpened
from bot.core.waves import BATCH, TAKEN, BatchState, Doubt, Progress, Wave

__all__ = ["BATCH", "BatchState", "Doubt", "Fold", "Progress", "Settlement", "Wave"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """What became of an uncertain batch, and by whom (`Settled.by`)."""

    at: datetime
    by: str
    gone: bool
    people: int


class Fold:
    """Everything the ledger of one campaign says, in memory: bits and numbers, no addresses."""

    def __init__(self) -> None:
        self.audience_size = 0
        self.waves: list[Wave] = []
        self.bits = bytearray()  # Happened of each recipient, whatever the wave
        self.happened: Counter[Happened] = Counter()  # recipients by bit
        self.settlements: list[Settlement] = []
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
            case Settled():
                self._settle(fact)
            case _:
                self.waves[fact.wave].apply(fact)
        if not isinstance(fact, Events):
            self.last_at = fact.at

    def _open(self, fact: WaveOpened) -> None:
        if not self.waves:
            self.audience_size = fact.audience_size
            self.bits = bytearray(fact.audience_size)
        self.waves.append(Wave(fact))

    def _settle(self, fact: Settled) -> None:
        wave = self.waves[fact.wave]
        people = wave.size(fact.batch)
        wave.apply(fact)
        self.settlements.append(Settlement(at=fact.at, by=fact.by, gone=fact.gone, people=people))

    def _learn(self, fact: Events) -> None:
        wave = self._wave(fact)
        for number, happened, _ in fact.items:
            if not 0 <= number < self.audience_size:
                continue
            if wave and happened & TAKEN:
                wave.hear(number)
            new = happened & ~self.bits[number]
            if new:
                self.bits[number] |= new
                for bit in Happened(new):
                    self.happened[bit] += 1

    def _news(self, fact: Events) -> bool:
        """A bit known of another wave is news once more where this wave's letters are in doubt."""
        wave = self._wave(fact)
        return any(
            self.bits[number] | happened != self.bits[number]
            or (wave is not None and bool(happened & TAKEN) and wave.would_tell(number))
            for number, happened, _ in fact.items
            if 0 <= number < self.audience_size
        )

    def _wave(self, fact: Events) -> Wave | None:
        return self.waves[fact.wave] if 0 <= fact.wave < len(self.waves) else None

    def doubts(self) -> tuple[Doubt, ...]:
        """The uncertain batches of every wave, in their order."""
        return tuple(doubt for wave in self.waves for doubt in wave.doubts())

    def proven(self) -> tuple[Doubt, ...]:
        """Those of them of which an event has told: their request was taken."""
        return tuple(doubt for doubt in self.doubts() if self.waves[doubt.wave].is_heard(doubt.batch))

    def is_waiting(self) -> bool:
        """Are there letters that may leave?"""
        return any(BatchState.PENDING in wave.states for wave in self.waves)

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
