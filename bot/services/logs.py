"""SendGrid's own log, asked what became of uncertain letters: a few times each, and never insisted on."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import ports
from bot.core import settling as rules
from bot.core.campaigns import Campaign
from bot.core.delivery import Doubt
from bot.core.ids import CampaignId
from bot.core.settling import Clue, Log

log = logging.getLogger("postillon")

Asked = tuple[CampaignId, int, int, datetime]
"""One uncertain batch: the campaign, its wave, its number, since when."""


@dataclass(kw_only=True)
class Logs:
    """What was asked lives in memory: after a restart each batch is asked about once more.

    `moments`: when, after a batch became uncertain. `rest`: how long a log that the key may not read is left
    alone. `most`: questions in one visit, so that no sweep takes long.
    """

    store: ports.Store
    mail_log: ports.MailLog
    moments: Sequence[timedelta] = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=40))
    rest: timedelta = timedelta(hours=1)
    most: int = 20
    _asked: dict[Asked, int] = field(default_factory=dict)
    _clues: dict[CampaignId, Clue] = field(default_factory=dict)
    _closed_until: datetime | None = None
    _closed: Clue = field(default_factory=Clue)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def clue(self, campaign_id: CampaignId) -> Clue:
        """What it said of this campaign's letters; else what it says to everybody."""
        return self._clues.get(campaign_id, self._closed)

    def found(self, campaign: Campaign, doubts: Sequence[Doubt], now: datetime) -> list[Doubt]:
        """Those of the batches that the log knows. Asks what is due now; where another thread asks, and
        where the log is closed, nothing."""
        if not self._one_at_a_time.acquire(blocking=False):
            return []
        try:
            self._forget(campaign.id, doubts)
            due = [one for one in doubts if self._is_due(campaign.id, one, now)]
            return [one for one in due[: self.most] if self._knows(campaign, one, now)]
        finally:
            self._one_at_a_time.release()

    def _forget(self, campaign_id: CampaignId, doubts: Sequence[Doubt]) -> None:
        """Settled batches are asked about no more."""
        kept = {_key(campaign_id, one) for one in doubts}
        for key in [key for key in self._asked if key[0] == campaign_id and key not in kept]:
            del self._asked[key]

    def _is_due(self, campaign_id: CampaignId, doubt: Doubt, now: datetime) -> bool:
        passed = sum(now >= doubt.since + moment for moment in self.moments)
        asked = self._asked.get(_key(campaign_id, doubt), 0)
        return asked < passed and not rules.is_over(doubt, now)

    def _knows(self, campaign: Campaign, doubt: Doubt, now: datetime) -> bool:
        if self._closed_until is not None and now < self._closed_until:
            return False
        passed = sum(now >= doubt.since + moment for moment in self.moments)
        email = self._somebody(campaign, doubt, passed - 1)
        # nobody left to ask about is an answer like "not there"
        said = email is not None and self.mail_log.holds(email, campaign=campaign.id, since=doubt.claimed_at)
        match said:
            case ports.Refused(why=why):
                log.info("the log is not for this key campaign=%s why=%s", campaign.id, why)
                self._close(campaign.id, Log.UNREADABLE, now, self.rest)
            case ports.NotTaken(seconds=seconds, why=why):
                log.info("the log does not answer campaign=%s why=%s", campaign.id, why)
                self._close(campaign.id, Log.AWAY, now, timedelta(seconds=seconds))
            case False:
                self._closed = Clue()
                self._asked[_key(campaign.id, doubt)] = passed
                self._clues[campaign.id] = Clue(log=Log.MISSING, at=now)
            case True:
                return True
        return False

    def _close(self, campaign_id: CampaignId, said: Log, now: datetime, rest: timedelta) -> None:
        """The account's log is one: what it said to one campaign holds for the others."""
        self._closed_until = now + rest
        self._clues[campaign_id] = self._closed = Clue(log=said)

    def _somebody(self, campaign: Campaign, doubt: Doubt, nth: int) -> str | None:
        people = self.store.ledgers.read(
            campaign.workspace, campaign.id, lambda fold: fold.waves[doubt.wave].people(doubt.batch)
        )
        number = rules.probed(people, nth)
        if number is None:
            return None
        found = self.store.campaigns.recipients(campaign.workspace, campaign, [number])
        return next((contact.email for _, contact in found), None)


def _key(campaign_id: CampaignId, doubt: Doubt) -> Asked:
    return campaign_id, doubt.wave, doubt.batch, doubt.since
