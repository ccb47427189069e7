"""A campaign's message follows what was learned of its letters: once for all that comes in together."""

import logging
import threading
import time
from concurrent.futures import Executor
from dataclasses import dataclass, field

from bot import ports
from bot.core.campaigns import Campaign
from bot.core.ids import CampaignId, WorkspaceId
from bot.services.campaigns import Campaigns
from bot.services.settling import Settling

log = logging.getLogger("postillon")

GATHER = 0.25  # seconds between two looks at one campaign, while events pour in

Key = tuple[WorkspaceId, CampaignId]


@dataclass(frozen=True, kw_only=True)
class Following:
    """`later`: nobody who tells us something waits for Slack."""

    store: ports.Store
    campaigns: Campaigns
    settling: Settling
    later: Executor
    _waiting: set[Key] = field(default_factory=set)
    _looked_at: dict[Key, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def learned(self, workspace: WorkspaceId, campaign_id: CampaignId) -> None:
        """Something was appended to the campaign's ledger. At once after a quiet time."""
        key = (workspace, campaign_id)
        with self._lock:
            if key in self._waiting:
                return
            self._waiting.add(key)
        try:
            self.later.submit(self._follow, key)
        except RuntimeError:  # the bot stops: the next start shows what the ledger says
            self._waiting.discard(key)

    def _follow(self, key: Key) -> None:
        self._gather(key)
        with self._lock:
            self._waiting.discard(key)  # what comes from here on is looked at again
        try:
            self._show(*key)
        except Exception:
            log.exception("a campaign's message does not follow campaign=%s", key[1])

    def _gather(self, key: Key) -> None:
        with self._lock:
            left = self._looked_at.get(key, float("-inf")) + GATHER - time.monotonic()
        if left > 0:
            time.sleep(left)
        with self._lock:
            self._looked_at[key] = time.monotonic()

    def _show(self, workspace: WorkspaceId, campaign_id: CampaignId) -> None:
        try:
            self.settling.learned(workspace, campaign_id)
            campaign = self.store.campaigns.get(workspace, campaign_id)
        except (ports.Missing, ports.Unreadable) as gone:
            log.warning("events are not followed campaign=%s: %s", campaign_id, gone)
            return
        telling = self.campaigns.telling
        owner = telling.member(campaign, campaign.owner)
        try:
            telling.messenger.show_campaign(owner, campaign, telling.progress(campaign))
        except ports.Unreachable:
            self._owe(campaign)

    def _owe(self, campaign: Campaign) -> None:
        """Slack is away: the message is owed, once however much happens meanwhile."""
        owed = self.store.outbox.owed()
        if not any(one.campaign == campaign.id and one.workspace == campaign.workspace for one in owed):
            self.campaigns.telling.tell(campaign)
