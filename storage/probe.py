"""Would a bot work on this storage? Asked beside a running one: no lock is taken, nothing is left behind."""

import tempfile
from pathlib import Path

from bot.core.findings import Finding
from bot.core.sentences import Sentence, sentence
from bot.ports import Unwritable
from storage import Unusable, folder_of
from storage.repair import troubles


def findings(url: str, *, signs: bool = True) -> list[Finding]:
    """What is wrong with it, and what to do. `signs`: its own secret signs the links of letters."""
    try:
        found = [
            Finding(what=trouble.what, cure=trouble.advice, grave=trouble.grave)
            for trouble in troubles(url, signs=signs)
        ]
        unwritable = _trouble_writing(folder_of(url))
    except Unusable as unusable:
        return [Finding(what=unusable.sentence)]
    except Unwritable as error:
        return [Finding(what=_unwritable(str(error.filename or url), error))]
    return [*found, *([Finding(what=unwritable)] if unwritable else [])]


def _trouble_writing(folder: Path) -> Sentence | None:
    """A folder that does not exist yet will be made: where, then, must be writable."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        return _unwritable(str(there), error)
    return None


def _unwritable(place: str, error: OSError) -> Sentence:
    return sentence("storage.unwritable.start", file=place, reason=error.strerror or str(error))
