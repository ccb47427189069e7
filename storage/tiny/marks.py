"""One number in a file of its own: the heartbeat, the offset of the playground's clock."""

import os
import time

from bot.core import lines
from storage.errors import Corrupted, Damage
from storage.tiny.files import Folder, records

MOVED = 60.0  # seconds between writing a number and the file's last change: more, and it is a copy


class Mark:
    """Beside the number stands when it was written: a copy put in its place is younger than it says."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder, self.path, self._kind = folder, folder.root / name, name

    def put(self, number: float) -> None:
        self._write(number, time.time())

    def doubt(self, number: float) -> None:
        """For a file that did not read: nobody knows any more when it was written, so it counts as a copy."""
        self._write(number, 0.0)

    def _write(self, number: float, written_at: float) -> None:
        self._folder.write_whole(self.path, [lines.header(self._kind), lines.encode([number, written_at])])

    def get(self) -> float | None:
        found = self._read()
        return None if found is None else found[0]

    def is_copy(self) -> bool:
        """Was the file put here by something else than `put`? One that does not read was: `put` leaves it
        whole. False where there is none: a folder begins like that."""
        try:
            found = self._read()
        except Damage:
            return True
        return found is not None and abs(self.path.stat().st_ctime - found[1]) > MOVED

    def _read(self) -> tuple[float, float] | None:
        if not os.path.lexists(self.path):
            return None
        match list(records(self.path, self._kind)):
            case [[int() | float() as number, int() | float() as written_at]]:
                return number, written_at
            case _:
                raise Corrupted(self.path)

    def written_at(self) -> float:
        """UNIX seconds, as the system remembers them."""
        return self.path.stat().st_mtime
