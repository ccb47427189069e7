"""A damaged ledger told again, from the lines that read."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.core.delivery import BatchState, Fold, Wave
from bot.core.facts import (
    BatchFact,
    Claimed,
    Events,
    Fact,
    Returned,
    Settled,
    Uncertain,
    WaveOpened,
    from_line,
    to_line,
)
from bot.core.restored import RETOLD as WHY


class Retold:
    """`hear` every record in order, None for a line that does not read; then `doubt`. `records` are the new
    ledger: a story that the rules of `bot.core.delivery` allow from the first line to the last.

    A claim that is supplied is as old as the departure: no letter of it can be older.
    """

    def __init__(self, audience_size: int, departed_at: datetime) -> None:
        self.records: list[list[object]] = []
        self._size, self._departed_at = audience_size, departed_at
        self._fold = Fold()
        self._proven: set[tuple[int, int]] = set()  # batches told of after the last damage
        self._guessed: set[int] = set()  # waves whose opening is lost: who is in which batch is not known

    def hear(self, record: list[object] | None) -> None:
        try:
            fact = from_line(record) if record is not None else None
        except (ValueError, IndexError, TypeError):
            fact = None
        match fact:
            case None:
                self._proven.clear()
            case WaveOpened():
                if self._fold.allows(fact):
                    self._tell(fact, record)
            case Events(items=items):
                if items:
                    self._open(fact.wave, datetime.fromtimestamp(items[0][2], UTC))
                self._tell(fact, record)
            case _:
                self._open(fact.wave, fact.at)
                self._hear_of_batch(fact, record)

    def _open(self, wave: int, at: datetime) -> None:
        """Something happened in this wave: it was open, whatever became of the line that said so."""
        while len(self._fold.waves) <= wave:
            self._guessed.add(len(self._fold.waves))
            self._proven.clear()
            self._tell(WaveOpened(wave=len(self._fold.waves), at=at, audience_size=self._size))

    def _hear_of_batch(self, fact: BatchFact, record: list[object] | None) -> None:
        """With what must have stood before it; left out where nothing could have led there."""
        wave = self._fold.waves[fact.wave]
        if fact.wave in self._guessed or not 0 <= fact.batch < len(wave.states):
            return
        if wave.states[fact.batch] in (BatchState.ACCEPTED, BatchState.EMPTY):
            return
        if not self._fold.allows(fact):
            self._lead(wave, fact.batch, _needed(fact), fact.at)
        if self._fold.allows(fact):
            self._tell(fact, record)
            self._proven.add((fact.wave, fact.batch))
        else:
            self._proven.discard((fact.wave, fact.batch))

    def _lead(self, wave: Wave, batch: int, to: BatchState, at: datetime) -> None:
        """The shortest way from the state a batch is in to the one it must have been in. There is none from
        uncertain: who settled it is not known, so that it stays what it is."""
        state = wave.states[batch]
        if state is to:
            return
        if state is BatchState.SUBMITTING and to is BatchState.PENDING:
            self._tell(Returned(wave=wave.number, batch=batch, at=at, until=at, why=WHY))
        elif state is BatchState.SUBMITTING:
            self._tell(Uncertain(wave=wave.number, batch=batch, at=at, why=WHY))
        elif state is BatchState.PENDING:
            told_at, at = at, max(self._departed_at, wave.until.get(batch, self._departed_at))
            self._tell(Claimed(wave=wave.number, batch=batch, at=at))
            self._lead(wave, batch, to, told_at)

    def doubt(self, now: datetime, opened: Sequence[datetime]) -> int:
        """Whatever is not proven to wait becomes uncertain; how many letters that are. `opened`: when each
        wave that the record knows of was to leave; none of them is forgotten."""
        for number, at in enumerate(opened):
            self._open(number, at)
        before = self._uncertain()
        for wave in self._fold.waves:
            for batch, state in enumerate(wave.states):
                unproven = state is BatchState.PENDING and (wave.number, batch) not in self._proven
                if unproven or state is BatchState.SUBMITTING:
                    self._lead(wave, batch, BatchState.UNCERTAIN, now)
        return self._uncertain() - before

    def _uncertain(self) -> int:
        return sum(wave.progress().uncertain for wave in self._fold.waves)

    def _tell(self, fact: Fact, record: list[object] | None = None) -> None:
        self._fold.apply(fact)
        self.records.append(record if record is not None else to_line(fact))


def _needed(fact: BatchFact) -> BatchState:
    match fact:
        case Claimed():
            return BatchState.PENDING
        case Settled():
            return BatchState.UNCERTAIN
        case _:
            return BatchState.SUBMITTING
