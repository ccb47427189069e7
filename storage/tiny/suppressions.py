"""Addresses not to be written to: one append-only file per workspace, folded into memory at first use.

The document notes that the file was begun: where it is gone after that, it is missed, and nobody takes it for
a workspace in which nobody ever unsubscribed.

Of an erased person the keyed hash stands where the address stood: it is looked up by hashing who is asked.
An address may stand as a former version wrote it down (`addresses.former`): it is looked up by that, too.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bot.core.addresses import former, hash_of, in_hex, is_erased
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
    """`secret` keys the hashes; asked for where somebody was erased, and never with the lock held."""

    def __init__(self, folder: Folder, document: Document, secret: Callable[[], bytes]) -> None:
        self._folder, self._document, self._secret = folder, document, secret
        self._begun = Shelf(document, "begun", Begun, folder.document)
        self._lock = threading.Lock()
        self._kept: dict[WorkspaceId, Addresses] = {}
        self._key = b""

    def begun(self) -> list[WorkspaceId]:
        with self._document.lock:
            return [WorkspaceId(workspace) for workspace, kind, _ in self._begun.items() if kind == KIND]

    def has_erased(self) -> bool:
        """Was anybody erased whom only a keyed hash still names?"""
        found = self.begun()
        with self._lock:
            return any(self._of(workspace).has_erased() for workspace in found)

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
        return self.add_all(workspace, [suppression]) == 1

    def add_all(self, workspace: WorkspaceId, suppressions: Iterable[Suppression]) -> int:
        given = list(suppressions)
        if given:
            self._begin(workspace, given[0].at)
        names = self._names(workspace, [one.address for one in given])
        with self._lock:
            return self._of(workspace).add_all(given, names)

    def among(self, workspace: WorkspaceId, addresses: Iterable[str]) -> Mapping[str, Suppression]:
        asked = list(addresses)
        names = self._names(workspace, asked)
        with self._lock:
            kept = self._of(workspace)
            found = {address: kept.standing(address, names.get(address, ())) for address in asked}
        return {address: one for address, one in found.items() if one is not None}

    def all(self, workspace: WorkspaceId) -> list[Suppression]:
        with self._lock:
            return list(self._of(workspace).known().values())

    def lift(self, workspace: WorkspaceId, address: str, at: datetime) -> Suppression | None:
        names = self._names(workspace, [address])
        with self._lock:
            return self._of(workspace).lift(address, names.get(address, ()), at)

    def lifted(self, workspace: WorkspaceId, addresses: Iterable[str]) -> Mapping[str, datetime]:
        asked = list(addresses)
        names = self._names(workspace, asked)
        with self._lock:
            kept = self._of(workspace)
            found = {address: kept.free_since(address, names.get(address, ())) for address in asked}
        return {address: at for address, at in found.items() if at is not None}

    def erase(self, workspace: WorkspaceId, suppression: Suppression) -> Suppression:
        self._begin(workspace, suppression.at)
        before = former(suppression.address)
        name, former_name = (self._hashed(one) if one else "" for one in (suppression.address, before))
        with self._lock:
            kept = self._of(workspace)
            if old := kept.standing(before) if before else None:
                kept.erase(old, former_name)
                suppression = replace(old, address=suppression.address)
            return kept.erase(suppression, name)

    def _names(self, workspace: WorkspaceId, addresses: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """What else each may stand as: what a former version wrote, and what stands in the place of an erased
        address, as soon as there is one. Nothing where there is nothing."""
        with self._lock:
            erased = self._of(workspace).has_erased()
        found: dict[str, tuple[str, ...]] = {}
        for address in addresses:
            written = [one for one in (former(address),) if one]
            hashed = map(self._hashed, (address, *written)) if erased else ()
            if names := (*written, *hashed):
                found[address] = names
        return found

    def _hashed(self, address: str) -> str:
        if not self._key:
            self._key = self._secret()
        return in_hex(hash_of(self._key, address))

    def _of(self, workspace: WorkspaceId) -> "Addresses":
        if workspace not in self._kept:
            begun = workspace in self.begun()
            self._kept[workspace] = Addresses(Appended(self._folder, self.path(workspace), KIND), begun=begun)
        return self._kept[workspace]

    def path(self, workspace: WorkspaceId) -> Path:
        return self._folder.root / "workspaces" / safe(workspace) / KIND


class Addresses:
    """Those of one workspace. Lines: `["s", address, cause, UNIX seconds, origin]`, and where one may be
    written to again `["l", address, UNIX seconds]`. `names`: what else an address may stand as; `name`: what
    stands in the place of an erased one."""

    def __init__(self, file: Appended, *, begun: bool) -> None:
        self._file, self._begun = file, begun
        self._known: dict[str, Suppression] = {}
        self._lifted: dict[str, datetime] = {}
        self._erased: dict[str, Suppression] = {}  # lifted ones too

    def begin(self) -> None:
        self.known()
        self._file.begin()
        self._begun = True

    def known(self) -> dict[str, Suppression]:
        if not self._file.loaded:
            self._known, self._lifted, self._erased = {}, {}, {}
            for number, line in enumerate(self._file.load(begun=self._begun), start=2):
                if not is_sound(line):
                    raise Corrupted(self._file.path, number)
                self._take(line)
        return self._known

    def _take(self, line: list[object]) -> None:
        if line[0] == "l":
            _, lifted, seconds = cast("tuple[str, str, float]", tuple(line))
            self._free(lifted, datetime.fromtimestamp(seconds, UTC))
            return
        _, address, cause, seconds, origin = cast("tuple[str, str, str, float, str]", tuple(line))
        at = datetime.fromtimestamp(seconds, UTC)
        self._keep(Suppression(address=address, cause=Cause(cause), at=at, origin=origin))

    def _keep(self, suppression: Suppression) -> None:
        self._known[suppression.address] = suppression
        if is_erased(suppression.address):
            self._erased[suppression.address] = suppression

    def _free(self, address: str, at: datetime) -> None:
        self._known.pop(address, None)
        self._lifted[address] = at

    def has_erased(self) -> bool:
        self.known()
        return bool(self._erased)

    def standing(self, address: str, names: Iterable[str] = ()) -> Suppression | None:
        known = self.known()
        if found := known.get(address):
            return found
        return next((known[name] for name in names if name in known), None) or self._erased.get(address)

    def free_since(self, address: str, names: Sequence[str] = ()) -> datetime | None:
        return None if self._is_known(address, names) else self._lifted_at(address, names)

    def _is_known(self, address: str, names: Sequence[str]) -> bool:
        known = self.known()
        return address in known or any(name in known for name in names)

    def _lifted_at(self, address: str, names: Sequence[str]) -> datetime | None:
        return max(filter(None, map(self._lifted.get, (address, *names))), default=None)

    def add_all(self, suppressions: Iterable[Suppression], names: Mapping[str, Sequence[str]]) -> int:
        known = self.known()
        fresh: dict[str, Suppression] = {}
        for one in suppressions:
            others = names.get(one.address, ())
            lifted_at = self._lifted_at(one.address, others)
            if self._is_known(one.address, others) or (lifted_at and one.at < lifted_at):
                continue
            fresh.setdefault(one.address, one)
        if fresh:
            self._file.append_all(map(_to_line, fresh.values()))
            known.update(fresh)
        return len(fresh)

    def lift(self, address: str, names: Sequence[str], at: datetime) -> Suppression | None:
        """Whatever it stands as."""
        known = self.known()
        standing = [known[one] for one in (address, *names) if one in known]
        for one in standing:
            self._file.append(["l", one.address, at.timestamp()])
            self._free(one.address, at)
        return standing[0] if standing else None

    def erase(self, suppression: Suppression, name: str) -> Suppression:
        """The file is written anew: a second time changes nothing."""
        known, address = self.known(), suppression.address
        standing = replace(known.get(address) or known.get(name) or suppression, address=name)
        if address in known or address in self._lifted or name not in known:
            self._lifted.pop(name, None)
            left = {one: at for one, at in self._lifted.items() if one != address}
            kept = {one: known[one] for one in known if one not in (address, name)} | {name: standing}
            erased = self._erased | {name: standing}
            self._file.rewrite(_anew(kept, left, erased))
            self._known, self._lifted, self._erased = kept, left, erased
        return standing


def _anew(
    known: Mapping[str, Suppression], lifted: Mapping[str, datetime], erased: Mapping[str, Suppression]
) -> Iterator[list[object]]:
    """Read again, they are folded into the same."""
    yield from (_to_line(one) for one in erased.values() if one.address not in known)
    yield from (["l", address, at.timestamp()] for address, at in lifted.items())
    yield from map(_to_line, known.values())


def is_sound(line: list[object]) -> bool:
    match line:
        case ["s", str(), str(cause), int() | float(), str()]:
            return cause in set(Cause)
        case ["l", str(), int() | float()]:
            return True
        case _:
            return False


def _to_line(suppression: Suppression) -> list[object]:
    seconds = suppression.at.timestamp()
    return ["s", suppression.address, suppression.cause.value, seconds, suppression.origin]
