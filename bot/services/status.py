"""What stands in the storage, as plain counts: read beside a running bot, without any address."""

from typing import TypedDict

from bot import ports
from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.ids import WorkspaceId
from bot.core.lists import ContactList


class CampaignCounts(TypedDict):
    """`people` = pending + accepted + uncertain + rejected + skipped, always; what is being handed over
    counts as pending. `removed` were left out at departure and are not among `people`. `damaged`: its ledger
    does not read, and everybody counts as uncertain. `failed` = bounced + blocked + dropped, and nobody is in
    two of these and `delivered`."""

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
    progress, damaged = _progress(store, campaign)
    if campaign.departed_at is None and progress.people == 0:
        progress = Progress(people=campaign.audience_size, pending=campaign.audience_size)
    return CampaignCounts(
        id=campaign.id, name=campaign.name, state=campaign.state.value, people=progress.people,
        pending=progress.pending + progress.submitting, accepted=progress.accepted,
        uncertain=progress.uncertain, rejected=progress.rejected, skipped=progress.skipped,
        removed=sum(progress.removed.values()), delivered=progress.delivered, bounced=progress.bounced,
        blocked=progress.blocked, dropped=progress.dropped, failed=progress.failed,
        complained=progress.complained, unsubscribed=progress.unsubscribed, answered=progress.answered,
        send_at=campaign.send_at.isoformat() if campaign.send_at else None, damaged=damaged,
    )  # fmt: skip


def _progress(store: ports.Store, campaign: Campaign) -> tuple[Progress, bool]:
    """One broken ledger must not hide the other campaigns; `check` says what is wrong with it."""
    try:
        return store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.progress()), False
    except ports.Unreadable:
        return Progress.unknown(campaign.audience_size), True


def _list(kept: ContactList) -> ListCounts:
    return ListCounts(id=kept.id, title=kept.title, contacts=kept.count, owner=kept.owner)
