"""The stand-in itself: a mail service with one account, over loopback, strict where SendGrid is.

Everything runs in the event loop that started it; a client may of course call from any thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from random import Random

from aiohttp import web

from .account import Account
from .changes import Changes
from .door import Door
from .errands import Errands
from .events import Happening
from .exits import Exits
from .faults import End, Fault, Faults
from .hooks import Hooks
from .logs import Logs
from .mailbox import Mailbox
from .outcomes import Outcomes
from .readers import Scan
from .reading import Reading
from .records import Letter, Refusal, Seen, Tap, traced
from .sending import Sending
from .stats import Stats
from .webhook import PATIENCE, Posted, Webhook

BODY_LIMIT = 64_000_000  # far over the service's own limit, so that the refusal is the service's
DEMO_KEY = "SG.demonstration.known-to-the-stand-in-alone"


class SendGridStandIn:
    """`letters` is the mailbox; `refusals` stays empty as long as the client keeps every rule.

    `delivers`: letters meet the fate of their mailbox by themselves (see `fates`), and `webhook_url` is told.
    Without it nothing happens to a letter until `tell`.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        api_key: str = DEMO_KEY,
        verified_senders: Sequence[str] = ("enquetes@studio-nova.example",),
        domains: Sequence[str] = ("studio-nova.example",),
        groups: Sequence[int] = (),
        credit: int = 100_000,
        webhook_url: str = "",
        delivers: bool = False,
        patience: Sequence[float] = PATIENCE,
    ) -> None:
        self.api_key = api_key
        self.url = ""
        self.requests: list[Seen] = []
        self._tap: Tap = lambda *_: None
        self.account = Account(
            now=now, verified_senders=verified_senders, domains=domains, groups=groups, credit=credit
        )
        self._now = now
        self._faults = Faults()
        self._watchers: list[Callable[[], None]] = []
        self._changes = Changes(self._told)
        self._errands = Errands(now)
        self._webhook = Webhook(now=now, errands=self._errands, changed=self._changed, patience=patience)
        self._webhook.url = webhook_url
        self.hooks = Hooks(self._webhook)
        self._outcomes = Outcomes(
            now=now, account=self.account, webhook=self._webhook, errands=self._errands, changed=self._changed
        )
        self._outcomes.by_itself = delivers
        self._mailbox = Mailbox(self.account, self._outcomes)
        self._mailbox.subscribe(lambda _: self._changes.happened())
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def letters(self) -> list[Letter]:
        return self._mailbox.letters

    def letter(self, letter_id: str) -> Letter | None:
        return self._mailbox.find(letter_id)

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
        logs = Logs(now=self._now, account=self.account, sent=self._sent, status=self._outcomes.status)
        stats = Stats(sent=self._sent, story=self._outcomes.story, today=lambda: self._now().date())
        exits = Exits(outcomes=self._outcomes, mailbox=self._mailbox)
        application.add_routes(
            [
                web.post("/v3/mail/send", sending.send),
                *Reading(self.account, self._faults).routes(),
                *self.hooks.routes(),
                web.post("/v3/logs", logs.search),
                web.get("/v3/categories/stats", stats.of_categories),
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
        await self._errands.close()
        await self._webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def subscribe(self, callback: Callable[[Letter], None]) -> Callable[[], None]:
        """`callback` gets each letter as it arrives; the answer ends the subscription."""
        return self._mailbox.subscribe(callback)

    async def until(self, condition: Callable[[], object], timeout: float = 5.0) -> None:  # noqa: ASYNC109
        await self._changes.until(condition, timeout)

    @property
    def webhook_public_key(self) -> str:
        """What the webhook's signatures verify with, as the account's settings show it."""
        return self._webhook.seal.public_key

    @property
    def webhook_url(self) -> str:
        return self._webhook.url

    @webhook_url.setter
    def webhook_url(self, url: str) -> None:
        """Where events are posted from now on; empty: nowhere, and what happens is told to nobody."""
        self._webhook.url = url

    @property
    def delivers(self) -> bool:
        return self._outcomes.by_itself

    @delivers.setter
    def delivers(self, by_itself: bool) -> None:
        self._outcomes.by_itself = by_itself

    @property
    def posts(self) -> Sequence[Posted]:
        """Every attempt to post events, in order."""
        return tuple(self._webhook.posts)

    @property
    def events_pending(self) -> int:
        """Events that nobody has taken yet. `await until(lambda: not mail.events_pending)`."""
        return self._webhook.pending

    @property
    def events_lost(self) -> int:
        """Events given up after the last attempt."""
        return self._webhook.lost

    def tell(self, letter: Letter, kind: str, *, late: bool = False, **fields: object) -> None:
        """This happens to the letter now: a kind of `events.KINDS`, or any other word as it is.

        `fields` outweigh the event's own, None takes one away; `late`: without ids, custom_args, category.
        """
        self._outcomes.tell(letter, kind, late=late, fields=fields)

    def story(self, letter: Letter) -> Sequence[Happening]:
        """What happened to it, in order; what its reader did included."""
        return self._outcomes.story(letter)

    async def scan(self, letter: Letter) -> Scan:
        """A mail scanner follows every link of the letter that stays on this machine, and does no more."""
        return await self._outcomes.scanned(letter)

    async def leave(self, letter: Letter) -> None:
        """The mail program's unsubscribe button (RFC 8058). Raises `readers.NoWayOut`."""
        await self._outcomes.left(letter)

    def repeat_events(self, times: int) -> None:
        """Each event that happens from now on is posted so often, with the same id."""
        self._webhook.times = times

    def shuffle_events(self, seed: int) -> None:
        """From now on events leave in an order drawn from the seed."""
        self._webhook.order = Random(seed)  # noqa: S311 - an order, no secret

    def group_events(self, most: int) -> None:
        """At most so many events in one post (1,000 unless told)."""
        self._webhook.group = most

    def hold_events(self) -> None:
        """Nothing is posted until `release_events`; what happens meanwhile waits."""
        self._webhook.hold()

    def release_events(self) -> None:
        self._webhook.release()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """`callback` is called whenever something happened to a letter; the answer ends that."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback) if callback in self._watchers else None

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

    def _changed(self) -> None:
        for watcher in list(self._watchers):
            watcher()
        self._changes.happened()

    def tap(self, tap: Tap) -> None:
        """Told of every request and every post of events from now on."""
        self._tap = self._webhook.tap = tap

    def _record(self, seen: Seen) -> None:
        self.requests.append(seen)
        self._tap(*traced(seen))
        self._changes.happened()

    def _told(self) -> str:
        answers = ", ".join(f"{seen.method} {seen.path} {seen.status}" for seen in self.requests[-10:])
        return f"{len(self.letters)} letters, last requests: {answers or 'none'}"
