"""A town to play in: the whole bot, a stand-in Slack and a stand-in SendGrid, in this process.

async def test_something(town):
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("3 contacts")
    await claire.clicks("lists.view")
"""

import asyncio
import contextlib
import re
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.app import Bot
from bot.core.ids import WorkspaceId
from bot.playground.run import Playground, forget_the_real_world
from bot.playground.run import town as build_town
from bot.playground.sendgrid import SendGridStandIn
from bot.playground.slack import Person, SlackStandIn


class Town:
    """What a journey needs at hand. `claire` speaks French (Paris), `bob` English (New York)."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground

    @property
    def slack(self) -> SlackStandIn:
        return self.playground.slack

    @property
    def mail(self) -> SendGridStandIn:
        return self.playground.mail

    @property
    def bot(self) -> Bot:
        assert self.playground.bot is not None
        return self.playground.bot

    @property
    def workspace(self) -> WorkspaceId:
        return WorkspaceId(self.slack.identity.team_id)

    @property
    def claire(self) -> Person:
        return self.slack.person("U0CLAIRE")

    @property
    def bob(self) -> Person:
        return self.slack.person("U0BOB")

    @property
    def samir(self) -> Person:
        return self.slack.person("U0SAMIR")

    async def goes_by(self, **span: float) -> None:
        """Time passes: `await town.goes_by(hours=2)`."""
        await self.playground.move(timedelta(**span))

    async def reaches_departure(self) -> None:
        moment = await self.playground.to_next_departure()
        assert moment is not None, "nothing is scheduled"

    async def opens(self, page: str | urllib.request.Request) -> str:
        """What a browser (or a mail scanner) gets there; a request with data is a POST."""

        def read() -> str:
            with urllib.request.urlopen(page, timeout=10) as answer:
                return str(answer.read().decode())

        return await asyncio.to_thread(read)

    async def leads_to(self, letter: Any) -> str:
        """Where a click on the letter's link takes its reader."""
        return await led_to(letter_link(letter.text))

    async def composes(self, person: Person, link: str, *, keeps_recent: bool = False) -> None:
        await reaches(self.slack, person, "check", link, keeps_recent=keeps_recent)

    async def reaches(self, person: Person, step: str, link: str) -> None:
        await reaches(self.slack, person, step, link)

    async def dialog(self, person: Person, callback_id: str) -> None:
        await dialog(self.slack, person, callback_id)

    async def letters(self, count: int) -> list[Any]:
        """Wait until the mailbox holds that many letters, then all of them."""
        await self.mail.until(lambda: len(self.mail.letters) >= count)
        assert len(self.mail.letters) == count
        return list(self.mail.letters)


@asynccontextmanager
async def open_town(
    data: Path, check: Callable[[Any, str], list[str]] | None = None, **settings: Any
) -> AsyncIterator[Town]:
    """Leaves only if Slack refused nothing and no payload stayed unanswered. `settings`: beside the
    playground's own."""
    forget_the_real_world()
    playground = build_town(data, check=check, **settings)
    await playground.start()
    unanswered = playground.slack.unanswered
    try:
        yield Town(playground)
        unanswered = list(unanswered)  # what the bot's own last words bring back finds nobody
    finally:
        await playground.stop()
    assert playground.slack.refusals == []
    assert unanswered == []


async def led_to(page: str) -> str:
    """Where a browser is sent from there; nobody goes."""

    def ask() -> str:
        parts = urlsplit(page)
        with contextlib.closing(HTTPConnection(parts.netloc, timeout=10)) as connection:
            connection.request("GET", parts.path)
            answer = connection.getresponse()
            assert answer.status == 302, answer.read().decode()
            return str(answer.headers["Location"])

    return await asyncio.to_thread(ask)


def letter_link(text: str) -> str:
    """The one to the questionnaire, of a letter's plain text."""
    found = re.search(r"http://\S+/r/[\w-]+", text)
    assert found is not None, text
    return found[0]


def unsubscribe_page(letter: Any) -> str:
    found = re.search(r"<(http[^>]+/u/[^>]+)>", letter.headers["List-Unsubscribe"])
    assert found is not None
    return found[1]


async def composes(slack: SlackStandIn, person: Person, link: str) -> None:
    """From the newest list to the last check: the link is the only thing to fill in."""
    await reaches(slack, person, "check", link)


async def reaches(
    slack: SlackStandIn, person: Person, step: str, link: str, *, keeps_recent: bool = False
) -> None:
    """As `composes`, but only as far as this step's dialog. `keeps_recent`: to people whom another campaign
    writes to these days, all the same."""
    await person.clicks("campaigns.new")
    await dialog(slack, person, "campaigns.parameters")
    await person.types("link", link)
    for following in ("recipients", "message", "when", "check"):
        await person.submits()
        await dialog(slack, person, f"campaigns.{following}")
        if following == step:
            return
        if following == "recipients" and keeps_recent:
            await person.checks("recent")


async def dialog(slack: SlackStandIn, person: Person, callback_id: str) -> None:
    """Wait until that dialog is on top, with no error on it."""
    await slack.until(lambda: person.dialog and person.dialog["callback_id"] == callback_id)
    assert person.errors == {}
