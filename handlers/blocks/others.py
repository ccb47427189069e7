"""Campaigns of others, as their deputies and who looks after the bot see them: name, owner, counts. Never the
people, the letter or the addresses."""

from collections.abc import Sequence

from bot.core.attending import Attended
from bot.core.campaigns import State
from bot.core.people import called
from bot.core.sentences import Sentence
from bot.texts import Say
from handlers.blocks import kit, live
from handlers.blocks.campaign_buttons import attending
from handlers.blocks.campaign_counts import accounts, going
from handlers.blocks.moments import stamp

Others = Sequence[Attended]

FAULTS = ("delivery.why", "delivery.why.yours")  # what the mail service refused, as the owner reads it
LISTED = 4  # Home holds 100 blocks, and a message 50


def others(say: Say, shown: Others) -> list[kit.Block]:
    if not shown:
        return []
    blocks = [kit.header(say("delivery.others"))]
    for one in shown[:LISTED]:
        blocks += _one(say, one)
    if len(shown) > LISTED:
        blocks.append(kit.context(say("delivery.others.more", n=len(shown) - LISTED)))
    return blocks


def _one(say: Say, one: Attended) -> list[kit.Block]:
    told = "\n".join([head(say, one), *standing(say, one)])
    return [
        kit.section(told),
        kit.actions(attending(say, one.campaign, one.progress, resumes=not one.is_deputy)),
    ]


def head(say: Say, one: Attended) -> str:
    state = say(f"campaigns.is.{one.campaign.state.value}")
    return say.mrkdwn("delivery.others.line", name=one.campaign.name, state=state, owner=called(one.owner))


def standing(say: Say, one: Attended) -> list[str]:
    """When it leaves, or how far it is."""
    campaign = one.campaign
    if campaign.departed_at is None:
        people = say("words.people", n=campaign.audience_size)
        moment = campaign.send_at
        is_dated = moment is not None and campaign.state is State.SCHEDULED
        return (
            [say("campaigns.told.scheduled", moment=stamp(say, moment), people=people)]
            if is_dated and moment
            else []
        )
    return [
        *([going(say, campaign, one.progress)] if campaign.state is State.SENDING else []),
        *accounts(say, campaign, one.progress),
        *([live.brief(say, campaign, one.progress)] if live.is_live(campaign, one.progress) else []),
        *_why(say, one),
    ]


def _why(say: Say, one: Attended) -> list[str]:
    """Why it stands still; with the cure, for who can repair it. Its owner reads other words."""
    why = one.campaign.why
    if why is None:
        return []
    if why.key == "campaigns.why.person":
        return [say.mrkdwn("delivery.others.by_owner", owner=called(one.owner))]
    inner = why.values.get("why")
    if why.key not in FAULTS or not isinstance(inner, Sentence):
        return [say.mrkdwn(why)]
    fault = inner.key.rpartition(".")[2]
    return [say.mrkdwn(inner if one.is_deputy else f"delivery.cure.{fault}", detail=inner.values["detail"])]


def only_others(say: Say, shown: Others) -> tuple[str, list[kit.Block]]:
    """Where the person has nothing of their own to show."""
    words = say("delivery.others.none_yours")
    return words, [kit.section(words), *others(say, shown)]
