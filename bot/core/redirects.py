"""Letters that lead to `/r`, which knows the questionnaire's link of the moment: another one can be given
to letters that have left."""

from bot.core.campaigns import Campaign, State
from bot.core.questionnaires import Placement

LEFT = frozenset({State.SENDING, State.PAUSED, State.HELD, State.SENT, State.STOPPED})


def may_change_link(campaign: Campaign) -> bool:
    """Not where a column of the list holds everybody's own."""
    return _has_left(campaign) and campaign.redirects and campaign.placement is not Placement.COLUMN


def may_change_closing(campaign: Campaign) -> bool:
    """Wherever its letters lead: until then, letters leave."""
    return may_change_link(campaign) or (_has_left(campaign) and campaign.closing_at is not None)


def _has_left(campaign: Campaign) -> bool:
    return campaign.departed_at is not None and campaign.state in LEFT
