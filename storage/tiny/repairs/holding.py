"""A campaign that must wait for its owner: held, and the owner told when the bot is back."""

import secrets
from datetime import datetime

from bot.core import campaigns as rules
from bot.core import planning
from bot.core.campaigns import MOVES, Campaign, State
from bot.core.inbox import Owed
from bot.core.sentences import Sentence, sentence
from storage.tiny.rooms import Rooms


def hold(rooms: Rooms, campaign: Campaign, why: Sentence, now: datetime) -> bool:
    """False where nothing of it could leave anyway: the campaign stays as it is."""
    known = rooms.campaigns.get(campaign.workspace, campaign.id)
    if known.state is State.SENT and not planning.ahead(known, now):
        return False
    if State.HELD in MOVES[known.state]:
        held = rules.move(known, State.HELD, why=why)
    elif known.state is State.HELD:
        held = rules.edit(known, why=why)
    else:
        return False
    rooms.campaigns.advance(held.workspace, held, known.revision, wake_at=None)
    owed = Owed(
        id=secrets.token_hex(8), workspace=held.workspace, member=held.owner, campaign=held.id,
        said=sentence("storage.held", name=held.name, why=why), at=now,
    )  # fmt: skip
    rooms.outbox.owe(held.workspace, owed)
    return True
