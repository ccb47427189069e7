"""What a ledger's facts add up to: waves, batches and recipients, and which fact may follow.

A fact is a compare-and-set: `Fold.allows(fact)` says whether it may follow what is known, so that a batch
is claimed once, an outcome is recorded once, and nothing moves backwards. A store appends an allowed fact
durably, then applies it; it refuses the rest.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.facts import STOPS, Claimed, Events, Fact, Happened, Item, Settled, WaveOpened
from bot.core.progress import Progress
from bot.core.receipts import News, Receipts
from bot.core.waves import BATCH, TAKEN, BatchState, Doubt, Wave

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
        self.last_wave = 0  # of which a letter left last, or that was opened since
        self.receipts = Receipts(0)  # of each recipient, whatever the wave
        self.settlements: list[Settlement] = []
        self.last_at: datetime | None = None

    @property
    def bits(self) -> "array[int]":
        """Happened of each recipient: the fold's own, not to be kept."""
        return self.receipts.bits

    @property
    def happened(self) -> Counter[Happened]:
        return self.receipts.happened

    def allows(self, fact: Fact) -> bool:
        """May this fact follow what is known? Pure: the compare of every compare-and-set."""
        match fact:
            case WaveOpened():
                return fact.wave == len(self.waves) and (
                    not self.waves or fact.audience_size == self.audience_size
                )
            case Events():
                return bool(self.news([fact]))
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
        if isinstance(fact, WaveOpened | Claimed):
            self.last_wave = fact.wave
        if not isinstance(fact, Events):
            self.last_at = fact.at

    def _open(self, fact: WaveOpened) -> None:
        if not self.waves:
            self.audience_size = fact.audience_size
            self.receipts = Receipts(fact.audience_size)
        self.waves.append(Wave(fact))

    def _settle(self, fact: Settled) -> None:
        wave = self.waves[fact.wave]
        people = wave.size(fact.batch)
        wave.apply(fact)
        self.settlements.append(Settlement(at=fact.at, by=fact.by, gone=fact.gone, people=people))

    def _learn(self, fact: Events) -> None:
        wave = self._wave(fact)
        if wave:
            for item in fact.items:
                if item[1] & TAKEN:
                    wave.hear(item[0])
        self.receipts.take(fact.items)

    def news(self, told: Iterable[Events]) -> list[Events]:
        """Of these, taken one after the other, what is not known yet; nothing of it is taken in."""
        news = News(self.receipts)
        parts = ((fact, self._news(fact, news)) for fact in told)
        return [replace(fact, items=tuple(items)) for fact, items in parts if items]

    def _news(self, fact: Events, news: News) -> list[Item]:
        wave, found = self._wave(fact), []
        for item in fact.items:
            if not 0 <= item[0] < self.audience_size:
                continue
            # known of another wave perhaps, and news once more where this one's letters are in doubt
            if news.has(item) or (wave and item[1] & TAKEN and wave.would_tell(item[0])):
                news.add(item)
                found.append(item)
        return found

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

    def left(self) -> int:
        """Letters that may still leave, of whatever wave."""
        return sum(one.pending + one.submitting for one in (wave.progress() for wave in self.waves))

    def leave_out(self, wave: int, now: datetime) -> list[Claimed]:
        """What, written down, makes everybody of that wave skipped whose letter has not left."""
        of = self.waves[wave]
        return [
            Claimed(
                wave=wave, batch=batch, at=max(of.until.get(batch, now), now), skipped=tuple(of.people(batch))
            )
            for batch, state in enumerate(of.states)
            if state is BatchState.PENDING
        ]

    def waiting_wave(self) -> int | None:
        """The first that has letters which may leave."""
        waves = (wave.number for wave in self.waves if BatchState.PENDING in wave.states)
        return next(waves, None)

    @property
    def is_over(self) -> bool:
        """Something was begun, and nothing of it is left to send."""
        return bool(self.waves) and all(wave.progress().finished for wave in self.waves)

    def progress(self, wave: int = 0) -> Progress:
        """Counts of one wave; all zero before it is opened."""
        if wave >= len(self.waves):
            return Progress()
        return replace(
            self.waves[wave].progress(),
            delivered=self.receipts.delivered,
            bounced=self.receipts.bounced,
            blocked=self.receipts.blocked,
            dropped=self.receipts.dropped,
            failures=self.receipts.reasons(),
            complained=self.receipts.count(Happened.COMPLAINED),
            unsubscribed=self.receipts.count(Happened.UNSUBSCRIBED),
            answered=self.receipts.count(Happened.ANSWERED),
            opened=self.receipts.count(Happened.OPENED | Happened.ROBOT),
            clicked=self.receipts.count(Happened.CLICKED),
            scanned=self.receipts.count(Happened.SCANNED, Happened.CLICKED),
            answers=dict(self.receipts.answers),
            last_at=self.last_at,
            taken=self._taken(),
            later=tuple(one.progress() for one in self.waves[wave + 1 :]),
        )

    def _taken(self) -> int:
        """Whose letter of any wave was accepted. A reminder is for who was to get the invitation."""
        first, later = self.waves[0], self.waves[1:]
        taken = first.progress().accepted
        if not later:
            return taken
        others = (
            number
            for batch, state in enumerate(first.states)
            if state is not BatchState.ACCEPTED
            for number in first.people(batch)
        )
        return taken + sum(any(wave.was_accepted(number) for wave in later) for number in others)

    def wave_of(self, number: int) -> int | None:
        """The last wave in which this recipient's letter was accepted."""
        waves = (wave.number for wave in reversed(self.waves) if wave.was_accepted(number))
        return next(waves, None)

    def needless(self, wave: int, numbers: Iterable[int]) -> set[int]:
        """Of these recipients, who needs no letter of that wave any more: they answered, objected or cannot
        be reached; or a letter of a later wave left to them, or will."""
        later, bits = self.waves[wave + 1 :], self.bits
        return {
            number for number in numbers
            if bits[number] & STOPS or any(one.letter_of(number) is not None for one in later)
        }  # fmt: skip

    def submitting(self) -> list[tuple[int, int]]:
        """(wave, batch) claimed without an outcome: after a start, nobody knows what became of them."""
        return [
            (wave.number, batch)
            for wave in self.waves
            for batch, state in enumerate(wave.states)
            if state is BatchState.SUBMITTING
        ]
