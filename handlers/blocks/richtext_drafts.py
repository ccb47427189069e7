"""From the letter's Markdown back into Slack's editor: a draft taken up again.

`markdown(rich_text(text)) == text` for every text: what has no counterpart in the editor stands there as
its Markdown.
"""

import json
import re
from collections.abc import Iterator

from handlers.blocks.kit import Block
from handlers.blocks.richtext import INDENT, inline, markdown

LARGEST = 150_000  # bytes, of the 250,000 of a whole dialog

_ITEM = re.compile(r"(?P<indent>(?: {4}){0,8})(?:-|(?P<number>[1-9]\d{0,5})\.) (?P<words>\S.*)")
_QUOTE = re.compile(r">(?: (?P<words>\S.*))?")
_SPAN = re.compile(  # none of them long: a mark left open must not be searched for to the end of the letter
    r"`(?P<code>[^`\s](?:[^`]{0,500}[^`\s])?)`"
    r"|\*\*(?=[^\s*])(?P<bold>.{1,500}?)(?<=[^\s*])\*\*(?!\*)"
    r"|(?<!\*)\*(?=[^\s*])(?P<italic>[^*]{1,500}?)(?<=\S)\*(?!\*)"
    r"|~~(?=\S)(?P<strike>.{1,500}?)(?<=\S)~~"
    r"|\[(?P<link>[^\[\]\\\n]{1,500})\]\((?P<url>https?://[^\s()<>{}]{1,2000})\)"
)


def rich_text(text: str) -> Block:
    """The editor's content for a Markdown text; as plain Markdown where its styles would make the dialog
    larger than Slack takes."""
    parts = _parts(text)
    if markdown({"elements": parts}) != text or len(json.dumps(parts)) > LARGEST:
        parts = [_section(text, styled=False)]
    return {"type": "rich_text", "elements": parts}


def _parts(text: str) -> list[Block]:
    parts: list[Block] = []
    prose: list[str] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        part = _special(line)
        if part is None:
            prose.append(line)
            continue
        if any(prose) or (prose and not parts):
            parts.append(_section("\n".join(prose) + "\n"))
        prose = []
        _add(parts, part, joins=number > 0 and _special(lines[number - 1]) is not None)
    if any(prose):
        parts.append(_section("\n".join(prose).lstrip("\n") if parts else "\n".join(prose)))
    return parts or [_section(text, styled=False)]


def _special(line: str) -> Block | None:
    if item := _ITEM.fullmatch(line):
        element = {"type": "rich_text_section", "elements": _checked(item["words"])}
        number = int(item["number"] or 0)
        part: Block = {"type": "rich_text_list", "style": "ordered" if number else "bullet"}
        part |= {"indent": len(item["indent"]) // len(INDENT), "elements": [element]}
        return part | ({"offset": number - 1} if number > 1 else {})
    if quote := _QUOTE.fullmatch(line):
        return {"type": "rich_text_quote", "elements": _checked(quote["words"] or "")}
    return None


def _add(parts: list[Block], part: Block, *, joins: bool) -> None:
    """A line joins the list or the quote it goes on with; else it begins one."""
    last = parts[-1] if parts and joins else {}
    elements, more = last.get("elements"), part["elements"]
    if not isinstance(elements, list) or not isinstance(more, list) or last["type"] != part["type"]:
        parts.append(part)
    elif part["type"] == "rich_text_quote":
        elements += [{"type": "text", "text": "\n"}, *more]
    elif (last["style"], last["indent"]) == (part["style"], part["indent"]):
        elements += more
    else:
        parts.append(part)


def _section(text: str, *, styled: bool = True) -> Block:
    nodes = [] if text else [_text("", {})]
    if text and not styled:
        nodes = [_text(text, {})]
    elif text:
        for number, line in enumerate(text.split("\n")):
            nodes += [_text("\n", {})] if number else []
            nodes += _checked(line)
    return {"type": "rich_text_section", "elements": _merged(nodes)}


def _checked(line: str) -> list[Block]:
    """The line's runs, if they say the same as the line; else the line."""
    nodes = list(_runs(line, {}))
    if inline(nodes) == line:
        return nodes
    return [_text(line, {})]


def _runs(line: str, style: dict[str, bool]) -> Iterator[Block]:
    place = 0
    for match in _SPAN.finditer(line):
        if match.start() > place:
            yield _text(line[place : match.start()], style)
        name = "link" if match["url"] else str(match.lastgroup)
        words = match[name]
        if name == "link":
            link: Block = {"type": "link", "url": match["url"], "text": words}
            yield link | ({"style": style} if style else {})
        elif name == "code":
            yield _text(words, {**style, "code": True})
        else:
            yield from _runs(words, {**style, name: True})
        place = match.end()
    if line[place:]:
        yield _text(line[place:], style)


def _text(words: str, style: dict[str, bool]) -> Block:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def _merged(nodes: list[Block]) -> list[Block]:
    """Neighbours of the same style as one run, as the editor writes them; no empty ones."""
    merged: list[Block] = []
    for node in nodes:
        if not node.get("text"):
            continue
        same = merged and "url" not in node and "url" not in merged[-1]
        if same and merged[-1].get("style") == node.get("style"):
            merged[-1] = {**merged[-1], "text": f"{merged[-1]['text']}{node['text']}"}
        else:
            merged.append(node)
    return merged
