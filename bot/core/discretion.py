"""What may be passed on to somebody who helps: no address, no name of a person, no link's token.

`masked` is for whatever somebody typed, wherever others read it: a plea, the reasons and names in the log.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.core.lists import Report
from bot.core.sentences import Sentence

Value = str | int | float | datetime | Sentence

HIDDEN = "…"
_HOST = r"[^\s/?#<>|:]+"
LINK = re.compile(rf"(https?://)(?:[^\s/@<>|]*@)?({_HOST})[^\s<>|]*", re.IGNORECASE)
LABELLED = re.compile(rf"<(https?://)(?:[^\s/@<>|]*@)?({_HOST})[^\s<>|]*\|[^<>]*>", re.IGNORECASE)
BARE = re.compile(  # as people type them: without a scheme
    r"(?<![\w.-])((?:[\w-]{1,63}\.)+[^\W\d_]{2,24})(?::\d{1,5})?[/?#][^\s<>|]*[^\s<>|.,;:!)]"
)
ADDRESS = re.compile(r"(?<=<)mailto:[^<>]*(?=>)|(?<![^\s<>])[^\s<>]*[@＠﹫][^\s<>]*[^\s<>.,;:!?)]")
# as people write them who know that they should not, or whose telephone puts blanks in between
_LOCAL = r"(?:\"[^\"\n]{1,64}\"|[^\s<>()\[\]{}\"',;:|@＠﹫]{1,64})"
_AT = (
    r"(?:\s{0,3}(?:[@＠﹫]|%40|&#64;|&commat;|[(\[{]\s{0,3}(?:at|a|à|arr?obase)\s{0,3}[)\]}])\s{0,3}"
    r"|\s{1,3}arr?obase\s{1,3})"
)
_DOT = r"(?:[.．。｡]|\s{0,3}[(\[{]\s{0,3}(?:dot|point)\s{0,3}[)\]}]\s{0,3}|\s{1,3}(?:dot|point)\s{1,3})"
_DOMAIN = rf"[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,8}}{_DOT}[^\W\d_]{{2,24}}"
SPELLED = re.compile(
    rf"{_LOCAL}{_AT}{_DOMAIN}|(?<!\S)(?=\S{{0,64}}[._\d]){_LOCAL}\s{{1,3}}at\s{{1,3}}{_DOMAIN}", re.IGNORECASE
)
# of ours (`bot.core.tokens`): no word of any language, and no name of a file, has so many capitals within
TOKEN = re.compile(
    r"(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2}))[al](?=(?:[a-z0-9_-]*[A-Z]){5})[A-Za-z0-9_-]{22,}", re.ASCII
)
NUMBERS = re.compile(r"\d{1,7}(, \d{1,7})*…?")  # rows, as the sentences list them
REFERENCE = re.compile(r"[0-9a-f]{6}")  # of a defect in our log
LONG_NUMBER = re.compile(r"\d{5}")  # a phone, an account: no title of a column
TITLES, TITLE = 20, 40  # how many, and of how many characters


def masked(words: str) -> str:
    """As somebody typed it, without addresses however they are written, without our codes, and of links only
    where they lead. Links first: one may hold an address."""
    words = LABELLED.sub(rf"<\1\2/{HIDDEN}>", words)
    words = BARE.sub(rf"\1/{HIDDEN}", LINK.sub(rf"\1\2/{HIDDEN}", words))
    for telling in (SPELLED, ADDRESS, TOKEN):
        words = telling.sub(HIDDEN, words)
    return words


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
