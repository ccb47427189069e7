"""What can be wrong with a storage, each with the sentence that says it.

    Unusable            the bot does not start on it, or stops using it
    ├── UnknownStorage  STORAGE_URL names nothing we know (also a ValueError)
    ├── Busy            another bot holds the folder
    ├── WrongFormat     written by another version of Postillon
    └── Corrupted       a file does not read, and guessing could write to somebody twice

A store that cannot WRITE raises `bot.ports.Unwritable`: that passes when somebody makes room.
"""

from pathlib import Path

from bot.core.sentences import Sentence, sentence


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


class WrongFormat(Unusable):
    def __init__(self, path: Path, found: object, expected: int) -> None:
        super().__init__("storage.format", file=str(path), found=str(found), expected=str(expected))
        self.path = path


class Corrupted(Unusable):
    """`line` counts from 1; 0 where the file has no lines, or is missing."""

    def __init__(self, path: Path, line: int = 0) -> None:
        key = "storage.damaged.line" if line else "storage.damaged"
        super().__init__(key, file=str(path), line=str(line))
        self.path, self.line = path, line
