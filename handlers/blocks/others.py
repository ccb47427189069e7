"""Campaigns of others, as who looks after the bot sees them: name, owner, counts. Never the people, the
letter or the addresses."""

from collections.abc import Sequence

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.people import Member, called
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.campaign_buttons import attending
from handlers.blocks.campaign_counts import account, bar

Others = Sequence[tuple[Campaign, Progress, Member]]

LISTED = 4  # Home holds 100 blocks, and a message 50


def others(say: Say, shown: Others) -> list[kit.Block]:
    if not shown:
        return []
    blocks = [kit.header(say("delivery.others"))]
    for campaign, progress, owner in shown[:LISTED]:
        blocks += _one(say, campaign, progress, owner)
    if len(shown) > LISTED:
        blocks.append(kit.context(say("delivery.others.more", n=len(shown) - LISTED)))
    return blocks


def _one(say: Say, campaign: Campaign, progress: Progress, owner: Member) -> list[kit.Block]:
    state = say(f"campaigns.is.{campaign.state.value}")
    told = [say.mrkdwn("delivery.others.line", name=campaign.name, state=state, owner=called(owner))]
    if campaign.state is State.SENDING:
        told.append(bar(say, progress))
    if campaign.departed_at is not None:
        told.append(account(say, progress))
    return [kit.section("\n".join(told)), kit.actions(attending(say, campaign, progress))]


def only_others(say: Say, shown: Others) -> tuple[str, list[kit.Block]]:
    """Where the person has nothing of their own to show."""
    return say("delivery.others"), others(say, shown)
