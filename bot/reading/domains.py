"""Domains that look like a well-known one typed in haste: a suggestion, never a correction."""

from functools import cache, lru_cache

_KNOWN = (
    "gmail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "yahoo.com", "yahoo.fr",
    "icloud.com", "wanadoo.fr", "orange.fr", "laposte.net", "protonmail.com", "googlemail.com",
    "hotmail.co.uk", "yahoo.co.uk", "free.fr", "sfr.fr", "live.fr", "live.com", "aol.com", "msn.com",
    "bbox.fr", "neuf.fr", "numericable.fr", "gmx.fr", "gmx.com", "me.com", "mac.com", "proton.me",
)  # fmt: skip
_REAL = frozenset(
    {"mail.com", "ymail.com", "email.com", "gmx.de", "gmx.net", "hotmail.de", "hotmail.it", "hotmail.es",
     "hotmail.be", "hotmail.ch", "hotmail.ca", "hotmail.nl", "yahoo.de", "yahoo.it", "yahoo.es", "yahoo.ca",
     "yahoo.be", "outlook.de", "outlook.it", "outlook.es", "outlook.be", "live.be", "live.ca", "live.nl",
     "live.it", "live.de", "orange.com", "orange.es", "laposte.fr", "yahoo.in", "outlook.in", "sfr.com",
     "wanadoo.com", "free.com", "mail.fr", "gmx.ch", "gmx.at"}
)  # fmt: skip
_SLIPS = {
    "gmail.fr": "gmail.com", "gmail.co": "gmail.com", "gmail.cm": "gmail.com", "gmail.om": "gmail.com",
    "gmail.con": "gmail.com", "gamil.com": "gmail.com", "gmai.com": "gmail.com", "gmil.com": "gmail.com",
    "gmali.com": "gmail.com", "gmaill.com": "gmail.com", "gnail.com": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmial.fr": "hotmail.fr", "homail.com": "hotmail.com", "homail.fr": "hotmail.fr",
    "laposte.com": "laposte.net", "icloud.fr": "icloud.com", "wanado.fr": "wanadoo.fr",
    "orange.f": "orange.fr",
    "gmail.net": "gmail.com", "gmail.org": "gmail.com", "googlemail.fr": "googlemail.com",
}  # fmt: skip
_LONG = 8  # characters: in shorter domains one letter more or less is another company
_ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "vom": "com", "xom": "com", "frr": "fr"}


@lru_cache(maxsize=65_536)
def meant(domain: str) -> str:
    """The domain that was probably meant, or "": `domain` in lower case."""
    if domain in _KNOWN or domain in _REAL:
        return ""
    if domain in _SLIPS:
        return _SLIPS[domain]
    for known in _by_letter().get(domain[:1], ()):
        if _one_slip(domain, known):
            return known
    stem, _, ending = domain.rpartition(".")
    return f"{stem}.{_ENDINGS[ending]}" if ending in _ENDINGS else ""


@cache
def _by_letter() -> dict[str, list[str]]:
    """The first letter is seldom the wrong one."""
    found: dict[str, list[str]] = {}
    for known in _KNOWN:
        if len(known) > _LONG:
            found.setdefault(known[0], []).append(known)
    return found


def provider(stem: str) -> str:
    """The whole domain of a well-known provider named without its ending: "gmail" is gmail.com."""
    return next((known for known in _KNOWN if known.partition(".")[0] == stem), "")


def is_known(domain: str) -> bool:
    return domain in _KNOWN


def _one_slip(typed: str, known: str) -> bool:
    """One letter added, left out, replaced, or two swapped."""
    if abs(len(typed) - len(known)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(known)) and typed[start] == known[start]:
        start += 1
    left, right = typed[start:], known[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    )
