"""Where everybody of a campaign stands over all its waves, each person in one place."""

from collections import Counter
from dataclasses import dataclass

from bot.core.delivery import Fold
from bot.core.waves import BatchState, Wave

# what is least settled comes last, and counts: the first of them is nowhere
_NOWHERE, SKIPPED, REJECTED, ACCEPTED, PENDING, UNCERTAIN = range(6)
_OF_BATCH = {
    BatchState.ACCEPTED: ACCEPTED,
    BatchState.PENDING: PENDING,
    BatchState.SUBMITTING: PENDING,
    BatchState.UNCERTAIN: UNCERTAIN,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """`people` = pending + accepted + uncertain + rejected + skipped; with `removed` it is the audience.
    Somebody whose reminder is pending or in doubt is pending or uncertain, whatever became of the invitation;
    somebody left out of a reminder stays where the invitation put them. `doubtful`: the numbers of the
    uncertain, from 0, in order."""

    people: int = 0
    pending: int = 0
    accepted: int = 0
    uncertain: int = 0
    rejected: int = 0
    skipped: int = 0
    removed: int = 0
    doubtful: tuple[int, ...] = ()


def places(fold: Fold) -> Places:
    """For `ledgers.read`."""
    found = bytearray(fold.audience_size)
    for wave in fold.waves:
        _place(wave, found)
    counts = Counter(found)
    return Places(
        people=len(found) - counts[_NOWHERE], pending=counts[PENDING], accepted=counts[ACCEPTED],
        uncertain=counts[UNCERTAIN], rejected=counts[REJECTED], skipped=counts[SKIPPED],
        removed=counts[_NOWHERE],
        doubtful=tuple(number for number, place in enumerate(found) if place == UNCERTAIN),
    )  # fmt: skip


def _place(wave: Wave, found: bytearray) -> None:
    for numbers, place in ((wave.skipped, SKIPPED), (wave.rejected, REJECTED)):
        for number in numbers:
            found[number] = max(found[number], place)
    for batch, state in enumerate(wave.states):
        place = _OF_BATCH.get(state, _NOWHERE)
        for number in wave.people(batch) if place else ():
            found[number] = max(found[number], place)
