"""What a person finds on Home, in "listes" and in "campagnes"."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.ids import ListId
from bot.core.lists import ContactList, Lent
from bot.core.people import Member
from bot.services.campaigns import Campaigns
from bot.services.lists import Lists


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """`needs_you` are held, paused or failed campaigns: nothing goes on there without the person."""

    member: Member
    needs_you: tuple[tuple[Campaign, Progress], ...]
    campaigns: tuple[tuple[Campaign, Progress], ...]
    drafts: tuple[Campaign, ...]
    lists: tuple[ContactList, ...]
    uses: Mapping[ListId, int]  # scheduled campaigns made from each list
    lent: Mapping[ListId, Lent]  # lists of somebody else


@dataclass(frozen=True, kw_only=True)
class Homes:
    lists: Lists
    campaigns: Campaigns

    def of(self, member: Member) -> Home:
        mine = self.campaigns.visible(member)
        waiting = {State.HELD, State.PAUSED, State.FAILED}
        followed = [(one, self.campaigns.progress(one)) for one in mine if one.state is not State.DRAFT]
        return Home(
            member=member,
            needs_you=tuple(pair for pair in followed if pair[0].state in waiting),
            campaigns=tuple(pair for pair in followed if pair[0].state not in waiting),
            drafts=tuple(one for one in mine if one.state is State.DRAFT),
            lists=tuple(self.lists.visible(member)),
            uses=self.lists.all_uses(member),
            lent=self.lists.lent(member),
        )
