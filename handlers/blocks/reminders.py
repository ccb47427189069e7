"""Reminders as they are planned: in a step of the dialog, on the check, in the campaign's message; and the
dialog with the words of one."""

from datetime import datetime

from bot.core.answers import Source, guess
from bot.core.campaigns import SUBJECT_LENGTH, Campaign, State
from bot.core.delivery import Progress
from bot.core.doctor import diagnose
from bot.core.knowing import is_likely
from bot.core.planning import ahead, plan
from bot.core.reminders import Reminder
from bot.core.silent import about
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.moments import readers, readers_clock, stamp
from handlers.blocks.richtext_drafts import rich_text
from handlers.blocks.wizard import VALUE, Shown

REMINDER = "campaigns.reminder"  # the dialog, and the button that opens it
PREVIOUS, NEXT = "campaigns.reminder_previous", "campaigns.reminder_next"
SUBJECT, BODY = "subject", "body"
COMING = frozenset({State.SENDING, State.PAUSED, State.HELD, State.SENT})  # in these a reminder may follow


def lines(say: Say, campaign: Campaign, now: datetime) -> list[str]:
    """A line for each, in mrkdwn, before the departure: when it is planned."""
    found = []
    for one in plan(campaign, now):
        line = say("reminders.planned", number=one.number, moment=one.moment)
        there = readers_clock(say, campaign, one.moment)
        found.append(f"{line} ({there})" if there else line)
    return found


def promise(say: Say, campaign: Campaign) -> str:
    """What planning a reminder means, by how its owner expects to know who has answered."""
    tool = diagnose(campaign.link).tool
    how = campaign.answers_by or guess(tool, campaign.placement, has_webhook=False)
    known = {Source.WEBHOOK.value: "webhook", Source.UNKNOWN.value: "unknown"}
    return say(f"reminders.promise.{known.get(how, 'export')}")


def planned(say: Say, campaign: Campaign, now: datetime) -> list[str]:
    """All of it, where reminders are planned."""
    return [*lines(say, campaign, now), promise(say, campaign)] if campaign.reminders else []


def departed(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    """Once it has left: a line for each reminder that left, was skipped, or is to come; at most one of these
    with its number of people, since those after it depend on the answers until then."""
    if campaign.departed_at is None or not campaign.reminders:
        return []
    now = campaign.departed_at
    coming = {one.number: one.moment for one in ahead(campaign, now)}
    first = next(iter(coming), 0)
    found = []
    for number, one in enumerate(campaign.reminders, 1):
        if one.wave:
            found.append(_left(say, campaign, progress, number))
        elif one.skipped:
            found.append(say("reminders.live.skipped", number=number))
        elif number in coming and campaign.state in COMING:
            is_next = number == first and campaign.state is State.SENT and not campaign.rests
            key = "next" if is_next else "later"
            line = _to_come(say, campaign, progress, key, number, coming[number])
            there = readers_clock(say, campaign, coming[number])
            found.append(f"{line} ({there})" if there else line)
    if coming and campaign.rests and campaign.state is State.SENT:
        found.append(say("reminders.live.rests"))
    return found


def _left(say: Say, campaign: Campaign, progress: Progress, number: int) -> str:
    one = campaign.reminders[number - 1]
    # `later` holds the waves after the first: the first of them is wave 1
    wave = progress.later[one.wave - 1] if one.wave <= len(progress.later) else None
    if wave is None:
        return say("reminders.live.leaving", number=number)
    everybody = wave.people - wave.skipped - wave.rejected
    if waiting := wave.pending + wave.submitting:
        key = "going" if campaign.state is State.SENDING else "halted" if waiting < everybody else "waits"
        return say(f"reminders.live.{key}", number=number, done=everybody - waiting, n=everybody)
    # where it had to wait, that is later than the moment at which it was to leave
    moment = stamp(say, wave.begun_at or one.left_at or campaign.departed_at or campaign.created_at)
    return say("reminders.live.left", number=number, moment=moment, n=everybody)


def _to_come(
    say: Say, campaign: Campaign, progress: Progress, key: str, number: int, moment: datetime
) -> str:
    """Never a number of people where nobody knows who has answered."""
    reminder = campaign.reminders[number - 1]
    is_told = reminder.announced == moment
    if key == "next" and reminder.to_unsure:
        key = "everybody"
    elif key == "next" and is_told:
        key = "asked" if reminder.unknown else "soon"
    elif key == "next" and not is_likely(campaign):
        key = "unknown"
    return say(f"reminders.live.{key}", number=number, moment=stamp(say, moment), n=about(progress))


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
