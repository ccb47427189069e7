"""What Slack hands us and what we hand Slack: files in and out, and where our messages are."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.questions import Answers, Question
from bot.core.sentences import Sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteFile:
    """A file as Slack's event names it. `size` is in bytes, 0 when not told."""

    id: str
    name: str = ""
    size: int = 0
    url: str = ""
    mode: str = "hosted"
    access: str = ""  # "check_file_info": a stub of another workspace, to be asked for


@dataclass(frozen=True, kw_only=True, slots=True)
class PendingImport:
    """A file until it is a list. With a `question` it waits for its member, else for its turn; `asked`: the
    question stands in Slack. `revision` grows at every change: a button carries the one it was drawn for."""

    workspace: WorkspaceId
    member: MemberId
    channel: str  # where the answer goes: the DM's id, or "" when only the person is known
    file: RemoteFile
    received_at: datetime
    title: str = ""  # asked for in the import dialog; else the file's name gives it
    answers: Answers = field(default_factory=Answers)
    question: Question | None = None
    asked: bool = False
    revision: int = 1

    @property
    def subject(self) -> str:
        """Of its message. Slack keeps a file's id when it is forwarded: the member belongs to it."""
        return f"{self.member}/{self.file.id}"


def message_id(channel: str, ts: str) -> str:
    """What a message that brings files is received as: told by an event, told again, or found later in the
    conversation's history, it is the same one."""
    return f"{channel}:{ts}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dropped:
    """A message that brought files, as a conversation's history tells it. `ts` is Slack's: UNIX seconds."""

    channel: str
    ts: str
    files: tuple[RemoteFile, ...]

    @property
    def id(self) -> str:
        return message_id(self.channel, self.ts)

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(float(self.ts), UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """The bot heard nobody: from its last heartbeat to its next start."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingFile:
    """`about`: the id of the list or campaign whose people it holds, or another name for whose they are.
    Where Slack keeps it is noted under that, so that it can be deleted with them."""

    name: str
    content: bytes
    about: str = ""


def files_of(about: str) -> str:
    """What our files that hold people are noted as, in Slack: the subject of refs whose channel is the id of
    a file."""
    return f"{about}/files"


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """Something a member is still to be told of a campaign: its message brought up to date, then `said`.

    `asks`: with what can be done about the campaign under it. `channel`: it is said there instead."""

    id: str
    workspace: WorkspaceId
    member: MemberId
    campaign: CampaignId
    said: Sentence | None
    at: datetime
    asks: bool = False
    channel: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRef:
    """A message we posted: `subject` is the id of the list or campaign it shows."""

    subject: str
    channel: str
    ts: str
