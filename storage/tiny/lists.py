"""Contact lists: the record in the document, one write-once line file per version beside it."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.core.contacts import Contact
from bot.core.ids import ListId, WorkspaceId
from bot.core.lists import ContactList
from bot.core.sentences import Stale
from bot.ports import Missing
from storage.tiny.document import Document
from storage.tiny.files import Folder, records, safe
from storage.tiny.inbox import Inbox
from storage.tiny.shelf import Shelf

STAGING = ".staging"


class Lists:
    def __init__(self, folder: Folder, document: Document, inbox: Inbox) -> None:
        self._folder, self._document, self._inbox = folder, document, inbox
        self._shelf = Shelf(document, "lists", ContactList, folder.document)

    def staging(self) -> Path:
        """Beside the files it will become: a rename, never a copy. Left-overs go at the next start."""
        return self._folder.root / "lists" / f"{secrets.token_hex(8)}{STAGING}"

    def add(self, workspace: WorkspaceId, contact_list: ContactList, staging: Path) -> ContactList:
        """The file is in place before the record names it: a crash between leaves an orphan, which the
        next start removes, and the pending import, which is read again."""
        with self._document.lock:
            known = self._same(workspace, contact_list)
            if known is None:
                return self._keep(workspace, contact_list, staging)
            with self._document.step():
                self._inbox.finish(workspace, contact_list.source_file, contact_list.owner)
        self._folder.remove([staging])
        return known

    def _same(self, workspace: WorkspaceId, contact_list: ContactList) -> ContactList | None:
        """What this person's same file became already."""
        source = (contact_list.owner, contact_list.source_file)
        found = (known for known in self._shelf.of(workspace) if (known.owner, known.source_file) == source)
        return next(found, None) if contact_list.source_file else None

    def _keep(self, workspace: WorkspaceId, contact_list: ContactList, staging: Path) -> ContactList:
        if contact_list.workspace != workspace or self._shelf.get(workspace, contact_list.id):
            raise ValueError("a list of another workspace, or one that is kept already")
        path = self._path(contact_list)
        self._folder.sync(staging)
        try:
            self._folder.put(staging, path)
            with self._document.step():
                self._shelf.put(workspace, contact_list.id, contact_list)
                self._inbox.finish(workspace, contact_list.source_file, contact_list.owner)
        except BaseException:
            with suppress(OSError):  # back, so that the caller may try again; an orphan otherwise
                path.rename(staging)
            raise
        return self._find(workspace, contact_list.id)

    def get(self, workspace: WorkspaceId, list_id: ListId) -> ContactList:
        with self._document.lock:
            return self._find(workspace, list_id)

    def _find(self, workspace: WorkspaceId, list_id: ListId) -> ContactList:
        found = self._shelf.get(workspace, list_id)
        if found is None:
            raise Missing(list_id)
        return found

    def all(self, workspace: WorkspaceId) -> list[ContactList]:
        with self._document.lock:
            newest_last = sorted(self._shelf.of(workspace), key=lambda kept: kept.created_at)
        return newest_last[::-1]

    def save(self, workspace: WorkspaceId, contact_list: ContactList, expected: int) -> None:
        with self._document.step():
            stored = self._find(workspace, contact_list.id)
            if stored.revision != expected:
                raise Stale("lists.stale", title=stored.title)
            if contact_list.revision <= expected or contact_list.version != stored.version:
                raise ValueError("a change makes a new revision, and a new version comes with its file")
            if contact_list.workspace != workspace:
                raise ValueError("a list does not move to another workspace")
            self._shelf.put(workspace, contact_list.id, contact_list)

    def lines(self, workspace: WorkspaceId, list_id: ListId) -> Iterator[list[object]]:
        path = self._path(self.get(workspace, list_id))
        return records(path, kind=None)

    def contacts(self, workspace: WorkspaceId, list_id: ListId) -> Iterator[Contact]:
        return (Contact.from_line(line) for line in self.lines(workspace, list_id) if line[0] == "c")

    def purge(self, workspace: WorkspaceId, before: datetime) -> list[ListId]:
        """The records go first: a file whose record is gone is an orphan, the reverse would be damage."""
        with self._document.step():
            gone = [
                kept
                for kept in self._shelf.of(workspace)
                if kept.deleted_at is not None and kept.deleted_at < before
            ]
            for kept in gone:
                self._shelf.remove(workspace, kept.id)
        self._folder.remove(self._path(kept) for kept in gone)
        return [kept.id for kept in gone]

    def workspaces(self) -> list[WorkspaceId]:
        with self._document.lock:
            return sorted({kept.workspace for _, _, kept in self._shelf.items()})

    def named_files(self) -> set[Path]:
        with self._document.lock:
            return {self._path(kept) for _, _, kept in self._shelf.items()}

    def _path(self, contact_list: ContactList) -> Path:
        name = f"{safe(contact_list.workspace)}.{safe(contact_list.id)}.{contact_list.version}.lines"
        return self._folder.root / "lists" / name
