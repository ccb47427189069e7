"""Secrets kept with the data, each in a file of its own that only its owner reads."""

import os
import threading

from bot.core import lines
from storage.errors import Corrupted
from storage.tiny.files import Folder, records, safe

LENGTH = 32


class Secrets:
    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def get(self, name: str) -> bytes:
        """The same for ever after: made at first use, and only where no file of that name stands."""
        path = self._folder.root / "secrets" / safe(name)
        with self._lock:
            if not path.exists():
                fresh = os.urandom(LENGTH)
                self._folder.write_whole(path, [lines.header("secret"), lines.encode([fresh.hex()])])
            found = list(records(path, "secret"))
        secret = bytes.fromhex(str(found[0][0])) if found else b""
        if len(secret) != LENGTH:
            raise Corrupted(path)
        return secret
