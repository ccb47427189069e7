"""Who answered: learned from the questionnaire's tool, from its export, or by hand.

`learn` is durable when it returns: from then on nobody it names is reminded. That a source told something is
noted on the campaign's record too; of what comes one answer at a time, every half a minute at most.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot import ports
from bot.core import answers as rules
from bot.core import campaigns
from bot.core.answers import PROMPT, Known, Source
from bot.core.campaigns import Campaign
from bot.core.delivery import Fold
from bot.core.facts import Events, Happened
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.sentences import Stale
from bot.services.following import Following
from bot.services.racing import insisted

log = logging.getLogger("postillon")

NOTED_EVERY = timedelta(seconds=30)
ANSWERED = int(Happened.ANSWERED)

Key = tuple[WorkspaceId, CampaignId, Source]


@dataclass(kw_only=True)
class Answers:
    store: ports.Store
    following: Following
    clock: ports.Clock
    _unnoted: dict[Key, Known] = field(default_factory=dict)  # what came since it was noted last
    _noted_at: dict[Key, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def learn(
        self, workspace: WorkspaceId, campaign_id: CampaignId, numbers: Iterable[int], at: datetime,
        source: Source,
    ) -> int:  # fmt: skip
        """How many of these recipients were not known to have answered. Numbers of nobody are left out.

        Raises Missing where there is no such campaign, Unwritable and Unreadable where it cannot be kept.
        """
        with self._lock:  # or two at a time would both call one answer news
            fresh = self.store.ledgers.read(workspace, campaign_id, partial(_unknown, numbers=set(numbers)))
            if fresh:
                items = tuple((number, ANSWERED, int(at.timestamp())) for number in fresh)
                self.store.ledgers.learn(workspace, campaign_id, [Events(wave=0, items=items)])
        key, news = (workspace, campaign_id, source), Known(source=source, at=at, count=len(fresh))
        if source not in PROMPT:
            self._note(key, news)
        elif fresh:
            self._note_later(key, news)
        if fresh:
            self.following.learned(workspace, campaign_id)
        return len(fresh)

    def sweep(self, now: datetime) -> None:
        """What the tools told and is not noted yet."""
        for key in self._due(now):
            self._note_safely(key, now)

    def leave(self) -> None:
        """Shutdown: what is left is noted now."""
        for key in list(self._unnoted):
            self._note_safely(key, self.clock.now())

    # --- the record -----------------------------------------------------------------------------------

    def _note_later(self, key: Key, news: Known) -> None:
        with self._lock:
            before = self._unnoted.get(key)
            count = news.count + (before.count if before else 0)
            self._unnoted[key] = Known(source=news.source, at=news.at, count=count)
        now = self.clock.now()
        if key in self._due(now):
            self._note_safely(key, now)

    def _due(self, now: datetime) -> list[Key]:
        with self._lock:
            return [key for key in self._unnoted if not self._is_recent(key, now)]

    def _is_recent(self, key: Key, now: datetime) -> bool:
        last = self._noted_at.get(key)
        return last is not None and timedelta() <= now - last < NOTED_EVERY

    def _note_safely(self, key: Key, now: datetime) -> None:
        """The answers stand in the ledger: a record that cannot be changed now is changed later."""
        with self._lock:
            news = self._unnoted.pop(key, None)
            self._noted_at[key] = now
        if news is None:
            return  # another thread was faster
        try:
            self._note(key, news)
        except ports.Missing:
            return
        except (ports.Unwritable, ports.Unreadable, Stale) as why:
            log.warning("that answers came is noted later campaign=%s: %s", key[1], why)
            with self._lock:
                since = self._unnoted.get(key)
                count = news.count + (since.count if since else 0)
                self._unnoted[key] = Known(source=news.source, at=(since or news).at, count=count)

    def _note(self, key: Key, news: Known) -> None:
        workspace, campaign_id, _ = key

        def act() -> Campaign:
            campaign = self.store.campaigns.get(workspace, campaign_id)
            known = rules.told(campaign.answers, news.source, news.at, news.count)
            # no word of it changes: what was drawn of it before still says the truth
            since = campaign.same_since or campaign.revision
            changed = campaigns.edit(campaign, answers=known, same_since=since)
            self.store.campaigns.save(workspace, changed, campaign.revision)
            return changed

        insisted(act)


def _unknown(fold: Fold, *, numbers: set[int]) -> list[int]:
    bits, size = fold.bits, fold.audience_size
    return sorted(number for number in numbers if 0 <= number < size and not bits[number] & ANSWERED)
