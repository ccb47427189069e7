"""A campaign's deputy, as its messages are kept apart."""

from bot.core.campaigns import Campaign
from bot.core.ids import MemberId


def subject(campaign: Campaign, deputy: MemberId, *, is_departed: bool) -> str:
    """Under which their message is noted: a new one at the departure, since an edit notifies nobody."""
    return f"{campaign.id}/deputy/{deputy}/{'departed' if is_departed else 'planned'}"
