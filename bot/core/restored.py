"""Data put back from a copy, or mended: the record and its ledger need not tell the same story any more, and
what earlier sources told of answers is not all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import planning
from bot.core.campaigns import ATTENDED, FIXED, Campaign, State, edit
from bot.core.decisions import words_for
from bot.core.delivery import Fold
from bot.core.knowing import last_left
from bot.core.reminders import Reminder

RETOLD = "repaired"  # why a letter is in doubt whose line in the ledger was lost
CONCERNED = FIXED | ATTENDED | {State.SENT}  # a letter of it may leave yet


def marked(campaign: Campaign, now: datetime) -> Campaign:
    """What it says is as true as before: buttons that were drawn of it go on working."""
    since = campaign.same_since or campaign.revision
    return edit(campaign, restored_at=now, same_since=since)


def is_doubtful(campaign: Campaign) -> bool:
    """Nothing left since it was put back: what may have left before that, nobody knows."""
    left_at, restored_at = last_left(campaign), campaign.restored_at
    return restored_at is not None and (left_at is None or left_at <= restored_at)


def _is_retold(fold: Fold, since: datetime | None) -> bool:
    """Was the ledger told again from what of it read?"""
    return any(doubt.why == RETOLD and (since is None or doubt.since >= since) for doubt in fold.doubts())


def is_unopened(campaign: Campaign, fold: Fold) -> bool:
    """Its last reminder is on its way, and has no wave yet: nothing of it has left. Where more is missing, or
    the ledger was told again since, it may have."""
    one = planning.worded(campaign, campaign.wave)
    return one is not None and len(fold.waves) == campaign.wave and not _is_retold(fold, one.left_at)


def is_behind(campaign: Campaign, fold: Fold) -> bool:
    """The ledger lacks a wave that has left: an older one took its place."""
    if campaign.departed_at is None or len(fold.waves) > campaign.wave or campaign.state not in CONCERNED:
        return False
    asked = campaign.reminders[campaign.asks_about - 1] if campaign.asks_about else None
    is_leaving = campaign.state in ATTENDED and (asked is None or bool(asked.wave))
    return not (is_leaving and (not campaign.wave or is_unopened(campaign, fold)))


def caught_up(campaign: Campaign, opened: Sequence[datetime]) -> Campaign:
    """With every reminder that its ledger has a wave of. `opened`: when each wave was. The revision stays."""
    for wave in range(campaign.wave + 1, len(opened)):
        campaign = _left(campaign, wave, opened[wave])
    return campaign


def _left(campaign: Campaign, wave: int, at: datetime) -> Campaign:
    """The planned one whose moment had come; else somebody's own, of which the record knows nothing."""
    sent = replace(campaign, state=State.SENT, rests=False)
    due = next(iter(planning.ahead(sent, at)), None)
    if due and due.moment <= at and due.number != campaign.asks_about:
        known = list(campaign.reminders)
        known[due.number - 1] = replace(due.reminder, wave=wave, left_at=at)
        return replace(campaign, reminders=tuple(known))
    words = words_for(campaign)
    mine = Reminder(days=0, subject=words.subject, body=words.body, at=at, wave=wave, left_at=at)
    found, number = planning.by_hand(campaign, mine)
    asks_about = found.asks_about + (number <= found.asks_about)
    return replace(found, asks_about=asks_about)
