"""The document itself. Where it does not read, the copy of a while ago takes its place; and because that copy
knows nothing of what was decided since, whatever it would send waits for its owner."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.core import campaigns as rules
from bot.core import planning, restored
from bot.core.campaigns import Campaign, State
from bot.core.sentences import Sentence, sentence
from storage.errors import Corrupted, Damage
from storage.tiny.files import Folder
from storage.tiny.repairs.holding import hold
from storage.tiny.repairs.troubles import Trouble, unreadable
from storage.tiny.rooms import Rooms, furnished
from storage.tiny.salvage import aside_name, put_aside

WOULD_LEAVE = frozenset({State.SCHEDULED, State.SENDING, State.AWAITING, State.SENT})
OURS = frozenset({".lines", ".audience", ".hashes"})


def trouble(folder: Folder, damage: Damage) -> Trouble:
    if not isinstance(damage, Corrupted):
        return unreadable(damage)
    what = sentence("storage.repair.document", file=str(damage.path))
    cure = sentence("storage.repair.document.cure")
    if not _is_copied(folder):
        return Trouble(path=damage.path, what=what, cure=cure)
    plan = sentence("storage.repair.document.plan", moment=_made_at(folder))
    return Trouble(path=damage.path, what=what, cure=cure, plan=plan, mend=partial(_restore, folder))


def _is_copied(folder: Folder) -> bool:
    try:
        _on_the_copy(folder)
    except Damage:
        return False
    return folder.previous.exists()


def _made_at(folder: Folder) -> datetime:
    return datetime.fromtimestamp(folder.previous.stat().st_mtime, UTC)


def _restore(folder: Folder, now: datetime) -> Sentence:
    """Raises `Damage` where the copy does not read either: then everything is as it was."""
    made_at = _made_at(folder)
    rooms = _on_the_copy(folder)
    aside = _put_unknown_aside(rooms)
    if folder.document.exists():
        put_aside(folder, folder.document)
    folder.write_whole(folder.document, [folder.previous.read_bytes()])
    rooms = furnished(folder)
    held = _hold_all(rooms, made_at, now)
    return sentence("storage.repair.document.done", moment=made_at, held=held, files=aside)


def _on_the_copy(folder: Folder) -> Rooms:
    """The nouns as the copy has them; nothing is written."""
    return furnished(Copied(folder.root))


class Copied(Folder):
    """The folder to be looked at, with the copy as its document."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, writable=False)

    @property
    def document(self) -> Path:
        return self.previous


def _put_unknown_aside(rooms: Rooms) -> int:
    """Files made since the copy: nothing names them, so that the next start would remove them."""
    named = rooms.lists.named_files() | rooms.campaigns.named_files()
    unknown = [path for path in rooms.folder.root.glob("*/*") if path.suffix in OURS and path not in named]
    writable = Folder(rooms.folder.root, writable=True)
    for path in unknown:
        writable.put(path, aside_name(path))
    return len(unknown)


def _hold_all(rooms: Rooms, made_at: datetime, now: datetime) -> int:
    why = sentence("storage.why.document", moment=made_at)
    everything = [one for home in rooms.campaigns.workspaces() for one in rooms.campaigns.all(home)]
    campaigns = [_caught_up(rooms, one, now) for one in everything if one.state in WOULD_LEAVE]
    return sum(hold(rooms, one, why, now) for one in campaigns)


def _caught_up(rooms: Rooms, campaign: Campaign, now: datetime) -> Campaign:
    """The ledger is younger than the copy: what left since is known."""
    if campaign.departed_at is None:
        return campaign
    try:
        opened = rooms.ledgers.read(
            campaign.workspace, campaign.id, lambda fold: [wave.opened_at for wave in fold.waves]
        )
    except Damage:
        return campaign  # mended next
    known = restored.caught_up(campaign, opened)
    if known != campaign:
        known = rules.edit(known)
        rooms.campaigns.advance(known.workspace, known, campaign.revision, planning.wake_at(known, now))
    return known
