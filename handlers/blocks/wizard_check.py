"""Step 5, the hub: everything once more, exactly, and the button that schedules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core import pace
from bot.core.campaigns import Step, When
from bot.core.contacts import Contact
from bot.core.letters import Sender
from bot.core.lists import ContactList
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.moments import distance, place
from handlers.blocks.wizard import EDIT, Shown, buttons, frame
from handlers.blocks.wizard_recipients import equation

TEST, PREVIEW = "campaigns.test", "campaigns.preview"
QUOTED = 2_500  # characters of the letter that the dialog shows
LONGEST_SUBMIT = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What was counted and read. `subject` and `words` are the letter of `contact`, the `place`-th of
    the list's sample; `places` is how many there are to look at."""

    contact_list: ContactList
    total: int
    count: int
    left_out: Mapping[str, int]
    contact: Contact
    place: int
    places: int
    subject: str
    words: str
    now: datetime
    undo_seconds: int


def check(shown: Shown, checked: Checked) -> kit.View:
    return frame(
        _warned(shown, checked),
        Step.CHECK,
        [
            _part(shown, Step.RECIPIENTS, _recipients(shown.say, checked)),
            _part(shown, Step.WHEN, "\n".join([_when(shown, checked), *_pace(shown, checked)])),
            _part(shown, Step.MESSAGE, _message(shown, checked)),
            _part(shown, Step.PARAMETERS, _parameters(shown)),
            # above the letter: what their click gives is told on top, and must be in sight
            buttons(shown, others=_others(shown, checked)),
            kit.divider(),
            _letter(checked.words),
            kit.context(_whose(shown, checked)),
        ],
        submit=_submit(shown, checked.count) if checked.count else "",
    )


def _warned(shown: Shown, checked: Checked) -> Shown:
    """One alert at most: what just happened, else what stands in the way."""
    if shown.told:
        return shown
    if not checked.count:
        told = shown.say.mrkdwn("campaigns.check.nobody", title=checked.contact_list.title)
        return _telling(shown, told, "error")
    if shown.draft.is_tested or shown.draft.to_myself:
        return shown
    if not shown.member.email:
        return _telling(shown, shown.say("campaigns.test.no_address"), "warning")
    return _telling(shown, shown.say("campaigns.check.untested"), "warning")


def _telling(shown: Shown, told: str, level: str) -> Shown:
    return Shown(
        say=shown.say, member=shown.member, draft=shown.draft, hub=shown.hub, options=shown.options,
        told=told, level=level,
    )  # fmt: skip


def _part(shown: Shown, step: Step, words: str) -> kit.Block:
    """A part of the check with its *Edit*."""
    target = kit.Target(id=shown.draft.id, revision=shown.draft.revision, argument=step.value)
    accessory = kit.button(shown.say("campaigns.edit"), EDIT, target)
    return kit.section(words, accessory=accessory, block_id=f"check.{step.value}")


def _recipients(say: Say, checked: Checked) -> str:
    people = say("words.people", n=checked.count)
    lines = [f"*{people}* · {escaped(checked.contact_list.title)}"]
    if checked.left_out:
        counted = equation(say, checked.total, checked.left_out)
        lines.append(say("campaigns.check.counted", equation=counted))
    return "\n".join(lines)


def _when(shown: Shown, checked: Checked) -> str:
    say, draft = shown.say, shown.draft
    if draft.when is When.NOW:
        if draft.to_myself or not checked.undo_seconds:
            return say("campaigns.check.now")
        return say("campaigns.check.now.undo", n=checked.undo_seconds)
    if draft.send_at is None or draft.send_at <= checked.now:
        return say("campaigns.check.past")
    return say(
        "campaigns.check.later", moment=draft.send_at, place=place(say),
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
    lines = [f"*{escaped(checked.subject)}*", say.mrkdwn("campaigns.check.sender", sender=str(draft.sender))]
    if draft.reply_to:
        lines[1] += " · " + say.mrkdwn("campaigns.check.reply_to", address=_address(draft.reply_to))
    return "\n".join(lines)


def _address(sender: Sender) -> str:
    return sender.address


def _parameters(shown: Shown) -> str:
    return shown.say("campaigns.check.link", link=linked(shown.draft.link))


def linked(link: str) -> str:
    """The link, to be tried, under its own address without the scheme."""
    address = escaped(link).replace("|", "%7C")
    words = escaped(kit.cut(link.partition("//")[2].rstrip("/"), 60))
    return f"<{address}|{words}>"


def _letter(words: str) -> kit.Block:
    """Quoted as rich text: nothing in a letter can become a mention or a style of ours."""
    text: kit.Block = {"type": "text", "text": kit.cut(words, QUOTED)}
    quote = {"type": "rich_text_quote", "elements": [text]}
    return {"type": "rich_text", "elements": [quote]}


def _whose(shown: Shown, checked: Checked) -> str:
    say, contact = shown.say, checked.contact
    name = contact.full_name() or contact.email
    if shown.draft.to_myself:
        return say("campaigns.check.mine")
    return say.mrkdwn("campaigns.check.whose", name=name, row=str(contact.row))


def _others(shown: Shown, checked: Checked) -> list[kit.Block]:
    """Only what works: no test without an address to send it to, nor of what goes to oneself anyway; no other
    contact in a list of one."""
    draft, row = shown.draft, list[kit.Block]()
    if shown.member.email and not draft.to_myself:
        here = kit.Target(id=draft.id, revision=draft.revision, argument=str(checked.place))
        row.append(kit.button(shown.say("campaigns.test"), TEST, here))
    if checked.places > 1:
        following = str((checked.place + 1) % checked.places)
        there = kit.Target(id=draft.id, revision=draft.revision, argument=following)
        row.append(kit.button(shown.say("campaigns.preview"), PREVIEW, there))
    return row


def _submit(shown: Shown, count: int) -> str:
    """The button carries the number; seven digits need fewer words beside them."""
    verb = "now" if shown.draft.when is When.NOW else "later"
    words = shown.say(f"campaigns.submit.{verb}", count=count)
    return words if len(words) <= LONGEST_SUBMIT else shown.say("campaigns.submit.short", count=count)
