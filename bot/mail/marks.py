"""Merge fields on their way through Markdown, the sanitiser and MJML.

A field becomes a word that none of these three alters (`q5f1c0n2q`), and a link that starts with the
questionnaire's link becomes an https address on a host of that name; when everything else is done, both
become the tags that SendGrid replaces, in the form of the place where they stand. So does an address
that is, or begins with, another field.
"""

import re
import secrets
from collections.abc import Sequence

from bot.core.fields import LINK, PLACEHOLDER, Form, Tag, Vocabulary, tag_text

_PICTURE = re.compile(r"https?://[^/\s]+/.")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


class Marks:
    """The fields of one letter. `tags` grows with each form in which one of them is finally placed."""

    def __init__(self, seed: str, columns: Sequence[str] = (), *, tells_case: bool = True) -> None:
        self._seed = seed
        self._vocabulary = Vocabulary(columns, tells_case=tells_case)
        self._fields: list[tuple[str, str]] = []  # (name, default), each once
        self._tags: dict[str, Tag] = {}
        nonce = "q" + secrets.token_hex(4)
        self._nonce = nonce
        self.word = re.compile(rf"{nonce}n(\d+)q")
        self._escaped = re.compile(rf"{nonce}n(\d+)u")
        self._host = re.compile(rf"https://{nonce}n(\d+)l\.invalid/")
        self.link_word = self._word(LINK, "")

    @property
    def tags(self) -> tuple[Tag, ...]:
        return tuple(self._tags.values())

    def protect(self, text: str) -> str:
        """Every known field as a word; what stands between braces and is no field stays as it is."""

        def word(match: re.Match[str]) -> str:
            name, default = self._vocabulary.read(match)
            return self._word(name, default) if name else match[0]

        return PLACEHOLDER.sub(word, text)

    def names(self, word: str) -> str:
        """The field behind a word."""
        match = self.word.fullmatch(word)
        return self._fields[int(match[1])][0] if match else ""

    def address(self, href: str) -> str:
        """A link's address with its words in place: absolute, whatever was left out when it was typed."""
        if match := self.word.match(href):
            return f"https://{self._nonce}n{match[1]}l.invalid/{self._inside(href[match.end() :])}"
        href = self._inside(href)
        if _SCHEME.match(href):
            return href
        return f"mailto:{href}" if "@" in href and "/" not in href else f"https://{href.lstrip('/')}"

    def leads_to_link(self, address: str) -> bool:
        """Does an address made by `address` start with the questionnaire's link?"""
        match = self._host.match(address)
        return match is not None and self._fields[int(match[1])][0] == LINK

    def may_be_picture(self, address: str) -> bool:
        """Could an address made by `address` be a picture's? A file's bare name is none."""
        return self._host.match(address) is not None or _PICTURE.match(address) is not None

    def finish_text(self, text: str) -> str:
        return self._finish(text, Form.TEXT)

    def finish_html(self, fragment: str) -> str:
        return self._finish(fragment, Form.HTML)

    def _finish(self, text: str, form: Form) -> str:
        text = self._host.sub(lambda match: self._address_tag(int(match[1]), form), text)
        text = self._escaped.sub(lambda match: self._tag(int(match[1]), Form.URL), text)
        return self.word.sub(lambda match: self._tag(int(match[1]), form), text)

    def _inside(self, href: str) -> str:
        """Words inside an address: their values will be percent-encoded."""
        return self.word.sub(rf"{self._nonce}n\1u", href)

    def _word(self, name: str, default: str) -> str:
        field = (name, default)
        if field not in self._fields:
            self._fields.append(field)
        return f"{self._nonce}n{self._fields.index(field)}q"

    def _address_tag(self, order: int, form: Form) -> str:
        if self._fields[order][0] == LINK:  # sound whoever's it is, and as it stands
            return self._tag(order, form)
        return self._tag(order, Form.HREF if form is Form.HTML else Form.ADDRESS)

    def _tag(self, order: int, form: Form) -> str:
        name, default = self._fields[order]
        text = tag_text(self._seed, order, form)
        self._tags.setdefault(text, Tag(text=text, name=name, default=default, form=form))
        return text
