"""The bot as an operating system's process: `python -m bot serve` between the two stand-ins."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.playground.sendgrid import SendGridStandIn
from bot.playground.slack import Person, SlackStandIn
from tests.conftest import Check

ROOT = Path(__file__).parent.parent.parent


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Service:
    """`start`, `kill`, `end`: each start is a new process on the same folder."""

    slack: SlackStandIn
    mail: SendGridStandIn
    data: Path
    more: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    @property
    def claire(self) -> Person:
        return self.slack.person("U0CLAIRE")

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "SENDGRID_API_KEY": self.mail.api_key,
            "SENDGRID_API_URL": self.mail.url,
            "MAIL_FROM": "Studio Nova <enquetes@studio-nova.example>",
            "MAIL_POSTAL_ADDRESS": "Studio Nova, 12 rue des Tanneurs, 69002 Lyon",
            "STORAGE_URL": f"tinydb:{self.data}",
            "PORT": "0",
            "UNDO_SECONDS": "0",
            **self.more,
        }

    async def start(self) -> None:
        """Returns once the bot has its connection to Slack."""
        known = self.slack.connections
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", env=self.environment(), cwd=self.data.parent,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await self.slack.until(lambda: self.slack.connections > known, timeout=30)

    async def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        self.process.kill()
        await self.process.communicate()
        await self.slack.until(lambda: self.slack.connections == 0)

    async def end(self) -> tuple[int, str]:
        """SIGTERM; the exit code and what was logged."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(self.process.communicate(), 20)
        assert self.process.returncode is not None
        return self.process.returncode, log.decode()

    async def runs(self, *words: str) -> tuple[int, str, str]:
        """Another command beside the running bot: exit code, output, errors."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, env=self.environment(), cwd=self.data.parent,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        output, errors = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode is not None
        return process.returncode, output.decode(), errors.decode()


@asynccontextmanager
async def open_service(data: Path, check: Check | None = None) -> AsyncIterator[Service]:
    """`check`: a second opinion on every Block Kit payload the bot sends."""
    slack, mail = SlackStandIn(now=now, check=check), SendGridStandIn(now=now)
    await slack.start()
    await mail.start()
    service = Service(slack=slack, mail=mail, data=data)
    try:
        yield service
    finally:
        if service.process is not None and service.process.returncode is None:
            service.process.kill()
            await service.process.communicate()
        await mail.close()
        await slack.close()
