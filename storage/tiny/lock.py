"""One bot on one folder: an advisory lock that the system drops when the process ends, however it ends."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from storage.errors import Busy
from storage.tiny.files import writing


class Lock:
    """Held from `__init__` to `release`. Raises `Busy`, or `Unwritable` where the disk cannot lock."""

    def __init__(self, folder: Path) -> None:
        path = folder / "lock"
        with writing(path):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(folder, path)
        except BaseException:
            self.release()
            raise

    def _take(self, folder: Path, path: Path) -> None:
        with writing(path):
            taken = False
            with suppress(BlockingIOError):
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                taken = True
            holder = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip()
            if not taken:
                raise Busy(folder, holder or "?")
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, b"%d\n" % os.getpid(), 0)  # said to whoever is refused

    def release(self) -> None:
        """A second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
