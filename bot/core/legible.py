"""Texts without what cannot be written or seen."""

import re

# lone surrogates, marks of byte order, and what turns the direction of the text that follows
_UNSEEN = re.compile("[\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_GAP = re.compile("\\s\\s+|[^\\S\u00a0\u202f\u2007]")  # a no-break space alone is there on purpose
# what has no width, and letters that have no ink
_BLANK = re.compile(
    "[\\s\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe0f\ufeff\uffa0]*"
)


def one_line(value: str) -> str:
    """Control characters and line breaks become a space: they would end a header or hide text. What would
    turn the words that follow around is left out. A no-break space stays."""
    if value.isprintable():
        return " ".join(value.split())
    return _GAP.sub(" ", _CONTROL.sub(" ", _UNSEEN.sub("", value))).strip()


def readable(text: str) -> str:
    """A text of several lines without what cannot be written or seen; its own line breaks stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_CONTROL.sub(" ", _UNSEEN.sub("", line.replace("\t", "    "))) for line in lines).strip()


def is_blank(text: str) -> bool:
    """Nothing of it can be seen."""
    return _BLANK.fullmatch(text) is not None
