"""Slack's payloads as records: who did what, where. The only place that digs in the nested dicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.ids import MemberId, WorkspaceId
from bot.core.people import Language, Member
from bot.ports import RemoteFile

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


def people(state: Mapping[str, dict[str, Any]], block_id: str) -> tuple[MemberId, ...]:
    """Of a choice of several people."""
    return tuple(MemberId(str(one)) for one in state.get(block_id, {}).get("selected_users") or [])


def files(state: Mapping[str, dict[str, Any]], block_id: str) -> list[dict[str, Any]]:
    """The files of a file input."""
    return list(state.get(block_id, {}).get("files") or [])


def remote_file(file: Body) -> RemoteFile:
    """A file as an event, a message or a file input names it: all of it but the id may be missing."""
    return RemoteFile(
        id=str(file["id"]),
        name=str(file.get("name") or file.get("title") or ""),
        size=int(file.get("size") or 0),
        url=str(file.get("url_private_download") or file.get("url_private") or ""),
        mode=str(file.get("mode") or "hosted"),
        access=str(file.get("file_access") or ""),
    )


def member(user: Body, workspace: WorkspaceId, default: Language) -> Member:
    """A user object of `users.info` or `user_change`. The address needs its scope and may be missing."""
    profile = user.get("profile") or {}
    name = str(user.get("real_name") or profile.get("real_name") or user.get("name") or "")
    foreign = bool(user.get("is_stranger")) or user.get("team_id", workspace) != workspace
    return Member(
        workspace=workspace,
        id=MemberId(user["id"]),
        name=name,
        first_name=str(profile.get("first_name") or name.partition(" ")[0]),
        email=str(profile.get("email") or ""),
        locale=Language.of_locale(user.get("locale"), default),
        zone=_zone(str(user.get("tz") or "")),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted") or foreign),
        is_deactivated=bool(user.get("deleted")),
    )


def _zone(name: str) -> str:
    """A zone this machine knows; Slack's list is longer than some systems'."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return "UTC"
    return name
