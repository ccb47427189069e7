"""What can be wrong with a storage, each with the sentence that says it.

    Unusable            the bot does not start on it, or stops using it
    ├── UnknownStorage  STORAGE_URL names nothing we know (also a ValueError)
    ├── Busy            another bot holds the folder
    └── Damage          one file cannot be relied on (also a `bot.ports.Unreadable`)
        ├── WrongFormat written by another version of Postillon
        ├── Corrupted   it does not read, and guessing could write to somebody twice
        ├── Closed      the system does not let us read it
        └── SecretLost  letters left with a secret that is not here any more

Damage of the document keeps a bot from starting; damage of any other file only what needs that file. A store
that cannot WRITE raises `bot.ports.Unwritable`: that passes when somebody makes room.
"""

import os
from pathlib import Path

from bot.core.sentences import Sentence, sentence
from bot.ports import Unreadable


class Unusable(Exception):
    """`sentence` is for whoever looks after the bot."""

    def __init__(self, key: str, /, **values: str) -> None:
        super().__init__(f"{key} {values}")
        self.sentence: Sentence = sentence(key, **values)


class UnknownStorage(Unusable, ValueError):
    def __init__(self, url: str) -> None:
        # never the whole URL: it may hold a password
        super().__init__("storage.unknown", scheme=url.partition(":")[0])


class Busy(Unusable):
    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__("storage.busy", folder=str(folder), holder=holder)


class Damage(Unusable, Unreadable):
    def __init__(self, path: Path, key: str, /, **values: str) -> None:
        super().__init__(key, file=str(path), **values)
        self.path = path


class WrongFormat(Damage):
    def __init__(self, path: Path, found: object, expected: int) -> None:
        super().__init__(path, "storage.format", found=str(found), expected=str(expected))


class Corrupted(Damage):
    """`line` counts from 1; 0 where the file has no lines, or is missing."""

    def __init__(self, path: Path, line: int = 0) -> None:
        if line:
            super().__init__(path, "storage.damaged.line", line=str(line))
        else:
            super().__init__(path, "storage.damaged" if os.path.lexists(path) else "storage.missing")
        self.line = line


class Closed(Damage):
    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(path, "storage.closed", reason=error.strerror or str(error))


class SecretLost(Damage):
    """`secret.tokens` signs the links of letters, `secret.addresses` keys the hashes of audiences."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(path, f"storage.secret.{name}")
        self.name = name
