"""The composition root: settings -> storage, mailer, services, Slack app, clock, web. Nothing else builds.

load settings -> build(settings) -> Bot.start() … Bot.stop()
"""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot import ports
from bot.clock import Wakes
from bot.core.sentences import Refusal
from bot.exports import Exports
from bot.mail import MarkdownLetters, SendGridMailer
from bot.ports import Policy
from bot.reading import ChildReader, Limits
from bot.services import Services
from bot.services.campaigns import Campaigns
from bot.services.checks import Finding, findings
from bot.services.contacts import Contacts
from bot.services.delivery import Delivery
from bot.services.home import Homes
from bot.services.imports import Imports
from bot.services.letters import Correspondence
from bot.services.lists import Lists
from bot.services.people import People
from bot.services.telling import Telling
from bot.services.tracking import Tracking
from bot.services.versions import Versions
from bot.settings import Settings
from bot.web import Running, serve_web, web_application
from handlers.edge import Edge
from handlers.files import SlackFiles
from handlers.messenger import SlackMessenger
from handlers.probe import Probe, word
from handlers.requests import slack_door
from handlers.ways import slack_app, socket_mode
from storage import open_store
from storage.probe import trouble

log = logging.getLogger("postillon")

CLICKS = 32  # threads for what must answer within a second
WORK = 8  # threads for imports
POSTS = 16  # threads that wait for SendGrid: four campaigns of four requests at once
PATIENCE = 7.0  # seconds for what is in flight at a stop: containers are killed after 10


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Pools:
    clicks: ThreadPoolExecutor
    work: ThreadPoolExecutor
    posts: ThreadPoolExecutor

    @classmethod
    def open(cls) -> "Pools":
        return cls(
            clicks=ThreadPoolExecutor(CLICKS, "click"),
            work=ThreadPoolExecutor(WORK, "work"),
            posts=ThreadPoolExecutor(POSTS, "post"),
        )

    def close(self) -> None:
        for pool in (self.clicks, self.work, self.posts):
            pool.shutdown(wait=True)


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
    patience: float = PATIENCE
    server: Running | None = None
    socket_mode: AsyncSocketModeHandler | None = None

    async def start(self, listener: socket.socket | None = None) -> None:
        """`listener`: a socket already bound, where the port had to be known before."""
        await self._introduce()
        now = self.wakes.now()
        await self.edge.toil(self.services.delivery.recover, self.store.last_beat(), now)
        door = slack_door(self.slack, _signing_secret(self.settings))
        application = web_application(
            slack=door if self.settings.mode == "http" else None,
            tracking=self.services.tracking,
            run=self.edge.run,
        )
        self.server = await serve_web(application, self.settings.host, self.settings.port, listener)
        if self.settings.slack_app_token:
            app_token = self.settings.slack_app_token.get_secret_value()
            self.socket_mode = socket_mode(self.slack, app_token)
            await self.socket_mode.connect_async()  # type: ignore[no-untyped-call]
        self.wakes.start()
        log.info("started mode=%s web=%s:%s", self.settings.mode, self.settings.host, self.server.port)

    async def _introduce(self) -> None:
        """A bot whose token is refused says so and ends: it could hear nobody."""
        try:
            await self.slack.client.auth_test()
        except SlackApiError as refused:
            raise Refusal("commands.serve.slack", error=word(refused)) from None
        except (aiohttp.ClientError, TimeoutError) as away:
            raise Refusal("commands.serve.away", url=self.settings.slack_api_url) from away

    async def stop(self) -> None:
        """Nothing new is taken; what is in flight gets its outcome; the store is closed last."""
        self.services.delivery.leave()
        hurry = asyncio.get_running_loop().call_later(self.patience, self._cut_the_mail)
        if self.socket_mode:
            await self.socket_mode.close_async()  # type: ignore[no-untyped-call]
        if self.server:
            await self.server.close()
        await self.edge.drain()
        # the messenger answers over this loop: waiting for threads must not block it
        await asyncio.to_thread(self.wakes.stop)
        await asyncio.to_thread(self.pools.close)
        hurry.cancel()
        await self.messenger.settle()
        self.mailer.close()
        self.store.close()
        log.info("stopped")

    def _cut_the_mail(self) -> None:
        """Whoever waits for SendGrid goes on, and writes down that the outcome is not known."""
        if given_up := self.mailer.cut():
            log.warning("no answer of SendGrid in %g s: uncertain requests=%d", self.patience, given_up)


def build(settings: Settings, *, real_now: Callable[[], datetime] | None = None) -> Bot:
    """Everything wired, inside the running event loop. Raises storage's errors (busy, damaged…)."""
    store = open_store(settings.storage_url)
    policy = settings.policy(settings.given_secret() or store.secret("tokens"))
    pools = Pools.open()
    slack = _slack(settings)
    wakes: Wakes
    services: Services

    def sweep(now: datetime) -> None:
        services.delivery.sweep(now)
        services.imports.resume()
        services.campaigns.telling.retry()
        services.lists.purge()

    wakes = Wakes(
        sweep=sweep, next_wake=store.campaigns.next_wake, beat=store.beat,
        offset=store.clock_offset(), keep_offset=store.set_clock_offset,
        **({"real_now": real_now} if real_now else {}),
    )  # fmt: skip
    store.on_wake = wakes.on_wake
    mailer = _mailer(settings, wakes.now)
    messenger = SlackMessenger(
        client=slack.client, loop=asyncio.get_running_loop(), store=store, policy=policy
    )
    services = _services(store, policy, pools, slack.client, mailer, messenger, wakes)
    edge = Edge(services=services, policy=policy, clicks=pools.clicks, work=pools.work)
    handlers.register(slack, edge)
    return Bot(
        settings=settings, store=store, services=services, edge=edge, slack=slack, wakes=wakes, pools=pools,
        mailer=mailer, messenger=messenger,
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


def _services(
    store: ports.Store, policy: Policy, pools: Pools, client: AsyncWebClient, mailer: SendGridMailer,
    messenger: SlackMessenger, clock: ports.Clock,
) -> Services:  # fmt: skip
    files = SlackFiles(client=client, loop=asyncio.get_running_loop())
    letters = Correspondence(letters=MarkdownLetters(), mailer=mailer, policy=policy)
    people = People(store=store, messenger=messenger, clock=clock, policy=policy)
    lists = Lists(store=store, exporter=Exports(), messenger=messenger, clock=clock)
    versions = Versions(store=store, lists=lists, clock=clock)
    reader = ChildReader(Limits())
    telling = Telling(store=store, messenger=messenger, clock=clock, policy=policy)
    campaigns = Campaigns(
        store=store, lists=lists, people=people, letters=letters, messenger=messenger, clock=clock,
        policy=policy, telling=telling,
    )  # fmt: skip
    return Services(
        people=people,
        imports=Imports(
            store=store, files=files, reader=reader, messenger=messenger, people=people,
            versions=versions, clock=clock, policy=policy,
        ),
        lists=lists,
        versions=versions,
        contacts=Contacts(store=store, lists=lists, reader=reader, clock=clock),
        campaigns=campaigns,
        delivery=Delivery(
            store=store, letters=letters, mailer=mailer, campaigns=campaigns, telling=telling,
            clock=clock, posts=pools.posts,
        ),
        tracking=Tracking(
            store=store, campaigns=campaigns, people=people, clock=clock, policy=policy, later=pools.work
        ),
        homes=Homes(lists=lists, campaigns=campaigns),
    )  # fmt: skip


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
    return findings(
        policy=settings.policy(b""), slack=slack, mailer=_mailer(settings),
        storage=trouble(settings.storage_url),
    )  # fmt: skip


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
        await stopping.wait()
    finally:
        await bot.stop()
