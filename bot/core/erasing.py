"""A person taken out of everything that is kept: how they are recognised, and what stands in their place.

Who they are is told by an address. What the contact files say beside it (the names) finds them where the
address was mistyped: among rows to fix. People of the same name are not touched.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import quote

from bot.core.addresses import canonical, in_letters
from bot.core.contacts import Contact
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.lists import Column, ContactList, Problem, Report, Version, Waiting
from bot.core.log import SUPPRESSIONS
from bot.core.text import folded

HIDDEN = "…"

# A letter, or a point and more, goes on: somebody else's longer address. What ends a file's name does not.
_FILE = r"\.(?:csv|tsv|tab|txt|xls|xlsx|xlsm|xlsb|ods|zip|json|xml|html?|pdf|docx?|odt|eml|msg|vcf)(?![^\W_])"
_GOES_ON = rf"[^\W_]|(?!{_FILE})\.\w"
_GOES_ON_IN_TEXT = rf"{_GOES_ON}|-[\w-]*\.\w"

Line = list[object]
Clean = Callable[[str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """Somebody asked to be forgotten. Without a word of who it is: `person` is their keyed hash. `lists` held
    them, `campaigns` wrote to them or would have; `excluded`: they were on the list of people not to be
    written to. Kept until Slack, too, was rid of them; `gone` lists' messages and files are."""

    workspace: WorkspaceId
    id: str
    by: MemberId
    at: datetime
    person: str
    lists: tuple[ListId, ...] = ()
    campaigns: tuple[CampaignId, ...] = ()
    rows: int = 0
    excluded: bool = False
    files: int = 0  # of ours, deleted in Slack
    done: tuple[str, ...] = ()  # subjects whose messages and files are dealt with
    links: tuple[tuple[str, str, str], ...] = ()  # owner, list's title, permalink: only they can delete it

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whose messages and files may show the person."""
        excluded = (SUPPRESSIONS,) if self.excluded else ()
        return (*self.lists, *self.campaigns, *excluded, subject_of(self.person))


def subject_of(person: str) -> str:
    """What was sent to whoever asked what is known of them; `person` is their keyed hash."""
    return f"person_{person}"


@dataclass(kw_only=True)
class Person:
    """`address` is canonical. What is learned of them is kept until they are gone."""

    address: str
    names: set[tuple[str, str]] = field(default_factory=set)  # folded, both there
    values: set[str] = field(default_factory=set)  # folded: what stands in their rows

    def __post_init__(self) -> None:
        escaped = sorted({re.escape(one) for one in self._forms()}, key=len, reverse=True)
        forms = f"(?:{'|'.join(escaped)})"
        self._pattern = re.compile(rf"(?<![\w.+-])(?:_{forms}_|{forms})(?!{_GOES_ON_IN_TEXT})", re.IGNORECASE)
        self._in_name = re.compile(rf"(?<![^\W_]){forms}(?!{_GOES_ON})", re.IGNORECASE)
        self._needles = tuple({one.encode() for form in self._forms() for one in (form, form.casefold())})
        self._is_plain = all(one.isascii() for one in self._needles)

    def _forms(self) -> Iterator[str]:
        """With the domain in ASCII or not, accents composed or not, and as links have it."""
        for known in {self.address, in_letters(self.address)}:
            for one in (known, unicodedata.normalize("NFD", known)):
                yield one
                yield one.replace("@", "%40")
                yield quote(one, safe="")

    def may_be_in(self, data: bytes) -> bool:
        """A quick look; never False where they are."""
        low = data.lower() if self._is_plain else data.decode("utf-8", "replace").casefold().encode()
        return any(needle in low for needle in self._needles)

    def offsets(self, data: bytes) -> list[int] | None:
        """Where their address may stand; None where only a look at each line tells."""
        if not self._is_plain:
            return None
        low, found = data.lower(), []
        for needle in self._needles:
            at = low.find(needle)
            while at >= 0:
                found.append(at)
                at = low.find(needle, at + 1)
        return found

    def is_in(self, text: str) -> bool:
        return self._pattern.search(text) is not None

    def is_it(self, address: str) -> bool:
        return canonical(address) == self.address

    def clean(self, text: str) -> str:
        return self._pattern.sub(HIDDEN, text)

    def clean_name(self, text: str) -> str:
        """Of the name somebody gave a file or a list, where more may stick to an address: rather too much
        than too little."""
        return self._in_name.sub(HIDDEN, text)

    def learn(self, line: Line) -> None:
        """Of a line about them: their names, and what else stands there."""
        match line:
            case ["c", *_]:
                self._learn_of(Contact.from_line(line))
            case ["r", _, _, _, _, list(cells), *_]:
                self._note(map(str, cells))

    def _learn_of(self, contact: Contact) -> None:
        first, last = folded(contact.first_name), folded(contact.last_name)
        if first and last:
            self.names.add((first, last))
        self._note((
            contact.email, contact.first_name, contact.last_name, contact.company, contact.location,
            contact.job_title, *contact.extras,
        ))  # fmt: skip

    def _note(self, values: Iterable[str]) -> None:
        self.values.update(low for one in values if _tells(low := folded(one)))

    def is_named(self, cells: Iterable[str]) -> bool:
        found = {folded(cell) for cell in cells}
        return any(
            {first, last} <= found or f"{first} {last}" in found or f"{last} {first}" in found
            for first, last in self.names
        )

    def is_theirs(self, line: Line) -> bool:
        """Is it about them?"""
        match line:
            case ["c" | "o" | "u", _, str(email), *_]:
                return self.is_it(email)
            case ["d", _, _, str(email), list(cells)]:
                return self.is_it(email)
            case ["r", _, _, _, _, list(cells), *_]:
                written = [str(cell) for cell in cells]
                return any(map(self.is_in, (*written, *map(str, line[6:])))) or self.is_named(written)
            case _:
                return False


def _tells(value: str) -> bool:
    """Not "2", nor "ok": what many rows hold is nobody's."""
    return len(value) >= (6 if value.isdecimal() else 3)


def cleaned(value: object, clean: Clean) -> object:
    """The same with every text cleaned, however deep."""
    match value:
        case str():
            return clean(value)
        case list():
            return [cleaned(one, clean) for one in value]
        case dict():
            return {key: cleaned(one, clean) for key, one in value.items()}
        case _:
            return value


def contact_of(line: Line, hashed: str) -> Line:
    """A recipient keeps their number: nothing but the hash stands there any more."""
    contact = Contact.from_line(line)
    return Contact(row=contact.row, email=hashed, extras=("",) * len(contact.extras)).to_line()


# --- reports ------------------------------------------------------------------------------------------


def report_without(report: Report, person: Person) -> Report:
    """Without what a report quotes of them; its counts are its list's business."""
    return replace(
        report,
        sample=tuple(one for one in report.sample if not person.is_it(one.email)),
        problems=tuple(_problem_without(one, person) for one in report.problems),
        headers=headers_without(report.headers, person),
    )


def _problem_without(problem: Problem, person: Person) -> Problem:
    """Rows and details stand side by side."""
    if not any(_quotes(person, one) for one in problem.details):
        return problem
    details = tuple(HIDDEN if _quotes(person, one) else one for one in problem.details)
    return replace(problem, details=details)


def headers_without(headers: Sequence[Column], person: Person) -> tuple[Column, ...]:
    """Where they are among the first rows, nothing of these rows is quoted."""
    if any(person.is_in(value) for column in headers for value in column.samples):
        return tuple(replace(column, samples=()) for column in headers)
    return tuple(
        replace(column, samples=tuple(one for one in column.samples if folded(one) not in person.values))
        for column in headers
    )


def _quotes(person: Person, text: str) -> bool:
    return person.is_in(text) or folded(text) in person.values or person.is_named([text])


def is_quoted(contact_list: ContactList, person: Person) -> bool:
    """Do its reports show them? Told by address and name alone: a value of theirs may be anybody's."""
    known = Person(address=person.address, names=person.names)
    return list_without(contact_list, known, {}) != contact_list


def list_without(contact_list: ContactList, person: Person, reports: Mapping[int, Report]) -> ContactList:
    """`reports` of the versions that held them, by number: counted anew."""
    current = reports.get(contact_list.version, contact_list.report)
    return replace(
        contact_list,
        report=report_without(current, person),
        previous=tuple(_version_without(one, person, reports) for one in contact_list.previous),
        waiting=contact_list.waiting and _waiting_without(contact_list.waiting, person),
    )


def _version_without(version: Version, person: Person, reports: Mapping[int, Report]) -> Version:
    return replace(version, report=report_without(reports.get(version.number, version.report), person))


def _waiting_without(waiting: Waiting, person: Person) -> Waiting:
    examples = tuple(
        one
        for one in waiting.difference.examples
        if not any(_quotes(person, text) for text in (one.name, one.before, one.after))
    )
    return replace(waiting, difference=replace(waiting.difference, examples=examples))
