"""What a campaign's deputy is told of it. Never the people, the letter or the addresses."""

from bot.core.attending import Attended
from bot.core.campaigns import State
from bot.core.people import called
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.campaign_buttons import attending
from handlers.blocks.others import head, standing

NEWS = frozenset({State.SCHEDULED, State.SENDING})  # what the message was posted for; else, its state


def message(say: Say, one: Attended, *, is_departed: bool) -> tuple[str, list[kit.Block]]:
    """What the deputy knows of it; `is_departed`: in the message that told of its departure."""
    campaign, owner = one.campaign, called(one.owner)
    if campaign.departed_at is not None and not is_departed:
        return _line(say.mrkdwn("deputies.left", name=campaign.name, owner=owner))
    if campaign.state is State.DRAFT:
        return _line(say.mrkdwn("deputies.draft", name=campaign.name, owner=owner))
    key = "deputies.departed" if is_departed else "deputies.planned"
    text = say.mrkdwn(key, name=campaign.name, owner=owner)
    buttons = attending(say, campaign, one.progress, resumes=False, argument="")
    first = text if campaign.state in NEWS else head(say, one)
    return text, [
        kit.section("\n".join([first, *standing(say, one)])),
        *([kit.actions(buttons)] if buttons else []),
        kit.context(say.mrkdwn("deputies.role", owner=owner) if buttons else say("deputies.over")),
    ]


def _line(text: str) -> tuple[str, list[kit.Block]]:
    return text, [kit.section(text)]
