"""What a client may ask of the account: senders, credits, suppression lists, groups."""

from __future__ import annotations

from aiohttp import web

from .account import SUPPRESSION_KINDS, Account
from .answers import Refused, given, object_of
from .faults import Faults
from .records import Problem
from .rules import valid_address

MAX_PAGE = 500
FAR_FUTURE = 2**40


class Reading:
    """The account's read side, and the two writes a client may do: a group's suppressions."""

    def __init__(self, account: Account, faults: Faults) -> None:
        self._account, self._faults = account, faults

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v3/verified_senders", self.senders),
            web.get("/v3/whitelabel/domains", self.domains),
            web.get("/v3/scopes", self.scopes),
            web.get("/v3/user/credits", self.credit),
            web.get("/v3/suppression/{kind}", self.suppressions),
            web.get("/v3/asm/groups/{group}", self.group),
            web.get("/v3/asm/groups/{group}/suppressions", self.group_suppressions),
            web.post("/v3/asm/groups/{group}/suppressions", self.suppress_in_group),
        ]

    async def senders(self, _: web.Request) -> web.Response:
        rows = [
            {"id": number, "from_email": email, "verified": verified, "locked": False}
            for number, (email, verified) in enumerate(self._account.senders.items(), start=1)
        ]
        return given({"results": rows})

    async def domains(self, _: web.Request) -> web.Response:
        rows = [
            {"id": number, "domain": domain, "valid": valid, "default": number == 1}
            for number, (domain, valid) in enumerate(self._account.domains.items(), start=1)
        ]
        return given(rows)

    async def scopes(self, _: web.Request) -> web.Response:
        return given({"scopes": sorted(self._account.scopes)})

    async def credit(self, _: web.Request) -> web.Response:
        account = self._account
        left = 0 if self._faults.credits_gone else account.credit_left
        figures = {"remain": left, "total": account.credit_total, "overage": 0}
        return given({**figures, "used": account.credit_used, "reset_frequency": "monthly"})

    async def suppressions(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        if kind not in SUPPRESSION_KINDS:
            raise Refused(404, Problem(message="not found"))
        limit = _number(request, "limit", MAX_PAGE)
        if limit > MAX_PAGE:
            raise Refused(400, Problem(message=f"A page is at most {MAX_PAGE} rows.", field="limit"))
        rows = self._account.page(
            kind,
            start=_number(request, "start_time", 0),
            end=_number(request, "end_time", FAR_FUTURE),
            limit=limit,
            offset=_number(request, "offset", 0),
        )
        return given([row.as_json() for row in rows])

    async def group(self, request: web.Request) -> web.Response:
        group = self._group(request)
        people = len(self._account.groups[group])
        return given({"id": group, "name": f"group {group}", "unsubscribes": people, "is_default": False})

    async def group_suppressions(self, request: web.Request) -> web.Response:
        return given(list(self._account.groups[self._group(request)]))

    async def suppress_in_group(self, request: web.Request) -> web.Response:
        group = self._group(request)
        emails = (await object_of(request)).get("recipient_emails")
        if not isinstance(emails, list) or not all(isinstance(e, str) and valid_address(e) for e in emails):
            raise Refused(400, Problem(message="Must be a list of addresses.", field="recipient_emails"))
        self._account.suppress_in_group(group, emails)
        return given({"recipient_emails": emails}, status=201)

    def _group(self, request: web.Request) -> int:
        group = request.match_info["group"]
        if not group.isdigit() or int(group) not in self._account.groups:
            raise Refused(404, Problem(message="No such unsubscribe group."))
        return int(group)


def _number(request: web.Request, name: str, default: int) -> int:
    value = request.query.get(name, str(default))
    if not value.isdigit():
        raise Refused(400, Problem(message="Must be a whole number.", field=name))
    return int(value)
