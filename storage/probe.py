"""Would a bot start on this storage? Asked beside a running one: no lock is taken, nothing is left behind."""

import tempfile
from contextlib import closing
from pathlib import Path

from bot.core.sentences import Sentence, sentence
from bot.ports import Unwritable
from storage import Unusable, folder_of, read_only


def trouble(url: str) -> Sentence | None:
    """What keeps a bot from starting on it, and what to do; None where nothing does."""
    try:
        with closing(read_only(url)) as store:
            store.campaigns.next_wake()
        return _trouble_writing(folder_of(url))
    except Unusable as unusable:
        return unusable.sentence
    except Unwritable as error:
        return _unwritable(str(error.filename or url), error)


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
