"""The top of Home: whatever waits for the person, the most urgent first, one button each."""

from pathlib import Path

from bot.core.campaigns import State
from bot.playground.slack import Person
from tests.conftest import Check
from tests.fixtures.files import ENGLISH_PEOPLE, csv_bytes, english_xlsx, french_excel_csv
from tests.journeys.harness import Town, open_town


def home_text(person: Person) -> str:
    return str(person.home).replace("\xa0", " ")


async def test_a_file_s_question_is_brought_back_from_home(town: Town) -> None:
    claire = town.claire
    rows = [("Courriel pro", "Prénom", "Nom"), ("luc@exemple.fr", "Luc", "Petit")]
    await claire.drops(("fichier.csv", csv_bytes(rows, ";")))
    await town.slack.until(lambda: "lists.discard" in str(claire.messages))
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    await claire.opens_home()
    await claire.sees("attend une réponse de vous pour être lu")
    asked = [one["ts"] for one in claire.messages if "lists.discard" in str(one)]
    await claire.clicks("lists.ask_again", where="home")
    await claire.sees("La question est reposée en bas de notre conversation")
    again = [one["ts"] for one in claire.messages if "lists.discard" in str(one)]
    assert len(again) == 1
    assert again[0] > max(asked), "a new message, and the old one has no button left"
    await claire.closes()
    await claire.clicks("lists.discard", where="messages")
    await claire.sees("gardé")
    await claire.clicks("lists.ask_again", where="home")
    await claire.sees("C'est déjà réglé")
    await town.slack.until(lambda: "lists.ask_again" not in home_text(claire))


async def test_a_file_that_looks_like_a_list_waits_in_english(town: Town) -> None:
    bob = town.bob
    await bob.drops(english_xlsx())
    await bob.sees("List kept")
    await bob.drops(
        english_xlsx([("new@example.com", "New", "Person", "", "", ""), *ENGLISH_PEOPLE], name="b.xlsx")
    )
    await town.slack.until(lambda: "lists.replace" in str(bob.messages))
    await bob.opens_home()
    await bob.sees("looks like one of your lists")
    await bob.clicks("lists.ask_again", where="home")
    await bob.sees("at the end of our conversation again")


async def test_an_approval_asked_by_name_stands_first(tmp_path: Path, block_check: Check | None) -> None:
    async with open_town(tmp_path / "data", block_check, approval_above=2) as town:
        claire, bob = town.claire, town.bob
        rows = [("Courriel pro", "Prénom", "Nom"), ("luc@exemple.fr", "Luc", "Petit")]
        await claire.drops(("fichier.csv", csv_bytes(rows, ";")))
        await town.slack.until(lambda: "lists.discard" in str(claire.messages))
        await bob.drops(english_xlsx())
        await bob.sees("List kept")
        await town.composes(bob, "https://forms.example/s/1")
        await bob.submits()
        await town.slack.until(
            lambda: [one.state for one in town.bot.store.campaigns.all(town.workspace)] == [State.AWAITING]
        )
        await claire.sees("@Bob demande votre accord")
        await claire.opens_home()
        await claire.sees("demande votre accord pour 3 lettres")
        shown = home_text(claire)
        assert shown.index("demande votre accord") < shown.index("attend une réponse de vous")
        asked = sum("campaigns.approve" in str(one) for one in claire.messages)
        await claire.clicks("lists.ask_again", where="home")
        await claire.sees("La question est reposée")
        assert sum("campaigns.approve" in str(one) for one in claire.messages) == asked + 1
        await claire.closes()
        await claire.clicks("campaigns.approve", where="messages")
        await town.slack.until(
            lambda: [one.state for one in town.bot.store.campaigns.all(town.workspace)] == [State.SCHEDULED]
        )


async def test_nothing_waits_and_nothing_is_said_of_it(town: Town) -> None:
    await town.claire.drops(french_excel_csv())
    await town.claire.sees("Liste gardée")
    await town.claire.opens_home()
    await town.claire.sees("Vos listes")
    town.claire.doesnt_see("À vous de jouer")
    assert "lists.ask_again" not in home_text(town.claire)
