"""A new file beside a list: who is new, what changed, who is gone; and the two as one.

People are the same where their canonical addresses are. Files may be long: they are read several times
from the disk rather than held, and what is held of a person is two numbers.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from bot.core import lines
from bot.core.addresses import canonical
from bot.core.contacts import Contact, Field
from bot.core.differences import Change, Difference
from bot.core.headings import Heading, Together
from bot.core.lists import UNDO, Became, ContactList, Problem, Report, Version
from bot.core.sentences import Refusal

MOSTLY = 0.6  # the share of either side's people that makes two files the same list
EXAMPLES = 3
SAMPLE = 5  # contacts shown with a list
VALUE_LENGTH = 80

People = Callable[[], Iterator[Contact]]  # read anew at each call
Numbers = Sequence[int]  # ascending


def addresses(emails: Iterable[str]) -> Numbers:
    return array("q", sorted(hash(canonical(email)) for email in emails))


def are_mostly_the_same(some: Numbers, others: Numbers) -> bool:
    common = _common(some, others)
    return common > 0 and (common >= MOSTLY * len(some) or common >= MOSTLY * len(others))


@dataclass(frozen=True, kw_only=True)
class Columns:
    """How two lists' columns meet: the fields both have, and the headers of the other columns.

    `more` and `fewer` are titles that the new file brings and those it has no more; `before` and `after`:
    what the raw rows of each stand under.
    """

    fields: tuple[Field, ...]
    old: tuple[str, ...]
    new: tuple[str, ...]
    more: tuple[str, ...]
    fewer: tuple[str, ...]
    before: Heading
    after: Heading

    @classmethod
    def of(cls, old: Report, new: Report) -> "Columns":
        """A list that came from no file has all fields."""
        before, after = ({*(report.columns or Field)} for report in (old, new))
        return cls(
            fields=tuple(field for field in Field if field in before and field in after),
            old=old.extras, new=new.extras,
            more=_only(new, {*after} - {*before}, old), fewer=_only(old, {*before} - {*after}, new),
            before=Heading.of(old), after=Heading.of(new),
        )  # fmt: skip

    @property
    def together(self) -> Together:
        return Together(self.before, self.after, self.merged)

    @property
    def merged(self) -> tuple[str, ...]:
        return (*self.old, *(header for header in self.new if header not in self.old))

    def values(self, contact: Contact, headers: Sequence[str]) -> dict[str, str]:
        """What can be compared: header or field -> value. The address is who it is, not what is said."""
        own = {field.value: contact.value(field) for field in self.fields if field is not Field.EMAIL}
        others = dict(zip(headers, contact.extras, strict=False))
        both = {header: others.get(header, "") for header in self.old if header in self.new}
        return {**{f"\0{header}": value for header, value in both.items()}, **own}


def _only(report: Report, fields: set[str], other: Report) -> tuple[str, ...]:
    """The titles of the columns that the other has not, in order."""
    named = {title for name, title in report.columns.items() if name in fields}
    named |= {title for title in report.extras if title not in other.extras}
    titles = [column.title for column in report.headers]
    return tuple(sorted(named, key=lambda title: titles.index(title) if title in titles else len(titles)))


def compare(old: People, new: People, columns: Columns) -> Difference:
    before, after = _read(old(), columns, columns.old), _read(new(), columns, columns.new)
    common = _common(before.people, after.people)
    changed = common - _common(before.contents, after.contents)
    return Difference(
        added=len(after.people) - common,
        changed=changed,
        gone=len(before.people) - common,
        examples=_examples(old, _changed(new(), before, columns), columns) if changed else (),
    )


def merge(old: People, new: People, columns: Columns, last: int = 1) -> Iterator[Contact]:
    """Everybody of both. Where both know a person, the new file's values win unless they are blank; the
    new people follow, with row numbers of their own, higher than the list's and `last`."""
    before = _read(old(), columns, columns.old)
    # as bytes: a fifth of what the records would take
    changed = {
        _who(contact): lines.encode(contact.to_line())
        for contact in _changed(new(), before, columns, everybody=bool(columns.more))
    }
    for contact in old():
        last = max(last, contact.row)
        newer = lines.decode(changed.get(_who(contact), b""))
        yield _updated(contact, Contact.from_line(newer) if newer else None, columns)
    for contact in new():
        if not _has(before.people, _who(contact)):
            last += 1
            others = dict(zip(columns.new, contact.extras, strict=False))
            extras = tuple(others.get(header, "") for header in columns.merged)
            yield replace(contact, extras=extras, row=last)


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """What a merge wrote: contacts and the first few, rows to fix, duplicates, and where these two stand."""

    count: int
    rejected: int = 0
    duplicates: int = 0
    sample: tuple[Contact, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Known:
    """One number for each person, one for each person with what is said of them."""

    people: Numbers
    contents: Numbers


def _read(contacts: Iterable[Contact], columns: Columns, headers: Sequence[str]) -> _Known:
    people, contents, content = array("q"), array("q"), _content(columns, headers)
    for contact in contacts:
        people.append(_who(contact))
        contents.append(content(contact))
    return _Known(people=array("q", sorted(people)), contents=array("q", sorted(contents)))


def _who(contact: Contact) -> int:
    return hash(canonical(contact.email))


def _content(columns: Columns, headers: Sequence[str]) -> Callable[[Contact], int]:
    """The number of what `Columns.values` tells, without making it: this is asked of everybody."""
    names = [field.value for field in columns.fields if field is not Field.EMAIL]
    told: Callable[[Contact], object] = attrgetter(*names) if names else lambda _: None
    common = dict.fromkeys(header for header in columns.old if header in columns.new)
    last = {header: place for place, header in enumerate(headers)}
    places = [last[header] for header in common]

    def content(contact: Contact) -> int:
        extras = contact.extras
        others = tuple(extras[place] if place < len(extras) else "" for place in places) if places else ()
        return hash((canonical(contact.email), told(contact), others))

    return content


def _changed(
    new: Iterable[Contact], before: _Known, columns: Columns, *, everybody: bool = False
) -> Iterator[Contact]:
    """Those the list knows otherwise; `everybody`: all it knows."""
    content = _content(columns, columns.new)
    for contact in new:
        known = _has(before.people, _who(contact))
        if known and (everybody or not _has(before.contents, content(contact))):
            yield contact


def _examples(old: People, changed: Iterator[Contact], columns: Columns) -> tuple[Change, ...]:
    """The first value of the first few people."""
    newer = {_who(contact): contact for contact, _ in zip(changed, range(EXAMPLES), strict=False)}
    found: dict[int, Change] = {}
    for contact in old():
        who = _who(contact)
        if who in newer:
            found[who] = _change(contact, newer[who], columns)
            if len(found) == len(newer):
                break
    return tuple(found[who] for who in newer if who in found)


def _change(old: Contact, new: Contact, columns: Columns) -> Change:
    before, after = columns.values(old, columns.old), columns.values(new, columns.new)
    name = next(name for name in before if before[name] != after[name])
    return Change(
        name=(new.full_name() or new.email)[:VALUE_LENGTH], field=name.removeprefix("\0"),
        before=before[name][:VALUE_LENGTH], after=after[name][:VALUE_LENGTH], extra=name.startswith("\0"),
    )  # fmt: skip


def _updated(contact: Contact, newer: Contact | None, columns: Columns) -> Contact:
    extras = [*contact.extras, *[""] * (len(columns.merged) - len(contact.extras))]
    if newer is None:
        return replace(contact, extras=tuple(extras))
    for header, value in zip(columns.new, newer.extras, strict=False):
        if value:
            extras[columns.merged.index(header)] = value
    told = {field.value: value for field in Field if (value := newer.value(field))}
    told.pop(Field.EMAIL)
    return replace(contact, extras=tuple(extras), **told)  # type: ignore[arg-type]


def _common(some: Numbers, others: Numbers) -> int:
    """How many stand in both."""
    few, many = sorted((some, others), key=len)
    return sum(_has(many, number) for number in few)


def _has(numbers: Numbers, number: int) -> bool:
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number


# --- the record ---------------------------------------------------------------------------------------


def renewed(contact_list: ContactList, report: Report, now: datetime, *, by_hand: bool = False,
            digest: str = "", source_name: str = "") -> ContactList:  # fmt: skip
    """The list with its next version. Of a series of changes by hand only the version before it is kept:
    a hundred small corrections are no hundred copies."""
    number = max(contact_list.version, contact_list.latest) + 1
    previous = contact_list.previous
    if not (by_hand and contact_list.by_hand):
        previous = (_version(contact_list, now), *previous)
    return replace(
        contact_list, report=report, version=number, latest=number, previous=previous, by_hand=by_hand,
        digest=digest, source_name=source_name or contact_list.source_name, counted_from=now,
        revision=contact_list.revision + 1,
    )  # fmt: skip


def _version(contact_list: ContactList, now: datetime) -> Version:
    return Version(
        number=contact_list.version, report=contact_list.report, until=now, digest=contact_list.digest,
        source_name=contact_list.source_name, by_hand=contact_list.by_hand,
    )  # fmt: skip


def reverted(contact_list: ContactList, now: datetime) -> ContactList:
    """Back to the version before. Raises Refusal where there is none, or it is too long ago."""
    if not contact_list.previous or now - contact_list.previous[0].until > UNDO:
        raise Refusal("lists.version.late", title=contact_list.title)
    before, *older = contact_list.previous
    return replace(
        contact_list, version=before.number, report=before.report, digest=before.digest,
        source_name=before.source_name, by_hand=before.by_hand, previous=tuple(older),
        revision=contact_list.revision + 1,
    )  # fmt: skip


def settled(waiting: ContactList, became: Became, now: datetime) -> ContactList:
    """The file that waited is part of its list now; its record stays as long as that can be undone."""
    assert waiting.waiting is not None
    return replace(
        waiting, waiting=replace(waiting.waiting, became=became), deleted_at=now,
        revision=waiting.revision + 1,
    )  # fmt: skip


def kept_apart(waiting: ContactList) -> ContactList:
    """The file that waited is a list of its own."""
    return replace(waiting, waiting=None, revision=waiting.revision + 1)
