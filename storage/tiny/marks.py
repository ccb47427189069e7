"""One number in a file of its own: the heartbeat, the offset of the playground's clock."""

from typing import cast

from bot.core import lines
from storage.tiny.files import Folder, records


class Mark:
    def __init__(self, folder: Folder, name: str) -> None:
        self._folder, self._path, self._kind = folder, folder.root / name, name

    def put(self, number: float) -> None:
        self._folder.write_whole(self._path, [lines.header(self._kind), lines.encode([number])])

    def get(self) -> float | None:
        if not self._path.exists():
            return None
        (line,) = records(self._path, self._kind)
        return cast("float", line[0])
