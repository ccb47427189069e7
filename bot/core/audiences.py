"""Which lists a campaign draws on, in which versions its people were fixed, and what it goes on from."""

from collections.abc import Mapping, Sequence

from bot.core.campaigns import Campaign, State
from bot.core.ids import CampaignId, ListId
from bot.core.lists import ContactList

UNSENT = frozenset({State.SCHEDULED, State.AWAITING, State.HELD})  # with an audience, before departure
GOING_ON = frozenset({State.SENDING, State.PAUSED, State.HELD})  # what is pending may still leave


def sources(campaign: Campaign) -> tuple[ListId, ...]:
    """The lists whose people it writes to, its own first."""
    first = (campaign.list_id,) if campaign.list_id else ()
    return tuple(dict.fromkeys((*first, *campaign.selection.others)))


def lists_of(campaign: Campaign) -> tuple[ListId, ...]:
    """Every list that has a say in who gets it: also the one that narrows the choice."""
    only = (campaign.selection.only,) if campaign.selection.only else ()
    return tuple(dict.fromkeys((*sources(campaign), *only)))


def fixed_versions(campaign: Campaign) -> Mapping[ListId, int]:
    """Of each list, the version its people were fixed from; 0 where that was not noted."""
    lists = lists_of(campaign)
    noted = (campaign.list_version, *campaign.other_versions)
    return dict(zip(lists, (*noted, *[0] * len(lists)), strict=False))


def is_behind(campaign: Campaign, contact_list: ContactList) -> bool:
    """Were its people fixed from another version of this list?"""
    version = fixed_versions(campaign).get(contact_list.id, 0)
    return version not in (0, contact_list.version)


def versions_of(lists: Sequence[ContactList]) -> tuple[int, tuple[int, ...]]:
    """What to note of them, in the order of `lists_of`: as `list_version` and `other_versions`."""
    first, *others = (one.version for one in lists)
    return first, tuple(others)


def chain_of(campaign: Campaign) -> CampaignId:
    """The first of the campaigns that share one audience, nobody twice."""
    return campaign.follows or campaign.id


def are_chained(one: Campaign, other: Campaign) -> bool:
    return chain_of(one) == chain_of(other)
