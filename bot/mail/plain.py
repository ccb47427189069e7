"""A letter's Markdown as plain text: as a person would type it, every link kept."""

from collections.abc import Sequence

from markdown_it.token import Token

_RULE = "-" * 24


def plain(tokens: Sequence[Token]) -> str:
    """Blocks apart by an empty line; the items of a tight list by none."""
    writer = _Writer()
    for token in tokens:
        writer.take(token)
    return "\n".join(writer.lines)


def words(children: Sequence[Token]) -> str:
    """One paragraph. A link is its words, then its address between angle brackets: mail readers make
    that clickable whatever follows it."""
    written: list[str] = []
    links: list[tuple[Token, int]] = []
    for child in children:
        match child.type:
            case "text" | "code_inline":
                written.append(child.content)
            case "softbreak" | "hardbreak":
                written.append("\n")
            case "image":
                written.append(_picture(child, is_linked=bool(links)))
            case "link_open":
                links.append((child, len(written)))
            case "link_close":
                opening, start = links.pop()
                written[start:] = [_link("".join(written[start:]), opening)]
    return "".join(written)


def _picture(image: Token, *, is_linked: bool) -> str:
    """What it shows, and where it is to be seen unless it leads elsewhere."""
    address = str(image.attrGet("src") or "")
    if is_linked:
        return image.content
    return f"{image.content} <{address}>" if image.content else address


def _link(label: str, opening: Token) -> str:
    address = str(opening.attrGet("href") or "").removeprefix("mailto:")
    is_bare = opening.markup == "autolink" or label.strip() in ("", address)
    return address if is_bare else f"{label} <{address}>"


class _Writer:
    """Where the next block stands: quoted how deep, in which lists, behind which marker."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._quotes = 0
        self._quotes_before = 0
        self._numbers: list[int | None] = []  # of each list around; None in a bulleted one
        self._marker = ""
        self._apart = False  # a list or a table begins: an empty line stands before it
        self._hidden = False  # inside a paragraph of a tight list
        self._cells: list[str] | None = None  # of the table row being read

    def take(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._begin_list(token)
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
            case "list_item_open":
                self._begin_item()
            case "blockquote_open" | "blockquote_close":
                self._quotes += token.nesting
            case "paragraph_open" | "heading_open":
                self._hidden = token.hidden
            case "table_open":
                self._apart = True
            case "tr_open":
                self._cells = []
            case "tr_close":
                self._end_row()
            case "inline":
                self._inline(words(token.children or []))
            case "fence":
                self._block(token.content.rstrip("\n"))
            case "hr":
                self._block(_RULE)

    def _begin_list(self, token: Token) -> None:
        self._apart = self._apart or not self._numbers
        is_ordered = token.type == "ordered_list_open"
        self._numbers.append(int(token.attrGet("start") or 1) if is_ordered else None)

    def _begin_item(self) -> None:
        number = self._numbers[-1]
        self._marker = "- " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1

    def _inline(self, text: str) -> None:
        if self._cells is not None:
            self._cells.append(text)
            return
        self._block(text, tight=self._hidden and not self._apart)

    def _end_row(self) -> None:
        cells, self._cells = self._cells or [], None
        self._block(" | ".join(cells), tight=not self._apart)

    def _block(self, text: str, *, tight: bool = False) -> None:
        quote = "> " * self._quotes
        between = "> " * min(self._quotes, self._quotes_before)
        self._quotes_before = self._quotes
        depth = max(0, len(self._numbers) - (1 if self._marker else 0))
        marker, self._marker, self._apart = self._marker, "", False
        if self.lines and not tight:
            self.lines.append(between.rstrip())
        for number, line in enumerate(text.split("\n")):
            before = " " * len(marker) if number else marker
            self.lines.append(f"{quote}{'  ' * depth}{before}{line}".rstrip())
