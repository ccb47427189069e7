"""The composition root: settings -> storage, mailer, services, Slack app, clock, web. Nothing else builds.

load settings -> build(settings) -> Bot.start() … Bot.stop()
"""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

import handlers
from bot import ports
from bot.clock import Wakes
from bot.core.findings import Finding
from bot.mail import SendGridMailer
from bot.metrics import Metrics
from bot.services import Services
from bot.services.checks import findings
from bot.services.features import Features
from bot.services.health import Health
from bot.settings import Settings
from bot.web import Running, serve_web, web_application
from bot.web_health import Watch
from bot.wiring import Pools, wired
from handlers import home
from handlers.edge import Edge
from handlers.messenger import SlackMessenger
from handlers.probe import Probe, introduced
from handlers.requests import slack_door
from handlers.ways import slack_app, socket_mode
from storage import open_store
from storage.probe import findings as storage_findings

log = logging.getLogger("postillon")

# seconds a thread computes before another may: at Python's 5 ms clicks wait 0.5 s for an export, and a
# request on its way to the disk and through TLS asks for its turn some eighty times
TURN = 0.0002
PATIENCE = 7.0  # seconds for what is in flight at a stop: containers are killed after 10


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Bot:
    """A bot built and not yet speaking: `start` opens its doors, `stop` settles what is in flight."""

    settings: Settings
    store: ports.Store
    services: Services
    edge: Edge
    slack: AsyncApp
    wakes: Wakes
    pools: Pools
    mailer: SendGridMailer
    messenger: SlackMessenger
    health: Health
    metrics: Metrics
    patience: float = PATIENCE
    server: Running | None = None
    socket_mode: AsyncSocketModeHandler | None = None

    async def start(self, listener: socket.socket | None = None) -> None:
        """`listener`: a socket already bound, where the port had to be known before."""
        workspace = await introduced(self.slack.client)
        now, last_beat = self.wakes.now(), self.store.last_beat()
        await self.edge.toil(self.services.delivery.recover, last_beat, now)
        self.services.absences.begin(workspace, last_beat, now)
        door = slack_door(self.slack, _signing_secret(self.settings))
        application = web_application(
            slack=door if self.settings.mode == "http" else None,
            tracking=self.services.tracking,
            events=self.services.reception,
            links=self.services.questionnaires,
            answers=self.services.answer_posts,
            watch=self._watch(),
            run=self.edge.run,
        )
        self.server = await serve_web(application, self.settings.host, self.settings.port, listener)
        if self.settings.slack_app_token:
            app_token = self.settings.slack_app_token.get_secret_value()
            self.socket_mode = socket_mode(self.slack, app_token)
            await self.socket_mode.connect_async()  # type: ignore[no-untyped-call]
        self.wakes.start()
        self.edge.later(self.edge.toil(self.services.campaigns.telling.retry))
        self.edge.later(self.edge.toil(self.services.absences.catch_up))
        log.info("started mode=%s web=%s:%s", self.settings.mode, self.settings.host, self.server.port)

    def _watch(self) -> Watch:
        return Watch(
            health=self.health, metrics=self.metrics, run=self.edge.run,
            language=self.settings.default_language,
            is_connected=self._is_connected if self.settings.slack_app_token else None,
        )  # fmt: skip

    async def _is_connected(self) -> bool:
        return self.socket_mode is not None and await self.socket_mode.client.is_connected()

    async def stop(self) -> None:
        """Nothing new is taken; what is in flight gets its outcome; the store is closed last."""
        self.services.delivery.leave()
        self.services.settling.leave()
        self.services.readiness.leave()
        self.services.alarms.leave()
        self.services.closures.leave()
        self.services.nudges.leave()
        self.services.retention.leave()
        self.services.absences.leave()
        self.services.polling.leave()
        self.services.forgetting.leave()
        self.services.groups.leave()
        hurry = asyncio.get_running_loop().call_later(self.patience, self._cut)
        if self.socket_mode:
            await self.socket_mode.close_async()  # type: ignore[no-untyped-call]
        if self.server:
            await self.server.close()
        await self.edge.drain()
        # the messenger answers over this loop: waiting for threads must not block it
        await asyncio.to_thread(self.wakes.stop)
        await asyncio.to_thread(self.pools.close)
        await asyncio.to_thread(self.services.visits.leave)
        await asyncio.to_thread(self.services.answers.leave)
        hurry.cancel()
        await self.messenger.settle()
        self.mailer.close()
        self.store.close()
        log.info("stopped")

    def _cut(self) -> None:
        """Whoever waits for SendGrid goes on, and writes down that the outcome is not known; whoever waits
        for Slack goes on too, and what they had to say stays owed."""
        if given_up := self.mailer.cut():
            log.warning("no answer of SendGrid in %g s: uncertain requests=%d", self.patience, given_up)
        if untold := self.messenger.cut() + self.edge.cut():
            log.warning("no answer of Slack in %g s: said after the next start=%d", self.patience, untold)


def build(settings: Settings, *, real_now: Callable[[], datetime] | None = None) -> Bot:
    """Everything wired, inside the running event loop. Raises storage's errors (busy, damaged…)."""
    sys.setswitchinterval(TURN)
    store = open_store(settings.storage_url)
    policy = settings.policy(settings.given_secret() or store.secret("tokens"))
    pools = Pools.open()
    slack = _slack(settings)
    wakes: Wakes
    services: Services
    health: Health

    def sweep(now: datetime) -> None:
        services.delivery.sweep(now)
        services.imports.resume()
        services.questions.purge()
        services.campaigns.telling.retry()
        services.retention.sweep(now)
        services.lists.purge()
        services.absences.catch_up()
        services.settling.sweep(now)
        services.readiness.sweep(now)
        services.alarms.sweep(now)
        services.closures.sweep(now)
        services.nudges.sweep(now)
        services.approvals.sweep()
        services.support.sweep()
        services.forgetting.look()
        services.groups.sweep(now)
        services.polling.sweep(now)
        services.visits.sweep(now)
        services.answers.sweep(now)
        services.reminders.sweep(now)

    def beat(now: datetime) -> None:
        health.beat(now)

    def set_back(now: datetime) -> None:
        services.delivery.set_back(now)

    wakes = Wakes(
        sweep=sweep, next_wake=store.campaigns.next_wake, beat=beat,
        offset=store.clock_offset(), keep_offset=store.set_clock_offset,
        real_now=real_now or _utc_now, set_back=set_back,
    )  # fmt: skip
    store.on_wake = wakes.on_wake
    mailer = _mailer(settings, wakes.now)
    messenger = SlackMessenger(
        client=slack.client, loop=asyncio.get_running_loop(), store=store, policy=policy
    )
    services = wired(store, policy, pools, slack.client, mailer, messenger, wakes)
    metrics = Metrics(store, services.reception, services.answer_posts)
    health = Health(store=store, clock=wakes.now, writing=metrics.written)
    edge = Edge(
        services=services, policy=policy, clicks=pools.clicks, work=pools.work, timed=metrics.clicked
    )  # fmt: skip
    handlers.register(slack, edge)
    messenger.on_change = partial(home.follow, edge, slack.client)
    messenger.is_helped = services.support.is_offered
    return Bot(
        settings=settings, store=store, services=services, edge=edge, slack=slack, wakes=wakes, pools=pools,
        mailer=mailer, messenger=messenger, health=health, metrics=metrics,
    )  # fmt: skip


def _slack(settings: Settings) -> AsyncApp:
    return slack_app(
        token=settings.slack_bot_token.get_secret_value(), url=settings.slack_api_url,
        signing_secret=_signing_secret(settings),
    )  # fmt: skip


def _signing_secret(settings: Settings) -> str:
    """In Socket Mode nothing is signed, and Bolt asks for one all the same."""
    secret = settings.slack_signing_secret
    return secret.get_secret_value() if secret else "unused"


def _mailer(settings: Settings, now: Callable[[], datetime] = _utc_now) -> SendGridMailer:
    return SendGridMailer(
        api_key=settings.sendgrid_api_key.get_secret_value(), api_url=settings.sendgrid_api_url,
        sandbox=settings.sendgrid_sandbox, group=settings.sendgrid_unsubscribe_group, clock=now,
    )  # fmt: skip


def check(settings: Settings) -> list[Finding]:
    """What is wrong, asked beside a running bot; nothing is changed and nothing is sent."""
    app_token = settings.slack_app_token
    slack = Probe(
        url=settings.slack_api_url, bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=app_token.get_secret_value() if app_token else "",
    )  # fmt: skip
    policy, mailer = settings.policy(b""), _mailer(settings)
    features = Features(
        policy=policy, mailer=mailer, lists=mailer, log=mailer, hooks=mailer, now=_utc_now(),
    )  # fmt: skip
    stored = storage_findings(settings.storage_url, signs=settings.given_secret() is None)
    try:
        found = findings(policy=policy, slack=slack, mailer=mailer, storage=stored)
        return sorted([*found, *features.findings()], key=lambda finding: not finding.grave)
    finally:
        mailer.close()


def settle_memory() -> None:
    """What stands for as long as the bot does is not searched for garbage any more: that took a tenth of a
    second every few thousand events, in which nobody was answered."""
    gc.collect()
    gc.freeze()


async def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    bot = build(settings)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopping.set)
    try:
        await bot.start()
        settle_memory()
        await stopping.wait()
    finally:
        await bot.stop()
