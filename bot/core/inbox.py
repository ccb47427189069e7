"""What Slack hands us and what we hand Slack: files in and out, and where our messages are."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import CampaignId, MemberId, WorkspaceId
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
    workspace: WorkspaceId
    member: MemberId
    channel: str  # where the answer goes: the DM's id, or "" when only the person is known
    file: RemoteFile
    received_at: datetime
    title: str = ""  # asked for in the import dialog; else the file's name gives it


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingFile:
    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """Something a member is still to be told of a campaign: its message brought up to date, then `said`."""

    id: str
    workspace: WorkspaceId
    member: MemberId
    campaign: CampaignId
    said: Sentence | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRef:
    """A message we posted: `subject` is the id of the list or campaign it shows."""

    subject: str
    channel: str
    ts: str
