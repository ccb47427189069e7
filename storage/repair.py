"""What is wrong with a storage, and mending it: `check`, and `check --repair`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.core.sentences import Sentence
from storage import folder_of
from storage.errors import Damage
from storage.tiny.files import Folder, writing
from storage.tiny.lock import Lock
from storage.tiny.repairs.inspection import troubles as inspected
from storage.tiny.repairs.troubles import Trouble
from storage.tiny.salvage import put_aside

ROUNDS = 3  # mending the document shows what else is wrong


def troubles(url: str, *, signs: bool = True) -> list[Trouble]:
    """Beside a running bot: nothing is locked or changed. What is only half-way there at the first look is
    found whole, or gone, at the second.

    `signs`: the store's own secret signs the links of letters. Raises `UnknownStorage`, `Unwritable`.
    """
    first = _look(url, signs=signs)
    if not first:
        return []
    seen = {trouble.path for trouble in first}
    return [trouble for trouble in _look(url, signs=signs) if trouble.path in seen]


def _look(url: str, *, signs: bool) -> list[Trouble]:
    root = folder_of(url)
    with writing(root):
        return inspected(Folder(root, writable=False), signs=signs, alone=False)


class Repair:
    """The folder held by us alone, from `__init__` to `close`. Raises `UnknownStorage`, `Busy`, `Unwritable`.

    `plan` says what would be done, `mend` does it: it may be called again, and finds less to do.
    """

    def __init__(self, url: str) -> None:
        self._root = folder_of(url)
        self._lock = Lock(self._root) if self._root.exists() else None

    @property
    def plan(self) -> list[Trouble]:
        """What can be mended, in that order."""
        return [trouble for trouble in self._look() if trouble.mend is not None]

    def mend(self, now: datetime) -> Iterator[Sentence]:
        """What was done, said as it is done; where something cannot be, why. `plan` names the rest."""
        given_up: set[Path] = set()
        document = Folder(self._root, writable=True).document if self._lock else None
        for _ in range(ROUNDS):
            planned = [trouble for trouble in self.plan if trouble.path not in given_up]
            if document and any(trouble.grave and trouble.path != document for trouble in planned):
                # campaigns held and lists counted anew are written there
                put_aside(Folder(self._root, writable=True), document)
                document = None
            for trouble in planned:
                try:
                    assert trouble.mend is not None
                    yield trouble.mend(now)
                except Damage as damage:
                    given_up.add(trouble.path)
                    yield damage.sentence

    def _look(self) -> list[Trouble]:
        if self._lock is None:
            return []
        with writing(self._root):
            return inspected(Folder(self._root, writable=True), signs=False, alone=True)

    def close(self) -> None:
        if self._lock is not None:
            self._lock.release()
