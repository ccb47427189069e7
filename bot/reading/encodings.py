"""In which encoding a text file is written.

A byte order mark says it; else strict UTF-8 tells itself apart; zeros beside letters are UTF-16; what is
left is Windows (cp1252), unless the Mac's or DOS's letters make more sense. Guessing libraries do worse
on real contact files, and `latin-1` is never right: Excel's ’ Œ € live in 0x80-0x9F.
"""

import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_LEGACY = ("cp1252", "mac_roman", "cp850")  # in order of preference
_PATCH = "cp1252-beside-utf-8"
_COMMON = frozenset("éèêàçôîïëùûœ’")
_PLAUSIBLE = frozenset("ÉÈÊÀÇÔÎŒâäöüñáíóúßæøåìòãõÿÂÄÖÜÑÙÛ«»–—€°“”‘… \u00a0ºª·")


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """`name` is what people are told, `codec` and `errors` what `open` takes.

    `patched`: letters of a UTF-8 file that are not UTF-8, and are read as Windows letters.
    """

    name: str
    codec: str
    errors: str = "replace"
    patched: int = 0


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
    if good < 2 * bad:
        return None
    codecs.register_error(_PATCH, _as_windows)
    return Encoding(name="utf-8", codec="utf-8", errors=_PATCH, patched=bad)


def _as_windows(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    lost = problem.object[problem.start : problem.end]
    return lost.decode("cp1252", "replace"), problem.end


def _legacy(path: Path) -> Encoding:
    plain = bytes(range(128))
    bytes_seen: Counter[int] = Counter()
    for chunk in _chunks(path):
        bytes_seen.update(chunk.translate(None, plain))
    best = max(_LEGACY, key=lambda codec: _sense(bytes_seen, codec))  # the first of equals
    return Encoding(name=best, codec=best)


def _sense(bytes_seen: Counter[int], codec: str) -> int:
    return sum(count * _weight(bytes([byte]).decode(codec, "replace")) for byte, count in bytes_seen.items())


def _weight(letter: str) -> int:
    if letter in _COMMON:
        return 3
    return 1 if letter in _PLAUSIBLE else -3


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
