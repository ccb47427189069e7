"""The bricks of Block Kit, with Slack's limits kept: too long a text is cut, never refused.

Texts that come from a person or a file reach mrkdwn only through `Say.mrkdwn` or `escaped`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Block = dict[str, object]
View = dict[str, object]

ALERT_LENGTH = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a button acts on, as its value tells: `id:revision[:argument]`; empty where there is none."""

    id: str = ""
    revision: int = 0
    argument: str = ""

    @classmethod
    def parse(cls, value: str | None) -> "Target":
        """Never raises: a forged value names nothing we have."""
        identifier, _, rest = (value or "").partition(":")
        revision, _, argument = rest.partition(":")
        return cls(id=identifier, revision=int(revision) if revision.isdecimal() else 0, argument=argument)

    def __str__(self) -> str:
        if not self.id and not self.argument:
            return ""
        return f"{self.id}:{self.revision}:{self.argument}" if self.argument else f"{self.id}:{self.revision}"


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plain(text: str, limit: int = 3000) -> Block:
    return {"type": "plain_text", "text": cut(text, limit), "emoji": True}


def mrkdwn(text: str, limit: int = 3000) -> Block:
    return {"type": "mrkdwn", "text": cut(text, limit)}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def section(text: str, *, accessory: Block | None = None, block_id: str = "") -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | ({"accessory": accessory} if accessory else {}) | _id(block_id)


def fields(texts: Iterable[str]) -> Block:
    return {"type": "section", "fields": [mrkdwn(text, 2000) for text in texts]}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def divider() -> Block:
    return {"type": "divider"}


def alert(text: str, level: str = "warning") -> Block:
    """Modals only. `level`: default | info | warning | error | success. A text too long for an alert keeps
    its end, where the cure stands: it becomes a section."""
    block: Block = {"type": "alert", "level": level, "text": mrkdwn(text)}
    return block if len(text) <= ALERT_LENGTH else plainer_alert(block)


def plainer_alert(block: Block) -> Block:
    """An alert as a section; any other block as it is."""
    match block:
        case {"type": "alert", "level": level, "text": {"text": str(text)}}:
            marked = f":warning: {text}" if level in ("warning", "error") else text
            return section(marked, block_id=str(block.get("block_id", "")))
        case _:
            return block


def actions(elements: Sequence[Block], block_id: str = "") -> Block:
    return {"type": "actions", "elements": list(elements)} | _id(block_id)


def button(
    text: str,
    action_id: str,
    target: Target | None = None,
    *,
    style: str = "",
    ask: Block | None = None,
    url: str = "",
) -> Block:
    """`style`: primary | danger; `ask`: a `confirm(...)` shown before the click counts."""
    block: Block = {"type": "button", "text": plain(text, 75), "action_id": action_id}
    value = str(target) if target else ""
    optional = {"value": value, "style": style, "confirm": ask, "url": url}
    return block | {name: given for name, given in optional.items() if given}


def confirm(title: str, text: str, yes: str, no: str, *, danger: bool = True) -> Block:
    dialog: Block = {
        "title": plain(title, 100),
        "text": mrkdwn(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }
    return dialog | ({"style": "danger"} if danger else {})


def cell(text: str) -> Block:
    """An empty cell is refused by Slack: it gets a dash."""
    return {"type": "raw_text", "text": cut(text, 200) or "–"}


def table(rows: Iterable[Sequence[str]]) -> Block:
    """Messages only; at most 100 rows x 20 columns and 10,000 characters over all cells."""
    return {"type": "table", "rows": [[cell(text) for text in row] for row in rows]}


def option(text: str, value: str) -> Block:
    return {"text": plain(text, 75), "value": cut(value, 150)}


def select(
    action_id: str, options: Sequence[Block], initial: Block | None = None, placeholder: str = ""
) -> Block:
    element: Block = {"type": "static_select", "action_id": action_id, "options": list(options)}
    return (
        element
        | ({"initial_option": initial} if initial else {})
        | ({"placeholder": plain(placeholder, 150)} if placeholder else {})
    )


def text_input(
    action_id: str, initial: str = "", *, multiline: bool = False, limit: int = 0, placeholder: str = ""
) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": action_id}
    optional = {
        "initial_value": cut(initial, limit or 3000),
        "multiline": multiline,
        "max_length": min(limit, 3000),
        "placeholder": plain(placeholder, 150) if placeholder else None,
    }
    return element | {name: given for name, given in optional.items() if given}


def labelled(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """An input block: `block_id` is the field's name, and where its errors are shown."""
    block: Block = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element}
    more = {"hint": plain(hint, 2000) if hint else None, "optional": optional, "dispatch_action": dispatch}
    return block | {name: given for name, given in more.items() if given}


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    metadata: str = "",
    submit: str = "",
    close: str = "",
    notify_on_close: bool = False,
) -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "blocks": list(blocks),
    }
    optional = {
        "submit": plain(submit, 24) if submit else None,
        "close": plain(close, 24) if close else None,
        "private_metadata": metadata,
        "notify_on_close": notify_on_close,
    }
    return view | {name: given for name, given in optional.items() if given}


def home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": list(blocks)[:100]}


def _id(block_id: str) -> dict[str, object]:
    return {"block_id": block_id} if block_id else {}
