"""Step 5, the hub: everything once more, exactly, and the button that schedules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import pace
from bot.core.approvals import is_needed
from bot.core.campaigns import Step, When
from bot.core.choosing import Reach
from bot.core.letters import Sender
from bot.core.lint import Finding, blocking
from bot.core.lists import ContactList
from bot.texts import escaped
from handlers.blocks import answers, kit, lint, previews, recipients
from handlers.blocks.moments import distance, place, readers
from handlers.blocks.previews import Read
from handlers.blocks.reminders import planned
from handlers.blocks.tallies import Tally
from handlers.blocks.wizard import EDIT, Shown, buttons, frame
from handlers.blocks.wizard_answers import told

LONGEST_SUBMIT = 24
LISTED = 4  # of a campaign's lists


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What was counted, read and found."""

    lists: Sequence[ContactList]
    reach: Reach
    read: Read
    now: datetime
    undo_seconds: int
    findings: tuple[Finding, ...] = ()
    approval_above: int | None = None  # the settings' number

    @property
    def count(self) -> int:
        return self.reach.count

    @property
    def tally(self) -> Tally:
        return Tally.of(self.count, self.lists)


def check(shown: Shown, checked: Checked) -> kit.View:
    """Its metadata's argument is what was counted."""
    view = frame(
        shown,
        Step.CHECK,
        [
            *lint.findings(shown, checked.findings),
            _part(shown, Step.RECIPIENTS, _recipients(shown, checked)),
            _part(shown, Step.WHEN, "\n".join(_departure(shown, checked))),
            _part(shown, Step.MESSAGE, _message(shown, checked)),
            _part(shown, Step.PARAMETERS, _parameters(shown)),
            *_approval(shown, checked),
            # above the letter: what their click gives is told on top, and must be in sight
            *previews.testers(shown),
            buttons(shown, others=previews.test_button(shown, checked.read)),
            kit.divider(),
            *previews.letter(shown, checked.read),
        ],
        submit="" if blocking(checked.findings) else _submit(shown, checked),
    )
    return {**view, "private_metadata": str(replace(shown.target, argument=str(checked.tally)))}


def _part(shown: Shown, step: Step, words: str) -> kit.Block:
    """A part of the check with its *Edit*."""
    target = kit.Target(id=shown.draft.id, revision=shown.draft.revision, argument=step.value)
    accessory = kit.button(shown.say("campaigns.edit"), EDIT, target)
    return kit.section(words, accessory=accessory, block_id=f"check.{step.value}")


def _recipients(shown: Shown, checked: Checked) -> str:
    """Whom, of which lists, and how they were counted."""
    say, selection = shown.say, shown.draft.selection
    titles = say.joined(escaped(kit.cut(one.title, 60)) for one in checked.lists[:LISTED])
    more = "…" if len(checked.lists) > LISTED else ""
    counted, *others = recipients.counted(say, checked.reach, selection)
    lines = [f"{counted} · {titles}{more}", *others, *recipients.described(say, selection)]
    return "\n".join([*lines, say("campaigns.check.recounted")])


def _departure(shown: Shown, checked: Checked) -> list[str]:
    """When, here and where the letters are read; at what pace; and what is planned after it."""
    say, draft = shown.say, shown.draft
    lines = [_when(shown, checked)]
    if draft.when is When.LATER and draft.send_at is not None and draft.send_at > checked.now:
        lines += readers(say, draft, draft.send_at)
    return [*lines, *_pace(shown, checked), *planned(say, draft, checked.now)]


def _approval(shown: Shown, checked: Checked) -> list[kit.Block]:
    """That somebody else is asked first."""
    if not _is_asked(shown, checked):
        return []
    above = checked.approval_above
    return [kit.context(shown.say("approvals.check", n=above or 0))]


def _is_asked(shown: Shown, checked: Checked) -> bool:
    return is_needed(checked.count, checked.approval_above, to_myself=shown.draft.to_myself)


def _when(shown: Shown, checked: Checked) -> str:
    say, draft = shown.say, shown.draft
    if draft.when is When.NOW:
        if draft.to_myself or not checked.undo_seconds:
            return say("campaigns.check.now")
        return say("campaigns.check.now.undo", n=checked.undo_seconds)
    if draft.send_at is None or draft.send_at <= checked.now:
        return say("campaigns.check.past")
    return say(
        "campaigns.check.later", moment=draft.send_at, place=place(say, draft.send_at),
        distance=distance(say, draft.send_at - checked.now),
    )  # fmt: skip


def _pace(shown: Shown, checked: Checked) -> list[str]:
    """At a pace: how many an hour, and until when."""
    say, draft = shown.say, shown.draft
    start = draft.send_at if draft.when is When.LATER else checked.now
    until = pace.ends_at(start, checked.count, draft.speed) if start else None
    return [say("pace.check", count=draft.speed, moment=until)] if until else []


def _message(shown: Shown, checked: Checked) -> str:
    say, draft = shown.say, shown.draft
    sender = say.mrkdwn("campaigns.check.sender", sender=str(draft.sender))
    lines = [f"*{escaped(checked.read.subject)}*", sender]
    if draft.reply_to:
        lines[1] += " · " + say.mrkdwn("campaigns.check.reply_to", address=_address(draft.reply_to))
    return "\n".join(lines)


def _address(sender: Sender) -> str:
    return sender.address


def _parameters(shown: Shown) -> str:
    say, draft = shown.say, shown.draft
    lines = [say("campaigns.check.link", link=linked(draft.link))]
    lines.append(told(say, draft.link, draft.placement, draft.link_parameter, draft.link_column))
    lines.append(answers.checked(say, draft))
    if draft.closing_at:
        lines.append(say("questionnaires.closing.check", moment=draft.closing_at))
    if draft.deputy:
        lines.append(say("campaigns.check.deputy", who=f"<@{draft.deputy}>"))
    return "\n".join(lines)


def linked(link: str) -> str:
    """The link, to be tried, under its own address without the scheme."""
    address = escaped(link).replace("|", "%7C")
    words = escaped(kit.cut(link.partition("//")[2].rstrip("/"), 60))
    return f"<{address}|{words}>"


def _submit(shown: Shown, checked: Checked) -> str:
    """The button carries the number; seven digits need fewer words beside them."""
    say, count = shown.say, checked.count
    if _is_asked(shown, checked):
        words, short = say("approvals.submit", count=count), say("approvals.submit.short", count=count)
    else:
        verb = "now" if shown.draft.when is When.NOW else "later"
        words = say(f"campaigns.submit.{verb}", count=count)
        short = say("campaigns.submit.short", count=count)
    return words if len(words) <= LONGEST_SUBMIT else short
