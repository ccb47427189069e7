"""What becomes of letters, by hand, in Chromium: it happens in the mailbox, the message says so."""

import time
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from tests.fixtures.files import csv_bytes
from tests.journeys.browser import MESSAGES, PHONE, Visitor
from tests.journeys.test_browser import Sits, browser, composes, sits

__all__ = ["browser", "sits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
SOON = 2.0  # seconds in which the message says what happened
PEOPLE = ("anna", "bob", "zoe", "max", "bounce", "bounce+old", "block", "drop")


@dataclass(frozen=True, kw_only=True)
class Life:
    who: str
    album: str
    header: tuple[str, str, str]
    kept: str
    sent: str
    arrived: tuple[str, ...]
    left: str
    bounced: tuple[str, ...]
    complained: str


CLAIRE = Life(
    who="U0CLAIRE", album="fr-events", header=("Email", "Prénom", "Nom"), kept="Liste gardée",
    sent="· envoyée",
    arrived=("4 distribuées", "sur 8 acceptées", "4 en échec", "2 adresses inexistantes, 1 adresse invalide",
             "1 refusée pour la réputation de l'expéditeur"),
    left="1 désinscription",
    bounced=("3 distribuées", "5 en échec", "3 adresses inexistantes"),
    complained="1 plainte",
)  # fmt: skip
BOB = Life(
    who="U0BOB", album="en-events", header=("Email", "First name", "Last name"), kept="List kept",
    sent="· sent",
    arrived=("4 delivered", "of 8 accepted", "4 failed", "2 addresses that do not exist, 1 invalid address",
             "1 refused for the sender's reputation"),
    left="1 unsubscribed",
    bounced=("3 delivered", "5 failed", "3 addresses that do not exist"),
    complained="1 complaint",
)  # fmt: skip


async def befalls(person: Visitor, who: str, what: str, *words: str, under: str) -> float:
    """It happens to the letter; seconds until the campaign's message says so."""
    await person.opens_letter(f"{who}@example.com")
    button = person.page.locator(f"[data-befalls={what}]")
    await expect(button).to_be_enabled()
    began = time.monotonic()
    await button.click()
    heading = person.page.locator("h3", has_text=under)
    message = person.page.locator(MESSAGES).filter(has=heading).last
    for each in words:
        await expect(message).to_contain_text(each, timeout=SOON * 1_000)
    return time.monotonic() - began


@pytest.mark.parametrize("life", [CLAIRE, BOB], ids=["fr", "en"])
async def test_what_happens_to_a_letter_is_seen_within_two_seconds(sits: Sits, life: Life) -> None:
    person = await sits(life.who, life.album)
    person.playground.mail.delivers = True
    rows = [(f"{one}@example.com", one.title(), "Leroy") for one in PEOPLE]
    await person.drags(("clients.csv", csv_bytes([life.header, *rows], ";")))
    await person.presses("Enter")
    await person.sees(life.kept)
    await composes(person)
    await person.waits_for_departure()
    await person.sees(*life.arrived, under=life.sent)
    await person.keeps("arrived", everywhere=True)

    waits = [
        await befalls(person, "zoe", "leave", life.left, under=life.sent),
        await befalls(person, "anna", "bounce", *life.bounced, under=life.sent),
        await befalls(person, "bob", "spamreport", life.complained, under=life.sent),
    ]
    assert max(waits) < SOON, waits
    await person.page.click("#letter-back")
    await person.turns_to("messages")
    await person.keeps("told", everywhere=True)
    await person.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await person.front.get_by_text(life.complained).scroll_into_view_if_needed()
    await person.keeps("told-on-a-phone")
    await person.turns_to("home")
    await person.reads(life.bounced[0])
    await person.keeps("home-on-a-phone")
