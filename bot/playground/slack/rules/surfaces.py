"""What a message, a dialog, a Home and an answer to a suggestion may hold."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.playground.slack import richtext
from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.rules.blocks import BLOCKS
from bot.playground.slack.rules.elements import GROUP, OPTION
from bot.playground.slack.rules.shapes import (
    Check,
    Fault,
    anything,
    flag,
    kind_of,
    listing,
    plain,
    shape,
    text,
)

_EVERYWHERE = ("actions", "context", "divider", "header", "image", "input", "rich_text", "section")
_MESSAGE_ONLY = ("data_table", "data_visualization", "markdown", "table")
VIEW_BYTES = 250_000
TEXT_LIMIT = 40_000


@dataclass(frozen=True, kw_only=True)
class Surface:
    kinds: tuple[str, ...]
    most: int


MESSAGE = Surface(kinds=_EVERYWHERE + _MESSAGE_ONLY, most=50)
MODAL = Surface(kinds=(*_EVERYWHERE, "alert"), most=100)
HOME = Surface(kinds=_EVERYWHERE, most=100)

_VIEW: dict[str, Check] = {
    "callback_id": text(255),
    "external_id": text(255),
    "private_metadata": text(3000),
    "blocks": anything,
}
_MODAL = shape(
    {"title": plain(24), "blocks": _VIEW["blocks"]},
    {**_VIEW, "submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag},
)
_HOME = shape({"blocks": _VIEW["blocks"]}, _VIEW)
_OPTIONS = shape(
    {}, {"options": listing(OPTION, least=0, most=100), "option_groups": listing(GROUP, least=0, most=100)}
)


def message_faults(blocks: object, words: str) -> list[Fault]:
    faults = list(_blocks(blocks, MESSAGE))
    if not faults:
        assert isinstance(blocks, list)
        faults = [*_across(blocks), *_tables(blocks, words)]
    return faults


def view_faults(view: object) -> list[Fault]:
    """A dialog or a Home, by its own `type`."""
    faults = list(kind_of({"modal": _MODAL, "home": _HOME})(view, "/view"))
    if faults:
        return faults
    assert isinstance(view, dict)
    surface = MODAL if view["type"] == "modal" else HOME
    faults = list(_blocks(view["blocks"], surface, "/view/blocks"))
    return faults or [*_across(view["blocks"]), *_whole(view)]


def options_faults(answer: object) -> list[Fault]:
    faults = list(_OPTIONS(answer, ""))
    if not faults and isinstance(answer, dict) and ("options" in answer) == ("option_groups" in answer):
        faults.append(Fault(path="", message="answer with options or option_groups"))
    return faults


def judge(faults: list[Fault], usual: str) -> None:
    """Refuse what has faults, under an error of their own or the surface's usual one."""
    if faults:
        raise Refusal(next((fault.error for fault in faults if fault.error), usual), *map(str, faults))


def _blocks(blocks: object, surface: Surface, path: str = "/blocks") -> Iterator[Fault]:
    allowed = {kind: BLOCKS[kind] for kind in surface.kinds}
    yield from listing(kind_of(allowed), most=surface.most)(blocks, path)
    if surface is not MODAL and isinstance(blocks, list):
        for index, block in enumerate(blocks):
            if _element_kind(block) == "file_input":
                yield Fault(path=f"{path}/{index}/element", message="unsupported type: file_input")


def _element_kind(block: object) -> object:
    element = block.get("element") if isinstance(block, dict) else None
    return element.get("type") if isinstance(element, dict) else None


def _across(blocks: list[Json]) -> Iterator[Fault]:
    yield from _twice([block["block_id"] for block in blocks if "block_id" in block], "block_id", "/blocks")
    focused = 0
    for index, block in enumerate(blocks):
        elements = [*block.get("elements", []), block.get("element", {}), block.get("accessory", {})]
        focused += sum(element.get("focus_on_load") is True for element in elements)
        ids = [element["action_id"] for element in elements if "action_id" in element]
        yield from _twice(ids, "action_id", f"/blocks/{index}")
    if focused > 1:
        yield Fault(path="/blocks", message="focus_on_load can only be true for one element")


def _twice(ids: list[str], name: str, path: str) -> Iterator[Fault]:
    for one, times in Counter(ids).items():
        if times > 1:
            yield Fault(path=path, message=f"`{name}` {one!r} already exists")


def _tables(blocks: list[Json], words: str) -> Iterator[Fault]:
    tables = [block for block in blocks if block["type"] in ("table", "data_table")]
    if len(tables) > 1:
        yield Fault(path="/blocks", message="one table a message", error="only_one_table_allowed")
    if tables and not words.strip():
        yield Fault(path="/text", message="a message with a table needs its own text", error="no_text")
    for table in tables:
        most = 10_000 if table["type"] == "table" else 20_000
        if sum(_letters(cell) for row in table["rows"] for cell in row) > most:
            yield Fault(path="/blocks", message=f"cells hold more than {most} characters")
    if sum(block["type"] == "data_visualization" for block in blocks) > 2:
        yield Fault(path="/blocks", message="at most 2 data_visualization blocks a message")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > 12_000:
        yield Fault(path="/blocks", message="markdown blocks hold more than 12000 characters together")


def _letters(cell: Json) -> int:
    return len(richtext.words(cell)) if cell["type"] == "rich_text" else len(cell.get("text", ""))


def _whole(view: Json) -> Iterator[Fault]:
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        yield Fault(path="/view", message="more than 250 kB", error="view_too_large")
    asks = any(block["type"] == "input" for block in view["blocks"])
    if asks and view["type"] == "modal" and "submit" not in view:
        yield Fault(path="/view/submit", message="missing required field: submit")
