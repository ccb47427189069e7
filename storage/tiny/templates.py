"""Words people keep to start from: records of the document."""

from bot.core.failures import Missing
from bot.core.ids import TemplateId, WorkspaceId
from bot.core.sentences import Stale
from bot.core.templates import Template
from storage.tiny.document import Document
from storage.tiny.files import Folder
from storage.tiny.shelf import Shelf


class Templates:
    def __init__(self, folder: Folder, document: Document) -> None:
        self._document = document
        self._shelf = Shelf(document, "templates", Template, folder.document)

    def get(self, workspace: WorkspaceId, template_id: TemplateId) -> Template:
        with self._document.lock:
            found = self._shelf.get(workspace, template_id)
        if found is None:
            raise Missing(template_id)
        return found

    def all(self, workspace: WorkspaceId) -> list[Template]:
        with self._document.lock:
            kept = self._shelf.of(workspace)
        return sorted(kept, key=lambda one: (one.created_at, one.id), reverse=True)

    def add(self, workspace: WorkspaceId, template: Template) -> None:
        if template.workspace != workspace:
            raise ValueError("a template of another workspace")
        with self._document.step():
            if self._shelf.get(workspace, template.id):
                raise ValueError("a template of that id is there")
            self._shelf.put(workspace, template.id, template)

    def save(self, workspace: WorkspaceId, template: Template, expected: int) -> None:
        if template.workspace != workspace:
            raise ValueError("a template of another workspace")
        with self._document.step():
            known = self._shelf.get(workspace, template.id)
            if known is None:
                raise Missing(template.id)
            if known.revision != expected:
                raise Stale("templates.stale", title=known.title)
            self._shelf.put(workspace, template.id, template)

    def remove(self, workspace: WorkspaceId, template_id: TemplateId) -> None:
        with self._document.step():
            self._shelf.remove(workspace, template_id)
