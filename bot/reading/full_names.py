"""A full name, split in two by a rule that can be said in one breath.

"Dupont, Jean": the last name stands before the comma. "DUPONT Jean", "Jean DUPONT": capitals are the last
name. "Jean de La Tour": it starts at the particle. Else the last word is the last name, or the first one
where the column is called "Nom Prénom". A single word is a first name. "M.", "Mme", "Dr" are left out.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_TITLES = frozenset(
    {"m", "mr", "mrs", "ms", "mme", "mlle", "mm", "dr", "pr", "prof", "me", "monsieur", "madame",
     "mademoiselle", "miss", "mister", "docteur", "professeur", "maître", "sir"}
)  # fmt: skip
_PARTICLES = frozenset(
    {"de", "du", "des", "d", "la", "le", "les", "von", "van", "vom", "zu", "zum", "zur", "der", "den", "ter",
     "ten", "te", "di", "da", "do", "dos", "das", "del", "della", "dello", "dal", "e", "y", "el", "al", "bin",
     "ibn", "ben", "ould", "af", "av", "st", "saint", "sainte", "mac", "mc"}
)  # fmt: skip
_ENDINGS = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "cpa"})
_VOWELS = frozenset("AEIOUY")


@lru_cache(maxsize=4_096)
def split(name: str, *, last_first: bool = False) -> tuple[str, str]:
    """First and last name, either of them perhaps blank."""
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma and after and _bare(after) not in _ENDINGS:
        return (after, before) if before else _by_words(_without_titles(after), last_first)
    first, last = _by_words(_without_titles(before), last_first)
    return (first, f"{last}, {after}" if last else f"{before}, {after}") if after else (first, last)


def without(whole: str, part: str) -> str:
    """What is left of a full name when one of its two parts stands in a column of its own."""
    words, known = whole.replace(",", " ").split(), part.casefold().split()
    size = len(known)
    folded = [word.casefold() for word in words]
    if known and folded[:size] == known:
        return " ".join(words[size:])
    if known and folded[-size:] == known:
        return " ".join(words[:-size])
    return whole


def last_name_first(title: str) -> bool:
    """Whether a folded column title says that the last name comes first."""
    first, last = _place(title, "prenom", "first"), _place(title.replace("prenom", "......"), "nom", "last")
    return last < first < len(title)


def _place(title: str, *names: str) -> int:
    return min((title.find(name) for name in names if name in title), default=len(title))


def _by_words(words: Sequence[str], last_first: bool) -> tuple[str, str]:  # noqa: FBT001 - a rule, not a mode
    if len(words) < 2:
        return " ".join(words), ""
    start, end = _capitals(words) or _last_first(words, last_first) or (_particle(words), len(words))
    return " ".join([*words[:start], *words[end:]]), " ".join(words[start:end])


def _last_first(words: Sequence[str], last_first: bool) -> tuple[int, int] | None:  # noqa: FBT001
    """Up to the first word that is no particle: "de La Tour Jean" also says it by its small letter."""
    if not (last_first or (len(words) > 2 and words[0].islower() and _bare(words[0]) in _PARTICLES)):
        return None
    end = 0
    while end < len(words) - 2 and _bare(words[end]) in _PARTICLES:
        end += 1
    return 0, end + 1


def _capitals(words: Sequence[str]) -> tuple[int, int] | None:
    loud = [_is_loud(word) for word in words]
    if all(loud) or not any(loud):
        return None
    start = loud.index(True)
    end = start
    while end < len(words) and (loud[end] or (_bare(words[end]) in _PARTICLES and any(loud[end:]))):
        end += 1
    while start > 1 and _bare(words[start - 1]) in _PARTICLES:
        start -= 1
    return start, end


def _is_loud(word: str) -> bool:
    """In capitals, and neither an initial ("J.") nor initials ("JP")."""
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) < 2 or not word.isupper() or "." in word:
        return False
    return len(letters) > 2 or bool(_VOWELS & set(letters))


def _particle(words: Sequence[str]) -> int:
    """Where the last name starts: at the first particle after a first name, else at the last word."""
    for place in range(1, len(words) - 1):
        if _bare(words[place]) in _PARTICLES:
            return place
    return len(words) - 1


def _without_titles(name: str) -> list[str]:
    words = name.split()
    while len(words) > 1 and _bare(words[0]) in _TITLES:
        words = words[1:]
    return words


def _bare(word: str) -> str:
    return re.sub(r"[.'’]", "", word).casefold()
