"""Cells as contacts keep them: NFC, trimmed, on one line, without signs nobody sees."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.core.formulas import unguarded
from bot.reading.doubled import suspect

_SPACES = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+|[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# soft hyphens, zero widths, direction marks and overrides, interlinear marks, what XML cannot hold;
# joiners (U+200C, U+200D) stay: Persian words and emoji are spelt with them
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
LOST = "\ufffd"
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!",
     "#GETTING_DATA", "#NOM?", "#VALEUR!", "#NOMBRE!", "#NUL!", "#ERROR!", "#EPARS!"}
)  # fmt: skip


def tidy(cells: Sequence[str]) -> list[str]:
    """One look at the row as a whole settles the usual case: nothing to mend but spaces around."""
    if is_plain("".join(cells)):
        return [cell.strip() for cell in cells]
    return [clean(cell) for cell in cells]


def is_plain(joined: str) -> bool:
    """Whether a row's cells, joined, need no look each: no unseen sign, guard, error or loose accent."""
    if "'" in joined or "#" in joined or not joined.isprintable():
        return False
    return joined.isascii() or unicodedata.is_normalized("NFC", joined)


_BOUND = "¶"  # printable, and harmless where a cell holds it: its rows are then looked at one by one
_LOOSE = (_BOUND + "'", _BOUND + "#", _BOUND + " ", " " + _BOUND, LOST)


def all_tidy(rows: Sequence[Sequence[str]], longest: int) -> bool:
    """Whether every cell of these rows is as `tidy` would leave it, and none is too long: one look for
    all, as most rows of most files have nothing to mend."""
    texts = [_BOUND.join(cells) for cells in rows]
    text = f"{_BOUND}{_BOUND.join(texts)}{_BOUND}"
    if not text.isprintable() or any(sign in text for sign in _LOOSE) or max(map(len, texts)) > longest:
        return False
    return unicodedata.is_normalized("NFC", text) and not suspect(text)


def clean(cell: str) -> str:
    if not cell.isprintable():
        cell = _SURROGATES.sub(LOST, _SPACES.sub(" ", _UNSEEN.sub("", cell)))
    return unguarded(unicodedata.normalize("NFC", cell.strip()))


def is_error(value: str) -> bool:
    """What a formula that failed shows, in Excel's English or French and in Google's sheets."""
    return value[:1] == "#" and value.upper() in _ERRORS


def units(value: str) -> int:
    """Length as Excel counts it: characters beyond U+FFFF are two."""
    return len(value.encode("utf-16-le", "replace")) // 2


def shown(value: object) -> str:
    """A workbook's value as the spreadsheet shows it: 42 and not 42.0, dates in ISO order."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return _moment(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return _duration(value)
        case _:
            return str(value)


def _moment(moment: datetime) -> str:
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.date().isoformat()
    return moment.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


def _duration(duration: timedelta) -> str:
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
