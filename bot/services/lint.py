"""What is wrong with a draft, as far as it can be known now: who gets it, what they would read, from whom."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import ports
from bot.core import fields as field_rules
from bot.core import lint as rules
from bot.core.campaigns import Campaign, When
from bot.core.choosing import Reach
from bot.core.contacts import Field
from bot.core.letters import weight
from bot.core.lint import Case, Finding, Survey
from bot.core.lint.survey import looked_at, used
from bot.core.people import Member, called
from bot.core.sentences import Refusal
from bot.services.audiences import Audiences
from bot.services.letters import Correspondence
from bot.services.senders import Senders

KEPT = 32  # surveys remembered: of the drafts that people are at

_Key = tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class Lint:
    audiences: Audiences
    letters: Correspondence
    senders: Senders
    clock: ports.Clock
    policy: ports.Policy
    _surveys: "OrderedDict[_Key, Survey]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def findings(self, member: Member, draft: Campaign, reach: Reach) -> tuple[Finding, ...]:
        """What blocks first. Raises Refusal where a list is gone."""
        columns = self.audiences.columns(member, draft)
        now = self.clock.now()
        case = Case(
            draft=draft, count=reach.count, survey=self._survey(member, draft, columns), now=now,
            departs_at=self._departure(draft, now), columns=columns, senders=self.senders.told(),
            weight=self._weight(member, draft, columns), language=member.language.value,
            gone=self._gone(draft),
        )  # fmt: skip
        return rules.findings(case)

    def require(self, member: Member, draft: Campaign, reach: Reach) -> None:
        """Raises Refusal with the first finding that blocks."""
        if found := rules.blocking(self.findings(member, draft, reach)):
            raise Refusal.of(found.said)

    def prepare(self, member: Member, draft: Campaign) -> None:
        """While somebody is at the step before: what the check will ask takes a moment the first time."""
        with suppress(Refusal):  # what is wrong is said where it is asked
            self.senders.ask()
            self._look(member, draft, self.audiences.columns(member, draft))

    def places(self, member: Member, draft: Campaign) -> tuple[int, int | None]:
        """How many people the draft means, and the place among them of who lacks most of what it uses."""
        found = self._look(member, draft, self.audiences.columns(member, draft))
        return found.people, found.poorest

    def _departure(self, draft: Campaign, now: datetime) -> datetime:
        if draft.when is When.LATER and draft.send_at:
            return draft.send_at
        return now + timedelta(seconds=self.policy.undo_seconds)

    def _gone(self, draft: Campaign) -> str:
        """Whose closed account replies would go to."""
        if draft.reply_to is None:
            return ""
        address = draft.reply_to.address.lower()
        closed = (one for one in self.audiences.store.people.all(draft.workspace) if one.is_deactivated)
        return next((called(one) for one in closed if one.email.lower() == address), "")

    def _weight(self, member: Member, draft: Campaign, columns: Sequence[str]) -> int:
        """Of the first person's letter. 0 where no letter can be made of it: another finding says why."""
        draft = replace(draft, columns=tuple(columns), redirects=bool(self.policy.public_url))
        try:
            composed = self.letters.compose(self.letters.letter(draft))
        except Refusal:
            return 0
        people = enumerate(self.audiences.people(member, draft, [0]))
        first = next(self.letters.addressed(draft, composed, people, wave=0), None)
        return weight(composed, first.substitutions if first else {})

    # --- who lacks what ---------------------------------------------------------------------------------

    def _survey(self, member: Member, draft: Campaign, columns: Sequence[str]) -> Survey:
        """With the blanks of those who would get the letter now; the rest is of everybody that is meant."""
        titles = {name: _title(name, columns) for name in used(draft, columns)}
        found = self._look(member, draft, columns)  # which notes who is blank as it goes
        blanks = self.audiences.blanks(member, draft, tuple(titles.values())) if titles else {}
        return replace(found, blanks={name: blanks[title] for name, title in titles.items()})

    def _look(self, member: Member, draft: Campaign, columns: Sequence[str]) -> Survey:
        """Everybody is looked at once for a choice and its words."""
        sources = self.audiences.sources(member, draft)
        key = (
            draft.id, tuple((one.id, one.version) for one in sources.all), draft.selection, draft.subject,
            used(draft, columns), draft.placement, draft.link_column,
        )  # fmt: skip
        with self._lock:
            if known := self._surveys.get(key):
                self._surveys.move_to_end(key)
                return known
        titles = [_title(name, columns) for name in looked_at(draft, columns)]
        found = rules.surveyed(draft, columns, self.audiences.values(member, draft, titles))
        found = self._with_rows(member, draft, found)
        with self._lock:
            self._surveys[key] = found
            while len(self._surveys) > KEPT:
                self._surveys.popitem(last=False)
        return found

    def _with_rows(self, member: Member, draft: Campaign, found: Survey) -> Survey:
        """The places of some people as rows of their file."""
        places = sorted({*found.untitled, *(one for some in found.long.values() for one in some)})
        if not places:
            return found
        people = self.audiences.people(member, draft, places)
        rows = {place: one.row for place, one in zip(places, people, strict=True)}
        return replace(
            found, untitled=tuple(rows[one] for one in found.untitled),
            long={name: tuple(rows[one] for one in some) for name, some in found.long.items()},
        )  # fmt: skip


def _title(name: str, columns: Sequence[str]) -> str:
    """A field as the lists call it."""
    if name in {one.value for one in Field}:
        return name
    return next(title for place, title in enumerate(columns) if name == field_rules.column_name(place))
