"""Where the document's records mention a person: what goes from each of them, as JSON has it."""

from collections.abc import Iterator, Set
from typing import cast

from bot.core.erasing import HIDDEN, Person, cleaned, headers_without
from bot.core.lists import Column
from bot.core.text import folded

Record = dict[str, object]

WRITERS = frozenset({"sender", "reply_to"})  # who writes is no contact
NAMES = frozenset({"source_name", "title", "name", "file_name"})  # what somebody named a file or a list
HEADERS = "headers"
OF_LETTERS = frozenset({"last_subjects", "last_bodies"})  # of a member's record: what they wrote last
LAST_LINK = "last_link"


def record_without(record: Record, person: Person) -> Record:
    return {name: _value_without(name, value, person) for name, value in record.items()}


def member_without(record: Record, person: Person) -> Record:
    """A member's own profile is no contact; what they wrote to contacts is proposed again, without the
    person. Of a link there is no rest."""
    found = {
        name: cleaned(value, person.clean) if name in OF_LETTERS else value for name, value in record.items()
    }
    if person.is_in(str(found.get(LAST_LINK, ""))):
        found[LAST_LINK] = ""
    return found


def _value_without(name: str, value: object, person: Person) -> object:
    if name in WRITERS:
        return value
    if name in NAMES and isinstance(value, str):
        return person.clean(person.clean_name(value))
    if isinstance(value, dict):
        return record_without(value, person)
    if isinstance(value, list):
        if name == HEADERS:
            value = _headers_without(value, person)
        return [_value_without("", one, person) for one in value]
    return cleaned(value, person.clean)


def _headers_without(headers: list[object], person: Person) -> list[object]:
    """Of a file that is asked about; the dialog has a few samples less."""
    records = [cast("Record", one) for one in headers]
    columns = [
        Column(title=str(one["title"]), samples=tuple(map(str, cast("list[object]", one["samples"]))))
        for one in records
    ]
    left = headers_without(columns, person)
    return [one | {"samples": list(known.samples)} for one, known in zip(records, left, strict=True)]


# --- what a draft asks for ----------------------------------------------------------------------------


def asked_of(value: object, person: Person) -> Iterator[str]:
    """What people are chosen by, and stood in the person's rows: how `folded` reads it."""
    match value:
        case {"column": str(), "values": [*values]}:
            yield from (low for one in values if (low := folded(str(one))) in person.values)
        case dict():
            for one in value.values():
                yield from asked_of(one, person)
        case [*values]:
            for one in values:
                yield from asked_of(one, person)


def asks_without(record: Record, gone: Set[str]) -> Record:
    """Without the values that nobody has any more. Something stands in their place: with fewer conditions
    it would be more people who get a letter."""
    return {name: _asks_without(value, gone) for name, value in record.items()}


def _asks_without(value: object, gone: Set[str]) -> object:
    match value:
        case {"column": str(column), "values": [*values]}:
            left = dict.fromkeys(HIDDEN if folded(str(one)) in gone else one for one in values)
            return {"column": column, "values": list(left)}
        case dict():
            return asks_without(value, gone)
        case [*values]:
            return [_asks_without(one, gone) for one in values]
        case _:
            return value
