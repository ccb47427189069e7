"""Campaigns: the record and its wake-up in ONE document, so that no crash can part them."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.core.audiences import lists_of
from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.crowds import Crowd
from bot.core.ids import CampaignId, ListId, WorkspaceId
from bot.core.inbox import Owed
from bot.core.sentences import Stale
from bot.ports import Missing, Unwritable
from storage.errors import Damage
from storage.tiny.audiences import Audiences
from storage.tiny.document import Document
from storage.tiny.files import Folder
from storage.tiny.outbox import Outbox
from storage.tiny.shelf import Shelf

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    campaign: Campaign
    wake_at: datetime | None = None


class Campaigns:
    """`departing` is called before a record that says so, `woken` after a durable wake-up; both outside
    every lock."""

    def __init__(
        self, folder: Folder, document: Document, audiences: Audiences, outbox: Outbox,
        departing: Callable[[WorkspaceId, CampaignId], None], woken: Callable[[datetime], None],
    ) -> None:  # fmt: skip
        self._document, self._audiences, self._outbox = document, audiences, outbox
        self._departing, self._woken = departing, woken
        self._shelf = Shelf(document, "campaigns", Kept, folder.document)
        # asked for every event that comes in, which must not wait for the document
        self._homes: dict[CampaignId, set[WorkspaceId]] = {}
        for _, _, kept in self._shelf.items():
            self._settle_in(kept.campaign)

    def _settle_in(self, campaign: Campaign) -> None:
        self._homes[campaign.id] = self._homes.get(campaign.id, set()) | {campaign.workspace}

    def workspace_of(self, campaign_id: CampaignId) -> WorkspaceId | None:
        homes = self._homes.get(campaign_id, set())
        return next(iter(homes)) if len(homes) == 1 else None

    def add(self, workspace: WorkspaceId, campaign: Campaign) -> None:
        with self._document.step():
            if campaign.workspace != workspace or self._shelf.get(workspace, campaign.id):
                raise ValueError("a campaign of another workspace, or one that is kept already")
            self._shelf.put(workspace, campaign.id, Kept(campaign=campaign))
            self._document.afterwards(lambda: self._settle_in(campaign))

    def get(self, workspace: WorkspaceId, campaign_id: CampaignId) -> Campaign:
        """Waits for nobody's disk: letters' links ask for it. The shelf knows a record once it is durable,
        and changes none in place."""
        return self._find(workspace, campaign_id).campaign

    def all(self, workspace: WorkspaceId) -> list[Campaign]:
        with self._document.lock:
            kept = [kept.campaign for kept in self._shelf.of(workspace)]
        return sorted(kept, key=lambda campaign: campaign.created_at)[::-1]

    def save(self, workspace: WorkspaceId, campaign: Campaign, expected: int) -> None:
        self._begin(workspace, campaign)
        with self._document.step():
            before = self._stored(workspace, campaign.id, expected)
            self._replace(before, replace(before, campaign=campaign))
        self._discard(before.campaign, campaign)

    def advance(
        self, workspace: WorkspaceId, campaign: Campaign, expected: int, wake_at: datetime | None,
        owed: Sequence[Owed] = (),
    ) -> None:  # fmt: skip
        self._begin(workspace, campaign)
        with self._document.step():
            before = self._stored(workspace, campaign.id, expected)
            self._replace(before, Kept(campaign=campaign, wake_at=wake_at))
            for one in owed:
                self._outbox.owe(workspace, one)
        self._discard(before.campaign, campaign)
        if wake_at is not None:
            self._woken(wake_at)

    def remove(self, workspace: WorkspaceId, campaign_id: CampaignId, expected: int) -> None:
        with self._document.step():
            before = self._stored(workspace, campaign_id, expected)
            self._shelf.remove(workspace, campaign_id)
            self._document.afterwards(lambda: self._move_out(before.campaign))
        self._discard(before.campaign, None)

    def _move_out(self, campaign: Campaign) -> None:
        self._homes[campaign.id] = self._homes[campaign.id] - {campaign.workspace}

    def _begin(self, workspace: WorkspaceId, campaign: Campaign) -> None:
        """Its ledger stands before the record that says it left."""
        if campaign.departed_at is not None and self.get(workspace, campaign.id).departed_at is None:
            self._departing(workspace, campaign.id)

    def _find(self, workspace: WorkspaceId, campaign_id: CampaignId) -> Kept:
        found = self._shelf.get(workspace, campaign_id)
        if found is None:
            raise Missing(campaign_id)
        return found

    def _stored(self, workspace: WorkspaceId, campaign_id: CampaignId, expected: int) -> Kept:
        kept = self._find(workspace, campaign_id)
        if kept.campaign.revision != expected:
            raise Stale("campaigns.stale", name=kept.campaign.name)
        return kept

    def _replace(self, before: Kept, after: Kept) -> None:
        """The record that names an audience is what makes it count: it must be on the disk by then.
        The same record again is no change (another wake-up, at most) and keeps its revision."""
        old, new = before.campaign, after.campaign
        if new.workspace != old.workspace or (new != old and new.revision <= old.revision):
            raise ValueError("a change makes a new revision, in the same workspace")
        if new.audience != old.audience and not self._audiences.stands(new):
            raise Missing(f"{new.id} names an audience that was never fixed")
        self._shelf.put(new.workspace, new.id, after)

    def _discard(self, old: Campaign, new: Campaign | None) -> None:
        """Addresses nobody needs any more do not wait for the next start; where they cannot be removed
        now, they are then."""
        if not old.audience or (new is not None and new.audience == old.audience):
            return
        try:
            self._audiences.remove(old)
        except Unwritable as error:
            logger.warning("campaign=%s its old audience stays for now: %s", old.id, error.strerror)

    def follow(self, workspace: WorkspaceId, list_id: ListId, old: int, new: int) -> None:
        """A list's version got another number, and holds the same people but for who was erased."""
        with self._document.step():
            for kept in self._shelf.of(workspace):
                campaign = kept.campaign
                noted = (campaign.list_version, *campaign.other_versions)
                moved = (
                    tuple(
                        new if (source, version) == (list_id, old) else version
                        for source, version in zip(lists_of(campaign), noted, strict=False)
                    )
                    + noted[len(lists_of(campaign)) :]
                )
                if moved != noted:
                    first, *others = moved
                    changed = replace(campaign, list_version=first, other_versions=tuple(others))
                    self._shelf.put(workspace, campaign.id, replace(kept, campaign=changed))

    def fix_audience(self, workspace: WorkspaceId, campaign_id: CampaignId, people: Iterable[Contact]) -> str:
        self.get(workspace, campaign_id)
        return self._audiences.write(workspace, campaign_id, people)

    def recipients(
        self, workspace: WorkspaceId, campaign: Campaign, numbers: Sequence[int] | None = None
    ) -> Iterator[tuple[int, Contact]]:
        self._readable(workspace, campaign)
        return self._audiences.read(campaign, numbers)

    def among(
        self, workspace: WorkspaceId, campaign: Campaign, addresses: Iterable[str]
    ) -> Mapping[str, int]:
        self._readable(workspace, campaign)
        return self._audiences.among(campaign, addresses)

    def _readable(self, workspace: WorkspaceId, campaign: Campaign) -> None:
        stored = self.get(workspace, campaign.id)
        if campaign.workspace != workspace:
            raise Missing(campaign.id)
        if stored.audience != campaign.audience and not self._audiences.stands(campaign):
            raise Stale("campaigns.stale", name=stored.name)  # another audience took its place meanwhile

    def hashes(
        self, workspace: WorkspaceId, campaign: Campaign, numbers: Sequence[int] | None = None
    ) -> Crowd:
        self._readable(workspace, campaign)
        return self._audiences.hashes(campaign, numbers)

    def wrote_to(self, workspace: WorkspaceId, address: str) -> list[CampaignId]:
        return [campaign.id for campaign in self.all(workspace) if self._holds(campaign, address)]

    def _holds(self, campaign: Campaign, address: str) -> bool:
        """A campaign whose hashes do not read must not hide the others; `check` names it."""
        try:
            return self._audiences.holds(campaign, address)
        except Damage as damage:
            logger.warning("campaign=%s left out of an answer: %s", campaign.id, damage)
            return False

    def due(self, now: datetime) -> list[tuple[WorkspaceId, CampaignId]]:
        with self._document.lock:
            waking = [
                (kept.wake_at, kept.campaign.scheduled_at or kept.campaign.created_at, kept.campaign)
                for _, _, kept in self._shelf.items()
                if kept.wake_at is not None and kept.wake_at <= now
            ]
        waking.sort(key=lambda one: (one[0], one[1], one[2].id))
        return [(campaign.workspace, campaign.id) for _, _, campaign in waking]

    def next_wake(self) -> datetime | None:
        with self._document.lock:
            moments = [kept.wake_at for _, _, kept in self._shelf.items() if kept.wake_at is not None]
        return min(moments, default=None)

    def workspaces(self) -> list[WorkspaceId]:
        """Those that have a campaign, in a steady order."""
        with self._document.lock:
            return sorted({kept.campaign.workspace for _, _, kept in self._shelf.items()})

    def named_files(self) -> set[Path]:
        with self._document.lock:
            return {
                path for _, _, kept in self._shelf.items() for path in self._audiences.files(kept.campaign)
            }
