"""Help asked for: records of the document."""

from bot.core.failures import Missing
from bot.core.ids import PleaId, WorkspaceId
from bot.core.sentences import Stale
from bot.core.support import Plea
from storage.tiny.document import Document
from storage.tiny.files import Folder
from storage.tiny.shelf import Shelf


class Pleas:
    def __init__(self, folder: Folder, document: Document) -> None:
        self._document = document
        self._shelf = Shelf(document, "pleas", Plea, folder.document)

    def get(self, workspace: WorkspaceId, plea_id: PleaId) -> Plea:
        with self._document.lock:
            found = self._shelf.get(workspace, plea_id)
        if found is None:
            raise Missing(plea_id)
        return found

    def all(self) -> list[Plea]:
        with self._document.lock:
            return sorted((plea for _, _, plea in self._shelf.items()), key=lambda plea: (plea.at, plea.id))

    def add(self, workspace: WorkspaceId, plea: Plea) -> None:
        if plea.workspace != workspace:
            raise ValueError("a plea of another workspace")
        with self._document.step():
            if self._shelf.get(workspace, plea.id):
                raise ValueError("a plea of that id is there")
            self._shelf.put(workspace, plea.id, plea)

    def save(self, workspace: WorkspaceId, plea: Plea, expected: int) -> None:
        if plea.workspace != workspace:
            raise ValueError("a plea of another workspace")
        with self._document.step():
            known = self._shelf.get(workspace, plea.id)
            if known is None:
                raise Missing(plea.id)
            if known.revision != expected:
                raise Stale("support.stale")
            self._shelf.put(workspace, plea.id, plea)

    def remove(self, workspace: WorkspaceId, plea_id: PleaId) -> None:
        with self._document.step():
            self._shelf.remove(workspace, plea_id)
