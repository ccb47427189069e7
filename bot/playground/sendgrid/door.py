"""The one door: every request is recorded here, and its key looked at, before any route sees it."""

from __future__ import annotations

import hmac
from collections.abc import Callable

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .account import Account
from .answers import Refused, refused
from .faults import Faults, Lost
from .records import Problem, Seen

_SCOPES = {
    "/v3/mail/send": "mail.send",
    "/v3/verified_senders": "sender_verification_eligible",
    "/v3/whitelabel/domains": "whitelabel.read",
    "/v3/user/credits": "user.credits.read",
    "/v3/suppression/": "suppression.read",
    "/v3/asm/": "asm.groups.suppressions.read",
    "/v3/categories/stats": "categories.stats.read",
    "/v3/user/webhooks/": "user.webhooks.event.settings.read",
}


class Door:
    def __init__(
        self, *, api_key: str, account: Account, faults: Faults, record: Callable[[Seen], None]
    ) -> None:
        self._api_key = api_key
        self._account = account
        self._faults = faults
        self._record = record

    def middleware(self) -> Middleware:
        @web.middleware
        async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith("/v3/"):
                return await handler(request)
            body = await request.read()
            try:
                self._admit(request)
                response = await handler(request)
            except Refused as refusal:
                self._seen(request, body, refusal.status, refusal)
                return refused(refusal.status, refusal.problems)
            except Lost:
                self._seen(request, body, 0, None)
                return web.Response(status=503)  # nobody is left to read it
            except web.HTTPException as missing:
                unknown = Refused(missing.status, Problem(message=missing.reason))
                self._seen(request, body, missing.status, unknown)
                return refused(missing.status, unknown.problems)
            self._seen(request, body, response.status, None)
            return response

        return door

    def _admit(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._api_key}".encode()):
            raise Refused(401, Problem(message="The key is invalid, expired or revoked."))
        if self._faults.key_refused:
            raise Refused(401, Problem(message="The key is invalid, expired or revoked."), injected=True)
        for path, scope in _SCOPES.items():
            if request.path.startswith(path) and scope not in self._account.scopes:
                raise Refused(403, Problem(message="access forbidden"))

    def _seen(self, request: web.Request, body: bytes, status: int, refusal: Refused | None) -> None:
        peer = request.transport and request.transport.get_extra_info("peername")
        seen = Seen(
            method=request.method,
            path=request.path,
            status=status,
            body=_parsed(body),
            size=len(body),
            peer=str(peer),
            headers={name: value for name, value in request.headers.items() if name != "Authorization"},
            problems=refusal.problems if refusal else (),
            injected=refusal is None or refusal.injected,
        )
        self._record(seen)


def _parsed(body: bytes) -> object:
    try:
        return orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        return body
