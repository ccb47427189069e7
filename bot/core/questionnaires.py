"""Questionnaire tools: what each is called, and where a recipient's token goes in its links."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.ids import MemberId
from bot.core.sentences import Refusal


class Tool(StrEnum):
    GOOGLE = "google"
    MICROSOFT = "microsoft"
    TYPEFORM = "typeform"
    TALLY = "tally"
    SURVEYMONKEY = "surveymonkey"
    LIMESURVEY = "limesurvey"
    QUALTRICS = "qualtrics"
    OTHER = "other"


class Placement(StrEnum):
    """Where the answer token stands in a personal link."""

    PARAMETER = "parameter"  # in the query: ?postillon=TOKEN
    FRAGMENT = "fragment"  # after the hash, as Typeform's hidden fields want it: #postillon=TOKEN
    PREFILLED = "prefilled"  # where the link says POSTILLON
    COLUMN = "column"  # nowhere: a column of the list holds everybody's own link


PREFILLED_WORD = "POSTILLON"

NAMES = {
    Tool.GOOGLE: "Google Forms",
    Tool.MICROSOFT: "Microsoft Forms",
    Tool.TYPEFORM: "Typeform",
    Tool.TALLY: "Tally",
    Tool.SURVEYMONKEY: "SurveyMonkey",
    Tool.LIMESURVEY: "LimeSurvey",
    Tool.QUALTRICS: "Qualtrics",
}
PREFILLING = frozenset({Tool.GOOGLE, Tool.MICROSOFT})  # they keep nothing that a link brings, but answers


class Problem(StrEnum):
    """Why the people written to could not answer there."""

    EDIT = "edit"
    SHARE = "share"  # the tool's own page about sharing
    RESULTS = "results"
    PREVIEW = "preview"  # it opens for everybody, and keeps no answer
    PREFILL = "prefill"  # the page on which a pre-filled link is made
    OWN = "own"  # one person's own way in: all would write over one answer
    RESTART = "restart"  # it begins anew at each opening, and forgets what somebody began
    HOME = "home"  # the tool's front page, or a list of one's questionnaires


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis:
    """`problem` None: nothing is known against the link. `public`: the link to use instead, where it follows
    from this one for sure."""

    tool: Tool
    problem: Problem | None = None
    public: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkChange:
    """The questionnaire's link was another one until then."""

    link: str
    at: datetime
    by: MemberId


def preset(tool: Tool, link: str) -> Placement:
    """Where the token goes unless the person says otherwise."""
    if PREFILLED_WORD in link:
        return Placement.PREFILLED
    return Placement.FRAGMENT if tool is Tool.TYPEFORM else Placement.PARAMETER


def kept(placement: Placement, before: Tool, after: Tool, link: str) -> Placement:
    """For another link: a choice outlives it as long as the tool is the same, and the word is there."""
    fits = (PREFILLED_WORD in link) == (placement is Placement.PREFILLED)
    return placement if before is after and fits else preset(after, link)


def tells_apart(tool: Tool, placement: Placement) -> bool:
    """Do answers say from whom they come? (A link without the word is never kept as PREFILLED.)"""
    return tool not in PREFILLING or placement in (Placement.PREFILLED, Placement.COLUMN)


def is_closed(closing_at: datetime | None, now: datetime) -> bool:
    return closing_at is not None and closing_at <= now


def check_closing(
    closing_at: datetime | None, now: datetime, departs_at: datetime | None = None
) -> datetime | None:
    """Raises Refusal for a questionnaire that would be closed when its letters arrive."""
    if closing_at is None:
        return None
    if closing_at <= now:
        raise Refusal("questionnaires.closing.past", field="closing", moment=closing_at)
    if departs_at is not None and closing_at <= departs_at:
        raise Refusal("questionnaires.closing.early", field="closing", moment=departs_at)
    return closing_at
