"""A list: what an imported file became, and the report of what was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.contacts import Contact
from bot.core.differences import Difference
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
class Column:
    """A column of the file: its title (made unique) and the first values under it."""

    title: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A worksheet that holds contacts; `rows` are those under its header."""

    name: str
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OptOuts:
    """People a column of the file marks as not to be written to; they are among the contacts all the same.

    `count` people are marked; `doubtful` more carry a value that says neither yes nor no, and `unknown`
    are the first such values: the person is asked what they mean.
    """

    count: int = 0
    columns: tuple[str, ...] = ()
    doubtful: int = 0
    unknown: tuple[str, ...] = ()


class Exclude(StrEnum):
    """Whom the marks of a file exclude, for the whole workspace."""

    MARKED = "marked"
    DOUBTFUL = "doubtful"  # and who carries a value that says neither yes nor no
    NOBODY = "nobody"  # the column means something else


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What was read. `rows = accepted + rejected + duplicates`, always; `error` set means accepted 0.

    `headers`, `columns` and `fingerprint` stand also beside an error where a header was seen: the person
    may say which column is which. `sheets` lists the candidates where there are several.
    """

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
    headers: tuple[Column, ...] = ()  # every column of the file, in order
    fingerprint: str = ""  # of the header: the same for the next export from the same place
    # our field -> the headers that mean it, the one that is used first
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()
    opt_outs: OptOuts | None = None  # None where no column speaks of it
    mapping: Mapping[str, str] = field(default_factory=dict)  # what the person chose of the columns
    full_name: str = ""  # the header of a column split into first and last name

    def __post_init__(self) -> None:
        if self.rows != self.accepted + self.rejected + self.duplicates:
            raise ValueError("rows = accepted + rejected + duplicates does not add up")


class Became(StrEnum):
    """What a file that waited became."""

    REPLACED = "replaced"
    MERGED = "merged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A file that looks like a list of the same owner: no list itself until they have said what it is.

    `title`, `count`, `created_at` and the rows `to_fix` are that list's, as they were when its `version` was
    compared.
    """

    list_id: ListId
    title: str
    count: int
    created_at: datetime
    version: int
    to_fix: int = 0
    is_same: bool = False  # the very same bytes
    difference: Difference = field(default_factory=Difference)
    became: Became | None = None


class Access(StrEnum):
    """What somebody may do with a list that is not theirs."""

    USE = "use"  # campaigns and counts: never an address
    MANAGE = "manage"  # view, download, change, delete


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """With whom a list is shared; `everybody`: the whole workspace, guests excepted."""

    use: tuple[MemberId, ...] = ()
    manage: tuple[MemberId, ...] = ()
    everybody: Access | None = None

    def access(self, member: MemberId) -> Access | None:
        if member in self.manage or self.everybody is Access.MANAGE:
            return Access.MANAGE
        return Access.USE if member in self.use else self.everybody


@dataclass(frozen=True, kw_only=True, slots=True)
class Lent:
    """How somebody comes by a list of somebody else."""

    owner: MemberId
    access: Access


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """An earlier set of contacts, kept until `UNDO` after `until`, the moment it was succeeded."""

    number: int
    report: Report
    until: datetime
    digest: str = ""
    source_name: str = ""
    by_hand: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactList:
    """`revision` grows at every change of this record; `version` numbers its set of contacts and goes back
    where a new one is undone; `latest` is the highest number ever given."""

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
    digest: str = ""  # SHA-256 of the file, in hexadecimal
    latest: int = 1
    previous: tuple[Version, ...] = ()  # the newest first
    by_hand: bool = False  # this version was made by adding, correcting or removing people
    waiting: Waiting | None = None
    shared: Shared = Shared()
    exclude: Exclude | None = None  # what was answered about its opt-outs: later rows are treated alike
    counted_from: datetime | None = None  # its retention: since its last version, or since it was kept

    @property
    def count(self) -> int:
        return self.report.accepted

    @property
    def is_there(self) -> bool:
        """Neither deleted nor a file that waits."""
        return self.deleted_at is None and self.waiting is None


def is_as_read(contact_list: ContactList) -> bool:
    """Its contacts are what its file says, and can be read from there again."""
    kept = contact_list.source_file and contact_list.report.headers and contact_list.is_there
    return bool(kept) and contact_list.report.kind in ("csv", "xlsx") and not contact_list.by_hand


def may_manage(member: Member, contact_list: ContactList) -> bool:
    """A list belongs to who imported it, who may share it."""
    return owns(member, contact_list) or lent(member, contact_list) is Access.MANAGE


def may_use(member: Member, contact_list: ContactList) -> bool:
    """Campaigns and counts; an address only for who may manage it."""
    return owns(member, contact_list) or lent(member, contact_list) is not None


def owns(member: Member, contact_list: ContactList) -> bool:
    return contact_list.workspace == member.workspace and contact_list.owner == member.id


def lent(member: Member, contact_list: ContactList) -> Access | None:
    """What the owner lets this member do with it. A file that waits is its owner's alone."""
    if contact_list.workspace != member.workspace or contact_list.waiting is not None:
        return None
    return contact_list.shared.access(member.id)


def share(contact_list: ContactList, shared: Shared) -> ContactList:
    """Who may manage it needs no word that they may use it; the owner needs neither."""
    manage = tuple(dict.fromkeys(one for one in shared.manage if one != contact_list.owner))
    use = tuple(dict.fromkeys(one for one in shared.use if one not in (contact_list.owner, *manage)))
    return replace(
        contact_list, shared=replace(shared, use=use, manage=manage), revision=contact_list.revision + 1
    )


def hand_over(contact_list: ContactList, to: MemberId) -> ContactList:
    """Shared with the same people as before, but for its new owner, who needs it no more."""
    return share(replace(contact_list, owner=to), contact_list.shared)


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
    return keep(replace(contact_list, deleted_at=None), now)


def keep(contact_list: ContactList, now: datetime) -> ContactList:
    """Its retention begins again."""
    return replace(contact_list, counted_from=now, revision=contact_list.revision + 1)
