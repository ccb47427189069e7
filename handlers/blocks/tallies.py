"""What the check counted, kept in its dialog's metadata: the number on its button is what is scheduled."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.lists import ContactList
from bot.core.sentences import Sentence, sentence

BETWEEN = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Letters that would leave, and the versions of the lists they were counted from."""

    count: int
    versions: tuple[int, ...]

    @classmethod
    def of(cls, count: int, lists: Iterable[ContactList]) -> "Tally":
        return cls(count=count, versions=tuple(one.version for one in lists))

    @classmethod
    def parse(cls, argument: str) -> "Tally | None":
        """None where there is none: a dialog of another time, or made up."""
        numbers = argument.split(BETWEEN)
        if not all(one.isdecimal() for one in numbers):
            return None
        count, *versions = map(int, numbers)
        return cls(count=count, versions=tuple(versions))

    def __str__(self) -> str:
        return BETWEEN.join(map(str, (self.count, *self.versions)))


def changed(before: Tally, now: Tally) -> Sentence | None:
    """What is said where a check that was read is no longer true."""
    if now == before:
        return None
    people = sentence("words.people", n=now.count)
    if now.count == before.count:
        return sentence("recipients.changed.same", people=people)
    if now.versions == before.versions:
        return sentence("recipients.changed.count", people=people, before=before.count)
    return sentence("recipients.changed.list", people=people, before=before.count)
