"""Contact lists: the record in the document, one write-once line file per version beside it."""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.core.contacts import Contact
from bot.core.ids import ListId, WorkspaceId
from bot.core.lists import ContactList
from bot.core.sentences import Stale
from bot.ports import Missing, Unwritable
from storage.tiny.document import Document
from storage.tiny.files import Folder, records, records_at, safe
from storage.tiny.inbox import Inbox
from storage.tiny.shelf import Shelf

STAGING = ".staging"

logger = logging.getLogger(__name__)


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
            if contact_list.revision <= expected or contact_list.version not in _numbers(stored):
                raise ValueError("a change makes a new revision, and a new version comes with its file")
            self._put(stored, contact_list)
        self._discard(stored, contact_list)

    def renew(
        self, workspace: WorkspaceId, contact_list: ContactList, expected: int, staging: Path,
        settled: ContactList | None = None,
    ) -> ContactList:  # fmt: skip
        """As in `add`, a crash after the rename leaves an orphan and both records as they were."""
        self._folder.sync(staging)
        with self._document.lock:
            stored = self._find(workspace, contact_list.id)
            if stored.revision != expected:
                raise Stale("lists.stale", title=stored.title)
            if contact_list.revision <= expected or contact_list.version <= max(
                stored.version, stored.latest
            ):
                raise ValueError("a new version has a new number and a new revision")
            path = self._path(contact_list)
            try:
                self._folder.put(staging, path)
                with self._document.step():
                    if settled is not None:
                        self._settle(workspace, settled)
                    self._put(stored, contact_list)
            except BaseException:
                with suppress(OSError):
                    path.rename(staging)
                raise
            self._discard(stored, contact_list)
            return self._find(workspace, contact_list.id)

    def _settle(self, workspace: WorkspaceId, settled: ContactList) -> None:
        waiting = self._find(workspace, settled.id)
        if waiting.revision != settled.revision - 1:
            raise Stale("lists.stale", title=waiting.title)
        self._put(waiting, settled)

    def _put(self, stored: ContactList, changed: ContactList) -> None:
        """What was purged since the caller read the record is gone, whatever the caller still names."""
        if changed.workspace != stored.workspace:
            raise ValueError("a list does not move to another workspace")
        known = _numbers(stored)
        previous = tuple(one for one in changed.previous if one.number in known)
        self._shelf.put(stored.workspace, stored.id, replace(changed, previous=previous))

    def rewrite(self, known: ContactList, changed: ContactList, contents: Mapping[int, bytes]) -> int:
        """Versions written anew, by number, because somebody was erased from them; the current one gets a new
        number: it is returned, for whoever noted the old one. Nothing happens where the list is not `known`
        any more. A crash in between leaves files without the person, and the old record."""
        with self._document.lock:
            if self._find(known.workspace, known.id) != known:
                return known.version
            number = max(known.version, known.latest) + 1 if known.version in contents else known.version
            for old, content in contents.items():
                new = number if old == known.version else old
                self._folder.write_whole(self._path(known, new), [content])
            latest = max(known.latest, number)
            after = replace(changed, version=number, latest=latest, revision=known.revision + 1)
            with self._document.step():
                self._shelf.put(known.workspace, known.id, after)
                for other in self._shelf.of(known.workspace):
                    waiting = other.waiting
                    if waiting and (waiting.list_id, waiting.version) == (known.id, known.version):
                        follows = replace(other, waiting=replace(waiting, version=number))
                        self._shelf.put(other.workspace, other.id, follows)
            return number

    def remove_nameless(self, holds: Callable[[Path], bool]) -> None:
        """Files that no record names, of those that are meant."""
        with self._document.lock:
            named = self.named_files()
            found = sorted((self._folder.root / "lists").glob("*.lines"))
            self._folder.remove(path for path in found if path not in named and holds(path))

    def _discard(self, before: ContactList, after: ContactList) -> None:
        """Addresses nobody needs any more do not wait for the next start; where their files cannot be
        removed now, they are then."""
        gone = _numbers(before) - _numbers(after)
        try:
            self._folder.remove(self._path(before, number) for number in gone)
        except Unwritable as error:
            logger.warning("list=%s an earlier version stays for now: %s", before.id, error.strerror)

    def lines(
        self, workspace: WorkspaceId, list_id: ListId, contacts: Sequence[int] | None = None
    ) -> Iterator[list[object]]:
        return self._lines(self.get(workspace, list_id), contacts)

    def _lines(self, contact_list: ContactList, contacts: Sequence[int] | None) -> Iterator[list[object]]:
        """Opened at the first line: where another version took this one's place before, that one's."""
        path = self._path(contact_list)
        if not path.exists():
            path = self._path(self.get(contact_list.workspace, contact_list.id))
        yield from records(path, kind=None) if contacts is None else records_at(path, "c", contacts)

    def file(self, workspace: WorkspaceId, list_id: ListId) -> Path:
        return self._path(self.get(workspace, list_id))

    def contacts(self, workspace: WorkspaceId, list_id: ListId) -> Iterator[Contact]:
        return (Contact.from_line(line) for line in self.lines(workspace, list_id) if line[0] == "c")

    def purge(self, workspace: WorkspaceId, before: datetime) -> list[ListId]:
        """The records go first: a file whose record is gone is an orphan, the reverse would be damage."""
        files: list[Path] = []
        gone: list[ListId] = []
        with self._document.step():
            for kept in self._shelf.of(workspace):
                if _is_over(kept, before):
                    self._shelf.remove(workspace, kept.id)
                    gone.append(kept.id)
                    files += self._files(kept)
                elif old := [one for one in kept.previous if one.until < before]:
                    # no new revision: nothing that a person sees of the list has changed
                    left = tuple(one for one in kept.previous if one not in old)
                    self._shelf.put(workspace, kept.id, replace(kept, previous=left))
                    files += [self._path(kept, one.number) for one in old]
        self._folder.remove(files)
        return gone

    def workspaces(self) -> list[WorkspaceId]:
        with self._document.lock:
            return sorted({kept.workspace for _, _, kept in self._shelf.items()})

    def named_files(self) -> set[Path]:
        with self._document.lock:
            return {path for _, _, kept in self._shelf.items() for path in self._files(kept)}

    def files(self, contact_list: ContactList) -> list[tuple[int, Path]]:
        """Of every version, by its number."""
        return [(number, self._path(contact_list, number)) for number in sorted(_numbers(contact_list))]

    def _files(self, contact_list: ContactList) -> list[Path]:
        return [path for _, path in self.files(contact_list)]

    def _path(self, contact_list: ContactList, number: int | None = None) -> Path:
        version = contact_list.version if number is None else number
        name = f"{safe(contact_list.workspace)}.{safe(contact_list.id)}.{version}.lines"
        return self._folder.root / "lists" / name


def _numbers(contact_list: ContactList) -> set[int]:
    return {contact_list.version, *(one.number for one in contact_list.previous)}


def _is_over(contact_list: ContactList, before: datetime) -> bool:
    """Deleted, or a file about which nobody has said anything, since before that moment."""
    since = contact_list.deleted_at
    if since is None and contact_list.waiting is not None:
        since = contact_list.created_at
    return since is not None and since < before
