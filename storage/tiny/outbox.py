"""What people are still to be told: records of the document, gone once they were."""

from bot.core.ids import WorkspaceId
from bot.core.inbox import Owed
from storage.tiny.document import Document
from storage.tiny.files import Folder
from storage.tiny.shelf import Shelf


class Outbox:
    def __init__(self, folder: Folder, document: Document) -> None:
        self._document = document
        self._shelf = Shelf(document, "owed", Owed, folder.document)

    def owe(self, workspace: WorkspaceId, owed: Owed) -> None:
        if owed.workspace != workspace:
            raise ValueError("owed to a person of another workspace")
        with self._document.step():
            self._shelf.put(workspace, owed.id, owed)

    def owed(self) -> list[Owed]:
        with self._document.lock:
            return sorted((owed for _, _, owed in self._shelf.items()), key=lambda owed: owed.at)

    def told(self, workspace: WorkspaceId, owed_id: str) -> None:
        with self._document.step():
            self._shelf.remove(workspace, owed_id)
