"""From Slack's rich text to the letter's Markdown.

What is typed in the editor is Markdown as it stands; its styles add their marks, its lists and quotes
become Markdown's. The way back stands in `richtext_drafts`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

Node = Mapping[str, object]

MARKS = {"bold": "**", "italic": "*", "strike": "~~", "code": "`"}  # in the order in which they open
INDENT = "    "  # deep enough for a child of "10. "


def markdown(rich: object) -> str:
    """The Markdown of a `rich_text` block; empty for None."""
    parts = _nodes(rich)
    if not parts:
        return ""
    written = _part(parts[0])
    for before, part in pairwise(parts):
        written = _joined(written, _part(part), _kind(before), _kind(part))
    return written


def _joined(written: str, following: str, before: str, after: str) -> str:
    """Nothing may be drawn into the list or the quote above it."""
    if before == "rich_text_section":
        return written + following if written.endswith("\n") or not written else f"{written}\n{following}"
    if before == after == "rich_text_list":
        return f"{written}\n{following}"
    return f"{written}\n\n" + following.lstrip("\n")


def _part(part: Node) -> str:
    match _kind(part):
        case "rich_text_list":
            return "\n".join(_items(part))
        case "rich_text_quote":
            return "\n".join(f"> {line}".rstrip() for line in inline(_nodes(part)).split("\n"))
        case "rich_text_preformatted":
            words = "".join(str(node.get("text") or node.get("url") or "") for node in _nodes(part))
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", words)), default=0))
            return f"{fence}\n{words}\n{fence}"
        case _:
            return inline(_nodes(part))


def _items(part: Node) -> Iterator[str]:
    first = _number(part, "offset") + 1
    indent = INDENT * _number(part, "indent")
    for order, item in enumerate(_nodes(part), first):
        mark = f"{order}." if part.get("style") == "ordered" else "-"
        yield f"{indent}{mark} " + inline(_nodes(item)).replace("\n", f"\n{indent}{INDENT}")


def inline(nodes: Sequence[Node]) -> str:
    """The runs of a line one after the other, with marks only where a style begins or ends."""
    lines: list[list[tuple[frozenset[str], str]]] = [[]]
    for node in nodes:
        style = _style(node)
        for number, words in enumerate(_words(node).split("\n")):
            if number:
                lines.append([])
            lines[-1] += [(style, words)] if words else []
    return "\n".join(_line(runs) for runs in lines)


def _line(runs: Sequence[tuple[frozenset[str], str]]) -> str:
    written, opened = "", dict[str, str]()  # style -> its mark, in the order in which they opened
    for style, words in _trimmed(runs):
        closed = set[str]()
        while any(name not in style for name in opened):
            name, mark = opened.popitem()
            closed.add(name)
            written += mark
        for name, mark in MARKS.items():
            if name in style and name not in opened:
                # closed only because another style had to end: asterisks would run into each other
                opened[name] = mark.replace("*", "_") if name in closed else mark
                written += opened[name]
        written += words
    return written + "".join(reversed(opened.values()))


def _trimmed(runs: Sequence[tuple[frozenset[str], str]]) -> Iterator[tuple[frozenset[str], str]]:
    """Marks hold only when they touch a word: the spaces of a styled run stay outside of it."""
    plain = frozenset[str]()
    for style, words in runs:
        bare = words.strip()
        if not style or not bare:
            yield plain, words
            continue
        start = words.index(bare)
        around = ((plain, words[:start]), (style, bare), (plain, words[start + len(bare) :]))
        yield from (run for run in around if run[1])


def _words(node: Node) -> str:
    text = str(node.get("text") or "")
    match _kind(node):
        case "link":
            return _link(text, str(node.get("url") or ""))
        case "emoji":
            return _emoji(node)
        case "user" | "channel" | "usergroup" | "broadcast":
            return f"@{node.get('range') or node.get(f'{_kind(node)}_id') or ''}"
        case "date":
            return str(node.get("fallback") or "")
        case _:
            return text


def _link(text: str, url: str) -> str:
    # the editor makes an address of a field put into its link box, and adds a scheme of its own
    url = re.sub(r"^https?://(?=(\{|%7B){2})", "", url, flags=re.IGNORECASE)
    url = url.replace("%7B", "{").replace("%7D", "}").replace("%7C", "|").replace("%20", " ")
    if not text or text == url:
        return url
    words = re.sub(r"([\[\]\\])", r"\\\1", text)
    return f"[{words}](<{url}>)" if re.search(r"[\s()]", url) and "{{" not in url else f"[{words}]({url})"


def _emoji(node: Node) -> str:
    """The sign itself, where Slack names it: a letter knows no `:wave:`."""
    code = str(node.get("unicode") or "")
    if not re.fullmatch(r"[0-9a-fA-F]{2,6}(-[0-9a-fA-F]{2,6})*", code):
        return f":{node.get('name', '')}:"
    return "".join(chr(int(point, 16)) for point in code.split("-") if int(point, 16) < 0x110000)


def _style(node: Node) -> frozenset[str]:
    style = node.get("style")
    return frozenset(mark for mark in MARKS if isinstance(style, Mapping) and style.get(mark))


def _nodes(node: object) -> list[Node]:
    elements = node.get("elements") if isinstance(node, Mapping) else None
    return [one for one in elements if isinstance(one, Mapping)] if isinstance(elements, list) else []


def _kind(node: Node) -> str:
    return str(node.get("type") or "")


def _number(node: Node, name: str) -> int:
    given = node.get(name)
    return given if isinstance(given, int) else 0
