"""A campaign as it stands: found, counted, read as somebody will read it, tested."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from re import fullmatch

from bot import ports
from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.choosing import Reach
from bot.core.contacts import Contact, invented
from bot.core.delivery import Progress
from bot.core.ids import CampaignId, MemberId
from bot.core.lint import Finding
from bot.core.lists import ContactList
from bot.core.people import Member, called, may_use
from bot.core.sentences import Refusal, Sentence, Stale, sentence
from bot.services.audiences import Audiences
from bot.services.letters import Correspondence
from bot.services.lint import Lint
from bot.services.lists import Lists
from bot.services.log import note
from bot.services.people import People
from bot.services.telling import Telling

TESTERS = 5  # colleagues of one test


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Who a draft reaches now. `contact_list` is the first of its `lists`."""

    contact_list: ContactList
    lists: tuple[ContactList, ...]
    reach: Reach


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A letter as `contact` will read it: the `place`-th of `places` people. `poorest`: the place of who
    lacks most of what it uses. `is_open` False: somebody invented, since who they are is not to be seen."""

    contact: Contact
    place: int
    places: int
    poorest: int | None
    is_open: bool
    subject: str
    preheader: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """The last screen before departure."""

    campaign: Campaign
    audience: Audience
    reading: Reading
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """A test that left. `names`: the colleagues it went to as well; `without`: why others got none."""

    campaign: Campaign
    names: tuple[str, ...] = ()
    without: tuple[Sentence, ...] = ()


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
    audiences: Audiences
    lint: Lint
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

    def audience(self, member: Member, draft: Campaign) -> Audience:
        """Counted exactly. Raises Refusal, at the field, where a list is gone."""
        sources = self.audiences.sources(member, draft)
        reach = self.audiences.reach(member, draft)
        return Audience(contact_list=sources.lists[0], lists=sources.all, reach=reach)

    # --- read as somebody will read it ----------------------------------------------------------------

    def check(self, member: Member, campaign_id: str, place: int = 0) -> Check:
        """Count exactly, look for mistakes, and show the letter of the `place`-th person. Raises Refusal
        where no letter can be made of the words, or a list is gone. A list that changes while it is read is
        read again."""
        campaign = self.get(member, campaign_id)
        try:
            return self._check(member, campaign, place)
        except Stale:
            return self._check(member, campaign, place)

    def _check(self, member: Member, campaign: Campaign, place: int) -> Check:
        audience = self.audience(member, campaign)
        return Check(
            campaign=campaign, audience=audience, reading=self._reading(member, campaign, place),
            findings=self.lint.findings(member, campaign, audience.reach),
        )  # fmt: skip

    def _reading(self, member: Member, campaign: Campaign, place: int) -> Reading:
        draft = replace(campaign, columns=self.audiences.columns(member, campaign))
        places, poorest = self.lint.places(member, campaign)
        place = place % places if places else 0
        contact = self._contact(member, draft, place)
        subject, words = self.letters.preview(draft, contact)
        preheader = ""
        if draft.preheader:
            preheader, _ = self.letters.preview(replace(draft, subject=draft.preheader), contact)
        is_open = bool(places) and self.audiences.facets.is_open(member, campaign)
        return Reading(
            contact=contact, place=place, places=places, poorest=poorest, is_open=is_open, subject=subject,
            preheader=preheader, words=words,
        )  # fmt: skip

    def _contact(self, member: Member, draft: Campaign, place: int) -> Contact:
        """Who may use a list without managing it reads the letter of somebody invented."""
        somebody = replace(invented(), extras=draft.columns)
        if not self.audiences.facets.is_open(member, draft):
            return somebody
        found = list(self.audiences.people(member, draft, [place]))
        return found[0] if found else somebody

    def place_of(self, member: Member, campaign_id: str, person: str) -> int:
        """Where somebody found by name stands among the draft's people; `person`: the hash of their address,
        in hexadecimal. Raises Refusal where they get no letter."""
        draft = self.get(member, campaign_id)
        place = None
        if self.audiences.facets.is_open(member, draft) and fullmatch("[0-9a-f]{1,16}", person):
            place = self.audiences.place_of(member, draft, int(person, 16))
        if place is None:
            raise Refusal("message.preview.nobody")
        return place

    # --- tested ---------------------------------------------------------------------------------------

    def test(
        self, member: Member, campaign_id: str, expected: int, place: int = 0,
        colleagues: Sequence[MemberId] = (),
    ) -> Tested:  # fmt: skip
        """The real letter of a real contact, to the person's own address and to colleagues. A second click
        while the first is on its way sends nothing. Raises Refusal where it left to nobody."""
        draft = self.draft(member, campaign_id, expected)
        found, without = self._testers(member, colleagues)
        if not member.email and not found:
            raise Refusal.of(without[0]) if without else Refusal("campaigns.test.no_address")
        with self._alone(draft):
            if member.email:
                self._send_test(member, draft, place, member)
            names = list[str]()
            for one in found:
                if refusal := self._shown_to(member, draft, place, one, is_first=not (member.email or names)):
                    without.append(refusal)
                else:
                    names.append(called(one))
            note(self.store, self.clock.now(), member, "tested", campaign_id, colleagues=len(names))
            return Tested(campaign=self._tested(draft), names=tuple(names), without=tuple(without))

    def _testers(self, member: Member, colleagues: Sequence[MemberId]) -> tuple[list[Member], list[Sentence]]:
        """Who can get one, and why the others cannot."""
        chosen = [one for one in dict.fromkeys(colleagues) if one != member.id]
        if len(chosen) > TESTERS:
            raise Refusal("message.test.many", field="testers", most=TESTERS)
        found, without = list[Member](), list[Sentence]()
        for one in chosen:
            colleague = self.people.member(member.workspace, one)
            if not may_use(colleague):
                without.append(sentence("message.test.guest", who=called(colleague)))
            elif not colleague.email:
                without.append(sentence("message.test.no_address", who=called(colleague)))
            else:
                found.append(colleague)
        return found, without

    def _shown_to(
        self, member: Member, draft: Campaign, place: int, colleague: Member, *, is_first: bool
    ) -> Sentence | None:
        """To a colleague, who is told whose it is. Why it did not leave, where others did."""
        try:
            self._send_test(member, draft, place, colleague)
        except Refusal as refusal:
            if is_first:
                raise
            return sentence("message.test.refused", who=called(colleague), why=refusal.sentence)
        said = sentence("message.test.shared", who=called(member), name=draft.name)
        self.telling.tell(draft, said, to=colleague.id)
        return None

    def _send_test(self, member: Member, draft: Campaign, place: int, to: Member) -> None:
        """The contact's letter is for who may see the contacts: anybody else reads somebody invented's."""
        draft = replace(draft, columns=self.audiences.columns(member, draft))
        is_open = to.id == member.id or self.audiences.facets.is_open(to, draft)
        contact = self._contact(member if is_open else to, draft, place)
        self.letters.send_test(draft, contact, to)

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
