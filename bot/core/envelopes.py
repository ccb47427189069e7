"""Whom the letters of one request are addressed to, and what each of them is filled with."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from bot.core import fields
from bot.core.contacts import Contact
from bot.core.fields import ESCAPES, LINK, NOWHERE, WHOLE, Form, Tag, one_line, reader
from bot.core.letters import Addressed, unsubscribe_tag

SUBSTITUTION_BYTES = 10_000  # SendGrid's limit of a personalization: tags and values
# what stands in it beside the values of fields: each personal link, each tag, each address with a token
LINK_ROOM, TAG_BYTES, TOKEN_BYTES = 2_000, 24, 300
LEAST_ROOM = 32
JOINER = "\u2060"  # invisible, and no line breaks at it
CUT = " \u200d\ufe0f"  # what no text is cut after: it would join the ellipsis to an emoji


def own_link(value: str) -> str:
    """The personal link a column of the list holds for somebody; empty where it holds none."""
    link = one_line(value)
    return link if fields.is_web(link) and len(quote(link)) <= LINK_ROOM else ""


class Envelopes:
    """Addresses the letters of one request: many of its people share a town, a job, a first name, so what a
    value becomes is worked out once. Only the tags of fields that the letter uses are filled.

    `link` is what stands before and after the token in everybody's; a token looks the same in every form.
    `personal`: where among the other columns everybody's own link stands; who has none gets `link`.
    """

    def __init__(
        self, tags: Iterable[Tag], *, link: tuple[str, str], seed: str, mailto: str,
        personal: int | None = None,
    ) -> None:  # fmt: skip
        used: dict[str, list[Tag]] = {}
        for tag in tags:
            used.setdefault(tag.name, []).append(tag)
        self._link_tags = used.pop(LINK, [])
        self._links = [_around(tag, *link) for tag in self._link_tags]
        self._personal = None if personal is None else reader(fields.column_name(personal))
        self._room = _Room(seed, self._links, used, is_personal=personal is not None)
        self._fields = [(reader(name), _Places(tags, self._room)) for name, tags in used.items()]
        self._way_out = unsubscribe_tag(seed)
        self._mailto = f", <mailto:{mailto}>" if mailto else ""

    def address(self, contact: Contact, *, number: int, token: str, unsubscribe_url: str) -> Addressed:
        """`unsubscribe_url` empty: SendGrid's own subscription tracking fills its tag."""
        own = self._own(self._personal(contact)) if self._personal else ""
        if own:
            substitutions = {tag.text: ESCAPES[tag.form](own) for tag in self._link_tags}
        else:
            substitutions = {tag: f"{before}{token}{after}" for tag, before, after in self._links}
        for value, places in self._fields:
            substitutions.update(places.known(value(contact)))
        headers: dict[str, str] = {}
        if unsubscribe_url:
            substitutions[self._way_out] = unsubscribe_url
            headers["List-Unsubscribe"] = f"<{unsubscribe_url}>{self._mailto}"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return Addressed(
            number=number, email=contact.email, name=contact.full_name(), substitutions=substitutions,
            headers=headers,
        )  # fmt: skip

    def _own(self, value: str) -> str:
        link = own_link(value)
        return "" if self._room.holds_tag(link) else link


def _around(tag: Tag, before: str, after: str) -> tuple[str, str, str]:
    escape = ESCAPES[tag.form]
    return tag.text, escape(before), escape(after)


class _Room:
    """What a value may not do in this letter: hold one of its tags, or be so long that SendGrid refuses the
    whole request."""

    def __init__(
        self, seed: str, around: Sequence[tuple[str, str, str]], used: Mapping[str, Sequence[Tag]], *,
        is_personal: bool,
    ) -> None:  # fmt: skip
        self._seed = seed
        # how a tag begins: what stands right behind a value might complete it
        self._openings = tuple(f"-{seed[:length]}" for length in range(len(seed)))
        tags = sum(map(len, used.values()))
        taken = TAG_BYTES * (tags + len(around)) + TOKEN_BYTES * (1 + len(around))
        taken += sum(
            LINK_ROOM if is_personal else len((before + after).encode()) for _, before, after in around
        )
        room = SUBSTITUTION_BYTES - taken
        self._bytes = max(LEAST_ROOM, room // max(1, tags))
        self._short = self._bytes // 4  # characters: UTF-8 has at most four bytes for one

    def holds_tag(self, value: str) -> bool:
        return self._seed in value

    def is_harmless(self, shown: str) -> bool:
        """Most are, and nothing more is asked of them."""
        return len(shown) <= self._short and "-" not in shown and self._seed not in shown

    def fitted(self, value: str, form: Form) -> str:
        """Escaped, and cut where it is too long; an address is whole or nothing."""
        shown = self._guarded(ESCAPES[form](value), form)
        if len(shown.encode()) <= self._bytes:
            return shown
        if form in WHOLE:
            return ""
        while len(shown.encode()) > self._bytes:
            value = value[: len(value) * 7 // 8].rstrip(CUT)
            shown = self._guarded(ESCAPES[form](f"{value}…"), form)
        return shown

    def _guarded(self, shown: str, form: Form) -> str:
        """Whoever knows the seed cannot make a tag of it: it reads the same, and is written otherwise."""
        if self._seed in shown:
            shown = shown.replace(self._seed, _broken(self._seed, form))
        if "-" in shown and shown.endswith(self._openings):
            head, dash, tail = shown.rpartition("-")
            shown = f"{head}{_broken(dash, form)}{tail}"
        return shown


def _broken(text: str, form: Form) -> str:
    """Its first sign percent-encoded in an address; elsewhere something invisible behind it."""
    first = text[0] + JOINER if form in (Form.TEXT, Form.HTML) else f"%{ord(text[0]):02X}"
    return first + text[1:]


class _Places:
    """Where one field stands in a letter, all its tags together."""

    def __init__(self, tags: Iterable[Tag], room: _Room) -> None:
        self._room = room
        forms: dict[Form, list[tuple[str, str]]] = {}
        for tag in tags:
            default = room.fitted(tag.default, tag.form) or (NOWHERE if tag.form in WHOLE else "")
            forms.setdefault(tag.form, []).append((tag.text, default))
        self._forms = [(form, ESCAPES[form], places) for form, places in forms.items()]
        self._known: dict[str, dict[str, str]] = {}

    def known(self, value: str) -> dict[str, str]:
        """By tag, what the value of a contact's field becomes."""
        filled = self._known.get(value)
        if filled is None:
            filled = self._known[value] = self._filled(one_line(value))
        return filled

    def _filled(self, value: str) -> dict[str, str]:
        filled = {}
        for form, escape, places in self._forms:
            shown = escape(value)
            if not self._room.is_harmless(shown):
                shown = self._room.fitted(value, form)
            for tag, default in places:
                filled[tag] = shown or default
        return filled
