"""The facts of a campaign's ledger, and how they stand on a line.

Recipients are numbers (their place in the audience file): no ledger holds an address. A wave is one
mailing: 0 is the invitation, 1..5 are reminders. Times are UTC; on a line they are UNIX seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import cast


class Happened(IntFlag):
    """What is known of one recipient's letters, as bits: order and repetition do not matter.

    At most sixteen of them. BOUNCED: there is no such mailbox. BLOCKED: this letter was refused, the next
    one may be taken. DROPPED: the mail service did not even try. ROBOT: a machine opened it. SCANNED: a
    machine followed its link; CLICKED: a person did, as far as anybody can tell.
    """

    PROCESSED = 1
    DELIVERED = 2
    DEFERRED = 4
    BOUNCED = 8
    BLOCKED = 16
    COMPLAINED = 32
    UNSUBSCRIBED = 64
    ANSWERED = 128
    OPENED = 256
    CLICKED = 512
    ROBOT = 1024
    DROPPED = 2048
    SCANNED = 4096


GONE = int(Happened.BOUNCED | Happened.DROPPED)
OBJECTED = int(Happened.COMPLAINED | Happened.UNSUBSCRIBED)
STOPS = GONE | OBJECTED | int(Happened.ANSWERED)  # any of them, and no letter of the campaign follows


# (recipient, Happened bits, UNIX seconds), with a word of `bot.core.events.WHYS` where a reason was given,
# or "?kind" for what this version has no bit for
Item = tuple[int, int, int] | tuple[int, int, int, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class WaveOpened:
    """`removed`: cause -> recipients left out of this wave (suppressed, answered, frequency…).

    `batch_size` and `per_hour` are 0 where the letters leave as fast as they are taken: batches are then as
    large as a request may be.
    """

    wave: int
    at: datetime
    audience_size: int
    removed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    batch_size: int = 0
    per_hour: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """Durable BEFORE the request leaves. `skipped`: people suppressed since the wave was opened."""

    wave: int
    batch: int
    at: datetime
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    wave: int
    batch: int
    at: datetime
    message_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """The request certainly did not leave, or was refused whole: pending again, not before `until`."""

    wave: int
    batch: int
    at: datetime
    until: datetime
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """SendGrid named recipients it will not take; the others of the batch are pending again."""

    wave: int
    batch: int
    at: datetime
    people: Mapping[int, str]  # recipient -> reason as SendGrid gave it, without the address


@dataclass(frozen=True, kw_only=True, slots=True)
class Uncertain:
    """The body may have been taken: never resent by itself."""

    wave: int
    batch: int
    at: datetime
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What became of an uncertain batch: `gone` True counts it as accepted, False makes it pending.

    `by`: the member who chose, or `events` / `log` where SendGrid itself told.
    """

    wave: int
    batch: int
    at: datetime
    gone: bool
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Events:
    """What the mail service told about letters of one wave, or the person did."""

    wave: int
    items: tuple[Item, ...]


BatchFact = Claimed | Accepted | Returned | Rejected | Uncertain | Settled
Fact = WaveOpened | BatchFact | Events


def to_line(fact: Fact) -> list[object]:
    """The fact as a record for `bot.core.lines`."""
    match fact:
        case WaveOpened():
            pace = [fact.batch_size, fact.per_hour] if fact.batch_size else []
            return ["wave", fact.wave, _seconds(fact.at), fact.audience_size, dict(fact.removed), *pace]
        case Claimed():
            return ["claimed", fact.wave, fact.batch, _seconds(fact.at), list(fact.skipped)]
        case Accepted():
            return ["accepted", fact.wave, fact.batch, _seconds(fact.at), fact.message_id]
        case Returned():
            return ["returned", fact.wave, fact.batch, _seconds(fact.at), _seconds(fact.until), fact.why]
        case Rejected():
            return ["rejected", fact.wave, fact.batch, _seconds(fact.at), list(fact.people.items())]
        case Uncertain():
            return ["uncertain", fact.wave, fact.batch, _seconds(fact.at), fact.why]
        case Settled():
            return ["settled", fact.wave, fact.batch, _seconds(fact.at), fact.gone, fact.by]
        case Events():
            return ["events", fact.wave, list(fact.items)]


def from_line(line: Sequence[object]) -> Fact:
    """Raises ValueError for a kind this version does not know."""
    if line[0] == "events":
        items = cast("tuple[Item, ...]", tuple(map(tuple, cast("list[list[int]]", line[2]))))
        return Events(wave=cast("int", line[1]), items=items)
    if line[0] == "wave":
        _, wave, at, size, removed = cast("tuple[str, int, float, int, dict[str, list[int]]]", line[:5])
        batch_size, per_hour = cast("tuple[int, int]", line[5:7] or (0, 0))
        people = {cause: tuple(numbers) for cause, numbers in removed.items()}
        return WaveOpened(
            wave=wave, at=_moment(at), audience_size=size, removed=people, batch_size=batch_size,
            per_hour=per_hour,
        )  # fmt: skip
    return _batch_fact(cast("tuple[str, int, int, float]", tuple(line[:4])), line[4:])


def _batch_fact(head: tuple[str, int, int, float], rest: Sequence[object]) -> BatchFact:
    kind, wave, batch, seconds = head
    at = _moment(seconds)
    match kind:
        case "claimed":
            return Claimed(wave=wave, batch=batch, at=at, skipped=tuple(cast("list[int]", rest[0])))
        case "accepted":
            return Accepted(wave=wave, batch=batch, at=at, message_id=str(rest[0]))
        case "returned":
            until = _moment(cast("float", rest[0]))
            return Returned(wave=wave, batch=batch, at=at, until=until, why=str(rest[1]))
        case "rejected":
            return Rejected(
                wave=wave, batch=batch, at=at, people=dict(cast("list[tuple[int, str]]", rest[0]))
            )
        case "uncertain":
            return Uncertain(wave=wave, batch=batch, at=at, why=str(rest[0]))
        case "settled":
            return Settled(wave=wave, batch=batch, at=at, gone=bool(rest[0]), by=str(rest[1]))
        case _:
            raise ValueError(f"no such fact: {kind}")


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
