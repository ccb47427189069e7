"""Audiences, which nobody can guess; and the hashes of their addresses, which are computed from them."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.core import planning
from bot.core.addresses import keyed_hash
from bot.core.campaigns import Campaign, State
from bot.core.sentences import Sentence, sentence
from storage.errors import Corrupted, Damage
from storage.tiny.audiences import HASH, InOrder
from storage.tiny.files import check_header, opened
from storage.tiny.repairs.holding import hold
from storage.tiny.repairs.troubles import Trouble, unreadable
from storage.tiny.rooms import Rooms
from storage.tiny.salvage import put_aside

OVER = frozenset({State.SENT, State.STOPPED, State.CANCELLED, State.FAILED})


def troubles(rooms: Rooms, campaign: Campaign) -> Iterator[Trouble]:
    if not campaign.audience:
        return
    people, hashes = rooms.audiences.files(campaign)
    try:
        for _ in rooms.audiences.read(campaign):
            pass
    except Corrupted:
        yield _lost(rooms, campaign, people)
        return
    except Damage as damage:
        yield unreadable(damage)
        return
    try:
        _check_hashes(hashes, campaign.audience_size)
    except Corrupted:
        about = {"file": str(hashes), "name": campaign.name}
        yield Trouble(
            path=hashes, what=sentence("storage.repair.hashes", **about),
            plan=sentence("storage.repair.hashes.plan"), mend=partial(_compute, rooms, campaign),
        )  # fmt: skip
    except Damage as damage:
        yield unreadable(damage)


def _lost(rooms: Rooms, campaign: Campaign, people: Path) -> Trouble:
    """What is over needs it only to say who was written to."""
    is_due = campaign.state is State.SENT and _has_reminders(campaign)
    waits = is_due or campaign.state in (State.SCHEDULED, State.SENDING, State.PAUSED, State.AWAITING)
    return Trouble(
        path=people,
        what=sentence("storage.repair.audience", file=str(people), name=campaign.name),
        cure=sentence("storage.repair.audience.cure"),
        plan=sentence("storage.repair.audience.plan") if waits else None,
        mend=partial(_hold, rooms, campaign) if waits else None,
        grave=is_due or campaign.state not in OVER,
    )


def _has_reminders(campaign: Campaign) -> bool:
    return campaign.departed_at is not None and bool(planning.ahead(campaign, campaign.departed_at))


def _hold(rooms: Rooms, campaign: Campaign, now: datetime) -> Sentence:
    hold(rooms, campaign, sentence("storage.why.audience"), now)
    return sentence("storage.repair.audience.done", name=campaign.name)


def _check_hashes(path: Path, size: int) -> None:
    with opened(path) as file:
        header = file.readline()
        check_header(path, header, "hashes")
        found = file.read()
    hashes = [found[start : start + HASH] for start in range(0, len(found), HASH)]
    if len(found) != size * HASH or hashes != sorted(hashes):
        raise Corrupted(path)


def _compute(rooms: Rooms, campaign: Campaign, now: datetime) -> Sentence:  # noqa: ARG001 - as every mend
    _, path = rooms.audiences.files(campaign)
    if path.exists():
        put_aside(rooms.folder, path)
    write_hashes(rooms, campaign)
    return sentence("storage.repair.hashes.done", name=campaign.name)


def write_hashes(rooms: Rooms, campaign: Campaign) -> None:
    _, path = rooms.audiences.files(campaign)
    secret = rooms.secrets.get("addresses")
    hashes = (keyed_hash(secret, contact.email) for _, contact in rooms.audiences.read(campaign))
    rooms.folder.write_whole(path, InOrder(hashes).whole())
