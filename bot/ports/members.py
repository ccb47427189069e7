"""What is kept of members: who they are, what they handed us, what they are to be told."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.ids import MemberId, PleaId, TemplateId, WorkspaceId
from bot.core.inbox import MessageRef, Owed, PendingImport
from bot.core.people import Member
from bot.core.questions import Remembered
from bot.core.support import Plea
from bot.core.templates import Template


class People(Protocol):
    def get(self, workspace: WorkspaceId, member: MemberId) -> Member | None: ...
    def all(self, workspace: WorkspaceId) -> list[Member]: ...
    def change(
        self, workspace: WorkspaceId, member: MemberId, change: Callable[[Member | None], Member]
    ) -> Member:
        """Replace the record by what `change` makes of it, and return that."""


class Inbox(Protocol):
    """What Slack handed us, made durable before it is acknowledged."""

    def receive(
        self, workspace: WorkspaceId, event_id: str, at: datetime, imports: Sequence[PendingImport]
    ) -> bool:
        """Note the event and its files in one step; False where the event was seen in the last 25 h."""

    def pending(self, workspace: WorkspaceId | None = None) -> list[PendingImport]:
        """Oldest first; of every workspace when None."""

    def drop(self, workspace: WorkspaceId, file_id: str, member: MemberId | None = None) -> None:
        """The import ended without a list (its file was refused, and the person was told). The same file
        may wait for several people: of `member` alone where one is named."""

    def change(self, workspace: WorkspaceId, pending: PendingImport, expected: int) -> None:
        """Replace the import of the same file and member whose revision is `expected`. Raises Stale where
        it is another one, Missing where none waits."""


class Mappings(Protocol):
    """How people read the columns of their files."""

    def get(self, workspace: WorkspaceId, member: MemberId, fingerprint: str) -> Remembered | None: ...
    def keep(self, workspace: WorkspaceId, remembered: Remembered) -> None:
        """In place of the one for the same header."""


class Messages(Protocol):
    """Where our messages are, so that they can be edited, and blanked when a person is erased."""

    def note(self, workspace: WorkspaceId, ref: MessageRef) -> None: ...
    def of(self, workspace: WorkspaceId, subject: str) -> list[MessageRef]:
        """Oldest first: the last one is edited in place."""

    def forget(self, workspace: WorkspaceId, ref: MessageRef) -> None: ...


class Outbox(Protocol):
    """What people are still to be told, made durable before Slack is asked."""

    def owe(self, workspace: WorkspaceId, owed: Owed) -> None: ...
    def owed(self) -> list[Owed]:
        """Of every workspace, oldest first."""

    def told(self, workspace: WorkspaceId, owed_id: str) -> None:
        """Nothing is owed any more; a second time changes nothing."""


class Templates(Protocol):
    def get(self, workspace: WorkspaceId, template_id: TemplateId) -> Template: ...
    def all(self, workspace: WorkspaceId) -> list[Template]:
        """Newest first."""

    def add(self, workspace: WorkspaceId, template: Template) -> None: ...
    def save(self, workspace: WorkspaceId, template: Template, expected: int) -> None:
        """Replace the record whose revision is `expected`."""

    def remove(self, workspace: WorkspaceId, template_id: TemplateId) -> None:
        """A second time changes nothing."""


class Pleas(Protocol):
    """Help that people ask for."""

    def get(self, workspace: WorkspaceId, plea_id: PleaId) -> Plea: ...
    def all(self) -> list[Plea]:
        """Of every workspace, oldest first."""

    def add(self, workspace: WorkspaceId, plea: Plea) -> None: ...
    def save(self, workspace: WorkspaceId, plea: Plea, expected: int) -> None:
        """Replace the record whose revision is `expected`."""

    def remove(self, workspace: WorkspaceId, plea_id: PleaId) -> None:
        """A second time changes nothing."""
