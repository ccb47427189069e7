"""What each answer of SendGrid means for the letters of its request.

Only two things may be sent again by themselves: what provably never reached it, and what it said it did
not take for being busy. Whatever may have been taken is Unknown.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeGuard

import orjson

from bot.ports import NotTaken, Outcome, Refused, SomeRefused, Taken, Unknown

Row = Mapping[str, object]

UNREACHABLE_SECONDS = 30.0
BUSY_SECONDS = 60.0
LONGEST_SECONDS = 3600.0
DETAIL_LENGTH = 200
ELSEWHERE = frozenset({404, 405, 407, 410})
_PERSON = re.compile(r"personalizations\.(\d+)(\.|$)")
_ADDRESS = re.compile(r"[^\s@<>\[\]\"'(),;:]+@[^\s@<>\[\]\"'(),;:]+")


def outcome(status: int, headers: Mapping[str, str], body: bytes, *, sandbox: bool, now: datetime) -> Outcome:
    """The verdict on an answered mail/send. `sandbox`: the request said that nothing is to be delivered;
    a 202 all the same tells of letters that left, and is never without a message_id."""
    match status:
        case 202:
            return Taken(message_id=headers.get("X-Message-Id") or ("unnamed" if sandbox else ""))
        case 200 if sandbox:
            return Taken(message_id="")
        case 400:
            return _bad_request(_errors(body))
        case 401 | 403:
            return refused_access(status, body)
        case 413:
            return Refused(why="size", detail=_detail(status, _errors(body)))
        case 429:
            return NotTaken(seconds=pause(headers, now), why="busy")
        case _ if _is_elsewhere(status):
            return Refused(why="redirect", detail=f"HTTP {status}")
        case 408 | 499:
            return Unknown(why="server")
        case _ if 400 <= status < 500:
            return Refused(why="letter", detail=_detail(status, _errors(body)))
        case _ if status >= 500:
            return Unknown(why="server")
        case _:
            return Unknown(why="unreadable")


def _is_elsewhere(status: int) -> bool:
    """Who answers is not the service's API: a redirect, a page that knows no such address, a proxy that
    wants a password. No letter can be to blame."""
    return 300 <= status < 400 or status in ELSEWHERE


def listed(
    status: int, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> list[Row] | Refused | NotTaken:
    """The verdict on a list of the account: its rows, or why there are none."""
    if status == 200:
        answer = _parsed(body)
        rows = answer.get("results") if _is_object(answer) else answer
        if isinstance(rows, list):
            return [row for row in rows if _is_object(row)]
        return NotTaken(seconds=UNREACHABLE_SECONDS, why="busy")
    if status == 429:
        return NotTaken(seconds=pause(headers, now), why="busy")
    if _is_elsewhere(status):
        return Refused(why="redirect", detail=f"HTTP {status}")
    if 400 <= status < 500:
        return refused_access(status, body)
    return NotTaken(seconds=BUSY_SECONDS, why="busy")


def refused_access(status: int, body: bytes) -> Refused:
    """401 and 403: spent credits, a sender nobody verified, or a key that may not do this."""
    errors = _errors(body)
    words = " ".join(message for message, _ in errors).lower()
    if "credit" in words:
        why = "credits"
    elif any(field.startswith("from") for _, field in errors) or "sender identity" in words:
        why = "sender"
    else:
        why = "key"
    return Refused(why=why, detail=_detail(status, errors))


def pause(headers: Mapping[str, str], now: datetime) -> float:
    """How long a 429 asks to wait: `Retry-After` (seconds or a date), else SendGrid's own reset time."""
    after, reset = headers.get("Retry-After", ""), headers.get("X-RateLimit-Reset", "")
    seconds = BUSY_SECONDS
    if after.isdigit():
        seconds = float(after)
    elif moment := _date(after):
        seconds = (moment - now).total_seconds()
    elif reset.isdigit():
        seconds = int(reset) - now.timestamp()
    return min(max(seconds, 1.0), LONGEST_SECONDS)


def _bad_request(errors: Sequence[tuple[str, str]]) -> Outcome:
    """When every complaint is about one person or another, the others may go without them."""
    places = {field: _PERSON.match(field) for _, field in errors}
    if errors and all(places.values()):
        positions: dict[int, str] = {}
        for message, field in errors:
            if match := places[field]:
                positions.setdefault(int(match[1]), without_addresses(message))
        return SomeRefused(positions=positions)
    general = [(message, field) for message, field in errors if not places[field]]
    why = "sender" if any(field.split(".")[0] == "from" for _, field in general) else "letter"
    return Refused(why=why, detail=_detail(400, general))


def without_addresses(message: str) -> str:
    return _ADDRESS.sub("…", message)[:DETAIL_LENGTH]


def _detail(status: int, errors: Sequence[tuple[str, str]]) -> str:
    if not errors:
        return f"HTTP {status}"
    message, field = errors[0][0].rstrip(". "), errors[0][1]  # it is read inside our own sentence
    return without_addresses(f"{message} ({field})" if field else message)


def _errors(body: bytes) -> list[tuple[str, str]]:
    """(message, field) of each error; none where the answer is no JSON of SendGrid's."""
    answer = _parsed(body)
    entries = answer.get("errors") if _is_object(answer) else None
    if not isinstance(entries, list):
        return []
    return [
        (str(entry.get("message") or ""), str(entry.get("field") or ""))
        for entry in entries
        if _is_object(entry)
    ]


def _parsed(body: bytes) -> object:
    """None where it is no JSON: a gateway's page, a proxy's apology."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _is_object(entry: object) -> TypeGuard[dict[str, object]]:
    return isinstance(entry, dict)


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
