"""The page over both stand-ins and a small bot, with a browser looking at it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import Browser, Page, async_playwright
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.page import Shortcut, page_application
from bot.playground.sendgrid import SendGridStandIn
from bot.playground.slack import SlackStandIn
from tests.playground.page_bot import a_bot

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True, kw_only=True)
class Sample:
    name: str
    content: bytes
    about: str


SAMPLES = {
    "fr": (Sample(name="contacts-exemple.csv", content=b"Email;Nom\r\na@b.fr;N", about="5 contacts"),),
    "en": (Sample(name="sample-contacts.csv", content=b"Email,Name\r\na@b.fr,N", about="5 contacts"),),
}


@dataclass
class HandClock:
    """The playground's controls, with one departure in two days."""

    at: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    departures: list[datetime] = field(default_factory=lambda: [datetime(2026, 11, 25, 9, 0, tzinfo=UTC)])

    def now(self) -> datetime:
        return self.at

    async def move(self, delta: timedelta) -> None:
        self.at += delta

    async def to_next_departure(self) -> datetime | None:
        if not self.departures:
            return None
        self.at = self.departures.pop(0)
        return self.at

    def samples(self, language: str) -> Sequence[Sample]:
        return SAMPLES[language]


class Heard(list[tuple[str, Any]]):
    """What the bot was told, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def append(self, told: tuple[str, Any]) -> None:
        super().append(told)
        self._more.set()

    def last(self, name: str) -> Any:
        return next((told for told_name, told in reversed(self) if told_name == name), None)

    async def of(self, name: str) -> Any:
        """What the bot heard last under this name, as soon as it has."""
        async with asyncio.timeout(5):
            while name not in [told_name for told_name, _ in self]:
                self._more.clear()
                await self._more.wait()
        return self.last(name)


@dataclass(frozen=True, kw_only=True)
class Setting:
    slack: SlackStandIn
    mail: SendGridStandIn
    clock: HandClock
    heard: Heard
    url: str

    async def mails(self, to: str, name: str, subject: str) -> None:
        """A letter goes out through the mail service's own door."""
        html = f"<p>Bonjour <b>{name}</b> <a href='{self.url}/page/mark.svg'>oui</a></p>"
        letter = {
            "from": {"email": "enquetes@studio-nova.example", "name": "Studio Nova"},
            "subject": subject,
            "content": [
                {"type": "text/plain", "value": f"Bonjour {name}, votre avis ?"},
                {
                    "type": "text/html",
                    "value": f"<html><head></head><body>{html}</body></html>",
                },
            ],
            "personalizations": [
                {
                    "to": [{"email": to, "name": name}],
                    "headers": {
                        "List-Unsubscribe": "<http://127.0.0.1:9/u/t>, <mailto:stop@studio-nova.example>"
                    },
                }
            ],
        }
        headers = {"Authorization": f"Bearer {self.mail.api_key}"}
        async with (
            ClientSession() as session,
            session.post(f"{self.mail.url}/v3/mail/send", json=letter, headers=headers) as answer,
        ):
            assert answer.status == 202, await answer.text()


@asynccontextmanager
async def a_setting() -> AsyncIterator[Setting]:
    clock = HandClock()
    slack, mail = SlackStandIn(now=clock.now), SendGridStandIn(now=clock.now)
    await slack.start()
    await mail.start()
    heard = Heard()
    client = AsyncWebClient(token=slack.identity.bot_token, base_url=slack.api_url)
    handler = AsyncSocketModeHandler(a_bot(client, heard), slack.identity.app_token)
    await handler.connect_async()
    shortcut = Shortcut(callback_id="lists.import", french="Importer", english="Import")
    pages = page_application(slack=slack, mail=mail, controls=clock, shortcuts=(shortcut,))
    runner = web.AppRunner(pages, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield Setting(slack=slack, mail=mail, clock=clock, heard=heard, url=f"http://{host}:{port}")
    finally:
        await runner.cleanup()
        await handler.close_async()
        await mail.close()
        await slack.close()


def a_browser() -> str:
    """The browser's path; where there is none the test is skipped, but never in CI."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        reason = f"no browser found ({', '.join(BROWSERS)})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@asynccontextmanager
async def a_running_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=a_browser(), args=list(QUIETLY))
        yield browser
        await browser.close()


@asynccontextmanager
async def looking_at(browser: Browser, url: str, **context: Any) -> AsyncIterator[Page]:
    """A page with this address open and drawn; an error in its console fails the test."""
    opened = await browser.new_context(viewport={"width": 1280, "height": 800}, **context)
    page = await opened.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.set_default_timeout(5_000)
    await page.goto(url)
    await page.wait_for_selector("body[data-state=ready]")
    try:
        yield page
    finally:
        await opened.close()
    assert faults == [], faults
