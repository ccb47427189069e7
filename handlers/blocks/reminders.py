"""Reminders as they are planned: in a step of the dialog, on the check, in the campaign's message; and the
dialog with the words of one."""

from datetime import datetime

from bot.core.campaigns import SUBJECT_LENGTH, Campaign
from bot.core.planning import plan
from bot.core.reminders import Reminder
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.moments import readers, readers_clock
from handlers.blocks.richtext_drafts import rich_text
from handlers.blocks.wizard import VALUE, Shown

REMINDER = "campaigns.reminder"  # the dialog, and the button that opens it
PREVIOUS, NEXT = "campaigns.reminder_previous", "campaigns.reminder_next"
SUBJECT, BODY = "subject", "body"


def lines(say: Say, campaign: Campaign, now: datetime) -> list[str]:
    """A line for each, in mrkdwn, as long as nobody sends them: that they are planned, and no more."""
    found = []
    for one in plan(campaign, now):
        line = say("reminders.planned", number=one.number, moment=one.moment)
        there = readers_clock(say, campaign, one.moment)
        found.append(f"{line} ({there})" if there else line)
    return found


def promise(say: Say) -> str:
    """What planning a reminder means today. The one place to say more once they leave."""
    return say("reminders.kept")


def planned(say: Say, campaign: Campaign, now: datetime) -> list[str]:
    """All of it, where reminders are planned."""
    return [*lines(say, campaign, now), promise(say)] if campaign.reminders else []


def following(say: Say, campaign: Campaign) -> list[str]:
    """Beside the moment of a departure to come: the readers' own, and what is planned after it."""
    if campaign.send_at is None:
        return []
    found = [*readers(say, campaign, campaign.send_at), *planned(say, campaign, campaign.send_at)]
    return ["\n".join(found)] if found else []


def template(campaign: Campaign) -> tuple[str, str]:
    """Subject and body as we ship them, in the letter's language."""
    say = Say(campaign.language)
    return say("templates.reminder.subject"), say("templates.reminder.body")


def words(campaign: Campaign, reminder: Reminder) -> tuple[str, str]:
    subject, body = template(campaign)
    return reminder.subject or subject, reminder.body or body


def unshipped(campaign: Campaign, subject: str, body: str) -> tuple[str, str]:
    """What is to be kept of what was typed: nothing, where it is what we ship."""
    ours = template(campaign)
    return "" if subject.strip() == ours[0] else subject, "" if body.strip() == ours[1].strip() else body


def reminder(shown: Shown, number: int) -> kit.View:
    """The words of the `number`-th one, over the step. Its ids hold the number: what is typed in one never
    shows in another."""
    say, draft = shown.say, shown.draft
    count = len(draft.reminders)
    subject, body = words(draft, draft.reminders[number - 1])
    element: kit.Block = {
        "type": "rich_text_input",
        "action_id": f"{VALUE}.{number}",
        "initial_value": rich_text(body),
    }
    target = kit.Target(id=draft.id, revision=draft.revision, argument=str(number))
    blocks = [
        *([kit.alert(shown.told, shown.level) | {"block_id": "alert"}] if shown.told else []),
        kit.labelled(
            SUBJECT, say("campaigns.message.subject"),
            kit.text_input(f"{VALUE}.{number}", subject, limit=SUBJECT_LENGTH),
        ),
        kit.labelled(BODY, say("campaigns.message.body"), element, hint=say("reminders.body.hint")),
        kit.context(say(f"message.syntax.{draft.language.value}")),
        *_turns(shown, number, count),
    ]  # fmt: skip
    return kit.modal(
        REMINDER, say("reminders.title", number=number, count=count), blocks, metadata=str(target),
        submit=say("campaigns.save"), close=say("campaigns.close"),
    )  # fmt: skip


def _turns(shown: Shown, number: int, count: int) -> list[kit.Block]:
    """To the one before and the one after."""
    say, row = shown.say, list[kit.Block]()
    target = kit.Target(id=shown.draft.id, revision=shown.draft.revision, argument=str(number))
    if number > 1:
        row.append(kit.button(say("reminders.turn.previous", number=number - 1), PREVIOUS, target))
    if number < count:
        row.append(kit.button(say("reminders.turn.next", number=number + 1), NEXT, target))
    return [kit.actions(row, "turns")] if row else []
