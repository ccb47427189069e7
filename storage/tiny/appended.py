"""A file of lines that only grows: ledgers, suppressions, seen events, the log.

A line counts once it is whole on the disk. What a crash left of a last line is ignored when the file is
read, and cut off before the next line is written. Damage anywhere else is never guessed over.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.core import lines
from storage.errors import Corrupted
from storage.tiny.files import Folder, check_header, opened, sync_folder, write_all, writing
from storage.tiny.salvage import rewrite

logger = logging.getLogger(__name__)


class Appended:
    """Not locked: its owner does that. `load` comes first, once, and again after a failed append.

    `heals`: nobody is written to on the strength of this file. Where it is damaged, the lines that read are
    kept and the whole is put aside, so that everything else goes on.
    """

    def __init__(self, folder: Folder, path: Path, kind: str, *, heals: bool = False) -> None:
        self.folder, self.path, self.kind = folder, path, kind
        self._heals = heals
        self._length: int | None = None  # up to the end of the last whole line; None: not loaded

    @property
    def loaded(self) -> bool:
        return self._length is not None

    def load(self, *, begun: bool = False) -> list[list[object]]:
        """Every record but the header. Raises `Corrupted`, `WrongFormat` or `Closed`.

        `begun`: the file stands already, its header at least, and where it does not, that is damage.
        """
        try:
            return self._load(begun=begun)
        except Corrupted:
            if not self._heals or not self.folder.writable:
                raise
        lost = rewrite(self.folder, self.path, self.kind)
        logger.error("%s was damaged: lines put aside=%d", self.path, lost)
        return self._load(begun=begun)

    def _load(self, *, begun: bool) -> list[list[object]]:
        return list(self.stream(begun=begun))

    def stream(self, *, begun: bool = False) -> Iterator[list[object]]:
        """As `load`, one record at a time and without healing; loaded once it came to its end."""
        length, torn = 0, 0
        for number, line in enumerate(self._lines(), start=1):
            if torn:
                raise Corrupted(self.path, torn)
            record = lines.decode(line)
            if record is None:
                torn = number
                continue
            if number == 1:
                check_header(self.path, line, self.kind)
            else:
                yield record
            length += len(line)
        if begun and not length:
            raise Corrupted(self.path)
        self._length = length

    def _lines(self) -> Iterator[bytes]:
        """Those that stand now: what a running bot appends meanwhile must not turn a line that is half
        written into one in the middle."""
        if not os.path.lexists(self.path):
            return
        with opened(self.path) as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0 and (line := file.readline()):
                left -= len(line)
                yield line

    def begin(self) -> None:
        """The header, on the disk: from now on the file is missed where it is gone."""
        if self._length == 0:
            self.append_all([])

    def append(self, record: object) -> None:
        """One line, whole and synced, or nothing."""
        self.append_all([record])

    def append_all(self, records: Iterable[object]) -> None:
        """All of them, synced once, or nothing; a crash may leave the first ones."""
        assert self._length is not None, "load first"
        self.folder.guard(self.path)
        if self._length == 0:
            self.folder.make(self.path.parent)
        data = lines.encode_all(records)
        if self._length == 0:
            data = lines.header(self.kind) + data
        new = os.O_CREAT if self._length == 0 else 0
        with writing(self.path):
            try:
                descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | new, 0o600)
            except FileNotFoundError:
                raise self._shrunk() from None
            try:
                self._write(descriptor, data)
            finally:
                os.close(descriptor)

    def _shrunk(self) -> Corrupted:
        """Somebody took the file, or a part of it, away under us: nothing is written on top of that."""
        self._length = None
        return Corrupted(self.path)

    def _write(self, descriptor: int, data: bytes) -> None:
        sound = self._length
        assert sound is not None
        if os.fstat(descriptor).st_size < sound:
            raise self._shrunk()
        try:
            if os.fstat(descriptor).st_size != sound:
                os.ftruncate(descriptor, sound)
            write_all(descriptor, data)
            os.fsync(descriptor)
            if sound == 0:
                sync_folder(self.path.parent)
        except OSError:
            self._cut_back(descriptor, sound)
            raise
        self._length = sound + len(data)

    def _cut_back(self, descriptor: int, sound: int) -> None:
        """After a refusal: the file as it was. Where even that fails, the disk decides what stood: the
        owner loads again before anything else is believed or appended."""
        try:
            os.ftruncate(descriptor, sound)
            os.fsync(descriptor)
        except OSError as error:
            logger.warning("cannot cut %s back: %s", self.path.name, error.strerror)
            self._length = None

    def rewrite(self, records: Iterable[object]) -> None:
        """Replace the whole file, for compaction."""
        self._length = None  # whichever file stands after a refusal, it is read again
        content = [lines.header(self.kind), *(lines.encode(record) for record in records)]
        self.folder.write_whole(self.path, content)
        self._length = sum(map(len, content))
