"""A disk that takes nothing: letters stand still, and people hear of it, for Slack needs no disk.

Nothing can be owed durably then: who was told is known in memory, and tried again at each sweep until Slack
took it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import ports
from bot.core.campaigns import Campaign
from bot.core.sentences import sentence
from bot.services.operators import Operators
from bot.services.telling import Telling

log = logging.getLogger("postillon")

OVER = timedelta(hours=1)  # without trouble: what happens then is told as news


@dataclass(frozen=True, kw_only=True)
class Standstill:
    """Owners hear of each of their campaigns, those who look after the bot of the disk: once."""

    _told: dict[str, datetime] = field(default_factory=dict)  # to whom -> when it was last true
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, telling: Telling, campaign: Campaign, full: ports.Unwritable) -> None:
        log.error("the disk takes nothing campaign=%s: %s", campaign.id, full.strerror or full)
        operators, messenger, now = Operators(telling=telling), telling.messenger, telling.clock.now()
        owner, channel = telling.member(campaign, campaign.owner), telling.policy.support_channel
        mine = sentence("storage.full.owner", name=campaign.name, told=operators.told(campaign))
        theirs = sentence("storage.full.operators", name=campaign.name, reason=full.strerror or str(full))
        self._once(campaign.id, now, lambda: messenger.say(owner, mine))
        for admin in operators.admins(campaign):
            self._once(admin.id, now, lambda admin=admin: messenger.say(admin, theirs))  # type: ignore[misc]
        if channel:
            language = telling.policy.default_language
            self._once(channel, now, lambda: messenger.post(channel, theirs, language))

    def _once(self, whom: str, now: datetime, say: Callable[[], None]) -> None:
        with self._lock:
            last, self._told[whom] = self._told.get(whom), now
        if last is not None and now - last < OVER:
            return
        try:
            say()
        except ports.Unreachable as away:
            log.warning("nobody heard of the disk to=%s: %s", whom, away)
            with self._lock:
                self._told.pop(whom, None)
