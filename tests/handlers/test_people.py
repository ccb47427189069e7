"""The hello, the words of the DM, the language, guests: what a person hears from the bot."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.words import Words, normal
from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import Town


async def test_the_hello_is_said_once(town: Town) -> None:
    claire = town.claire
    await claire.says("bonjour")
    await claire.sees("Bonjour Claire, je suis Postillon")
    await claire.sees("Aucun e-mail ne part sans votre dernier clic.")
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    assert str(claire.messages).count("je suis Postillon") - _notifications(claire.messages) == 1


def _notifications(messages: list) -> int:  # type: ignore[type-arg]
    return sum("je suis Postillon" in message["text"] for message in messages)


async def test_the_first_opening_of_home_says_hello_too(town: Town) -> None:
    await town.bob.opens_home()
    await town.bob.sees("Hi Bob, I'm Postillon")
    await town.slack.until(lambda: town.bob.home is not None)
    await town.bob.opens_home()
    await town.bob.says("help")
    await town.bob.sees("What I can do")
    assert sum("Hi Bob" in str(message.get("blocks")) for message in town.bob.messages) == 1


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("Aide !", "Ce que je sais faire"),
        ("aidé", "Ce que je sais faire"),
        ("HELP", "Ce que je sais faire"),
        ("listes", "Pas encore de liste."),
        ("Mes contacts sont là ?", "Je ne comprends que quelques mots"),
        ("importer", "choisissez-le dans une fenêtre"),
        ("<!channel>", "Je ne comprends que quelques mots"),
    ],
)
async def test_every_word_is_answered(town: Town, said: str, answered: str) -> None:
    await town.claire.opens_messages()
    await town.claire.sees("je suis Postillon")
    await town.claire.says(said)
    await town.claire.sees(answered)


async def test_the_language_asked_for_outweighs_slacks(town: Town) -> None:
    claire = town.claire
    await claire.says("English please")
    await claire.sees("Noted, I'll speak English with you.")
    await claire.drops(french_excel_csv())
    await claire.sees("List kept. Nobody has been contacted.")
    await claire.says("Francais")
    await claire.sees("C'est noté, je vous parle français.")


async def test_a_changed_profile_is_heard(town: Town) -> None:
    bob = town.bob
    await bob.says("lists")
    await bob.sees("No list yet.")
    await bob.speaks("fr-FR")
    known = town.bot.store.people
    await town.slack.until(lambda: bob.profile.locale == "fr-FR")
    await bob.says("aide")
    await bob.sees("Ce que je sais faire")
    member = known.all(town.workspace)[0]
    assert member.zone == "America/New_York"


async def test_somebody_unknown_is_not_kept_because_their_profile_changed(town: Town) -> None:
    await town.samir.speaks("en-US")
    await town.claire.says("aide")
    await town.claire.sees("Ce que je sais faire")
    assert [one.id for one in town.bot.store.people.all(town.workspace)] == ["U0CLAIRE"]


async def test_edits_and_deletions_are_passed_over_quietly(town: Town) -> None:
    claire = town.claire
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    answers = len(claire.messages)
    await claire.edits_last("listes")
    await claire.deletes_last()
    await claire.says("exemple")
    await claire.sees("Voici un fichier exemple")
    assert "Pas encore de liste" not in claire.text_of()
    assert answers >= 2


async def test_an_event_nobody_listens_to_is_acknowledged(town: Town) -> None:
    answer = await town.slack.emits({"type": "team_join", "user": {"id": "U0NEW"}})
    assert answer.ok


async def test_a_repeated_event_is_answered_once(town: Town) -> None:
    claire = town.claire
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    said = len(claire.messages)
    answer = await town.slack.redeliver_last_event()
    assert answer.ok
    await claire.says("listes")
    await claire.sees("Pas encore de liste.")
    assert len(claire.messages) == said + 2


async def test_commands_answer_in_the_dm_whatever_the_channel(town: Town) -> None:
    claire = town.claire
    town.slack.add_channel("C0SALES", name="ventes")
    await claire.commands("/contacts", "liste", where="C0SALES")
    await claire.sees("Pas encore de liste.")
    await town.slack.until(
        lambda: [call for call in town.slack.calls if call.method == "response_url"],
    )
    assert all("contacts" not in str(message) for message in town.slack.messages_in("C0SALES"))


async def test_a_command_opens_the_import_dialog_at_once(town: Town) -> None:
    await town.claire.commands("/contacts", "importer")
    await town.claire.sees("10 Mo au plus dans cette fenêtre")
    assert town.claire.dialog is not None


@pytest.mark.parametrize(
    ("command", "text", "answered"),
    [
        ("/contacts", "", "Pas encore de liste."),
        ("/contacts", "aide", "Ce que je sais faire"),
        ("/contacts", "exemple", "Voici un fichier exemple"),
        ("/contacts", "stop jean@exemple.fr", "Plus personne ici n'écrira"),
        ("/postillon", "", "Ce que je sais faire"),
    ],
)
async def test_commands_in_words(town: Town, command: str, text: str, answered: str) -> None:
    await town.claire.commands(command, text)
    await town.claire.sees(answered)


def test_words_take_accents_case_and_politeness() -> None:
    async def act(_: object) -> None: ...

    words = Words()
    words.on("arrête", "stop", act=act)
    assert normal("  Arrête !! ") == "arrete"
    assert words.find("ARRETE, s'il te plaît") is not None
    found = words.find("stop Satisfaction 2026")
    assert found is not None
    assert found.rest == "satisfaction 2026"
    assert words.find("stop jean@exemple.fr") is None, "an address is nobody's name for a campaign"
    assert words.find("stop it at once or I will be very angry") is None
    assert words.find("") is None
    with pytest.raises(ValueError, match="two acts"):
        words.on("Stop", act=act)


@pytest.mark.parametrize(
    "kind", [{"is_restricted": True}, {"is_stranger": True, "team_id": "T0OTHER"}], ids=["guest", "stranger"]
)
async def test_guests_and_strangers_are_told_and_nothing_is_read(town: Town, kind: dict[str, Any]) -> None:
    samir = town.samir
    town.slack._ws.people[samir.profile.id] = replace(samir.profile, **kind)
    await samir.says("bonjour")
    await samir.sees("Postillon est réservé aux membres")
    await samir.drops(french_excel_csv())
    await town.slack.until(lambda: samir.text_of().count("réservé aux membres") == 2)
    await samir.opens_home()
    await town.slack.until(lambda: "réservé aux membres" in str(samir.home))
    assert town.bot.store.lists.all(town.workspace) == []
    await town.bot.edge.drain()
    assert town.bot.store.inbox.pending() == []
    samir.doesnt_see("je suis Postillon")
