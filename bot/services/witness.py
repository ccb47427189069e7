"""What a campaign's counts cannot say by themselves: which of them nobody tells us, and what the mail service
counted instead."""

from dataclasses import replace

from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.figures import waves
from bot.core.spaces import Space


def witnessed(progress: Progress, campaign: Campaign, space: Space, *, is_told: bool) -> Progress:
    """`is_told`: the mail service tells us by itself what becomes of letters."""
    openings = progress.opened if campaign.counts_openings and is_told else None
    if is_told:
        return replace(progress, openings=openings)
    total = space.delivered.get(campaign.id)
    if total is not None:  # tests and reminders are counted with it, under the same name
        most = sum(wave.accepted + wave.uncertain for wave in waves(progress))
        total = min(max(total, progress.delivered), most)
    return replace(progress, is_unheard=True, delivered_total=total, openings=openings)
