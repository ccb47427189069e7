"""What can be done about a campaign in each of its states: only buttons that work."""

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.campaign_counts import left

NEW, EDIT, CANCEL, PAUSE, RESUME, STOP, SEND_NOW, RESCHEDULE = (
    f"campaigns.{verb}"
    for verb in ("new", "edit", "cancel", "pause", "resume", "stop", "send_now", "reschedule")
)
LISTED = "listed"  # the argument of a button in a list of campaigns, which is drawn again after the click


def new(say: Say) -> kit.Block:
    return kit.button(say("campaigns.new"), NEW, style="primary")


def acts(say: Say, campaign: Campaign, progress: Progress, *, listed: bool = False) -> list[kit.Block]:
    argument = LISTED if listed else ""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=argument)
    plain = kit.Target(id=campaign.id, revision=campaign.revision)  # an edit's argument would be a step
    match campaign.state:
        case State.DRAFT:
            return [kit.button(say("campaigns.resume.draft"), EDIT, plain, style="primary")]
        case State.SCHEDULED:
            return [
                kit.button(say("campaigns.edit"), EDIT, plain),
                _move(say, plain),
                _cancel(say, campaign, target),
            ]
        case State.AWAITING:
            return [_cancel(say, campaign, target)]
        case State.SENDING:
            return [kit.button(say("campaigns.pause"), PAUSE, target), _stop(say, progress, target)]
        case State.PAUSED:
            resume = kit.button(say("campaigns.resume"), RESUME, target, style="primary")
            return [resume, _stop(say, progress, target)]
        case State.HELD if campaign.departed_at is None:
            return [
                _send_now(say, target, campaign.audience_size),
                _move(say, plain),
                _cancel(say, campaign, target),
            ]
        case State.HELD:
            return [_send_now(say, target, left(progress)), _stop(say, progress, target)]
        case State.SENT | State.STOPPED | State.CANCELLED | State.FAILED:
            return []


def attending(say: Say, campaign: Campaign, progress: Progress) -> list[kit.Block]:
    """What an admin may do about somebody else's: whether a held one leaves is asked of its owner alone."""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=LISTED)
    match campaign.state:
        case State.SENDING:
            return [kit.button(say("campaigns.pause"), PAUSE, target), _stop(say, progress, target)]
        case State.PAUSED:
            return [kit.button(say("campaigns.resume"), RESUME, target), _stop(say, progress, target)]
        case State.HELD if campaign.departed_at is None:
            return [
                kit.button(say("campaigns.stop"), STOP, target, style="danger", ask=_asked(say, campaign))
            ]
        case State.HELD:
            return [_stop(say, progress, target)]
        case _:
            return []


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
    gone = progress.accepted + progress.uncertain
    words = " ".join([say("campaigns.stop.gone", n=gone), say("campaigns.stop.left", n=left(progress))])
    asked = kit.confirm(
        say("campaigns.stop.ask"), f"{words} {say('campaigns.stop.open')}", say("campaigns.stop"),
        say("campaigns.stop.no"),
    )  # fmt: skip
    return kit.button(say("campaigns.stop"), STOP, target, style="danger", ask=asked)
