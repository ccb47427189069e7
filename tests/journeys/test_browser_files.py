"""Files that raise a question, and rows that have to be mended, in Chromium and in both languages."""

import csv
import io

import pytest
from playwright.async_api import expect

from tests.fixtures.files import File, csv_bytes
from tests.journeys.browser import Visitor
from tests.journeys.test_browser import Sits, browser, sits

__all__ = ["browser", "sits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = [("U0CLAIRE", "fr"), ("U0BOB", "en")]
SPANISH = [
    ("Correo", "Persona", "Empresa", "Baja"),
    ("ana@nova.example", "Ana Ruiz", "Nova", ""),
    ("luz@nova.example", "Luz Gil", "Nova", "sí"),
]
MENDABLE = [
    ("Email", "Prénom", "Nom", "Désabonné"),
    ("claire@nova.example", "Claire", "Martin", "oui"),
    ("noel@gmail", "Noël", "Lefèvre", "non"),
    ("zoe(at)nova.example", "Zoé", "Garçon", "oui"),
    ("", "Max", "Roy", ""),
]


def spanish(name: str = "contactos.csv") -> File:
    return name, csv_bytes(SPANISH, ";")


def mendable(name: str = "salon.csv") -> File:
    return name, csv_bytes(MENDABLE, ";", "cp1252")


async def drops(visitor: Visitor, file: File) -> None:
    await visitor.drags(file)
    await visitor.presses("Enter")


async def chooses(visitor: Visitor, field: str, title: str) -> None:
    select = visitor.front.locator(f'[data-block="{field}"] select')
    option = select.locator("option", has_text=title).first
    await select.select_option(await option.get_attribute("value"))


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def csv_again(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize(("person", "language"), PEOPLE)
async def test_columns_nobody_knows_are_said_and_remembered(sits: Sits, person: str, language: str) -> None:
    visitor = await sits(person, f"{language}-columns")
    asked, read, again = {
        "fr": ("Je ne trouve pas les colonnes", "2 contacts", "mêmes colonnes que votre « contactos.csv »"),
        "en": ("I can't find the columns", "2 contacts", "same columns as your “contactos.csv”"),
    }[language]
    await drops(visitor, spanish())
    await visitor.sees(asked)
    await visitor.keeps("asked", everywhere=True)
    await visitor.clicks("lists.columns")
    await visitor.is_at("lists.columns")
    await chooses(visitor, "email", "Correo")
    await chooses(visitor, "full_name", "Persona")
    await chooses(visitor, "company", "Empresa")
    await visitor.keeps("columns", everywhere=True)
    await visitor.submits()
    await visitor.is_done()
    await visitor.sees(read)
    await visitor.keeps("read")
    assert visitor.actions == 4  # drag, Enter, Columns, Read it so: and the three choices
    fresh = ("pia@nova.example", "Pia Sol", "Nova", "")
    await drops(visitor, ("mayo.csv", csv_bytes([SPANISH[0], fresh], ";")))
    await visitor.sees(again)
    await visitor.keeps("offered")
    await visitor.clicks("lists.same_columns")
    await visitor.sees("1 contact")


@pytest.mark.parametrize(("person", "language"), PEOPLE)
async def test_the_marked_are_asked_about_and_rows_are_fixed(sits: Sits, person: str, language: str) -> None:
    visitor = await sits(person, f"{language}-fix")
    asked, fixed, file_name = {
        "fr": ("marquée « ne pas contacter »", "3 contacts", "salon - lignes à corriger.csv"),
        "en": ("is marked", "3 contacts", "salon - rows to fix.csv"),
    }[language]
    await drops(visitor, mendable())
    await visitor.sees(asked)
    await visitor.keeps("marked", everywhere=True)
    await visitor.clicks("lists.exclude_marked")
    await visitor.sees("1 contact", under="salon")
    await visitor.keeps("preview", everywhere=True)
    before = visitor.actions
    await visitor.clicks("lists.fix")
    dialog = await visitor.is_at("lists.fix")
    noel, zoe, nobody = (dialog.locator("input").nth(place) for place in range(3))
    await expect(noel).to_have_value("noel@gmail.com")
    await expect(zoe).to_have_value("zoe@nova.example")
    await visitor.keeps("fix", everywhere=True)
    await nobody.fill("max@")
    await visitor.submits()
    await expect(visitor.front.locator(".field-error")).to_have_count(1)
    await visitor.keeps("wrong")
    await nobody.fill("")
    await visitor.submits()
    await visitor.is_done()
    await visitor.sees(fixed)
    await visitor.keeps("fixed")
    assert visitor.actions - before == 3  # Fix, the mistake, and the rest

    await visitor.clicks("lists.rejects")
    await expect(visitor.page.locator(f'[data-file="{file_name}"]')).to_be_visible()
    await visitor.keeps("rejects")
    header, row = rows_of(await visitor.takes(file_name))
    assert header[:4] == list(MENDABLE[0])
    assert row[4] == "5"  # the row as Excel showed it
    await drops(visitor, (file_name, csv_again([header, ["max@nova.example", *row[1:]]])))
    await visitor.sees("4 contacts")
    await visitor.keeps("dropped-back", everywhere=True)
