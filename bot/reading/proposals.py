"""What a rejected address was probably meant to be: offered to the person, never taken by itself.

Of a cell of several words, the one word that is an address, or that becomes one; the words are glued
together only where none of them does. Two addresses, or words that ask for no mail: nothing is offered.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from bot.reading.domains import is_known, meant, provider
from bot.reading.opt_outs import says_no

_AT = re.compile(
    r"\s*(?:\(at\)|\[at\]|\{at\}|\(a\)|\[a\]|\sat\s|\sarobase\s|\(arobase\)|\[arobase\])\s*", re.I
)
_DOT = re.compile(r"\s*(?:\(dot\)|\[dot\]|\(point\)|\[point\]|\sdot\s|\spoint\s)\s*", re.I)
_DOTS = re.compile(r"\.{2,}")
_LONGEST = 320  # characters: what is longer was no address
_BETWEEN = re.compile(r"[\s,;:/|()<>?\[\]{}]+")
_BEFORE = ".\"'‘’“”«»"
_AFTER = _BEFORE + "*!&=-–—"


def proposal(written: str, valid: Callable[[str], str | None]) -> str:
    """ "" where nothing, or more than one thing, was probably meant."""
    if not written or len(written) > _LONGEST or says_no(written):
        return ""
    words = _words(written)
    for one in (valid, lambda word: _mended(word, valid)):
        found = {address.lower(): address for word in words if (address := one(word))}
        if found:
            return found.popitem()[1] if len(found) == 1 else ""
    return _mended(written, valid)


def _words(written: str) -> list[str]:
    """Those with an @."""
    words = (word.lstrip(_BEFORE).rstrip(_AFTER) for word in _BETWEEN.split(written) if "@" in word)
    return [word for word in words if word]


def _mended(written: str, valid: Callable[[str], str | None]) -> str:
    """The first candidate that is an address, or ""."""
    return next((address for one in _candidates(written) if (address := valid(one))), "")


def _candidates(written: str) -> Iterator[str]:
    spelt = _DOT.sub(".", _AT.sub("@", f" {written} ")).strip()
    plain = re.sub(r"@+", "@", _DOTS.sub(".", spelt.replace(",", ".").replace(";", ".")))
    tight = re.sub(r"\s+", "", plain).strip(".:<>()[]\"'")
    bare = "".join(c for c in unicodedata.normalize("NFKD", tight) if not unicodedata.combining(c))
    for text in (spelt, plain, tight, bare):
        yield text
        yield re.sub(r"\.*@\.*", "@", text)
    yield from _completed(bare)


def _completed(text: str) -> Iterator[str]:
    """A provider without its ending, an ending mistyped, an @ forgotten before a well-known domain."""
    local, at, domain = text.rpartition("@")
    if at and (whole := provider(domain.lower().rstrip("."))):
        yield f"{local}@{whole}"
    if at and (better := meant(domain.lower())):
        yield f"{local}@{better}"
    if not at:
        words = text.split(".")
        for size in (2, 3):
            stem = ".".join(words[-size:])
            if len(words) > size and is_known(stem.lower()):
                yield ".".join(words[:-size]) + "@" + stem
