"""Reminders as a campaign plans them: when, and in which words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from bot.core import moments
from bot.core.sentences import Refusal

MOST = 5
LONGEST = 60  # working days after the invitation
GAP = 2  # working days between two of them, at least
REST = timedelta(hours=24)  # from the last letter of a wave to the first of the next one, whoever chose it
USUAL = 4  # and by default
FIELD = "reminder_days"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """`days`: working days after the invitation; 0 where somebody asked for it by hand. Words left empty are
    the shipped reminder's.

    `wave` is the ledger's, once it left. `announced`: the moment that its owner was told of an hour before.
    `to_unsure`: nobody knows who has answered; its words say so, and it goes to everybody who may not have.
    """

    days: int
    subject: str = ""
    body: str = ""
    at: datetime | None = None  # a person chose this moment
    wave: int = 0
    left_at: datetime | None = None
    skipped: bool = False
    announced: datetime | None = None
    to_unsure: bool = False
    unknown: bool = False  # when its owner was told of it last, nobody knew who had answered

    @property
    def is_ahead(self) -> bool:
        return not self.wave and not self.skipped


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """Where days are counted: from the departure on, in the owner's zone, working days of the readers'
    country, up to the closing of the questionnaire."""

    start: datetime
    zone: tzinfo
    country: str
    closing: datetime | None = None

    def moment(self, days: int) -> datetime:
        return moments.working_days_later(self.start, days, self.zone, self.country)

    @property
    def room(self) -> int:
        """Working days in which a reminder can still leave before the closing."""
        if self.closing is None:
            return LONGEST
        return moments.working_days_between(self.start, self.closing, self.zone, self.country, LONGEST)

    @property
    def most(self) -> int:
        """How many reminders there is room for."""
        return min(MOST, self.room // GAP)


def usual(count: int, room: int) -> tuple[int, ...]:
    """Days of so many reminders, evenly: every fourth working day, or closer where there is less room."""
    gap = min(USUAL, room // count) if count else 0
    return tuple(gap * number for number in range(1, count + 1))


def resized(days: Sequence[int], count: int, room: int) -> tuple[int, ...]:
    """Another number of reminders: those chosen stay, more of them follow as usual. Where the new ones find
    no room behind them, all are spread anew."""
    kept = list(days[:count])
    while len(kept) < count:
        kept.append((kept[-1] if kept else 0) + USUAL)
    return tuple(kept) if not kept or kept[-1] <= room else usual(count, room)


def read_days(text: str, count: int) -> tuple[int, ...]:
    """`4, 8` as typed. Raises Refusal: so many whole numbers, each later than the one before."""
    words = re.split(r"[\s,;+]+", text.strip(" ,;+\t\n"))
    if not all(word.isdecimal() for word in words) or len(words) != count:
        example = ", ".join(str(day) for day in usual(count, LONGEST))
        raise Refusal("reminders.days.bad", field=FIELD, n=count, example=example)
    return check_days([int(word) for word in words])


def check_days(days: Sequence[int]) -> tuple[int, ...]:
    if any(not 1 <= day <= LONGEST for day in days):
        raise Refusal("reminders.days.range", field=FIELD, most=LONGEST)
    for one, other in pairwise(days):
        if other - one < GAP:
            raise Refusal("reminders.days.close", field=FIELD, one=one, other=other, gap=GAP)
    return tuple(days)


def check_plan(plan: Sequence[Reminder], calendar: Calendar) -> None:
    """Raises Refusal where one would come after the questionnaire is closed."""
    for number, reminder in enumerate(plan, 1):
        moment = calendar.moment(reminder.days)
        if calendar.closing is not None and moment >= calendar.closing:
            raise Refusal(
                "reminders.days.closed", field=FIELD, number=number, moment=moment, closing=calendar.closing
            )


def planned(days: Sequence[int], known: Sequence[Reminder]) -> tuple[Reminder, ...]:
    """Reminders on these days, in the words that each had."""
    words = [(one.subject, one.body) for one in known]
    words += [("", "")] * (len(days) - len(words))
    return tuple(
        Reminder(days=day, subject=subject, body=body)
        for day, (subject, body) in zip(days, words, strict=False)
    )
