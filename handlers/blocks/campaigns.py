"""The campaign's message, its line on Home and in "campagnes", and what is said beside them."""

from collections.abc import Sequence

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.sentences import Sentence
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.campaign_buttons import acts, new
from handlers.blocks.campaign_counts import account, bar, left, notes, pace
from handlers.blocks.moments import stamp
from handlers.blocks.others import Others, others
from handlers.blocks.wizard_check import linked

EDIT, DISCARD = "campaigns.edit", "campaigns.discard"
LISTED = 10  # campaigns in the message of "campagnes"
FEWER = 8  # where campaigns of others stand below
Followed = Sequence[tuple[Campaign, Progress]]


def message(say: Say, campaign: Campaign, progress: Progress) -> tuple[str, list[kit.Block]]:
    """The campaign's one message, as its state is now: text for the notification, and blocks."""
    state = say(f"campaigns.is.{campaign.state.value}")
    text = say.mrkdwn("campaigns.message.text", name=campaign.name, state=state)
    title = say("campaigns.message.header", name=campaign.name, state=state)
    blocks = [kit.header(title), *(kit.section(words) for words in _told(say, campaign, progress))]
    if buttons := acts(say, campaign, progress):
        blocks.append(kit.actions(buttons))
    blocks.append(kit.context(_about(say, campaign)))
    return text, blocks


def _told(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    """What there is to say, in the order in which a person asks."""
    why = [say.mrkdwn(campaign.why)] if campaign.why else []
    match campaign.state:
        case State.DRAFT:
            return [say("campaigns.told.draft")]
        case State.AWAITING:
            return [say("campaigns.told.awaiting")]
        case State.SCHEDULED:
            return [_departure(say, campaign)]
        case State.CANCELLED:
            return [say("campaigns.told.cancelled")]
        case State.HELD if campaign.departed_at is None:
            return [*why, say("campaigns.told.held")]
        case State.SENDING:
            return [bar(say, progress), account(say, progress), *pace(say, progress), *notes(say, progress)]
        case State.STOPPED:
            kept = [say("campaigns.told.stopped", n=left(progress))] if left(progress) else []
            return [*kept, account(say, progress), *notes(say, progress)]
        case State.SENT | State.PAUSED | State.HELD | State.FAILED:
            return [*why, account(say, progress), *notes(say, progress)]


def _departure(say: Say, campaign: Campaign) -> str:
    assert campaign.send_at is not None
    people = say("words.people", n=campaign.audience_size)
    return say("campaigns.told.scheduled", moment=stamp(say, campaign.send_at), people=people)


def _about(say: Say, campaign: Campaign) -> str:
    words = [escaped(campaign.list_title), say.mrkdwn("campaigns.check.sender", sender=str(campaign.sender))]
    if campaign.link:
        words.append(linked(campaign.link))
    if campaign.ended_at:
        words.append(stamp(say, campaign.ended_at))
    return " · ".join(words)


def asked(say: Say, campaign: Campaign, progress: Progress, said: Sentence) -> tuple[str, list[kit.Block]]:
    """A question in a message of its own, with what can be done under it."""
    text = say.mrkdwn(said)
    return text, [kit.section(text), kit.actions(acts(say, campaign, progress))]


# --- lines --------------------------------------------------------------------------------------------


def line(say: Say, campaign: Campaign, progress: Progress) -> list[kit.Block]:
    """At most two blocks: what it is, and what can be done about it."""
    state = say(f"campaigns.is.{campaign.state.value}")
    head = say.mrkdwn("campaigns.line", name=campaign.name, state=state)
    words = kit.section("\n".join([head, *_told(say, campaign, progress)][:3]))
    buttons = acts(say, campaign, progress, listed=True)
    return [words, kit.actions(buttons)] if buttons else [words]


def listing(say: Say, followed: Followed, attended: Others = ()) -> tuple[str, list[kit.Block]]:
    """The answer to "campagnes": newest first; for an admin, those of others below."""
    if not followed:
        words, nothing = none(say)
        return words, [*nothing, *others(say, attended)]
    title = say("campaigns.listing", n=len(followed))
    blocks = [kit.header(title)]
    for campaign, progress in followed[: LISTED if not attended else FEWER]:
        blocks += [*line(say, campaign, progress), kit.divider()]
    if (unseen := len(followed) - (LISTED if not attended else FEWER)) > 0:
        blocks.append(kit.context(say("campaigns.listing.more", n=unseen)))
    blocks.append(kit.actions([new(say)]))
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
    for campaign, progress in followed[:LISTED]:
        blocks += line(say, campaign, progress)
    return words, blocks


# --- drafts -------------------------------------------------------------------------------------------


def kept(say: Say, draft: Campaign) -> tuple[str, list[kit.Block]]:
    """Said when the dialog is closed before the end."""
    target = kit.Target(id=draft.id, revision=draft.revision)
    words = say.mrkdwn("campaigns.kept", name=draft.name)
    buttons = [
        kit.button(say("campaigns.resume.draft"), EDIT, target, style="primary"),
        kit.button(say("campaigns.discard"), DISCARD, target),
    ]
    return words, [kit.section(words), kit.actions(buttons)]


def discarded(say: Say, name: str) -> tuple[str, list[kit.Block]]:
    words = say.mrkdwn("campaigns.discarded", name=name)
    return words, [kit.section(words)]
