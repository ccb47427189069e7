"""From Slack, as the history of a conversation tells it: what somebody dropped while nobody listened, and a
message as it stands."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.inbox import Dropped
from bot.core.people import Member
from handlers import payloads

log = logging.getLogger("postillon")

PAGE = 200  # messages asked for at once; Slack may answer with fewer, and says where to go on
FOR_GOOD = frozenset(
    {"channel_not_found", "not_in_channel", "missing_scope", "method_not_supported_for_channel_type"}
)


async def dropped(client: AsyncWebClient, member: Member, since: datetime) -> list[Dropped]:
    """Oldest first; nothing where Slack refuses for good, which asking again would not change."""
    try:
        messages = await _messages(client, member.dm, since)
    except SlackApiError as refused:
        error = str(refused.response.get("error"))
        if error not in FOR_GOOD:
            raise
        log.warning("the history of a conversation cannot be read: %s", error)
        return []
    theirs = [one for one in messages if one.get("user") == member.id and not one.get("bot_id")]
    found = [_dropped(member.dm, one) for one in theirs]
    return sorted((one for one in found if one.files), key=lambda one: one.at)


async def _messages(client: AsyncWebClient, channel: str, since: datetime) -> list[Mapping[str, Any]]:
    """Every page, newest message first."""
    messages: list[Mapping[str, Any]] = []
    cursor: str | None = None
    while True:
        answer = await client.conversations_history(
            channel=channel, oldest=f"{since.timestamp():.6f}", limit=PAGE, cursor=cursor
        )
        messages += answer.get("messages") or []
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return messages


async def message(client: AsyncWebClient, channel: str, ts: str) -> Mapping[str, Any]:
    """As it stands; {} where it is gone, or where Slack refuses for good to show it."""
    try:
        found = await client.conversations_history(
            channel=channel, oldest=ts, latest=ts, inclusive=True, limit=1
        )
    except SlackApiError as refused:
        error = str(refused.response.get("error"))
        if error not in FOR_GOOD:
            raise
        log.warning("a message of a conversation cannot be read: %s", error)
        return {}
    messages = found.get("messages") or []
    return dict(messages[0]) if messages else {}


def _dropped(channel: str, message: Mapping[str, Any]) -> Dropped:
    """Without the files their owner deleted since."""
    files = [
        file for file in message.get("files") or [] if file.get("id") and file.get("mode") != "tombstone"
    ]
    return Dropped(
        channel=channel, ts=str(message["ts"]), files=tuple(payloads.remote_file(file) for file in files)
    )
