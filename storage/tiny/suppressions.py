"""Addresses not to be written to: one append-only file per workspace, folded into memory at first use.

The document notes that the file was begun: where it is gone after that, it is missed, and nobody takes it for
a workspace in which nobody ever unsubscribed.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bot.core.ids import WorkspaceId
from bot.core.suppressions import Cause, Suppression
from storage.errors import Corrupted
from storage.tiny.appended import Appended
from storage.tiny.document import Document
from storage.tiny.files import Folder, safe
from storage.tiny.shelf import Shelf

KIND = "suppressions"


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A file of lines that stands since then."""

    at: datetime


class Suppressions:
    def __init__(self, folder: Folder, document: Document) -> None:
        self._folder, self._document = folder, document
        self._begun = Shelf(document, "begun", Begun, folder.document)
        self._lock = threading.Lock()
        self._kept: dict[WorkspaceId, Addresses] = {}

    def begun(self) -> list[WorkspaceId]:
        with self._document.lock:
            return [WorkspaceId(workspace) for workspace, kind, _ in self._begun.items() if kind == KIND]

    def _begin(self, workspace: WorkspaceId, at: datetime) -> None:
        """The file first: a crash in between leaves an empty one, which is true."""
        with self._document.lock:
            if self._begun.get(workspace, KIND):
                return
        with self._lock:
            self._of(workspace).begin()
        with self._document.step():
            self._begun.put(workspace, KIND, Begun(at=at))

    def add(self, workspace: WorkspaceId, suppression: Suppression) -> bool:
        self._begin(workspace, suppression.at)
        with self._lock:
            return self._of(workspace).add(suppression)

    def add_all(self, workspace: WorkspaceId, suppressions: Iterable[Suppression]) -> int:
        given = list(suppressions)
        if given:
            self._begin(workspace, given[0].at)
        with self._lock:
            return self._of(workspace).add_all(given)

    def among(self, workspace: WorkspaceId, addresses: Iterable[str]) -> Mapping[str, Suppression]:
        with self._lock:
            known = self._of(workspace).known()
            return {address: known[address] for address in addresses if address in known}

    def all(self, workspace: WorkspaceId) -> list[Suppression]:
        with self._lock:
            return list(self._of(workspace).known().values())

    def _of(self, workspace: WorkspaceId) -> "Addresses":
        if workspace not in self._kept:
            begun = workspace in self.begun()
            self._kept[workspace] = Addresses(Appended(self._folder, self.path(workspace), KIND), begun=begun)
        return self._kept[workspace]

    def path(self, workspace: WorkspaceId) -> Path:
        return self._folder.root / "workspaces" / safe(workspace) / KIND


class Addresses:
    """Those of one workspace. Lines: `["s", address, cause, UNIX seconds, origin]`."""

    def __init__(self, file: Appended, *, begun: bool) -> None:
        self._file, self._begun = file, begun
        self._known: dict[str, Suppression] = {}

    def begin(self) -> None:
        self.known()
        self._file.begin()
        self._begun = True

    def known(self) -> dict[str, Suppression]:
        if not self._file.loaded:
            found = map(self._from_line, enumerate(self._file.load(begun=self._begun), start=2))
            self._known = {suppression.address: suppression for suppression in found}
        return self._known

    def add(self, suppression: Suppression) -> bool:
        return self.add_all([suppression]) == 1

    def add_all(self, suppressions: Iterable[Suppression]) -> int:
        known = self.known()
        fresh: dict[str, Suppression] = {}
        for suppression in suppressions:
            if suppression.address not in known:
                fresh.setdefault(suppression.address, suppression)
        if fresh:
            self._file.append_all(map(_to_line, fresh.values()))
            known.update(fresh)
        return len(fresh)

    def _from_line(self, numbered: tuple[int, list[object]]) -> Suppression:
        number, line = numbered
        if not is_sound(line):
            raise Corrupted(self._file.path, number)
        _, address, cause, seconds, origin = cast("tuple[str, str, str, float, str]", tuple(line))
        at = datetime.fromtimestamp(seconds, UTC)
        return Suppression(address=address, cause=Cause(cause), at=at, origin=origin)


def is_sound(line: list[object]) -> bool:
    match line:
        case ["s", str(), str(cause), int() | float(), str()]:
            return cause in set(Cause)
        case _:
            return False


def _to_line(suppression: Suppression) -> list[object]:
    seconds = suppression.at.timestamp()
    return ["s", suppression.address, suppression.cause.value, seconds, suppression.origin]
