"""Bounces that come back late, from servers that took the letter first: they name an address, nothing else.

They are of the newest letter to it that was accepted, whichever workspace sent it. The campaigns are found by
keyed hashes, and only those that may hold the address are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from bot import ports
from bot.core.campaigns import Campaign


class Letter(TypedDict):
    campaign: str
    wave: int
    recipient: int


@dataclass(frozen=True, kw_only=True)
class Strays:
    store: ports.Store

    def letter_to(self, address: str, before: datetime | None = None) -> Letter | None:
        """None where no letter of ours went there, or left after `before`. Raises `Unreadable`."""
        found = [one for one in self._candidates(address) if _departed(one, before)]
        candidates = sorted(found, key=lambda one: one.created_at, reverse=True)
        return next((letter for one in candidates if (letter := self._letter(one, address))), None)

    def _candidates(self, address: str) -> Iterator[Campaign]:
        for workspace in self.store.campaigns.workspaces():
            for campaign_id in self.store.campaigns.wrote_to(workspace, address):
                campaign = self.store.campaigns.get(workspace, campaign_id)
                if campaign.departed_at is not None:
                    yield campaign

    def _letter(self, campaign: Campaign, address: str) -> Letter | None:
        number = self.store.campaigns.among(campaign.workspace, campaign, [address]).get(address)
        if number is None:
            return None
        wave = self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.wave_of(number))
        return None if wave is None else Letter(campaign=campaign.id, wave=wave, recipient=number)


def _departed(campaign: Campaign, before: datetime | None) -> bool:
    return before is None or (campaign.departed_at is not None and campaign.departed_at <= before)
