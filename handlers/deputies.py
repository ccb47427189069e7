"""A campaign's deputy hears of it: in a message of their own that follows the campaign's."""

import logging
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError

from bot import ports
from bot.core.attending import Attended
from bot.core.campaigns import Campaign, State
from bot.core.deputies import subject
from bot.core.ids import CampaignId
from bot.core.people import Member, may_use
from bot.services.telling import FOR_GOOD
from handlers.blocks.deputising import message
from handlers.blocks.voice import voice
from handlers.posts import Post, Posts

log = logging.getLogger("postillon")

NEWS = frozenset({State.SCHEDULED, State.AWAITING, State.HELD})  # worth a message before the departure


@dataclass(kw_only=True)
class Deputies:
    """Runs in one event loop. Counts alone do not concern a deputy: only what changes the record does."""

    posts: Posts
    people: ports.People
    _shown: dict[CampaignId, int] = field(default_factory=dict)  # the revision of each

    async def follow(self, attended: Attended) -> None:
        campaign = attended.campaign
        deputy = self._deputy(campaign)
        if deputy is None or self._shown.get(campaign.id) == campaign.revision:
            return
        try:
            await self._show(deputy, attended, is_departed=False)
            if campaign.departed_at is not None:
                await self._show(deputy, attended, is_departed=True)
        except SlackApiError as refused:
            error = str(refused.response.get("error"))
            if error not in FOR_GOOD:
                raise
            log.warning("a deputy cannot be told campaign=%s: %s", campaign.id, error)
        self._shown[campaign.id] = campaign.revision

    def _deputy(self, campaign: Campaign) -> Member | None:
        if campaign.deputy is None or campaign.to_myself:
            return None
        known = self.people.get(campaign.workspace, campaign.deputy)
        return known if known and may_use(known) else None

    async def _show(self, deputy: Member, attended: Attended, *, is_departed: bool) -> None:
        campaign = attended.campaign
        text, blocks = message(voice(deputy), attended, is_departed=is_departed)
        only_edit = not is_departed and campaign.state not in NEWS
        named = subject(campaign, deputy.id, is_departed=is_departed)
        await self.posts.show(
            Post(
                member=deputy, subject=named, text=text, blocks=blocks,
                only_edit=only_edit or (not is_departed and campaign.departed_at is not None),
            )
        )  # fmt: skip
