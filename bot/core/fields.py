"""Merge fields: `{{ prénom | ami }}` in a subject or a body; another column of the lists by its title.

A letter is rendered once for a whole campaign; SendGrid then replaces tags, without escaping, per
recipient. So every field a letter uses gets one tag per place it can land in (`Form`), each with a
random part nobody can type into a contact file, and the value is escaped here for that place.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from operator import attrgetter
from urllib.parse import quote, urlsplit

from bot.core.contacts import Contact, Field

LINK = "link"
NAMES: Mapping[str, str] = {
    "prenom": Field.FIRST_NAME, "first_name": Field.FIRST_NAME,
    "nom": Field.LAST_NAME, "last_name": Field.LAST_NAME,
    "entreprise": Field.COMPANY, "company": Field.COMPANY,
    "ville": Field.LOCATION, "location": Field.LOCATION,
    "fonction": Field.JOB_TITLE, "job_title": Field.JOB_TITLE,
    "lien": LINK, "link": LINK,
}  # fmt: skip
PLACEHOLDER = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")
NOWHERE = "#"  # the address of a link whose field is blank, or holds no address
_COLUMN = "column."  # and the place of its values in a contact's extras
_BETWEEN = re.compile(r"[\s\-_.,;:'’‘\"«»“”(){}|\\*`]+")  # what a column's title may be typed without
_MARKUP = re.compile("[&<>\"']")
# lone surrogates, marks of byte order, and what turns the direction of the text that follows
_UNSEEN = re.compile("[\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_GAP = re.compile("\\s\\s+|[^\\S\u00a0\u202f\u2007]")  # a no-break space alone is there on purpose
_SERVICE = "<%"  # opens one of SendGrid's own tags
_NOT_IN_URL = re.compile(r"[\s\"<>\\^`{|}]")
_HOST = re.compile(r"(?:[\w\-]+\.)+[^\W\d_]{2,}(?=[/?#:]|$)")
_HALF = re.compile(r"\{\{.{0,30}|\S{0,30}\}\}")  # double braces without their counterpart
_THREE = re.compile(r"\{{3,}[^{}\n]{0,80}\}{2,}|\{\{[^{}\n]{0,80}\}{3,}")  # as other tools write a field
# what has no width, and letters that have no ink
_BLANK = re.compile(
    "[\\s\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe0f\ufeff\uffa0]*"
)
_EMAIL = re.compile(r"[\w.+\-]+@(?:[\w\-]+\.)+[^\W\d_]{2,}")


class Form(StrEnum):
    TEXT = "t"  # subject, plain text
    HTML = "h"  # HTML text and attributes
    URL = "u"  # one component of a URL
    ADDRESS = "a"  # a whole URL, in plain text
    HREF = "r"  # a whole URL, in an attribute


WHOLE = frozenset({Form.ADDRESS, Form.HREF})


@dataclass(frozen=True, kw_only=True, slots=True)
class Placeholder:
    """A field as written in a text: `name` as `Tag.name`; `default` stands for a blank."""

    name: str
    default: str
    written: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """What SendGrid replaces: `text` occurs in the rendered letter wherever the field stood. `name`: a
    `Field` value, `link`, or what `column_name` makes."""

    text: str
    name: str
    default: str
    form: Form


class Vocabulary:
    """What may stand between double braces: our own names first, then titles of the lists' other columns."""

    def __init__(self, columns: Sequence[str] = ()) -> None:
        self._exact: dict[str, str] = {}
        self._loose = dict(NAMES)
        self._shown = {name: name for name in NAMES}
        for place, title in enumerate(columns):
            self._exact.setdefault(_exact(title), column_name(place))
            if folded := _folded(title):
                self._loose.setdefault(folded, column_name(place))
                self._shown.setdefault(folded, typed(title))

    def name(self, written: str) -> str | None:
        """The field meant: accents, case, spaces and the like do not matter."""
        folded = _folded(written)
        return NAMES.get(folded) or self._exact.get(_exact(written)) or self._loose.get(folded)

    def nearest(self, written: str) -> str:
        """What was probably meant, as it is to be typed; empty where nothing comes near."""
        close = get_close_matches(_folded(written), list(self._shown), n=1, cutoff=0.6)
        return self._shown[close[0]] if close else ""


def typed(title: str) -> str:
    """A column's title as it can stand between double braces."""
    return one_line(re.sub(r"[{}|]", " ", title))


def known(written: str, columns: Sequence[str] = ()) -> str | None:
    return Vocabulary(columns).name(written)


def placeholders(text: str, columns: Sequence[str] = ()) -> list[Placeholder]:
    """Every field of a text, in order. Unknown names are in `unknown`."""
    words, found = Vocabulary(columns), []
    for match in PLACEHOLDER.finditer(text):
        if name := words.name(match[1]):
            found.append(Placeholder(name=name, default=(match[2] or "").strip(), written=match[0]))
    return found


def unknown(text: str, columns: Sequence[str] = ()) -> list[str]:
    """Names between double braces that mean no field, as written."""
    words = Vocabulary(columns)
    return [match[1] for match in PLACEHOLDER.finditer(text) if words.name(match[1]) is None]


def broken(text: str) -> str:
    """What stands where double braces have no counterpart; empty where all of them have one."""
    found = _HALF.search(PLACEHOLDER.sub("\n", text))
    return found[0].strip() if found else ""


def excess(text: str) -> str:
    """A field between more than two braces, of which the others would be read; empty where there is none."""
    found = _THREE.search(text)
    return found[0] if found else ""


def is_blank(text: str) -> bool:
    """Nothing of it can be seen."""
    return _BLANK.fullmatch(text) is not None


def nearest(written: str, columns: Sequence[str] = ()) -> str:
    return Vocabulary(columns).nearest(written)


def column_name(place: int) -> str:
    """The field of the `place`-th other column."""
    return f"{_COLUMN}{place}"


def reader(name: str) -> Callable[[Contact], str]:
    """How a contact's value of a field is read; not for `link`, which is no value of theirs."""
    if not name.startswith(_COLUMN):
        return attrgetter(Field(name).value)
    place = int(name.removeprefix(_COLUMN))
    return lambda contact: contact.extras[place] if place < len(contact.extras) else ""


def tag_text(seed: str, order: int, form: Form) -> str:
    """`seed` is random per campaign, so that no value of a contact file can hold a tag."""
    return f"-{seed}.{order}{form.value}-"


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


def address(value: str) -> str:
    """The address that a value holds, for a link to it; empty where it holds none of the web or of mail.

    A browser would run what stands after other schemes.
    """
    if _EMAIL.fullmatch(value):
        return f"mailto:{value}"
    if _HOST.match(value):
        value = f"https://{value}"
    spelled = _NOT_IN_URL.sub(lambda sign: quote(sign[0]), value)
    return spelled if is_web(spelled) else ""


def is_web(value: str) -> bool:
    """An address of the web as it stands, and with nobody's name before its host: that could pass for one."""
    if _NOT_IN_URL.search(value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def _exact(written: str) -> str:
    return one_line(unicodedata.normalize("NFC", written)).casefold()


def _folded(written: str) -> str:
    bare = (sign for sign in unicodedata.normalize("NFKD", written) if not unicodedata.combining(sign))
    return _BETWEEN.sub("_", "".join(bare).casefold()).strip("_")


def _html(value: str) -> str:
    return html.escape(value, quote=True) if _MARKUP.search(value) else value


def _text(value: str) -> str:
    return value.replace(_SERVICE, "<\u2060%") if _SERVICE in value else value


# how a value is written where it lands
ESCAPES: Mapping[Form, Callable[[str], str]] = {
    Form.TEXT: _text,
    Form.HTML: _html,
    Form.URL: partial(quote, safe=""),
    Form.ADDRESS: address,
    Form.HREF: lambda value: _html(address(value)),
}
