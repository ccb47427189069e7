"""From a dropped file to a delivered letter, and what the next campaign makes of it."""

import urllib.request

from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.journeys.harness import Town, letter_link, unsubscribe_page

LINK = "https://forms.example/s/1"


async def test_claire_sends_a_campaign_from_a_french_excel_file(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée. Personne n'a été contacté.")
    await claire.clicks("lists.view")
    await town.dialog(claire, "lists.view")
    await claire.sees("Zoé")
    await claire.closes()

    await town.composes(claire, LINK)
    await claire.clicks("campaigns.test")
    (test,) = await town.letters(1)
    assert test.to == "claire@studio-nova.example"
    assert "[Test]" in test.subject
    assert "postillon=" not in test.html, "a test is never an answer"
    await claire.submits()
    await claire.sees("programmée")

    await town.reaches_departure()
    await claire.sees("acceptées")
    letters = await town.letters(1 + 3)
    noel = next(letter for letter in letters if letter.to == "noel.lefevre@exemple.fr")
    assert noel.to_name == "Noël Lefèvre"
    assert "Bonjour Noël" in noel.text
    assert "Bonjour Noël" in noel.html
    assert letter_link(noel.text) in noel.html
    assert (await town.leads_to(noel)).startswith(f"{LINK}?postillon=a")
    assert noel.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_bob_sends_a_campaign_from_a_workbook_in_english(town: Town) -> None:
    bob = town.bob
    await bob.drops(english_xlsx())
    await bob.sees("List kept. Nobody has been contacted.")
    await town.composes(bob, LINK)
    await bob.submits()
    await bob.sees("scheduled")
    await town.reaches_departure()
    letters = await town.letters(3)
    assert any("Hi Anna" in letter.text for letter in letters)


async def test_somebody_who_unsubscribed_is_left_out_of_the_next_campaign(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.submits()
    await town.reaches_departure()
    letters = await town.letters(3)

    page = unsubscribe_page(letters[0])
    await town.opens(page)
    # a mail scanner that follows every link changes nothing
    assert town.bot.store.suppressions.all(town.workspace) == []
    await town.opens(urllib.request.Request(page, data=b"List-Unsubscribe=One-Click"))
    await claire.sees("1 désinscri")

    await town.goes_by(days=8)  # within the week nobody would hear from another campaign
    await town.composes(claire, LINK)
    await claire.sees("3 − 1 désinscrite")
    await claire.submits()
    await town.reaches_departure()
    later = (await town.letters(3 + 2))[3:]
    assert letters[0].to not in {letter.to for letter in later}
    await claire.sees("désinscri")
