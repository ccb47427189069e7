"""The campaign's message, its line on Home and in "campagnes", and what is said beside them."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.sentences import Sentence
from bot.texts import Say, escaped
from handlers.blocks import kit, live
from handlers.blocks.approvals import awaited
from handlers.blocks.campaign_buttons import ANSWERS, EDIT, LISTED, acts, discard, new
from handlers.blocks.campaign_buttons import DISCARD as DISCARD
from handlers.blocks.campaign_counts import account, going, notes, pace, plain
from handlers.blocks.charts import charts
from handlers.blocks.moments import stamp
from handlers.blocks.others import Others, others
from handlers.blocks.reminders import following
from handlers.blocks.wizard import STEPS
from handlers.blocks.wizard_check import linked

MOST = 10  # campaigns in the message of "campagnes"
FEWER = 6  # where drafts or campaigns of others stand below
DRAFTS = 4  # with two buttons each
PASSING = {
    State.DRAFT: "campaigns.was.draft",
    State.AWAITING: "approvals.was_asked",
    State.SCHEDULED: "campaigns.was.scheduled",
    State.SENDING: "campaigns.was.sending",
}
Followed = Sequence[tuple[Campaign, Progress]]


def message(say: Say, campaign: Campaign, progress: Progress) -> tuple[str, list[kit.Block]]:
    """The campaign's one message, as its state is now: text for the notification, and blocks."""
    state = say(f"campaigns.is.{campaign.state.value}")
    text = say.mrkdwn("campaigns.message.text", name=campaign.name, state=state)
    title = say("campaigns.message.header", name=campaign.name, state=state)
    buttons = acts(say, campaign, progress)
    row = [kit.actions(buttons)] if buttons else []
    if not live.is_live(campaign, progress):
        told = [kit.section(words) for words in _told(say, campaign, progress)]
        return text, [kit.header(title), *told, *row, kit.context(_about(say, campaign))]
    may_tell = any(one["action_id"] == ANSWERS for one in buttons)
    return f"{text} · {live.brief(say, campaign, progress)}", [
        kit.header(title), *(kit.section(words) for words in _why(say, campaign)),
        live.numbers(say, campaign, progress),
        *(kit.section(words) for words in live.details(say, campaign, progress)),
        *row, *charts(say, campaign, progress),
        kit.context(live.known(say, campaign, progress, may_tell=may_tell)),
        kit.context(_about(say, campaign, *plain(say, campaign, progress))),
    ]  # fmt: skip


def _told(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    """What there is to say, in the order in which a person asks."""
    why = _why(say, campaign)
    match campaign.state:
        case State.DRAFT:
            return [say("campaigns.told.draft")]
        case State.AWAITING:
            return [*awaited(say, campaign), *following(say, campaign)]
        case State.SCHEDULED:
            return [_departure(say, campaign), *following(say, campaign)]
        case State.CANCELLED:
            return [say("campaigns.told.cancelled")]
        case State.HELD if campaign.departed_at is None:
            return [*why, say("campaigns.told.held")]
        case State.SENDING:
            how_far = [going(say, campaign, progress), account(say, progress)]
            return [*how_far, *pace(say, progress), *notes(say, progress)]
        case State.STOPPED:
            kept = [say("campaigns.told.stopped", n=progress.pending)] if progress.pending else []
            return [*kept, account(say, progress), *notes(say, progress)]
        case State.SENT | State.PAUSED | State.HELD | State.FAILED:
            return [*why, account(say, progress), *notes(say, progress)]


def _departure(say: Say, campaign: Campaign) -> str:
    assert campaign.send_at is not None
    people = say("words.people", n=campaign.expected or campaign.audience_size)
    return say("campaigns.told.scheduled", moment=stamp(say, campaign.send_at), people=people)


def _why(say: Say, campaign: Campaign) -> list[str]:
    return [say.mrkdwn(campaign.why)] if campaign.why else []


def _about(say: Say, campaign: Campaign, *more: str) -> str:
    words = [
        *more, escaped(campaign.list_title), say.mrkdwn("campaigns.check.sender", sender=str(campaign.sender))
    ]  # fmt: skip
    if campaign.link:
        words.append(linked(campaign.link))
    if campaign.ended_at:
        ended = stamp(say, campaign.ended_at)
        words.append(say("live.ended", moment=ended) if campaign.departed_at else ended)
    return " · ".join(words)


def asked(say: Say, campaign: Campaign, progress: Progress, said: Sentence) -> tuple[str, list[kit.Block]]:
    """A question in a message of its own, with what can be done under it."""
    text = say.mrkdwn(said)
    return text, [kit.section(text), kit.actions(acts(say, campaign, progress, more=False))]


def answered(say: Say, campaign: Campaign) -> tuple[str, list[kit.Block]]:
    """In its place once the campaign goes on, or is over. It stays as it is then said: what does not last is
    told as what was done."""
    if campaign.state in PASSING:
        text = say.mrkdwn(PASSING[campaign.state], name=campaign.name)
        return text, [kit.section(text)]
    state = say(f"campaigns.is.{campaign.state.value}")
    text = say.mrkdwn("campaigns.message.text", name=campaign.name, state=state)
    return text, [kit.section(text)]


# --- lines --------------------------------------------------------------------------------------------


def line(say: Say, campaign: Campaign, progress: Progress) -> list[kit.Block]:
    """At most two blocks: what it is, and what can be done about it."""
    state = say(f"campaigns.is.{campaign.state.value}")
    head = say.mrkdwn("campaigns.line", name=campaign.name, state=state)
    told = _told(say, campaign, progress)[:2]
    if live.is_live(campaign, progress):
        told = [*_why(say, campaign), *live.standing(say, campaign, progress)]
    words = kit.section("\n".join([head, *told]))
    buttons = acts(say, campaign, progress, listed=True)
    return [words, kit.actions(buttons)] if buttons else [words]


def listing(say: Say, followed: Followed, attended: Others = ()) -> tuple[str, list[kit.Block]]:
    """The answer to "campagnes": newest first; drafts below, and campaigns of others."""
    if not followed:
        words, nothing = none(say)
        return words, [*nothing, *others(say, attended)]
    begun = [campaign for campaign, _ in followed if campaign.state is State.DRAFT]
    campaigns = [pair for pair in followed if pair[0].state is not State.DRAFT]
    most = FEWER if attended or begun else MOST
    title = say("campaigns.listing", n=len(campaigns)) if campaigns else say("copies.drafts", n=len(begun))
    blocks = [kit.header(title)] if campaigns else []
    for campaign, progress in campaigns[:most]:
        blocks += [*line(say, campaign, progress), kit.divider()]
    if (unseen := len(campaigns) - most) > 0:
        blocks.append(kit.context(say("campaigns.listing.more", n=unseen)))
    blocks += [*drafts(say, begun, argument=LISTED), kit.actions([new(say)])]
    return title, [*blocks, *others(say, attended)]


def none(say: Say) -> tuple[str, list[kit.Block]]:
    words = say("campaigns.none")
    return words, [kit.section(words), kit.actions([new(say)])]


def offer(say: Say) -> tuple[str, list[kit.Block]]:
    """The answer to "campagne" in the DM: a dialog needs a click."""
    words = say("campaigns.offer")
    return words, [kit.section(words), kit.actions([new(say)])]


def choice(say: Say, key: str, followed: Followed) -> tuple[str, list[kit.Block]]:
    """Which one is to stop? A line each."""
    words = say(key, n=len(followed))
    blocks = [kit.section(words)]
    for campaign, progress in followed[:MOST]:
        blocks += line(say, campaign, progress)
    return words, blocks


# --- drafts -------------------------------------------------------------------------------------------


def drafts(say: Say, begun: Sequence[Campaign], *, argument: str = "") -> list[kit.Block]:
    """Each resumed in one click. `argument`: of the buttons' own list, which is drawn again."""
    if not begun:
        return []
    found = sorted(begun, key=changed_at, reverse=True)
    blocks = [kit.header(say("copies.drafts", n=len(begun)))]
    for draft in found[:DRAFTS]:
        blocks += _draft(say, draft, argument)
    if (unseen := len(found) - DRAFTS) > 0:
        blocks.append(kit.context(say("copies.drafts.more", n=unseen)))
    return blocks


def _draft(say: Say, draft: Campaign, argument: str) -> list[kit.Block]:
    where = say(f"campaigns.title.{draft.step.value}")
    words = say(
        "copies.draft.line", name=escaped(draft.name) or say("copies.draft.unnamed"),
        title=escaped(draft.list_title), step=STEPS.index(draft.step) + 1, where=where,
        moment=stamp(say, changed_at(draft)),
    )  # fmt: skip
    target = kit.Target(id=draft.id, revision=draft.revision)
    resume = kit.button(say("campaigns.resume.draft"), EDIT, target)
    return [kit.section(words), kit.actions([resume, discard(say, draft, argument)])]


def changed_at(draft: Campaign) -> datetime:
    return draft.changed_at or draft.created_at


def kept(say: Say, draft: Campaign) -> tuple[str, list[kit.Block]]:
    """Said when the dialog is closed before the end."""
    target = kit.Target(id=draft.id, revision=draft.revision)
    words = say.mrkdwn("campaigns.kept", name=draft.name)
    buttons = [
        kit.button(say("campaigns.resume.draft"), EDIT, target, style="primary"), discard(say, draft)
    ]  # fmt: skip
    return words, [kit.section(words), kit.actions(buttons)]


def discarded(say: Say, name: str) -> tuple[str, list[kit.Block]]:
    words = say.mrkdwn("campaigns.discarded", name=name)
    return words, [kit.section(words)]
