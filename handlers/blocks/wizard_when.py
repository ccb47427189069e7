"""Step 4: now or later, the reminders, and at what pace; and the small dialog for another moment once it is
scheduled.

Every choice is heard at once (`LIVE`), so that the moments below it are always those of what stands above.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.campaigns import Campaign, Step, When
from bot.core.moments import ZONES, read_alike
from bot.core.pace import SPEEDS
from bot.core.planning import calendar
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.moments import place, readers
from handlers.blocks.reminders import REMINDER, lines, promise
from handlers.blocks.wizard import CALLBACKS, VALUE, Shown, buttons, frame, onward

WHEN, SEND_AT, SPEED, READERS_ZONE = "when", "send_at", "speed", "readers_zone"
REMINDERS, REMINDER_DAYS = "reminders", "reminder_days"
LIVE = "campaigns.moment"  # the action_id of what is heard at once
DAYS = "campaigns.days."  # and how that of the days begins: their number follows
FASTEST = 0
MOVE = "move"  # the metadata's argument: another moment for a campaign that is no draft


def when(shown: Shown, *, moment: datetime, undo_seconds: int, now: datetime) -> kit.View:
    """`moment` is what *later* proposes; `undo_seconds`, how long *now* can be taken back."""
    say, draft = shown.say, shown.draft
    blocks = [
        _choice(shown, undo_seconds),
        _picker(say, moment, live=True),
        *_readers_moment(shown, moment),
        *([] if draft.to_myself else _reminders(shown, now)),
        *([_speed(shown)] if shown.options or draft.speed else []),
        *([_zone(shown, moment)] if shown.options and not draft.to_myself else []),
        buttons(shown, more=True, others=_words(shown)),
    ]
    return frame(shown, Step.WHEN, blocks, submit=onward(shown))


def _choice(shown: Shown, undo_seconds: int) -> kit.Block:
    say = shown.say
    options = {
        When.LATER: kit.option(say("campaigns.when.later"), When.LATER.value),
        When.NOW: kit.option(_now(shown, undo_seconds), When.NOW.value),
    }
    element: kit.Block = {
        "type": "radio_buttons",
        "action_id": LIVE,
        "options": list(options.values()),
        "initial_option": options[shown.draft.when],
    }
    return kit.labelled(WHEN, say("campaigns.when.label"), element, dispatch=True)


def _now(shown: Shown, undo_seconds: int) -> str:
    if shown.draft.to_myself or not undo_seconds:
        return shown.say("campaigns.when.now")
    return shown.say("campaigns.when.now.undo", n=undo_seconds)


def _picker(say: Say, moment: datetime, *, live: bool = False) -> kit.Block:
    element: kit.Block = {
        "type": "datetimepicker",
        "action_id": LIVE if live else VALUE,
        "initial_date_time": int(moment.timestamp()),
    }
    hint = say("campaigns.when.send_at.hint", place=place(say, moment))
    return kit.labelled(SEND_AT, say("campaigns.when.send_at"), element, hint=hint, dispatch=live)


def _readers_moment(shown: Shown, moment: datetime) -> list[kit.Block]:
    """Under the picker: the same moment on the readers' clocks, where they show another time."""
    if shown.draft.when is When.NOW or not (theirs := readers(shown.say, shown.draft, moment)):
        return []
    ours = shown.say("when.ours", moment=moment, place=place(shown.say, moment))
    return [kit.section("\n".join([ours, *theirs]), block_id="both")]


# --- reminders ----------------------------------------------------------------------------------------


def _reminders(shown: Shown, now: datetime) -> list[kit.Block]:
    """How many, on which days, and what that means on the calendar."""
    say, draft = shown.say, shown.draft
    count, most = len(draft.reminders), calendar(draft, now).most
    offered = range(max(most, count) + 1)
    options = [
        kit.option(say("reminders.count", n=one) if one else say("reminders.none"), str(one))
        for one in offered
    ]
    element = kit.select(LIVE, options, options[count])
    hint = say("reminders.hint" if most else "reminders.hint.closing")
    blocks = [kit.labelled(REMINDERS, say("reminders.label"), element, hint=hint, dispatch=True)]
    return [*blocks, *_days(shown, now)] if count else blocks


def _days(shown: Shown, now: datetime) -> list[kit.Block]:
    say, draft = shown.say, shown.draft
    days = ", ".join(str(one.days) for one in draft.reminders)
    # another number of them is another field: Slack would keep what was typed for the number before
    element = kit.text_input(f"{DAYS}{len(draft.reminders)}", days, limit=40)
    element["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    told = kit.section("\n".join([*lines(say, draft, now), promise(say, draft)]), block_id="plan")
    return [
        kit.labelled(
            REMINDER_DAYS, say("reminders.days"), element,
            hint=say("reminders.days.hint"), dispatch=True,
        ),
        told,
    ]  # fmt: skip


def _words(shown: Shown) -> list[kit.Block]:
    count = len(shown.draft.reminders)
    if not count or shown.draft.to_myself:
        return []
    target = kit.Target(id=shown.draft.id, revision=shown.draft.revision, argument="1")
    return [kit.button(shown.say("reminders.words", n=count), REMINDER, target)]


# --- more options -------------------------------------------------------------------------------------


def _speed(shown: Shown) -> kit.Block:
    """A pace that was chosen is always in sight."""
    say = shown.say
    options = {FASTEST: kit.option(say("pace.fastest"), str(FASTEST))}
    options |= {speed: kit.option(say("pace.speed", count=speed), str(speed)) for speed in SPEEDS}
    chosen = options.get(shown.draft.speed, options[FASTEST])
    element = kit.select(VALUE, list(options.values()), chosen)
    return kit.labelled(SPEED, say("pace.label"), element, hint=say("pace.hint"))


def _zone(shown: Shown, moment: datetime) -> kit.Block:
    """The usual zones, and the person's own; each with what its clocks will show."""
    say, draft = shown.say, shown.draft
    chosen = draft.readers_zone or str(say.zone)
    names = dict.fromkeys([str(say.zone), chosen, *ZONES])
    options = {name: kit.option(_clock(say, name, moment), name) for name in names}
    element = kit.select(LIVE, list(options.values())[:100], options[chosen])
    return kit.labelled(READERS_ZONE, say("when.zone"), element, hint=say("when.zone.hint"), dispatch=True)


def _clock(say: Say, zone: str, moment: datetime) -> str:
    """`Londres`, and what time it will be there where it is another than here."""
    there = Say(say.language, ZoneInfo(zone))
    if read_alike(moment, say.zone, there.zone):
        return place(there)
    return say("when.zone.clock", place=place(there), time=there.moment(moment, say("when.clock")))


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
