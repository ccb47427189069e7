"""What a campaign's owner is asked, in a message of its own that ends when it is decided: about a campaign
that stands still, and about a reminder that is to leave, or was held."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot import ports
from bot.core import planning
from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.people import Member
from bot.core.sentences import Sentence
from bot.services.telling import ASKED_ABOUT
from handlers.blocks import campaigns, kit, reminding
from handlers.blocks.voice import voice
from handlers.posts import Post, Posts

ASKS = "asks"  # of a campaign: the short messages with what can be done about it

Shown = tuple[str, list[kit.Block]]


@dataclass(frozen=True, kw_only=True)
class Asks:
    """`wait`: until Slack has taken it; raises Unreachable."""

    posts: Posts
    store: ports.Store
    wait: Callable[[Coroutine[object, object, Any]], Any]

    def ask(
        self, member: Member, campaign: Campaign, progress: Progress, said: Sentence,
        helped: Callable[[list[kit.Block]], list[kit.Block]],
    ) -> None:  # fmt: skip
        """`helped`: with a way to somebody who helps."""
        if number := reminding.number_of(said):
            text, blocks = reminding.asked(voice(member), campaign, progress, said)
            named = reminding.subject(campaign, number)
            if said.key not in reminding.IN_PLACE:  # what is news goes below: an edit notifies nobody
                self._close(member, campaign, named, reminding.closed(voice(member), campaign, number))
        else:
            text, blocks = campaigns.asked(voice(member), campaign, progress, said)
            named = f"{campaign.id}/{ASKS}"
        post = Post(member=member, text=text, blocks=helped(blocks), subject=named)
        if said.key in reminding.IN_PLACE:
            self.wait(self.posts.show(post))
        else:
            self.store.messages.note(member.workspace, self.wait(self.posts.post(post)))

    def follow(self, member: Member, campaign: Campaign) -> None:
        """What is no question any more says what became of it, with no button left: by what the campaign is
        now, since what was shown of it may be older than the last question."""
        campaign = self._as_it_is(campaign)
        for number in range(1, len(campaign.reminders) + 1):
            if not planning.is_asked(campaign, number):
                closed = reminding.closed(voice(member), campaign, number)
                self._close(member, campaign, reminding.subject(campaign, number), closed)
        if campaign.state not in ASKED_ABOUT:
            closed = campaigns.answered(voice(member), campaign)
            self._close(member, campaign, f"{campaign.id}/{ASKS}", closed)

    def _as_it_is(self, campaign: Campaign) -> Campaign:
        try:
            return self.store.campaigns.get(campaign.workspace, campaign.id)
        except ports.Missing:
            return campaign

    def _close(self, member: Member, campaign: Campaign, named: str, shown: Shown) -> None:
        text, blocks = shown
        while refs := self.store.messages.of(campaign.workspace, named):
            post = Post(member=member, subject=named, text=text, blocks=blocks, only_edit=True)
            self.wait(self.posts.show(post))
            self.store.messages.forget(campaign.workspace, refs[-1])
