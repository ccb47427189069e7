"""Fields as other tools write them: nobody replaces them, and everybody would read them as they stand."""

import re
from collections.abc import Iterator, Sequence

from bot.core import fields
from bot.core.campaigns import Campaign
from bot.core.lint.records import Finding, texts, warning

_WRITTEN = re.compile(
    r"(?P<sure>\*\|[^*|\n]{1,80}\|\*)"  # is never anything else
    r"|<<([^<>\n]{1,80})>>|[<«]?‹([^‹›<>\n]{1,80})(?:›[>»]?|>>)"
    r"|\{([^{}\n]{1,80})\}|\[([^\[\]\n]{1,80})\](?![(\[:])"  # but no link of Markdown
    r"|(?=%([^%\n]{1,80})%)"  # one percent sign may stand before another one's field
)
_ESCAPED = re.compile(r"\\([^\w\s])")
_OTHERS = {"fname": "first_name", "firstname": "first_name", "lname": "last_name", "lastname": "last_name"}


def written(draft: Campaign, columns: Sequence[str]) -> Iterator[Finding]:
    """The first of them."""
    for step, text in texts(draft):
        piece, meant = strange(text, columns)
        meant = fields.in_words_of(draft.language, meant)
        if meant:
            yield warning(step, "lint.field.strange", written=piece, field="{{" + meant + "}}")
        elif piece:
            yield warning(step, "lint.field.foreign", written=piece)
        if piece:
            return


def strange(text: str, columns: Sequence[str] = ()) -> tuple[str, str]:
    """As it is written, and what it is called here, if anything; both empty where there is none."""
    words = fields.Vocabulary(columns)
    for match in _WRITTEN.finditer(_ESCAPED.sub(r"\1", fields.PLACEHOLDER.sub("\n", text))):
        inner = (match["sure"] or next(filter(None, match.groups()))).strip("*| ")
        meant = _OTHERS.get(inner.casefold(), inner)
        if match["sure"] or words.name(meant):
            return match[0] or f"%{inner}%", words.nearest(meant)
    return "", ""
