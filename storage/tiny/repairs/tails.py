"""A last line that a sudden stop cut short. Nobody counts on it, and the next line would take its place."""

from datetime import datetime
from functools import partial
from pathlib import Path

from bot.core.sentences import Sentence, sentence
from storage.tiny.repairs.troubles import Trouble
from storage.tiny.rooms import Rooms
from storage.tiny.salvage import rewrite


def tail(rooms: Rooms, path: Path, kind: str) -> Trouble:
    return Trouble(
        path=path, what=sentence("storage.repair.torn", file=str(path)),
        plan=sentence("storage.repair.torn.plan"), mend=partial(_cut, rooms, path, kind), grave=False,
    )  # fmt: skip


def _cut(rooms: Rooms, path: Path, kind: str, now: datetime) -> Sentence:  # noqa: ARG001 - as every mend
    rewrite(rooms.folder, path, kind)
    return sentence("storage.repair.torn.done", file=str(path))
