"""Is it known who answered, as things are now? The rule is `core.knowing`'s."""

from dataclasses import dataclass
from datetime import datetime

from bot import ports
from bot.core import knowing
from bot.core.campaigns import Campaign


@dataclass(frozen=True, kw_only=True)
class Knowing:
    store: ports.Store

    def knows(self, campaign: Campaign, now: datetime) -> bool:
        return knowing.is_known(campaign, self.store.campaigns.all(campaign.workspace), now)
