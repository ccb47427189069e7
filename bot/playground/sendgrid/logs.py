"""POST /v3/logs: the account's Email Logs, as their description says and not a word more.

    query   conditions joined by AND, no nesting, case-sensitive
    limit   1 to 1,000, 10 where it is not given; there is no paging

A letter stands here once the log has caught up with it (`Account.logs_delay`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from .account import Account
from .answers import Refused, given, object_of
from .records import Letter, Problem

MAX_ROWS = 1000
DEFAULT_ROWS = 10
_EQUAL = re.compile(r'(sg_message_id|subject|to_email|reason)\s*=\s*"([^"]*)"')
_AMONG = re.compile(r"(status|categories)\s+IN\s+\(\s*('[^']*'(?:\s*,\s*'[^']*')*)\s*\)")
_MOMENT = re.compile(r'sg_message_id_created_at\s*(>=|<=|>|<)\s*TIMESTAMP\s+"([^"]*)"')
_COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    ">": lambda one, other: one > other,
    "<": lambda one, other: one < other,
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
}
_STATUSES = frozenset({"processed", "delivered", "deferred", "dropped", "bounced", "blocked"})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One message of the log. Its categories can be asked for and are not told."""

    letter: Letter
    status: str

    @property
    def moment(self) -> datetime:
        return self.letter.at.replace(microsecond=0)

    @property
    def told(self) -> dict[str, str]:
        told = {
            "from_email": self.letter.sender,
            "sg_message_id": self.letter.id,
            "subject": self.letter.subject,
            "to_email": self.letter.to,
            "status": "dropped" if self.letter.dropped else self.status,
            "sg_message_id_created_at": self.moment.isoformat().replace("+00:00", "Z"),
        }
        return {**told, "reason": self.letter.dropped} if self.letter.dropped else told


Condition = Callable[[Row], bool]


class Logs:
    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        account: Account,
        sent: Callable[[], Sequence[Letter]],
        status: Callable[[Letter], str],
    ) -> None:
        self._now = now
        self._account = account
        self._sent = sent
        self._status = status

    async def search(self, request: web.Request) -> web.Response:
        if not self._account.logs_readable:
            raise Refused(403, Problem(message="access forbidden"), injected=True)
        asked = await object_of(request)
        query, limit = asked.get("query", ""), asked.get("limit", DEFAULT_ROWS)
        if not isinstance(query, str):
            raise Refused(400, Problem(message="Must be a string.", field="query"))
        if not isinstance(limit, int) or not 1 <= limit <= MAX_ROWS:
            raise Refused(400, Problem(message=f"From 1 to {MAX_ROWS}.", field="limit"))
        conditions = [_condition(part.strip()) for part in query.split(" AND ") if query.strip()]
        rows = [row for row in self._rows() if all(condition(row) for condition in conditions)]
        return given({"messages": [row.told for row in rows[:limit]]})

    def _rows(self) -> list[Row]:
        known = self._now() - self._account.logs_delay
        return [
            Row(letter=letter, status=self._status(letter)) for letter in self._sent() if letter.at <= known
        ]


def _condition(part: str) -> Condition:
    if equal := _EQUAL.fullmatch(part):
        name, value = equal[1], equal[2]
        return lambda row: row.told.get(name) == value
    if among := _AMONG.fullmatch(part):
        return _among(among[1], re.findall(r"'([^']*)'", among[2]))
    if compared := _MOMENT.fullmatch(part):
        holds, moment = _COMPARISONS[compared[1]], _timestamp(compared[2])
        return lambda row: holds(row.moment, moment)
    raise Refused(400, Problem(message="The query cannot be read.", field="query"))


def _among(name: str, values: Sequence[str]) -> Condition:
    if name == "categories":
        return lambda row: any(value in row.letter.categories for value in values)
    if not _STATUSES.issuperset(values):
        raise Refused(400, Problem(message="No such status.", field="query"))
    return lambda row: row.told["status"] in values


def _timestamp(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused(400, Problem(message="No such moment.", field="query"))
    return moment
