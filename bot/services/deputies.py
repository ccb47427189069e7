"""A campaign's deputy: who may pause and stop it while its owner is away."""

from bot import ports
from bot.core.campaigns import Campaign
from bot.core.deputies import subject
from bot.core.ids import MemberId
from bot.core.people import Member, called, may_use
from bot.core.sentences import Refusal, sentence
from bot.services.people import People
from bot.services.telling import Telling

FIELD = "deputy"


def checked(people: People, owner: Member, chosen: MemberId | None) -> MemberId | None:
    """Raises Refusal for who could not stop it, or needs no name for that."""
    if chosen is None:
        return None
    if chosen == owner.id:
        raise Refusal("deputies.oneself", field=FIELD)
    deputy = people.member(owner.workspace, chosen)
    if deputy.is_deactivated:
        raise Refusal("deputies.closed", field=FIELD, who=called(deputy))
    if not may_use(deputy):
        raise Refusal("deputies.guest", field=FIELD, who=called(deputy))
    return chosen


def still_deputy(store: ports.Store, owner: Member, named: MemberId | None) -> MemberId | None:
    """Of another campaign once, as far as is known: whoever left, or owns it now, is its deputy no more."""
    if named is None or named == owner.id:
        return None
    known = store.people.get(owner.workspace, named)
    return None if known and not may_use(known) else named


def say_removed(telling: Telling, before: Campaign, changed: Campaign) -> None:
    """To who had been told that they were its deputy."""
    gone = before.deputy
    if gone is None or gone == changed.deputy:
        return
    if telling.store.messages.of(changed.workspace, subject(before, gone, is_departed=False)):
        who = called(telling.member(changed, changed.owner))
        telling.tell(changed, sentence("deputies.said.removed", name=changed.name, who=who), to=gone)
