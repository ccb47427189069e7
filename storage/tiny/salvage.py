"""What still reads of a damaged file of lines, and the copy that is kept of it beside."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.core import lines
from storage.errors import Corrupted, WrongFormat
from storage.tiny.files import Folder, opened

ASIDE = ".damaged-"
Sound = Callable[[list[object]], bool]


def any_record(_: list[object]) -> bool:
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Salvage:
    """`records` in order, None for each line that does not read; the header and a torn last line are not
    among them."""

    header: bytes | None
    records: tuple[list[object] | None, ...]
    torn: bool = False

    @property
    def kept(self) -> list[list[object]]:
        return [record for record in self.records if record is not None]

    @property
    def lost(self) -> int:
        return len(self.records) - len(self.kept) + (self.header is None)


def salvaged(path: Path, kind: str, sound: Sound = any_record) -> Salvage:
    """Raises `WrongFormat`, or `Closed`; and `Corrupted` where the file is missing."""
    with opened(path) as file:
        found = file.readlines()
    records: list[list[object] | None] = [lines.decode(line) for line in found]
    header = None
    if records and (first := records[0]) and _is_header(path, first, kind):
        header = found[0]
        del records[0]
    torn = bool(records) and records[-1] is None
    if torn:
        records.pop()
    if header is None and records and records[0] is None:
        del records[0]  # that was it
    judged = (record if record is not None and sound(record) else None for record in records)
    return Salvage(header=header, records=tuple(judged), torn=torn)


def _is_header(path: Path, record: list[object], kind: str) -> bool:
    match record:
        case ["h", {"format": lines.FORMAT, "kind": found}]:
            if found != kind:
                raise Corrupted(path, 1)
            return True
        case ["h", {"format": other}] if isinstance(other, int):
            raise WrongFormat(path, other, lines.FORMAT)
        case _:
            return False


def rewrite(folder: Folder, path: Path, kind: str, sound: Sound = any_record) -> int:
    """Keep the lines that read, and the whole file aside; how many lines did not."""
    salvage = salvaged(path, kind, sound)
    put_aside(folder, path)
    kept = map(lines.encode, salvage.kept)
    folder.write_whole(path, [salvage.header or lines.header(kind), *kept])
    return salvage.lost


def put_aside(folder: Folder, path: Path) -> Path:
    """A copy, named after the moment; the file itself stays where it is."""
    with opened(path) as file:
        content = file.read()
    aside = aside_name(path)
    folder.write_whole(aside, [content])
    return aside


def aside_name(path: Path) -> Path:
    """A name nobody has yet."""
    day = f"{path.name}{ASIDE}{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = (path.with_name(day if not n else f"{day}-{n}") for n in range(1_000))
    return next(name for name in names if not os.path.lexists(name))
