"""What step 4's inputs hold: as it stands while somebody chooses, and judged once it is sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.campaigns import Campaign, When
from bot.core.moments import is_zone
from bot.core.planning import calendar
from bot.core.reminders import MOST, planned, read_days, resized
from bot.core.sentences import Refusal
from handlers import campaign_forms as forms
from handlers import payloads
from handlers.blocks import wizard_when as blocks

State = Mapping[str, dict[str, Any]]


def sent(view: payloads.Body, draft: Campaign, now: datetime) -> Campaign:
    """The draft as the step says. Raises Refusal with the field to blame."""
    state = payloads.values(view)
    known = _chosen(state, draft)
    if known.when is When.LATER and forms.moment(state) is None:
        raise Refusal("campaigns.send_at.empty", field=blocks.SEND_AT)
    return _planned(state, known, now, _days(view, draft))


def standing(view: payloads.Body, draft: Campaign, now: datetime) -> tuple[Campaign, Refusal | None]:
    """The draft as far as the step means anything, and what it does not."""
    state = payloads.values(view)
    try:
        return _planned(state, _chosen(state, draft), now, _days(view, draft)), None
    except Refusal as refusal:
        if refusal.field != blocks.REMINDER_DAYS:
            raise
        return _planned(state, _chosen(state, draft), now, _known(draft)), refusal


def typed(view: payloads.Body, draft: Campaign, now: datetime) -> dict[str, object]:
    """What the step holds, for a draft that is left in it."""
    known, _ = standing(view, draft, now)
    return {
        "when": known.when, "send_at": known.send_at, "speed": known.speed,
        "readers_zone": known.readers_zone, "reminders": known.reminders,
    }  # fmt: skip


def _chosen(state: State, draft: Campaign) -> Campaign:
    when, send_at = forms.when(state)
    speed = forms.speed(state)
    return replace(
        draft, when=when, send_at=send_at or draft.send_at, speed=draft.speed if speed is None else speed,
        readers_zone=_zone(state, draft),
    )  # fmt: skip


def _zone(state: State, draft: Campaign) -> str:
    if blocks.READERS_ZONE not in state:
        return draft.readers_zone
    chosen = payloads.choice(state, blocks.READERS_ZONE)
    if not is_zone(chosen):  # the select offers no such thing: the submission was made up
        raise Refusal("when.zone.bad", field=blocks.READERS_ZONE)
    return "" if chosen == draft.zone else chosen


# --- reminders ----------------------------------------------------------------------------------------


def _planned(state: State, known: Campaign, now: datetime, days: tuple[int, ...]) -> Campaign:
    count = _count(state, known)
    if count != len(days):
        days = resized(days, count, calendar(known, now).room)
    return replace(known, reminders=planned(days, known.reminders))


def _count(state: State, draft: Campaign) -> int:
    if blocks.REMINDERS not in state:
        return len(draft.reminders)
    chosen = payloads.choice(state, blocks.REMINDERS)
    if not chosen.isdecimal() or int(chosen) > MOST:
        raise Refusal("reminders.count.bad", field=blocks.REMINDERS, most=MOST)
    return int(chosen)


def _days(view: payloads.Body, draft: Campaign) -> tuple[int, ...]:
    """Those typed, as many as the field was drawn for. They are judged as long as that many are wanted: where
    another number was chosen meanwhile, the field is about to be another one."""
    state, drawn = payloads.values(view), _drawn(view)
    if not drawn:
        return _known(draft)
    try:
        return read_days(payloads.text(state, blocks.REMINDER_DAYS), drawn)
    except Refusal:
        if drawn == _count(state, draft):
            raise
        return _known(draft)


def _known(draft: Campaign) -> tuple[int, ...]:
    return tuple(one.days for one in draft.reminders)


def _drawn(view: payloads.Body) -> int:
    """For how many reminders the field of days stands there, as its action_id tells; 0 where it does not."""
    elements = ((view.get("state") or {}).get("values") or {}).get(blocks.REMINDER_DAYS) or {}
    number = next(iter(elements), "").rpartition(".")[2]
    return int(number) if number.isdecimal() else 0
