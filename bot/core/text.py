"""Text as people type it: accents and case do not matter when they search or speak to the bot."""

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")  # those of European names, at once


def folded(text: str) -> str:
    """Without accents, lower case, single spaces."""
    if text.isascii():  # most of a list of 100,000: ten times faster
        return " ".join(text.split()).lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if not bare.isascii():
        bare = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(bare.split()).lower()
