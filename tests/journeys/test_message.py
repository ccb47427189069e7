"""Step 3: fields put into the letter, its two editors, templates."""

from bot.playground.slack import Person
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"


def standing(person: Person, block_id: str) -> str:
    """What a field of the dialog holds, as the person sees it."""
    view = person.dialog
    assert view is not None
    block = next(one for one in view["blocks"] if one.get("block_id") == block_id)
    element = block["element"]
    held = view["state"]["values"][block_id][element["action_id"]]
    rich = held.get("rich_text_value")
    return words(rich) if rich else str(held.get("value") or "")


def words(node: object) -> str:
    if isinstance(node, dict):
        own = str(node.get("text") or "")
        return own + "".join(words(one) for one in node.get("elements", []))
    return ""


async def at_the_message(town: Town, person: Person, file: tuple[str, bytes], kept: str) -> None:
    await person.drops(file)
    await person.sees(kept)
    await town.reaches(person, "message", LINK)


async def holds(town: Town, person: Person, block_id: str, fragment: str) -> None:
    await town.slack.until(lambda: fragment in standing(person, block_id))


# --- fields -------------------------------------------------------------------------------------------


async def test_claire_puts_fields_into_her_letter(town: Town) -> None:
    claire = town.claire
    await at_the_message(town, claire, french_excel_csv(), "Liste gardée")
    await claire.types("body", "Merci de votre visite,")
    await claire.types("subject", "Un mot pour")
    await claire.selects("campaigns.field_body", "Prénom")
    await holds(town, claire, "body", "Merci de votre visite, {{prenom}}")
    await claire.selects("campaigns.field_subject", "Entreprise")
    await holds(town, claire, "subject", "Un mot pour {{entreprise}}")
    assert "Merci de votre visite, {{prenom}}" in standing(claire, "body"), "what was inserted before stays"
    await claire.selects("campaigns.field_body", "Bouton du questionnaire")
    await holds(town, claire, "body", "[Répondre au questionnaire]({{lien}})")
    await claire.submits()
    await town.dialog(claire, "campaigns.when")


async def test_bob_puts_a_column_of_his_own_into_his_letter(town: Town) -> None:
    bob = town.bob
    file = ("clients.csv", b"Email,First name,Last name,Segment\nanna@example.com,Anna,Lee,Gold\n")
    await at_the_message(town, bob, file, "List kept")
    await bob.types("body", "Hello")
    await bob.selects("campaigns.field_body", "Segment")
    await holds(town, bob, "body", "Hello {{Segment}}")
    await bob.submits()
    await town.dialog(bob, "campaigns.when")
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    await bob.sees("Hello Gold")


async def test_claire_s_columns_are_told_apart_and_called_as_her_file_calls_them(town: Town) -> None:
    claire = town.claire
    head, row = "Email;Prénom;Nom;Note;note;Ville (bureau)", "anna@example.com;Anna;Lee;dix;onze;Lyon"
    await at_the_message(town, claire, ("notes.csv", f"{head}\n{row}\n".encode()), "Liste gardée")
    await claire.types("subject", "{{Note}} et {{note}}")
    await claire.types("body", "De {{Ville (bureau) | chez vous}} : {{NOTE}}\n\n[Répondre]({{link}})")
    await claire.submits()
    await town.dialog(claire, "campaigns.when")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.sees("dix et onze")
    await claire.sees("De Lyon : dix")
    await claire.sees("La liste a plusieurs colonnes de ce nom")
    await claire.submits()
    await claire.sees("programmé")
    await town.reaches_departure()
    (letter,) = await town.letters(1)
    assert letter.subject == "dix et onze"
    assert "De Lyon : dix" in letter.text


async def test_bob_reaches_a_column_that_is_called_as_a_field_of_ours(town: Town) -> None:
    bob = town.bob
    file = ("links.csv", b"Email,First name,Last name,Link,a|b\nanna@example.com,Anna,Lee,mine,both\n")
    await at_the_message(town, bob, file, "List kept")
    await bob.types("body", "Hello {{link}} {{a|b}}")
    await bob.selects("campaigns.field_body", "Link (column)")
    await holds(town, bob, "body", "{{a|b}} {{Link (column)}}")
    await bob.submits()
    await town.dialog(bob, "campaigns.when")
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    await bob.sees("both mine")
    await bob.sees("is the survey's link here")


async def test_more_columns_than_a_menu_holds_are_searched_for(town: Town) -> None:
    claire = town.claire
    titles = [f"Question {n}" for n in range(290)]
    head = ";".join(["Email", "Prénom", "Nom", *titles])
    row = ";".join(["anna@example.com", "Anna", "Lee", *("oui" for _ in titles)])
    await at_the_message(town, claire, ("large.csv", f"{head}\n{row}\n".encode()), "Liste gardée")
    found = await claire.suggests("campaigns.field_body", "question 27")
    assert [one["text"]["text"] for one in found][:2] == ["Question 27", "Question 270"]
    await claire.selects("campaigns.field_body", "Question 270")
    await holds(town, claire, "body", "{{Question 270}}")


# --- editors ------------------------------------------------------------------------------------------


async def test_the_words_stay_when_the_editor_changes(town: Town) -> None:
    claire = town.claire
    await at_the_message(town, claire, french_excel_csv(), "Liste gardée")
    await claire.types("body", "Un **gros** mot et [un lien](https://nova.example)")
    await claire.clicks("campaigns.options")
    await town.slack.until(lambda: "campaigns.markdown" in str(claire.dialog))
    await claire.types("preheader", "Trois minutes")
    await claire.clicks("campaigns.markdown")
    await town.slack.until(lambda: "plain_text_input" in str(body(claire)))
    assert standing(claire, "body") == "Un **gros** mot et [un lien](https://nova.example)"
    assert standing(claire, "preheader") == "Trois minutes"
    await claire.types("body", "Un *autre* mot")
    await claire.clicks("campaigns.markdown")
    await town.slack.until(lambda: "rich_text_input" in str(body(claire)))
    assert standing(claire, "body") == "Un autre mot", "in Slack's editor its style is a style"
    await claire.submits()
    await town.dialog(claire, "campaigns.when")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.sees("Aperçu : Trois minutes")
    draft = town.bot.store.campaigns.all(town.workspace)[0]
    assert draft.body == "Un *autre* mot"


def body(person: Person) -> object:
    assert person.dialog is not None
    return next(one["element"] for one in person.dialog["blocks"] if one.get("block_id") == "body")


async def test_a_long_letter_stays_in_slack_s_editor(town: Town) -> None:
    bob = town.bob
    await at_the_message(town, bob, english_xlsx(), "List kept")
    await bob.clicks("campaigns.options")
    await town.slack.until(lambda: "campaigns.markdown" in str(bob.dialog))
    await bob.types("body", "words " * 600)
    await bob.clicks("campaigns.markdown")
    await bob.sees("it stays in Slack's editor")
    assert standing(bob, "body").startswith("words words")


# --- templates ----------------------------------------------------------------------------------------


async def test_claire_keeps_a_template_and_starts_from_it(town: Town) -> None:
    claire = town.claire
    await at_the_message(town, claire, french_excel_csv(), "Liste gardée")
    await claire.types("subject", "Mon objet")
    await claire.types("body", "Mes mots à moi")
    await claire.clicks("templates.save")
    await town.dialog(claire, "templates.save")
    await claire.types("title", "Clients fidèles")
    await claire.submits()
    await town.dialog(claire, "campaigns.message")
    await claire.sees("Modèle gardé : « Clients fidèles ».")
    assert standing(claire, "body") == "Mes mots à moi"

    await claire.selects("templates.start", "Relance")
    await holds(town, claire, "body", "Il y a quelques jours")
    claire.doesnt_see("Remettre mes mots")  # they are kept as a template: nothing is lost
    await claire.types("body", "Autre chose encore")
    await claire.selects("templates.start", "Clients fidèles")
    await holds(town, claire, "body", "Mes mots à moi")
    assert standing(claire, "subject") == "Mon objet"
    await claire.clicks("templates.undo")
    await holds(town, claire, "body", "Autre chose encore")
    claire.doesnt_see("Remettre mes mots")


async def test_bob_uses_what_claire_shares_and_cannot_change_it(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await at_the_message(town, claire, french_excel_csv(), "Liste gardée")
    await claire.types("body", "Des mots pour tous")
    await claire.clicks("templates.save")
    await town.dialog(claire, "templates.save")
    await claire.types("title", "Pour tous")
    await claire.checks("shared", "shared")
    await claire.submits()
    await claire.sees("Modèle gardé")

    await at_the_message(town, bob, english_xlsx(), "List kept")
    await bob.selects("templates.start", "Pour tous · French")
    await holds(town, bob, "body", "Des mots pour tous")
    await bob.clicks("campaigns.options")
    await town.slack.until(lambda: "campaigns.markdown" in str(bob.dialog))
    bob.doesnt_see("My templates")
    (shared,) = town.bot.store.templates.all(town.workspace)
    await bob.forges("templates.delete", f"{shared.id}:1")
    await bob.sees("This template is gone, or is not shared any more.")
    assert town.bot.store.templates.all(town.workspace) == [shared]


async def test_claire_renames_and_deletes_a_template(town: Town) -> None:
    claire = town.claire
    await at_the_message(town, claire, french_excel_csv(), "Liste gardée")
    for title in ("Un", "Deux"):
        await claire.clicks("templates.save")
        await town.dialog(claire, "templates.save")
        await claire.types("title", title)
        await claire.submits()
        await claire.sees(f"Modèle gardé : « {title} ».")
    await claire.clicks("campaigns.options")
    await town.slack.until(lambda: "templates.mine" in str(claire.dialog))
    await claire.clicks("templates.mine")
    await town.dialog(claire, "templates.mine")
    await claire.clicks("templates.edit", nth=1)
    await town.dialog(claire, "templates.edit")
    await claire.types("title", "Deux")
    await claire.submits()
    assert claire.errors == {"title": "Vous avez déjà un modèle «\u00a0Deux\u00a0»."}
    await claire.types("title", "Trois")
    await claire.submits()
    await town.dialog(claire, "templates.mine")
    await claire.sees("Trois")
    await claire.clicks("templates.edit")
    await town.dialog(claire, "templates.edit")
    await claire.clicks("templates.delete")
    await claire.sees("Modèle supprimé : « Deux ».")
    await claire.closes()
    claire.doesnt_see("*Deux*")
    assert [one.title for one in town.bot.store.templates.all(town.workspace)] == ["Trois"]


async def test_what_is_typed_in_a_second_window_is_not_lost(town: Town) -> None:
    claire = town.claire
    await at_the_message(town, claire, french_excel_csv(), "Liste gardée")
    await claire.types("body", "Écrit dans la première fenêtre")
    draft = town.bot.store.campaigns.all(town.workspace)[0]
    owner = town.bot.store.people.get(town.workspace, draft.owner)
    assert owner is not None
    town.bot.services.campaigns.go_to(
        owner, draft.id, draft.revision, draft.step, body="Écrit dans la seconde"
    )
    await claire.submits()
    await claire.sees("a changé entre-temps")
    assert standing(claire, "body") == "Écrit dans la seconde"
    await claire.clicks("templates.undo")
    await holds(town, claire, "body", "Écrit dans la première fenêtre")
