"""The Letters port: what a person wrote becomes a letter in HTML and in plain text.

MJML sees only words of ours in place of everything that a person wrote: the sanitised HTML is put in
their place afterwards, so that nothing typed can open a tag of the frame. Merge fields come back last.
"""

import html
import re
import secrets
from collections.abc import Mapping
from importlib.resources import files
from string import Template

import mrml

from bot.core.campaigns import check_body, check_subject
from bot.core.contacts import Contact
from bot.core.envelopes import Envelopes
from bot.core.fields import one_line
from bot.core.letters import Composed, Letter, unsubscribe_tag
from bot.core.people import Language
from bot.core.templates import Words
from bot.mail.markdown import Body, Button, Prose
from bot.mail.marks import Marks
from bot.mail.plain import plain
from bot.texts import Say

_SENTENCE_END = (".", "!", "?", "…")
_HIDDEN = (
    "display:none;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all;"
    "font-size:1px;line-height:1px;color:transparent;"
)
_PADDING = "&#847;&zwnj;&nbsp;" * 90


class MarkdownLetters:
    """Makes `bot.core.letters.Composed` from `Letter`; keeps nothing but the frame."""

    def __init__(self) -> None:
        self._frame = Template(files("bot.mail").joinpath("letter.mjml").read_text(encoding="utf-8"))

    def compose(self, letter: Letter) -> Composed:
        """Raises Refusal where the subject or the body cannot become a letter."""
        say = Say(letter.language)
        subject = check_subject(letter.subject, letter.columns)
        marks = Marks(letter.seed, letter.columns, tells_case=letter.tells_case)
        words = marks.protect(subject)
        shown = say("letter.test", subject=words) if letter.is_test else words
        body = _body(letter, marks)
        sheet = _Sheet(self._frame, letter, say, marks)
        return Composed(
            subject=marks.finish_text(shown),
            html=sheet.html(body, words),
            text=marks.finish_text(_text(body, say)) + "\n\n-- \n" + _footer_text(letter, say) + "\n",
            tags=marks.tags,
        )

    def preview(self, letter: Letter, contact: Contact, link: str) -> tuple[str, str]:
        marks = Marks(letter.seed, letter.columns, tells_case=letter.tells_case)
        subject = marks.finish_text(marks.protect(check_subject(letter.subject, letter.columns)))
        words = marks.finish_text(_text(_body(letter, marks), Say(letter.language)))
        envelopes = Envelopes(marks.tags, link=(link, ""), seed=letter.seed, mailto="")
        theirs = envelopes.address(contact, number=0, token="", unsubscribe_url="").substitutions
        return _filled(subject, theirs), _filled(words, theirs)

    def reminder(self, language: Language) -> Words:
        say = Say(language)
        return Words(subject=say("templates.reminder.subject"), body=say("templates.reminder.body"))

    def unsure(self, body: str, language: Language) -> str:
        return f"{Say(language)('letter.unsure')}\n\n{body}"


class _Sheet:
    """One letter's HTML on its way: MJML with slots, then the slots filled."""

    def __init__(self, frame: Template, letter: Letter, say: Say, marks: Marks) -> None:
        self._frame = frame
        self._letter = letter
        self._say = say
        self._marks = marks
        self._slots: dict[str, str] = {}
        self._slot_name = "s" + secrets.token_hex(4)

    def html(self, body: Body, subject: str) -> str:
        parts = "\n".join(self._part(body, part) for part in body.parts)
        preheader = self._marks.protect(one_line(self._letter.preheader))
        source = self._frame.substitute(
            language=self._letter.language.value,
            title=self._slot(html.escape(subject)),
            preheader=self._preheader(html.escape(preheader)) if preheader else "",
            parts=parts,
            footer=self._slot(_footer_html(self._letter, self._say)),
        )
        # no fonts: mrml would load Roboto from elsewhere, which tells a stranger who reads and when
        rendered: str = mrml.to_html(source, render_options=mrml.RenderOptions(fonts={})).content
        filled = re.sub(rf"{self._slot_name}x\d+x", lambda match: self._slots[match[0]], rendered)
        return self._marks.finish_html(filled)

    def _preheader(self, words: str) -> str:
        """What the inbox shows beside the subject, and signs without width that keep the letter's first
        words out of there."""
        slot = self._slot(f'<div style="{_HIDDEN}">{words}{_PADDING}</div>')
        return f"<mj-raw>{slot}</mj-raw>"

    def _part(self, body: Body, part: Prose | Button) -> str:
        if isinstance(part, Prose):
            return f'<mj-text css-class="prose">{self._slot(body.html(part))}</mj-text>'
        label = self._slot(html.escape(_label(part, self._say)))
        return f'<mj-button css-class="go" href="{self._slot(html.escape(part.address))}">{label}</mj-button>'

    def _slot(self, content: str) -> str:
        name = f"{self._slot_name}x{len(self._slots)}x"
        self._slots[name] = content
        return name


def _body(letter: Letter, marks: Marks) -> Body:
    """The body, with a button at its end where the person gave no way to the questionnaire."""
    body = Body(check_body(letter.body, letter.columns), marks)
    if not body.leads_to_link:
        body.parts.append(Button(label="", address=marks.address(marks.link_word)))
    return body


def _label(button: Button, say: Say) -> str:
    return button.label or say("letter.button")


def _text(body: Body, say: Say) -> str:
    return "\n\n".join(
        plain(part.tokens) if isinstance(part, Prose) else f"{_label(part, say)}\n{part.address}"
        for part in body.parts
    )


def _footer_lines(letter: Letter, say: Say) -> list[str]:
    """Who writes and from where; why the person receives this."""
    sender = letter.sender.name or letter.sender.address
    reason = one_line(letter.reason)
    if reason and not reason.endswith(_SENTENCE_END):
        reason += "."
    origin = say("letter.footer.from", sender=one_line(sender), address=one_line(letter.postal_address))
    return [line for line in (origin, reason) if line]


def _footer_text(letter: Letter, say: Say) -> str:
    stop = say("letter.footer.stop_at", url=unsubscribe_tag(letter.seed))
    if letter.unsubscribe.mailto:
        stop = f"{stop} {say('letter.footer.write', address=letter.unsubscribe.mailto)}"
    return "\n".join([*_footer_lines(letter, say), stop])


def _footer_html(letter: Letter, say: Say) -> str:
    lines = [html.escape(line) for line in _footer_lines(letter, say)]
    stop = _footer_link(unsubscribe_tag(letter.seed), say("letter.footer.stop"))
    if letter.unsubscribe.mailto:
        address = html.escape(letter.unsubscribe.mailto)
        stop += " " + say("letter.footer.write", address=_footer_link(f"mailto:{address}", address))
    return "<br>".join([*lines, stop])


def _footer_link(address: str, words: str) -> str:
    return f'<a href="{address}" style="color:#5b6876;text-decoration:underline;">{html.escape(words)}</a>'


def _filled(text: str, substitutions: Mapping[str, str]) -> str:
    for tag, value in substitutions.items():
        text = text.replace(tag, value)
    return text
