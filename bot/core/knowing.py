"""Is it known who answered a campaign, lately enough to remind the others?

    webhook   its tool told of an answer to this campaign; or its owner expects it to, and that tool told of
              some campaign of the workspace within 30 days. Of a tool that never told anything, silence may
              be a webhook that does not work.
    export    dropped since the last wave left, and at most 72 hours ago: it knows nothing of what came since
    hand      as an export

Whoever knows nothing is not taken to know that nobody answered.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.core import planning
from bot.core.answers import Source
from bot.core.campaigns import Campaign
from bot.core.doctor import diagnose
from bot.core.questionnaires import Tool

FRESH = timedelta(hours=72)  # of what a person told
WORKING = timedelta(days=30)  # of what a tool told of another campaign


def is_known(campaign: Campaign, others: Iterable[Campaign], now: datetime) -> bool:
    """`others`: campaigns of the same workspace; this one may be among them."""
    if _has_told(campaign):
        return True
    since = max(last_left(campaign) or now, now - FRESH)
    if any(one.at >= since for one in campaign.answers if one.source in (Source.EXPORT, Source.HAND)):
        return True
    if campaign.answers_by != Source.WEBHOOK:
        return False
    tool, recently = _tool(campaign), now - WORKING
    return any(_has_told(one, recently) and _tool(one) == tool for one in others)


def is_likely(campaign: Campaign) -> bool:
    """Will it be known at the next reminder, as far as can be told before? What a person told is as good as
    what they will tell then."""
    since = last_left(campaign)
    return campaign.answers_by == Source.WEBHOOK or any(
        one.source is Source.WEBHOOK or (since is not None and one.at >= since) for one in campaign.answers
    )


def last_left(campaign: Campaign) -> datetime | None:
    """When its last wave began to leave."""
    reminder = planning.worded(campaign, campaign.wave)
    return reminder.left_at if reminder and reminder.left_at else campaign.departed_at


def _tool(campaign: Campaign) -> str:
    """Of one without a name, its host: two of them are not the same."""
    tool = diagnose(campaign.link).tool
    return tool.value if tool is not Tool.OTHER else urlsplit(campaign.link).netloc.lower()


def _has_told(campaign: Campaign, since: datetime | None = None) -> bool:
    """By itself, and lately where `since` is given."""
    return any(
        one.source is Source.WEBHOOK and one.count and (since is None or one.at >= since)
        for one in campaign.answers
    )
