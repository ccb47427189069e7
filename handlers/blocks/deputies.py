"""The field that names a campaign's deputy."""

from collections.abc import Mapping
from typing import Any

from bot.core.ids import MemberId
from handlers.blocks import kit
from handlers.blocks.wizard import VALUE, Shown

DEPUTY = "deputy"


def deputy_block(shown: Shown) -> kit.Block:
    say = shown.say
    element: kit.Block = {"type": "users_select", "action_id": VALUE}
    if shown.draft.deputy:
        element["initial_user"] = shown.draft.deputy
    hint = say("deputies.hint")
    return kit.labelled(DEPUTY, say("deputies.label"), element, hint=hint, optional=True)


def deputy(state: Mapping[str, dict[str, Any]], unshown: MemberId | None) -> MemberId | None:
    """Who is chosen; where the field was not shown, who was."""
    if DEPUTY not in state:
        return unshown
    chosen = state[DEPUTY].get("selected_user")
    return MemberId(str(chosen)) if chosen else None
