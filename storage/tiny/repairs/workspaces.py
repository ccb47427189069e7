"""What grows line by line beside the campaigns: people not to be written to, events seen, the log.

A last line cut short is no trouble to a reader: it was promised to nobody, and the next line takes its place.
Who mends the folder alone cuts it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.core import lines
from bot.core.addresses import canonical
from bot.core.facts import Happened
from bot.core.ids import WorkspaceId
from bot.core.sentences import Sentence, sentence
from bot.core.suppressions import Cause, Suppression
from storage.errors import Corrupted, Damage
from storage.tiny import inbox, log, suppressions
from storage.tiny.repairs.tails import tail
from storage.tiny.repairs.troubles import Trouble, unreadable
from storage.tiny.rooms import Rooms
from storage.tiny.salvage import Salvage, Sound, put_aside, rewrite, salvaged

KINDS: Mapping[str, Sound] = {
    suppressions.KIND: suppressions.is_sound, "seen": inbox.is_sound, "log": log.is_sound,
}  # fmt: skip
CAUSES = {
    Happened.UNSUBSCRIBED: Cause.UNSUBSCRIBED,
    Happened.COMPLAINED: Cause.COMPLAINED,
    Happened.BOUNCED: Cause.BOUNCED,
}


def troubles(rooms: Rooms, *, alone: bool) -> Iterator[Trouble]:
    """`alone`: no bot writes at the same time."""
    gone = {
        path: workspace
        for workspace in rooms.suppressions.begun()
        if not _is_begun(path := rooms.suppressions.path(workspace))
    }
    for path, workspace in gone.items():
        yield _gone(rooms, workspace, path)
    for kind, sound in KINDS.items():
        for path in sorted({*rooms.folder.root.glob(f"workspaces/*/{kind}")} - gone.keys()):
            yield from _of_file(rooms, path, kind, sound, alone=alone)


def _is_begun(path: Path) -> bool:
    """Its header stands, or what follows it; a file that does not let itself be read is another trouble."""
    try:
        salvage = salvaged(path, suppressions.KIND)
    except Corrupted:
        return path.exists()
    except Damage:
        return True
    return bool(salvage.header or salvage.records)


def _of_file(rooms: Rooms, path: Path, kind: str, sound: Sound, *, alone: bool) -> Iterator[Trouble]:
    try:
        salvage = salvaged(path, kind, sound)
    except Damage as damage:
        yield unreadable(damage)
        return
    if lost := _lost(salvage):
        name = kind if kind == suppressions.KIND else "lines"
        yield Trouble(
            path=path,
            what=sentence(f"storage.repair.{name}", file=str(path), n=lost),
            plan=sentence(f"storage.repair.{name}.plan"),
            mend=partial(_mend, rooms, path, kind, sound),
        )
    elif salvage.torn and alone:
        yield tail(rooms, path, kind)


def _lost(salvage: Salvage) -> int:
    """A file with nothing but the beginning of its header is one that a crash kept from being begun."""
    return salvage.lost if salvage.records or salvage.header else 0


def _mend(rooms: Rooms, path: Path, kind: str, sound: Sound, now: datetime) -> Sentence:  # noqa: ARG001 - as every mend
    lost = rewrite(rooms.folder, path, kind, sound)
    return sentence("storage.repair.lines.done", file=str(path), n=lost)


# --- the file of people not to be written to, as a whole ----------------------------------------------


def _gone(rooms: Rooms, workspace: WorkspaceId, path: Path) -> Trouble:
    return Trouble(
        path=path,
        what=sentence("storage.repair.suppressions.missing", file=str(path)),
        cure=sentence("storage.repair.suppressions.missing.cure"),
        plan=sentence("storage.repair.suppressions.missing.plan"),
        mend=partial(_begin_again, rooms, workspace, path),
    )


def _begin_again(rooms: Rooms, workspace: WorkspaceId, path: Path, now: datetime) -> Sentence:
    """The ledgers still know who unsubscribed, complained or bounced, by number."""
    if path.exists():
        put_aside(rooms.folder, path)
    rooms.folder.make(path.parent)
    rooms.folder.write_whole(path, [lines.header(suppressions.KIND)])
    found = rooms.suppressions.add_all(workspace, _remembered(rooms, workspace, now))
    return sentence("storage.repair.suppressions.missing.done", file=str(path), n=found)


def _remembered(rooms: Rooms, workspace: WorkspaceId, now: datetime) -> Iterator[Suppression]:
    for campaign in rooms.campaigns.all(workspace):
        try:
            bits = rooms.ledgers.read(workspace, campaign.id, lambda fold: list(fold.bits))
            numbers = [number for number, happened in enumerate(bits) if happened & sum(CAUSES)]
            people = list(rooms.campaigns.recipients(workspace, campaign, numbers)) if numbers else []
        except Corrupted:
            continue  # a trouble of its own, said beside this one
        for number, contact in people:
            cause = next(cause for bit, cause in CAUSES.items() if bits[number] & bit)
            yield Suppression(address=canonical(contact.email), cause=cause, at=now, origin=campaign.id)
