"""Lists that live on, by hand, in Chromium: a newer file merged and taken back; one person corrected."""

import pytest
from playwright.async_api import expect

from tests.fixtures.files import ENGLISH_HEADER, ENGLISH_PEOPLE, FRENCH_HEADER, FRENCH_PEOPLE, File, csv_bytes
from tests.journeys.test_browser import Sits, browser, sits

__all__ = ["browser", "sits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


def files(person: str) -> tuple[File, File]:
    """A list, and the same with one more and one elsewhere."""
    if person == "U0CLAIRE":
        header, people, moved, name = FRENCH_HEADER, FRENCH_PEOPLE, "Rennes", "clients.csv"
        fresh = ("ines.petit@exemple.fr", "Inès", "Petit", "Nova", "Lyon", "Juriste")
    else:
        header, people, moved, name = ENGLISH_HEADER, ENGLISH_PEOPLE, "Chicago", "customers.csv"
        fresh = ("max.may@example.com", "Max", "May", "Nova", "Leeds", "Clerk")
    *others, last = people
    newer = [header, *others, (*last[:4], moved, last[5]), fresh]
    return (name, csv_bytes([header, *people], ";")), (name, csv_bytes(newer, ";"))


@pytest.mark.parametrize(
    ("person", "album", "asked", "differs", "now", "back"),
    [
        ("U0CLAIRE", "fr-versions", "Un nouveau fichier pour « clients »", "+1 nouveau", "compte maintenant",
         "est revenue à"),
        ("U0BOB", "en-versions", "A new file for “customers”", "+1 new", "now has", "is back to"),
    ],
)  # fmt: skip
async def test_a_newer_file_is_merged_and_taken_back(
    sits: Sits, person: str, album: str, asked: str, differs: str, now: str, back: str
) -> None:
    visitor = await sits(person, album)
    first, newer = files(person)
    await visitor.drags(first)
    await visitor.presses("Enter")
    await visitor.sees("3 contacts", under=first[0].removesuffix(".csv"))
    await visitor.drags(newer)
    await visitor.presses("Enter")
    await visitor.sees(asked, differs)
    await visitor.keeps("difference", everywhere=True)
    await visitor.clicks("lists.merge")
    await visitor.sees(now)
    await visitor.keeps("merged")
    await visitor.clicks("lists.revert")
    await visitor.sees(back)
    await visitor.keeps("taken-back")


@pytest.mark.parametrize(
    ("person", "album", "saved"),
    [("U0CLAIRE", "fr-person", "Zora"), ("U0BOB", "en-person", "Zora")],
)
async def test_one_person_is_corrected(sits: Sits, person: str, album: str, saved: str) -> None:
    visitor = await sits(person, album)
    first, _ = files(person)
    await visitor.drags(first)
    await visitor.presses("Enter")
    await visitor.sees("3 contacts", under=first[0].removesuffix(".csv"))
    await visitor.clicks("lists.view")
    await visitor.is_at("lists.view")
    await visitor.keeps("view")
    await visitor.clicks("lists.add")
    dialog = await visitor.is_at("lists.person")
    await visitor.keeps("person")
    await dialog.locator("input").nth(0).fill("zora.new@example.com")
    await dialog.locator("input").nth(1).fill(saved)
    await visitor.submits()
    front = await visitor.is_at("lists.view")
    await expect(front).to_contain_text(saved)
    await visitor.keeps("saved")


@pytest.mark.parametrize(
    ("person", "album", "chosen", "said"),
    [
        ("U0CLAIRE", "fr-share", "Tout le monde peut l'utiliser", "tout l'espace peut l'utiliser"),
        ("U0BOB", "en-share", "Everybody may use it", "the whole workspace may use it"),
    ],
)
async def test_a_list_is_shared(sits: Sits, person: str, album: str, chosen: str, said: str) -> None:
    visitor = await sits(person, album)
    first, _ = files(person)
    await visitor.drags(first)
    await visitor.presses("Enter")
    await visitor.sees("3 contacts", under=first[0].removesuffix(".csv"))
    await visitor.clicks("lists.share")
    dialog = await visitor.is_at("lists.share")
    await visitor.keeps("share", everywhere=True)
    await dialog.locator("select").first.select_option(label=chosen)
    await visitor.submits()
    await visitor.is_done()
    await visitor.sees(said)
    await visitor.keeps("shared")
