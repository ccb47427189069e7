"""Lists: view, search, download, rename, share, delete and bring back.

Their owner reaches them, and whom the owner shares them with.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from bot import ports
from bot.core import campaigns as campaign_rules
from bot.core import lines
from bot.core import lists as rules
from bot.core.addresses import keyed_hash
from bot.core.audiences import lists_of
from bot.core.contacts import Contact
from bot.core.ids import ListId, new_list_id
from bot.core.lists import ContactList, Report
from bot.core.people import Member
from bot.core.sentences import Refusal, Stale, sentence
from bot.core.text import folded
from bot.services.log import note, noted

PAGE = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of a list: `page` counts from 0, `found` is how many contacts match the search."""

    contact_list: ContactList
    contacts: tuple[Contact, ...]
    page: int
    pages: int
    found: int
    search: str


@dataclass(frozen=True, kw_only=True)
class Lists:
    store: ports.Store
    exporter: ports.Exporter
    messenger: ports.Messenger
    clock: ports.Clock

    def visible(self, member: Member) -> list[ContactList]:
        """The person's lists and those shared with them, newest first, without the deleted ones."""
        lists = self.store.lists.all(member.workspace)
        return [one for one in lists if one.is_there and rules.may_use(member, one)]

    def lent(self, member: Member) -> Mapping[ListId, rules.Lent]:
        """Of those, the lists of somebody else."""
        found = {one.id: (one.owner, rules.lent(member, one)) for one in self.visible(member)}
        return {
            list_id: rules.Lent(owner=owner, access=access)
            for list_id, (owner, access) in found.items()
            if owner != member.id and access is not None
        }

    def own(self, member: Member) -> list[ContactList]:
        """Those they imported."""
        lists = self.store.lists.all(member.workspace)
        return [one for one in lists if one.is_there and one.owner == member.id]

    def get(self, member: Member, list_id: str) -> ContactList:
        """Raises Refusal for a list that is not there and for one they may not manage, in the same words:
        a stranger must not learn that it exists."""
        return self._find(member, list_id, rules.may_manage)

    def _find(self, member: Member, list_id: str, may: Callable[[Member, ContactList], bool]) -> ContactList:
        try:
            found = self.store.lists.get(member.workspace, ListId(list_id))
        except ports.Missing:
            raise Refusal("lists.unknown") from None
        if not may(member, found) or found.waiting is not None:
            raise Refusal("lists.unknown")
        return found

    def usable(self, member: Member, list_id: str) -> ContactList:
        """There, and theirs to write campaigns to: what is read of it may show no address to who does
        not manage it."""
        return _undeleted(self._find(member, list_id, rules.may_use))

    def present(self, member: Member, list_id: str) -> ContactList:
        """`get`, and not deleted."""
        return _undeleted(self.get(member, list_id))

    def owned(self, member: Member, list_id: str) -> ContactList:
        """`present`, and imported by this person."""
        return _undeleted(self._find(member, list_id, rules.owns))

    def share(self, member: Member, list_id: str, expected: int, shared: rules.Shared) -> ContactList:
        """As the owner says, whatever it was before. Campaigns scheduled by others keep their people."""
        known = self.owned(member, list_id)
        if known.revision != expected:
            raise Stale("lists.stale", title=known.title)
        changed = rules.share(known, shared)
        self.store.lists.save(member.workspace, changed, expected)
        counts = {"use": len(changed.shared.use), "manage": len(changed.shared.manage)}
        note(self.store, self.clock.now(), member, "shared", list_id, **counts)
        self._show(member, changed, only_edit=True)
        return changed

    def view(self, member: Member, list_id: str) -> Page:
        """Its first page: whoever opens a list to see addresses is in the log."""
        page = self.page(member, list_id)
        noted(self.store, self.clock.now(), member, "viewed", list_id, contacts=page.found)
        return page

    def page(self, member: Member, list_id: str, page: int = 0, search: str = "") -> Page:
        contact_list = self.present(member, list_id)
        wanted = folded(search)
        if wanted:
            matching = [one for one in self._contacts(contact_list) if _matches(one, wanted)]
            found = len(matching)
        else:
            found = contact_list.count
        pages = max(1, -(-found // PAGE))
        page = min(max(page, 0), pages - 1)
        start = page * PAGE
        people: Iterator[Contact] = iter(matching) if wanted else self._contacts(contact_list)
        shown = tuple(islice(people, start, start + PAGE))
        return Page(
            contact_list=contact_list, contacts=shown, page=page, pages=pages, found=found, search=search
        )

    def _contacts(self, contact_list: ContactList) -> Iterator[Contact]:
        return self.store.lists.contacts(contact_list.workspace, contact_list.id)

    def download(self, member: Member, list_id: str, kind: str) -> None:
        """Build the file and put it into the person's DM. `kind`: xlsx | csv."""
        if kind not in ("xlsx", "csv"):
            raise Refusal("lists.unknown")
        contact_list = self.present(member, list_id)
        people = self._contacts(contact_list)
        file = self.exporter.contacts(contact_list, people, kind, member.language)
        said = sentence("lists.download.here", n=contact_list.count, title=contact_list.title)
        self.messenger.send_file(member, replace(file, about=list_id), said)
        note(self.store, self.clock.now(), member, "downloaded", list_id, contacts=contact_list.count)

    def sample(self, member: Member) -> None:
        """The sample file, in the person's language, into their DM."""
        self.messenger.send_file(member, self.exporter.sample(member.language), sentence("lists.sample.here"))

    def rename(self, member: Member, list_id: str, expected: int, title: str) -> ContactList:
        renamed = rules.rename(self.present(member, list_id), title)
        self.store.lists.save(member.workspace, renamed, expected)
        note(self.store, self.clock.now(), member, "renamed", list_id)
        self._show(member, renamed, only_edit=True)
        return renamed

    def uses(self, member: Member, list_id: str) -> int:
        """How many scheduled campaigns were made from this list: they keep their audience."""
        return self.all_uses(member).get(ListId(list_id), 0)

    def all_uses(self, member: Member) -> Mapping[ListId, int]:
        """`uses` of every list that has any."""
        campaigns = self.store.campaigns.all(member.workspace)
        scheduled = [one for one in campaigns if one.state in campaign_rules.FIXED]
        return Counter(list_id for one in scheduled for list_id in lists_of(one))

    def delete(self, member: Member, list_id: str, expected: int) -> ContactList:
        """For 7 days it can be brought back. A second click finds it deleted: `Refusal`."""
        contact_list = self.present(member, list_id)
        if contact_list.revision != expected:
            raise Stale("lists.stale", title=contact_list.title)
        deleted = rules.delete(contact_list, self.clock.now())
        self.store.lists.save(member.workspace, deleted, expected)
        note(self.store, self.clock.now(), member, "deleted", list_id, contacts=deleted.count)
        self._show(member, deleted)
        return deleted

    def restore(self, member: Member, list_id: str) -> ContactList:
        contact_list = self.get(member, list_id)
        restored = rules.restore(contact_list, self.clock.now())
        if restored is not contact_list:
            self.store.lists.save(member.workspace, restored, contact_list.revision)
            note(self.store, self.clock.now(), member, "restored", list_id, contacts=restored.count)
            self._show(member, restored)
        return restored

    def _show(self, member: Member, contact_list: ContactList, *, only_edit: bool = False) -> None:
        """The owner's preview follows, whoever changed the list; where Slack is away, the change stands
        all the same."""
        uses = self.uses(member, contact_list.id)
        owner = member
        if not rules.owns(member, contact_list):
            known = self.store.people.get(contact_list.workspace, contact_list.owner)
            if known is None:
                return
            owner = known
        try:
            self.messenger.show_list(owner, contact_list, uses=uses, only_edit=only_edit)
        except ports.Unreachable:
            return

    def follow(self, member: Member, list_id: str | None) -> None:
        """A campaign made from this list was scheduled, or is no longer: Delete asks accordingly."""
        try:
            contact_list = self.usable(member, list_id or "")
        except Refusal:
            return  # deleted meanwhile, or handed over: there is no Delete button to keep right
        self._show(member, contact_list, only_edit=True)

    def explain(self, member: Member, list_id: str, reason: str) -> None:
        """Why these people are written to, for the footer of this list's next letters."""
        try:
            contact_list = self.present(member, list_id)
        except Refusal:
            return  # deleted meanwhile: the next step asks for another list
        if contact_list.reason != reason:
            explained = rules.explain(contact_list, reason)
            self.store.lists.save(member.workspace, explained, contact_list.revision)
            self._show(member, explained, only_edit=True)

    def myself(self, member: Member, title: str) -> ContactList:
        """*Try it on myself*: a list of one, the person. Raises Refusal without an address in the profile."""
        if not member.email:
            raise Refusal("lists.try.no_address")
        first, _, last = member.name.partition(" ")
        me = Contact(
            row=1, email=member.email, first_name=member.first_name or first, last_name=last or member.name
        )
        # a new address in the profile makes a new list: the old one would write to the old address
        address = keyed_hash(self.store.secret("addresses"), member.email).hex()
        contact_list = ContactList(
            workspace=member.workspace, id=new_list_id(), owner=member.id, title=title,
            report=Report(rows=1, accepted=1, sample=(me,), kind="myself"),
            created_at=self.clock.now(), source_file=f"myself:{member.id}:{address}",
        )  # fmt: skip
        staging = self.store.staging()
        staging.write_bytes(lines.header("list") + lines.encode(me.to_line()))
        kept = self.store.lists.add(member.workspace, contact_list, staging)
        return self.restore(member, kept.id) if kept.deleted_at else kept

    def purge(self) -> None:
        """Lists deleted more than 7 days ago go for good."""
        for workspace in self.store.lists.workspaces():
            self.store.lists.purge(workspace, self.clock.now() - rules.UNDO)


def _undeleted(found: ContactList) -> ContactList:
    if found.deleted_at is not None:
        raise Refusal("lists.deleted", title=found.title)
    return found


def _matches(contact: Contact, wanted: str) -> bool:
    haystack = folded(f"{contact.first_name} {contact.last_name} {contact.email} {contact.company}")
    return all(word in haystack for word in wanted.split())
