"""POST /v3/mail/send: the rules, then the bad day that was ordered, then the letters."""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson
from aiohttp import web

from .account import Account
from .answers import Refused, given
from .expansion import Envelope, headers_broken, letters
from .faults import End, Fault, Faults, Lost
from .mailbox import Mailbox
from .records import Problem
from .rules import MAX_REQUEST_BYTES, Draft, broken


class Sending:
    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        account: Account,
        faults: Faults,
        mailbox: Mailbox,
        base_url: Callable[[], str],
        closing: asyncio.Event,
    ) -> None:
        self._now = now
        self._account = account
        self._faults = faults
        self._mailbox = mailbox
        self._base_url = base_url
        self._closing = closing

    async def send(self, request: web.Request) -> web.Response:
        body = self._judged(request, await request.read())
        await self._patience()
        fault = self._faults.take()
        if fault is not None:
            return await self._bad_day(request, body, fault)
        if any(address["email"] in self._faults.unnamed for address in _recipients(body)):
            raise Refused(400, Problem(message="Bad Request"), injected=True)
        if self._faults.credits_gone or self._account.credit_left == 0:
            raise Refused(401, Problem(message="Maximum credits exceeded"), injected=True)
        if body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return web.Response(status=200)
        return web.Response(status=202, headers={"X-Message-Id": self._take(body)})

    def _judged(self, request: web.Request, raw: bytes) -> dict[str, Any]:
        if request.content_type != "application/json":
            raise Refused(415, Problem(message="Only application/json is taken."))
        if len(raw) > MAX_REQUEST_BYTES:
            raise Refused(413, Problem(message="The request is too large."))
        body = _object(raw)
        draft = Draft(body=body, now=self._now(), groups=frozenset(self._account.groups))
        problems = broken(draft) or headers_broken(list(letters(body, self._envelope("draft"))))
        if problems:
            raise Refused(400, *problems)
        for entry in (body, *body["personalizations"]):
            if "from" in entry and not self._account.may_send(entry["from"]["email"]):
                raise Refused(403, Problem(message="Not a verified Sender Identity.", field="from"))
        return body

    def _envelope(self, message_id: str) -> Envelope:
        return Envelope(message_id=message_id, base_url=self._base_url(), now=self._now())

    def _take(self, body: Mapping[str, Any]) -> str:
        message_id = secrets.token_urlsafe(16)
        for letter in letters(body, self._envelope(message_id)):
            self._mailbox.deliver(letter)
        return message_id

    async def _patience(self) -> None:
        if self._faults.seconds:
            try:
                await asyncio.wait_for(self._closing.wait(), self._faults.seconds)
            except TimeoutError:
                return

    async def _bad_day(self, request: web.Request, body: Mapping[str, Any], fault: Fault) -> web.Response:
        if fault.taken:
            self._take(body)
        if fault.end is None:
            return _ready(fault)
        if fault.end is End.HANG:
            await self._closing.wait()
        elif fault.end is End.GARBLED and request.transport:
            request.transport.write(b"this is no HTTP answer\r\n\r\n")
        _cut(request.transport, hard=fault.end is End.RESET)
        raise Lost


def _recipients(body: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    return (address for entry in body["personalizations"] for address in entry["to"])


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, Problem(message="Bad Request"))
    return body


def _ready(fault: Fault) -> web.Response:
    if fault.body is None or isinstance(fault.body, str | bytes):
        raw = fault.body.encode() if isinstance(fault.body, str) else fault.body
        return web.Response(status=fault.status, body=raw, headers=fault.headers)
    return given(fault.body, status=fault.status, headers=fault.headers)


def _cut(transport: asyncio.Transport | None, *, hard: bool) -> None:
    """Ends the connection; `hard` sends a reset (no lingering) instead of a polite end."""
    if transport is None:
        return
    plug = transport.get_extra_info("socket")
    if hard and plug is not None:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
