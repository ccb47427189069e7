"""Who did what, when: one append-only file per workspace, read when somebody asks for it."""

import threading
from datetime import UTC, datetime
from typing import cast

from bot.core.ids import WorkspaceId
from bot.ports import LogEntry
from storage.tiny.appended import Appended
from storage.tiny.files import Folder, safe


class Log:
    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._files: dict[WorkspaceId, Appended] = {}

    def write(self, workspace: WorkspaceId, entry: LogEntry) -> None:
        line = [entry.at.timestamp(), entry.by, entry.verb, entry.subject, dict(entry.about)]
        with self._lock:
            file = self._file(workspace)
            if not file.loaded:
                file.load()
            file.append(line)

    def read(self, workspace: WorkspaceId) -> list[LogEntry]:
        with self._lock:
            return [_entry(line) for line in self._file(workspace).load() if is_sound(line)]

    def _file(self, workspace: WorkspaceId) -> Appended:
        if workspace not in self._files:
            path = self._folder.root / "workspaces" / safe(workspace) / "log"
            self._files[workspace] = Appended(self._folder, path, "log", heals=True)
        return self._files[workspace]


def is_sound(line: list[object]) -> bool:
    match line:
        case [int() | float(), str(), str(), str(), dict()]:
            return True
        case _:
            return False


def _entry(line: list[object]) -> LogEntry:
    seconds, by, verb, subject, about = cast("tuple[float, str, str, str, dict[str, str | int]]", tuple(line))
    return LogEntry(at=datetime.fromtimestamp(seconds, UTC), by=by, verb=verb, subject=subject, about=about)
