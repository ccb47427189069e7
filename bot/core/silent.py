"""Who is reminded, and who is not: asked of the ledger at the minute of sending, by recipient numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.delivery import Fold
from bot.core.facts import OBJECTED, STOPS, Happened
from bot.core.progress import Progress
from bot.core.sentences import Sentence
from bot.core.waves import BatchState

DOUBTFUL = timedelta(hours=24)  # an uncertain letter counts as gone after that: its person is silent


SUPPRESSED = "suppressed"  # by the workspace, whatever this campaign's letters told


class Silence(StrEnum):
    """Why somebody of the audience gets no reminder, the first that holds."""

    NEVER = "never"  # no letter of the campaign was taken for them
    UNCERTAIN = "uncertain"  # theirs may have left, and a day has not passed
    ANSWERED = "answered"
    OBJECTED = "objected"
    BOUNCED = "bounced"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """How a reminder would be split now; the counts and `people` add up to the audience."""

    people: int = 0
    left_out: Mapping[Silence, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A reminder that was planned leaves later, since another one leaves before it; None: not at all."""

    before: datetime
    after: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What a reminder sent now would be. `wave`: the one it becomes. `lately`: of whom answered, how many
    since yesterday. `subject`, `body`: empty where they are the shipped ones; `is_worded`: the person may
    change them. `moved`: the next that is planned, where it then leaves later. `slow`: how long it takes."""

    wave: int
    outlook: Outlook
    lately: int
    is_known: bool
    subject: str
    body: str
    is_worded: bool
    moved: Moved | None = None
    slow: Sentence | None = None


def about(progress: Progress) -> int:
    """About how many people a reminder would reach: some may be in two of the counts taken off."""
    reached = progress.accepted + progress.uncertain
    gone = progress.answered + progress.bounced + progress.dropped
    return max(0, reached - gone - progress.unsubscribed - progress.complained)


def removed(fold: Fold, now: datetime) -> dict[str, tuple[int, ...]]:
    """By cause, who gets no reminder at that moment: what `WaveOpened.removed` says of it."""
    reached, doubtful = _reached(fold, now)
    found: dict[Silence, list[int]] = {cause: [] for cause in Silence}
    for number, bits in enumerate(fold.bits):
        if not reached[number]:
            found[Silence.UNCERTAIN if number in doubtful else Silence.NEVER].append(number)
        elif bits & STOPS:
            found[_cause(bits)].append(number)
    return {cause.value: tuple(numbers) for cause, numbers in found.items() if numbers}


def outlook(size: int, removed: Mapping[str, Iterable[int]]) -> Outlook:
    """Of an audience of that size. Who is left out for two causes counts for the first."""
    gone, left_out = set[int](), dict[Silence, int]()
    for cause, numbers in removed.items():
        fresh = set(numbers) - gone
        kind = Silence.OBJECTED if cause == SUPPRESSED else Silence(cause)
        left_out[kind] = left_out.get(kind, 0) + len(fresh)
        gone |= fresh
    return Outlook(people=size - len(gone), left_out={kind: n for kind, n in left_out.items() if n})


def _cause(bits: int) -> Silence:
    if bits & Happened.ANSWERED:
        return Silence.ANSWERED
    return Silence.OBJECTED if bits & OBJECTED else Silence.BOUNCED


def _reached(fold: Fold, now: datetime) -> tuple[bytearray, set[int]]:
    """For each recipient, 1 where one of their letters was taken, or has been in doubt for a day; and whose
    only letter is in doubt since less than that."""
    reached, doubtful = bytearray(fold.audience_size), set[int]()
    for wave in fold.waves:
        young = {doubt.batch for doubt in wave.doubts() if now - doubt.since < DOUBTFUL}
        for batch, state in enumerate(wave.states):
            if state is BatchState.SUBMITTING or (state is BatchState.UNCERTAIN and batch in young):
                doubtful.update(wave.people(batch))
            elif state in (BatchState.ACCEPTED, BatchState.UNCERTAIN):
                for number in wave.people(batch):
                    reached[number] = 1
    return reached, doubtful
