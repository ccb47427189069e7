"""Audiences: the people of a campaign, numbered from 0, in a file written once; and, beside it, the keyed
8-byte hashes of their addresses in order, so that "is this address among them?" costs twenty short reads.
"""

import secrets
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

from bot.core import lines
from bot.core.addresses import canonical, hash_of, keyed_hash
from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.crowds import Crowd
from bot.core.ids import CampaignId, WorkspaceId
from bot.ports import Missing
from storage.errors import Corrupted
from storage.tiny.files import Folder, check_header, reading, safe

STRIDE = 1_000  # one remembered offset for so many lines
HASH = 8


class Audiences:
    def __init__(self, folder: Folder, secret: Callable[[], bytes]) -> None:
        self._folder, self._secret = folder, secret
        self._offsets: dict[Path, array[int]] = {}  # of every STRIDE-th line

    def write(self, workspace: WorkspaceId, campaign_id: CampaignId, people: Iterable[Contact]) -> str:
        """The fresh name, once both files are on the disk."""
        name = secrets.token_hex(6)
        hashes = InOrder()
        path = self._path(workspace, campaign_id, name)
        self._folder.write_whole(path, self._lines(people, hashes))
        self._folder.write_whole(path.with_suffix(".hashes"), hashes.whole())
        return name

    def _lines(self, people: Iterable[Contact], hashes: "InOrder") -> Iterator[bytes]:
        secret = self._secret()
        yield lines.header("audience")
        for contact in people:
            hashes.add(keyed_hash(secret, contact.email))
            yield lines.encode(contact.to_line())

    def rewrite(self, campaign: Campaign, content: bytes) -> None:
        """The same people by their numbers, of whom some were erased: with their keyed hashes in the place of
        their addresses, so that the file of hashes stays as it is."""
        path, _ = self.files(campaign)
        moved = path.stat().st_size != len(content)
        self._folder.write_whole(path, [content])
        if moved:
            self._offsets.pop(path, None)

    def files(self, campaign: Campaign) -> list[Path]:
        if not campaign.audience:
            return []
        path = self._path(campaign.workspace, campaign.id, campaign.audience)
        return [path, path.with_suffix(".hashes")]

    def stands(self, campaign: Campaign) -> bool:
        """Is the audience it names on the disk? (True where it names none.)"""
        return all(path.exists() for path in self.files(campaign))

    def remove(self, campaign: Campaign) -> None:
        for path in self.files(campaign):
            self._offsets.pop(path, None)
            self._folder.remove([path])

    def read(self, campaign: Campaign, numbers: Sequence[int] | None = None) -> Iterator[tuple[int, Contact]]:
        if not campaign.audience:
            raise Missing(f"{campaign.id} has no audience yet")
        path = self._path(campaign.workspace, campaign.id, campaign.audience)
        if numbers is None:
            return self._all(path, campaign.audience_size)
        return self._some(path, sorted(set(numbers)))

    def _all(self, path: Path, size: int) -> Iterator[tuple[int, Contact]]:
        with _opened(path) as file:
            check_header(path, file.readline(), "audience")
            count = 0
            for number, line in enumerate(file):
                yield number, _contact(path, number, line)
                count += 1
        if count < size:
            raise Corrupted(path, count + 2)

    def _some(self, path: Path, numbers: Sequence[int]) -> Iterator[tuple[int, Contact]]:
        """`numbers` ascending. Between two of one block the lines are skipped, not decoded."""
        with _opened(path) as file:
            offsets = self._offsets_of(path, file)
            block, following = -1, 0  # where the file stands: in this block, before this number
            for number in numbers:
                if not 0 <= number < len(offsets) * STRIDE:
                    raise Missing(f"no recipient {number}")
                if number // STRIDE != block:
                    block = number // STRIDE
                    following = block * STRIDE
                    file.seek(offsets[block])
                if number != following:
                    next(islice(file, number - following - 1, None), b"")
                line = next(file, b"")
                following = number + 1
                if not line:
                    raise Missing(f"no recipient {number}")
                yield number, _contact(path, number, line)

    def _offsets_of(self, path: Path, file: BinaryIO) -> "array[int]":
        """One pass over the file, the first time somebody asks."""
        known = self._offsets.get(path)
        if known is not None:
            return known
        header = file.readline()
        check_header(path, header, "audience")
        found, offset = array("Q"), len(header)
        for number, line in enumerate(file):
            if number % STRIDE == 0:
                found.append(offset)
            offset += len(line)
        self._offsets[path] = found
        return found

    def holds(self, campaign: Campaign, address: str) -> bool:
        """Is this address among the campaign's people? (One in 10^19 times by accident.)"""
        return bool(self._held(campaign, [address]))

    def _held(self, campaign: Campaign, addresses: Iterable[str]) -> list[str]:
        if not campaign.audience:
            return []
        _, path = self.files(campaign)
        secret = self._secret()
        with _opened(path) as file:
            header = file.readline()
            check_header(path, header, "hashes")
            with mmap(file.fileno(), 0, access=ACCESS_READ) as mapped:
                hashes = _Hashes(mapped, len(header))
                return [address for address in addresses if keyed_hash(secret, address) in hashes]

    def hashes(self, campaign: Campaign, numbers: Sequence[int] | None = None) -> Crowd:
        """Of everybody, from the short file beside; of some, by their addresses."""
        if not campaign.audience:
            return Crowd()
        if numbers is not None:
            secret = self._secret()
            return Crowd.of(hash_of(secret, contact.email) for _, contact in self.read(campaign, numbers))
        _, path = self.files(campaign)
        found = array("Q")
        with _opened(path) as file:
            check_header(path, file.readline(), "hashes")
            kept = file.read()
        if len(kept) % HASH:
            raise Corrupted(path)
        found.frombytes(kept)
        if sys.byteorder == "little":  # they are kept as they sort
            found.byteswap()
        return Crowd(found)

    def among(self, campaign: Campaign, addresses: Iterable[str]) -> dict[str, int]:
        """The numbers of those who are there: where nobody is, their file is not even opened."""
        wanted = {address.encode() for address in self._held(campaign, addresses)}
        found: dict[str, int] = {}
        if not wanted:
            return found
        path, _ = self.files(campaign)
        with _opened(path) as file:
            check_header(path, file.readline(), "audience")
            for number, line in enumerate(file):
                if not _may_be_of(line, wanted):
                    continue
                address = canonical(_contact(path, number, line).email)
                if address.encode() in wanted:
                    found[address] = number
                    if len(found) == len(wanted):
                        break
        return found

    def _path(self, workspace: WorkspaceId, campaign_id: CampaignId, name: str) -> Path:
        file = f"{safe(workspace)}.{safe(campaign_id)}.{safe(name)}.audience"
        return self._folder.root / "campaigns" / file


class _Hashes(Sequence[bytes]):
    """The sorted hashes, each read when it is asked for."""

    def __init__(self, mapped: mmap, start: int) -> None:
        self._mapped, self._start, self._count = mapped, start, (len(mapped) - start) // HASH

    def __len__(self) -> int:
        return self._count

    def __contains__(self, wanted: object) -> bool:
        assert isinstance(wanted, bytes)
        place = bisect_left(self, wanted)
        return place < len(self) and self[place] == wanted

    def __getitem__(self, place: int) -> bytes:  # type: ignore[override]  # bisect asks for one at a time
        start = self._start + place * HASH
        return self._mapped[start : start + HASH]


class InOrder:
    """Hashes of a million people, sorted a 256th at a time: by their first byte, which is any as often."""

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        self._parts = [bytearray() for _ in range(256)]
        for one in hashes:
            self.add(one)

    def add(self, one: bytes) -> None:
        self._parts[one[0]] += one

    def whole(self) -> Iterator[bytes]:
        """A file of hashes, piece by piece."""
        yield lines.header("hashes")
        for part in self._parts:
            yield b"".join(sorted(part[at : at + HASH] for at in range(0, len(part), HASH)))


def _may_be_of(line: bytes, wanted: Container[bytes]) -> bool:
    """A look at the address as it stands on the line, `… ["c",2,"zoe@example.com",…`: for the million who
    are not asked for. Whatever is not plain ASCII is decoded to be judged."""
    parts = line.split(b'"', 4)
    if len(parts) < 5:
        return True
    address = parts[3].lower()
    return address in wanted or not address.isascii() or b"\\" in address


def _opened(path: Path) -> BinaryIO:
    with reading(path):
        return path.open("rb")


def _contact(path: Path, number: int, line: bytes) -> Contact:
    record = lines.decode(line)
    if record is None:
        raise Corrupted(path, number + 2)
    return Contact.from_line(record)
