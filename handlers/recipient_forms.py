"""What step 2's inputs hold. A choice that is not shown stays as the draft has it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.campaigns import Campaign
from bot.core.ids import ListId
from bot.core.rolls import CHOSEN_BY, token
from bot.core.selection import Condition, Kind, Selection
from handlers import payloads
from handlers.blocks import wizard_choices as choices
from handlers.blocks import wizard_recipients as form

State = Mapping[str, dict[str, Any]]
FIRST_PILOT = 50  # people, until somebody says otherwise
_PERSON = re.compile(r"[0-9a-f]{16}")


def list_id(state: State, draft: Campaign) -> str:
    return payloads.choice(state, form.LIST) or draft.list_id or ""


def selection(state: State, draft: Campaign) -> Selection:
    """Its values, and another column's title, are the options' tokens, as `Facets.spelled` takes them."""
    known, kind = draft.selection, _kind(state, draft)
    if form.LISTS in state:
        known = replace(known, others=tuple(ListId(one) for one in _several(state, form.LISTS)))
    if form.ONLY in state:
        known = replace(known, only=next((ListId(one) for one in _several(state, form.ONLY)), None))
    if choices.PEOPLE in state:
        people = (one for one in _several(state, choices.PEOPLE) if _PERSON.fullmatch(one))
        known = replace(known, people=tuple(dict.fromkeys(people)))
    if form.RECENT in state:
        known = replace(known, keeps_recent=form.SPARE not in _several(state, form.RECENT))
    return replace(known, kind=kind, where=_where(state, known), pilot=_pilot(state, known, kind))


def _kind(state: State, draft: Campaign) -> Kind:
    chosen = payloads.choice(state, form.AUDIENCE)
    return Kind(chosen) if chosen in set(Kind) else draft.selection.kind


def _pilot(state: State, known: Selection, kind: Kind) -> int:
    if choices.PILOT in state:
        typed = payloads.text(state, choices.PILOT)
        return min(int(typed), choices.BIGGEST) if typed.isascii() and typed.isdecimal() else 0
    return known.pilot or (FIRST_PILOT if kind is Kind.PILOT else 0)


def _where(state: State, known: Selection) -> tuple[Condition, ...]:
    before = {one.column: tuple(token(value) for value in one.values) for one in known.where}
    where = [
        Condition(column=name, values=_several(state, name) if name in state else before.get(name, ()))
        for name in CHOSEN_BY
    ]
    other = choices.other_column(known)
    if choices.COLUMN in state:
        chosen = payloads.choice(state, choices.COLUMN)
        # what stands under the values belongs to the column they were shown for
        is_same = chosen == token(other)
        values = _several(state, choices.VALUES) if choices.VALUES in state and is_same else ()
        where.append(Condition(column=chosen, values=values))
    elif other:
        where.append(Condition(column=token(other), values=before[other]))
    return tuple(one for one in where if one.values or (one.column and one.column not in CHOSEN_BY))


def _several(state: State, block_id: str) -> tuple[str, ...]:
    """The values chosen, each once."""
    found = state.get(block_id, {}).get("selected_options") or []
    return tuple(dict.fromkeys(str(one.get("value", "")) for one in found))
