"""The letter looked at and tested on the check, and what is found wrong with it."""

from dataclasses import replace

import pytest

from bot.core.lists import Access, Shared, share
from bot.core.sentences import Refusal
from bot.playground.slack import Person
from tests.fixtures.files import FRENCH_PEOPLE, csv_bytes, french_excel_csv
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"
WITH_BLANKS = (
    "clients.csv",
    csv_bytes([
        ("Email", "Prénom", "Nom", "Entreprise", "Ville", "Fonction"),
        *FRENCH_PEOPLE,
        ("x@exemple.fr", "", "", "", "", ""),
        ("y@exemple.fr", "", "Durand", "Nova", "", ""),
    ]),
)  # fmt: skip


async def at_the_check(town: Town, person: Person, file: tuple[str, bytes], **words: str) -> None:
    await person.drops(file)
    await person.sees("Liste gardée" if person is town.claire else "List kept")
    await town.reaches(person, "message", LINK)
    for field, text in words.items():
        await person.types(field, text)
    for following in ("when", "check"):
        await person.submits()
        await town.dialog(person, f"campaigns.{following}")


# --- read ---------------------------------------------------------------------------------------------


async def test_claire_reads_the_letters_of_the_people_she_chooses(town: Town) -> None:
    claire = town.claire
    await at_the_check(
        town, claire, WITH_BLANKS, body="Bonjour {{prenom | à vous}} de {{entreprise | chez vous}}"
    )
    await claire.sees("Bonjour Claire de Studio Nova")
    await claire.sees("Lettre de Claire Martin (ligne 2), 1 sur 5.")
    await claire.clicks("campaigns.preview")
    await claire.sees("Bonjour Noël de Crédit du Rhône")
    await claire.clicks("campaigns.preview_poorest")
    await claire.sees("Bonjour à vous de chez vous")
    await claire.sees("Lettre de x@exemple.fr (ligne 5), 4 sur 5.")
    found = await claire.suggests("campaigns.reader", "zoe")
    assert [one["text"]["text"] for one in found] == ["Zoé Leroy · zoe.leroy@exemple.fr"]
    await claire.selects("campaigns.reader", "Zoé Leroy · zoe.leroy@exemple.fr")
    await claire.sees("Bonjour Zoé de L’Œuvre")
    await claire.clicks("campaigns.preview_first")
    await claire.sees("Bonjour Claire de Studio Nova")


async def test_bob_reads_somebody_invented_where_the_list_is_only_lent_to_him(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await bob.says("hello")
    (known,) = town.bot.store.lists.all(town.workspace)
    lent = share(known, Shared(everybody=Access.USE))
    town.bot.store.lists.save(town.workspace, lent, known.revision)
    await bob.commands("/campaign", "new")
    await town.dialog(bob, "campaigns.parameters")
    await bob.types("link", LINK)
    for following in ("recipients", "message", "when", "check"):
        await bob.submits()
        await town.dialog(bob, f"campaigns.{following}")
    await bob.sees("Camille")
    await bob.sees("Letter to an invented person")
    for hidden in ("Noël", "claire.martin@exemple.fr", "Next contact"):
        bob.doesnt_see(hidden)


# --- tested -------------------------------------------------------------------------------------------


async def test_a_test_goes_to_colleagues_as_well(town: Town) -> None:
    claire, bob, samir = town.claire, town.bob, town.samir
    town.slack._ws.people["U0SAMIR"] = replace(samir.profile, email=None)
    await at_the_check(town, claire, french_excel_csv())
    await claire.sees("Aucun test reçu")
    await claire.checks("testers", "U0BOB", "U0SAMIR")
    await claire.clicks("campaigns.test")
    await claire.sees("Test envoyé à claire@studio-nova.example, Bob : il arrive d'ici une minute.")
    await claire.sees("Samir n'a pas d'adresse e-mail dans son profil Slack.")
    claire.doesnt_see("Aucun test reçu")
    to_claire, to_bob = sorted(await town.letters(2), key=lambda one: str(one.to), reverse=True)
    assert (to_claire.to, to_bob.to) == ("claire@studio-nova.example", "bob@studio-nova.example")
    assert "[Test]" in to_bob.subject
    assert "postillon=" not in to_bob.html
    assert "Bonjour Claire" in to_claire.text
    assert "Bonjour Camille" in to_bob.text, "the list is Claire's: Bob reads somebody invented's"
    await bob.sees("Claire shows you the letter of")
    await claire.sees("Programmer pour 3")


async def test_no_guest_gets_a_test(town: Town) -> None:
    bob = town.bob
    town.slack._ws.people["U0SAMIR"] = replace(town.samir.profile, is_restricted=True)
    file = ("clients.csv", b"Email,First name,Last name\nanna@example.com,Anna,Lee\n")
    await at_the_check(town, bob, file)
    await bob.checks("testers", "U0SAMIR")
    await bob.clicks("campaigns.test")
    await bob.sees("Samir gets no test: it is a guest's account, or a closed one.")
    (letter,) = await town.letters(1)
    assert letter.to == "bob@studio-nova.example"


# --- found --------------------------------------------------------------------------------------------


async def test_one_click_fills_what_would_be_blank(town: Town) -> None:
    claire = town.claire
    await at_the_check(town, claire, WITH_BLANKS, body="Bonjour {{prenom}},\n\nVotre avis ? {{lien}}")
    await claire.sees("2 personnes sans prénom : elles liront « Bonjour , ».")
    await claire.clicks("campaigns.fill")
    await claire.sees("Fait : « à vous » prend la place des cases vides.")
    claire.doesnt_see("personnes sans prénom")
    draft = town.bot.store.campaigns.all(town.workspace)[0]
    assert draft.body.startswith("Bonjour {{prenom | à vous}},")


async def test_bob_is_told_what_to_look_at_and_may_schedule_all_the_same(town: Town) -> None:
    bob = town.bob
    file = ("clients.csv", b"Email,First name,Last name\nanna@example.com,Anna,Lee\n")
    await at_the_check(
        town, bob, file, subject="RE: YOUR OPINION MATTERS TO US!!", body="Hello {{last_name}}"
    )
    await bob.sees("The subject begins with “RE:” like an answer")
    await bob.sees("a button is added at its end")
    await bob.submits()
    await bob.sees("scheduled")


async def test_what_blocks_hides_the_button_and_refuses_the_schedule(town: Town) -> None:
    claire = town.claire
    await at_the_check(town, claire, WITH_BLANKS, subject="{{fonction}}")
    await claire.sees("L'objet serait vide pour certaines personnes (lignes 5, 6)")
    assert claire.dialog is not None
    assert not claire.dialog["submit"]
    services, store = town.bot.services, town.bot.store
    draft = store.campaigns.all(town.workspace)[0]
    owner = store.people.get(town.workspace, draft.owner)
    assert owner is not None
    with pytest.raises(Refusal) as refused:
        services.campaigns.schedule(owner, draft.id, draft.revision)
    assert refused.value.sentence.key == "lint.subject.blank"
    assert store.campaigns.get(town.workspace, draft.id).state == "draft"


async def test_words_no_letter_can_be_made_of_are_mended_where_they_are(town: Town) -> None:
    """A field of a list's own goes with its list."""
    claire = town.claire
    await at_the_check(town, claire, french_excel_csv())
    services, store = town.bot.services, town.bot.store
    draft = store.campaigns.all(town.workspace)[0]
    owner = store.people.get(town.workspace, draft.owner)
    assert owner is not None
    services.campaigns.go_to(owner, draft.id, draft.revision, draft.step, preheader="{{segment}}")
    await claire.clicks("campaigns.preview")
    await town.dialog(claire, "campaigns.message")
    await claire.sees("Je ne connais pas le champ « segment ».")


async def test_more_than_five_findings_are_a_click_away(town: Town) -> None:
    bob = town.bob
    file = ("clients.csv", b"Email,First name,Last name\nanna@example.com,,\n")
    await at_the_check(
        town, bob, file, subject="RE: {{first_name}} ANSWER!! ANSWER!!" + " NOW" * 12,
        body="Hello {{first_name}}, {{last_name}} http://nova.example",
    )  # fmt: skip
    await bob.sees("more remarks")
    bob.doesnt_see("is not secure")
    await bob.clicks("campaigns.findings")
    await town.dialog(bob, "campaigns.findings")
    await bob.sees("A link in the letter is not secure: http://nova.example")
