"""What may be passed on to somebody who helps: no address, no name of a person, no link's token."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.core.lists import Report
from bot.core.sentences import Sentence

Value = str | int | float | datetime | Sentence

HIDDEN = "…"
ADDRESS = re.compile(r"[^\s<>]*@[^\s<>]*[^\s<>.,;:!?)]")
LINK = re.compile(r"(https?://)(?:[^\s/@<>|]*@)?([^\s/?#<>|:]+)[^\s<>|]*", re.IGNORECASE)
NUMBERS = re.compile(r"\d{1,7}(, \d{1,7})*…?")  # rows, as the sentences list them
REFERENCE = re.compile(r"[0-9a-f]{6}")  # of a defect in our log
LONG_NUMBER = re.compile(r"\d{5}")  # a phone, an account: no title of a column
TITLES, TITLE = 20, 40  # how many, and of how many characters


def masked(words: str) -> str:
    """As somebody typed it, without the addresses, and of links only where they lead. Links first: one may
    hold an address."""
    return ADDRESS.sub(HIDDEN, LINK.sub(rf"\1\2/{HIDDEN}", words))


def redacted(said: Sentence) -> Sentence:
    """The sentence a person read, with its numbers and moments; whatever text came from a file, or from
    them, is hidden."""
    return Sentence(said.key, {name: _redacted(value) for name, value in said.values.items()})


def _redacted(value: Value) -> Value:
    match value:
        case Sentence():
            return redacted(value)
        case int() | float() | datetime():
            return value
        case _:
            return value if NUMBERS.fullmatch(value) or REFERENCE.fullmatch(value) else HIDDEN


def titles(report: Report) -> Sequence[str]:
    """Of the file's columns. Where no title was recognised, what stands there may be somebody's row."""
    if not report.columns and not report.ambiguous:
        return ()
    found = [_title(column.title) for column in report.headers[:TITLES]]
    return [*found, HIDDEN] if len(report.headers) > TITLES else found


def _title(title: str) -> str:
    if "@" in title or LONG_NUMBER.search("".join(title.split())):
        return HIDDEN
    words = " ".join(title.split())
    return words if len(words) <= TITLE else words[: TITLE - 1] + HIDDEN
