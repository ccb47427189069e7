"""How the requests of a wave fared lately: in the way of whom failures stand, and for how long.

What certainly did not leave may be tried for a day: nothing is lost by it, and a campaign whose mail service
was away for an hour ends complete without anybody's click. What may have left is never sent again, so each
failure of that kind costs a batch: after three in a row the wave waits, after five it asks a person.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.facts import Accepted, BatchFact, Rejected, Returned, Uncertain

DOUBTS, WAITED_AFTER = 5, 3  # uncertain in a row: ask a person; wait before the next
# before the next request: after the third uncertain one, the fourth, and those that a person's click adds
WAITS: tuple[timedelta, ...] = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=8))
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=3)  # between two tries to reach who is away
TOLD_AFTER, GIVEN_UP_AFTER = timedelta(minutes=30), timedelta(hours=24)  # of nothing taken
NOT_THE_SERVICE = frozenset({"restart", "unrecorded", "repaired"})  # uncertain by our own doing
AWAY = frozenset({"unreachable", "busy"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Strain:
    """`doubts`: uncertain requests since the last one that was answered well. `since`, `last`: the first
    and the last failure of any kind since then."""

    doubts: int = 0
    since: datetime | None = None
    last: datetime | None = None

    def after(self, fact: BatchFact) -> "Strain":
        match fact:
            case Accepted() | Rejected():
                return Strain()
            case Uncertain(why=why, at=at) if why not in NOT_THE_SERVICE:
                return replace(self._failed(at), doubts=self.doubts + 1)
            case Returned(why=why, at=at) if why in AWAY:
                return self._failed(at)
            case Returned():  # it was answered, with a refusal of everything
                return replace(self, since=None, last=None)
            case _:
                return self

    def _failed(self, at: datetime) -> "Strain":
        return replace(self, since=self.since or at, last=at)

    @property
    def is_failing(self) -> bool:
        """Then requests leave one at a time, until one is taken."""
        return bool(self.doubts or self.since)

    @property
    def lasting(self) -> timedelta:
        """For how long nothing was taken. Never negative: a clock may have been set back."""
        if self.since is None or self.last is None:
            return timedelta()
        return max(timedelta(), self.last - self.since)

    @property
    def wait(self) -> timedelta:
        """After a request whose fate nobody knows."""
        if self.doubts < WAITED_AFTER:
            return timedelta()
        return WAITS[min(self.doubts - WAITED_AFTER, len(WAITS) - 1)]

    @property
    def patience(self) -> timedelta:
        """Before the next try to reach a service that is away: as long again as it was, in bounds."""
        return min(max(self.lasting, SHORTEST), LONGEST)

    @property
    def is_in_doubt(self) -> bool:
        return self.doubts >= DOUBTS

    @property
    def is_given_up(self) -> bool:
        return self.lasting >= GIVEN_UP_AFTER

    def is_news(self, before: "Strain") -> bool:
        """Has it lasted long enough to be told, and had it not at the look before?"""
        return before.lasting < TOLD_AFTER <= self.lasting
