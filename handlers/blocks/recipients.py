"""Who gets the letter, in words: the count, what it is made of, what was chosen."""

from collections.abc import Mapping, Sequence

from bot.core.choosing import Reach, conditions
from bot.core.rolls import CHOSEN_BY, Named
from bot.core.selection import Cause, Kind, Selection
from bot.texts import Say, escaped
from handlers.blocks import kit

QUOTED = 5  # values of a condition that are named
NAMED = 2  # campaigns


def counted(say: Say, reach: Reach, selection: Selection) -> list[str]:
    """`*391 people* = 412 − 14 unsubscribed`, and where it is not everybody, out of how many."""
    people = f"*{say('words.people', n=reach.count)}*"
    left_out = [_left_out(say, reach, cause, count) for cause, count in reach.left_out.items()]
    kept = say("recipients.of", count=reach.chosen, n=reach.total)
    if selection.kind is Kind.PILOT:
        drawn = say("recipients.drawn", people=people, count=reach.eligible)
        total = f"{say.number(reach.eligible)} = {_less(say, reach.chosen, left_out)}"
        lines = [drawn, *([total] if left_out else [])]
    elif left_out:
        lines = [f"{people} = {_less(say, reach.chosen, left_out)}"]
    elif reach.chosen < reach.total:
        return [say("recipients.among", people=people, n=reach.total)]
    else:
        return [people]
    return [*lines, kept] if reach.chosen < reach.total else lines


def equation(say: Say, total: int, left_out: Mapping[str, int]) -> str:
    """`412 − 14 unsubscribed`."""
    return _less(say, total, [_cause(say, cause, count) for cause, count in left_out.items()])


def _less(say: Say, total: int, terms: Sequence[str]) -> str:
    return " − ".join([say.number(total), *terms])


def _left_out(say: Say, reach: Reach, cause: Cause, count: int) -> str:
    """With the names of those who will write to them by then, where all of them may be named. In mrkdwn."""
    if cause is not Cause.PLANNED or not reach.planned_by or not all(reach.planned_by):
        return _cause(say, cause.value, count)
    quoted = [say("recipients.quoted", name=escaped(kit.cut(one, 40))) for one in reach.planned_by[:NAMED]]
    return say("recipients.planned", n=count, names=_among(say, quoted, len(reach.planned_by)))


def _cause(say: Say, cause: str, count: int) -> str:
    return say(f"campaigns.left_out.{cause}", n=count)


def described(say: Say, selection: Selection, *, picked: Sequence[Named] = ()) -> list[str]:
    """What was chosen of the lists, a line each; nothing for everybody. In mrkdwn. `picked`: those who may
    be named."""
    asked = [_condition(say, one.column, one.values) for one in conditions(selection)]
    if selection.people:
        names = [escaped(kit.cut(one.name or one.email, 40)) for one in picked[:QUOTED]]
        asked.append(_among(say, names, len(selection.people)) if names else _picked(say, selection))
    match selection.kind:
        case Kind.FILTER:
            return asked[: len(conditions(selection))]
        case Kind.EXCEPT:
            return [say("recipients.is.except", what=line) for line in asked]
        case Kind.PICK:
            return asked[len(conditions(selection)) :]
        case Kind.ALL | Kind.PILOT:
            return []


def _condition(say: Say, column: str, values: Sequence[str]) -> str:
    quoted = [escaped(kit.cut(one, 40)) if one else say("recipients.blank") for one in values[:QUOTED]]
    return say(
        "recipients.is.values", column=column_name(say, column), values=_among(say, quoted, len(values))
    )


def column_name(say: Say, column: str) -> str:
    """In mrkdwn."""
    return say(f"reading.column.{column}") if column in CHOSEN_BY else escaped(kit.cut(column, 60))


def _among(say: Say, quoted: Sequence[str], count: int) -> str:
    more = count - len(quoted)
    return say.joined([*quoted, *([say("recipients.more", n=more)] if more > 0 else [])])


def _picked(say: Say, selection: Selection) -> str:
    return say("recipients.picked", n=len(selection.people))
