"""A letter: what the person wrote, what it becomes, and whom it is addressed to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from bot.core.fields import Tag
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
    """What a letter is made from. `body` is Markdown with merge fields; `seed` is the campaign's; `columns`
    are the titles of the other columns, in the order of the contacts' values."""

    subject: str
    body: str
    language: Language
    sender: Sender
    reply_to: Sender | None
    postal_address: str
    reason: str  # why the person receives this, as the footer says it
    seed: str
    preheader: str = ""
    columns: tuple[str, ...] = ()
    tells_case: bool = True  # columns whose titles differ in their capitals alone are told apart
    is_test: bool = False  # the subject says so
    counts_openings: bool = False  # the mail service adds an invisible picture, which tells it
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


def weight(composed: Composed, values: Mapping[str, str]) -> int:
    """Bytes of a letter's HTML as somebody with these values of the tags receives it: Gmail shows the first
    102 kB."""
    size = len(composed.html.encode())
    for tag, value in values.items():
        size += composed.html.count(tag) * (len(value.encode()) - len(tag))
    return size
