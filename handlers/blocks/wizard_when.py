"""Step 4: now or later, and at what pace; and the small dialog for another moment once it is scheduled."""

from datetime import datetime

from bot.core.campaigns import Campaign, Step, When
from bot.core.pace import SPEEDS
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.moments import place
from handlers.blocks.wizard import CALLBACKS, VALUE, Shown, buttons, frame, onward

WHEN, SEND_AT, SPEED = "when", "send_at", "speed"
FASTEST = 0
MOVE = "move"  # the metadata's argument: another moment for a campaign that is no draft


def when(shown: Shown, *, moment: datetime, undo_seconds: int) -> kit.View:
    """`moment` is what *later* proposes; `undo_seconds`, how long *now* can be taken back."""
    say = shown.say
    options = {
        When.LATER: kit.option(say("campaigns.when.later"), When.LATER.value),
        When.NOW: kit.option(_now(shown, undo_seconds), When.NOW.value),
    }
    element: kit.Block = {
        "type": "radio_buttons",
        "action_id": VALUE,
        "options": list(options.values()),
        "initial_option": options[shown.draft.when],
    }
    blocks = [kit.labelled(WHEN, say("campaigns.when.label"), element), _picker(say, moment)]
    if shown.options or shown.draft.speed:
        blocks.append(_speed(shown))
    blocks.append(buttons(shown, more=not shown.draft.speed))
    return frame(shown, Step.WHEN, blocks, submit=onward(shown))


def _speed(shown: Shown) -> kit.Block:
    """A pace that was chosen is always in sight."""
    say = shown.say
    options = {FASTEST: kit.option(say("pace.fastest"), str(FASTEST))}
    options |= {speed: kit.option(say("pace.speed", count=speed), str(speed)) for speed in SPEEDS}
    chosen = options.get(shown.draft.speed, options[FASTEST])
    element = kit.select(VALUE, list(options.values()), chosen)
    return kit.labelled(SPEED, say("pace.label"), element, hint=say("pace.hint"))


def _now(shown: Shown, undo_seconds: int) -> str:
    if shown.draft.to_myself or not undo_seconds:
        return shown.say("campaigns.when.now")
    return shown.say("campaigns.when.now.undo", n=undo_seconds)


def _picker(say: Say, moment: datetime) -> kit.Block:
    element: kit.Block = {
        "type": "datetimepicker",
        "action_id": VALUE,
        "initial_date_time": int(moment.timestamp()),
    }
    hint = say("campaigns.when.send_at.hint", place=place(say))
    return kit.labelled(SEND_AT, say("campaigns.when.send_at"), element, hint=hint)


def reschedule(say: Say, campaign: Campaign, moment: datetime) -> kit.View:
    """Another moment for a campaign that was scheduled or is held."""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=MOVE)
    blocks = [
        kit.context(say.mrkdwn("campaigns.when.move", name=campaign.name)),
        _picker(say, moment),
    ]
    return kit.modal(
        CALLBACKS[Step.WHEN], say("campaigns.title.when"), blocks, metadata=str(target),
        submit=say("campaigns.save"), close=say("campaigns.close"),
    )  # fmt: skip
