"""A file of lines that only grows: ledgers, suppressions, seen events, the log.

A line counts once it is whole on the disk. What a crash left of a last line is ignored when the file is
read, and cut off before the next line is written. Damage anywhere else is never guessed over.
"""

import logging
import os
from collections.abc import Iterable
from pathlib import Path

from bot.core import lines
from storage.errors import Corrupted
from storage.tiny.files import Folder, check_header, sync_folder, write_all, writing

logger = logging.getLogger(__name__)


class Appended:
    """Not locked: its owner does that. `load` comes first, once, and again after a failed append."""

    def __init__(self, folder: Folder, path: Path, kind: str) -> None:
        self.folder, self.path, self.kind = folder, path, kind
        self._length: int | None = None  # up to the end of the last whole line; None: not loaded

    @property
    def loaded(self) -> bool:
        return self._length is not None

    def load(self) -> list[list[object]]:
        """Every record but the header. Raises `Corrupted` or `WrongFormat`."""
        found: list[list[object]] = []
        length, torn = 0, 0
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            self._length = 0
            return found
        with file:
            for number, line in enumerate(file, start=1):
                if torn:
                    raise Corrupted(self.path, torn)
                record = lines.decode(line)
                if record is None:
                    torn = number
                elif number == 1:
                    check_header(self.path, line, self.kind)
                    length += len(line)
                else:
                    found.append(record)
                    length += len(line)
        self._length = length
        return found

    def append(self, record: object) -> None:
        """One line, whole and synced, or nothing."""
        assert self._length is not None, "load first"
        self.folder.guard(self.path)
        if self._length == 0:
            self.folder.make(self.path.parent)
        data = lines.encode(record)
        if self._length == 0:
            data = lines.header(self.kind) + data
        with writing(self.path):
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                self._write(descriptor, data)
            finally:
                os.close(descriptor)

    def _write(self, descriptor: int, data: bytes) -> None:
        sound = self._length
        assert sound is not None
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
