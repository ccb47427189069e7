"""What a draft's lists can be chosen by: columns, their values, their people; searched as somebody types.

Names, addresses and values are for who manages every list concerned. Who may only use one gets counts.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot import ports
from bot.core import audiences as rules
from bot.core import lists as list_rules
from bot.core.addresses import hash_of
from bot.core.campaigns import Campaign
from bot.core.haystacks import Haystack
from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.rolls import CHOSEN_BY, Named, Offer, Roll, token
from bot.core.selection import Condition, Selection
from bot.core.sentences import Refusal, Stale
from bot.core.text import folded
from bot.services.lists import Lists

OFFERED = 100  # Slack shows no more options at a time
SEARCHED = 200_000  # people of a list that is made ready to be searched; a longer one is when it is asked
KEPT = 1_000_000  # people of the rolls in memory; the last one is kept whatever its size

_Key = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class Facets:
    store: ports.Store
    lists: Lists
    _rolls: "OrderedDict[_Key, Roll]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # --- rolls ----------------------------------------------------------------------------------------

    def roll(self, contact_list: ContactList) -> Roll:
        """Of this version of the list: read when it is first asked something. Raises `Stale` while it is
        asked, where the list has another version by then."""
        key = (contact_list.workspace, contact_list.id, contact_list.version)
        with self._lock:
            known = self._rolls.get(key)
            if known is None:
                known = self._rolls[key] = self._new(contact_list)
                self._forget_others(contact_list)
            self._rolls.move_to_end(key)
            return known

    def _new(self, contact_list: ContactList) -> Roll:
        secret = self.store.secret("addresses")
        return Roll(
            lambda: self.lines(contact_list), contact_list.report.extras,
            lambda address: hash_of(secret, address), size=contact_list.count,
        )  # fmt: skip

    def _forget_others(self, newest: ContactList) -> None:
        """Older versions of the same list, then whatever was not asked for the longest."""
        ours = (newest.workspace, newest.id)
        for key in [one for one in self._rolls if one[:2] == ours and one[2] != newest.version]:
            del self._rolls[key]
        while len(self._rolls) > 1 and sum(roll.size for roll in self._rolls.values()) > KEPT:
            self._rolls.popitem(last=False)

    def lines(
        self, contact_list: ContactList, contacts: Sequence[int] | None = None
    ) -> Iterator[list[object]]:
        """Of this version, and no other: `Stale` at the end where that is not sure. `contacts`: the lines of
        those at these places alone, ascending."""
        yield from self.store.lists.lines(contact_list.workspace, contact_list.id, contacts)
        now = self.store.lists.get(contact_list.workspace, contact_list.id)
        if now.version != contact_list.version:
            raise Stale("lists.stale", title=contact_list.title)

    # --- what there is to choose by -------------------------------------------------------------------

    def sources(self, member: Member, draft: Campaign) -> list[ContactList]:
        """The lists of the draft that are there, as they are now."""
        found = []
        for list_id in rules.sources(draft):
            try:
                found.append(self.lists.usable(member, list_id))
            except Refusal:
                continue  # deleted, or no longer shared: who counts says so
        return found

    def is_open(self, member: Member, draft: Campaign) -> bool:
        sources = self.sources(member, draft)
        return bool(sources) and all(list_rules.may_manage(member, one) for one in sources)

    def offer(self, member: Member, draft: Campaign) -> Offer:
        sources = self.sources(member, draft)
        titles = tuple(dict.fromkeys(title for one in sources for title in one.report.extras))
        if not sources or not self.is_open(member, draft):
            return Offer(is_open=False)
        rolls = [self.roll(one) for one in sources]
        for roll in rolls:
            roll.columns(CHOSEN_BY)  # read together
        filled = [name for name in CHOSEN_BY if any(_has_values(roll, name) for roll in rolls)]
        return Offer(fields=tuple(filled), titles=tuple(title for title in titles if title not in CHOSEN_BY))

    def _open_rolls(self, member: Member, draft: Campaign) -> list[Roll]:
        if not self.is_open(member, draft):
            return []
        return [self.roll(one) for one in self.sources(member, draft)]

    def values(self, member: Member, draft: Campaign, name: str, query: str) -> list[tuple[str, int]]:
        """Values of the column with how many people have them: those that begin with the query first, the
        most frequent first; then how many have none, as ""."""
        columns = [roll.column(name) for roll in self._open_rolls(member, draft)]
        found: dict[str, tuple[str, int]] = {}  # by how they are compared
        ranks: Counter[str] = Counter()
        for column in filter(None, columns):
            for rank, (value, count) in enumerate(column.find(query, OFFERED)):
                key = folded(value)
                known, before = found.get(key, (value, 0))
                found[key] = (known, before + count)
                ranks[key] = min(ranks.get(key, rank), rank)
        offered = list(found)
        if len(columns) > 1:
            wanted = folded(query)
            offered.sort(key=lambda key: (not key.startswith(wanted), -found[key][1], ranks[key]))
        blank = sum(column.blanks for column in columns if column) if not query.strip() else 0
        values = [found[key] for key in offered[: OFFERED - bool(blank)]]
        return [*values, ("", blank)] if blank else values

    def titles(self, member: Member, draft: Campaign, query: str) -> list[str]:
        titles = self.offer(member, draft).titles
        places = Haystack(map(folded, titles)).find(query, OFFERED)
        return [titles[place] for place in places]

    def people(self, member: Member, draft: Campaign, query: str) -> list[Named]:
        """By name or address, each person once."""
        found: dict[int, Named] = {}
        for roll in self._open_rolls(member, draft):
            for one in roll.people.find(query, OFFERED):
                found.setdefault(one.person, one)
        return list(found.values())[:OFFERED]

    def prepare(self, member: Member, draft: Campaign) -> None:
        """While somebody is at the step before, or looks at what can be chosen: the first count and the first
        search would have to read the lists. It waits for nobody who is at it already."""
        with suppress(Refusal, ports.Unreadable):  # what is wrong is said where it is asked
            for roll in self._open_rolls(member, draft):
                if roll.size <= SEARCHED:
                    roll.columns(CHOSEN_BY)
                    roll.prepare()

    def named(self, member: Member, draft: Campaign) -> list[Named]:
        """Who was picked, as far as they are in the lists; nobody where they are not to be seen."""
        wanted = {int(one, 16) for one in draft.selection.people}
        found: dict[int, Named] = {}
        for roll in self._open_rolls(member, draft) if wanted else []:
            for place, person in enumerate(roll.hashes):
                if person in wanted:
                    found.setdefault(person, roll.people.at(place))
        return list(found.values())

    # --- what was chosen ------------------------------------------------------------------------------

    def spelled(self, member: Member, draft: Campaign, selection: Selection) -> Selection:
        """The selection with columns and values in the place of the options' tokens; a token that means none
        goes. Who may look nothing up any more keeps what was chosen."""
        if not selection.where:
            return selection
        rolls = self._open_rolls(member, draft)
        if not rolls:
            return replace(selection, where=draft.selection.where)
        where = []
        for condition in selection.where:
            if (column := _title(condition.column, rolls)) is None:
                continue
            found = [_spelled(written, column, rolls) for written in condition.values]
            known = tuple(dict.fromkeys(value for value in found if value is not None))
            where.append(Condition(column=column, values=known))
        return replace(selection, where=tuple(where))


def _title(written: str, rolls: Sequence[Roll]) -> str | None:
    """One of the three we know is named as it is; another column by its token, also where no list has it."""
    if written in CHOSEN_BY:
        return written
    if written.startswith("="):
        return written[1:]
    titles = (title for roll in rolls for title in roll.extras)
    return next((title for title in titles if token(title) == written), None)


def _has_values(roll: Roll, name: str) -> bool:
    column = roll.column(name)
    return column is not None and len(column.values) > 1


def _spelled(written: str, name: str, rolls: Sequence[Roll]) -> str | None:
    if written.startswith("="):
        return written[1:]
    columns = filter(None, (roll.column(name) for roll in rolls))
    return next((column.hidden[written] for column in columns if written in column.hidden), None)
