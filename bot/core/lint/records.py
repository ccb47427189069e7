"""A finding, and the case that is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.campaigns import Campaign, Step
from bot.core.lint.survey import Survey
from bot.core.sentences import Refusal, Sentence


class Level(StrEnum):
    BLOCKING = "blocking"  # it does not leave like this
    WARNING = "warning"  # it may


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """`key` and `values` are the sentence; `step` is where to mend it. `blank`: the field whose blanks a
    default would fill, which is one click. `zone`: where `moment` is to be told. `country`: whose holiday it
    is, where nobody translated its name."""

    level: Level
    key: str
    step: Step
    values: "Mapping[str, str | int | float | datetime | Sentence]" = field(default_factory=dict)
    blank: str = ""
    zone: str = ""
    country: str = ""

    @property
    def said(self) -> Sentence:
        return Sentence(self.key, self.values)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A draft and what is known around it. `departs_at`: when it would leave. `senders`: who may stand in
    From, addresses and `@domains`; None where nobody tells. `weight`: bytes of a letter; 0: not known."""

    draft: Campaign
    count: int
    survey: Survey
    now: datetime
    departs_at: datetime
    columns: Sequence[str] = ()
    senders: Sequence[str] | None = None
    weight: int = 0
    gone: str = ""  # to whom replies would go, where their account is closed
    language: str = "en"  # of who reads the findings: holidays are named in it


def texts(draft: Campaign) -> list[tuple[Step, str]]:
    """All that people will read, each with the step that asks for it."""
    own = [(Step.MESSAGE, text) for text in (draft.subject, draft.preheader, draft.body)]
    return own + [(Step.WHEN, text) for one in draft.reminders for text in (one.subject, one.body)]


def blocking(step: Step, key: str, /, **values: "str | int | float | datetime | Sentence") -> Finding:
    return Finding(level=Level.BLOCKING, key=key, step=step, values=values)


def warning(step: Step, key: str, /, **values: "str | int | float | datetime | Sentence") -> Finding:
    return Finding(level=Level.WARNING, key=key, step=step, values=values)


def refused(step: Step, refusal: Refusal) -> Finding:
    """What a step would not take, said here as it is said there."""
    return Finding(level=Level.BLOCKING, key=refusal.sentence.key, step=step, values=refusal.sentence.values)
