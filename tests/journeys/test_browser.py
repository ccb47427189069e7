"""The whole life of a campaign, by hand, in Chromium: from a file on the desktop to the second campaign."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.conftest import Check
from tests.fixtures.files import (
    ENGLISH_PEOPLE,
    FRENCH_PEOPLE,
    File,
    english_xlsx,
    french_csv_with_mistakes,
    french_excel_csv,
    pdf,
)
from tests.journeys.browser import Visitor, at_the_page
from tests.journeys.harness import led_to, letter_link
from tests.playground.page_setting import QUIETLY

# one browser for the whole file, so one event loop too
pytestmark = pytest.mark.asyncio(loop_scope="module")

LINK = "https://forms.example/s/1"
Sits = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(QUIETLY))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def sits(browser: Browser, tmp_path: Path, block_check: Check | None) -> AsyncIterator[Sits]:
    """Somebody before a page of their own: `claire = await sits("U0CLAIRE", "fr")`."""
    async with AsyncExitStack() as stack:

        async def sit(person: str, album: str) -> Visitor:
            place = at_the_page(browser, tmp_path / "data", person, album, block_check)
            return await stack.enter_async_context(place)

        yield sit


@dataclass(frozen=True, kw_only=True)
class Life:
    """What differs between Claire's and Bob's."""

    who: str
    album: str
    address: str
    name: str
    file: File
    downloaded: str
    people: tuple[tuple[str, ...], ...]
    hello: str
    kept: str
    search: str
    greeting: str
    scheduled: str
    sent: str
    accepted: str
    stop: str
    unsubscribed: str
    left_out: str
    gone: str


CLAIRE = Life(
    who="U0CLAIRE",
    album="fr",
    address="claire@studio-nova.example",
    name="Claire Martin",
    file=french_excel_csv(),
    downloaded="clients.xlsx",
    people=FRENCH_PEOPLE,
    hello="je suis Postillon",
    kept="Liste gardée. Personne n'a été contacté.",
    search="zoe",
    greeting="Bonjour {name}",
    scheduled="programmée",
    sent="· envoyée",
    accepted="3 lettres = 3 acceptées",
    stop="Ne plus recevoir ces e-mails",
    unsubscribed="1 désinscription",
    left_out="2 personnes = 3 − 1 désinscrite",
    gone="2 lettres = 2 acceptées",
)
BOB = Life(
    who="U0BOB",
    album="en",
    address="bob@studio-nova.example",
    name="Bob Ray",
    file=english_xlsx(),
    downloaded="customers.xlsx",
    people=ENGLISH_PEOPLE,
    hello="I'm Postillon",
    kept="List kept. Nobody has been contacted.",
    search="zoe",
    greeting="Hi {name}",
    scheduled="scheduled",
    sent="· sent",
    accepted="3 letters = 3 accepted",
    stop="Stop receiving these e-mails",
    unsubscribed="1 unsubscribed",
    left_out="2 people = 3 − 1 unsubscribed",
    gone="2 letters = 2 accepted",
)


@pytest.mark.parametrize("life", [CLAIRE, BOB], ids=["fr", "en"])
async def test_a_campaign_by_hand_from_a_file_to_the_second_one(sits: Sits, life: Life) -> None:
    person = await sits(life.who, life.album)
    await person.sees(life.hello)
    await person.keeps("arrival", everywhere=True)
    await person.drags(life.file)
    await person.keeps("file-attached")
    await person.presses("Enter")
    await person.sees(life.kept)
    await person.keeps("preview", everywhere=True)
    importing = person.actions

    await looks_around(person, life)
    before = person.actions
    await composes(person, tested=life)
    assert importing + person.actions - before <= 10
    await person.sees(life.scheduled)
    await person.keeps("scheduled", everywhere=True)

    await person.waits_for_departure()
    await person.sees(life.accepted, under=life.sent)
    await person.keeps("sent", everywhere=True)
    await reads_letters(person, life)

    await unsubscribes(person, life)
    await person.sees(life.unsubscribed, under=life.sent)
    await person.keeps("unsubscribed-in-message")

    await person.turns_to("home")
    await person.reads(life.file[0].partition(".")[0])
    await person.keeps("home", everywhere=True)
    await person.turns_to("messages")
    await second_campaign(person, life)


async def looks_around(person: Visitor, life: Life) -> None:
    """View, search, close; download, and open what arrived."""
    await person.clicks("lists.view")
    await person.is_at("lists.view")
    await person.keeps("view", everywhere=True)
    field = person.front.locator('[data-action="lists.search"]')
    await field.fill(life.search)
    await field.press("Enter")
    zoe, anna = life.people[2], life.people[0]
    await person.reads(zoe[0])
    await expect(person.front).not_to_contain_text(anna[0])
    await person.keeps("view-search")
    await person.page.click("[data-dialog=close]")
    await person.is_done()

    await person.clicks("lists.download")
    content = await person.takes(life.downloaded)
    await person.keeps("download")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = [tuple(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True)]
    assert [row[:3] for row in rows[1:]] == [person[:3] for person in life.people]


async def composes(person: Visitor, *, tested: Life | None = None) -> None:
    """From the newest list to scheduled: the link is the one thing to fill in."""
    await person.clicks("campaigns.new")
    await person.is_at("campaigns.parameters")
    if tested:
        await person.keeps("parameters", everywhere=True)
    await person.pastes(LINK)
    for step in ("recipients", "message", "when", "check"):
        await person.submits()
        await person.is_at(f"campaigns.{step}")
        await person.keeps(step, everywhere=bool(tested))
    if tested:
        await person.clicks("campaigns.test")
        await person.reads(tested.address)
        test = person.page.locator(f'.letter[data-to="{tested.address}"]')
        await expect(test).to_contain_text("[Test]")
        await expect(test).to_contain_text(tested.name)
        await expect(person.front.locator(".b-alert.success")).to_be_visible()
        await person.keeps("tested", everywhere=True)
    await person.submits()
    await person.is_done()


async def reads_letters(person: Visitor, life: Life) -> None:
    """Everybody's, with names and accents as they are, in HTML and in text."""
    for address, first, last, *_ in life.people:
        letter = await person.opens_letter(address)
        await expect(letter.locator("body")).to_contain_text(life.greeting.format(name=first))
        await expect(person.page.locator("#letter dl")).to_contain_text(f"{first} {last} <{address}>")
        text = await person.letter_text()
        assert life.greeting.format(name=first) in text
        assert (await led_to(letter_link(text))).startswith(f"{LINK}?postillon=a")
    await person.keeps("letter", everywhere=True)
    await person.page.click("[data-part=text]")
    await person.keeps("letter-text")


async def unsubscribes(person: Visitor, life: Life) -> None:
    """Through the letter's own link: the page asks, the button acts."""
    letter = await person.opens_letter(life.people[2][0])
    asking = await person.follows(letter.get_by_role("link", name=life.stop))
    await person.album.keeps(asking, "unsubscribe-asks", everywhere=True)
    await expect(asking.get_by_role("button")).to_have_count(1)
    await asking.get_by_role("button").click()
    await expect(asking.get_by_role("button")).to_have_count(0)
    await person.album.keeps(asking, "unsubscribe-done")
    await asking.close()


async def second_campaign(person: Visitor, life: Life) -> None:
    await person.page.click("#letter-back")
    await person.clicks("campaigns.new")
    await person.is_at("campaigns.parameters")
    await person.keeps("second-parameters")
    await person.clicks("campaigns.reuse")
    await expect(person.front.locator('[data-block="link"] input')).to_have_value(LINK)
    for step in ("recipients", "message", "when", "check"):
        await person.submits()
        await person.is_at(f"campaigns.{step}")
        if step == "recipients":
            await person.keeps("second-recipients-recent", everywhere=True)
            await person.front.locator('[data-block="recent"] input').uncheck()
            await person.reads(life.left_out)
            await person.keeps("second-recipients")
    await person.keeps("second-check", everywhere=True)
    await person.submits()
    await person.is_done()
    await person.waits_for_departure()
    await person.sees(life.gone, under=life.sent)
    await person.keeps("second-sent", everywhere=True)
    to_zoe = person.page.locator(f'.letter[data-to="{life.people[2][0]}"]')
    await expect(to_zoe).to_have_count(1)


async def test_a_draft_closed_in_the_middle_is_taken_up_again(sits: Sits) -> None:
    claire = await sits("U0CLAIRE", "draft")
    await claire.drags(french_excel_csv())
    await claire.presses("Enter")
    await claire.sees("Liste gardée")
    await claire.clicks("campaigns.new", twice=True)
    await claire.is_at("campaigns.parameters")
    await claire.pastes("forms.example/s/1")
    await claire.submits(twice=True)
    await expect(claire.front.locator(".field-error")).to_contain_text("écrivez https://forms.example/s/1")
    await claire.keeps("field-error", everywhere=True)
    await claire.front.locator('[data-block="link"] input').fill(LINK)
    await claire.clicks("campaigns.options")
    await claire.reads("Pourquoi reçoivent-ils cette lettre ?")
    await claire.keeps("more-options", everywhere=True)
    await claire.submits()
    await claire.is_at("campaigns.recipients")
    await claire.presses("Escape")
    await claire.is_done()
    await claire.sees("Brouillon gardé")
    await claire.keeps("draft-kept", everywhere=True)

    await claire.turns_to("home")
    await claire.reads("1 brouillon", "clients")
    await claire.keeps("home-with-draft", everywhere=True)
    await claire.turns_to("messages")
    await claire.clicks("campaigns.edit")
    await claire.is_at("campaigns.recipients")
    await claire.clicks("campaigns.back")
    await claire.is_at("campaigns.parameters")
    await expect(claire.front.locator('[data-block="link"] input')).to_have_value(LINK)
    await claire.keeps("resumed")


async def test_a_list_is_deleted_brought_back_and_renamed(sits: Sits) -> None:
    claire = await sits("U0CLAIRE", "lists")
    await claire.drags(french_csv_with_mistakes())
    await claire.presses("Enter")
    await claire.sees("4 lignes lues = 2 contacts + 1 à corriger + 1 doublon")
    await claire.keeps("preview-mistakes", everywhere=True)
    await claire.drags(pdf())
    await claire.presses("Enter")
    await claire.sees("est un PDF")
    await claire.keeps("pdf", everywhere=True)

    await claire.turns_to("home")
    await claire.reads("salon", "2 contacts")
    await claire.clicks("lists.delete")
    await claire.keeps("delete-asks")
    await claire.confirms()
    await claire.reads("est supprimée")
    await expect(claire.front).not_to_contain_text("Pas encore de liste")
    await claire.keeps("home-deleted", everywhere=True)
    await claire.clicks("lists.undo", twice=True)
    await claire.reads("2 contacts")
    await claire.clicks("lists.view")
    await claire.is_at("lists.view")
    await claire.clicks("lists.rename")
    await claire.is_at("lists.rename")
    await claire.keeps("rename")
    await claire.front.locator('[data-block="title"] input').fill("Salon de Lyon")
    await claire.submits()
    await claire.is_at("lists.view")
    await expect(claire.page.locator("#dialog-title")).to_have_text("Salon de Lyon")
    await claire.presses("Escape")
    await claire.is_done()
    await claire.turns_to("messages")
    await claire.says("listes")
    await claire.sees("Salon de Lyon")
    await claire.keeps("listes", everywhere=True)


async def test_stop_halts_what_is_on_its_way(sits: Sits) -> None:
    claire = await sits("U0CLAIRE", "stop")
    await claire.drags(french_excel_csv())
    await claire.presses("Enter")
    await claire.sees("Liste gardée")
    await composes(claire)
    await claire.sees("programmée")
    await claire.clicks("campaigns.edit")
    await claire.is_at("campaigns.check")
    await claire.keeps("edit-scheduled", everywhere=True)
    await claire.clicks("campaigns.edit")
    await claire.is_at("campaigns.parameters")
    await claire.keeps("edit-part")
    await claire.submits()
    await claire.is_at("campaigns.check")
    await claire.submits(twice=True)
    await claire.is_done()
    await claire.sees("programmée", under="clients")
    await claire.says("stop")
    await claire.sees("Rien n'est en cours d'envoi", "clients")
    await claire.keeps("stop", everywhere=True)
    await claire.clicks("campaigns.cancel")
    await claire.keeps("cancel-asks")
    await claire.confirms()
    await claire.sees("Rien n'est parti, et rien ne partira.", under="annulée")
    await claire.sees("1 campagne", "annulée", "Nouvelle campagne")
    await claire.keeps("cancelled", everywhere=True)
    await claire.waits_for_departure()
    await expect(claire.page.locator("#toast")).to_have_text("Aucun départ n'est programmé.")
    await expect(claire.page.locator(".letter")).to_have_count(0)


async def test_claire_tries_it_on_herself_and_changes_language(sits: Sits) -> None:
    claire = await sits("U0CLAIRE", "myself")
    await claire.says("bonjour")
    await claire.page.locator('[data-action="lists.try"]').last.click()
    await claire.is_at("campaigns.parameters")
    await claire.keeps("try-parameters", everywhere=True)
    await claire.pastes(LINK)
    for step in ("recipients", "message", "when", "check"):
        await claire.submits()
        await claire.is_at(f"campaigns.{step}")
        await claire.keeps(f"try-{step}")
    await claire.reads("Votre lettre.", "Envoyer à 1")
    await expect(claire.front).not_to_contain_text("Aucun test reçu")
    await claire.submits()
    await claire.is_done()
    letter = claire.page.locator('.letter[data-to="claire@studio-nova.example"]')
    await expect(letter).to_contain_text("votre avis")
    await claire.sees("1 lettre = 1 acceptée", under="envoyée")
    await claire.keeps("try-sent", everywhere=True)

    await claire.page.click("#language [value=en-US]")
    await expect(claire.page.locator("#tab-home")).to_have_text("Home")
    await claire.says("help")
    await claire.sees("What I can do")
    await claire.keeps("help-english", everywhere=True)
    await claire.turns_to("home")
    await claire.reads("Your lists")
    await claire.keeps("home-english", everywhere=True)
    await claire.turns_to("messages")
    await claire.says("quel temps fait-il ?")
    await claire.sees("I only understand a few words")
    await claire.keeps("not-understood")
