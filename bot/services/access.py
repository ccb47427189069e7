"""What is known of a person, gathered for whoever answers their question: everything for who looks after the
bot; for a member, what their own lists and campaigns hold."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot import ports
from bot.core import lists as list_rules
from bot.core import rights as rules
from bot.core.access import Held, Known, Reached, Stands
from bot.core.addresses import is_erased
from bot.core.campaigns import Campaign
from bot.core.contacts import Contact, Field
from bot.core.delivery import Fold
from bot.core.erasing import Person, subject_of
from bot.core.exclusions import Excluded, Origin
from bot.core.facts import Happened
from bot.core.ids import MemberId, WorkspaceId
from bot.core.lists import ContactList
from bot.core.log import SUPPRESSIONS
from bot.core.people import Member, called
from bot.core.sentences import Sentence, sentence
from bot.services.exclusions import origins
from bot.services.log import note
from bot.services.rights import Rights

STANDS = {
    "c": Stands.CONTACT, "r": Stands.REJECTED, "d": Stands.DUPLICATE,
    "o": Stands.MARKED, "u": Stands.MARKED,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Access:
    store: ports.Store
    exporter: ports.Exporter
    messenger: ports.Messenger
    rights: Rights
    clock: ports.Clock

    def send(self, member: Member, typed: str) -> Sentence | None:
        """A file into their DM; a sentence where nothing is known."""
        address, now = rules.address_in(typed), self.clock.now()
        known = self.known(member, address)
        name = self.rights.name(address)
        note(self.store, now, member, "looked_up", SUPPRESSIONS, person=name)
        if known.is_nobody:
            return sentence("rights.person.partly_nobody" if known.is_partial else "rights.person.nobody")
        file = replace(self.exporter.person(known, member.language, member.zone), about=subject_of(name))
        said = "rights.person.partly" if known.is_partial else "rights.person.file"
        self.messenger.send_file(member, file, sentence(said))
        return None

    def known(self, member: Member, address: str) -> Known:
        is_admin = self.rights.is_admin(member)
        standing = self.store.suppressions.among(member.workspace, [address]).get(address)
        excluded = None
        if standing is not None:
            origin, name = origins(self.store, member).get(standing.origin, (Origin.UNKNOWN, ""))
            excluded = Excluded(
                address=address, cause=standing.cause, at=standing.at, origin=origin, name=name
            )
        return Known(
            address=address, at=self.clock.now(), excluded=excluded, is_partial=not is_admin,
            is_erased=standing is not None and is_erased(standing.address),
            held=tuple(self._held(member, address, is_admin=is_admin)),
            reached=tuple(self._reached(member, address, is_admin=is_admin)),
        )  # fmt: skip

    def _held(self, member: Member, address: str, *, is_admin: bool) -> Iterator[Held]:
        """Of the versions that stand; what an earlier one held is gone within days."""
        person = Person(address=address)
        for contact_list in self.store.lists.all(member.workspace):
            if is_admin or list_rules.may_manage(member, contact_list):
                yield from self._rows(contact_list, person)

    def _rows(self, contact_list: ContactList, person: Person) -> Iterator[Held]:
        owner = self._called(contact_list.workspace, contact_list.owner)
        try:
            for line in self.store.lists.lines(contact_list.workspace, contact_list.id):
                if line[0] != "h" and person.is_theirs(line) and isinstance(row := line[1], int):
                    yield Held(
                        title=contact_list.title, owner=owner, row=row, stands=STANDS[str(line[0])],
                        values=tuple(_values(contact_list, line)),
                        is_deleted=contact_list.deleted_at is not None,
                    )  # fmt: skip
        except (ports.Unreadable, ports.Missing):  # of a damaged list `check` tells
            return

    def _reached(self, member: Member, address: str, *, is_admin: bool) -> Iterator[Reached]:
        for campaign in self.store.campaigns.all(member.workspace):
            if not campaign.audience or not (is_admin or campaign.owner == member.id):
                continue
            try:
                number = self.store.campaigns.among(member.workspace, campaign, [address]).get(address)
                if number is not None:
                    yield self._of_campaign(campaign, number)
            except ports.Unreadable:
                continue

    def _of_campaign(self, campaign: Campaign, number: int) -> Reached:
        found = Reached(name=campaign.name, owner=self._called(campaign.workspace, campaign.owner))
        if campaign.departed_at is None:
            return found

        def told(fold: Fold) -> Reached:
            letters = ((wave, one.claimed_for(number)) for wave, one in enumerate(fold.waves))
            bits = fold.bits[number]
            return replace(
                found,
                letters=tuple((wave, at) for wave, at in letters if at is not None),
                delivered_at=_moment(fold.receipts.delivered_at(number)),
                answered_at=_moment(fold.receipts.answered_at(number)),
                happened=tuple(one for one in Happened if bits & one),
            )

        return self.store.ledgers.read(campaign.workspace, campaign.id, told)

    def _called(self, workspace: WorkspaceId, member: MemberId) -> str:
        known = self.store.people.get(workspace, member)
        return called(known) if known else member


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _values(contact_list: ContactList, line: list[object]) -> Iterator[tuple[str, str]]:
    """A field of ours under its name in the file, or under its own, `Field`'s, where the file has none."""
    match line:
        case ["c", *_]:
            contact, report = Contact.from_line(line), contact_list.report
            for one in Field:
                if value := contact.value(one):
                    yield report.columns.get(one.value, one.value), value
            beside = zip(report.extras, contact.extras, strict=False)
            yield from ((title, value) for title, value in beside if value)
        case ["r", _, _, _, _, list(cells), *_] | ["d", _, _, _, list(cells)]:
            yield from (("", str(cell)) for cell in cells if cell)
        case [_, _, email, value]:
            yield from (("", str(one)) for one in (email, value))
        case _:
            return
