"""Whom a campaign is for, chosen by hand in Chromium: searched, counted, closed and taken up again."""

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, expect

from tests.fixtures.files import ENGLISH_HEADER, FRENCH_HEADER, File, csv_bytes
from tests.journeys.browser import Visitor
from tests.journeys.test_browser import Sits, browser, sits

__all__ = ["browser", "sits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
LINK = "https://forms.example/s/1"


@dataclass(frozen=True, kw_only=True)
class Life:
    who: str
    album: str
    header: tuple[str, ...]
    kept: str
    everybody: str
    filtered: str
    narrowed: str
    spared: str
    picked: str
    drawn: str
    resumed: str


CLAIRE = Life(
    who="U0CLAIRE", album="fr-recipients", header=(*FRENCH_HEADER, "Segment"), kept="Liste gardée",
    everybody="300 personnes", filtered="100 personnes sur 300", narrowed="20 personnes sur 300",
    spared="199 personnes sur 300", picked="1 personne sur 300",
    drawn="50 personnes, au sort parmi 300", resumed="Brouillon gardé",
)  # fmt: skip
BOB = Life(
    who="U0BOB", album="en-recipients", header=(*ENGLISH_HEADER, "Segment"), kept="List kept",
    everybody="300 people", filtered="100 people out of 300", narrowed="20 people out of 300",
    spared="199 people out of 300", picked="1 person out of 300",
    drawn="50 people, drawn from 300", resumed="Draft saved",
)  # fmt: skip


def contacts(header: tuple[str, ...]) -> File:
    companies = ("Studio Nova", "Crédit du Rhône", "L’Œuvre")
    rows = [
        (f"p{n}@exemple.fr", f"Zoé{n}", "Lefèvre", companies[n % 3], f"Ville {n % 5}", "Chef", f"S{n % 4}")
        for n in range(300)
    ]
    return "clients.csv", csv_bytes([header, *rows], ";")


def row(person: Visitor, block: str) -> Locator:
    return person.front.locator(f'[data-block="{block}"]')


async def picks(person: Visitor, block: str, typed: str, *, shot: str = "") -> None:
    """The first of what is offered for it: what the menu held before anything was typed may stand there
    a moment longer."""
    field = row(person, block).locator("input")
    await field.click()
    await field.press_sequentially(typed)
    first = row(person, block).locator(".option").first
    await expect(first).to_contain_text(re.compile(re.escape(typed[-3:]), re.IGNORECASE))
    if shot:
        await person.keeps(shot, everywhere=True)
        await expect(first).to_be_visible()
    await first.click()
    await expect(row(person, block).locator(".chip").last).to_be_visible()


async def takes(person: Visitor, kind: str) -> None:
    await row(person, "audience").locator(f'input[value="{kind}"]').check()


@pytest.mark.parametrize("life", [CLAIRE, BOB], ids=["fr", "en"])
async def test_recipients_are_chosen_by_hand(sits: Sits, life: Life) -> None:
    person = await sits(life.who, life.album)
    await person.drags(contacts(life.header))
    await person.presses("Enter")
    await person.sees(life.kept)
    await person.clicks("campaigns.new")
    await person.is_at("campaigns.parameters")
    await person.pastes(LINK)
    await person.submits()
    await person.is_at("campaigns.recipients")
    await person.reads(life.everybody)
    await person.keeps("everybody", everywhere=True)

    await takes(person, "filter")
    await picks(person, "company", "nov", shot="values")
    await person.reads(life.filtered)
    await picks(person, "location", "ville 3")
    await person.reads(life.narrowed)
    await person.keeps("filter", everywhere=True)

    await takes(person, "except")
    await expect(row(person, "people")).to_be_visible()
    await row(person, "location").locator(".chip button, button.chip").first.click()
    await picks(person, "people", "zoe299")
    await person.reads(life.spared)
    await person.keeps("except", everywhere=True)

    await takes(person, "pick")
    await expect(row(person, "company")).to_have_count(0)
    await person.reads(life.picked)
    await person.keeps("pick", everywhere=True)

    await takes(person, "pilot")
    await person.reads(life.drawn)
    await person.keeps("pilot", everywhere=True)

    await takes(person, "pick")
    await person.reads(life.picked)
    await person.page.click("[data-dialog=close]")
    await person.sees(life.resumed)
    await person.clicks("campaigns.edit")
    await person.is_at("campaigns.recipients")
    await expect(row(person, "people").locator(".chip")).to_contain_text("p299@exemple.fr")
    await person.submits()
    await person.is_at("campaigns.message")
