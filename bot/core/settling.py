"""Letters to check: batches of which nobody knows whether SendGrid took them, and what settles them.

An event about any recipient proves that the whole request was taken, and so does SendGrid's log; otherwise
the campaign's owner decides. Nothing else ever settles a batch, and nothing resends one by itself.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Doubt, Fold, Settlement
from bot.core.facts import Happened
from bot.core.ids import CampaignId
from bot.core.people import Member, is_admin
from bot.core.planning import ahead

PATIENCE = timedelta(hours=24)  # then nobody looks any more: reached for resending, silent for reminders
RESENDABLE = frozenset({State.SENDING, State.PAUSED, State.HELD, State.SENT})


class Log(StrEnum):
    """What SendGrid's own log has said so far."""

    UNASKED = "unasked"
    MISSING = "missing"  # not there: it may be late, and proves nothing
    UNREADABLE = "unreadable"  # not with this key
    AWAY = "away"


@dataclass(frozen=True, kw_only=True, slots=True)
class Clue:
    log: Log = Log.UNASKED
    at: datetime | None = None  # when the log said so


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Letters that became uncertain for the same reason, the first of them at `since`."""

    why: str
    since: datetime
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What the owner is asked about one campaign, or was: without `doubts` it is closed.

    `persons` and `again`: whose letters they are, and how many of these would get one by resending. Who has
    answered, objected or got a reminder since would not, and nobody would get two; None: all of them.

    `accepted` and `left` are the other letters of the campaign, `receipts` the people of whose letters an
    event told. `waits`: the owner chose to wait. `is_over`: nobody looks any more. `names_people`: the owner
    may see whose letters they are. `reminds`: a reminder may still leave to them.
    """

    doubts: tuple[Doubt, ...] = ()
    accepted: int = 0
    left: int = 0
    receipts: int = 0
    persons: int | None = None
    again: int | None = None
    clue: Clue = Clue()
    waits: bool = False
    is_over: bool = False
    may_resend: bool = False
    reminds: bool = False
    names_people: bool = True
    settlements: tuple[Settlement, ...] = ()

    @property
    def people(self) -> int:
        return sum(doubt.people for doubt in self.doubts)

    @property
    def known_persons(self) -> int:
        return self.people if self.persons is None else self.persons

    @property
    def resent(self) -> int:
        return self.people if self.again is None else self.again

    @property
    def since(self) -> datetime:
        return min(doubt.since for doubt in self.doubts)

    @property
    def until(self) -> datetime:
        return max(doubt.since for doubt in self.doubts) + PATIENCE

    @property
    def asks(self) -> bool:
        """Is the owner's answer still waited for?"""
        return bool(self.doubts) and not self.waits and not self.is_over

    @property
    def groups(self) -> tuple[Group, ...]:
        """By reason, the oldest first."""
        found: dict[str, Group] = {}
        for doubt in sorted(self.doubts, key=lambda one: one.since):
            known = found.get(doubt.why)
            since, people = (known.since, known.people) if known else (doubt.since, 0)
            found[doubt.why] = Group(why=doubt.why, since=since, people=people + doubt.people)
        return tuple(found.values())


def question(campaign: Campaign, fold: Fold, now: datetime, clue: Clue | None = None) -> Question:
    """As the ledger and the record stand at `now`. Cheap where nothing is uncertain."""
    doubts = fold.doubts()
    if not doubts:
        return Question(settlements=tuple(fold.settlements))
    progress = fold.progress(doubts[-1].wave)
    again = {number for doubt in doubts for number in resent(fold, doubt)}
    persons = {number for doubt in doubts for number in fold.waves[doubt.wave].people(doubt.batch)}
    waited = campaign.waited_at
    return Question(
        doubts=doubts, accepted=progress.accepted, left=progress.pending, persons=len(persons),
        again=len(again),
        receipts=max(fold.happened[Happened.PROCESSED], fold.happened[Happened.DELIVERED]),
        clue=clue or Clue(), waits=waited is not None and all(one.since <= waited for one in doubts),
        is_over=all(is_over(one, now) for one in doubts), may_resend=campaign.state in RESENDABLE,
        reminds=bool(again) and campaign.state in RESENDABLE and bool(ahead(campaign, now)),
        settlements=tuple(fold.settlements),
    )  # fmt: skip


def resent(fold: Fold, doubt: Doubt) -> set[int]:
    """Who would get that letter once more."""
    people = fold.waves[doubt.wave].people(doubt.batch)
    return set(people) - fold.needless(doubt.wave, people)


def subject(campaign_id: CampaignId) -> str:
    """Under which the question's message is noted: the campaign has its own beside it."""
    return f"{campaign_id}/uncertain"


def is_over(doubt: Doubt, now: datetime) -> bool:
    return now >= doubt.since + PATIENCE


def mark(doubts: Sequence[Doubt]) -> str:
    """Which batches a button was drawn for: whoever clicks decides on these and no others. A batch that
    was resent and is uncertain again is another one."""
    named = sorted((one.wave, one.batch, one.since.timestamp()) for one in doubts)
    return f"{zlib.crc32(repr(named).encode()):08x}" if named else ""


def probed(people: Sequence[int], nth: int) -> int | None:
    """Whose letter is looked for in the log the nth time (from 0): the first, the middle, the last. One
    is enough, since a request is taken whole; another each time, since a log may be late unevenly."""
    if not people:
        return None
    return people[(0, len(people) // 2, len(people) - 1)[nth % 3]]


def may_count(member: Member, campaign: Campaign, admins: Sequence[str]) -> bool:
    """Who looks after the bot sees how many letters are to check, never whose."""
    return campaign.workspace == member.workspace and is_admin(member, admins)
