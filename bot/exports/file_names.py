"""File names every system takes, made of the titles people chose."""

import re
import unicodedata

_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST = 80


def file_name(title: str, extension: str) -> str:
    visible = "".join(
        letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", title)
    )
    name = " ".join(_FORBIDDEN.sub(" ", visible).split())[:_LONGEST].strip(" .~")
    if not name or _RESERVED.fullmatch(name):
        name = f"contacts {name}".strip()
    return f"{name}.{extension}"
