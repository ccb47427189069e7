"""Campaigns of others that somebody looks after."""

from dataclasses import dataclass

from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.people import Member


@dataclass(frozen=True, kw_only=True, slots=True)
class Attended:
    """`is_deputy`: pauses and stops it, and no more than that; else the reader looks after the bot."""

    campaign: Campaign
    progress: Progress
    owner: Member
    is_deputy: bool = False
