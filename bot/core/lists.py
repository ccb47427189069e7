"""A list: what an imported file became, and the report of what was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.contacts import Contact
from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.people import Member
from bot.core.sentences import Refusal, Sentence

UNDO = timedelta(days=7)
TITLE_LENGTH = 80


class Level(StrEnum):
    REJECTED = "rejected"  # the row is not in the list
    DUPLICATE = "duplicate"  # the row is in the list already, under another line
    REPAIRED = "repaired"  # the row is in the list, a value was mended
    WARNING = "warning"  # the row is in the list as it is


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One cause and where it stands. `cause` names the sentence `reading.cause.CAUSE`.

    `rows` are the first lines concerned, `details` what stands there (the address, or for duplicates
    the line that was kept); `count` is how many there are in all.
    """

    level: Level
    cause: str
    count: int
    rows: tuple[int, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What was read. `rows = accepted + rejected + duplicates`, always; `error` set means accepted 0."""

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    error: Sentence | None = None
    problems: tuple[Problem, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)  # our field -> the header as written
    extras: tuple[str, ...] = ()  # headers of the other columns, in order
    kind: str = ""  # csv | xlsx
    encoding: str = ""  # utf-8 | cp1252 | …; empty for workbooks
    delimiter: str = ""
    sheet: str = ""
    language: str = ""  # of the header: fr | en | "" when it could be either
    header_row: int = 1
    sample: tuple[Contact, ...] = ()  # the first contacts, for the preview

    def __post_init__(self) -> None:
        if self.rows != self.accepted + self.rejected + self.duplicates:
            raise ValueError("rows = accepted + rejected + duplicates does not add up")


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactList:
    """`revision` grows at every change of this record; `version` at every new set of contacts."""

    workspace: WorkspaceId
    id: ListId
    owner: MemberId
    title: str
    report: Report
    created_at: datetime
    version: int = 1
    revision: int = 1
    source_file: str = ""  # Slack's file id: the same file dropped twice is one list
    source_name: str = ""
    reason: str = ""  # why these people are written to; the letter's footer says it
    deleted_at: datetime | None = None

    @property
    def count(self) -> int:
        return self.report.accepted


def may_manage(member: Member, contact_list: ContactList) -> bool:
    """A list belongs to who imported it."""
    return contact_list.workspace == member.workspace and contact_list.owner == member.id


def rename(contact_list: ContactList, title: str) -> ContactList:
    title = " ".join(title.split())
    if not title:
        raise Refusal("lists.title.empty", field="title")
    if len(title) > TITLE_LENGTH:
        raise Refusal("lists.title.long", field="title", limit=TITLE_LENGTH, length=len(title))
    return replace(contact_list, title=title, revision=contact_list.revision + 1)


def explain(contact_list: ContactList, reason: str) -> ContactList:
    return replace(contact_list, reason=reason, revision=contact_list.revision + 1)


def delete(contact_list: ContactList, now: datetime) -> ContactList:
    return replace(contact_list, deleted_at=now, revision=contact_list.revision + 1)


def restore(contact_list: ContactList, now: datetime) -> ContactList:
    if contact_list.deleted_at is None:
        return contact_list
    if now - contact_list.deleted_at > UNDO:
        raise Refusal("lists.undo.late", title=contact_list.title)
    return replace(contact_list, deleted_at=None, revision=contact_list.revision + 1)
