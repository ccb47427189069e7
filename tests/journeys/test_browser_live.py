"""The live message as people see it, in Chromium: four numbers, two charts, and the charts in words."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.async_api import expect

from bot.core.answers import Source
from bot.core.facts import Events, Happened
from tests.fixtures.files import csv_bytes
from tests.journeys.browser import MESSAGES, PHONE, Visitor
from tests.journeys.test_browser import Sits, browser, composes, sits

__all__ = ["browser", "sits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
PEOPLE = (*(f"anna{number}" for number in range(56)), "bounce", "bounce+b", "block", "drop")
DAYS = ((0, 9), (1, 14), (2, 4), (3, 0), (4, 2))  # days since the departure -> who answered then


@dataclass(frozen=True, kw_only=True)
class Life:
    who: str
    album: str
    header: tuple[str, str, str]
    kept: str
    sent: str
    numbers: tuple[str, ...]
    charts: tuple[str, ...]
    brief: str
    words: tuple[str, ...]


CLAIRE = Life(
    who="U0CLAIRE", album="fr-live", header=("Email", "Prénom", "Nom"), kept="Liste gardée",
    sent="· envoyée",
    numbers=("29 réponses", "52 % des distribuées", "56 distribuées", "sur 60 acceptées", "4 en échec"),
    charts=("De la lettre à la réponse", "Réponses, jour par jour"),
    brief="29 réponses (52 %) · 56 distribuées · 4 en échec",
    words=("Destinataires 60 → Acceptées 60", "le plus : 14"),
)  # fmt: skip
BOB = Life(
    who="U0BOB", album="en-live", header=("Email", "First name", "Last name"), kept="List kept",
    sent="· sent",
    numbers=("29 answers", "52% of delivered", "56 delivered", "of 60 accepted", "4 failed"),
    charts=("From the letter to the answer", "Answers, day by day"),
    brief="29 answers (52%) · 56 delivered · 4 failed",
    words=("Recipients 60 → Accepted 60", "most: 14"),
)  # fmt: skip


async def answers_come(person: Visitor) -> None:
    """Day after day; some others only open the questionnaire, and machines do."""
    bot = person.playground.bot
    assert bot is not None
    workspace = bot.store.campaigns.workspaces()[0]
    (campaign,) = bot.store.campaigns.all(workspace)
    first = 0
    for day, count in DAYS:
        if day:
            await person.playground.move(timedelta(days=1))
        numbers, now = range(first, first + count), person.playground.now()
        first += count
        clicks = [(one, int(Happened.CLICKED), int(now.timestamp())) for one in (*numbers, first + 20)]
        bots = [(number, int(Happened.SCANNED), int(now.timestamp())) for number in range(40, 47)]
        await asyncio.to_thread(
            bot.store.ledgers.learn, workspace, campaign.id, [Events(wave=0, items=(*clicks, *bots))]
        )
        learn = bot.services.answers.learn
        await asyncio.to_thread(learn, workspace, campaign.id, numbers, now, Source.WEBHOOK)


@pytest.mark.parametrize("life", [CLAIRE, BOB], ids=["fr", "en"])
async def test_numbers_and_charts_are_seen(sits: Sits, life: Life) -> None:
    person = await sits(life.who, life.album)
    person.playground.mail.delivers = True
    rows = [(f"{one}@example.com", one.title(), "Leroy") for one in PEOPLE]
    await person.drags(("clients.csv", csv_bytes([life.header, *rows], ";")))
    await person.presses("Enter")
    await person.sees(life.kept)
    await composes(person)
    await person.waits_for_departure()
    await person.sees(life.numbers[2], under=life.sent)
    await person.keeps("nobody-answered", everywhere=True)

    await answers_come(person)
    await person.sees(*life.numbers, *life.charts, under=life.sent)
    live = person.page.locator(MESSAGES).filter(has=person.page.locator("h3", has_text=life.sent)).last
    await expect(live.locator("svg[role=img]")).to_be_visible()
    await live.scroll_into_view_if_needed()
    await person.keeps("answered", everywhere=True)
    await live.locator(".b-chart").last.scroll_into_view_if_needed()
    await person.keeps("charts", everywhere=True)
    await person.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await live.locator(".b-chart").last.scroll_into_view_if_needed()
    await person.keeps("charts-on-a-phone")
    await person.turns_to("home")
    await person.reads(life.brief)
    await person.keeps("home-on-a-phone")
    await person.turns_to("messages")

    person.playground.slack.unlearns("data_visualization")
    bot = person.playground.bot
    assert bot is not None
    workspace = bot.store.campaigns.workspaces()[0]
    (campaign,) = bot.store.campaigns.all(workspace)
    now = person.playground.now()
    await asyncio.to_thread(bot.services.answers.learn, workspace, campaign.id, [50], now, Source.WEBHOOK)
    await person.sees(*life.words, under=life.sent)
    await expect(live.locator(".b-chart")).to_have_count(0)
    await live.scroll_into_view_if_needed()
    await person.keeps("in-words", everywhere=True)
