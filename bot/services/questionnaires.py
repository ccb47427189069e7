"""The questionnaire's side of a campaign: where `/r` leads, personal links of a column, another link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot import ports
from bot.core import campaigns as rules
from bot.core import closing as closings
from bot.core import doctor, links, planning
from bot.core import questionnaires as tools
from bot.core.campaigns import Campaign, State
from bot.core.envelopes import own_link
from bot.core.people import Language, Member
from bot.core.questionnaires import LinkChange, Placement
from bot.core.redirects import may_change_closing, may_change_link
from bot.core.sentences import Refusal, Stale
from bot.core.tokens import Bearer, Tokens, read_token
from bot.services.campaigns import Campaigns
from bot.services.letters import TEST
from bot.services.log import note
from bot.services.personal_links import PersonalLinks, personal_links
from bot.services.racing import insisted
from bot.services.visits import Visits

Closing = datetime | Literal["kept"] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """Where a letter's link leads. `link` is there while the questionnaire is `open`, spelled for a header;
    `sender` is who wrote the letter."""

    state: Literal["open", "closed"]
    language: Language
    sender: str
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Questionnaires:
    store: ports.Store
    campaigns: Campaigns
    clock: ports.Clock
    policy: ports.Policy
    visits: Visits | None = None

    # --- /r -------------------------------------------------------------------------------------------

    def is_quick(self, token: str) -> bool:
        """Does it take no disk to say where the token leads? Of a column, the audience's file is read."""
        bearer = read_token(self.policy.secret, token)
        campaign = self._campaign(bearer) if bearer else None
        return campaign is None or campaign.placement is not Placement.COLUMN

    def followed(self, token: str, agent: str) -> Way | None:
        """GET: somebody, or a machine, opened the letter's link. What there is to note of it is noted here,
        and nowhere else. `agent`: what the browser calls itself."""
        bearer = read_token(self.policy.secret, token)
        way = self._way(bearer)
        if self.visits and bearer and way and way.state == "open":
            self.visits.followed(bearer, agent)
        return way

    def looked(self, token: str) -> Way | None:
        """HEAD: machines ask so, and it counts for no visit."""
        bearer = read_token(self.policy.secret, token)
        way = self._way(bearer)
        if self.visits and bearer and way:
            self.visits.looked(bearer)
        return way

    def way(self, token: str) -> Way | None:
        """Changes nothing. None for a token that is not ours, or stands for nobody."""
        return self._way(read_token(self.policy.secret, token))

    def _way(self, bearer: Bearer | None) -> Way | None:
        campaign = self._campaign(bearer) if bearer and bearer.wave is not None else None
        if bearer is None or campaign is None or not campaign.link:
            return None
        sender = campaign.sender.name or campaign.sender.address.partition("@")[2]
        if tools.is_closed(campaign.closing_at, self.clock.now()):
            return Way(state="closed", language=campaign.language, sender=sender)
        link = links.ascii_link(self._link(bearer, campaign))
        return Way(state="open", language=campaign.language, sender=sender, link=link)

    def _campaign(self, bearer: Bearer) -> Campaign | None:
        """Where the bearer is one of its people."""
        try:
            campaign = self.store.campaigns.get(bearer.workspace, bearer.campaign)
        except ports.Missing:
            return None
        is_one = bearer.recipient == TEST or 0 <= bearer.recipient < campaign.audience_size
        return campaign if is_one else None

    def _link(self, bearer: Bearer, campaign: Campaign) -> str:
        """A test letter's has no token: it is never an answer."""
        if bearer.recipient == TEST:
            return campaign.link
        if own := self._own_link(bearer, campaign):
            return own
        token = Tokens(self.policy.secret, campaign.workspace, campaign.id).answer(bearer.recipient)
        return links.personal(campaign.link, campaign.link_parameter, campaign.placement, token)

    def _own_link(self, bearer: Bearer, campaign: Campaign) -> str:
        if campaign.placement is not Placement.COLUMN or campaign.link_column not in campaign.columns:
            return ""
        place = campaign.columns.index(campaign.link_column)
        people = self.store.campaigns.recipients(bearer.workspace, campaign, [bearer.recipient])
        extras = next((contact.extras for _, contact in people), ())
        return own_link(extras[place]) if place < len(extras) else ""

    # --- while a campaign is composed -----------------------------------------------------------------

    def columns(self, member: Member, draft: Campaign) -> Sequence[str]:
        """Titles that may hold personal links; none where the list is gone."""
        return self.campaigns.audiences.columns(member, draft)

    def personal(self, member: Member, draft: Campaign, column: str) -> PersonalLinks:
        return personal_links(self.campaigns.audiences, member, draft, column)

    # --- another link, once letters have left ---------------------------------------------------------

    def changeable(self, member: Member, campaign_id: str) -> Campaign:
        """The owner's campaign whose letters lead to `/r`, or that closes. Raises Refusal, or `Stale` where
        none has left."""
        campaign = self.campaigns.get(member, campaign_id)
        if campaign.departed_at is None:
            raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
        if campaign.closing_at is None or not may_change_closing(campaign):
            self._require_redirecting(campaign)
        return campaign

    def _require_redirecting(self, campaign: Campaign) -> None:
        if not (self.policy.public_url and may_change_link(campaign)):
            raise Refusal("questionnaires.change.direct", name=campaign.name)

    def change_link(
        self, member: Member, campaign_id: str, changes: int, link: str | None, closing: Closing = "kept"
    ) -> Campaign:
        """Every letter leads there at once, those that have left and those still to leave. `changes`: how
        many there were when the dialog was drawn; the record itself moves on while letters leave. What is
        closed by then leads nowhere: it is opened again here, or refused. `link` None: the one it has."""
        link = links.check_link(link) if link is not None else None
        tool = doctor.require_public(link).tool if link else None

        def act() -> Campaign:
            campaign = self.changeable(member, campaign_id)
            closes = campaign.closing_at if closing == "kept" else closing
            is_kept = link is None or link == campaign.link
            if is_kept and closes == campaign.closing_at:
                return campaign
            tools.check_closing(closes, self.clock.now())
            if link is None or tool is None or is_kept:
                return self._change(member, campaign, closing_at=closes)
            self._require_redirecting(campaign)
            if len(campaign.past_links) != changes:
                raise Stale("questionnaires.change.stale", name=campaign.name, link=campaign.link)
            before = doctor.diagnose(campaign.link).tool
            placement = tools.kept(campaign.placement, before, tool, link)
            past = LinkChange(link=campaign.link, at=self.clock.now(), by=member.id)
            return self._change(
                member, campaign, link=link, placement=placement, closing_at=closes,
                past_links=(*campaign.past_links, past),
            )  # fmt: skip

        return insisted(act)

    def _change(self, member: Member, campaign: Campaign, **changes: object) -> Campaign:
        changed = closings.reopened(rules.edit(campaign, **changes), self.clock.now())
        # another closing leaves room for other reminders, or time to decide about one
        if changed.state is State.SENT or (changed.state is State.HELD and changed.asks_about):
            wake_at = planning.wake_at(changed, self.clock.now())
            self.store.campaigns.advance(member.workspace, changed, campaign.revision, wake_at)
        else:
            self.store.campaigns.save(member.workspace, changed, campaign.revision)
        verb = "link changed" if "link" in changes else "closing changed"
        note(self.store, self.clock.now(), member, verb, campaign.id)
        self.campaigns.show(member, changed)
        return changed
