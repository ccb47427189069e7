"""A campaign that must wait for its owner: held, and the owner told when the bot is back."""

import secrets
from dataclasses import replace
from datetime import datetime

from bot.core import campaigns as rules
from bot.core import knowing, planning, restored
from bot.core.campaigns import MOVES, Campaign, State
from bot.core.inbox import Owed
from bot.core.sentences import Sentence, sentence
from storage.errors import Damage
from storage.tiny.rooms import Rooms


def mark(rooms: Rooms, campaign: Campaign, now: datetime) -> None:
    """What was told of it before is not all: who answered, and when a letter left last."""
    known = rooms.campaigns.get(campaign.workspace, campaign.id)
    if known.state in restored.CONCERNED:
        rooms.campaigns.save(known.workspace, restored.marked(known, now), known.revision)


def hold(rooms: Rooms, campaign: Campaign, why: Sentence, now: datetime, *, is_retold: bool = False) -> bool:
    """False where nothing of it could leave anyway: the campaign stays as it is. `is_retold`: where it was
    sent, no letter of its new ledger waits."""
    known = rooms.campaigns.get(campaign.workspace, campaign.id)
    if known.state is State.SENT and not planning.ahead(known, now):
        return False
    if State.HELD in MOVES[known.state]:
        held = rules.move(_asking(rooms, known, now, is_retold=is_retold), State.HELD, why=why)
    elif known.state is State.HELD:
        held = rules.edit(known, why=why)
    else:
        return False
    rooms.campaigns.advance(held.workspace, held, known.revision, wake_at=None)
    said = sentence("storage.held", name=held.name, why=why)
    if held.asks_about:
        said = sentence("reminders.said.held", name=held.name, number=held.asks_about, why=why)
    owed = Owed(
        id=secrets.token_hex(8), workspace=held.workspace, member=held.owner, campaign=held.id, said=said,
        at=now, asks=bool(held.asks_about),
    )  # fmt: skip
    rooms.outbox.owe(held.workspace, owed)
    return True


def _asking(rooms: Rooms, campaign: Campaign, now: datetime, *, is_retold: bool) -> Campaign:
    """Of one that was sent, about its next reminder; where letters of it wait, about these first."""
    if campaign.state is not State.SENT or (not is_retold and _is_waiting(rooms, campaign)):
        return campaign
    due = planning.ahead(campaign, now)[0]
    others = rooms.campaigns.all(campaign.workspace)
    unknown = not due.reminder.to_unsure and not knowing.is_known(campaign, others, now)
    return replace(planning.changed(campaign, due.number, unknown=unknown), asks_about=due.number)


def _is_waiting(rooms: Rooms, campaign: Campaign) -> bool:
    """A ledger that does not read holds it by its own mending."""
    try:
        return rooms.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.is_waiting())
    except Damage:
        return False
