"""What can be done about a campaign in each of its states: only buttons that work."""

from bot.core.approvals import Verdict, is_open
from bot.core.campaigns import Campaign, State
from bot.core.copies import is_pilot, may_invite
from bot.core.delivery import Progress
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.campaign_counts import left, stopping
from handlers.blocks.questionnaires import change_button

NEW, EDIT, CANCEL, PAUSE, RESUME, STOP, SEND_NOW, RESCHEDULE, DISCARD, DUPLICATE, INVITE = (
    f"campaigns.{verb}"
    for verb in (
        "new", "edit", "cancel", "pause", "resume", "stop", "send_now", "reschedule", "discard", "duplicate",
        "invite",
    )
)  # fmt: skip
LISTED = "listed"  # the argument of a button in a list of campaigns, which is drawn again after the click


def new(say: Say) -> kit.Block:
    return kit.button(say("campaigns.new"), NEW, style="primary")


def again(say: Say, campaign: Campaign, list_id: str) -> kit.Block:
    """*Same as last time*: that campaign, to this list."""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=list_id)
    return kit.button(say("copies.again"), DUPLICATE, target)


def acts(
    say: Say, campaign: Campaign, progress: Progress, *, listed: bool = False, more: bool = True
) -> list[kit.Block]:
    """`more`: also what answers no question: another campaign made of it, another link."""
    argument = LISTED if listed else ""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=argument)
    plain = kit.Target(id=campaign.id, revision=campaign.revision)  # an edit's argument would be a step
    link = change_button(say, campaign) if more and not listed else []
    copy = [kit.button(say("copies.duplicate"), DUPLICATE, plain)] if more else []
    match campaign.state:
        case State.DRAFT:
            return [
                kit.button(say(_resumes(campaign)), EDIT, plain, style="primary"),
                discard(say, campaign, argument),
            ]
        case State.SCHEDULED | State.AWAITING:
            edit = kit.button(say("campaigns.edit"), EDIT, plain)
            return [edit, _move(say, plain), *copy, _cancel(say, campaign, target)]
        case State.SENDING:
            pause = kit.button(say("campaigns.pause"), PAUSE, target)
            return [pause, *link, *copy, _stop(say, progress, target)]
        case State.PAUSED:
            resume = kit.button(say("campaigns.resume"), RESUME, target, style="primary")
            return [resume, *link, *copy, _stop(say, progress, target)]
        case State.HELD if campaign.departed_at is None:
            asks = kit.button(say("approvals.again"), SEND_NOW, target, style="primary")
            return [
                asks if _is_unapproved(campaign) else _send_now(say, target, campaign.audience_size),
                _move(say, plain),
                kit.button(say("campaigns.edit"), EDIT, plain),
                *copy,
                _cancel(say, campaign, target),
            ]
        case State.HELD:
            return [_send_now(say, target, left(progress)), *link, *copy, _stop(say, progress, target)]
        case State.SENT | State.STOPPED:
            return [*_invite(say, campaign, plain), *link, *copy]
        case State.CANCELLED | State.FAILED:
            return copy


def discard(say: Say, draft: Campaign, argument: str = "") -> kit.Block:
    """A draft is gone for good: asked before."""
    asked = kit.confirm(
        say("copies.discard.ask"), say.mrkdwn("copies.discard.name", name=draft.name or draft.list_title),
        say("campaigns.discard"), say("campaigns.keep"),
    )  # fmt: skip
    target = kit.Target(id=draft.id, revision=draft.revision, argument=argument)
    return kit.button(say("campaigns.discard"), DISCARD, target, style="danger", ask=asked)


def _invite(say: Say, campaign: Campaign, target: kit.Target) -> list[kit.Block]:
    if not may_invite(campaign):
        return []
    words = say("copies.invite.rest" if is_pilot(campaign) else "copies.invite")
    return [kit.button(words, INVITE, target)]


def attending(
    say: Say, campaign: Campaign, progress: Progress, *, resumes: bool = True, argument: str = LISTED
) -> list[kit.Block]:
    """What an admin may do about somebody else's, and a deputy, who resumes nothing: whether a held one
    leaves is asked of its owner alone."""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=argument)
    match campaign.state:
        case State.SENDING:
            return [kit.button(say("campaigns.pause"), PAUSE, target), _stop(say, progress, target)]
        case State.PAUSED:
            resume = [kit.button(say("campaigns.resume"), RESUME, target)] if resumes else []
            return [*resume, _stop(say, progress, target)]
        case State.HELD if campaign.departed_at is not None:
            return [_stop(say, progress, target)]
        case State.HELD | State.SCHEDULED | State.AWAITING:
            return [
                kit.button(say("campaigns.stop"), STOP, target, style="danger", ask=_asked(say, campaign))
            ]
        case _:
            return []


def _resumes(draft: Campaign) -> str:
    """Refused an approval, it is to be changed."""
    is_refused = draft.approval is not None and draft.approval.verdict is Verdict.REFUSED
    return "campaigns.edit" if is_refused else "campaigns.resume.draft"


def _is_unapproved(campaign: Campaign) -> bool:
    """Held for want of an approval: it is asked again, and nothing leaves before it."""
    is_missing = campaign.why is not None and campaign.why.key == "approvals.why.missing"
    return is_open(campaign.approval) or is_missing


def _move(say: Say, target: kit.Target) -> kit.Block:
    return kit.button(say("campaigns.reschedule"), RESCHEDULE, target)


def _send_now(say: Say, target: kit.Target, count: int) -> kit.Block:
    """It leaves at once: the number is said before."""
    asked = kit.confirm(
        say("campaigns.send_now.ask"), say("campaigns.send_now.people", n=count), say("campaigns.send_now"),
        say("campaigns.not_yet"), danger=False,
    )  # fmt: skip
    return kit.button(say("campaigns.send_now"), SEND_NOW, target, style="primary", ask=asked)


def _cancel(say: Say, campaign: Campaign, target: kit.Target) -> kit.Block:
    return kit.button(say("campaigns.cancel"), CANCEL, target, style="danger", ask=_asked(say, campaign))


def _asked(say: Say, campaign: Campaign) -> kit.Block:
    """Before departure, to stop is to cancel."""
    return kit.confirm(
        say("campaigns.cancel.ask"), say.mrkdwn("campaigns.cancel.people", n=campaign.audience_size),
        say("campaigns.cancel.yes"), say("campaigns.keep"),
    )  # fmt: skip


def _stop(say: Say, progress: Progress, target: kit.Target) -> kit.Block:
    words = " ".join([*stopping(say, progress), say("campaigns.stop.open")])
    asked = kit.confirm(say("campaigns.stop.ask"), words, say("campaigns.stop"), say("campaigns.stop.no"))
    return kit.button(say("campaigns.stop"), STOP, target, style="danger", ask=asked)
