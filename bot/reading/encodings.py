"""In which encoding a text file is written.

A byte order mark says it; else strict UTF-8 tells itself apart; zeros beside letters are UTF-16; what is
left is Windows (cp1252), unless the Mac's or DOS's letters make more sense where they stand: a small
letter among capitals makes none. Guessing libraries do worse on real contact files, and `latin-1` is never
right: Excel's ’ Œ € live in 0x80-0x9F.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),  # before UTF-16, whose mark is its first half
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_LEGACY = ("cp1252", "mac_roman", "cp850")  # in order of preference
_PATCH = "cp1252-beside-utf-8"
_CUT = "unexpected end of data"
_FIRST_HALVES = (b"\xc2", b"\xc3", b"\xc5")  # of the letters of Western names, as UTF-8 writes them
_RUN = re.compile(rb"[\x80-\xff]+")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_ENOUGH = 20_000  # runs of letters that are not ASCII
_COMMON = frozenset("éèêàçôîïëùûœ’")
_WITHIN = frozenset("’\u00a0·")  # signs that stand between letters of a word
_AT_THE_END = frozenset("ÀÙ")  # among capitals, they are a word's last letter
_PLAUSIBLE = frozenset("ÉÈÊËÀÇÔÎÏŒâäöüñáíóúßæøåìòãõÿÂÄÖÜÑÙÛ«»–—€°“”‘… \u00a0ºª·")


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """`name` is what people are told, `codec` and `errors` what `open` takes.

    `patched`: letters of a UTF-8 file that are not UTF-8, and are read as Windows letters. `doubt`: a word
    as it is read and as another encoding would read it, where both make as much sense.
    """

    name: str
    codec: str
    errors: str = "replace"
    patched: int = 0
    doubt: str = ""


def detect(path: Path) -> Encoding:
    with path.open("rb") as file:
        head = file.read(4_096)
    for mark, name, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(name=name, codec=codec)
    if wide := _wide(head):
        return Encoding(name="utf-16", codec=wide)
    if _is_utf8(path):
        return Encoding(name="utf-8", codec="utf-8")
    return _patched(path) or _legacy(path)


def _wide(head: bytes) -> str:
    """Plain letters of UTF-16 have a zero on one side, always the same."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 < len(head) or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _patched(path: Path) -> Encoding | None:
    """Files glued together from two sources: UTF-8, but for some letters. Those are kept, and counted."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        lost = text.count("\ufffd")
        bad += lost
        good += len(text) - len(text.encode("ascii", "ignore")) - lost
    end, _ = decoder.getstate()
    if end and not _is_cut(end):
        bad += 1
    if good < 2 * bad:
        return None
    codecs.register_error(_PATCH, _as_windows)
    return Encoding(name="utf-8", codec="utf-8", errors=_PATCH, patched=bad)


def _as_windows(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    lost = problem.object[problem.start : problem.end]
    if problem.reason == _CUT and _is_cut(lost):
        return "\ufffd", problem.end
    return lost.decode("cp1252", "replace"), problem.end


def _is_cut(end: bytes) -> bool:
    """Whether a file that ends so ends within a letter, and not with a Windows letter."""
    return len(end) > 1 or end in _FIRST_HALVES


def _legacy(path: Path) -> Encoding:
    runs = Counter(islice(_runs(path), _ENOUGH))
    sense = {codec: _sense(runs, codec) for codec in _LEGACY}
    best, second, _ = sorted(_LEGACY, key=lambda codec: -sense[codec])  # of equals, the preferred one first
    doubt = _doubt(path, best, second) if sense[best] == sense[second] else ""
    return Encoding(name=best, codec=best, doubt=doubt)


def _runs(path: Path) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Two letters, those that are not ASCII, and one more letter."""
    for chunk in _chunks(path):
        for run in _RUN.finditer(chunk):
            start, end = run.span()
            yield chunk[max(start - 2, 0) : start], run[0], chunk[end : end + 1]


def _sense(runs: Counter[tuple[bytes, bytes, bytes]], codec: str) -> int:
    return sum(count * _weight(*run, codec) for run, count in runs.items())


def _weight(before: bytes, run: bytes, after: bytes, codec: str) -> int:
    text = (before + run + after).decode(codec, "replace")
    return sum(_makes_sense(text, place) for place in range(len(before), len(before) + len(run)))


def _makes_sense(text: str, place: int) -> int:
    """From -3 to 3."""
    letter, before, after = text[place], text[:place], text[place + 1 : place + 2]
    if _out_of_place(letter, before[-2:], after):
        return -3
    if letter in _AT_THE_END and after.isalpha() and before[-1:].isalpha():
        return 0
    if letter in _COMMON:
        return 3
    return 1 if letter in _PLAUSIBLE else -3


def _out_of_place(letter: str, before: str, after: str) -> bool:
    """A small letter among capitals, a capital after a small letter, a sign within a word."""
    if not letter.isalpha():
        return before[-1:].isalpha() and after.isalpha() and letter not in _WITHIN
    if letter.isupper():
        return before[-1:].islower()
    return after.isupper() or (len(before) == 2 and before.isupper() and before.isalpha())


def _doubt(path: Path, codec: str, other: str) -> str:
    for chunk in _chunks(path):
        for word in _WORD.finditer(chunk):
            read, rival = (word[0].decode(name, "replace") for name in (codec, other))
            if read != rival:
                return f"{read} | {rival}"
    return ""


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
