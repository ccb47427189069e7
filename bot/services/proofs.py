"""A campaign as it stands: found, counted, read as somebody will read it, tested."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot import ports
from bot.core import campaigns as rules
from bot.core import lists as list_rules
from bot.core.addresses import canonical
from bot.core.campaigns import Campaign, State
from bot.core.contacts import Contact, invented
from bot.core.delivery import Progress
from bot.core.ids import CampaignId
from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.sentences import Refusal, Stale
from bot.services.letters import Correspondence
from bot.services.lists import Lists
from bot.services.log import note
from bot.services.people import People
from bot.services.telling import Telling


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Who a list reaches now. `total` = `count` + everything in `left_out` (cause -> people)."""

    contact_list: ContactList
    total: int
    count: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """The last screen before departure. `subject` and `words` are the letter of `contact`, the `shown`-th
    of the list's sample."""

    campaign: Campaign
    audience: Audience
    contact: Contact
    shown: int
    subject: str
    words: str
    places: int  # how many letters can be shown


@dataclass(frozen=True, kw_only=True)
class Proofs:
    store: ports.Store
    lists: Lists
    people: People
    letters: Correspondence
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy
    telling: Telling
    _testing: set[CampaignId] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, member: Member, campaign_id: str) -> Campaign:
        """Raises Refusal for a campaign that is not there and for somebody else's, in the same words."""
        try:
            found = self.store.campaigns.get(member.workspace, CampaignId(campaign_id))
        except ports.Missing:
            raise Refusal("campaigns.unknown") from None
        if not rules.may_manage(member, found):
            raise Refusal("campaigns.unknown")
        return found

    def visible(self, member: Member) -> list[Campaign]:
        """The person's campaigns and drafts, newest first."""
        return [one for one in self.store.campaigns.all(member.workspace) if rules.may_manage(member, one)]

    def progress(self, campaign: Campaign) -> Progress:
        return self.telling.progress(campaign)

    def draft(self, member: Member, campaign_id: str, expected: int) -> Campaign:
        """The draft as it was at revision `expected`; `Stale` says what became of it otherwise."""
        campaign = self.get(member, campaign_id)
        if campaign.state is not State.DRAFT:
            raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
        if not campaign.is_still(expected):
            raise Stale("campaigns.stale", name=campaign.name)
        return campaign

    def audience(self, member: Member, list_id: str) -> Audience:
        """Counted exactly. Raises Refusal where the list is gone."""
        contact_list = self.lists.usable(member, list_id)
        suppressed = self._suppressed(contact_list)
        return Audience(
            contact_list=contact_list, total=contact_list.count, count=contact_list.count - suppressed,
            left_out={"suppressed": suppressed} if suppressed else {},
        )  # fmt: skip

    def _suppressed(self, contact_list: ContactList) -> int:
        if not self.store.suppressions.all(contact_list.workspace):
            return 0  # a long list is not read to find nobody in it
        return len(self.store.suppressions.among(contact_list.workspace, self._emails(contact_list)))

    def _emails(self, contact_list: ContactList) -> Iterator[str]:
        for contact in self.store.lists.contacts(contact_list.workspace, contact_list.id):
            yield canonical(contact.email)

    def check(self, member: Member, campaign_id: str, shown: int = 0) -> Check:
        """Count exactly, and show the letter of the `shown`-th person (modulo the sample)."""
        campaign = self.get(member, campaign_id)
        audience = self.audience(member, campaign.list_id or "")
        contact, shown = self._contact(member, audience.contact_list, shown)
        subject, words = self.letters.preview(campaign, contact)
        return Check(
            campaign=campaign, audience=audience, contact=contact, shown=shown, subject=subject, words=words,
            places=self._places(member, audience.contact_list),
        )  # fmt: skip

    def _places(self, member: Member, contact_list: ContactList) -> int:
        if not list_rules.may_manage(member, contact_list):
            return 1
        return len(contact_list.report.sample)

    def _contact(self, member: Member, contact_list: ContactList, shown: int) -> tuple[Contact, int]:
        """Who may use a list without managing it reads the letter of somebody invented."""
        if contact_list.count == 0:
            raise Refusal("campaigns.empty_list", title=contact_list.title)
        if not list_rules.may_manage(member, contact_list):
            return invented(), 0
        place = shown % min(contact_list.count, len(contact_list.report.sample) or 1)
        return contact_list.report.sample[place], place

    def test(self, member: Member, campaign_id: str, expected: int, shown: int = 0) -> Campaign:
        """*Test to myself*: the real letter of a real contact, to the person's own address. A second
        click while the first is on its way sends nothing."""
        draft = self.draft(member, campaign_id, expected)
        if not member.email:
            raise Refusal("campaigns.test.no_address")
        contact, _ = self._contact(member, self.lists.usable(member, draft.list_id or ""), shown)
        with self._alone(draft):
            self.letters.send_test(draft, contact, member)
            note(self.store, self.clock.now(), member, "tested", campaign_id)
            return self._tested(draft)

    def _tested(self, draft: Campaign) -> Campaign:
        tested = rules.tested(draft, self.clock.now())
        try:
            self.store.campaigns.save(draft.workspace, tested, draft.revision)
        except Stale:  # changed or scheduled while the letter travelled: it proves nothing of what is there
            return self.store.campaigns.get(draft.workspace, draft.id)
        return tested

    @contextmanager
    def _alone(self, draft: Campaign) -> Iterator[None]:
        with self._lock:
            if draft.id in self._testing:
                raise Stale("campaigns.test.running", name=draft.name)
            self._testing.add(draft.id)
        try:
            yield
        finally:
            with self._lock:
                self._testing.discard(draft.id)
