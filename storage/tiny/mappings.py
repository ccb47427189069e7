"""How people read the columns of their files: one record of the document per person and header."""

from bot.core.ids import MemberId, WorkspaceId
from bot.core.questions import Remembered
from storage.tiny.document import Document
from storage.tiny.files import Folder
from storage.tiny.shelf import Shelf

MOST = 100  # headers remembered for one person; the oldest goes


class Mappings:
    def __init__(self, folder: Folder, document: Document) -> None:
        self._document = document
        self._shelf = Shelf(document, "mappings", Remembered, folder.document)

    def get(self, workspace: WorkspaceId, member: MemberId, fingerprint: str) -> Remembered | None:
        with self._document.lock:
            return self._shelf.get(workspace, f"{member}/{fingerprint}")

    def keep(self, workspace: WorkspaceId, remembered: Remembered) -> None:
        if remembered.workspace != workspace:
            raise ValueError("columns of another workspace")
        with self._document.step():
            mine = [one for one in self._shelf.of(workspace) if one.member == remembered.member]
            others = [one for one in mine if one.fingerprint != remembered.fingerprint]
            for old in sorted(others, key=lambda one: one.at)[: max(0, len(others) + 1 - MOST)]:
                self._shelf.remove(workspace, _key(old))
            self._shelf.put(workspace, _key(remembered), remembered)


def _key(remembered: Remembered) -> str:
    return f"{remembered.member}/{remembered.fingerprint}"
