"""Campaigns made of other campaigns: the same once more, the same as last time, the same to more people."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from bot.core.audiences import chain_of
from bot.core.campaigns import NAME_LENGTH, Campaign, State, Step, When
from bot.core.ids import CampaignId, ListId
from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.questionnaires import Placement
from bot.core.selection import Kind, Selection

FINISHED = frozenset({State.SENT, State.STOPPED})
_NUMBERED = re.compile(r" \(\d+\)$")


def model(campaigns: Iterable[Campaign], member: Member, list_id: ListId) -> Campaign | None:
    """What *same as last time* means for this list: the member's latest campaign that left to it, else the
    latest of all. `campaigns`: newest first."""
    left = [
        one
        for one in campaigns
        if one.owner == member.id and one.departed_at is not None and not one.to_myself
    ]
    return next((one for one in left if one.list_id == list_id), left[0] if left else None)


def numbered(name: str, taken: Collection[str]) -> str:
    """`Avis (2)` after `Avis`; the number always fits."""
    base = _NUMBERED.sub("", name)
    number = 2
    while (found := _with(base, number)) in taken:
        number += 1
    return found


def _with(base: str, number: int) -> str:
    tail = f" ({number})"
    return base[: NAME_LENGTH - len(tail)].rstrip() + tail


def _copied(
    campaign: Campaign, campaign_id: CampaignId, seed: str, now: datetime, **changes: object
) -> Campaign:
    """What a person chose of it; nothing of what became of it."""
    taken = {
        name: getattr(campaign, name)
        for name in (
            "workspace", "owner", "language", "name", "link", "link_parameter", "sender", "reply_to",
            "reason", "list_id", "list_title", "subject", "preheader", "body", "speed", "to_myself",
            "selection", "placement", "link_column", "readers_zone", "reminders", "is_markdown", "deputy",
            "answers_by",
        )
    }  # fmt: skip
    copy = Campaign(
        **taken, id=campaign_id, seed=seed, created_at=now, zone=campaign.zone, when=When.LATER,
        origin=campaign.id,
    )  # fmt: skip
    return replace(copy, **changes)  # type: ignore[arg-type]


def duplicate(
    campaign: Campaign, campaign_id: CampaignId, seed: str, now: datetime, *, name: str, send_at: datetime
) -> Campaign:
    """The same, link included. A moment or a closing that has passed means nothing any more."""
    moment = campaign.send_at if campaign.send_at and campaign.send_at > now else send_at
    return _copied(
        campaign, campaign_id, seed, now, name=name, step=Step.CHECK, send_at=moment,
        closing_at=_still_open(campaign, moment), selection=_drawn_anew(campaign.selection, seed),
    )  # fmt: skip


def again(
    campaign: Campaign, campaign_id: CampaignId, seed: str, now: datetime, *, name: str, send_at: datetime,
    to: ContactList,
) -> Campaign:  # fmt: skip
    """The same for another questionnaire, of which only the link is asked; perhaps to another list."""
    is_same = campaign.list_id == to.id
    selection = _drawn_anew(campaign.selection, seed)
    if not is_same:  # what stood beside the other list was chosen for it
        selection = replace(selection, others=(), only=None)
    has_links = is_same and campaign.placement is Placement.COLUMN
    return _copied(
        campaign, campaign_id, seed, now, name=name, step=Step.PARAMETERS, send_at=send_at, link="",
        list_id=to.id, list_title=to.title, reason=to.reason or campaign.reason, selection=selection,
        placement=Placement.COLUMN if has_links else Placement.PARAMETER,
        link_column=campaign.link_column if has_links else "", answers_by="",
        to_myself=campaign.to_myself and is_same,
    )  # fmt: skip


def invite(
    campaign: Campaign, campaign_id: CampaignId, seed: str, now: datetime, *, name: str, send_at: datetime
) -> Campaign:
    """The same letter and link to people whom no campaign of its chain has invited. After a pilot, that is
    everybody else; of people picked one by one, nobody would be left."""
    selection = campaign.selection
    if selection.kind in (Kind.PILOT, Kind.PICK):
        selection = replace(selection, kind=Kind.ALL, pilot=0, seed="", people=())
    return _copied(
        campaign, campaign_id, seed, now, name=name, step=Step.RECIPIENTS, send_at=send_at,
        closing_at=_still_open(campaign, send_at), selection=selection, follows=chain_of(campaign),
    )  # fmt: skip


def _still_open(campaign: Campaign, moment: datetime) -> datetime | None:
    closing = campaign.closing_at
    return closing if closing is not None and closing > moment else None


def _drawn_anew(selection: Selection, seed: str) -> Selection:
    """A pilot's people are drawn again: the same ones would be written to twice."""
    return replace(selection, seed=seed) if selection.kind is Kind.PILOT else selection


def may_invite(campaign: Campaign) -> bool:
    return campaign.state in FINISHED and not campaign.to_myself


def is_pilot(campaign: Campaign) -> bool:
    """Its people were drawn: there are others."""
    return campaign.selection.kind is Kind.PILOT


def is_again(draft: Campaign) -> bool:
    """Of which only the link is still missing."""
    return draft.origin is not None and not draft.link
