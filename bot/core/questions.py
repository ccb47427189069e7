"""What has to be asked about a file before anything of it is kept, and what the person answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.lists import Exclude, Report


class Asked(StrEnum):
    SHEET = "sheet"  # several sheets hold contacts
    COLUMNS = "columns"  # one is missing, two mean the same, they were chosen before, or chosen in vain
    OPT_OUTS = "opt_outs"  # people are marked as not to be written to
    ROWS = "rows"  # these may be the corrected rows of a list
    DELETED = "deleted"  # these are, and the list is deleted
    ANSWERS = "answers"  # this is a questionnaire's export


class Nothing(StrEnum):
    """Why nothing is kept of a file."""

    DISCARDED = "discarded"  # its person says so
    EXPIRED = "expired"  # nobody answered


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """The columns somebody chose for files of this header. `mapping` as in `ports.Reader.read`."""

    workspace: WorkspaceId
    member: MemberId
    fingerprint: str
    mapping: Mapping[str, str]
    source_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What was asked already. `mapping` as in `ports.Reader.read`; `as_read`: the columns are right."""

    sheet: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    as_read: bool = False
    exclude: Exclude | None = None
    rows_of: ListId | None = None  # these are corrected rows of that list
    is_apart: bool = False  # and these of none
    answers_of: CampaignId | None = None  # the export of that campaign's questionnaire, and no list
    is_list: bool = False  # no export, whatever it holds
    nothing: Nothing | None = None  # it is not read any more: the person is told, and that is all

    @property
    def columns_settled(self) -> bool:
        return self.as_read or bool(self.mapping)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """`report` is what was read so far, without people. `remembered`: how the same columns were read before.

    `list_id` and `title`: the list whose corrected rows these may be; `campaign` and `title`: the one whose
    answers, in so many `rows`.
    """

    kind: Asked
    report: Report
    remembered: Remembered | None = None
    list_id: ListId | None = None
    title: str = ""
    campaign: CampaignId | None = None
    rows: int = 0


def question(report: Report, answers: Answers, remembered: Remembered | None) -> Question | None:
    """The next thing to ask, if any. `report.opt_outs` counts those who are not excluded yet."""
    if len(report.sheets) > 1 and not answers.sheet:
        return Question(kind=Asked.SHEET, report=without_people(report))
    if report.headers and not answers.columns_settled:
        usable = remembered if _fits(remembered, report) else None
        if report.error or report.ambiguous or usable:
            return Question(kind=Asked.COLUMNS, report=without_people(report), remembered=usable)
    if report.error is None and answers.mapping and not report.accepted:
        return Question(kind=Asked.COLUMNS, report=without_people(report))
    if report.error is None and answers.exclude is None and _marks(report):
        return Question(kind=Asked.OPT_OUTS, report=without_people(report))
    return None


def _marks(report: Report) -> bool:
    told = report.opt_outs
    return told is not None and bool(told.count or told.doubtful)


def _fits(remembered: Remembered | None, report: Report) -> bool:
    titles = {column.title for column in report.headers}
    return remembered is not None and all(title in titles for title in remembered.mapping.values() if title)


def without_people(report: Report) -> Report:
    """Contacts stand in list files alone; the dialog about columns needs its samples."""
    return replace(report, sample=(), problems=())
