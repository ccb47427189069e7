"""Ledgers. A line that is lost may have been anybody's claim, so every batch that is not proven afterwards to
have waited, or to have been taken, becomes uncertain: its letters are asked about, never sent again unasked.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from bot.core import planning, restored
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Fold
from bot.core.sentences import Sentence, sentence
from storage.errors import Corrupted, Damage
from storage.tiny.appended import Appended
from storage.tiny.repairs.holding import hold, mark
from storage.tiny.repairs.retold import Retold
from storage.tiny.repairs.tails import tail
from storage.tiny.repairs.troubles import Trouble, unreadable
from storage.tiny.rooms import Rooms
from storage.tiny.salvage import put_aside, salvaged


def troubles(rooms: Rooms, campaign: Campaign, *, alone: bool) -> Iterator[Trouble]:
    path = rooms.ledgers.path(campaign.workspace, campaign.id)
    try:
        is_short = rooms.ledgers.read(campaign.workspace, campaign.id, partial(_is_short, campaign))
    except Corrupted as damage:
        kind = "broken" if path.exists() else "missing"
        yield _trouble(rooms, campaign, damage, kind)
    except Damage as damage:
        yield unreadable(damage)
    else:
        if is_short:
            yield _trouble(rooms, campaign, Corrupted(path), "short")
        elif alone and path.exists() and salvaged(path, "ledger").torn:
            yield tail(rooms, path, "ledger")


def strays(rooms: Rooms) -> Iterator[Trouble]:
    """Ledgers of campaigns that the document does not know: an older copy of it took its place, perhaps."""
    known = {
        rooms.ledgers.path(home, one.id)
        for home in rooms.campaigns.workspaces()
        for one in rooms.campaigns.all(home)
    }
    for path in sorted({*rooms.folder.root.glob("campaigns/*.ledger")} - known):
        what = sentence("storage.repair.ledger.stray", file=str(path))
        yield Trouble(path=path, what=what, cure=sentence("storage.repair.ledger.stray.cure"))


def _is_short(campaign: Campaign, fold: Fold) -> bool:
    """Letters that somebody asked to send again wait in a sent campaign too, until it is taken up."""
    asked_again = any(not one.gone for one in fold.settlements)
    has_ended = campaign.state is not State.SENT or fold.is_over or asked_again
    return restored.is_behind(campaign, fold) or not has_ended


def _trouble(rooms: Rooms, campaign: Campaign, damage: Corrupted, kind: str) -> Trouble:
    about: dict[str, str | int] = {"file": str(damage.path), "name": campaign.name, "line": damage.line}
    return Trouble(
        path=damage.path,
        what=sentence(f"storage.repair.ledger.{kind}", **about),
        plan=sentence("storage.repair.ledger.plan"),
        mend=partial(_mend, rooms, campaign),
    )


def _opened(campaign: Campaign, now: datetime) -> list[datetime]:
    """When each of its waves was to leave, as the record has it."""
    departed_at = campaign.departed_at or now
    words = [planning.worded(campaign, wave) for wave in range(campaign.wave + 1)]
    return [one.left_at if one and one.left_at else departed_at for one in words]


def _mend(rooms: Rooms, campaign: Campaign, now: datetime) -> Sentence:
    path = rooms.ledgers.path(campaign.workspace, campaign.id)
    told = Retold(campaign.audience_size, campaign.departed_at or now)
    if path.exists():
        for record in salvaged(path, "ledger").records:
            told.hear(record)
        put_aside(rooms.folder, path)
    if campaign.state is State.SENT:
        told.hear(None)  # everybody had been dealt with: what says so is lost
    doubtful = told.doubt(now, _opened(campaign, now))
    mark(rooms, campaign, now)
    # held first: a crash before the ledger is written anew leaves nothing that could leave
    hold(rooms, campaign, sentence("storage.why.ledger", n=doubtful), now, is_retold=True)
    Appended(rooms.folder, path, "ledger").rewrite(told.records)
    return sentence("storage.repair.ledger.done", name=campaign.name, n=doubtful)
