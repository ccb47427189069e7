"""Who answered, as a campaign's owner tells it: by the questionnaire's export, or one by one.

No address of an export is kept: people of the campaign are found by them, and noted by their numbers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot import ports
from bot.core import lists as list_rules
from bot.core.addresses import canonical, is_erased
from bot.core.answers import Source
from bot.core.audiences import lists_of
from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.ids import ListId
from bot.core.people import Member
from bot.core.sentences import Refusal
from bot.core.text import folded
from bot.services.answers import Answers
from bot.services.campaigns import Campaigns
from bot.services.log import note
from bot.services.reminders import Reminders

OFFERED = 20  # people found by a name, at a time
PICKED = 20
TYPED = 1_000  # addresses
_ADDRESS = re.compile(r"[^\s@<>(),;:\"'|\[\]]+@[^\s@<>(),;:\"'|\[\]]+\.[^\s@<>(),;:\"'|\[\]]+")

Numbered = tuple[int, Contact]


@dataclass(frozen=True, kw_only=True, slots=True)
class ByHand:
    """`unknown`: addresses of nobody in the campaign, as they were typed; `are_named`: the person may be told
    which ones these are."""

    campaign: Campaign
    people: int
    fresh: int
    unknown: tuple[str, ...]
    are_named: bool


@dataclass(frozen=True, kw_only=True)
class Answered:
    store: ports.Store
    campaigns: Campaigns
    answers: Answers
    reminders: Reminders
    clock: ports.Clock

    def campaign(self, member: Member, campaign_id: str) -> Campaign:
        """One's own, once letters left. Raises Refusal."""
        found = self.campaigns.get(member, campaign_id)
        if found.departed_at is None:
            raise Refusal("answered.refused.not_left", name=found.name)
        return found

    def running(self, member: Member) -> list[Campaign]:
        """Those of this person that letters left of, newest first."""
        mine = self.store.campaigns.all(member.workspace)
        return [one for one in mine if one.owner == member.id and one.departed_at and not one.to_myself]

    def may_name(self, member: Member, campaign: Campaign) -> bool:
        """Who may only use a list gets counts. Of a list that is gone, who imported it or was given it."""
        return all(self._manages(member, list_id) for list_id in lists_of(campaign))

    def _manages(self, member: Member, list_id: str) -> bool:
        with suppress(ports.Missing):
            found = self.store.lists.get(member.workspace, ListId(list_id))
            return list_rules.may_manage(member, found)
        noted = (one for one in self.store.log.read(member.workspace) if one.subject == list_id)
        return any(one.verb == "imported" and one.by == member.id for one in noted)

    # --- by hand --------------------------------------------------------------------------------------

    def offered(self, member: Member, campaign_id: str, query: str) -> list[Numbered]:
        """People of the campaign by name or address, for who may see them."""
        campaign = self.campaign(member, campaign_id)
        if not self.may_name(member, campaign):
            return []
        return list(self._found(campaign, folded(query)))

    def _found(self, campaign: Campaign, wanted: str) -> Iterator[Numbered]:
        found = 0
        for number, contact in self.store.campaigns.recipients(campaign.workspace, campaign):
            if is_erased(contact.email):
                continue
            if not wanted or wanted in folded(f"{contact.full_name()} {contact.email}"):
                found += 1
                yield number, contact
                if found == OFFERED:
                    return

    def by_hand(self, member: Member, campaign_id: str, picked: Iterable[int], typed: str) -> ByHand:
        """`picked`: recipients by their numbers. Raises Refusal at the field."""
        campaign = self.campaign(member, campaign_id)
        are_named = self.may_name(member, campaign)
        numbers = set(picked) if are_named else set[int]()
        if len(numbers) > PICKED:
            raise Refusal("answered.refused.picked", field="people", most=PICKED)
        written = {canonical(one): one for one in addresses_in(typed)}
        if len(written) > TYPED:
            raise Refusal("answered.refused.typed", field="addresses", most=TYPED, n=len(written))
        if typed.strip() and not written:
            raise Refusal("answered.refused.no_address", field="addresses")
        known = self.store.campaigns.among(member.workspace, campaign, written)
        numbers |= set(known.values())
        if written and not numbers:
            raise Refusal("answered.refused.nobody", field="addresses", name=campaign.name)
        if not numbers:
            raise Refusal("answered.refused.nothing")
        fresh = self.learn(member, campaign, numbers, Source.HAND)
        unknown = tuple(one for address, one in written.items() if address not in known)
        return ByHand(
            campaign=campaign, people=len(numbers), fresh=fresh, unknown=unknown, are_named=are_named
        )

    # --- learned --------------------------------------------------------------------------------------

    def learn(self, member: Member, campaign: Campaign, numbers: Iterable[int], source: Source) -> int:
        """How many of them are news. A reminder that waited for this is asked about again."""
        now = self.clock.now()
        fresh = self.answers.learn(member.workspace, campaign.id, numbers, now, source)
        note(self.store, now, member, "told_answers", campaign.id, answers=fresh)
        self.reminders.learned(member.workspace, campaign.id)
        return fresh


def addresses_in(typed: str) -> Sequence[str]:
    """Whatever stands between them; each once."""
    found = (one.rstrip(".").removeprefix("mailto:") for one in _ADDRESS.findall(typed))
    return tuple(dict.fromkeys(found))
