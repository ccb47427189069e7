"""A letter: what the person wrote, what it becomes, and whom it is addressed to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from bot.core.contacts import Contact
from bot.core.fields import ESCAPES, LINK, Form, Tag, one_line
from bot.core.people import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """`Name <address>`, as it stands in the letter's From or Reply-To."""

    address: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> "Sender":
        """Raises ValueError where there is no address in it."""
        name, address = parseaddr(text)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
            raise ValueError(text)
        return cls(address=address, name=name)

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What a letter is made from. `body` is Markdown with merge fields; `seed` is the campaign's."""

    subject: str
    body: str
    language: Language
    sender: Sender
    reply_to: Sender | None
    postal_address: str
    reason: str  # why the person receives this, as the footer says it
    seed: str
    preheader: str = ""
    is_test: bool = False  # the subject says so
    unsubscribe: "Unsubscribe"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsubscribe:
    """How a letter lets people stop.

    `page` True: `/u/TOKEN` on our public URL, one page a person, with the one-click header (RFC 8058).
    Without a public URL SendGrid's subscription tracking does it. `mailto` stands beside either.
    """

    page: bool
    mailto: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """A rendered letter, the same for everybody; `tags` are what differs, with `UNSUBSCRIBE_TAG` where
    the person's own page stands (text and HTML alike)."""

    subject: str
    html: str
    text: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressed:
    """One recipient of one request: `number` is the recipient's in the audience (-1 for a test)."""

    number: int
    email: str
    name: str
    substitutions: Mapping[str, str]
    headers: Mapping[str, str]


def unsubscribe_tag(seed: str) -> str:
    return f"-{seed}.unsubscribe-"


class Envelopes:
    """Addresses the letters of one request: many of its people share a town, a job, a first name, so what a
    value becomes is worked out once. Only the tags of fields that the letter uses are filled.

    `link` is what stands before and after the token in everybody's; a token looks the same in every form.
    """

    def __init__(self, tags: Iterable[Tag], *, link: tuple[str, str], seed: str, mailto: str) -> None:
        fields: dict[str, list[Tag]] = {}
        for tag in tags:
            fields.setdefault(tag.name, []).append(tag)
        self._links = [
            (tag.text, *(ESCAPES[tag.form](part) for part in link)) for tag in fields.pop(LINK, ())
        ]
        self._fields = [(name, _Places(used)) for name, used in fields.items()]
        self._way_out = unsubscribe_tag(seed)
        self._mailto = f", <mailto:{mailto}>" if mailto else ""

    def address(self, contact: Contact, *, number: int, token: str, unsubscribe_url: str) -> Addressed:
        """`unsubscribe_url` empty: SendGrid's own subscription tracking fills its tag."""
        substitutions = {tag: f"{before}{token}{after}" for tag, before, after in self._links}
        for name, places in self._fields:
            substitutions.update(places.known(getattr(contact, name)))
        headers: dict[str, str] = {}
        if unsubscribe_url:
            substitutions[self._way_out] = unsubscribe_url
            headers["List-Unsubscribe"] = f"<{unsubscribe_url}>{self._mailto}"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return Addressed(
            number=number, email=contact.email, name=contact.full_name(), substitutions=substitutions,
            headers=headers,
        )  # fmt: skip


class _Places:
    """Where one field stands in a letter: as `fields.value_of`, for all its tags together."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        forms: dict[Form, list[tuple[str, str]]] = {}
        for tag in tags:
            place = tag.text, ESCAPES[tag.form](tag.default)
            forms.setdefault(tag.form, []).append(place)
        self._forms = [(ESCAPES[form], places) for form, places in forms.items()]
        self._known: dict[str, dict[str, str]] = {}

    def known(self, value: str) -> dict[str, str]:
        """By tag, what the value of a contact's field becomes."""
        filled = self._known.get(value)
        if filled is None:
            filled = self._known[value] = self._filled(one_line(value))
        return filled

    def _filled(self, value: str) -> dict[str, str]:
        filled = {}
        for escape, places in self._forms:
            shown = escape(value)
            for tag, default in places:
                filled[tag] = shown or default
        return filled
