"""The inputs under a kind of choice: values of columns, people by name, how many for a pilot."""

import hashlib
from collections.abc import Sequence

from bot.core.addresses import in_hex
from bot.core.rolls import CHOSEN_BY, Named, Offer, token
from bot.core.selection import PICKED, Kind, Selection
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.wizard import Shown

COLUMN, VALUES, PEOPLE, PILOT = "column", "values", "people", "pilot"
FIELD = "campaigns.values"  # of the three columns we know: the block_id says which
OTHER = "campaigns.column"
VALUE_OF = "campaigns.values."  # and a word for the other column: Slack keeps what was chosen under a kept id
WHO, SIZE = "campaigns.people", "campaigns.pilot"
OFFERED = 100  # Slack's limit of options, and of what is chosen of them
BIGGEST = 1_000_000


def choices(shown: Shown, offer: Offer, picked: Sequence[Named]) -> list[kit.Block]:
    match shown.draft.selection.kind:
        case Kind.ALL:
            return []
        case Kind.FILTER:
            return _columns(shown, offer)
        case Kind.EXCEPT:
            return [*_columns(shown, offer), _people(shown, picked)]
        case Kind.PICK:
            return [_people(shown, picked)]
        case Kind.PILOT:
            return [pilot(shown)]


def _columns(shown: Shown, offer: Offer) -> list[kit.Block]:
    selection = shown.draft.selection
    known = [name for name in CHOSEN_BY if name in offer.fields or _values(selection, name)]
    blocks = [_field(shown, name) for name in known]
    if offer.titles:
        other = other_column(selection)
        blocks.append(_column(shown, offer.titles, other))
        if other:
            blocks.append(_values_of(shown, other))
    return blocks


def other_column(selection: Selection) -> str:
    """The title chosen among the other columns; "" for none."""
    return next((one.column for one in selection.where if one.column not in CHOSEN_BY), "")


def _values(selection: Selection, column: str) -> tuple[str, ...]:
    return next((one.values for one in selection.where if one.column == column), ())


def _field(shown: Shown, name: str) -> kit.Block:
    """The block_id is the field's name."""
    element = _several(shown.say, FIELD, _values(shown.draft.selection, name))
    return kit.labelled(name, shown.say(f"reading.column.{name}"), element, optional=True, dispatch=True)


def _column(shown: Shown, titles: Sequence[str], chosen: str) -> kit.Block:
    say = shown.say
    initial = option(chosen) if chosen else None
    if len(titles) <= OFFERED:
        known = [option(title) for title in dict.fromkeys((*titles, *([chosen] if chosen else [])))]
        element = kit.select(OTHER, known[:OFFERED], initial, say("recipients.column.choose"))
    else:
        element = external(OTHER, initial, say("recipients.column.choose"))
    return kit.labelled(COLUMN, say("recipients.column"), element, optional=True, dispatch=True)


def _values_of(shown: Shown, column: str) -> kit.Block:
    element = _several(shown.say, values_action(column), _values(shown.draft.selection, column))
    return kit.labelled(VALUES, kit.cut(column, 150), element, optional=True, dispatch=True)


def values_action(column: str) -> str:
    return VALUE_OF + hashlib.blake2b(column.encode(), digest_size=6).hexdigest()


def _several(say: Say, action_id: str, values: Sequence[str]) -> kit.Block:
    options = [option(value, say) for value in values[:OFFERED]]
    return externals(action_id, options, say("recipients.values.choose"), most=OFFERED)


def _people(shown: Shown, picked: Sequence[Named]) -> kit.Block:
    say = shown.say
    options = [person(one) for one in picked[:PICKED]]
    element = externals(WHO, options, say("recipients.people.choose"), most=PICKED)
    is_pick = shown.draft.selection.kind is Kind.PICK
    label = say("recipients.people" if is_pick else "recipients.people.spare")
    hint = say("recipients.people.hint", n=PICKED)
    return kit.labelled(PEOPLE, label, element, hint=hint, optional=not is_pick, dispatch=True)


def pilot(shown: Shown) -> kit.Block:
    say, size = shown.say, shown.draft.selection.pilot
    element: kit.Block = {
        "type": "number_input", "action_id": SIZE, "is_decimal_allowed": False, "min_value": "1",
        "max_value": str(BIGGEST),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]},
    }  # fmt: skip
    element |= {"initial_value": str(size)} if size else {}
    hint = say("recipients.pilot.hint")
    return kit.labelled(PILOT, say("recipients.pilot"), element, hint=hint, dispatch=True)


def option(value: str, say: Say | None = None, count: int | None = None) -> kit.Block:
    """A value of a column, with how many people have it."""
    words = value if value or say is None else say("recipients.blank")
    counted = f" · {say.number(count)}" if say and count is not None else ""
    return kit.option(kit.cut(words, 75 - len(counted)) + counted, token(value))


def person(one: Named) -> kit.Block:
    words = f"{kit.cut(one.name, 36)} · {one.email}" if one.name else one.email
    return kit.option(words, in_hex(one.person))


def external(action_id: str, initial: kit.Block | None = None, placeholder: str = "") -> kit.Block:
    """Options come as somebody types, and some at once."""
    element: kit.Block = {"type": "external_select", "action_id": action_id, "min_query_length": 0}
    return _filled(element, placeholder) | ({"initial_option": initial} if initial else {})


def externals(action_id: str, initial: Sequence[kit.Block], placeholder: str = "", *, most: int) -> kit.Block:
    element: kit.Block = {"type": "multi_external_select", "action_id": action_id, "min_query_length": 0}
    element |= {"max_selected_items": most} | ({"initial_options": list(initial)} if initial else {})
    return _filled(element, placeholder)


def several(
    action_id: str, options: Sequence[kit.Block], initial: Sequence[kit.Block], placeholder: str, *, most: int
) -> kit.Block:
    element: kit.Block = {"type": "multi_static_select", "action_id": action_id, "options": list(options)}
    element |= {"max_selected_items": most} | ({"initial_options": list(initial)} if initial else {})
    return _filled(element, placeholder)


def _filled(element: kit.Block, placeholder: str) -> kit.Block:
    return element | ({"placeholder": kit.plain(placeholder, 150)} if placeholder else {})
