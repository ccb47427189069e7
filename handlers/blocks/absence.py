"""After an absence: how long, and what is read now."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.inbox import Absence, Dropped
from bot.texts import Say

HOUR = {"fr": "H:mm", "en": "h:mm a"}


def back(say: Say, absence: Absence, dropped: Sequence[Dropped], *, is_told: bool = False) -> str:
    """In the reader's zone; the day is named where it is not that of the return. `is_told`: both ends stand
    beside a campaign that is held."""
    files = _files(say, absence, dropped)
    return files if is_told else f"{_down(say, absence)} {files}"


def _down(say: Say, absence: Absence) -> str:
    until = _hour(say, absence.until)
    if _is_that_day(say, absence.since, absence):
        return say.mrkdwn("absence.down", since=_hour(say, absence.since), until=until)
    return say.mrkdwn("absence.down_since", since=absence.since, until=until)


def _files(say: Say, absence: Absence, dropped: Sequence[Dropped]) -> str:
    n, first = sum(len(one.files) for one in dropped), dropped[0].at
    if _is_that_day(say, first, absence):
        return say.mrkdwn("absence.files", n=n, at=_hour(say, first))
    return say.mrkdwn("absence.files_of", n=n, at=first)


def _hour(say: Say, moment: datetime) -> str:
    return say.moment(moment, HOUR[say.language.value])


def _is_that_day(say: Say, moment: datetime, absence: Absence) -> bool:
    return moment.astimezone(say.zone).date() == absence.until.astimezone(say.zone).date()
