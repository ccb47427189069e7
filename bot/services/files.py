"""The file somebody gave us, fetched from Slack for as long as it is looked at: no copy of it is kept."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import ports
from bot.core.ids import WorkspaceId


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """`staging` is free for the reader's line file; whoever wants to keep that renames it."""

    file: ports.RemoteFile
    raw: Path
    staging: Path

    def digest(self) -> str:
        with self.raw.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()


@dataclass(frozen=True, kw_only=True)
class Files:
    store: ports.Store
    source: ports.FileSource
    policy: ports.Policy

    @contextmanager
    def paths(self) -> Iterator[tuple[Path, Path]]:
        """Where the file and its line file go; both are removed afterwards where they still are."""
        raw, staging = self.store.staging(), self.store.staging()
        try:
            yield raw, staging
        finally:
            raw.unlink(missing_ok=True)
            staging.unlink(missing_ok=True)

    @contextmanager
    def opened(self, workspace: WorkspaceId, file: ports.RemoteFile) -> Iterator[Opened]:
        """Raises Refusal (gone, too large, out of reach) or Unreachable."""
        with self.paths() as (raw, staging):
            yield self.fetched(workspace, file, raw, staging)

    def fetched(self, workspace: WorkspaceId, file: ports.RemoteFile, raw: Path, staging: Path) -> Opened:
        told = self.source.fetch(workspace, file, raw, self.policy.max_file_bytes)
        return Opened(file=told, raw=raw, staging=staging)
