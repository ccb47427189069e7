"""`postillon playground`: a stand-in Slack, a stand-in SendGrid, the page, and the same bot as `serve`.

Everything listens on loopback. The real services are never reached: the settings are made here, neither
the environment nor `.env` is read, and what libraries read there by themselves is taken out of it first.
"""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot import app
from bot.playground.page import Shortcut, page_application
from bot.playground.samples import Sample, samples
from bot.playground.sendgrid import SendGridStandIn
from bot.playground.slack import SlackStandIn
from bot.settings import Settings

HOST = "127.0.0.1"
POSTAL_ADDRESS = "12 rue des Tanneurs, 69002 Lyon, France"
SHORTCUTS = (
    Shortcut(callback_id="lists.shortcut", french="Importer ce fichier", english="Import this file"),
)
ANSWERS_SECRET = "playground"  # noqa: S105 - to try the webhook of questionnaires' tools, on loopback
SENDER = "Studio Nova <enquetes@studio-nova.example>"
REAL = ("SLACK_", "SENDGRID_")
PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})


@dataclass(kw_only=True)
class Playground:
    """One town: two stand-ins and a bot that believes in them. Also the page's `Controls`."""

    slack: SlackStandIn
    mail: SendGridStandIn
    data: Path
    wishes: Mapping[str, Any] = field(default_factory=dict)
    bot: app.Bot | None = None
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self) -> datetime:
        return self.bot.wakes.now() if self.bot else datetime.now(UTC)

    async def move(self, delta: timedelta) -> None:
        """Visit every wake-up on the way: the bot sweeps at each, so that nothing is late."""
        assert self.bot
        async with self._moving:
            await asyncio.to_thread(self.bot.wakes.move, delta)

    async def to_next_departure(self) -> datetime | None:
        assert self.bot
        async with self._moving:
            return await asyncio.to_thread(self.bot.wakes.to_next)

    def samples(self, language: str) -> Sequence[Sample]:
        return samples(language)

    async def start(self) -> None:
        """The stand-ins first, then a bot on a port of its own, which letters and mail events point to."""
        await self.slack.start(HOST, 0)
        await self.mail.start(HOST, 0)
        await self.start_bot()

    async def start_bot(self) -> None:
        listener = socket.create_server((HOST, 0))
        port = listener.getsockname()[1]
        self.mail.webhook_url = f"http://{HOST}:{port}/sendgrid/events"
        self.bot = app.build(self._settings(port))
        await self.bot.start(listener)

    def _settings(self, port: int) -> Settings:
        own: dict[str, Any] = {
            "slack_bot_token": self.slack.bot_token,
            "slack_app_token": self.slack.app_token,
            "slack_api_url": self.slack.api_url,
            "sendgrid_api_key": self.mail.api_key,
            "sendgrid_api_url": self.mail.url,
            "sendgrid_webhook_public_key": self.mail.webhook_public_key,
            "answers_secret": ANSWERS_SECRET,
            "mail_from": SENDER,
            "mail_postal_address": POSTAL_ADDRESS,
            "public_url": f"http://{HOST}:{port}",
            "storage_url": f"tinydb:{self.data}",
            "host": HOST,
            "port": port,
        }
        return Settings.for_playground(**{**own, **self.wishes})

    async def stop(self) -> None:
        if self.bot:
            await self.bot.stop()
        await self.mail.close()
        await self.slack.close()


def town(
    data: Path, *, check: Callable[[Any, str], list[str]] | None = None, delivers: bool = False, **wishes: Any
) -> Playground:
    """`check`: a second opinion on every Block Kit payload the bot sends. `delivers`: letters arrive, or
    bounce, by themselves, and the bot is told; else nothing happens to one before the mail's `tell`.
    `wishes`: settings beside the playground's own, or in their place."""
    playground: Playground

    def now() -> datetime:
        return playground.now()

    slack = SlackStandIn(now=now, signing_secret=secrets.token_hex(16), check=check)
    mail = SendGridStandIn(now=now, delivers=delivers)
    playground = Playground(slack=slack, mail=mail, data=data, wishes=wishes)
    return playground


def run_playground(port: int, data: Path | None, *, open_browser: bool) -> None:
    """Until interrupted. Without `data`, everything is forgotten at the end."""
    forget_the_real_world()
    with contextlib.ExitStack() as stack:
        if data is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="postillon-")))
        asyncio.run(_run(port, data, open_browser=open_browser))


def forget_the_real_world() -> None:
    """This process's environment loses what the libraries look for in it behind the settings' back.

    Bolt takes SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for an OAuth installation and then drops our token:
    the bot would stay mute. slack_sdk sends even loopback through a proxy, since it ignores NO_PROXY.
    """
    for name in list(os.environ):
        if name.upper().startswith(REAL) or name.upper() in PROXIES:
            del os.environ[name]


async def _run(port: int, data: Path, *, open_browser: bool) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with served(town(data, delivers=True), port) as address:
        if open_browser:
            await asyncio.to_thread(webbrowser.open, address)
        await stopping.wait()


@contextlib.asynccontextmanager
async def served(playground: Playground, port: int) -> AsyncIterator[str]:
    """Its page, on `port` (0: any). The address is printed before anything else."""
    listener = socket.create_server((HOST, port))
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    print(f"Postillon: {address}", flush=True)  # noqa: T201 - the command's own output
    await playground.start()
    runner = web.AppRunner(
        page_application(
            slack=playground.slack, mail=playground.mail, controls=playground, shortcuts=SHORTCUTS
        ),
        access_log=None,
    )
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        yield address
    finally:
        await runner.cleanup()
        await playground.stop()
