"""How it is known who answered: what a campaign's owner expects, and what came so far.

An answer is a fact of the ledger (`Happened.ANSWERED`) and is never taken back; here stands only who told,
until when, and of how many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.questionnaires import Placement, Tool, tells_apart


class Source(StrEnum):
    WEBHOOK = "webhook"  # the tool tells each answer by itself
    PAGE = "page"  # people came to our page from the questionnaire's last one, with their own code
    EXPORT = "export"  # its owner drops the questionnaire's export
    HAND = "hand"  # somebody said so
    UNKNOWN = "unknown"  # nobody can tell who answered


# what the owner of a campaign may expect, in this order
EXPECTED = (Source.WEBHOOK, Source.EXPORT, Source.UNKNOWN)
# told one by one, as people answer
PROMPT = frozenset({Source.WEBHOOK, Source.PAGE})
# tools that can tell an answer with its token, as the README says how
TELLING = frozenset({Tool.LIMESURVEY, Tool.TYPEFORM, Tool.TALLY, Tool.GOOGLE, Tool.SURVEYMONKEY})


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The last news of one source, and how many answers it told in all."""

    source: Source
    at: datetime
    count: int = 0


def guess(tool: Tool, placement: Placement, *, has_webhook: bool) -> Source:
    """How answers are likely to come back. `has_webhook`: this bot takes answers by itself."""
    if tool is Tool.OTHER or not tells_apart(tool, placement):
        return Source.UNKNOWN
    # links of the list's own columns carry no token of ours: no webhook could say whose answer it was
    is_ours = tool in TELLING and placement is not Placement.COLUMN
    return Source.WEBHOOK if has_webhook and is_ours else Source.EXPORT


def offered(*, has_webhook: bool) -> tuple[Source, ...]:
    return tuple(one for one in EXPECTED if has_webhook or one is not Source.WEBHOOK)


def told(known: Sequence[Known], source: Source, at: datetime, count: int) -> tuple[Known, ...]:
    """With what this source told now, beside what the others did."""
    before = next((one for one in known if one.source is source), None)
    if before is not None:
        at, count = max(at, before.at), before.count + count
    others = (one for one in known if one.source is not source)
    return (*others, Known(source=source, at=at, count=count))


def latest(known: Sequence[Known]) -> Known | None:
    """Who told last; None where nobody did."""
    return max(known, key=lambda one: one.at, default=None)
