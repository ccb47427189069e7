"""Get help: from whatever went wrong to who can help, and back, without an address or a name on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.core.campaigns import State
from bot.playground.slack import Person
from tests.conftest import Check
from tests.fixtures.files import csv_bytes, french_excel_csv
from tests.journeys.harness import Town, open_town

CHANNEL = "C0AIDE"
LINK = "https://forms.example/s/1?jeton=SECRET42"
PEOPLE = (
    ("claire.martin@exemple.fr", "Claire", "Martinet"),
    ("noel.lefevre@exemple.fr", "Noël", "Lefèvre"),
    ("zoe.leroy@", "Zoé", "Leroy"),
)
SECRETS = ("@exemple.fr", "zoe.leroy", "Martinet", "Noël", "Lefèvre", "Zoé", "Leroy", "SECRET42", "jeton")


@asynccontextmanager
async def _opened(path: Path, check: Check | None, **settings: Any) -> AsyncIterator[Town]:
    async with open_town(path / "data", check, **{"support_channel": CHANNEL, **settings}) as town:
        town.slack.add_channel(CHANNEL, name="aide")
        yield town


@pytest.fixture
async def helped(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Town]:
    async with _opened(tmp_path, block_check, default_language="fr") as town:
        yield town


@pytest.fixture
async def helped_english(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Town]:
    async with _opened(tmp_path, block_check, default_language="en") as town:
        yield town


def posted(town: Town) -> list[dict[str, Any]]:
    return town.slack.messages_in(CHANNEL)


def broken_rows() -> tuple[str, bytes]:
    rows = [("E-mail", "Prénom", "Nom"), *PEOPLE]
    return "clients de Martinet.csv", csv_bytes(rows)


async def asks(town: Town, person: Person, words: str = "") -> None:
    await person.clicks("support.ask")
    await town.dialog(person, "support.ask")
    if words:
        await person.types("words", words)
    await person.submits()


async def arrives(town: Town, count: int) -> None:
    await town.slack.until(lambda: len(posted(town)) >= count)
    assert len(posted(town)) == count


def hides_everything(town: Town) -> None:
    told = str(posted(town))
    assert [secret for secret in SECRETS if secret in told] == []


async def test_claire_asks_about_rows_to_fix_samir_replies_and_she_answers_back(helped: Town) -> None:
    town, claire, samir = helped, helped.claire, helped.samir
    await claire.drops(broken_rows())
    await claire.sees("1 à corriger")
    await claire.clicks("support.ask")
    await town.dialog(claire, "support.ask")
    await claire.sees("Exactement ce qui est transmis")
    await claire.sees("3 lues = 2 contacts + 1 à corriger")
    await claire.sees("E-mail, Prénom, Nom")
    await claire.types(
        "words", "Pourquoi zoe.leroy@exemple.fr est refusée ? Voir https://x.example/r?jeton=1"
    )
    await claire.submits()
    await claire.sees("La réponse vous arrivera dans notre conversation")
    await claire.closes()

    await arrives(town, 1)
    await samir.sees("@Claire demande de l'aide")
    await samir.sees("Pourquoi … est refusée ? Voir https://x.example/…")
    await samir.sees("3 lues = 2 contacts + 1 à corriger")
    await samir.sees("Reconnues : Email, Prénom, Nom")
    await samir.sees("À corriger : 1 adresse incomplète (incomplete_address)")
    await samir.sees("Fichier : csv à point-virgule, UTF-8, titres à la ligne 1")
    await samir.sees("reste entre vous")
    hides_everything(town)
    await claire.sees("Votre demande d'aide est transmise")

    await samir.clicks("support.reply")
    await town.dialog(samir, "support.reply")
    await samir.submits()
    assert samir.errors, "an answer has words"
    await samir.types("words", "Il manque la fin de l'adresse, ligne 4 <!channel> : zoe.leroy@exemple.fr ?")
    await samir.submits()
    await claire.sees("@Samir vous répond")
    await claire.sees("Il manque la fin de l'adresse, ligne 4 <!channel> : zoe.leroy@exemple.fr ?")
    await arrives(town, 2)
    assert posted(town)[1]["thread_ts"] == posted(town)[0]["ts"]
    await samir.sees("@Samir a répondu à la personne")

    await claire.clicks("support.answer")
    await town.dialog(claire, "support.answer")
    await claire.types("words", "Merci ! C'était zoe.leroy@exemple.fr")
    await claire.submits()
    await samir.sees("Merci ! C'était …")
    await arrives(town, 3)
    hides_everything(town)
    await claire.sees("Vous avez répondu, et c'est transmis à")
    replied = claire.messages[-1]
    assert "ligne 4 <!channel> : zoe.leroy@exemple.fr ?" in str(replied["blocks"]), "still whole"
    assert "Merci ! C'était …" in str(replied["blocks"])
    await claire.clicks("support.answer")
    await town.dialog(claire, "support.answer")
    await claire.types("words", "Et la ligne 5 ?")
    await claire.submits()
    await arrives(town, 4)
    await claire.sees("Et la ligne 5 ?")
    assert "Merci !" in str(claire.messages[-1]["blocks"])
    assert "<!channel>" not in str([one["text"] for one in posted(town)])


async def test_what_is_shown_is_what_is_passed_on(helped_english: Town) -> None:
    """A French person, a channel that reads English: the dialog shows the English lines."""
    town, claire = helped_english, helped_english.claire
    await claire.drops(broken_rows())
    await claire.sees("1 à corriger")
    await claire.clicks("support.ask")
    await town.dialog(claire, "support.ask")
    assert claire.dialog is not None
    shown = [block for block in claire.dialog["blocks"] if block["type"] == "rich_text"]
    await claire.submits()
    await arrives(town, 1)
    passed = [block for block in posted(town)[0]["blocks"] if block["type"] == "rich_text"]
    assert [one["elements"] for one in passed] == [one["elements"] for one in shown]


async def test_a_refused_file_is_asked_about_in_english(helped_english: Town) -> None:
    town, bob = helped_english, helped_english.bob
    await bob.drops(("Martinet.pdf", b"%PDF-1.7 claire.martin@exemple.fr"))
    await bob.sees("I can't read contacts in it")
    await asks(town, bob, "What is wrong with it?")
    await arrives(town, 1)
    await town.samir.sees("What is wrong with it?")
    await town.samir.sees("Code: reading.")
    hides_everything(town)
    await town.samir.clicks("support.reply")
    await town.dialog(town.samir, "support.reply")
    await town.samir.types("words", "Save it as .xlsx")
    await town.samir.submits()
    await bob.sees("@Samir answers you")
    await bob.sees("Save it as .xlsx")


async def test_a_file_without_titles_passes_no_name_on(helped: Town) -> None:
    """Its first row is somebody's: only the number of columns is told."""
    town, claire = helped, helped.claire
    await claire.drops(("liste.csv", csv_bytes([("Martinet", "Lyon"), ("Lefèvre", "Nantes")])))
    await town.slack.until(lambda: "support.ask" in str(claire.messages))
    await asks(town, claire)
    await arrives(town, 1)
    hides_everything(town)
    assert "Nantes" not in str(posted(town))


async def test_a_second_click_passes_it_on_once(helped: Town) -> None:
    town, claire = helped, helped.claire
    await claire.drops(("x.pdf", b"%PDF-1.7"))
    await claire.sees("est un PDF")
    await claire.clicks("support.ask")
    await town.dialog(claire, "support.ask")
    assert claire.dialog is not None
    metadata = claire.dialog["private_metadata"]
    await asyncio.gather(
        claire.forges_submission("support.ask", metadata, {"words": {"value": {"value": "une fois"}}}),
        claire.forges_submission("support.ask", metadata, {"words": {"value": {"value": "une fois"}}}),
    )
    await arrives(town, 1)
    await claire.closes()
    await claire.clicks("support.ask")
    await claire.sees("C'est déjà transmis")
    assert len(posted(town)) == 1


async def test_nobody_reads_or_answers_the_plea_of_somebody_else(helped: Town) -> None:
    town, claire, bob = helped, helped.claire, helped.bob
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    await asks(town, claire, "bonjour")
    await arrives(town, 1)
    plea = town.bot.store.pleas.all()[0]
    await bob.forges("support.answer", f"{plea.id}:1")
    await bob.sees("This request for help is gone")
    await bob.forges_submission("support.reply", f"{plea.id}:1:D0BOB", {"words": {"value": {"value": "x"}}})
    await bob.forges_submission("support.answer", f"{plea.id}:1", {"words": {"value": {"value": "x"}}})
    assert len(town.bot.store.pleas.all()[0].lines) == 1


async def test_slack_away_only_delays_it(helped: Town) -> None:
    town, claire = helped, helped.claire
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    await claire.clicks("support.ask")
    await town.dialog(claire, "support.ask")
    town.slack.break_next("chat.postMessage", "internal_error")
    await claire.submits()
    await claire.sees("La réponse vous arrivera")
    await town.slack.until(lambda: any(one.args.get("channel") == CHANNEL for one in town.slack.calls))
    assert posted(town) == []
    await town.goes_by(minutes=1)
    await arrives(town, 1)
    await claire.sees("Votre demande d'aide est transmise")


async def test_without_a_channel_admins_hear_it_and_with_nobody_there_is_no_button(
    tmp_path: Path, block_check: Check | None
) -> None:
    async with open_town(tmp_path / "data", block_check) as town:
        claire, bob = town.claire, town.bob
        await bob.drops(("x.pdf", b"%PDF-1.7"))
        await bob.sees("I can't read contacts in it")
        await bob.says("help")
        await bob.sees("Ask the person who installed Postillon")
        assert "support.ask" not in str(bob.messages), "nobody would hear it"
        await claire.says("aide")
        await claire.sees("Vous vous occupez de Postillon")
        await bob.says("help")
        await town.slack.until(lambda: "support.ask" in str(bob.messages))
        await asks(town, bob, "Hello?")
        await bob.sees("Noted, I am passing it on")
        await bob.closes()
        await claire.sees("@Bob demande de l'aide")
        await claire.sees("Ce que vous m'écrivez ici ne lui arrive pas")
        assert "reste entre vous" not in str(claire.messages), "nobody else is there"
        await claire.clicks("support.reply")
        await town.dialog(claire, "support.reply")
        await claire.types("words", "Me voici")
        await claire.submits()
        await bob.sees("@Claire answers you")
        await bob.sees("Me voici")
        await bob.clicks("support.answer")
        await town.dialog(bob, "support.answer")
        await bob.types("words", "Thanks!")
        await bob.submits()
        await bob.sees("You answered, and it was passed on to @Claire:")
        await bob.sees("Thanks!")
        await claire.sees("@Bob répond")


async def test_a_channel_the_bot_is_not_in_is_made_good_by_the_admins(
    tmp_path: Path, block_check: Check | None
) -> None:
    async with open_town(tmp_path / "data", block_check, support_channel="C0FERME") as town:
        town.slack.add_channel("C0FERME", name="ferme", has_bot=False)
        await town.claire.says("aide")
        await town.claire.sees("Ce que je sais faire")
        await town.bob.says("help")
        await town.slack.until(lambda: "support.ask" in str(town.bob.messages))
        await asks(town, town.bob, "Hello?")
        await town.claire.sees("@Bob demande de l'aide")
        await town.bob.sees("was passed on to @Claire")
        town.slack.refusals.clear()


async def composes(town: Town, person: Person) -> None:
    await person.drops(french_excel_csv())
    await person.sees("Liste gardée")
    await town.composes(person, LINK)


async def test_from_the_check_the_names_of_what_was_found_go_with_it(helped: Town) -> None:
    """Over the dialog, which is found again as it was."""
    town, claire = helped, helped.claire
    await composes(town, claire)
    await claire.clicks("support.ask")
    await town.dialog(claire, "support.ask")
    await claire.submits()
    await arrives(town, 1)
    await claire.closes()
    await town.dialog(claire, "campaigns.check")
    assert "lint." in str(posted(town))
    assert "brouillon (draft), étape 5 sur 5 (check)" in str(posted(town))
    hides_everything(town)


async def test_a_paused_campaign_s_counts_go_with_it(helped: Town) -> None:
    town, claire = helped, helped.claire
    await composes(town, claire)
    await claire.submits()
    town.mail.refuse_key()
    await town.reaches_departure()
    store = town.bot.store.campaigns
    await town.slack.until(lambda: store.all(town.workspace)[0].state is State.PAUSED)
    await town.slack.until(lambda: "support.ask" in str(claire.messages))
    before = len(posted(town))  # operators read of the refused key there, too
    await asks(town, claire, "Que se passe-t-il ?")
    await arrives(town, before + 1)
    passed = str(posted(town)[-1])
    assert "suspendue (paused)" in passed
    assert "3 pas parties" in passed
    assert "Code : delivery.why" in passed.replace(r"\xa0", " ")
    hides_everything(town)


async def test_an_answer_to_a_message_that_slack_does_not_show_stands_below_it(helped: Town) -> None:
    town, claire, samir = helped, helped.claire, helped.samir
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    await asks(town, claire, "bonjour")
    await claire.sees("C'est noté, je transmets")
    await claire.closes()
    await arrives(town, 1)
    await samir.clicks("support.reply")
    await town.dialog(samir, "support.reply")
    await samir.types("words", "Me voici")
    await samir.submits()
    await claire.sees("Me voici")
    await town.slack.until(lambda: "support.answer" in str(claire.messages))
    town.slack.break_next("conversations.history", "missing_scope")
    await claire.clicks("support.answer")
    await town.dialog(claire, "support.answer")
    await claire.types("words", "Merci !")
    await claire.submits()
    await claire.sees("Vous avez répondu, et c'est transmis à")
    assert "Me voici" not in str(claire.messages[-1]["blocks"])
    assert "Me voici" in str(claire.messages[-2]["blocks"])


async def test_from_home_in_english(helped_english: Town) -> None:
    town, bob = helped_english, helped_english.bob
    await bob.opens_home()
    await town.slack.until(lambda: "support.ask" in str(bob.home))
    await asks(town, bob, "How do I begin?")
    await arrives(town, 1)
    await town.samir.sees("@Bob asks for help · speaks English · America/New_York")
    await town.samir.sees("How do I begin?")
