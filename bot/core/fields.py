"""Merge fields: `{{ prénom | ami }}` in a subject or a body; another column of the lists by its title.

A letter is rendered once for a whole campaign; SendGrid then replaces tags, without escaping, per
recipient. So every field a letter uses gets one tag per place it can land in (`Form`), each with a
random part nobody can type into a contact file, and the value is escaped here for that place.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from operator import attrgetter
from urllib.parse import quote, urlsplit

from bot.core.contacts import Contact, Field
from bot.core.legible import is_blank as is_blank
from bot.core.legible import one_line as one_line
from bot.core.legible import readable as readable
from bot.core.people import Language
from bot.core.vocabulary import COLUMN, folded
from bot.core.vocabulary import LINK as LINK
from bot.core.vocabulary import NAMES as NAMES
from bot.core.vocabulary import PLACEHOLDER as PLACEHOLDER
from bot.core.vocabulary import Vocabulary as Vocabulary
from bot.core.vocabulary import column_name as column_name
from bot.core.vocabulary import in_words_of as in_words_of
from bot.core.vocabulary import typed as typed

NAMED = 40  # characters of a column's title that a sentence says
NOWHERE = "#"  # the address of a link whose field is blank, or holds no address
_MARKUP = re.compile("[&<>\"']")
_SERVICE = "<%"  # opens one of SendGrid's own tags
_NOT_IN_URL = re.compile(r"[\s\"<>\\^`{|}]")
_HOST = re.compile(r"(?:[\w\-]+\.)+[^\W\d_]{2,}(?=[/?#:]|$)")
_HALF = re.compile(r"\{\{.{0,30}|\S{0,30}\}\}")  # double braces without their counterpart
_THREE = re.compile(r"\{{3,}[^{}\n]{0,80}\}{2,}|\{\{[^{}\n]{0,80}\}{3,}")  # as other tools write a field
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


def known(written: str, columns: Sequence[str] = ()) -> str | None:
    return Vocabulary(columns).name(written)


def placeholders(text: str, columns: Sequence[str] = ()) -> list[Placeholder]:
    """Every field of a text, in order. Unknown names are in `unknown`."""
    words, found = Vocabulary(columns), []
    for match in PLACEHOLDER.finditer(text):
        name, default = words.read(match)
        if name:
            found.append(Placeholder(name=name, default=default, written=match[0]))
    return found


def unknown(text: str, columns: Sequence[str] = ()) -> list[str]:
    """Names between double braces that mean no field, as written."""
    words = Vocabulary(columns)
    return [match[1] for match in PLACEHOLDER.finditer(text) if words.read(match)[0] is None]


def titles(columns: Sequence[str]) -> list[str]:
    """The columns as they are to be typed, but for those too long for a sentence to name."""
    words = Vocabulary(columns)
    shown = (words.written(column_name(place)) for place in range(len(columns)))
    return [one for one in shown if len(one) <= NAMED]


def renamed(text: str, aliases: Mapping[str, str], columns: Sequence[str], language: Language) -> str:
    """With our own names for the columns that became our fields: `aliases`, their titles and those fields.
    What means something already is left alone."""
    words = Vocabulary(columns)
    known = {folded(title): name for title, name in aliases.items() if name in NAMES.values()}

    def ours(match: re.Match[str]) -> str:
        meant = known.get(folded(match[1]))
        if words.read(match)[0] is not None or meant is None:
            return match[0]
        default = f" | {match[2].strip()}" if match[2] and match[2].strip() else ""
        return "{{" + in_words_of(language, meant) + default + "}}"

    return PLACEHOLDER.sub(ours, text) if known else text


def broken(text: str) -> str:
    """What stands where double braces have no counterpart; empty where all of them have one."""
    found = _HALF.search(PLACEHOLDER.sub("\n", text))
    return found[0].strip() if found else ""


def excess(text: str) -> str:
    """A field between more than two braces, of which the others would be read; empty where there is none."""
    found = _THREE.search(text)
    return found[0] if found else ""


def nearest(written: str, columns: Sequence[str] = ()) -> str:
    return Vocabulary(columns).nearest(written)


def reader(name: str) -> Callable[[Contact], str]:
    """How a contact's value of a field is read; not for `link`, which is no value of theirs."""
    if not name.startswith(COLUMN):
        return attrgetter(Field(name).value)
    place = int(name.removeprefix(COLUMN))
    return lambda contact: contact.extras[place] if place < len(contact.extras) else ""


def tag_text(seed: str, order: int, form: Form) -> str:
    """`seed` is random per campaign, so that no value of a contact file can hold a tag."""
    return f"-{seed}.{order}{form.value}-"


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
