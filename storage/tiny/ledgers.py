"""Ledgers: one append-only file per campaign, the only truth about its waves, batches and recipients.

Each campaign has its own lock: a batch claimed in one does not wait for the disk of another. The fold is
made from the file when somebody first asks, and kept.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from bot.core.delivery import Fold
from bot.core.facts import Events, Fact, from_line, to_line
from bot.core.ids import CampaignId, WorkspaceId
from storage.errors import Corrupted
from storage.tiny.appended import Appended
from storage.tiny.campaigns import Campaigns
from storage.tiny.files import Folder, safe

T = TypeVar("T")
TOGETHER = 1_000  # events on one line: a line that is damaged later takes no more with it
logger = logging.getLogger(__name__)


class Ledger:
    def __init__(self, file: Appended, *, begun: bool) -> None:
        self.lock = threading.Lock()
        self._file, self._begun = file, begun
        self._fold = Fold()

    def fold(self) -> Fold:
        """With the lock held."""
        if not self._file.loaded:
            self._fold = self._folded()
        return self._fold

    def _folded(self) -> Fold:
        fold = Fold()
        for number, line in enumerate(self._file.stream(begun=self._begun), start=2):
            try:
                fold.apply(from_line(line))
            except (ValueError, IndexError, TypeError):
                logger.exception("a ledger's line %d says what cannot be", number)
                raise Corrupted(self._file.path, number) from None
        return fold

    def begin(self) -> None:
        """With the lock held. Once begun, a ledger that is not there is damage, not an empty one."""
        self.fold()
        self._file.begin()
        self._begun = True

    def append(self, fact: Fact) -> bool:
        """Allowed, written, synced, applied: in this order, with the lock held."""
        fold = self.fold()
        if not fold.allows(fact):
            return False
        self._file.append(to_line(fact))
        fold.apply(fact)
        return True

    def learn(self, told: Sequence[Events]) -> bool:
        """The same for what is news, synced once, with the lock held."""
        fold = self.fold()
        news = [part for fact in fold.news(told) for part in _parts(fact)]
        if not news:
            return False
        self._file.append_all(map(to_line, news))
        for fact in news:
            fold.apply(fact)
        return True


def _parts(fact: Events) -> Iterator[Events]:
    for start in range(0, len(fact.items), TOGETHER):
        yield Events(wave=fact.wave, items=fact.items[start : start + TOGETHER])


class Ledgers:
    def __init__(self, folder: Folder, campaigns: Campaigns) -> None:
        self._folder, self._campaigns = folder, campaigns
        self._lock = threading.Lock()
        self._open: dict[tuple[WorkspaceId, CampaignId], Ledger] = {}

    def append(self, workspace: WorkspaceId, campaign_id: CampaignId, fact: Fact) -> bool:
        ledger = self._of(workspace, campaign_id)
        with ledger.lock:
            return ledger.append(fact)

    def learn(self, workspace: WorkspaceId, campaign_id: CampaignId, told: Sequence[Events]) -> bool:
        ledger = self._of(workspace, campaign_id)
        with ledger.lock:
            return ledger.learn(told)

    def read(self, workspace: WorkspaceId, campaign_id: CampaignId, question: Callable[[Fold], T]) -> T:
        ledger = self._of(workspace, campaign_id)
        with ledger.lock:
            return question(ledger.fold())

    def begin(self, workspace: WorkspaceId, campaign_id: CampaignId) -> None:
        """Before a campaign departs: a crash right after finds an empty ledger, not a vanished one."""
        ledger = self._of(workspace, campaign_id)
        with ledger.lock:
            ledger.begin()

    def _of(self, workspace: WorkspaceId, campaign_id: CampaignId) -> Ledger:
        known = self._open.get((workspace, campaign_id))
        if known is not None:
            return known
        campaign = self._campaigns.get(
            workspace, campaign_id
        )  # raises Missing; once: it waits for the document
        file = Appended(self._folder, self.path(workspace, campaign_id), "ledger")
        fresh = Ledger(file, begun=campaign.departed_at is not None)
        with self._lock:
            return self._open.setdefault((workspace, campaign_id), fresh)

    def path(self, workspace: WorkspaceId, campaign_id: CampaignId) -> Path:
        return self._folder.root / "campaigns" / f"{safe(workspace)}.{safe(campaign_id)}.ledger"
