"""Where everybody of a campaign stands over all its waves, each person in one place."""

from collections import Counter
from dataclasses import dataclass

from bot.core.delivery import Fold
from bot.core.waves import BatchState, Wave

# what is most settled comes last, and counts: the first of them is nowhere
_NOWHERE, SKIPPED, REJECTED, PENDING, UNCERTAIN, ACCEPTED = range(6)
_OF_BATCH = {
    BatchState.ACCEPTED: ACCEPTED,
    BatchState.PENDING: PENDING,
    BatchState.SUBMITTING: PENDING,
    BatchState.UNCERTAIN: UNCERTAIN,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """`people` = pending + accepted + uncertain + rejected + skipped; with `removed` it is the audience.
    Somebody of whom a letter was accepted is accepted, whatever becomes of the others; who is uncertain may
    have got one, who is pending has got none. `doubtful`: the numbers of everybody with a letter in doubt,
    of whatever wave, from 0, in order: the accepted among them, too. `to_check`: these letters."""

    people: int = 0
    pending: int = 0
    accepted: int = 0
    uncertain: int = 0
    rejected: int = 0
    skipped: int = 0
    removed: int = 0
    doubtful: tuple[int, ...] = ()
    to_check: int = 0


def places(fold: Fold) -> Places:
    """For `ledgers.read`."""
    found = bytearray(fold.audience_size)
    for wave in fold.waves:
        _place(wave, found)
    doubtful = [number for doubt in fold.doubts() for number in fold.waves[doubt.wave].people(doubt.batch)]
    counts = Counter(found)
    return Places(
        people=len(found) - counts[_NOWHERE], pending=counts[PENDING], accepted=counts[ACCEPTED],
        uncertain=counts[UNCERTAIN], rejected=counts[REJECTED], skipped=counts[SKIPPED],
        removed=counts[_NOWHERE],
        doubtful=tuple(sorted(set(doubtful))), to_check=len(doubtful),
    )  # fmt: skip


def _place(wave: Wave, found: bytearray) -> None:
    for numbers, place in ((wave.skipped, SKIPPED), (wave.rejected, REJECTED)):
        for number in numbers:
            found[number] = max(found[number], place)
    for batch, state in enumerate(wave.states):
        place = _OF_BATCH.get(state, _NOWHERE)
        for number in wave.people(batch) if place else ():
            found[number] = max(found[number], place)
