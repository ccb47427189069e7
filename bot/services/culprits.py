"""Who of a refused request is to blame, where the mail service names nobody.

It judges trial requests, which deliver nothing: first the letter to somebody with nothing odd, then one half
and the other. Two questions a level for one person to blame, and as much again for each further one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.outcomes import Outcome, Refused, SomeRefused, Taken

QUESTIONS = 60  # of one search: enough for one among a thousand, and for several
DETAIL = "?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """`people` are to blame, each with a reason; `is_all`: the others may go without them. Where it is not,
    `ended` is the outcome that ended the search, None where there is no telling who else."""

    people: Mapping[int, str]
    is_all: bool = False
    ended: Outcome | None = None


class _Ended(Exception):
    def __init__(self, outcome: Outcome | None) -> None:
        super().__init__()
        self.outcome = outcome


@dataclass(kw_only=True)
class Search:
    """`trial` judges the letter to these people; `plain`, to somebody with nothing odd."""

    trial: Callable[[Sequence[int]], Outcome]
    plain: Callable[[], Outcome]
    questions: int = QUESTIONS
    _found: dict[int, str] = field(default_factory=dict)

    def among(self, people: Sequence[int], refused: Refused) -> Found:
        """`people` were refused together. Nobody is found where the letter itself is refused."""
        try:
            if self._verdict(self.plain()) is not None:
                return Found(people={})
            self._within(people, refused.detail)
        except _Ended as ended:
            return Found(people=self._found, ended=ended.outcome)
        return Found(people=self._found, is_all=True)

    def _within(self, group: Sequence[int], reason: str) -> None:
        """Somebody of this group is to blame: refused together, and the rest of them was not."""
        if len(group) == 1:
            self._found[group[0]] = reason
            return
        half = len(group) // 2
        left, right = group[:half], group[half:]
        blamed = self._look(left)
        if blamed:
            self._look(right)
        elif len(right) > 1:
            self._within(right, reason)
        elif not self._look(right):
            raise _Ended(None)  # each is taken alone: they are only refused together

    def _look(self, group: Sequence[int]) -> bool:
        """Is anybody of the group to blame? Then they are found."""
        found = len(self._found)
        while group:
            outcome = self._ask(group)
            if isinstance(outcome, SomeRefused) and max(outcome.positions) < len(group):
                self._found |= {group[place]: why for place, why in outcome.positions.items()}
                group = [one for one in group if one not in self._found]
                continue
            reason = self._verdict(outcome)
            if reason is not None:
                self._within(group, reason)
            break
        return len(self._found) > found

    def _ask(self, group: Sequence[int]) -> Outcome:
        if not self.questions:
            raise _Ended(None)
        self.questions -= 1
        return self.trial(group)

    def _verdict(self, outcome: Outcome) -> str | None:
        """Why it is refused; None where it is not. Anything else ends the search: a letter that left all the
        same (`Taken` with an id), a service that is busy, a key refused meanwhile."""
        match outcome:
            case Taken(message_id=""):
                return None
            case Refused(why="letter", detail=detail):
                return detail
            case SomeRefused(positions=positions):
                return next(iter(positions.values()), DETAIL)
            case _:
                raise _Ended(outcome)
