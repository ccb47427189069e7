"""What the account tells of the letters it would take, without one being sent.

`GET /v3/scopes` says what the key may do; the two lists of `Mailer.senders`, who may stand in From;
`GET /v3/user/credits`, how many letters are left (`remain`). A key may be kept from any of these: what it
cannot tell is no fault.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import orjson

from bot.mail.verdicts import UNREACHABLE_SECONDS, refused_access
from bot.ports import NotTaken, Refused

SEND = "mail.send"
LISTS = {("verified_senders",): "from_email", ("whitelabel", "domains"): "domain"}
VALID = ("verified", "valid")


class Answered(Protocol):
    @property
    def status_code(self) -> int: ...
    @property
    def body(self) -> bytes: ...


Ask = Callable[..., Answered | None]
"""A GET by its path's segments; None where nobody answered."""


def standing(ask: Ask, sender: str) -> Refused | NotTaken | None:
    """The first thing that is wrong; what is asked later needs what was asked before."""
    answer = ask("scopes")
    if answer is None or answer.status_code >= 500 or answer.status_code == 429:
        return NotTaken(seconds=UNREACHABLE_SECONDS, why="unreachable" if answer is None else "busy")
    if 300 <= answer.status_code < 400:
        return Refused(why="redirect", detail=f"HTTP {answer.status_code}")
    if answer.status_code == 401:
        return refused_access(401, answer.body)
    scopes = _object(answer).get("scopes")
    if isinstance(scopes, list) and SEND not in scopes:
        return Refused(why="key", detail=SEND)
    return _sender(ask, sender)


def _sender(ask: Ask, sender: str) -> Refused | None:
    """A list that cannot be read might hold the address: only both of them prove that none does."""
    local, domain = sender.lower(), sender.lower().rpartition("@")[2]
    is_proven = True
    for path, name in LISTS.items():
        rows = _rows(ask(*path))
        if rows is None:
            is_proven = False
        elif {local, domain} & {str(row.get(name)).lower() for row in rows if _is_valid(row)}:
            return None
    return Refused(why="sender", detail="HTTP 200") if is_proven else None


def _is_valid(row: Mapping[str, object]) -> bool:
    return any(row.get(name) is True for name in VALID)


def credits_left(ask: Ask) -> int | None:
    answer = ask("user", "credits")
    remain = _object(answer).get("remain") if answer and answer.status_code == 200 else None
    return remain if isinstance(remain, int) else None


def _rows(answer: Answered | None) -> Sequence[Mapping[str, object]] | None:
    if answer is None or answer.status_code != 200:
        return None
    try:
        told = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
    rows = told.get("results") if isinstance(told, dict) else told
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else None


def _object(answer: Answered) -> Mapping[str, object]:
    """Empty where it is no object of SendGrid's: a gateway's page, a proxy's apology."""
    try:
        told = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
