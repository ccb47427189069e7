"""A reminder that is about to leave, or was held: what is asked of the campaign's owner; and the dialogs in
which one is moved, or sent by hand."""

from datetime import datetime

from bot.core import planning, restored
from bot.core.campaigns import SUBJECT_LENGTH, Campaign, State
from bot.core.decisions import SEND_AT, TO_UNSURE
from bot.core.delivery import Progress
from bot.core.reminders import Reminder
from bot.core.sentences import Sentence
from bot.core.silent import Preview, Silence
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.campaign_buttons import ANSWERS, MOVE, REMIND, choices
from handlers.blocks.moments import place, stamp, stamped
from handlers.blocks.reminders import BODY, SUBJECT, words
from handlers.blocks.richtext_drafts import rich_text
from handlers.blocks.wizard import VALUE

SLOW = "reminders.said.slow"
IN_PLACE = frozenset({"reminders.said.everybody"})  # said where it was asked: the person clicked there


def subject(campaign: Campaign, number: int) -> str:
    """Under which the message about that reminder is noted."""
    return f"{campaign.id}/reminder/{number}"


def number_of(said: Sentence) -> int:
    """Of the reminder it is about; 0 where it is about none."""
    number = said.values.get("number")
    return number if said.key.startswith("reminders.") and isinstance(number, int) else 0


def asked(say: Say, campaign: Campaign, progress: Progress, said: Sentence) -> tuple[str, list[kit.Block]]:
    """Where nobody knows who has answered, the person may say so here, too."""
    text, number = say.mrkdwn(said), number_of(said)
    reminder = campaign.reminders[number - 1]
    is_unknown = reminder.unknown and not reminder.to_unsure
    plain = kit.Target(id=campaign.id, revision=campaign.revision)
    told = [kit.button(say("answered.button"), ANSWERS, plain)] if is_unknown else []
    buttons = [*told, *choices(say, campaign, progress, number)]
    return text, [kit.section(_stamped(say, said)), kit.actions(buttons)]


def _stamped(say: Say, said: Sentence) -> str:
    """Of one that takes hours, what is said of that has moments of its own."""
    parts = [part for part in said.values.values() if isinstance(part, Sentence)]
    if said.key != SLOW:
        return stamped(say, said)
    return " ".join(stamped(say, part) for part in parts)


def closed(say: Say, campaign: Campaign, number: int) -> tuple[str, list[kit.Block]]:
    """In the place of a question that is none any more."""
    text = _closed(say, campaign, number)
    return text, [kit.section(text)]


def _closed(say: Say, campaign: Campaign, number: int) -> str:
    reminder = campaign.reminders[number - 1] if number <= len(campaign.reminders) else Reminder(days=0)
    if planning.is_asked(campaign, number):
        return say.mrkdwn("reminders.closed.below", name=campaign.name, number=number)
    if reminder.wave:
        left_at = stamp(say, reminder.left_at or campaign.created_at)
        return say("reminders.closed.left", name=_name(say, campaign), number=number, moment=left_at)
    if reminder.skipped:
        return say.mrkdwn("reminders.closed.skipped", name=campaign.name, number=number)
    one = planning.coming(campaign)
    if one is not None and one.number == number:
        moment = stamp(say, one.moment)
        return say("reminders.closed.moved", name=_name(say, campaign), number=number, moment=moment)
    if campaign.state is State.SENT and campaign.rests:
        return say.mrkdwn("reminders.closed.rests", name=campaign.name, number=number)
    if campaign.state is State.SENT and campaign.closing_at is not None:
        closing = stamp(say, campaign.closing_at)
        return say("reminders.closed.closing", name=_name(say, campaign), number=number, closing=closing)
    return say.mrkdwn(
        "campaigns.message.text", name=campaign.name, state=say(f"campaigns.is.{campaign.state.value}")
    )


def _name(say: Say, campaign: Campaign) -> str:
    return say.mrkdwn("reminders.name", name=campaign.name)


# --- dialogs ------------------------------------------------------------------------------------------


def move(say: Say, campaign: Campaign, number: int, moment: datetime) -> kit.View:
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=str(number))
    element: kit.Block = {
        "type": "datetimepicker",
        "action_id": VALUE,
        "initial_date_time": int(moment.timestamp()),
    }
    hint = say("campaigns.when.send_at.hint", place=place(say, moment))
    return kit.modal(
        MOVE, say("reminders.move.title"),
        [
            kit.context(say.mrkdwn("reminders.move.about", name=campaign.name, number=number)),
            kit.labelled(SEND_AT, say("campaigns.when.send_at"), element, hint=hint),
        ],
        metadata=str(target), submit=say("campaigns.save"), close=say("campaigns.close"),
    )  # fmt: skip


def by_hand(say: Say, campaign: Campaign, preview: Preview) -> kit.View:
    """Whom it reaches, in which words. The submit button carries the number."""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=str(preview.wave))
    people = preview.outlook.people
    blocks = [
        kit.section(counted(say, preview), block_id="people"),
        *_restored(say, campaign),
        *([] if preview.is_known else _unknown(say)),
        *_words(say, campaign, preview),
        kit.context(say.mrkdwn("reminders.hand.about", name=campaign.name)),
        *_slow(say, preview),
        *_moved(say, preview),
    ]
    submit = say("reminders.hand.submit", count=people)
    return kit.modal(
        REMIND, say("reminders.hand.title"), blocks, metadata=str(target),
        submit=submit if len(submit) <= 24 else say("reminders.hand.submit.short"),
        close=say("campaigns.close"),
    )  # fmt: skip


def _slow(say: Say, preview: Preview) -> list[kit.Block]:
    return [kit.context(stamped(say, preview.slow))] if preview.slow else []


def _moved(say: Say, preview: Preview) -> list[kit.Block]:
    """What becomes of the next that is planned."""
    if preview.moved is None:
        return []
    before, after = stamp(say, preview.moved.before), preview.moved.after
    if after is None:
        return [kit.context(say("reminders.hand.dropped", before=before))]
    return [kit.context(say("reminders.hand.moved", before=before, after=stamp(say, after)))]


def counted(say: Say, preview: Preview) -> str:
    """`*412 à relancer* · 38 ont répondu, dont 12 depuis hier · 3 désinscrits`"""
    outlook = preview.outlook
    terms = [f"*{say('reminders.hand.people', n=outlook.people)}*"]
    for cause in (Silence.ANSWERED, Silence.OBJECTED, Silence.BOUNCED, Silence.UNCERTAIN, Silence.NEVER):
        n = outlook.left_out.get(cause, 0)
        if not n:
            continue
        term = say(f"reminders.hand.{cause.value}", n=n)
        if cause is Silence.ANSWERED and preview.lately:
            term = say("reminders.hand.lately", term=term, count=preview.lately)
        terms.append(term)
    return " · ".join(terms)


def _restored(say: Say, campaign: Campaign) -> list[kit.Block]:
    """Until something of it has left again."""
    if campaign.restored_at is None or not restored.is_doubtful(campaign):
        return []
    moment = stamp(say, campaign.restored_at)
    return [kit.section(say("reminders.hand.restored", moment=moment), block_id="restored")]


def _unknown(say: Say) -> list[kit.Block]:
    """Nobody knows who has answered: it is said, and has to be accepted."""
    box = kit.option(say("reminders.hand.to_unsure"), TO_UNSURE)
    element: kit.Block = {"type": "checkboxes", "action_id": VALUE, "options": [box]}
    return [
        kit.section(say("reminders.hand.unknown"), block_id="unknown"),
        kit.labelled(TO_UNSURE, say("reminders.everybody"), element),
    ]


def _words(say: Say, campaign: Campaign, preview: Preview) -> list[kit.Block]:
    """To change, or only to read where the letter was approved by somebody else."""
    title, body = words(campaign, Reminder(days=0, subject=preview.subject, body=preview.body))
    if not preview.is_worded:
        text = say.mrkdwn("reminders.hand.words", subject=title, body=kit.cut(body, 2_500))
        return [kit.section(text, block_id="words"), kit.context(say("reminders.hand.fixed"))]
    editor: kit.Block = {
        "type": "rich_text_input", "action_id": VALUE, "initial_value": rich_text(body)
    }  # fmt: skip
    return [
        kit.labelled(
            SUBJECT, say("campaigns.message.subject"), kit.text_input(VALUE, title, limit=SUBJECT_LENGTH)
        ),
        kit.labelled(BODY, say("campaigns.message.body"), editor, hint=say("reminders.body.hint")),
        kit.context(say(f"message.syntax.{campaign.language.value}")),
    ]
