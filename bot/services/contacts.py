"""The people of one list, by hand: added, corrected, removed. Each change is a new version of the list."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot import ports
from bot.core import fields
from bot.core import versions as rules
from bot.core.addresses import canonical
from bot.core.contacts import Contact, Field
from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.sentences import Refusal, Sentence, Stale
from bot.services.forgotten import is_forgotten
from bot.services.lists import Lists
from bot.services.log import note
from bot.services.versions import write_lines

LONGEST = 200  # characters of a value typed in a dialog
Line = list[object]


@dataclass(frozen=True, kw_only=True)
class Contacts:
    store: ports.Store
    lists: Lists
    reader: ports.Reader
    clock: ports.Clock

    def get(self, member: Member, list_id: str, row: int) -> Contact:
        contact_list = self.lists.present(member, list_id)
        for contact in self.store.lists.contacts(member.workspace, contact_list.id):
            if contact.row == row:
                return contact
        raise Refusal("lists.person.gone", title=contact_list.title)

    def add(self, member: Member, list_id: str, expected: int, values: Mapping[Field, str]) -> ContactList:
        known = self._at(member, list_id, expected)
        typed = self._typed(member, values)

        def added(lines: Iterable[Line]) -> Iterator[Line]:
            last = 1
            for line in lines:
                self._require_apart(line, typed, None)
                last = max(last, int(str(line[1])))
                yield line
            yield _filled(Contact(row=last + 1, email=""), typed).to_line()

        return self._renew(member, known, added, "person added")

    def correct(
        self, member: Member, list_id: str, expected: int, row: int, values: Mapping[Field, str]
    ) -> ContactList:
        """What the dialog does not show stays: the other columns, and the row."""
        known = self._at(member, list_id, expected)
        self.get(member, list_id, row)
        typed = self._typed(member, values)

        def corrected(lines: Iterable[Line]) -> Iterator[Line]:
            for line in lines:
                self._require_apart(line, typed, row)
                if line[0] == "c" and line[1] == row:
                    yield _filled(Contact.from_line(line), typed).to_line()
                else:
                    yield line

        return self._renew(member, known, corrected, "person corrected")

    def remove(self, member: Member, list_id: str, expected: int, row: int) -> ContactList:
        """Out of this list alone: who unsubscribed stays excluded, who is elsewhere stays there."""
        known = self._at(member, list_id, expected)
        self.get(member, list_id, row)

        def left(lines: Iterable[Line]) -> Iterator[Line]:
            return (line for line in lines if not (line[0] == "c" and line[1] == row))

        return self._renew(member, known, left, "person removed")

    def _at(self, member: Member, list_id: str, expected: int) -> ContactList:
        known = self.lists.present(member, list_id)
        if known.revision != expected:
            raise Stale("lists.stale", title=known.title)
        return known

    def _typed(self, member: Member, values: Mapping[Field, str]) -> dict[Field, str]:
        """Judged as the reader judges a file's: an address that it would mend is mended here too."""
        typed = {field: fields.one_line(value)[:LONGEST] for field, value in values.items()}
        verdict = self.reader.verdict(typed.get(Field.EMAIL, ""))
        if not verdict.address:
            cause = Sentence(f"reading.cause.{verdict.cause}", {"n": 1})
            raise Refusal("lists.person.address", field="email", cause=cause)
        if is_forgotten(self.store, member.workspace, verdict.address):
            raise Refusal("rights.forgotten", field="email")
        return {**typed, Field.EMAIL: verdict.address}

    def _require_apart(self, line: Line, typed: Mapping[Field, str], row: int | None) -> None:
        if line[0] != "c" or line[1] == row:
            return
        if canonical(str(line[2])) == canonical(typed[Field.EMAIL]):
            raise Refusal("lists.person.known", field="email", row=str(line[1]))

    def _renew(
        self, member: Member, known: ContactList, change: Callable[[Iterable[Line]], Iterator[Line]],
        verb: str,
    ) -> ContactList:  # fmt: skip
        staging = self.store.staging()
        tally = _Tally()
        try:
            lines = change(self.store.lists.lines(member.workspace, known.id))
            write_lines(staging, known.report, tally.of(lines))
            report = replace(
                known.report, accepted=tally.n, sample=tuple(tally.first), kind="edited",
                rows=tally.n + known.report.rejected + known.report.duplicates,
            )  # fmt: skip
            now = self.clock.now()
            renewed = rules.renewed(known, report, now, by_hand=True)
            kept = self.store.lists.renew(member.workspace, renewed, known.revision, staging)
        finally:
            staging.unlink(missing_ok=True)
        note(self.store, now, member, verb, known.id, contacts=kept.count)
        self.lists.follow(member, kept.id)
        return kept


class _Tally:
    """Lines on their way to the disk: how many are people, and the first few of them."""

    def __init__(self) -> None:
        self.n = 0
        self.first: list[Contact] = []

    def of(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            if line[0] == "c":
                if self.n < rules.SAMPLE:
                    self.first.append(Contact.from_line(line))
                self.n += 1
            yield line


def _filled(contact: Contact, typed: Mapping[Field, str]) -> Contact:
    return replace(
        contact, email=typed[Field.EMAIL], first_name=typed.get(Field.FIRST_NAME, ""),
        last_name=typed.get(Field.LAST_NAME, ""), company=typed.get(Field.COMPANY, ""),
        location=typed.get(Field.LOCATION, ""), job_title=typed.get(Field.JOB_TITLE, ""),
    )  # fmt: skip
