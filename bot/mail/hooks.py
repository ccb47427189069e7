"""The account's event webhooks: `GET /v3/user/webhooks/event/settings/all`.

    {"max_allowed": n, "webhooks": [{"enabled", "url", "public_key", "delivered", "bounce", …}]}

`public_key` is there where its posts are signed; each kind of event is a field of its own.
"""

from collections.abc import Mapping, Sequence

import orjson

from bot.core.hooks import BETTER, GROUP, NEEDED, Hook
from bot.mail.verdicts import UNREACHABLE_SECONDS, refused_access
from bot.ports import NotTaken, Refused

PATH = ("user", "webhooks", "event", "settings", "all")
EVENTS = (*NEEDED, GROUP, *BETTER)


def hooks(status: int, body: bytes) -> Sequence[Hook] | Refused | NotTaken:
    if status == 200:
        rows = _rows(body)
        if rows is not None:
            return [_hook(row) for row in rows]
        return NotTaken(seconds=UNREACHABLE_SECONDS, why="busy")
    if 400 <= status < 500 and status != 429:
        return refused_access(status, body)
    return NotTaken(seconds=UNREACHABLE_SECONDS, why="busy")


def _rows(body: bytes) -> Sequence[Mapping[str, object]] | None:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    rows = told.get("webhooks") if isinstance(told, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else None


def _hook(row: Mapping[str, object]) -> Hook:
    return Hook(
        url=str(row.get("url") or ""), is_enabled=row.get("enabled") is True,
        key=str(row["public_key"] or "") if "public_key" in row else None,
        events=frozenset(one for one in EVENTS if row.get(one) is True),
    )  # fmt: skip
