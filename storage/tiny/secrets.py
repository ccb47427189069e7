"""Secrets kept with the data, each in a file of its own that only its owner reads."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from bot.core import lines
from storage.errors import Corrupted, SecretLost
from storage.tiny.files import Folder, records, safe

LENGTH = 32


class Secrets:
    """`needed`: has something been made with the secret of this name? Then a fresh one would be worth
    nothing, and is not made."""

    def __init__(self, folder: Folder, needed: Callable[[str], bool]) -> None:
        self._folder, self._needed = folder, needed
        self._lock = threading.Lock()

    def get(self, name: str) -> bytes:
        """The same for ever after: made at first use, and only where no file of that name stands."""
        path = self.path(name)
        if not path.exists() and self._needed(name):
            raise SecretLost(path, name)
        with self._lock:
            if not path.exists():
                self.renew(name)
            return self.read(name)

    def renew(self, name: str) -> None:
        """Another one, for good."""
        fresh = lines.encode([os.urandom(LENGTH).hex()])
        self._folder.write_whole(self.path(name), [lines.header("secret"), fresh])

    def read(self, name: str) -> bytes:
        path = self.path(name)
        match list(records(path, "secret")):
            case [[str(written)]] if len(written) == 2 * LENGTH:
                return bytes.fromhex(written)
            case _:
                raise Corrupted(path)

    def path(self, name: str) -> Path:
        return self._folder.root / "secrets" / safe(name)
