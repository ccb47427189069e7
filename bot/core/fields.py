"""Merge fields: `{{ prénom | ami }}` in a subject or a body.

A letter is rendered once for a whole campaign; SendGrid then replaces tags, without escaping, per
recipient. So every field a letter uses gets one tag per place it can land in (`Form`), each with a
random part nobody can type into a contact file, and the value is escaped here for that place.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from urllib.parse import quote

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
_MARKUP = re.compile("[&<>\"']")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Form(StrEnum):
    TEXT = "t"  # subject, plain text
    HTML = "h"  # HTML text and attributes
    URL = "u"  # one component of a URL


@dataclass(frozen=True, kw_only=True, slots=True)
class Placeholder:
    """A field as written in a text: `name` is a `Field` value or `link`; `default` stands for a blank."""

    name: str
    default: str
    written: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """What SendGrid replaces: `text` occurs in the rendered letter wherever the field stood."""

    text: str
    name: str
    default: str
    form: Form


def known(written: str) -> str | None:
    """The field meant by a name as typed: accents, case, spaces and hyphens do not matter."""
    folded = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode().lower()
    return NAMES.get(re.sub(r"[\s\-]+", "_", folded.strip()))


def placeholders(text: str) -> list[Placeholder]:
    """Every field of a text, in order. Unknown names are in `unknown(text)`."""
    found = []
    for match in PLACEHOLDER.finditer(text):
        if name := known(match[1]):
            found.append(Placeholder(name=name, default=(match[2] or "").strip(), written=match[0]))
    return found


def unknown(text: str) -> list[str]:
    """Names between double braces that mean no field, as written."""
    return [match[1] for match in PLACEHOLDER.finditer(text) if known(match[1]) is None]


def tag_text(seed: str, order: int, form: Form) -> str:
    """`seed` is random per campaign, so that no value of a contact file can hold a tag."""
    return f"-{seed}.{order}{form.value}-"


def one_line(value: str) -> str:
    """Control characters and line breaks become a space: they would end a header or hide text."""
    if not value.isprintable():
        value = _CONTROL.sub(" ", value)
    return " ".join(value.split())


def _html(value: str) -> str:
    return html.escape(value, quote=True) if _MARKUP.search(value) else value


# how a value is written where it lands
ESCAPES: Mapping[Form, Callable[[str], str]] = {
    Form.TEXT: str,
    Form.HTML: _html,
    Form.URL: partial(quote, safe=""),
}


def value_of(tag: Tag, contact: Contact, link: str) -> str:
    """What replaces `tag` for this person, escaped for where it lands."""
    raw = link if tag.name == LINK else one_line(contact.value(Field(tag.name))) or tag.default
    return ESCAPES[tag.form](raw)
