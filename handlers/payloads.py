"""Slack's payloads as records: who did what, where. The only place that digs in the nested dicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.ids import MemberId, WorkspaceId

Body = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    workspace: WorkspaceId
    member: MemberId


def who(body: Body) -> Who:
    """Of any payload: an event, a click, a submission, a command.

    `authorizations` names our own workspace; `team_id` of a Slack Connect person may be theirs.
    """
    user = body.get("user")
    event = body.get("event") or {}
    member = user["id"] if isinstance(user, Mapping) else body.get("user_id") or _of_event(event)
    authorizations = body.get("authorizations") or [{}]
    team = authorizations[0].get("team_id") or body.get("team_id") or (body.get("team") or {}).get("id") or ""
    return Who(workspace=WorkspaceId(team), member=MemberId(member or ""))


def _of_event(event: Body) -> str:
    user = event.get("user", "")
    return str(user["id"]) if isinstance(user, Mapping) else str(user)


def values(view: Body) -> dict[str, dict[str, Any]]:
    """What stands in each input of a dialog: block_id -> the (only) element's state."""
    state = (view.get("state") or {}).get("values") or {}
    return {block: next(iter(elements.values()), {}) for block, elements in state.items()}


def text(state: Mapping[str, dict[str, Any]], block_id: str) -> str:
    return str(state.get(block_id, {}).get("value") or "")


def choice(state: Mapping[str, dict[str, Any]], block_id: str) -> str:
    return str((state.get(block_id, {}).get("selected_option") or {}).get("value") or "")
