"""Workspaces as a whole: a record of the document each."""

from collections.abc import Callable

from bot.core.ids import WorkspaceId
from bot.core.spaces import Space
from storage.tiny.document import Document
from storage.tiny.files import Folder
from storage.tiny.shelf import Shelf

ONLY = "space"  # there is one of them in each


class Spaces:
    def __init__(self, folder: Folder, document: Document) -> None:
        self._document = document
        self._shelf = Shelf(document, "spaces", Space, folder.document)

    def get(self, workspace: WorkspaceId) -> Space:
        with self._document.lock:
            return self._of(workspace)

    def _of(self, workspace: WorkspaceId) -> Space:
        return self._shelf.get(workspace, ONLY) or Space(workspace=workspace)

    def change(self, workspace: WorkspaceId, change: Callable[[Space], Space]) -> Space:
        """`change` runs with the document locked: it must be quick, and ask nobody."""
        with self._document.step():
            before = self._of(workspace)
            after = change(before)
            if after.workspace != workspace:
                raise ValueError("a workspace does not become another")
            if after != before:
                self._shelf.put(workspace, ONLY, after)
            return after
