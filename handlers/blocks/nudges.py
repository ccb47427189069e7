"""A question that a campaign's owner leaves unanswered, as others read it. Never the people or the letter."""

from datetime import datetime

from bot.core.attending import Attended
from bot.core.figures import in_doubt
from bot.core.nudges import STILL
from bot.core.people import called
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.campaign_buttons import attending
from handlers.blocks.moments import stamp
from handlers.blocks.others import head, standing


def message(say: Say, one: Attended, asked: datetime | None) -> tuple[str, list[kit.Block]]:
    """`asked`: when its owner was; None once it was answered."""
    campaign, owner = one.campaign, called(one.owner)
    if asked is None:
        state = say(f"campaigns.is.{campaign.state.value}")
        text = say.mrkdwn("nudges.over", name=campaign.name, state=state)
        return text, [kit.section(text)]
    text = say.mrkdwn("nudges.text", name=campaign.name, owner=owner)
    lead = say(
        "nudges.asks", name=escaped(campaign.name), owner=f"<@{one.owner.id}>", since=stamp(say, asked)
    )
    buttons = attending(say, campaign, one.progress, resumes=not one.is_deputy, argument="")
    doubts = in_doubt(one.progress)
    is_still = campaign.state in STILL
    lines = [head(say, one), *(standing(say, one) if is_still else [])]
    if is_still:
        lead = " ".join([lead, say("nudges.still")])
    return text, [
        kit.section(lead),
        kit.section("\n".join([*lines, *([say("nudges.uncertain", n=doubts)] if doubts else [])])),
        *([kit.actions(buttons)] if buttons else []),
        kit.context(say.mrkdwn("nudges.once", owner=owner)),
    ]
