"""What a person has put in the elements of one surface: Slack's `state.values`.

An element is known by its block_id and action_id. Shown again under the same pair it keeps what stands
in it, initial value included; under a new pair it starts afresh.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.playground.slack import richtext
from bot.playground.slack.records import Json

# type of element -> (field of its state, what an untouched one holds, field of its initial value)
STATEFUL: dict[str, tuple[str, object, str | None]] = {
    "plain_text_input": ("value", None, "initial_value"),
    "email_text_input": ("value", None, "initial_value"),
    "url_text_input": ("value", None, "initial_value"),
    "number_input": ("value", None, "initial_value"),
    "rich_text_input": ("rich_text_value", None, "initial_value"),
    "static_select": ("selected_option", None, "initial_option"),
    "external_select": ("selected_option", None, "initial_option"),
    "radio_buttons": ("selected_option", None, "initial_option"),
    "checkboxes": ("selected_options", [], "initial_options"),
    "multi_static_select": ("selected_options", [], "initial_options"),
    "multi_external_select": ("selected_options", [], "initial_options"),
    "users_select": ("selected_user", None, "initial_user"),
    "multi_users_select": ("selected_users", [], "initial_users"),
    "conversations_select": ("selected_conversation", None, "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", [], "initial_conversations"),
    "channels_select": ("selected_channel", None, "initial_channel"),
    "multi_channels_select": ("selected_channels", [], "initial_channels"),
    "datepicker": ("selected_date", None, "initial_date"),
    "timepicker": ("selected_time", None, "initial_time"),
    "datetimepicker": ("selected_date_time", None, "initial_date_time"),
    "file_input": ("files", [], None),
}

SUGGESTED = 1_000  # options of one menu that a client remembers


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One interactive element where it stands."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def dispatches(self) -> bool:
        """Whether a change sends a block action: always, except in an input block that does not ask."""
        return self.block["type"] != "input" or self.block.get("dispatch_action") is True


def spots(blocks: list[Json]) -> Iterator[Spot]:
    for block in blocks:
        inside = [block.get("element"), block.get("accessory")]
        if block["type"] == "actions":
            inside = block["elements"]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield Spot(block=block, element=element)


class Form:
    def __init__(self, blocks: list[Json]) -> None:
        self.blocks: list[Json] = []
        self.suggested: dict[tuple[str, str], list[Json]] = {}
        self._values: dict[tuple[str, str], Json] = {}
        self.show(blocks)

    def show(self, blocks: list[Json]) -> None:
        self.blocks = blocks
        before = self._values
        self._values = {
            (spot.block_id, spot.action_id): _kept(before.get((spot.block_id, spot.action_id)), spot)
            for spot in spots(blocks)
            if spot.kind in STATEFUL
        }

    def spot(self, block_id: str, action_id: str | None = None) -> Spot | None:
        for spot in spots(self.blocks):
            if spot.block_id == block_id and action_id in (None, spot.action_id):
                return spot
        return None

    def put(self, spot: Spot, value: object) -> None:
        field, _, _ = STATEFUL[spot.kind]
        self._values[spot.block_id, spot.action_id] = {"type": spot.kind, field: value}

    def offer(self, spot: Spot, options: list[Json]) -> None:
        """What the bot suggested stands in the menu until the next answer: who types fast may choose from
        the one before."""
        before = self.suggested.get((spot.block_id, spot.action_id), [])
        fresh = {option["value"] for option in options}
        kept = [option for option in before if option["value"] not in fresh]
        self.suggested[spot.block_id, spot.action_id] = [*options, *kept][:SUGGESTED]

    def value(self, spot: Spot) -> object:
        field, _, _ = STATEFUL[spot.kind]
        return self._values[spot.block_id, spot.action_id][field]

    def values(self) -> Json:
        """`state.values`: every stateful element, untouched ones too."""
        nested: Json = {}
        for (block_id, action_id), state in self._values.items():
            nested.setdefault(block_id, {})[action_id] = state
        return nested

    def shown(self) -> Iterator[str]:
        """The words standing in the elements, as a person sees them: what is typed, what is chosen."""
        for state in self._values.values():
            if isinstance(state.get("value"), str):
                yield state["value"]
            if state.get("rich_text_value"):
                yield richtext.words(state["rich_text_value"])
            chosen = [state.get("selected_option"), *state.get("selected_options", [])]
            yield from (option["text"]["text"] for option in chosen if option)
            yield from (file["name"] for file in state.get("files", []))


def _kept(before: Json | None, spot: Spot) -> Json:
    field, empty, initial = STATEFUL[spot.kind]
    if before is not None and before["type"] == spot.kind and _still_offered(before[field], spot.element):
        return before
    value = spot.element.get(initial, empty) if initial else empty
    return {"type": spot.kind, field: value}


def _still_offered(value: object, element: Json) -> bool:
    if "options" not in element and "option_groups" not in element:
        return True
    offered = [option["value"] for option in options_of(element)]
    chosen = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
    return all(option["value"] in offered for option in chosen)


def options_of(element: Json) -> list[Json]:
    groups: list[Json] = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]
