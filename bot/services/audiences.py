"""Whom a draft writes to: counted exactly while somebody chooses, and read out when it is scheduled."""

import secrets
import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import ports
from bot.core import audiences as rules
from bot.core import choosing
from bot.core import lists as list_rules
from bot.core.addresses import hash_of
from bot.core.campaigns import Campaign, When
from bot.core.choosing import Barred, Chosen, Reach
from bot.core.contacts import Contact
from bot.core.crowds import Crowd
from bot.core.ids import WorkspaceId
from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.rolls import Named, Offer, Roll
from bot.core.selection import LISTS as LISTS_AT_MOST
from bot.core.selection import PICKED, Cause, Kind, Selection
from bot.core.sentences import Refusal, Stale
from bot.services.facets import Facets
from bot.services.frequency import Frequency
from bot.services.lists import Lists

OPEN_KINDS = frozenset({Kind.ALL, Kind.PILOT})  # what may be chosen of a list without seeing who is in it
LIST, LISTS, ONLY, AUDIENCE = "list", "lists", "only", "audience"  # the fields to blame


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """A draft's lists as they are now: those it writes to, its own first, and the one that narrows it."""

    lists: tuple[ContactList, ...]
    only: ContactList | None = None

    @property
    def all(self) -> tuple[ContactList, ...]:
        return (*self.lists, *((self.only,) if self.only and self.only not in self.lists else ()))

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(title for one in self.lists for title in one.report.extras))


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What there is to choose from, and what the choice gives. `chosen`, `others` and `only`: the draft's
    lists, as far as they are there. `reach`: None where it was not asked for, or `refusal` says why not."""

    lists: tuple[ContactList, ...]
    chosen: ContactList | None
    others: tuple[ContactList, ...]
    only: ContactList | None
    offer: Offer
    picked: tuple[Named, ...]
    days: int
    reach: Reach | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, kw_only=True)
class Audiences:
    store: ports.Store
    lists: Lists
    facets: Facets
    frequency: Frequency
    clock: ports.Clock
    _known: dict[WorkspaceId, tuple[dict[str, int], Crowd]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sources(self, member: Member, draft: Campaign) -> Sources:
        """Raises Refusal at the field where a list is gone, or the choice asks for more than may be seen."""
        fields = dict.fromkeys(rules.lists_of(draft), LISTS)
        fields |= {list_id: LIST for list_id in (draft.list_id,) if list_id}
        if draft.selection.only and draft.selection.only not in rules.sources(draft):
            fields[draft.selection.only] = ONLY
        if not draft.list_id:
            raise Refusal("lists.unknown", field=LIST)
        found = {list_id: self._usable(member, list_id, at) for list_id, at in fields.items()}
        only = found[draft.selection.only] if draft.selection.only else None
        sources = Sources(lists=tuple(found[one] for one in rules.sources(draft)), only=only)
        if draft.selection.kind not in OPEN_KINDS:
            self._require_open(member, sources)
        if only and not list_rules.may_manage(member, only):
            # one's own list narrowed by it would name, page by page, who is in it
            raise Refusal("recipients.only.closed", field=ONLY, title=only.title)
        return sources

    def require_lists(self, member: Member, draft: Campaign) -> None:
        """Raises Refusal where one that the draft writes to is gone: its columns are not known any more."""
        for list_id in rules.sources(draft):
            try:
                self.lists.usable(member, list_id)
            except Refusal as refusal:
                raise Refusal("message.list.gone", why=refusal.sentence) from None

    def _usable(self, member: Member, list_id: str, at: str) -> ContactList:
        try:
            return self.lists.usable(member, list_id)
        except Refusal as refusal:
            raise Refusal.of(refusal.sentence, field=at) from None

    def _require_open(self, member: Member, sources: Sources) -> None:
        for one in sources.lists:
            if not list_rules.may_manage(member, one):
                raise Refusal("recipients.closed", field=AUDIENCE, title=one.title)

    def reach(self, member: Member, draft: Campaign) -> Reach:
        """As things would be at the draft's moment, as far as that is known now."""
        return self._chosen(self.sources(member, draft), draft).reach

    def taken(self, member: Member, draft: Campaign, list_id: str, selection: Selection) -> Campaign:
        """The draft with this choice, as far as it means anything; its values are the options' tokens."""
        first = self._usable(member, list_id, LIST)
        others = tuple(one for one in dict.fromkeys(selection.others) if one != first.id)[: LISTS_AT_MOST - 1]
        seed = selection.seed or (secrets.token_hex(8) if selection.kind is Kind.PILOT else "")
        chosen = replace(selection, others=others, seed=seed, people=selection.people[:PICKED])
        known = replace(
            draft, list_id=first.id, list_title=first.title, selection=replace(draft.selection, others=others)
        )
        return replace(known, selection=self.facets.spelled(member, known, chosen))

    def require_somebody(self, member: Member, draft: Campaign) -> Reach:
        """Raises Refusal at the field where the choice is not made, or leaves nobody."""
        sources, kind = self.sources(member, draft), draft.selection.kind
        if kind is Kind.PILOT and draft.selection.pilot < 1:
            raise Refusal("recipients.pilot.empty", field="pilot")
        if not choosing.is_settled(draft.selection):
            raise Refusal(f"recipients.unsettled.{kind.value}", field=AUDIENCE)
        reach = self._chosen(sources, draft).reach
        if not reach.total:
            raise Refusal("campaigns.empty_list", field=LIST, title=sources.lists[0].title)
        if not reach.count:
            raise _nobody(reach)
        return reach

    def look(self, member: Member, draft: Campaign, *, counting: bool = True) -> Look:
        """Everything step 2 shows. A list that changes while it is read is read again."""
        try:
            return self._look(member, draft, counting=counting)
        except Stale:
            return self._look(member, draft, counting=counting)

    def _look(self, member: Member, draft: Campaign, *, counting: bool) -> Look:
        lists = self.lists.visible(member)
        known = {one.id: one for one in lists}
        chosen = known.get(draft.list_id) if draft.list_id else None
        selection = draft.selection
        seen = Look(
            lists=tuple(lists), chosen=chosen, days=self.frequency.days,
            others=tuple(known[one] for one in selection.others if one in known),
            only=known.get(selection.only) if selection.only else None,
            offer=self.facets.offer(member, draft) if counting else Offer(is_open=False),
            picked=tuple(self.facets.named(member, draft)) if counting else (),
        )  # fmt: skip
        if not counting:
            return seen
        try:
            return replace(seen, reach=self.reach(member, draft))
        except Stale:
            raise
        except Refusal as refusal:
            return replace(seen, refusal=refusal)

    def columns(self, member: Member, draft: Campaign) -> tuple[str, ...]:
        """Titles of the other columns, in the order in which `people` have their values. Lists that are gone
        have none."""
        lists = self.facets.sources(member, draft)
        return Sources(lists=tuple(lists)).columns

    def blanks(self, member: Member, draft: Campaign, columns: Sequence[str]) -> Mapping[str, int]:
        """Of those who would get the letter, how many have nothing there. A column: a `Field` value, or a
        title of `columns`."""
        sources = self.sources(member, draft)
        return choosing.blanks(self._chosen(sources, draft), self._rolls(sources), columns)

    def people(
        self, member: Member, draft: Campaign, places: Sequence[int] | None = None
    ) -> Iterator[Contact]:
        """Those the choice means, each once, in the order of the lists; or of them those at these places,
        ascending. Suppressed people and those written to lately are among them (they are counted out at
        departure, when it is true), but for a pilot, which is drawn of the others. Raises `Stale` where a
        list changes meanwhile."""
        sources = self.sources(member, draft)
        before = 0
        for contact_list, _, rows in self._each_once(sources, draft):
            wanted = rows
            if places is not None:
                wanted = [rows[one - before] for one in places if before <= one < before + len(rows)]
            before += len(rows)
            yield from self._read(contact_list, wanted, sources.columns)

    def place_of(self, member: Member, draft: Campaign, person: int) -> int | None:
        """Where somebody, by the hash of their address, stands among `people`."""
        before = 0
        for _, hashes, rows in self._each_once(self.sources(member, draft), draft):
            for place, row in enumerate(rows):
                if hashes[row] == person:
                    return before + place
            before += len(rows)
        return None

    def _each_once(
        self, sources: Sources, draft: Campaign
    ) -> Iterator[tuple[ContactList, Sequence[int], Sequence[int]]]:
        """Of each list everybody's hash, and the rows of those whom it gives to the audience."""
        chosen = self._chosen(sources, draft)
        for contact_list, roll, marks in zip(sources.lists, self._rolls(sources), chosen.marks, strict=True):
            yield contact_list, roll.hashes, array("I", choosing.meant(marks))

    def values(self, member: Member, draft: Campaign, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Of the same people in the same order, what stands in these columns, read as it is asked for: a
        column as for `blanks`. Raises `Stale` where a list changes meanwhile."""
        sources = self.sources(member, draft)
        return choosing.values(self._chosen(sources, draft), self._rolls(sources), columns)

    def _read(
        self, contact_list: ContactList, wanted: Sequence[int], columns: Sequence[str]
    ) -> Iterator[Contact]:
        """`wanted`: places of contacts, ascending."""
        titles = contact_list.report.extras
        places = [titles.index(title) if title in titles else None for title in columns]
        is_apart = titles != tuple(columns)
        for line in self.facets.lines(contact_list, wanted):
            yield Contact.from_line(_moved(line, places) if is_apart else line)

    # --- who is left out ------------------------------------------------------------------------------

    def _rolls(self, sources: Sources) -> list[Roll]:
        return [self.facets.roll(one) for one in sources.lists]

    def _chosen(self, sources: Sources, draft: Campaign) -> Chosen:
        only = self.facets.roll(sources.only) if sources.only else None
        return choosing.choose(draft.selection, self._rolls(sources), only, self._barred(draft))

    def _barred(self, draft: Campaign) -> Barred:
        at = self._departure(draft)
        return Barred(
            suppressed=self._suppressed(draft.workspace),
            invited=self.frequency.invited(draft),
            recent=self.frequency.recent(draft, at),
            planned=self.frequency.planned(draft, at),
        )

    def _departure(self, draft: Campaign) -> datetime:
        now = self.clock.now()
        if draft.when is When.LATER and draft.send_at is not None:
            return max(now, draft.send_at)
        return now

    def _suppressed(self, workspace: WorkspaceId) -> Crowd:
        """Their hashes, each made once."""
        secret = self.store.secret("addresses")
        with self._lock:
            before, people = self._known.get(workspace, ({}, Crowd()))
            addresses = {one.address for one in self.store.suppressions.all(workspace)}
            if addresses != before.keys():
                made = {one: hash_of(secret, one) for one in addresses - before.keys()}
                known = {one: made[one] if one in made else before[one] for one in addresses}
                people = Crowd.of(known.values())
                self._known[workspace] = known, people
        return people


class Counted:
    """People on their way to somewhere, counted."""

    def __init__(self, people: Iterable[Contact]) -> None:
        self._people, self.n = people, 0

    def __iter__(self) -> Iterator[Contact]:
        for contact in self._people:
            self.n += 1
            yield contact


def _nobody(reach: Reach) -> Refusal:
    """Said where it can be mended."""
    for cause in (Cause.RECENT, Cause.PLANNED):
        if n := reach.left_out.get(cause):
            return Refusal(f"recipients.nobody.{cause.value}", field="recent", n=n)
    if reach.chosen:
        return Refusal("recipients.nobody.left", field=AUDIENCE, n=reach.chosen)
    return Refusal("recipients.nobody", field=AUDIENCE)


def _moved(line: list[object], places: Sequence[int | None]) -> list[object]:
    """The other columns in the order of all the lists'."""
    extras = line[8]
    assert isinstance(extras, list)
    values = ["" if place is None or place >= len(extras) else extras[place] for place in places]
    return [*line[:8], values]
