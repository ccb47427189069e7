"""Slack's rich text: what its editor makes of typed words, and the words back out of it."""

from collections.abc import Iterator

from bot.playground.slack.records import Json


def written(text: str) -> Json | None:
    """What the editor sends for plain typing: ONE section whose text holds the line breaks; typed marks
    such as `*` stay letters. An empty editor sends nothing."""
    if not text:
        return None
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def words(node: object) -> str:
    """All the words of a rich text, lists and quotes a line each."""
    return "".join(_pieces(node)).rstrip("\n")


def _pieces(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _pieces(child)
    if not isinstance(node, dict):
        return
    match node.get("type"):
        case "text":
            yield str(node.get("text", ""))
        case "link":
            yield str(node.get("text") or node.get("url", ""))
        case "user":
            yield f"@{node.get('user_id', '')}"
        case "emoji":
            yield f":{node.get('name', '')}:"
        case "date":
            yield str(node.get("fallback", ""))
        case "broadcast":
            yield f"@{node.get('range', '')}"
        case _:
            yield from _pieces(node.get("elements", []))
            if node.get("type") != "rich_text":
                yield "\n"
