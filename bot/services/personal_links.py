"""Personal links that a column of the lists holds."""

from dataclasses import dataclass

from bot.core.campaigns import Campaign
from bot.core.envelopes import own_link
from bot.core.people import Member
from bot.services.audiences import Audiences


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalLinks:
    """Of `people`, how many have none."""

    column: str
    people: int
    without: int


def personal_links(audiences: Audiences, member: Member, draft: Campaign, column: str) -> PersonalLinks:
    """Counted exactly, among those the draft writes to: they are all read. Raises Refusal where their list is
    gone."""
    titles = audiences.columns(member, draft)
    place = titles.index(column) if column in titles else None
    people, without = 0, 0
    for contact in audiences.people(member, draft):
        people += 1
        has_own = place is not None and place < len(contact.extras) and own_link(contact.extras[place])
        without += not has_own
    return PersonalLinks(column=column, people=people, without=without)
