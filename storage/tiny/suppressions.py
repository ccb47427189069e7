"""Addresses not to be written to: one append-only file per workspace, folded into memory at first use."""

import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import cast

from bot.core.ids import WorkspaceId
from bot.core.suppressions import Cause, Suppression
from storage.errors import Corrupted
from storage.tiny.appended import Appended
from storage.tiny.files import Folder, safe


class Suppressions:
    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: dict[WorkspaceId, Addresses] = {}

    def add(self, workspace: WorkspaceId, suppression: Suppression) -> bool:
        with self._lock:
            return self._of(workspace).add(suppression)

    def among(self, workspace: WorkspaceId, addresses: Iterable[str]) -> Mapping[str, Suppression]:
        with self._lock:
            known = self._of(workspace).known()
            return {address: known[address] for address in addresses if address in known}

    def all(self, workspace: WorkspaceId) -> list[Suppression]:
        with self._lock:
            return list(self._of(workspace).known().values())

    def _of(self, workspace: WorkspaceId) -> "Addresses":
        if workspace not in self._kept:
            self._kept[workspace] = Addresses(self._folder, workspace)
        return self._kept[workspace]


class Addresses:
    """Those of one workspace. Lines: `["s", address, cause, UNIX seconds, origin]`."""

    def __init__(self, folder: Folder, workspace: WorkspaceId) -> None:
        path = folder.root / "workspaces" / safe(workspace) / "suppressions"
        self._file = Appended(folder, path, "suppressions")
        self._known: dict[str, Suppression] = {}

    def known(self) -> dict[str, Suppression]:
        if not self._file.loaded:
            found = map(self._from_line, enumerate(self._file.load(), start=2))
            self._known = {suppression.address: suppression for suppression in found}
        return self._known

    def add(self, suppression: Suppression) -> bool:
        known = self.known()
        if suppression.address in known:
            return False
        seconds = suppression.at.timestamp()
        line = ["s", suppression.address, suppression.cause.value, seconds, suppression.origin]
        self._file.append(line)
        known[suppression.address] = suppression
        return True

    def _from_line(self, numbered: tuple[int, list[object]]) -> Suppression:
        number, line = numbered
        if len(line) != 5 or line[0] != "s":
            raise Corrupted(self._file.path, number)
        _, address, cause, seconds, origin = cast("tuple[str, str, str, float, str]", tuple(line))
        at = datetime.fromtimestamp(seconds, UTC)
        return Suppression(address=address, cause=Cause(cause), at=at, origin=origin)
