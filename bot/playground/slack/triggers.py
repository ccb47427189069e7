"""Trigger ids: each opens one dialog, once, within three seconds of the click that carried it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.slack.records import Ids, Refusal

LIFETIME = 3.0


@dataclass(kw_only=True)
class Trigger:
    user_id: str
    view_id: str | None
    born: float
    exchanged: bool = False


class Triggers:
    def __init__(self, ids: Ids, monotonic: Callable[[], float]) -> None:
        self._ids = ids
        self._monotonic = monotonic
        self._known: dict[str, Trigger] = {}

    def issue(self, user_id: str, view_id: str | None = None) -> str:
        trigger_id = self._ids.fresh("1337.")
        self._known[trigger_id] = Trigger(user_id=user_id, view_id=view_id, born=self._monotonic())
        return trigger_id

    def exchange(self, trigger_id: object) -> Trigger:
        trigger = self._known.get(str(trigger_id))
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.exchanged:
            raise Refusal("exchanged_trigger_id", "a trigger opens one dialog")
        if self._monotonic() - trigger.born > LIFETIME:
            raise Refusal("expired_trigger_id", f"older than {LIFETIME:g} s")
        trigger.exchanged = True
        return trigger
