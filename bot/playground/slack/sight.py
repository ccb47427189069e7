"""What a person reads: the words of blocks, without marks, entities or anything folded away."""

import html
import re
from collections.abc import Iterator, Mapping

from bot.playground.slack import richtext
from bot.playground.slack.records import Json

_FOLDED = {"confirm", "value", "action_id", "block_id", "url", "initial_options", "filter"}
_SELECTS = ("static_select", "multi_static_select", "overflow")
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<((?:https?|mailto):[^|>]*)(?:\|([^>]*))?>")
_USER = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_MARKED = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])")
_NARROW = str.maketrans({"\u00a0": " ", "\u202f": " "})


def plain(mrkdwn: str, names: Mapping[str, str]) -> str:
    shown = _DATE.sub(lambda found: found[1], mrkdwn)
    shown = _LINK.sub(lambda found: found[2] or found[1], shown)
    shown = _USER.sub(lambda found: f"@{names.get(found[1], found[1])}", shown)
    for _ in range(3):
        shown = _MARKED.sub(lambda found: found[2], shown)
    return html.unescape(shown)


def spaced(text: str) -> str:
    """No-break spaces look like spaces."""
    return text.translate(_NARROW)


def words_of(node: object, names: Mapping[str, str]) -> Iterator[str]:
    """Every piece of text a person sees in these blocks, in their order."""
    if isinstance(node, list):
        for child in node:
            yield from words_of(child, names)
    elif isinstance(node, dict):
        yield from _words_of(node, names)


def _words_of(node: Json, names: Mapping[str, str]) -> Iterator[str]:
    match node.get("type"):
        case "mrkdwn" | "markdown":
            yield plain(str(node["text"]), names)
        case "plain_text" | "raw_text":
            yield str(node["text"])
        case "raw_number":
            yield str(node.get("text", node["value"]))
        case "rich_text":
            yield richtext.words(node)
        case "image":
            yield str(node["alt_text"])
        case _:
            for name, child in node.items():
                if isinstance(child, dict | list) and not _hidden(node, name):
                    yield from words_of(child, names)
                elif name in ("title", "label", "name", "caption") and isinstance(child, str):
                    yield child


def _hidden(node: Json, name: str) -> bool:
    """A select shows its options only when opened."""
    folded = name in ("options", "option_groups") and node.get("type") in _SELECTS
    return folded or name in _FOLDED or name in ("initial_option", "initial_value")
