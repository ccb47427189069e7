"""Clicks that must not lose a race: the campaign departs, or ends, while its owner stops it."""

from collections.abc import Callable

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.sentences import Stale

TRIES = 10  # of one click: each one lost means that somebody else changed the record in that very moment
CHANGED = "campaigns.stale"


def insisted(act: Callable[[], Campaign]) -> Campaign:
    """`act` reads the campaign and changes it. Where the record changed in between it looks again: then it
    succeeds, or says what the campaign has become."""
    for _ in range(TRIES - 1):
        try:
            return act()
        except Stale as stale:
            if stale.sentence.key != CHANGED:
                raise
    return act()


def departed(campaign: Campaign, progress: Progress) -> Stale:
    """For who comes too late to cancel: what has gone, and what can still be kept back."""
    if campaign.state is not State.SENDING:
        return Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
    gone = progress.accepted + progress.uncertain + progress.submitting
    return Stale("pace.departed", name=campaign.name, n=gone, left=progress.pending)
