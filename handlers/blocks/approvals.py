"""Whether a large campaign may leave: the question in the approvers' channel, and what became of it.

The channel sees the letter as somebody invented would read it, numbers and domains: no address and no name of
a recipient.
"""

from collections.abc import Iterator, Sequence

from bot.core.approvals import COMMENT_LENGTH, Approval, Verdict
from bot.core.campaigns import Campaign, State
from bot.texts import Say, escaped
from handlers.blocks import kit, quotes
from handlers.blocks.moments import readers, stamp
from handlers.blocks.wizard_check import linked

APPROVE, REFUSE = "campaigns.approve", "campaigns.refuse"  # REFUSE: the dialog too
READ = "campaigns.read_letters"
COMMENT = "comment"
VALUE = "value"


def message(say: Say, campaign: Campaign, *, in_dm: bool = False) -> tuple[str, list[kit.Block]]:
    """As it stands now, from the record alone. `in_dm`: asked of an admin, not in the channel."""
    approval = campaign.approval
    assert approval is not None
    title = say(f"approvals.title.{approval.verdict.value}", name=campaign.name)
    text = say.mrkdwn(f"approvals.title.{approval.verdict.value}", name=campaign.name)
    outcome = _outcome(say, campaign, approval)
    words = _words(approval)
    shown = quotes.in_message(words)
    hidden = quotes.missing(words, shown) + approval.unkept
    blocks = [
        kit.header(title),
        *([kit.section(outcome)] if outcome else []),
        kit.section(_asked(say, campaign, approval)),
        kit.section("\n".join(_numbers(say, campaign, approval))),
        kit.section("\n".join(_sent(say, campaign, approval))),
        *_letters(say, approval, shown),
        *([kit.section(say(_where(approval), n=hidden))] if hidden else []),
        kit.context(" ".join(_about(say, approval, in_dm=in_dm))),
    ]
    return text, [
        *blocks,
        *([_buttons(say, campaign, approval, hidden)] if approval.verdict is Verdict.ASKED else []),
    ]


def _about(say: Say, approval: Approval, *, in_dm: bool) -> list[str]:
    """Whose letter it is; and who may answer, as long as it is asked."""
    who = say("approvals.who.admins" if in_dm else "approvals.who.members")
    return [say("approvals.invented"), *([who] if approval.verdict is Verdict.ASKED else [])]


def _outcome(say: Say, campaign: Campaign, approval: Approval) -> str:
    who = f"<@{approval.by}>" if approval.by else ""
    at = stamp(say, approval.decided_at) if approval.decided_at else ""
    match approval.verdict:
        case Verdict.ASKED:
            return say("approvals.is.passed") if campaign.state is State.HELD else ""
        case Verdict.APPROVED:
            return say("approvals.is.approved", who=who, at=at)
        case Verdict.REFUSED:
            return say("approvals.is.refused", who=who, at=at, comment=escaped(approval.comment))
        case Verdict.WITHDRAWN:
            return say("approvals.is.withdrawn", who=f"<@{campaign.owner}>", at=at)


def _asked(say: Say, campaign: Campaign, approval: Approval) -> str:
    """Who asks, and when it would leave."""
    asked = say("approvals.asked", who=f"<@{campaign.owner}>", name=escaped(campaign.name))
    is_open = approval.verdict is Verdict.ASKED
    if campaign.send_at is None:
        return "\n".join([asked, *([say("approvals.at_once")] if is_open else [])])
    key = "approvals.moment" if is_open else "approvals.leaves"
    moment = say(key, moment=stamp(say, campaign.send_at))
    return "\n".join([asked, moment, *readers(say, campaign, campaign.send_at, "approvals.readers")])


def _numbers(say: Say, campaign: Campaign, approval: Approval) -> list[str]:
    people = say("words.people", n=approval.people)
    lines = [say("approvals.people", people=people, title=escaped(campaign.list_title))]
    if approval.given_for:
        lines.append(say("approvals.more", n=approval.people, given=approval.given_for))
    if approval.left_out:
        causes = [say(f"campaigns.left_out.{cause}", n=count) for cause, count in approval.left_out]
        lines.append(say("approvals.left_out", causes=say.joined(causes)))
    if approval.domains:
        named = [_domain(say, domain, count) for domain, count in approval.domains]
        lines.append(say("approvals.domains", domains=say.joined(named)))
    return lines


def _domain(say: Say, domain: str, count: int) -> str:
    """In code, or Slack would make a link of it."""
    if not domain:
        return say("approvals.domains.others", n=count)
    return say("approvals.domain", domain=escaped(kit.cut(domain, 60)).replace("`", "'"), n=count)


def _sent(say: Say, campaign: Campaign, approval: Approval) -> list[str]:
    return [
        say.mrkdwn("campaigns.check.sender", sender=str(campaign.sender)),
        say("campaigns.check.link", link=linked(campaign.link)),
        f"*{escaped(approval.subject.strip() or '–')}*",
    ]


def _words(approval: Approval) -> list[str]:
    return [approval.words, *(words for _, words in approval.reminders)]


def _letters(say: Say, approval: Approval, shown: Sequence[str]) -> Iterator[kit.Block]:
    """The invitation, under its subject; and the reminders, which leave without another question."""
    yield from quotes.quotes(shown[0])
    for number, ((subject, _), words) in enumerate(zip(approval.reminders, shown[1:], strict=True), 1):
        yield kit.section(say("approvals.reminder", number=number, subject=escaped(subject or "–")))
        yield from quotes.quotes(words)


def _where(approval: Approval) -> str:
    """The rest of the letters: behind the button, as long as there are buttons."""
    return "approvals.hidden" if approval.verdict is Verdict.ASKED else "approvals.unread"


def letters(say: Say, campaign: Campaign) -> kit.View:
    """To their ends; what even a dialog has no room for is told."""
    approval = campaign.approval
    assert approval is not None
    words = _words(approval)
    shown = quotes.in_dialog(words)
    hidden = quotes.missing(words, shown) + approval.unkept
    blocks = [
        kit.section(f"*{escaped(approval.subject.strip() or '–')}*"),
        *_letters(say, approval, shown),
        *([kit.section(say("approvals.unread", n=hidden))] if hidden else []),
        kit.context(say("approvals.invented")),
    ]
    return kit.modal(READ, say("approvals.read.title"), blocks, close=say("campaigns.close"))


def _buttons(say: Say, campaign: Campaign, approval: Approval, hidden: int) -> kit.Block:
    """`hidden`: characters of the letters that stand in the dialog only."""
    target = kit.Target(id=campaign.id, revision=approval.revision)
    told = [say("approvals.approve.people", n=approval.people)]
    if hidden:
        told.append(say("approvals.approve.hidden", n=hidden))
    asked = kit.confirm(
        say("approvals.approve.ask"), " ".join(told),
        say("approvals.approve"), say("campaigns.not_yet"), danger=False,
    )  # fmt: skip
    return kit.actions(
        [
            kit.button(say("approvals.approve"), APPROVE, target, style="primary", ask=asked),
            kit.button(say("approvals.refuse"), REFUSE, target, style="danger"),
            *([kit.button(say("approvals.read"), READ, target)] if hidden else []),
        ]
    )


def replaced(say: Say, campaign: Campaign) -> tuple[str, list[kit.Block]]:
    """A question asked anew, below: this one's buttons are gone."""
    text = say.mrkdwn("approvals.replaced", name=campaign.name)
    return text, [kit.section(text)]


def refusal(say: Say, campaign: Campaign, place: str) -> kit.View:
    """Why not: its owner reads it. The metadata's argument is where it was asked."""
    assert campaign.approval is not None
    target = kit.Target(id=campaign.id, revision=campaign.approval.revision, argument=place)
    element = kit.text_input(VALUE, multiline=True, limit=COMMENT_LENGTH)
    blocks = [
        kit.section(say.mrkdwn("approvals.refuse.told", name=campaign.name)),
        kit.labelled(COMMENT, say("approvals.comment"), element, hint=say("approvals.comment.hint")),
    ]
    return kit.modal(
        REFUSE, say("approvals.refuse.title"), blocks, metadata=str(target), submit=say("approvals.refuse"),
        close=say("campaigns.close"),
    )  # fmt: skip


# --- what the owner reads -----------------------------------------------------------------------------


def awaited(say: Say, campaign: Campaign) -> list[str]:
    """Of whom it is awaited, for the campaign's own message; lines of mrkdwn."""
    approval = campaign.approval
    places = approval.places if approval else ()
    if not places:
        return [say("approvals.awaited.nobody")]
    named = [f"<@{one}>" if one[0] in "UW" else f"<#{one}>" for one in places]
    until = [say("approvals.awaited.until", moment=stamp(say, campaign.send_at))] if campaign.send_at else []
    return [
        say("approvals.awaited", places=say.joined(named[:5])),
        *(until or [say("approvals.awaited.undated")]),
    ]
