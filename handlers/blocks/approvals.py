"""Whether a large campaign may leave: the question in the approvers' channel, and what became of it.

The channel sees the letter as somebody invented would read it, numbers and domains: no address and no name of
a recipient.
"""

from collections.abc import Iterator

from bot.core.approvals import COMMENT_LENGTH, Approval, Verdict
from bot.core.campaigns import Campaign, State
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.moments import readers, stamp
from handlers.blocks.wizard_check import linked

APPROVE, REFUSE = "campaigns.approve", "campaigns.refuse"  # REFUSE: the dialog too
COMMENT = "comment"
VALUE = "value"


def message(say: Say, campaign: Campaign, *, in_dm: bool = False) -> tuple[str, list[kit.Block]]:
    """As it stands now, from the record alone. `in_dm`: asked of an admin, not in the channel."""
    approval = campaign.approval
    assert approval is not None
    title = say(f"approvals.title.{approval.verdict.value}", name=campaign.name)
    text = say.mrkdwn(f"approvals.title.{approval.verdict.value}", name=campaign.name)
    outcome = _outcome(say, campaign, approval)
    blocks = [
        kit.header(title),
        *([kit.section(outcome)] if outcome else []),
        kit.section(_asked(say, campaign, approval)),
        kit.section("\n".join(_numbers(say, campaign, approval))),
        kit.section("\n".join(_sent(say, campaign, approval))),
        _letter(approval.words),
        *_reminders(say, approval),
        kit.context(" ".join(_about(say, approval, in_dm=in_dm))),
    ]
    return text, [
        *blocks,
        *([_buttons(say, campaign, approval)] if approval.verdict is Verdict.ASKED else []),
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


def _letter(words: str) -> kit.Block:
    """Quoted as rich text: nothing in a letter can become a mention or a style of ours."""
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": words or "–"}]}
    return {"type": "rich_text", "elements": [quote]}


def _reminders(say: Say, approval: Approval) -> Iterator[kit.Block]:
    """They leave without another question: their words are read now."""
    for number, (subject, words) in enumerate(approval.reminders, 1):
        yield kit.section(say("approvals.reminder", number=number, subject=escaped(subject or "–")))
        yield _letter(words)


def _buttons(say: Say, campaign: Campaign, approval: Approval) -> kit.Block:
    target = kit.Target(id=campaign.id, revision=approval.revision)
    asked = kit.confirm(
        say("approvals.approve.ask"), say("approvals.approve.people", n=approval.people),
        say("approvals.approve"), say("campaigns.not_yet"), danger=False,
    )  # fmt: skip
    return kit.actions(
        [
            kit.button(say("approvals.approve"), APPROVE, target, style="primary", ask=asked),
            kit.button(say("approvals.refuse"), REFUSE, target, style="danger"),
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
