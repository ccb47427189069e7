"""Secrets, and the numbers that stand in a file of their own."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.core.sentences import Sentence, sentence
from storage.errors import Corrupted, Damage
from storage.tiny.files import writing
from storage.tiny.marks import Mark
from storage.tiny.repairs import audiences
from storage.tiny.repairs.troubles import Trouble, unreadable
from storage.tiny.rooms import Rooms
from storage.tiny.salvage import put_aside

HEARTBEAT = "heartbeat"
MARKS = (HEARTBEAT, "clock")
TOKENS, ADDRESSES = "tokens", "addresses"
OTHERS = 0o077  # what anybody but the owner may do


def troubles(rooms: Rooms, *, signs: bool) -> Iterator[Trouble]:
    """`signs`: the store's own secret signs the links of letters (POSTILLON_SECRET is not given)."""
    if signs:
        yield from _secret(rooms, TOKENS)
    yield from _secret(rooms, ADDRESSES)
    for path in sorted(rooms.folder.root.glob("secrets/*")):
        if path.is_file() and path.stat().st_mode & OTHERS:
            yield Trouble(
                path=path, what=sentence("storage.repair.rights", file=str(path)),
                plan=sentence("storage.repair.rights.plan"), mend=partial(_close, path), grave=False,
            )  # fmt: skip
    for name in MARKS:
        yield from _mark(rooms, name)


def _secret(rooms: Rooms, name: str) -> Iterator[Trouble]:
    path = rooms.secrets.path(name)
    if not path.exists() and not rooms.needs(name):
        return
    try:
        rooms.secrets.read(name)
    except Corrupted:
        known = name == TOKENS  # by the people who got letters; nobody can guess it
        what = sentence(f"storage.repair.secret.{name}", file=str(path))
        yield Trouble(
            path=path, what=what,
            cure=sentence("storage.repair.secret.tokens.cure") if known else None,
            plan=None if known else sentence("storage.repair.secret.addresses.plan"),
            mend=None if known else partial(_begin_again, rooms),
        )  # fmt: skip
    except Damage as damage:
        yield unreadable(damage)


def _begin_again(rooms: Rooms, now: datetime) -> Sentence:  # noqa: ARG001 - as every mend
    """Another key, and every hash computed anew: the addresses themselves are all there."""
    path = rooms.secrets.path(ADDRESSES)
    if path.exists():
        put_aside(rooms.folder, path)
    rooms.secrets.renew(ADDRESSES)
    for workspace in rooms.campaigns.workspaces():
        for campaign in rooms.campaigns.all(workspace):
            if campaign.audience:
                with suppress(Corrupted):  # of the audience itself: said beside this one
                    audiences.write_hashes(rooms, campaign)
    return sentence("storage.repair.secret.addresses.done")


def _close(path: Path, now: datetime) -> Sentence:  # noqa: ARG001 - as every mend
    with writing(path):
        path.chmod(0o600)
    return sentence("storage.repair.rights.done", file=str(path))


def _mark(rooms: Rooms, name: str) -> Iterator[Trouble]:
    mark = Mark(rooms.folder, name)
    try:
        mark.get()
    except Corrupted:
        yield Trouble(
            path=mark.path, what=sentence("storage.repair.mark", file=str(mark.path)),
            plan=sentence(f"storage.repair.{name}.plan"),
            mend=partial(_doubt if name == HEARTBEAT else _forget, rooms, mark),
        )  # fmt: skip
    except Damage as damage:
        yield unreadable(damage)


def _doubt(rooms: Rooms, mark: Mark, now: datetime) -> Sentence:  # noqa: ARG001 - as every mend
    """It said whether the folder is a copy: as long as nobody knows, nothing leaves by itself."""
    alive_at = mark.written_at()
    put_aside(rooms.folder, mark.path)
    mark.doubt(alive_at)
    return sentence("storage.repair.mark.done", file=str(mark.path))


def _forget(rooms: Rooms, mark: Mark, now: datetime) -> Sentence:  # noqa: ARG001 - as every mend
    put_aside(rooms.folder, mark.path)
    rooms.folder.remove([mark.path])
    return sentence("storage.repair.mark.done", file=str(mark.path))
