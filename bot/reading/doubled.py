"""Text encoded twice: UTF-8 that somebody's software took for Windows, Mac or DOS text and saved again.

"Zoé" has become "ZoÃ©", "Zo√©" or "Zo├®". Only the letters and signs that people's files hold are turned
back, and only whole sequences: a lone Ã or √ is a letter like any other.
"""

import re
from collections.abc import Iterable
from functools import cache

_LETTERS = (
    "àâäáãåæçéèêëíìîïñóòôöõøœúùûüýÿÀÂÄÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜÝŸßšžŠŽčďěňřťůąćęłńśźżğışțșăő"
    "«»’‘“”–—…€•™©®°º·\u00a0"
)
_LATIN = "".join(map(chr, range(0xA1, 0x100)))  # what text that was encoded three times is made of
_ACCENTS = "\u0300\u0301\u0302\u0303\u0308\u0327"  # they stand after their letter
_AFTER_TWO = "Ä"  # before typographic quotes it is more often a letter at the end of a quotation
_WESTERN = b"\xc2\xc3\xc5\xe2"  # what other letters look like on a Mac, "»ô", may well be meant
_QUOTES = frozenset("’‘“”»«\u00a0")
_ROUNDS = 3


def mended(text: str) -> str:
    """The text as it was meant; the same object where nothing is wrong."""
    for _ in range(_ROUNDS):  # some files went through it more than once
        if text.isascii() or (turned := _sequences().sub(_turned, text)) == text:
            break
        text = turned
    return text


def all_mended(cells: Iterable[str]) -> list[str]:
    return [mended(cell) for cell in cells]


def suspect(text: str) -> bool:
    """Whether anything in it would be turned back; quick, as most text has nothing."""
    return not text.isascii() and _sequences().search(text) is not None


def _turned(found: re.Match[str]) -> str:
    return _table()[found[0]]


@cache
def _sequences() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(wrong) for wrong in sorted(_table(), key=len, reverse=True)))


@cache
def _table() -> dict[str, str]:
    """What each letter looks like once its UTF-8 was read as another encoding."""
    looks: dict[str, str] = {}
    for codec in ("cp850", "mac_roman", "cp1252"):  # where two agree on a look, the last one has its way
        for letter in _LETTERS + _LATIN + _ACCENTS:
            if codec != "cp1252" and letter.encode()[0] not in _WESTERN:
                continue
            wrong = "".join(_as(codec, byte) for byte in letter.encode())
            if not (wrong[0] in _AFTER_TWO and wrong[1] in _QUOTES):
                looks[wrong] = letter
    return looks


def _as(codec: str, byte: int) -> str:
    """Windows leaves five bytes without a letter; software keeps them as control signs."""
    try:
        return bytes([byte]).decode(codec)
    except UnicodeDecodeError:
        return chr(byte)
