"""Is it known who answered a campaign, lately enough to remind the others?

    webhook   its tool told of an answer to this campaign within 30 days; or its owner expects it to, and that
              tool told of some campaign of the workspace within 30 days. Of a tool that never told anything,
              silence may be a webhook that does not work.
    page      as a webhook where its owner expects one. Else anybody with a letter can open that page, and one
              visit proves nothing of the others: three people show that the questionnaire leads there
    export    dropped since the last wave left, and at most 72 hours ago: it knows nothing of what came since
    hand      as an export

Put back from a copy, or mended, a campaign has lost answers: only a person's word, told since, knows of
these.

Whoever knows nothing is not taken to know that nobody answered.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.core import planning
from bot.core.answers import PROMPT, Known, Source
from bot.core.campaigns import Campaign
from bot.core.doctor import diagnose
from bot.core.questionnaires import Tool

FRESH = timedelta(hours=72)  # of what a person told
WORKING = timedelta(days=30)  # of what a tool told
VISITORS = 3  # on the thank-you page, where nobody expected any
BY_PEOPLE = frozenset({Source.EXPORT, Source.HAND})


def is_known(campaign: Campaign, others: Iterable[Campaign], now: datetime) -> bool:
    """`others`: campaigns of the same workspace; this one may be among them."""
    if not _is_whole(campaign):
        return False
    recently = _whole_since(campaign, now - WORKING)
    if _has_told(campaign, recently):
        return True
    left_at = min(last_left(campaign) or now, now)  # a clock that ran ahead has dated it later, perhaps
    since = _whole_since(campaign, max(left_at, now - FRESH))
    if any(one.at >= since for one in campaign.answers if one.source in BY_PEOPLE):
        return True
    if campaign.answers_by != Source.WEBHOOK:
        return False
    tool = _tool(campaign)
    return any(_has_told(one, recently) and _tool(one) == tool for one in others)


def is_likely(campaign: Campaign) -> bool:
    """Will it be known at the next reminder, as far as can be told before? What a person told is as good as
    what they will tell then."""
    if not _is_whole(campaign):
        return False
    since = last_left(campaign)
    if campaign.answers_by == Source.WEBHOOK or _has_told(campaign, campaign.restored_at):
        return True
    by_people = (one.at for one in campaign.answers if one.source in BY_PEOPLE)
    return since is not None and any(at >= _whole_since(campaign, since) for at in by_people)


def last_left(campaign: Campaign) -> datetime | None:
    """When its last wave began to leave."""
    reminder = planning.worded(campaign, campaign.wave)
    return reminder.left_at if reminder and reminder.left_at else campaign.departed_at


def _is_whole(campaign: Campaign) -> bool:
    """Of one put back from a copy, or mended, answers may be lost: what a tool tells from then on is not all,
    what a person told since is."""
    since = campaign.restored_at
    return since is None or any(one.at >= since for one in campaign.answers if one.source in BY_PEOPLE)


def _whole_since(campaign: Campaign, since: datetime) -> datetime:
    """Of what was put back from a copy, or mended, only what was told afterwards: answers may be lost."""
    return max(since, campaign.restored_at or since)


def _tool(campaign: Campaign) -> str:
    """Of one without a name, its host: two of them are not the same."""
    tool = diagnose(campaign.link).tool
    return tool.value if tool is not Tool.OTHER else urlsplit(campaign.link).netloc.lower()


def _has_told(campaign: Campaign, since: datetime | None = None) -> bool:
    """By itself, and lately where `since` is given."""
    return any(_tells(campaign, one) and (since is None or one.at >= since) for one in campaign.answers)


def _tells(campaign: Campaign, known: Known) -> bool:
    """Does this show that answers come by themselves?"""
    if known.source is Source.PAGE and campaign.answers_by != Source.WEBHOOK:
        return known.count >= VISITORS
    return known.source in PROMPT and known.count > 0
