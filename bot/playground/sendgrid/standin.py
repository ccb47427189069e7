"""The stand-in itself: a mail service with one account, over loopback, strict where SendGrid is.

Everything runs in the event loop that started it; a client may of course call from any thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aiohttp import web

from .account import Account
from .changes import Changes
from .door import Door
from .exits import Exits
from .faults import End, Fault, Faults
from .logs import Logs
from .mailbox import Mailbox
from .reading import Reading
from .records import Letter, Refusal, Seen
from .sending import Sending

BODY_LIMIT = 64_000_000  # far over the service's own limit, so that the refusal is the service's
DEMO_KEY = "SG.demonstration.known-to-the-stand-in-alone"


class SendGridStandIn:
    """`letters` is the mailbox; `refusals` stays empty as long as the client keeps every rule."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        api_key: str = DEMO_KEY,
        verified_senders: Sequence[str] = ("enquetes@studio-nova.example",),
        domains: Sequence[str] = ("studio-nova.example",),
        groups: Sequence[int] = (),
        credit: int = 100_000,
    ) -> None:
        self.api_key = api_key
        self.url = ""
        self.requests: list[Seen] = []
        self.account = Account(
            now=now, verified_senders=verified_senders, domains=domains, groups=groups, credit=credit
        )
        self._now = now
        self._faults = Faults()
        self._mailbox = Mailbox(self.account)
        self._changes = Changes(self._told)
        self._mailbox.subscribe(lambda _: self._changes.happened())
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def letters(self) -> list[Letter]:
        return self._mailbox.letters

    @property
    def dropped(self) -> list[Letter]:
        """Letters that were accepted and never arrived: their addresses are suppressed."""
        return self._mailbox.dropped

    @property
    def refusals(self) -> list[Refusal]:
        return [
            Refusal(method=seen.method, path=seen.path, status=seen.status, problems=seen.problems)
            for seen in self.requests
            if 400 <= seen.status < 500 and not seen.injected
        ]

    def application(self) -> web.Application:
        door = Door(
            api_key=self.api_key, account=self.account, faults=self._faults, record=self._record
        ).middleware()
        sending = Sending(
            now=self._now,
            account=self.account,
            faults=self._faults,
            mailbox=self._mailbox,
            base_url=lambda: self.url,
            closing=self._closing,
        )
        application = web.Application(middlewares=[door], client_max_size=BODY_LIMIT)
        logs = Logs(now=self._now, account=self.account, sent=self._sent)
        exits = Exits(account=self.account, mailbox=self._mailbox)
        application.add_routes(
            [
                web.post("/v3/mail/send", sending.send),
                *Reading(self.account).routes(),
                web.post("/v3/logs", logs.search),
                web.get("/exit/{letter}", exits.leave),
                web.post("/exit/{letter}", exits.leave),
            ]
        )
        return application

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._closing.clear()
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self.url = f"http://{bound[0]}:{bound[1]}"

    async def close(self) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def subscribe(self, callback: Callable[[Letter], None]) -> Callable[[], None]:
        """`callback` gets each letter as it arrives; the answer ends the subscription."""
        return self._mailbox.subscribe(callback)

    async def until(self, condition: Callable[[], object], timeout: float = 5.0) -> None:  # noqa: ASYNC109
        await self._changes.until(condition, timeout)

    def answer_next(
        self,
        status: int,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        taken: bool = False,
    ) -> None:
        """The next mail/send gets this answer; with `taken` its letters arrive all the same."""
        self._faults.queue(Fault(status=status, body=body, headers=headers or {}, taken=taken))

    def reset_before(self) -> None:
        """The next mail/send is cut before its letters are taken."""
        self._faults.queue(Fault(end=End.RESET))

    def reset_after(self) -> None:
        """The next mail/send is cut after its letters were taken."""
        self._faults.queue(Fault(end=End.RESET, taken=True))

    def hang(self, *, taken: bool = False) -> None:
        self._faults.queue(Fault(end=End.HANG, taken=taken))

    def garble(self, *, taken: bool = False) -> None:
        """The next answer is no HTTP at all."""
        self._faults.queue(Fault(end=End.GARBLED, taken=taken))

    def refuse_silently(self, *emails: str) -> None:
        """Whatever holds one of them is a bare 400 from now on."""
        self._faults.unnamed.update(emails)

    def delay(self, seconds: float) -> None:
        """Every mail/send from now on takes this long."""
        self._faults.seconds = seconds

    def refuse_key(self) -> None:
        self._faults.key_refused = True

    def credits_gone(self) -> None:
        self._faults.credits_gone = True

    def recover(self) -> None:
        """Back to a good day: every fault ordered above is forgotten."""
        self._faults.clear()

    def suppress(self, kind: str, email: str, *, reason: str = "", status: str = "") -> None:
        self.account.suppress(kind, email, reason=reason, status=status)

    def _sent(self) -> list[Letter]:
        return [*self.letters, *self.dropped]

    def _record(self, seen: Seen) -> None:
        self.requests.append(seen)
        self._changes.happened()

    def _told(self) -> str:
        answers = ", ".join(f"{seen.method} {seen.path} {seen.status}" for seen in self.requests[-10:])
        return f"{len(self.letters)} letters, last requests: {answers or 'none'}"
