"""Whom a campaign's letters reached, or may have reached: a mark for each recipient, by their numbers."""

from collections.abc import Set
from datetime import datetime

from bot.core.audiences import GOING_ON
from bot.core.campaigns import Campaign
from bot.core.delivery import BatchState, Fold
from bot.core.facts import STOPS

_LEFT = frozenset({BatchState.SUBMITTING, BatchState.ACCEPTED, BatchState.UNCERTAIN})


def since(fold: Fold, campaign: Campaign, moment: datetime) -> bytearray:
    """1 for everybody whose letter of any wave left, or may have, at that moment or later; or will, of a
    campaign that goes on."""
    return _of(fold, _states(campaign), moment)


def ever(fold: Fold, campaign: Campaign) -> bytearray:
    """1 for everybody whose letter left, may have, or will. Of a campaign that ended before its end, not who
    was still to be written to; never who was left out, rejected or skipped. But whoever something was told of
    had a letter, though they need no other."""
    found = _of(fold, _states(campaign), None)
    for number in (one for wave in fold.waves for one in wave.skipped):
        found[number] |= bool(fold.bits[number])
    return found


def silent(fold: Fold, campaign: Campaign) -> bytearray:
    """1 for everybody whom a reminder would reach, as things are: of `ever`, who neither answered, objected
    nor bounced."""
    found = ever(fold, campaign)
    for number, bits in enumerate(fold.bits):
        if bits & STOPS:
            found[number] = 0
    return found


def _states(campaign: Campaign) -> Set[BatchState]:
    return _LEFT | {BatchState.PENDING} if campaign.state in GOING_ON else _LEFT


def _of(fold: Fold, states: Set[BatchState], moment: datetime | None) -> bytearray:
    found = bytearray(fold.audience_size)
    for wave in fold.waves:
        for batch, state in enumerate(wave.states):
            if state in states and (moment is None or _is_late(wave.claimed_at(batch), moment)):
                for number in wave.people(batch):
                    found[number] = 1
    return found


def _is_late(claimed_at: datetime | None, moment: datetime) -> bool:
    return claimed_at is None or claimed_at >= moment
