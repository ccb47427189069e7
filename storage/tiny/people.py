"""Members, as last seen: records of the document."""

from collections.abc import Callable

from bot.core.ids import MemberId, WorkspaceId
from bot.core.people import Member
from storage.tiny.document import Document
from storage.tiny.files import Folder
from storage.tiny.shelf import Shelf


class People:
    def __init__(self, folder: Folder, document: Document) -> None:
        self._document = document
        self._shelf = Shelf(document, "people", Member, folder.document)

    def get(self, workspace: WorkspaceId, member: MemberId) -> Member | None:
        with self._document.lock:
            return self._shelf.get(workspace, member)

    def all(self, workspace: WorkspaceId) -> list[Member]:
        with self._document.lock:
            return self._shelf.of(workspace)

    def change(
        self, workspace: WorkspaceId, member: MemberId, change: Callable[[Member | None], Member]
    ) -> Member:
        """`change` runs with the document locked: it must be quick, and ask nobody."""
        with self._document.step():
            before = self._shelf.get(workspace, member)
            after = change(before)
            if (after.workspace, after.id) != (workspace, member):
                raise ValueError("a person does not become another")
            if after != before:
                self._shelf.put(workspace, member, after)
            return after
