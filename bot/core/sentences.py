"""A sentence for a person, named but not yet said.

Core and services never hold words: they name a sentence of `bot.texts` and give its values; whoever
shows it says it in the reader's language.

    Refusal            the person asked for something that cannot be done: show `sentence`
    └── Stale          the thing changed since the button was drawn: show its present state
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Value = "str | int | float | datetime | Sentence"


@dataclass(frozen=True)
class Sentence:
    """`key` is the catalogue's msgid; a value may be a sentence itself; `n` chooses the plural."""

    key: str
    values: Mapping[str, "str | int | float | datetime | Sentence"] = field(default_factory=dict)


def sentence(key: str, /, **values: "str | int | float | datetime | Sentence") -> Sentence:
    return Sentence(key, values)


class Refusal(Exception):
    """What was asked cannot be done; `field` is the dialog's input to blame, where there is one, and `others`
    are inputs to blame beside it."""

    def __init__(
        self, key: str, /, *, field: str | None = None, **values: "str | int | float | datetime | Sentence"
    ) -> None:
        super().__init__(key)
        self.sentence = Sentence(key, values)
        self.field = field
        self.others: Mapping[str, Sentence] = {}

    @classmethod
    def of(
        cls, said: Sentence, *, field: str | None = None, others: Mapping[str, Sentence] | None = None
    ) -> "Refusal":
        refusal = cls(said.key, field=field)
        refusal.sentence, refusal.others = said, others or {}
        return refusal


class Stale(Refusal):
    """A compare-and-set lost: another click, another tab or the clock was first."""
