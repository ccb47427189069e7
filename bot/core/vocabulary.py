"""What fields are called: our own names, and titles of the lists' other columns."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import chain, count

from bot.core.contacts import Field
from bot.core.legible import one_line
from bot.core.people import Language

LINK = "link"
NAMES: Mapping[str, str] = {
    "prenom": Field.FIRST_NAME, "first_name": Field.FIRST_NAME,
    "nom": Field.LAST_NAME, "last_name": Field.LAST_NAME,
    "entreprise": Field.COMPANY, "company": Field.COMPANY,
    "ville": Field.LOCATION, "location": Field.LOCATION,
    "fonction": Field.JOB_TITLE, "job_title": Field.JOB_TITLE,
    "lien": LINK, "link": LINK,
}  # fmt: skip
_ENGLISH = frozenset({"first_name", "last_name", "company", "location", "job_title", "link"})
PLACEHOLDER = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")
COLUMN = "column."  # and the place of its values in a contact's extras
_BETWEEN = re.compile(r"[\s\-_.,;:'’‘\"«»“”(){}|\\*`]+")  # what a column's title may be typed without
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class Vocabulary:
    """What may stand between double braces: our own names first, then titles of the lists' other columns.

    Every column has a name that means it alone, `written`: its title, unless that is one of our names, is
    another column's too, or cannot be typed. `tells_case` False: as letters were read before titles that
    differ in their capitals were told apart.
    """

    def __init__(self, columns: Sequence[str] = (), *, tells_case: bool = True) -> None:
        self._strict: dict[str, str] = {}
        self._exact: dict[str, str] = {}
        self._loose = dict(NAMES)
        self._barred: dict[str, str] = {}  # what holds the sign that stands before a default
        self._made: dict[str, str] = {}
        self._tells_case = tells_case
        self._like: dict[str, list[str]] = {}  # folded -> fields of the columns with such titles
        for place, title in enumerate(columns):
            self._take(title, column_name(place))
        self._written = {
            column_name(place): self._typable(place, title) for place, title in enumerate(columns)
        }
        self._shown = {name: name for name in NAMES}
        for shown in self._written.values():
            self._shown.setdefault(folded(shown), shown)

    def name(self, written: str) -> str | None:
        """The field meant: accents, case, spaces and the like do not matter, but between columns."""
        loose = folded(written)
        return (
            NAMES.get(loose)
            or (self._strict.get(_plain(written)) if self._tells_case else None)
            or self._exact.get(_exact(written))
            or self._loose.get(loose)
            or self._made.get(loose)
        )

    def read(self, match: re.Match[str]) -> tuple[str | None, str]:
        """The field of a `PLACEHOLDER`, and its default. A column's title may hold what begins a default."""
        name, default = self.name(match[1]), match[2] or ""
        if name is not None or match[2] is None:
            return name, default.strip()
        parts = [match[1], *default.split("|")]
        for upto in range(len(parts), 1, -1):
            title = "|".join(parts[:upto])
            if found := self._barred.get(_plain(title)) or self._barred.get(folded(title)):
                return found, "|".join(parts[upto:]).strip()
        return None, default.strip()

    def written(self, name: str) -> str:
        """A column's field as it is to be typed; empty for one there is not."""
        return self._written.get(name, "")

    def nearest(self, written: str) -> str:
        """What was probably meant, as it is to be typed; empty where nothing comes near."""
        if shown := self.written(self.name(written) or ""):
            return shown
        close = get_close_matches(folded(written), list(self._shown), n=1, cutoff=0.6)
        return self._shown[close[0]] if close else ""

    def rivals(self, written: str) -> tuple[str, ...]:
        """As they are to be typed, the columns that somebody may have meant who gets another field."""
        name, loose, plain = self.name(written) or "", folded(written), _plain(written)
        is_its_own = self.written(name) in (plain, one_line(written)) or self._strict.get(plain) == name
        if is_its_own and loose not in NAMES:
            return ()
        return tuple(self._written[one] for one in self._like.get(loose, ()) if one != name)

    def _take(self, title: str, name: str) -> None:
        if plain := _plain(title):
            self._strict.setdefault(plain, name)
            self._exact.setdefault(_exact(title), name)
        if not (loose := folded(title)):
            return
        self._loose.setdefault(loose, name)
        self._like.setdefault(loose, []).append(name)
        if "|" in title:
            self._barred.setdefault(plain, name)
            self._barred.setdefault(loose, name)

    def _typable(self, place: int, title: str) -> str:
        """Its title if that means it, else that with something beside it that no other column has."""
        name, shown = column_name(place), typed(title)
        if PLACEHOLDER.fullmatch(f"{{{{{shown}}}}}") and self.name(shown) == name:
            return shown
        names = [f"{shown} ({place + 1})".strip()]
        if NAMES.get(folded(shown)):
            names = [f"{shown} (colonne)", f"{shown} (column)"]
            names.sort(reverse=folded(shown) in _ENGLISH)
        others = (f"{names[0]} {number}" for number in count(place + 1))
        free = next(one for one in chain(names, others) if not self.name(one))
        for one in {free, *names}:
            self._made.setdefault(folded(one), name)
        return free


def typed(title: str) -> str:
    """A column's title as it can stand between double braces."""
    return one_line(re.sub(r"[{}|]", " ", title))


def column_name(place: int) -> str:
    """The field of the `place`-th other column."""
    return f"{COLUMN}{place}"


def in_words_of(language: Language, name: str) -> str:
    """One of our own fields as a letter in that language calls it; another as it is."""
    same = [one for one, field in NAMES.items() if field == NAMES.get(name, name)]
    return same[0 if language is Language.FRENCH else -1] if same else name


def _plain(written: str) -> str:
    """As typed, but for what an editor may have put before a sign."""
    return one_line(_ESCAPED.sub(r"\1", unicodedata.normalize("NFC", written)))


def _exact(written: str) -> str:
    return one_line(unicodedata.normalize("NFC", written)).casefold()


def folded(written: str) -> str:
    bare = (sign for sign in unicodedata.normalize("NFKD", written) if not unicodedata.combining(sign))
    return _BETWEEN.sub("_", "".join(bare).casefold()).strip("_")
