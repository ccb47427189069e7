"""Where a person stands in a file of lines: found in its bytes, so that a million lines about others cost
next to nothing; and the file without them."""

import re
from collections.abc import Iterator, Set
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bot.core import lines
from bot.core.contacts import Contact
from bot.core.erasing import Person, cleaned, contact_of
from bot.core.lists import Report
from bot.core.tally import SAMPLE, Tally
from bot.core.text import folded
from storage.errors import Corrupted
from storage.tiny.files import opened

_REJECTED = b' ["r",'  # how no text of a line can read: there its quotation marks are escaped
_CONTACTS = re.compile(rb'^[0-9a-f]{8} \["c",[^\n]*\n', re.MULTILINE)
_OTHERS = re.compile(rb'^[0-9a-f]{8} \["[^hc]",[^\n]*\n', re.MULTILINE)

Span = tuple[int, int]


def content(path: Path) -> bytes:
    """Nothing where the file is gone: `check` misses it."""
    try:
        with opened(path) as file:
            return file.read()
    except Corrupted:
        return b""


def spots(data: bytes, person: Person) -> list[Span]:
    """The lines about them, or that hold their address. What the lines say of them is learned."""
    return [span for span in _near(data, person) if _is_spot(data[slice(*span)], person)]


def _near(data: bytes, person: Person) -> list[Span]:
    offsets = person.offsets(data)
    if offsets is None:
        return [span for span in _all(data) if person.may_be_in(data[slice(*span)])]
    if person.names:
        offsets = [*offsets, *_each(data, _REJECTED)]
    return sorted({_line_at(data, offset) for offset in offsets})


def _all(data: bytes) -> Iterator[Span]:
    start = 0
    while start < len(data):
        span = _line_at(data, start)
        yield span
        start = span[1]


def _each(data: bytes, words: bytes) -> Iterator[int]:
    at = data.find(words)
    while at >= 0:
        yield at
        at = data.find(words, at + 1)


def _line_at(data: bytes, offset: int) -> Span:
    end = data.find(b"\n", offset) + 1
    return data.rfind(b"\n", 0, offset) + 1, end or len(data)


def _is_spot(raw: bytes, person: Person) -> bool:
    line = lines.decode(raw)
    if line is not None and person.is_theirs(line):
        person.learn(line)
        return True
    return person.may_be_in(raw) and person.is_in(raw.decode("utf-8", "replace"))


def without(data: bytes, person: Person) -> tuple[bytes, int | None]:
    """What is left, and how many lines went; None where nothing changes. A line that does not read goes: it
    was damage before. Of one about somebody else only the address goes."""
    found = spots(data, person)
    pieces, at, gone = [], 0, 0
    for start, end in found:
        pieces.append(data[at:start])
        line = lines.decode(data[start:end])
        if line is None or person.is_theirs(line):
            gone += 1
        else:
            pieces.append(lines.encode(cleaned(line, person.clean)))
        at = end
    return b"".join([*pieces, data[at:]]), gone if found else None


def blanked(data: bytes, person: Person, hashed: str) -> bytes:
    """With `hashed` in the place of the address. Lines keep their number and, but for the shortest, their
    length: recipients are numbered by them, and found by where they begin."""
    pieces, at = [], 0
    for start, end in spots(data, person):
        pieces.append(data[at:start])
        line = lines.decode(data[start:end])
        if line is None:
            pieces.append(b" " * (end - start - 1) + b"\n")  # it was damage, and stays
        else:
            left = contact_of(line, hashed) if person.is_theirs(line) else cleaned(line, person.clean)
            pieces.append(lines.padded(left, end - start))
        at = end
    return b"".join([*pieces, data[at:]])


def held(data: bytes, values: Set[str]) -> set[str]:
    """Those of the values, `folded`, that are a contact's."""
    found: set[str] = set()
    for one in _CONTACTS.finditer(data) if values else ():
        if line := lines.decode(one[0]):
            contact = Contact.from_line(line)
            written = (contact.company, contact.location, contact.job_title, *contact.extras)
            found |= values & set(map(folded, written))
    return found


def counted(report: Report, data: bytes) -> Report:
    """The report of these lines, where they are others than it says."""
    accepted, rejected, duplicates = (data.count(b' ["%s",' % kind) for kind in (b"c", b"r", b"d"))
    if not data or (accepted, rejected, duplicates) == (report.accepted, report.rejected, report.duplicates):
        return report
    tally = Tally()
    looked_at = [*islice(_CONTACTS.finditer(data), SAMPLE), *_OTHERS.finditer(data)]
    for _ in tally.of(filter(None, (lines.decode(one[0]) for one in looked_at))):
        pass
    found = tally.report(report)
    rows = accepted + found.rejected + found.duplicates
    return replace(found, accepted=accepted, rows=rows)
