"""The same file again, a newer one of the same people: nothing is overwritten, everything can be undone."""

from dataclasses import replace

import pytest

from bot.core.differences import Difference
from bot.core.ids import ListId
from bot.core.lists import Waiting
from bot.core.people import Language
from bot.playground.slack import Person
from bot.texts import Say
from handlers.blocks import versions as blocks
from tests.fixtures.files import (
    ENGLISH_HEADER,
    ENGLISH_PEOPLE,
    FRENCH_HEADER,
    FRENCH_PEOPLE,
    File,
    csv_bytes,
    english_csv,
    english_xlsx,
    french_excel_csv,
    many,
    sheets_bytes,
)
from tests.handlers.conftest import Fits
from tests.journeys.harness import Town
from tests.storage.records import contact_list

LINK = "https://forms.example/s/1"


def newer(name: str = "clients.csv") -> File:
    """One more, one elsewhere, one fewer than the usual three."""
    claire, _, zoe = FRENCH_PEOPLE
    moved = (*zoe[:4], "Rennes", zoe[5])
    fresh = ("ines.petit@exemple.fr", "Inès", "Petit", "Nova", "Lyon", "Juriste")
    return name, csv_bytes([FRENCH_HEADER, claire, moved, fresh], ";", "cp1252")


def newer_english(name: str = "customers.csv") -> File:
    anna, _, zoe = ENGLISH_PEOPLE
    return name, csv_bytes([ENGLISH_HEADER, anna, (*zoe[:4], "Chicago", zoe[5])], ",")


def lists(town: Town) -> dict[str, int]:
    """title and contacts of what is a list."""
    return {one.title: one.count for one in town.bot.store.lists.all(town.workspace) if one.is_there}


async def kept(town: Town, person: Person, file: File) -> str:
    await person.drops(file)
    await town.slack.until(lambda: lists(town))
    await person.sees("Liste gardée" if person is town.claire else "List kept")
    return str(town.bot.store.lists.all(town.workspace)[0].id)


def emails(town: Town, list_id: str) -> set[str]:
    return {one.email for one in town.bot.store.lists.contacts(town.workspace, list_id)}  # type: ignore[arg-type]


async def test_the_same_file_again_changes_nothing(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, french_excel_csv())
    await claire.drops(french_excel_csv(name="copie.csv"))
    await claire.sees("« copie.csv » est le même fichier que votre liste clients (3 contacts")
    await claire.sees("Rien n'a changé.")
    assert lists(town) == {"clients": 3}
    await claire.clicks("lists.view")
    await claire.sees("noel.lefevre@exemple.fr")


async def test_imported_anyway_it_is_a_list_of_its_own(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, english_csv())
    await bob.drops(english_csv(name="copy.csv"))
    await bob.sees("“copy.csv” is the same file as your list customers")
    value = bob.messages[-1]["blocks"][-1]["elements"][-1]["value"]
    await bob.clicks("lists.both")
    await bob.sees("copy · 3 contacts")
    assert lists(town) == {"customers": 3, "copy": 3}
    await bob.forges("lists.both", value)
    await bob.sees("That is done already")
    assert lists(town) == {"customers": 3, "copy": 3}


async def test_the_same_people_in_another_format_change_nothing(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, english_csv())
    await bob.drops(english_xlsx())
    await bob.sees("“customers.xlsx” holds exactly what your list customers holds")


async def test_a_newer_file_asks_with_a_difference(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, french_excel_csv())
    await claire.drops(newer())
    await claire.sees("Un nouveau fichier pour « clients » ?")
    await claire.sees("+1 nouveau · 1 modifié · 1 absent du nouveau fichier")
    await claire.sees("Zoé Leroy, Localisation : « Nantes » → « Rennes »")
    await claire.sees("Fusionner : 4")
    await claire.sees("Remplacer : 3")
    assert lists(town) == {"clients": 3}


async def test_columns_and_rows_to_fix_are_differences_too(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, french_excel_csv())
    rows = [(*row[:3], "0601020304") for row in FRENCH_PEOPLE]
    wrong = [(f"p{n}@", f"P{n}", "N", "") for n in range(30)]
    await claire.drops(("clients.csv", csv_bytes([(*FRENCH_HEADER[:3], "Téléphone"), *rows, *wrong], ";")))
    await claire.sees("Un nouveau fichier pour « clients » ?")
    await claire.sees("1 colonne de plus : Téléphone")
    await claire.sees("3 colonnes de moins : Entreprise, Ville, Fonction")
    await claire.sees("30 lignes à corriger dans ce fichier")
    claire.doesnt_see("contient exactement")


async def test_only_rows_to_fix_that_went_are_a_difference_too(town: Town) -> None:
    bob = town.bob
    wrong = ("mary@", "Mary", "May", "Nova", "Leeds", "Clerk")
    with_wrong = csv_bytes([ENGLISH_HEADER, *ENGLISH_PEOPLE, wrong], ",")
    list_id = await kept(town, bob, ("customers.csv", with_wrong))
    await bob.drops(english_xlsx())
    await bob.sees("A new file for “customers”?")
    await bob.sees("The row to fix of “customers” goes with Replace; Merge keeps it.")
    await bob.clicks("lists.merge")
    await bob.sees("customers now has 3 contacts")
    report = town.bot.store.lists.get(town.workspace, ListId(list_id)).report
    assert (report.rows, report.accepted, report.rejected, report.kind) == (4, 3, 1, "merged")
    await bob.clicks("lists.fix")
    await bob.sees("Row 5 · Mary May · “mary@”: incomplete address")
    await bob.types("row_5", "mary@example.com")
    await bob.submits()
    await bob.sees("1 row joined customers: 4 contacts")


async def test_the_same_wrong_rows_in_another_format_change_nothing(town: Town) -> None:
    bob = town.bob
    rows = [ENGLISH_HEADER, *ENGLISH_PEOPLE, ("mary@", "Mary", "May", "Nova", "Leeds", "Clerk")]
    await kept(town, bob, ("customers.csv", csv_bytes(rows, ",")))
    await bob.drops(("customers.xlsx", sheets_bytes({"S": rows})))
    await bob.sees("“customers.xlsx” holds exactly what your list customers holds")


@pytest.mark.parametrize("language", Language)
def test_the_longest_difference_fits(language: Language, fits: Fits) -> None:
    long = "é<&" * 60
    found = Difference(added=10**6, changed=10**6, gone=10**6, more=(long,) * 90, fewer=(long,) * 90)
    one = contact_list()
    about = Waiting(list_id=one.id, title=long[:80], count=10**6, created_at=one.created_at, version=1,
                    to_fix=10**6, difference=found)  # fmt: skip
    fits(blocks.waiting(Say(language), replace(one, waiting=about)))


async def test_known_by_its_people_under_another_title(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, english_csv())
    await bob.drops(newer_english("november export.csv"))
    await bob.sees("A new file for “customers”?")
    await bob.sees("1 changed · 1 missing from the new file")
    await bob.sees("Zoë Lee, Location: “Boston” → “Chicago”")


async def test_strangers_under_another_title_are_a_list(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, english_csv())
    await bob.drops(many(5))
    await bob.sees("many · 5 contacts")
    assert lists(town) == {"customers": 3, "many": 5}


async def test_replaced_and_taken_back(town: Town) -> None:
    claire = town.claire
    list_id = await kept(town, claire, french_excel_csv())
    before = emails(town, list_id)
    await claire.drops(newer())
    await claire.sees("Un nouveau fichier")
    await claire.clicks("lists.replace")
    await claire.sees("clients compte maintenant 3 contacts")
    assert emails(town, list_id) == before - {"noel.lefevre@exemple.fr"} | {"ines.petit@exemple.fr"}
    await claire.clicks("lists.revert")
    await claire.sees("clients est revenue à 3 contacts")
    assert emails(town, list_id) == before


async def test_merged_nobody_leaves_and_the_newer_value_wins(town: Town) -> None:
    bob = town.bob
    list_id = await kept(town, bob, english_csv())
    anna, _, zoe = ENGLISH_PEOPLE
    fresh = ("max@example.com", "Max", "May", "Nova", "Leeds", "Clerk")
    rows = [ENGLISH_HEADER, (*zoe[:4], "Chicago", ""), anna, fresh]
    await bob.drops(("customers.csv", csv_bytes(rows, ",")))
    await bob.sees("+1 new · 1 changed · 1 missing")
    await bob.clicks("lists.merge")
    await bob.sees("customers now has 4 contacts")
    found = {one.email: one for one in town.bot.store.lists.contacts(town.workspace, list_id)}  # type: ignore[arg-type]
    assert found.keys() == {person[0] for person in ENGLISH_PEOPLE} | {"max@example.com"}
    assert (found["zoe.lee@example.com"].location, found["zoe.lee@example.com"].job_title) == (
        "Chicago", "Designer",
    )  # fmt: skip
    assert len({one.row for one in found.values()}) == len(found)


async def test_a_second_click_finds_it_done(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, french_excel_csv())
    await claire.drops(newer())
    await claire.sees("Un nouveau fichier")
    values = {e["action_id"]: e["value"] for b in claire.messages[-1]["blocks"] for e in b.get("elements", [])
              if "action_id" in e}  # fmt: skip
    await claire.clicks("lists.replace")
    await claire.sees("compte maintenant")
    for action in ("lists.replace", "lists.merge", "lists.both"):
        said = len(claire.messages)
        await claire.forges(action, values[action])
        await town.slack.until(lambda said=said: len(claire.messages) > said)
        await claire.sees("C'est déjà fait pour « clients »")
    assert lists(town) == {"clients": 3}


async def test_a_list_changed_meanwhile_is_asked_about_again(town: Town) -> None:
    claire = town.claire
    list_id = await kept(town, claire, french_excel_csv())
    await claire.drops(newer())
    await claire.sees("Un nouveau fichier")
    first = claire.messages[-1]["ts"]
    await claire.drops(newer("autre.csv"))
    await town.slack.until(lambda: "autre.csv" in str(claire.messages[-1]["blocks"]))
    await claire.clicks("lists.merge", where=claire.messages[-1]["ts"])
    await claire.sees("compte maintenant 4 contacts")
    await claire.clicks("lists.replace", where=first)
    await claire.sees("les nombres sont refaits")
    await claire.clicks("lists.replace", where=first)
    await claire.sees("compte maintenant 3 contacts")
    assert len(emails(town, list_id)) == 3


async def test_nobody_else_decides(town: Town) -> None:
    claire, bob = town.claire, town.bob
    list_id = await kept(town, claire, french_excel_csv())
    await claire.drops(newer())
    await claire.sees("Un nouveau fichier")
    waiting = next(one for one in town.bot.store.lists.all(town.workspace) if one.waiting)
    await bob.says("help")
    await bob.sees("What I can do")
    for action in ("lists.replace", "lists.merge", "lists.both"):
        await bob.forges(action, f"{waiting.id}:{waiting.revision}")
        await bob.sees("This file is no longer waiting")
    for action in ("lists.revert", "lists.fix_again", "lists.stay"):
        await bob.forges(action, f"{list_id}:1")
        await bob.sees("I can't find this list")
    for action in ("lists.view", "lists.download", "lists.delete", "campaigns.new"):
        await claire.forges(action, f"{waiting.id}:{waiting.revision}")
    await claire.sees("Je ne trouve pas cette liste")
    bob.doesnt_see("exemple.fr")
    assert lists(town) == {"clients": 3}
    assert town.bot.store.lists.get(town.workspace, waiting.id) == waiting


async def test_without_an_answer_it_is_forgotten_after_seven_days(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, french_excel_csv())
    await claire.drops(newer())
    await claire.sees("Un nouveau fichier")
    await town.goes_by(days=8)
    await claire.clicks("lists.replace")
    await claire.sees("Ce fichier n'attend plus")
    assert len(town.bot.store.lists.all(town.workspace)) == 1


async def test_after_seven_days_the_version_before_is_gone(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, french_excel_csv())
    await claire.drops(newer())
    await claire.sees("Un nouveau fichier")
    await claire.clicks("lists.replace")
    await claire.sees("compte maintenant")
    await town.goes_by(days=8)
    await claire.clicks("lists.revert")
    await claire.sees("La version d'avant de « clients » n'est plus là")


@pytest.mark.parametrize("answer", ["keep", "today"])
async def test_what_a_scheduled_campaign_uses_is_asked(town: Town, answer: str) -> None:
    claire = town.claire
    await kept(town, claire, french_excel_csv())
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("programmée")
    await claire.drops(newer())
    await claire.sees("Un nouveau fichier")
    await claire.clicks("lists.merge")
    await claire.sees("1 campagne programmée garde les destinataires fixés à sa programmation")
    await claire.sees("Garder les 3")
    await claire.sees("Écrire aux 4 d'aujourd'hui")
    if answer == "keep":
        await claire.clicks("lists.stay")
        await claire.sees("garde ses destinataires")
    else:
        await claire.clicks("lists.fix_again")
        await claire.sees("écrira aux 4 contacts")
    await town.reaches_departure()
    letters = await town.letters(3 if answer == "keep" else 4)
    wrote = {letter.to for letter in letters}
    assert ("ines.petit@exemple.fr" in str(wrote)) == (answer == "today")


async def test_two_scheduled_campaigns_in_english(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, english_csv())
    for keeps_recent in (False, True):
        await town.composes(bob, LINK, keeps_recent=keeps_recent)
        await bob.submits()
        await town.slack.until(lambda: bob.dialog is None)
    await bob.drops(newer_english())
    await bob.sees("A new file")
    await bob.clicks("lists.replace")
    await bob.sees("2 scheduled campaigns keep the people fixed when they were scheduled")
    await bob.clicks("lists.fix_again")
    await bob.sees("2 scheduled campaigns will write to the 2 contacts that customers has today")
    await bob.clicks("lists.revert")
    await bob.sees("customers is back to 3 contacts")
    await bob.sees("2 scheduled campaigns keep")


async def test_a_bot_restarted_still_knows_what_waits(town: Town, fits: Fits) -> None:
    claire = town.claire
    await kept(town, claire, french_excel_csv())
    await claire.drops(newer("<!channel> & co.csv"))
    await claire.sees("ressemble à votre liste")
    claire.doesnt_see("<!channel> & co.csv» ressemble")
    text = claire.messages[-1]["text"]
    assert "<!channel>" not in text
    fits((text, claire.messages[-1]["blocks"]))
