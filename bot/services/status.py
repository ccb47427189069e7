"""What stands in the storage, as plain counts: read beside a running bot, without any address."""

from dataclasses import dataclass
from typing import TypedDict

from bot import ports
from bot.core.campaigns import Campaign
from bot.core.delivery import Fold, Progress
from bot.core.ids import WorkspaceId
from bot.core.lists import ContactList
from bot.core.places import Places, places
from bot.core.waves import Wave


class WaveCounts(TypedDict):
    """Letters of one wave, 0 the invitation: `people` = pending + accepted + uncertain + rejected + skipped.
    `removed` were left out before it opened."""

    wave: int
    people: int
    pending: int
    accepted: int
    uncertain: int
    rejected: int
    skipped: int
    removed: int


class CampaignCounts(TypedDict):
    """Of people, whatever the wave: `people` = pending + accepted + uncertain + rejected + skipped, always,
    and each in the most settled place a letter of theirs stands in (`core.places`): who got the invitation is
    accepted while a reminder waits. What is being handed over counts as pending; of a stopped campaign, what
    is pending has not left and never will. `waves` has the letters of each wave that was opened, of which one
    person may have several.

    `to_check`: letters of any wave that may or may not have left, as the campaign's message counts them.
    `uncertain_people`: whose these are, by their numbers in the report, which start from 1; who got another
    letter is accepted all the same. `removed` were left out at departure and are not among `people`.
    `damaged`: its ledger does not read, and everybody counts as uncertain, unnamed. `failed` = bounced
    + blocked + dropped, and nobody is in two of these and `delivered`."""

    id: str
    name: str
    state: str
    people: int
    pending: int
    accepted: int
    uncertain: int
    rejected: int
    skipped: int
    removed: int
    delivered: int
    bounced: int
    blocked: int
    dropped: int
    failed: int
    complained: int
    unsubscribed: int
    answered: int
    send_at: str | None
    damaged: bool
    to_check: int
    uncertain_people: list[int]
    waves: list[WaveCounts]


class ListCounts(TypedDict):
    id: str
    title: str
    contacts: int
    owner: str


class Status(TypedDict):
    campaigns: list[CampaignCounts]
    lists: list[ListCounts]


def status(store: ports.Store) -> Status:
    """Newest first. Deleted lists are not counted."""
    campaigns: list[CampaignCounts] = []
    lists: list[ListCounts] = []
    for workspace in _workspaces(store):
        campaigns += [_campaign(store, campaign) for campaign in store.campaigns.all(workspace)]
        lists += [_list(kept) for kept in store.lists.all(workspace) if kept.is_there]
    return Status(campaigns=campaigns, lists=lists)


def _workspaces(store: ports.Store) -> list[WorkspaceId]:
    return sorted({*store.campaigns.workspaces(), *store.lists.workspaces()})


def _campaign(store: ports.Store, campaign: Campaign) -> CampaignCounts:
    told = _read(store, campaign)
    progress, found = told.progress, told.places
    if campaign.departed_at is None and not told.waves and not told.damaged:
        found = Places(people=campaign.audience_size, pending=campaign.audience_size)
    return CampaignCounts(
        id=campaign.id, name=campaign.name, state=campaign.state.value, people=found.people,
        pending=found.pending, accepted=found.accepted, uncertain=found.uncertain, rejected=found.rejected,
        skipped=found.skipped, removed=found.removed, delivered=progress.delivered, bounced=progress.bounced,
        blocked=progress.blocked, dropped=progress.dropped, failed=progress.failed,
        complained=progress.complained, unsubscribed=progress.unsubscribed, answered=progress.answered,
        send_at=campaign.send_at.isoformat() if campaign.send_at else None, damaged=told.damaged,
        to_check=found.to_check, uncertain_people=[number + 1 for number in found.doubtful], waves=told.waves,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """By the ledger."""

    progress: Progress
    places: Places
    waves: list[WaveCounts]
    damaged: bool = False


def _read(store: ports.Store, campaign: Campaign) -> _Told:
    """One broken ledger must not hide the other campaigns; `check` says what is wrong with it."""
    try:
        return store.ledgers.read(campaign.workspace, campaign.id, _told)
    except ports.Unreadable:
        size = campaign.audience_size
        everybody = Places(people=size, uncertain=size, to_check=size)
        return _Told(progress=Progress(), places=everybody, waves=[], damaged=True)


def _told(fold: Fold) -> _Told:
    return _Told(progress=fold.progress(), places=places(fold), waves=[_wave(one) for one in fold.waves])


def _wave(wave: Wave) -> WaveCounts:
    found = wave.progress()
    return WaveCounts(
        wave=wave.number, people=found.people, pending=found.pending + found.submitting,
        accepted=found.accepted, uncertain=found.uncertain, rejected=found.rejected, skipped=found.skipped,
        removed=sum(found.removed.values()),
    )  # fmt: skip


def _list(kept: ContactList) -> ListCounts:
    return ListCounts(id=kept.id, title=kept.title, contacts=kept.count, owner=kept.owner)
