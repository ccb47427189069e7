"""The Markdown that letters understand, cut into prose and buttons.

It is CommonMark for people who never heard of it: a line break is a line break, a web address is a link,
four spaces are no code, dashes under a line make no title of it, and HTML is text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.mail.marks import Marks
from bot.mail.tables import fit

_ADDRESS = re.compile(r"https?://[^\s<>«»\"]*[^\s<>«»\"'.,;:!?)\]*_]")
BARE = "autolink"  # the markup of a link whose words are its address, as markdown-it names it
_LETTERING = "margin:0 0 16px;"
_CELL = (
    "padding:7px 10px;border:1px solid #dfe4ea;vertical-align:top;word-break:normal;overflow-wrap:break-word;"
)
_STYLES = {
    "p": _LETTERING,
    "h1": "margin:8px 0 16px;font-size:24px;line-height:1.25;",
    "h2": "margin:8px 0 12px;font-size:20px;line-height:1.3;",
    "h3": "margin:8px 0 8px;font-size:17px;line-height:1.4;",
    "ul": f"{_LETTERING}padding-left:22px;",
    "ol": f"{_LETTERING}padding-left:22px;",
    "li": "margin:0 0 6px;",
    "a": "color:#1d5fbf;text-decoration:underline;",
    "blockquote": f"{_LETTERING}padding:2px 0 2px 14px;border-left:3px solid #c9d3df;",
    "code": "font-family:Menlo,Consolas,monospace;font-size:14px;",
    "pre": f"{_LETTERING}white-space:pre-wrap;",
    "hr": "margin:20px 0;border:0;border-top:1px solid #dfe4ea;",
    "img": "max-width:100%;height:auto;border:0;",
    "table": f"{_LETTERING}border-collapse:collapse;",
    "th": f"{_CELL}background-color:#f5f7fa;font-weight:600;",
    "td": _CELL,
}
_TAGS = {*_STYLES, "br", "strong", "em", "s", "thead", "tbody", "tr"}
_ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "table": {"class"},
    "th": {"class", "align"}, "td": {"class", "align"},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Prose:
    tokens: Sequence[Token]


@dataclass(frozen=True, kw_only=True)
class Button:
    """A paragraph that is nothing but a link to the questionnaire. `label` empty: it had no words."""

    label: str
    address: str


class Body:
    """One body: its parts in order."""

    def __init__(self, markdown: str, marks: Marks) -> None:
        self._reader = _reader()
        self.marks = marks
        tokens = self._reader.parse(marks.protect(markdown))
        for token in tokens:
            if token.type == "inline":
                token.children = list(_linked(token.children or [], marks))
        _rank_headings(tokens)
        fit(tokens, marks)
        self.parts = list(_parts(tokens, marks))

    @property
    def leads_to_link(self) -> bool:
        """Is the questionnaire within a click?"""
        return any(
            isinstance(part, Button)
            or any(
                self.marks.leads_to_link(str(child.attrGet("href") or ""))
                for token in part.tokens
                for child in token.children or []
            )
            for part in self.parts
        )

    def html(self, prose: Prose) -> str:
        """Sanitised whatever Markdown made of it, then styled in line: mail readers drop style sheets."""
        rendered = self._reader.renderer.render(prose.tokens, self._reader.options, {})
        return nh3.clean(
            rendered,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
            set_tag_attribute_values={
                tag: {"style": style, **({"scope": "col"} if tag == "th" else {})}
                for tag, style in _STYLES.items()
            },
        )


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"breaks": True, "html": False})
    reader.enable(["table", "strikethrough"])
    return reader.disable(["code", "lheading", "reference"])


def _linked(children: Sequence[Token], marks: Marks) -> Iterator[Token]:
    """Links made absolute, and bare addresses (or a bare questionnaire field) made links."""
    depth = 0
    for child in children:
        if child.type == "link_open":
            depth += 1
            child.attrSet("href", marks.address(str(child.attrGet("href") or "")))
            child.attrs.pop("title", None)
        elif child.type == "link_close":
            depth -= 1
        elif child.type == "image":
            yield _picture(child, marks)
            continue
        elif child.type == "text" and not depth:
            yield from _bare(child.content, marks)
            continue
        yield child


def _picture(image: Token, marks: Marks) -> Token:
    """With an absolute address; what can be none leaves its words."""
    address = marks.address(str(image.attrGet("src") or ""))
    if not marks.may_be_picture(address):
        return Token("text", "", 0, content=image.content)
    image.attrSet("src", address)
    image.attrs.pop("title", None)
    return image


def _rank_headings(tokens: Sequence[Token]) -> None:
    """Levels follow each other from the first, whichever were typed: who listens to a letter goes by them."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    levels = sorted({token.tag for token in headings})
    above = 0
    for token in headings:
        if token.nesting == 1:
            above = min(3, above + 1, levels.index(token.tag) + 1)
        token.tag = f"h{above}"


def _bare(text: str, marks: Marks) -> Iterator[Token]:
    place = 0
    for match in re.finditer(f"{_ADDRESS.pattern}|{re.escape(marks.link_word)}", text):
        yield from _text(text[place : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": marks.address(match[0])}, markup=BARE)
        yield from _text(match[0])
        yield Token("link_close", "a", -1)
        place = match.end()
    yield from _text(text[place:])


def _text(content: str) -> Iterator[Token]:
    if content:
        yield Token("text", "", 0, content=content)


def _parts(tokens: Sequence[Token], marks: Marks) -> Iterator[Prose | Button]:
    prose: list[Token] = []
    for number, token in enumerate(tokens):
        button = _button(token, marks) if token.type == "inline" and token.level == 1 else None
        if button is None or tokens[number - 1].type != "paragraph_open":
            prose.append(token)
            continue
        if len(prose) > 1:
            yield Prose(tokens=prose[:-1])  # without the paragraph that the button replaces
        yield button
        prose = []
    closing = [token for number, token in enumerate(prose) if number or token.type != "paragraph_close"]
    if closing:
        yield Prose(tokens=closing)


def _button(inline: Token, marks: Marks) -> Button | None:
    children = [child for child in inline.children or [] if child.type != "text" or child.content.strip()]
    kinds = [child.type for child in children if child.nesting]
    outer = [child for child in children if not child.type.startswith(("strong", "em"))]
    if kinds.count("link_open") != 1 or outer[0].type != "link_open" or outer[-1].type != "link_close":
        return None
    address = str(outer[0].attrGet("href") or "")
    if not marks.leads_to_link(address) or any(child.type == "image" for child in outer):
        return None
    label = "".join(child.content for child in outer[1:-1]).strip()
    return Button(label="" if marks.names(label) == "link" else label, address=address)
