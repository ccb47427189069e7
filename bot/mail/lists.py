"""SendGrid's own lists, a page at a time; what it counted of a category; and the group it keeps for us.

    GET  /v3/suppression/{bounces,blocks,spam_reports,unsubscribes}?start_time&end_time&limit&offset
    GET  /v3/asm/groups/ID/suppressions     the whole group, addresses alone
    POST /v3/asm/groups/ID/suppressions
    GET  /v3/categories/stats?start_date&categories    a day each

The global unsubscribe list is never written to: it would stop the invoices of the same account too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, cast

import orjson

from bot.core.addresses import canonical
from bot.core.mail_lists import CATEGORY, Listed, MailList, Page
from bot.mail.reasons import bounced
from bot.mail.verdicts import BUSY_SECONDS, UNREACHABLE_SECONDS, Row, listed
from bot.mail.wire import Disconnected, NotConnected, Wire
from bot.ports import NotTaken, Refused

PAGE = 500  # rows: what SendGrid gives at most
WITH_REASONS = frozenset({MailList.BOUNCES, MailList.BLOCKS})
LAST_SECOND = 0xFFFFFFFF


class Answered(Protocol):
    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class SendGridLists:
    """What `bot.ports.MailLists` asks for. `client`: the calling thread's own."""

    client: Callable[[], Wire]
    clock: Callable[[], datetime]
    group: int | None

    def page(self, name: MailList, *, since: int, until: int, offset: int) -> Page | Refused | NotTaken:
        if name is MailList.GROUP:
            return self._group()
        asked = {"start_time": since, "end_time": until, "limit": PAGE, "offset": offset}
        rows = self._rows(asked, "suppression", name.value)
        if isinstance(rows, Refused | NotTaken):
            return rows
        found = [one for row in rows if (one := _listed(name, row))]
        return Page(rows=found, size=len(rows), is_last=len(rows) < PAGE)

    def _group(self) -> Page | Refused | NotTaken:
        """All of it at once, and no dates."""
        answer = self._got({}, "asm", "groups", str(self.group), "suppressions")
        rows = self._verdict(answer)
        if isinstance(rows, Refused | NotTaken):
            return rows
        found = [Listed(canonical(one), 0) for one in _texts(answer) if "@" in one]
        return Page(rows=found, size=len(found), is_last=True)

    def delivered(self, campaign: str, since: date) -> int | Refused | NotTaken:
        asked = {"start_date": since.isoformat(), "categories": CATEGORY + campaign}
        days = self._rows(asked, "categories", "stats")
        if isinstance(days, Refused | NotTaken):
            return days
        return sum(_delivered(day) for day in days)

    def withhold(self, addresses: Sequence[str]) -> Refused | NotTaken | None:
        body = orjson.dumps({"recipient_emails": list(addresses)})
        client = self.client().carrying(body)
        for segment in ("asm", "groups", str(self.group), "suppressions"):
            client = client._(segment)
        answer = _answered(client.post)
        if not isinstance(answer, NotTaken) and 200 <= answer.status_code < 300:
            return None
        told = self._verdict(answer)
        return told if isinstance(told, Refused | NotTaken) else None

    def _rows(self, asked: Mapping[str, object], *path: str) -> Sequence[Row] | Refused | NotTaken:
        return self._verdict(self._got(asked, *path))

    def _got(self, asked: Mapping[str, object], *path: str) -> Answered | NotTaken:
        client = self.client()
        for segment in path:
            client = client._(segment)
        return _answered(lambda: client.get(query_params=dict(asked)))

    def _verdict(self, answer: Answered | NotTaken) -> list[Row] | Refused | NotTaken:
        if isinstance(answer, NotTaken):
            return answer
        return listed(answer.status_code, answer.headers, answer.body, now=self.clock())


def _answered(ask: Callable[[], object]) -> Answered | NotTaken:
    """Here a lost answer is no worse than a busy service."""
    try:
        return cast("Answered", ask())
    except NotConnected:
        return NotTaken(seconds=UNREACHABLE_SECONDS, why="unreachable")
    except Disconnected:
        return NotTaken(seconds=BUSY_SECONDS, why="busy")


def _listed(name: MailList, row: Row) -> Listed | None:
    email, at = row.get("email"), row.get("created")
    if not isinstance(email, str) or "@" not in email:
        return None
    moment = at if type(at) is int and 0 < at <= LAST_SECOND else 0
    return Listed(canonical(email), moment, bounced(row) if name in WITH_REASONS else "")


def _delivered(day: Row) -> int:
    """`{"date": …, "stats": [{"metrics": {"delivered": n, …}}]}`"""
    found, stats = 0, day.get("stats")
    for one in stats if isinstance(stats, list) else ():
        metrics = one.get("metrics") if isinstance(one, dict) else None
        count = metrics.get("delivered") if isinstance(metrics, dict) else 0
        found += count if type(count) is int and count > 0 else 0
    return found


def _texts(answer: Answered | NotTaken) -> list[str]:
    told = [] if isinstance(answer, NotTaken) else orjson.loads(answer.body)
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []
