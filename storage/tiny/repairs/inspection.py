"""Everything wrong with a folder, file by file."""

from collections.abc import Iterator

from bot.core.sentences import sentence
from storage.errors import Damage
from storage.tiny.files import Folder
from storage.tiny.repairs import audiences, document, keys, ledgers, lists, workspaces
from storage.tiny.repairs.troubles import Trouble
from storage.tiny.rooms import Rooms, furnished
from storage.tiny.salvage import ASIDE


def troubles(folder: Folder, *, signs: bool, alone: bool) -> list[Trouble]:
    """In the order in which they are to be mended. `alone`: no bot writes at the same time; without that, a
    file may be gone because it is rightly gone: look twice."""
    try:
        rooms = furnished(folder)
    except Damage as damage:
        return [document.trouble(folder, damage)]
    found = [
        *keys.troubles(rooms, signs=signs),
        *_bulk(rooms, alone=alone),
        *workspaces.troubles(rooms, alone=alone),
    ]
    return [*found, *_aside(folder)]


def _bulk(rooms: Rooms, *, alone: bool) -> Iterator[Trouble]:
    for workspace in rooms.lists.workspaces():
        for kept in rooms.lists.all(workspace):
            yield from lists.troubles(rooms, kept)
    for workspace in rooms.campaigns.workspaces():
        for campaign in rooms.campaigns.all(workspace):
            yield from audiences.troubles(rooms, campaign)
            yield from ledgers.troubles(rooms, campaign, alone=alone)
    yield from ledgers.strays(rooms)


def _aside(folder: Folder) -> list[Trouble]:
    """What mending kept: it may hold addresses, and nobody but a person knows when it is not needed."""
    kept = [path for path in folder.root.rglob("*") if ASIDE in path.name]
    if not kept:
        return []
    what = sentence("storage.repair.aside", folder=str(folder.root), n=len(kept))
    return [Trouble(path=folder.root, what=what, cure=sentence("storage.repair.aside.cure"), grave=False)]
