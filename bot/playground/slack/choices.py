"""From what a person does to an element to the value Slack keeps, and what its client complains of."""

import re
from collections.abc import Iterable, Sequence

from bot.playground.slack import richtext
from bot.playground.slack.clientwords import say
from bot.playground.slack.records import Json
from bot.playground.slack.state import Form, Spot, options_of, spots

FILE_BYTES = 10 * 1024 * 1024
_URL = re.compile(r"^[a-z][a-z0-9+.-]*://\S+\.?\S*$", re.IGNORECASE)
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def chosen(spot: Spot, form: Form, value: object) -> object:
    """The state of this element for a simple value: a str, an int, an option's value or text, a list."""
    kind = spot.kind
    if kind == "rich_text_input":
        return richtext.written(value) if isinstance(value, str) else value
    if kind.endswith("_input"):
        return str(value) if value not in (None, "") else None
    if kind == "datetimepicker":
        return int(value) if isinstance(value, int | str) else None
    offered = options_of(spot.element) or form.suggested.get((spot.block_id, spot.action_id), [])
    if kind in ("static_select", "external_select", "radio_buttons"):
        return option_of(offered, value) if value not in (None, "") else None
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        kept = form.value(spot)
        known = [*offered, *(kept if isinstance(kept, list) else [])]
        taken = [option_of(known, one) for one in _listed(value)]
        most = spot.element.get("max_selected_items", len(taken))
        assert len(taken) <= most, f"Slack's client lets nobody choose more than {most}"
        return taken
    return list(_listed(value)) if kind.startswith("multi_") else value or None


def option_of(options: Iterable[Json], wanted: object) -> Json:
    """The option with this value, else with this text, else this very option."""
    options = list(options)
    if isinstance(wanted, dict):
        wanted = wanted["value"]
    for option in options:
        if option["value"] == wanted:
            return option
    for option in options:
        if option["text"]["text"] == wanted:
            return option
    offered = ", ".join(f"{option['value']} ({option['text']['text']})" for option in options)
    raise AssertionError(f"no option {wanted!r}; offered: {offered or 'none'}")


def _listed(value: object) -> Sequence[object]:
    if value is None:
        return []
    return value if isinstance(value, list | tuple) else [value]


def complaints(form: Form, locale: str) -> dict[str, str]:
    """What Slack's client says before it sends a dialog: nothing leaves until this is empty."""
    found: dict[str, str] = {}
    for spot in spots(form.blocks):
        if spot.block["type"] == "input":
            wrong = _wrong(spot, form.value(spot), locale)
            if wrong:
                found[spot.block_id] = wrong
    return found


def _wrong(spot: Spot, value: object, locale: str) -> str | None:
    if value in (None, [], "") or (spot.kind == "rich_text_input" and not richtext.words(value).strip()):
        return None if spot.block.get("optional") else say(locale, "required")
    match spot.kind:
        case "email_text_input":
            return None if _EMAIL.match(str(value)) else say(locale, "email")
        case "url_text_input":
            return None if _URL.match(str(value)) else say(locale, "url")
        case "number_input":
            return _wrong_number(spot.element, str(value), locale)
        case "plain_text_input":
            return _wrong_length(spot.element, str(value), locale)
        case _:
            return None


def _wrong_number(element: Json, value: str, locale: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return say(locale, "number")
    if "min_value" in element and float(value) < float(element["min_value"]):
        return say(locale, "low", element["min_value"])
    if "max_value" in element and float(value) > float(element["max_value"]):
        return say(locale, "high", element["max_value"])
    return None


def _wrong_length(element: Json, value: str, locale: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return say(locale, "short", element["min_length"])
    most = element.get("max_length", 3000)
    return say(locale, "long", most) if len(value) > most else None


def file_complaint(element: Json, files: Sequence[tuple[str, bytes]], locale: str) -> str | None:
    """What the client says of files put in a `file_input`."""
    most = element.get("max_files", 10)
    if len(files) > most:
        return say(locale, "filecount", most)
    for name, content in files:
        suffix = name.rpartition(".")[2].lower()
        if "filetypes" in element and suffix not in element["filetypes"]:
            return say(locale, "filetype")
        if len(content) > FILE_BYTES:
            return say(locale, "filesize")
    return None
