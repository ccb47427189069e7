"""What can be done about a campaign in each of its states: only buttons that work."""

from dataclasses import replace

from bot.core.approvals import Verdict, is_open
from bot.core.campaigns import Campaign, State
from bot.core.copies import is_pilot, may_invite
from bot.core.delivery import Progress
from bot.core.planning import ahead, is_closed, is_half
from bot.core.reminders import MOST
from bot.core.silent import about
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.campaign_counts import left, stopping
from handlers.blocks.questionnaires import change_button

NEW, EDIT, CANCEL, PAUSE, RESUME, STOP, SEND_NOW, RESCHEDULE, DISCARD, DUPLICATE, INVITE, REMIND = (
    f"campaigns.{verb}"
    for verb in (
        "new", "edit", "cancel", "pause", "resume", "stop", "send_now", "reschedule", "discard", "duplicate",
        "invite", "remind",
    )
)  # fmt: skip
ANSWERS, REPORT = "campaigns.answers", "campaigns.report"  # who answered; all that is known, as a file
SKIP, MOVE, EVERYBODY = (f"campaigns.reminder_{verb}" for verb in ("skip", "move", "everybody"))
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
    is_wanted = more or is_closed(campaign, progress.at)  # nothing goes on before it closes later
    link = change_button(say, campaign) if is_wanted and not listed else []
    told = _told(say, campaign, plain) if more and not listed else []
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
            return [pause, *told, *link, *copy, stop(say, campaign, progress, target)]
        case State.PAUSED:
            resume = kit.button(say("campaigns.resume"), RESUME, target, style="primary")
            return [resume, *told, *link, *copy, stop(say, campaign, progress, target)]
        case State.HELD if campaign.departed_at is None and _is_unreadable(campaign):
            edit = kit.button(say("campaigns.edit"), EDIT, plain, style="primary")
            return [edit, *copy, _cancel(say, campaign, target)]
        case State.HELD if campaign.departed_at is None:
            asks = kit.button(say("approvals.again"), SEND_NOW, target, style="primary")
            return [
                asks if _is_unapproved(campaign) else _send_now(say, target, campaign.audience_size),
                _move(say, plain),
                kit.button(say("campaigns.edit"), EDIT, plain),
                *copy,
                _cancel(say, campaign, target),
            ]
        case State.HELD if campaign.asks_about:
            return [*choices(say, campaign, progress, campaign.asks_about, argument), *told, *link, *copy]
        case State.HELD:
            go_on = _send_now(say, target, left(progress))
            return [go_on, *told, *link, *copy, stop(say, campaign, progress, target)]
        case State.SENT:
            kept = _reminding(say, campaign, progress, target, plain, told)
            return [*kept, *_invite(say, campaign, plain), *link, *copy]
        case State.STOPPED:
            return [*told, *_invite(say, campaign, plain), *link, *copy]
        case State.CANCELLED | State.FAILED:
            return copy


def _is_unreadable(campaign: Campaign) -> bool:
    """No letter can be made of its words: nothing helps but to change them."""
    return campaign.why is not None and campaign.why.key == "campaigns.why.letter"


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


def _reminding(
    say: Say, campaign: Campaign, progress: Progress, target: kit.Target, plain: kit.Target,
    told: list[kit.Block],
) -> list[kit.Block]:  # fmt: skip
    """Of a campaign that was sent: a reminder by hand, and what becomes of those that are planned."""
    is_over = campaign.to_myself or is_closed(campaign, progress.at)
    may_remind = not is_over and campaign.wave < MOST
    remind = [kit.button(say("reminders.now"), REMIND, plain)] if may_remind else []
    return [*remind, *told, *_planned(say, campaign, progress, target)]


def _told(say: Say, campaign: Campaign, target: kit.Target) -> list[kit.Block]:
    """Who answered, told by the owner; and what is known of everybody, told to them. Not of a trial."""
    if campaign.to_myself or campaign.departed_at is None:
        return []
    return [
        kit.button(say("answered.button"), ANSWERS, target),
        kit.button(say("report.button"), REPORT, target),
    ]


def _planned(
    say: Say, campaign: Campaign, progress: Progress, target: kit.Target, *, resumes: bool = True
) -> list[kit.Block]:
    if not coming(campaign):
        return []
    if campaign.rests:
        go_on = [kit.button(say("campaigns.resume"), RESUME, target)] if resumes else []
    else:
        go_on = [kit.button(say("campaigns.pause"), PAUSE, target)]
    return [*go_on, stop(say, campaign, progress, target)]


def choices(
    say: Say, campaign: Campaign, progress: Progress, number: int, argument: str = ""
) -> list[kit.Block]:
    """What the owner may decide about a reminder. Where nobody knows who has answered, it goes to everybody
    or not at all."""
    reminder = campaign.reminders[number - 1]
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=str(number))
    row = list[kit.Block]()
    if reminder.unknown and not reminder.to_unsure:
        row.append(_everybody(say, campaign, progress, target))
    elif campaign.state is State.HELD:
        row.append(_remind_now(say, campaign, progress, target))
    return [
        *row,
        kit.button(say("reminders.skip"), SKIP, target),
        *([] if reminder.wave else [kit.button(say("reminders.move"), MOVE, target)]),
        stop(say, campaign, progress, replace(target, argument=argument)),
    ]


def _everybody(say: Say, campaign: Campaign, progress: Progress, target: kit.Target) -> kit.Block:
    key = "reminders.everybody.now" if campaign.state is State.HELD else "reminders.everybody.later"
    if is_copy := _is_copy(campaign):
        key = "reminders.everybody.copied"
    ask = kit.confirm(
        say("reminders.everybody.ask"), say(key, n=_reached(campaign, progress)), say("reminders.everybody"),
        say("campaigns.not_yet"), danger=is_copy,
    )  # fmt: skip
    return kit.button(say("reminders.everybody"), EVERYBODY, target, style="primary", ask=ask)


def _is_copy(campaign: Campaign) -> bool:
    """Of a folder put back from a copy nobody knows whether it has left since."""
    return campaign.why is not None and campaign.why.key == "storage.why.copied"


def _remind_now(say: Say, campaign: Campaign, progress: Progress, target: kit.Target) -> kit.Block:
    is_copy = _is_copy(campaign)
    key = "reminders.send_now.copied" if is_copy else "reminders.send_now.people"
    ask = kit.confirm(
        say("reminders.send_now.ask"), say(key, n=_reached(campaign, progress)), say("campaigns.send_now"),
        say("campaigns.not_yet"), danger=is_copy,
    )  # fmt: skip
    return kit.button(say("campaigns.send_now"), SEND_NOW, target, style="primary", ask=ask)


def _reached(campaign: Campaign, progress: Progress) -> int:
    """Of one asked about half-way, what is left of it."""
    return left(progress) if is_half(campaign) else about(progress)


def coming(campaign: Campaign) -> int:
    """How many reminders will leave, as things are; of one that departed, whose plan needs no clock."""
    return len(ahead(campaign, campaign.departed_at)) if campaign.departed_at else 0


def attending(
    say: Say, campaign: Campaign, progress: Progress, *, resumes: bool = True, argument: str = LISTED
) -> list[kit.Block]:
    """What an admin may do about somebody else's, and a deputy, who resumes nothing: whether a held one
    leaves is asked of its owner alone."""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=argument)
    match campaign.state:
        case State.SENDING:
            pause = kit.button(say("campaigns.pause"), PAUSE, target)
            return [pause, stop(say, campaign, progress, target)]
        case State.PAUSED:
            resume = [kit.button(say("campaigns.resume"), RESUME, target)] if resumes else []
            return [*resume, stop(say, campaign, progress, target)]
        case State.HELD if campaign.departed_at is not None:
            skip = _skip(say, campaign, campaign.asks_about) if campaign.asks_about else []
            return [*skip, stop(say, campaign, progress, target)]
        case State.SENT if coming(campaign):
            skip = _skip(say, campaign, ahead(campaign, campaign.created_at)[0].number)
            return [*skip, *_planned(say, campaign, progress, target, resumes=resumes)]
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


def _skip(say: Say, campaign: Campaign, number: int) -> list[kit.Block]:
    """The next reminder does not leave; whether another one does is asked of the owner alone."""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=str(number))
    return [kit.button(say("reminders.skip.number", number=number), SKIP, target)]


def stop(say: Say, campaign: Campaign, progress: Progress, target: kit.Target) -> kit.Block:
    left_out = [say("reminders.stop", n=n)] if (n := coming(campaign)) else []
    words = " ".join([*stopping(say, progress), *left_out, say("campaigns.stop.open")])
    asked = kit.confirm(say("campaigns.stop.ask"), words, say("campaigns.stop"), say("campaigns.stop.no"))
    return kit.button(say("campaigns.stop"), STOP, target, style="danger", ask=asked)
