"""What is asked about uncertain letters: the question's one message, and the list of the people.

Everything shown is derived from the ledger and the record, so that a restart, an absence of Slack or a
crash between two steps costs at most a sweep.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot import ports
from bot.core import campaigns as campaign_rules
from bot.core import settling as rules
from bot.core.addresses import is_erased
from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.delivery import BatchState, Fold
from bot.core.ids import CampaignId, ListId
from bot.core.lists import ContactList, Report
from bot.core.people import Member
from bot.core.sentences import Refusal, Stale, sentence
from bot.core.settling import Question
from bot.services.campaigns import Campaigns
from bot.services.log import note
from bot.services.logs import Logs

log = logging.getLogger("postillon")

T = TypeVar("T")

PAGE = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class UncertainPeople:
    """One page of those whose letter is uncertain: `page` counts from 0."""

    campaign: Campaign
    contacts: tuple[Contact, ...]
    page: int
    pages: int
    found: int


@dataclass(frozen=True, kw_only=True)
class Asking:
    store: ports.Store
    campaigns: Campaigns
    logs: Logs
    messenger: ports.Messenger
    exporter: ports.Exporter
    clock: ports.Clock
    policy: ports.Policy
    _shown: dict[CampaignId, Question] = field(default_factory=dict)
    _showing: dict[CampaignId, threading.Lock] = field(default_factory=dict)

    def question(self, member: Member, campaign_id: str) -> Question:
        """For the owner, and for who looks after the bot: counts, no people."""
        return self._question(self._countable(member, campaign_id))

    def _countable(self, member: Member, campaign_id: str) -> Campaign:
        try:
            return self.campaigns.get(member, campaign_id)
        except Refusal:
            found = self._kept(member, campaign_id)
            if found is None or not rules.may_count(member, found, tuple(self.policy.admins)):
                raise
            return found

    def _kept(self, member: Member, campaign_id: str) -> Campaign | None:
        try:
            return self.store.campaigns.get(member.workspace, CampaignId(campaign_id))
        except ports.Missing:
            return None

    def people(self, member: Member, campaign_id: str, page: int = 0) -> UncertainPeople:
        campaign, numbers = self._numbers(member, campaign_id)
        pages = max(1, -(-len(numbers) // PAGE))
        page = min(max(page, 0), pages - 1)
        shown = numbers[page * PAGE : (page + 1) * PAGE]
        found = self.store.campaigns.recipients(campaign.workspace, campaign, shown)
        return UncertainPeople(
            campaign=campaign, contacts=tuple(_shown(found)), page=page, pages=pages,
            found=len(numbers),
        )  # fmt: skip

    def download(self, member: Member, campaign_id: str) -> None:
        """The same people as a file, into the owner's DM."""
        campaign, numbers = self._numbers(member, campaign_id)
        found = self.store.campaigns.recipients(campaign.workspace, campaign, numbers)
        people = list(_shown(found))
        file = self.exporter.contacts(self._as_list(campaign, len(people)), people, "xlsx", member.language)
        said = sentence("settling.file", n=len(people), name=campaign.name)
        self.messenger.send_file(member, replace(file, about=campaign.id), said)
        note(self.store, self.clock.now(), member, "people downloaded", campaign.id, people=len(people))

    def _as_list(self, campaign: Campaign, count: int) -> ContactList:
        """For the file's sake: these people under the campaign's name."""
        return ContactList(
            workspace=campaign.workspace, id=campaign.list_id or ListId(""), owner=campaign.owner,
            title=campaign.name, created_at=self.clock.now(), report=Report(rows=count, accepted=count),
        )  # fmt: skip

    def _numbers(self, member: Member, campaign_id: str) -> tuple[Campaign, list[int]]:
        """The uncertain recipients. Raises Refusal for anybody but the owner."""
        campaign = self._countable(member, campaign_id)
        if not campaign_rules.may_manage(member, campaign):
            people = self._question(campaign).people
            raise Refusal("settling.not_yours", n=people, name=campaign.name)
        if not self._may_name(member, campaign):
            raise Refusal("settling.no_addresses")
        numbers = self._read(campaign, _uncertain)
        if not numbers:
            raise Stale("settling.done", name=campaign.name)
        return campaign, numbers

    def _may_name(self, owner: Member, campaign: Campaign) -> bool:
        """A list lent for its use alone shows no address, neither through a campaign made from it."""
        try:
            self.campaigns.lists.get(owner, campaign.list_id or "")
        except Refusal:
            return False
        return True

    # --- shown ----------------------------------------------------------------------------------------

    def show_again(self, member: Member, campaign_id: str) -> None:
        """After a click that came too late: the message as things stand now."""
        campaign = self.campaigns.get(member, campaign_id)
        self._shown.pop(campaign.id, None)
        self._show(campaign)

    def _show(self, campaign: Campaign) -> None:
        """The question's one message follows; where Slack is away, the next sweep tries again."""
        with self._showing.setdefault(campaign.id, threading.Lock()):
            known = self.store.campaigns.get(campaign.workspace, campaign.id)
            question = self._question(known)
            if question == self._shown.get(known.id):
                return
            if not question.doubts and not self._is_open(known):
                self._shown[known.id] = question
                return
            owner = self.campaigns.telling.member(known, known.owner)
            try:
                self.messenger.show_question(owner, known, question)
            except ports.Unreachable as away:
                log.warning("the question is not shown campaign=%s: %s", known.id, away)
                return
            self._shown[known.id] = question

    def _is_open(self, campaign: Campaign) -> bool:
        """Does a message ask, of before a restart perhaps?"""
        return bool(self.store.messages.of(campaign.workspace, rules.subject(campaign.id)))

    def _show_counts(self, campaign: Campaign) -> None:
        known = self.store.campaigns.get(campaign.workspace, campaign.id)
        self.campaigns.show(self.campaigns.telling.member(known, known.owner), known)

    def _question(self, campaign: Campaign) -> Question:
        known = self.store.campaigns.get(campaign.workspace, campaign.id)
        now, clue = self.clock.now(), self.logs.clue(campaign.id)
        asked = self._read(known, lambda fold: rules.question(known, fold, now, clue))
        if not asked.doubts:
            return asked
        owner = self.campaigns.telling.member(known, known.owner)
        return replace(asked, names_people=self._may_name(owner, known))

    def _read(self, campaign: Campaign, asked: Callable[[Fold], T]) -> T:
        return self.store.ledgers.read(campaign.workspace, campaign.id, asked)


def _uncertain(fold: Fold) -> list[int]:
    """Each once, though more than one of their letters may be in doubt."""
    found = (
        number
        for wave in fold.waves
        for batch, state in enumerate(wave.states)
        if state is BatchState.UNCERTAIN
        for number in wave.people(batch)
    )
    return list(dict.fromkeys(found))


def _shown(found: Iterable[tuple[int, Contact]]) -> Iterator[Contact]:
    """Of who was erased nothing is left to show."""
    return (contact for _, contact in found if not is_erased(contact.email))
