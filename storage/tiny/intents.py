"""Erasures that are begun and not finished: a file each, `workspaces/ID/NAME.erasing`. It holds the address,
and what was learned of the person on the way; nothing else does by the end, when it is removed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bot.core import lines
from bot.core.addresses import hash_of, in_hex
from bot.core.erasing import Erasure, Person
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from storage.errors import Corrupted
from storage.tiny.files import Folder, records, safe

KIND = "erasing"
SUFFIX = f".{KIND}"
ABOUT = 10  # things its one line says

_About = tuple[str, float, str, list[str], list[str], int, bool, list[list[str]], list[str], bool]


@dataclass(kw_only=True)
class Intent:
    """`is_surveyed`: everything was looked through, and what holds them noted, before any change."""

    erasure: Erasure
    person: Person
    is_surveyed: bool = False


class Intents:
    def __init__(self, folder: Folder, secret: Callable[[], bytes]) -> None:
        self._folder, self._secret = folder, secret

    def all(self) -> list[tuple[WorkspaceId, str]]:
        found = sorted(self._folder.root.glob(f"workspaces/*/*{SUFFIX}"))
        return [(WorkspaceId(path.parent.name), path.name.removesuffix(SUFFIX)) for path in found]

    def write(self, intent: Intent) -> None:
        one, person = intent.erasure, intent.person
        about = [
            one.by, one.at.timestamp(), person.address, list(one.lists), list(one.campaigns), one.rows,
            one.excluded, sorted(map(list, person.names)), sorted(person.values), intent.is_surveyed,
        ]  # fmt: skip
        path = self._path(one.workspace, one.id)
        self._folder.make(path.parent)
        self._folder.write_whole(path, [lines.header(KIND), lines.encode(about)])

    def read(self, workspace: WorkspaceId, erasure_id: str) -> Intent:
        path = self._path(workspace, erasure_id)
        about = next(records(path, KIND), [])
        if len(about) != ABOUT:
            raise Corrupted(path)
        by, at, address, lists, campaigns, rows, excluded, names, values, surveyed = cast(
            "_About", tuple(about)
        )
        erasure = Erasure(
            workspace=workspace, id=erasure_id, by=MemberId(by), at=datetime.fromtimestamp(at, UTC),
            person=self.hashed(address), lists=tuple(map(ListId, lists)),
            campaigns=tuple(map(CampaignId, campaigns)), rows=rows, excluded=excluded,
        )  # fmt: skip
        pairs = {(first, last) for first, last in names}
        person = Person(address=address, names=pairs, values=set(values))
        return Intent(erasure=erasure, person=person, is_surveyed=surveyed)

    def remove(self, intent: Intent) -> None:
        self._folder.remove([self._path(intent.erasure.workspace, intent.erasure.id)])

    def hashed(self, address: str) -> str:
        """What stands in the place of the address."""
        return in_hex(hash_of(self._secret(), address))

    def _path(self, workspace: WorkspaceId, erasure_id: str) -> Path:
        return self._folder.root / "workspaces" / safe(workspace) / f"{safe(erasure_id)}{SUFFIX}"
