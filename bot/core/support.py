"""Help asked for, passed on to who can give it, and what they say to each other.

    opened ──> asked          what is passed on was fixed when it was opened: the person has read it

A plea is posted in each of its `spots` (the support channel, or the admins one by one), and every line after
it in the thread there. `Line.heard` says who has it: what is not there yet is owed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.core.delivery import Progress
from bot.core.discretion import HIDDEN, masked, redacted, titles
from bot.core.figures import in_doubt, left, waves
from bot.core.ids import MemberId, PleaId, WorkspaceId
from bot.core.inbox import MessageRef
from bot.core.lists import Report
from bot.core.sentences import Refusal, Sentence, sentence

LONGEST = 2_000  # characters of a line
MOST = 50  # lines of a plea
KEPT = timedelta(days=30)  # after its last line
UNASKED = timedelta(days=7)  # as long as the button of a refused file
CAUSES = 10  # problems that are named
FIELD = "words"
OURS = "Postillon"  # begins the version of the bot, among those of what it runs on


class Standing(StrEnum):
    """Who would hear a person ask for help."""

    HEARD = "heard"  # somebody else
    YOURS = "yours"  # only themselves: they look after the bot
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where a plea stands: `to` a channel or a member, `channel` and `ts` as Slack told them."""

    to: str
    channel: str = ""
    ts: str = ""
    is_lost: bool = False  # Slack will never show it there


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What somebody said. `heard` names who has it: the `to` of spots, and the person who asks. `shown`: the
    message in which that person reads it."""

    by: MemberId
    words: str
    at: datetime
    heard: tuple[str, ...] = ()
    shown: MessageRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plea:
    """`subject` is the id of what it is about, "" for nothing in particular. No line: it is not asked yet."""

    workspace: WorkspaceId
    id: PleaId
    member: MemberId
    subject: str
    at: datetime
    facts: tuple[Sentence, ...]
    spots: tuple[Spot, ...] = ()
    lines: tuple[Line, ...] = ()
    revision: int = 1

    @property
    def is_asked(self) -> bool:
        return bool(self.lines)

    @property
    def is_lost(self) -> bool:
        """Nobody can be reached."""
        return all(spot.is_lost for spot in self.spots)

    @property
    def is_posted(self) -> bool:
        return any(spot.ts for spot in self.spots)

    def stands_in(self, channel: str) -> bool:
        return any(spot.channel == channel for spot in self.spots if spot.ts)

    def replied_to(self, number: int) -> Line | None:
        """What the person's line of that number answers, as they read it."""
        before = reversed(self.lines[:number])
        return next((one for one in before if one.by != self.member and one.shown), None)

    def said(self, by: MemberId, words: str, at: datetime) -> "Plea":
        """One line more. Raises Refusal."""
        words = words.strip()
        if self.is_asked and not words:
            raise Refusal("support.empty", field=FIELD)
        if len(words) > LONGEST:
            raise Refusal("support.long", field=FIELD, limit=LONGEST, length=len(words))
        if len(self.lines) >= MOST:
            raise Refusal("support.enough", field=FIELD, n=MOST)
        kept = masked(words) if by == self.member else words
        line = Line(by=by, words=kept, at=at)
        return replace(self, lines=(*self.lines, line), revision=self.revision + 1)

    def is_over(self, now: datetime) -> bool:
        if not self.is_asked:
            return now - self.at > UNASKED
        return now - self.lines[-1].at > KEPT


def asked(plea: Plea, spots: tuple[Spot, ...], words: str, at: datetime) -> Plea:
    """Where it is to stand, and its first line, which may be empty."""
    return replace(plea.said(plea.member, words, at), spots=spots)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A line that somebody has not got. `spot`: where it stands, or is to; None for the person who asks."""

    number: int
    spot: Spot | None


def owed(plea: Plea) -> Iterator[Due]:
    """In the order in which they were said. The person is told that they are heard once somebody has their
    plea, or once it is sure that nobody will; and of each answer of theirs, once somebody has it."""
    for number, line in enumerate(plea.lines):
        for spot in plea.spots:
            is_ready = number == 0 or bool(spot.ts)
            if not spot.is_lost and is_ready and spot.to not in line.heard:
                yield Due(number=number, spot=spot)
        if plea.member in line.heard:
            continue
        is_passed_on = (plea.is_posted or plea.is_lost) if number == 0 else bool(line.heard)
        if line.by != plea.member or is_passed_on:
            yield Due(number=number, spot=None)


def heard(
    plea: Plea, due: Due, spot: Spot | None = None, others: Sequence[str] = (),
    shown: MessageRef | None = None,
) -> Plea:  # fmt: skip
    """That line has arrived there; `spot` is what is known of the place now, `shown` where the person reads
    it. Where the channel does not hear it, `others` are asked one by one who were not yet. What the person
    has read whole is kept without its addresses."""
    line = plea.lines[due.number]
    who = due.spot.to if due.spot else plea.member
    lines = [*plea.lines]
    words = masked(line.words) if who == plea.member else line.words
    lines[due.number] = replace(line, words=words, heard=(*line.heard, who), shown=shown or line.shown)
    spots = tuple(spot if spot and one.to == spot.to else one for one in plea.spots)
    if all(one.is_lost for one in spots):
        known = {one.to for one in spots}
        spots += tuple(Spot(to=one) for one in others if one not in known)
    return replace(plea, lines=tuple(lines), spots=spots, revision=plea.revision + 1)


# --- what is passed on --------------------------------------------------------------------------------


def of_report(report: Report) -> Iterator[Sentence]:
    """How a file was read: codes, counts, titles of columns. No value of any row."""
    if report.kind:
        yield sentence(
            "support.fact.file", kind=report.kind, encoding=report.encoding or "–",
            delimiter=_named(report.delimiter), row=report.header_row,
        )  # fmt: skip
    if report.rows:
        yield sentence(
            "support.fact.rows", rows=report.rows, accepted=sentence("words.contacts", n=report.accepted),
            rejected=report.rejected, duplicates=report.duplicates,
        )  # fmt: skip
    if report.headers:
        shown = ", ".join(titles(report)) or HIDDEN
        yield sentence("support.fact.columns", n=len(report.headers), titles=shown)
    if report.columns:
        yield sentence("support.fact.fields", fields=", ".join(report.columns))
    for problem in report.problems[:CAUSES]:
        yield sentence("support.fact.problem", cause=problem.cause, level=problem.level.value,
                       count=problem.count)  # fmt: skip


def _named(delimiter: str) -> str:
    return {"\t": "tab", "": "–"}.get(delimiter, delimiter)


def of_sentence(said: Sentence) -> Iterator[Sentence]:
    """What the person read, and its name in the code."""
    yield sentence("support.fact.code", code=_code(said))
    yield sentence("support.fact.said", said=redacted(said))


def _code(said: Sentence) -> str:
    """With the names of the sentences in it."""
    inner = [_code(value) for value in said.values.values() if isinstance(value, Sentence)]
    return " > ".join([said.key, *inner])


def of_progress(progress: Progress) -> Sentence:
    """Letters, of whatever wave."""
    every = waves(progress)
    return sentence(
        "support.fact.counts", accepted=sum(one.accepted for one in every), pending=left(progress),
        uncertain=in_doubt(progress), rejected=sum(one.rejected for one in every),
        skipped=sum(one.skipped for one in every),
    )  # fmt: skip


def of_versions(about: Sequence[str]) -> Sentence:
    is_ours_known = any(one.startswith(OURS) for one in about)
    key = "support.fact.versions" if is_ours_known else "support.fact.versions_unknown"
    return sentence(key, versions=", ".join(about) or "–")


def at(now: datetime) -> Sentence:
    """The same words to everybody, in whatever zone."""
    return sentence("support.fact.at", at=f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def fact(name: str, /, **values: str | int | float | datetime | Sentence) -> Sentence:
    return Sentence(f"support.fact.{name}", values)
