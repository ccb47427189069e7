"""Where our messages are: one record of the document per list or campaign they show."""

from dataclasses import dataclass

from bot.core.ids import WorkspaceId
from bot.ports import MessageRef
from storage.tiny.document import Document
from storage.tiny.files import Folder
from storage.tiny.shelf import Shelf


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    refs: tuple[MessageRef, ...] = ()


class Messages:
    def __init__(self, folder: Folder, document: Document) -> None:
        self._document = document
        self._shelf = Shelf(document, "messages", Posted, folder.document)

    def note(self, workspace: WorkspaceId, ref: MessageRef) -> None:
        """Noted twice, a message moves to the end: it becomes the one that is edited."""
        with self._document.step():
            others = tuple(known for known in self._refs(workspace, ref.subject) if known != ref)
            self._shelf.put(workspace, ref.subject, Posted(refs=(*others, ref)))

    def of(self, workspace: WorkspaceId, subject: str) -> list[MessageRef]:
        with self._document.lock:
            return list(self._refs(workspace, subject))

    def forget(self, workspace: WorkspaceId, ref: MessageRef) -> None:
        with self._document.step():
            known = self._refs(workspace, ref.subject)
            left = tuple(other for other in known if other != ref)
            if not left:
                self._shelf.remove(workspace, ref.subject)
            elif left != known:
                self._shelf.put(workspace, ref.subject, Posted(refs=left))

    def _refs(self, workspace: WorkspaceId, subject: str) -> tuple[MessageRef, ...]:
        posted = self._shelf.get(workspace, subject)
        return posted.refs if posted else ()
