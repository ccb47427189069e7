"""A letter: what the person wrote, what it becomes, and whom it is addressed to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from bot.core.contacts import Contact
from bot.core.fields import Tag, value_of
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


def address(
    contact: Contact, *, number: int, tags: Sequence[Tag], link: str, seed: str, unsubscribe_url: str,
    mailto: str,
) -> Addressed:  # fmt: skip
    """`unsubscribe_url` empty: SendGrid's own subscription tracking fills its tag."""
    substitutions = {tag.text: value_of(tag, contact, link) for tag in tags}
    headers: dict[str, str] = {}
    if unsubscribe_url:
        substitutions[unsubscribe_tag(seed)] = unsubscribe_url
        ways = [f"<{unsubscribe_url}>"] + ([f"<mailto:{mailto}>"] if mailto else [])
        headers["List-Unsubscribe"] = ", ".join(ways)
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return Addressed(
        number=number, email=contact.email, name=contact.full_name(), substitutions=substitutions,
        headers=headers,
    )  # fmt: skip
