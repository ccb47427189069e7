"""Part of what we keep does not read any more: the campaign that needs it is held, and the others go on."""

import logging

from bot import ports
from bot.core import campaigns as rules
from bot.core import planning
from bot.core.campaigns import MOVES, State
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.people import is_admin
from bot.core.sentences import sentence
from bot.services.telling import Telling

log = logging.getLogger("postillon")


def hold(telling: Telling, workspace: WorkspaceId, campaign_id: CampaignId, damage: ports.Unreadable) -> None:
    """The owner is told once that it waits; who can mend it, what is damaged, and where."""
    log.error("damage campaign=%s: %s", campaign_id, damage)
    campaign = telling.store.campaigns.get(workspace, campaign_id)
    if State.HELD not in MOVES[campaign.state]:
        return  # nothing of it would leave
    why = sentence("storage.why.damaged")
    due = planning.upcoming(campaign, telling.clock.now())
    held = rules.move(campaign, State.HELD, why=why, asks_about=due.number if due else 0)
    said = sentence("storage.held", name=held.name, why=why)
    telling.pay(telling.advance(held, campaign.revision, None, said))
    for member in telling.store.people.all(workspace):
        if is_admin(member, tuple(telling.policy.admins)):
            telling.tell(held, damage.sentence, to=member.id)
