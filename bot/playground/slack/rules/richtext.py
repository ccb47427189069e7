"""The shape of rich text, in a block, a table cell or the initial value of an editor."""

from bot.playground.slack.rules.shapes import (
    Check,
    flag,
    kind_of,
    listing,
    number,
    one_of,
    shape,
    text,
    whole,
)

STYLE = {"style": shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))}

INLINE: dict[str, Check] = {
    "text": shape({"text": text(least=1)}, STYLE),
    "link": shape({"url": text(least=1)}, {"text": text(), "unsafe": flag, **STYLE}),
    "user": shape({"user_id": text(least=1)}, STYLE),
    "usergroup": shape({"usergroup_id": text(least=1)}, STYLE),
    "channel": shape({"channel_id": text(least=1)}, STYLE),
    "emoji": shape({"name": text(least=1)}, {"unicode": text(), "url": text(), **STYLE}),
    "date": shape(
        {"timestamp": number, "format": text(least=1)}, {"fallback": text(), "url": text(), **STYLE}
    ),
    "broadcast": shape({"range": one_of("here", "channel", "everyone")}, STYLE),
    "color": shape({"value": text()}, STYLE),
    "team": shape({"team_id": text()}, STYLE),
}
SECTION = shape({"elements": listing(kind_of(INLINE), least=0)})
BORDER = {"border": one_of(0, 1)}
PARTS: dict[str, Check] = {
    "rich_text_section": SECTION,
    "rich_text_list": shape(
        {
            "elements": listing(kind_of({"rich_text_section": SECTION}), least=0),
            "style": one_of("bullet", "ordered"),
        },
        {"indent": whole(0, 8), "offset": whole(0), **BORDER},
    ),
    "rich_text_quote": shape({"elements": listing(kind_of(INLINE), least=0)}, BORDER),
    "rich_text_preformatted": shape(
        {"elements": listing(kind_of({"text": INLINE["text"], "link": INLINE["link"]}), least=0)},
        {"language": text(), **BORDER},
    ),
}
RICH_TEXT = shape({"elements": listing(kind_of(PARTS), least=0)}, {"block_id": text(255, least=1)})
