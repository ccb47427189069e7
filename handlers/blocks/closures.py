"""A closed account: what becomes of a campaign left behind, asked of who looks after the bot."""

from bot.core.attending import Attended
from bot.core.campaigns import Campaign, State
from bot.core.closures import Answer
from bot.core.people import Member, called
from bot.core.planning import coming
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.campaign_buttons import attending
from handlers.blocks.moments import stamp
from handlers.blocks.others import standing

LET_GO, TAKE_OVER = "campaigns.let_go", "campaigns.take_over"
ASKED = "closed"  # the argument of a button in this message, which is drawn again after the click
GOING = frozenset({State.SCHEDULED, State.SENDING})  # there is something to let go
OPEN = GOING | {State.AWAITING, State.PAUSED, State.HELD}


def is_open(campaign: Campaign) -> bool:
    """Is there anything to decide?"""
    return campaign.state in OPEN or _is_going(campaign)


def _is_going(campaign: Campaign) -> bool:
    """Sent, it goes on as long as a reminder is to leave."""
    return campaign.state in GOING or coming(campaign) is not None


def message(say: Say, one: Attended, by: Member | None, *, replies_lost: bool) -> tuple[str, list[kit.Block]]:
    """`by`: who has answered."""
    campaign = one.campaign
    text = _text(say, one)
    if by is not None and campaign.closure and campaign.closure.answer:
        text = _answered(say, campaign, campaign.closure.answer, by)
        return text, [kit.section(text)]
    if not is_open(campaign):
        state = say(f"campaigns.is.{campaign.state.value}")
        text = say.mrkdwn("closures.over", name=campaign.name, state=state)
        return text, [kit.section(text)]
    lost = [say("closures.replies")] if replies_lost else []
    return text, [
        kit.header(say("closures.header", owner=called(one.owner))),
        kit.section("\n".join([text, *(standing(say, one) if campaign.departed_at else []), *lost])),
        kit.actions(_buttons(say, one)),
        kit.context(say("closures.about.going" if _is_going(campaign) else "closures.about.waiting")),
    ]


def _text(say: Say, one: Attended) -> str:
    campaign, owner = one.campaign, called(one.owner)
    if campaign.state is State.SCHEDULED and campaign.send_at is not None:
        people = say("words.people", n=campaign.audience_size)
        return say(
            "closures.scheduled", name=escaped(campaign.name), owner=escaped(owner),
            moment=stamp(say, campaign.send_at), people=people,
        )  # fmt: skip
    if campaign.state is State.SENT:
        return say.mrkdwn("closures.reminding", name=campaign.name, owner=owner)
    key = "closures.sending" if campaign.state is State.SENDING else "closures.waiting"
    state = say(f"campaigns.is.{campaign.state.value}")
    return say.mrkdwn(key, name=campaign.name, owner=owner, state=state)


def _answered(say: Say, campaign: Campaign, answer: Answer, by: Member) -> str:
    return say.mrkdwn(f"closures.done.{answer.value}", name=campaign.name, who=called(by))


def _buttons(say: Say, one: Attended) -> list[kit.Block]:
    campaign = one.campaign
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=ASKED)
    going = [kit.button(say("closures.let_go"), LET_GO, target)] if _is_going(campaign) else []
    asked = kit.confirm(
        say("closures.take_over.ask"),
        say.mrkdwn("closures.take_over.what", owner=called(one.owner), title=campaign.list_title),
        say("closures.take_over"), say("campaigns.not_yet"), danger=False,
    )  # fmt: skip
    take_over = kit.button(say("closures.take_over"), TAKE_OVER, target, style="primary", ask=asked)
    stop = attending(say, campaign, one.progress, argument=ASKED)[-1:]
    return [take_over, *going, *stop]
