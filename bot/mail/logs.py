"""SendGrid's Email Logs, `POST /v3/logs`: what is asked, and what the answer says.

The documented grammar: conditions joined by AND, no nesting; `=` for to_email, with the value between
double quotes; IN for categories; comparisons with `TIMESTAMP "…"` for the moment SendGrid took the message.
Which permission opens it is documented nowhere, so a key that may not read it is nothing to alarm anybody.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import orjson

from bot.mail.verdicts import BUSY_SECONDS, pause, refused_access
from bot.ports import NotTaken, Refused

ROWS = 10
# an address with a quote or a backslash in it would need an escape that nobody documents
_PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]+")


def asked(email: str, category: str, since: datetime) -> bytes | None:
    """The request's body; None for an address that cannot be asked for. SendGrid's moments are whole
    seconds: a letter of the same second counts."""
    if not _PLAIN.fullmatch(email):
        return None
    moment = since.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = (
        f"to_email = \"{email}\" AND categories IN ('{category}') "
        f'AND sg_message_id_created_at >= TIMESTAMP "{moment}"'
    )
    return orjson.dumps({"query": query, "limit": ROWS})


def answered(
    status: int, headers: Mapping[str, str], body: bytes, email: str, *, now: datetime
) -> bool | Refused | NotTaken:
    """Whether a row is about that person: whatever its status, dropped included, the request was taken."""
    match status:
        case 200:
            return _holds(body, email)
        case 429:
            return NotTaken(seconds=pause(headers, now), why="busy")
        case 408:
            return NotTaken(seconds=BUSY_SECONDS, why="busy")
        case _ if 300 <= status < 500:  # the key, the account or the question: no use to insist
            return refused_access(status, body)
        case _:
            return NotTaken(seconds=BUSY_SECONDS, why="busy")


def _holds(body: bytes, email: str) -> bool | NotTaken:
    rows = _rows(body)
    if rows is None:
        return NotTaken(seconds=BUSY_SECONDS, why="busy")
    written = (row.get("to_email") for row in rows if isinstance(row, dict))
    return any(isinstance(one, str) and one.casefold() == email.casefold() for one in written)


def _rows(body: bytes) -> list[object] | None:
    """None where it is no such answer: a gateway's page, a proxy's apology."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    rows = answer.get("messages") if isinstance(answer, dict) else None
    return rows if isinstance(rows, list) else None
