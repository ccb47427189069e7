"""What a person finds on Home, in "listes" and in "campagnes"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import ports
from bot.core.attending import Attended
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.figures import in_doubt
from bot.core.ids import ListId
from bot.core.lists import ContactList, Lent
from bot.core.people import Member
from bot.core.settling import Question
from bot.core.waiting import Waits
from bot.services.campaigns import Campaigns
from bot.services.copies import Copies
from bot.services.lists import Lists
from bot.services.settling import Settling
from bot.services.waiting import Waiting


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """`questions` are about letters to check; `needs_you` are held, paused or failed campaigns: nothing
    goes on there without the person."""

    member: Member
    questions: tuple[tuple[Campaign, Question], ...]
    needs_you: tuple[tuple[Campaign, Progress], ...]
    campaigns: tuple[tuple[Campaign, Progress], ...]
    drafts: tuple[Campaign, ...]
    lists: tuple[ContactList, ...]
    uses: Mapping[ListId, int]  # scheduled campaigns made from each list
    lent: Mapping[ListId, Lent]  # lists of somebody else
    others: tuple[Attended, ...] = ()  # for a deputy, or an admin
    waiting: tuple[Waits, ...] = ()  # beside their campaigns
    last: tuple[Campaign, ContactList] | None = None  # what *same as last time* offers, and to which list


@dataclass(frozen=True, kw_only=True)
class Homes:
    lists: Lists
    campaigns: Campaigns
    settling: Settling
    copies: Copies
    waiting: Waiting

    def of(self, member: Member) -> Home:
        mine = self.campaigns.visible(member)
        waiting = {State.HELD, State.PAUSED, State.FAILED}
        followed = [(one, self.campaigns.progress(one)) for one in mine if one.state is not State.DRAFT]
        return Home(
            member=member,
            questions=self._questions(member, followed),
            needs_you=tuple(pair for pair in followed if pair[0].state in waiting),
            campaigns=tuple(pair for pair in followed if pair[0].state not in waiting),
            drafts=tuple(one for one in mine if one.state is State.DRAFT),
            lists=tuple(self.lists.visible(member)),
            uses=self.lists.all_uses(member),
            lent=self.lists.lent(member),
            others=tuple(self.campaigns.of_others(member)),
            last=self.copies.last(member),
            waiting=self.waiting.of(member),
        )

    def _questions(
        self, member: Member, followed: Sequence[tuple[Campaign, Progress]]
    ) -> tuple[tuple[Campaign, Question], ...]:
        doubtful = [campaign for campaign, progress in followed if in_doubt(progress)]
        asked = [(one, self._question(member, one)) for one in doubtful]
        return tuple((one, question) for one, question in asked if question and question.asks)

    def _question(self, member: Member, campaign: Campaign) -> Question | None:
        """None where its ledger does not read: it is held, and says so itself."""
        try:
            return self.settling.question(member, campaign.id)
        except ports.Unreadable:
            return None
