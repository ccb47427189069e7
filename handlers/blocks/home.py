"""App Home: what needs the person first, then campaigns, drafts and lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.ids import ListId
from bot.core.lists import ContactList, Lent
from bot.core.settling import Question
from bot.core.support import Standing
from bot.core.waiting import Waits
from bot.texts import Say
from handlers.blocks import campaigns, kit, settling, support, waiting
from handlers.blocks.campaign_buttons import again
from handlers.blocks.listing import Uses, import_buttons, rows
from handlers.blocks.others import Others, others

MOST_CAMPAIGNS = 8  # of each kind: Home holds 100 blocks, and the rest stands in "campagnes"
Followed = Sequence[tuple[Campaign, Progress]]


@dataclass(frozen=True, kw_only=True)
class Content:
    needs_you: Followed
    campaigns: Followed
    drafts: Sequence[Campaign]
    lists: Sequence[ContactList]
    page: int = 0  # of the lists
    gone: ContactList | None = None  # deleted a moment ago
    lent: Mapping[ListId, Lent] = field(default_factory=dict)  # those of somebody else
    questions: Sequence[tuple[Campaign, Question]] = ()  # about letters to check
    others: Others = ()  # campaigns of others, for a deputy or an admin
    last: tuple[Campaign, ContactList] | None = None  # what *same as last time* offers
    waiting: Sequence[Waits] = ()  # beside their campaigns
    standing: Standing = Standing.NOBODY  # who would hear them ask for help


def home(say: Say, content: Content, uses: Uses) -> kit.View:
    blocks = [
        *_needs_you(say, content),
        *_followed(say, "home.campaigns", content.campaigns),
        *_last(say, content),
        *others(say, content.others),
        *campaigns.drafts(say, content.drafts),
        *_lists(say, content, uses),
        kit.context(say("home.context")),
    ]
    return kit.home(support.offered(say, blocks, content.standing))


def _needs_you(say: Say, content: Content) -> list[kit.Block]:
    """In the order of what is lost by waiting: letters in doubt, campaigns that stand still, everything
    else."""
    blocks: list[kit.Block] = []
    for campaign, question in content.questions[:MOST_CAMPAIGNS]:
        blocks += settling.line(say, campaign, question)
    blocks += _followed(say, "home.needs_you", content.needs_you)[1:]
    blocks += waiting.lines(say, content.waiting)
    return [kit.header(say("home.needs_you")), *blocks] if blocks else []


def _followed(say: Say, title: str, followed: Followed) -> list[kit.Block]:
    if not followed:
        return []
    blocks = [kit.header(say(title))]
    for campaign, progress in followed[:MOST_CAMPAIGNS]:
        blocks += campaigns.line(say, campaign, progress)
    if len(followed) > MOST_CAMPAIGNS:
        blocks.append(kit.context(say("home.more", n=len(followed) - MOST_CAMPAIGNS)))
    return blocks


def _last(say: Say, content: Content) -> list[kit.Block]:
    if content.last is None:
        return []
    campaign, to = content.last
    people = say("words.people", n=to.count)
    words = say.mrkdwn("copies.again.home", name=campaign.name, title=to.title, people=people)
    return [kit.section(words, accessory=again(say, campaign, to.id))]


def _lists(say: Say, content: Content, uses: Uses) -> list[kit.Block]:
    shown = rows(say, content.lists, uses, content.page, content.gone, content.lent)
    intro = [] if shown else [kit.section(say("home.empty"))]
    return [
        kit.header(say("lists.listing.title")),
        *intro,
        *shown,
        *([kit.divider()] if shown else []),
        import_buttons(say, primary=not content.lists),
    ]
