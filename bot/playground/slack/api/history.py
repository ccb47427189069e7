"""conversations.history: what was said in a conversation, newest first, page by page."""

import base64
import binascii
import re
from collections.abc import Callable
from decimal import Decimal

from bot.playground.slack.api.chat import place
from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.workspace import Workspace

USUAL, MOST = 100, 999
_TS = re.compile(r"\d{1,10}(\.\d{1,6})?")
_MARK = "next_ts:"


def history(ws: Workspace, args: Json) -> Json:
    """Within `oldest` and `latest` (exclusive unless `inclusive`); what was said in a thread is elsewhere."""
    conversation = place(ws, args["channel"], opens_dm=False)
    if not conversation.is_dm:
        raise Refusal("missing_scope", "needed: channels:history")
    limit, start, within = _limit(args), _start(args), _within(args)
    seen = [
        one
        for one in reversed(conversation.messages)
        if within(Decimal(one["ts"])) and one.get("thread_ts") in (None, one["ts"])
    ]
    page = [one for one in seen if start is None or Decimal(one["ts"]) <= start]
    answer: Json = {
        "messages": [_as_it_is_now(ws, one) for one in page[:limit]],
        "has_more": len(page) > limit,
        "pin_count": 0,
    }
    if len(page) > limit:
        answer["response_metadata"] = {"next_cursor": _cursor(page[limit]["ts"])}
    return answer


def _within(args: Json) -> Callable[[Decimal], bool]:
    oldest, latest = _edge(args, "oldest"), _edge(args, "latest")
    edges = (oldest, latest) if args.get("inclusive") in (True, 1, "1", "true") else ()

    def is_within(ts: Decimal) -> bool:
        return ts in edges or ((oldest is None or oldest < ts) and (latest is None or ts < latest))

    return is_within


def _edge(args: Json, name: str) -> Decimal | None:
    given = str(args.get(name) or "")
    if given and not _TS.fullmatch(given):
        raise Refusal(f"invalid_ts_{name}", given)
    return Decimal(given) if given else None


def _limit(args: Json) -> int:
    given = str(args.get("limit") or USUAL)
    if not given.isdecimal() or not 1 <= int(given) <= MOST:
        raise Refusal("invalid_limit", given)
    return int(given)


def _cursor(ts: str) -> str:
    """Opaque to the bot; it names a message, so that what is said meanwhile shifts no page."""
    return base64.b64encode(f"{_MARK}{ts}".encode()).decode()


def _start(args: Json) -> Decimal | None:
    given = str(args.get("cursor") or "")
    if not given:
        return None
    try:
        told = base64.b64decode(given, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        told = ""
    ts = told.removeprefix(_MARK)
    if ts == told or not _TS.fullmatch(ts):
        raise Refusal("invalid_cursor", given)
    return Decimal(ts)


def _as_it_is_now(ws: Workspace, message: Json) -> Json:
    """Its files scanned, or deleted, since the event told of them."""
    if "files" not in message:
        return message
    return {**message, "files": [ws.files.as_it_is_now(file) for file in message["files"]]}
