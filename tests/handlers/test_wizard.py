"""The campaign dialog, lived through: forward and back, with what is typed, tested and closed."""

import asyncio
import urllib.request
from typing import Any

import pytest

from bot.core.campaigns import State
from bot.playground.slack import Person
from tests.fixtures.files import csv_bytes, english_xlsx, french_excel_csv
from tests.journeys.harness import Town, unsubscribe_page

LINK = "https://forms.example/s/1"


async def drops(person: Person, file: tuple[str, bytes]) -> None:
    await person.drops(file)
    await person.sees("Liste gardée" if person.profile.locale.startswith("fr") else "List kept")


def campaign(town: Town) -> Any:
    """The newest one."""
    return town.bot.store.campaigns.all(town.workspace)[0]


def changes_elsewhere(town: Town) -> None:
    """The draft changes in another window."""
    draft = campaign(town)
    member = town.bot.services.people.member(draft.workspace, draft.owner)
    town.bot.services.campaigns.go_to(member, draft.id, draft.revision, draft.step, preheader="Ailleurs")


async def test_from_the_desktop_to_a_scheduled_campaign_in_ten_actions(town: Town) -> None:
    claire = town.claire
    actions = 2  # drag, Enter
    await drops(claire, french_excel_csv())
    await claire.clicks("campaigns.new")
    await town.dialog(claire, "campaigns.parameters")
    await claire.types("link", LINK)
    actions += 2
    for following in ("recipients", "message", "when", "check"):
        await claire.submits()
        await town.dialog(claire, f"campaigns.{following}")
        actions += 1
    await claire.clicks("campaigns.test")
    await claire.sees("Test envoyé à claire@studio-nova.example")
    await claire.submits()
    actions += 2
    await claire.sees("· programmée")
    assert actions == 10
    assert claire.dialog is None


@pytest.mark.parametrize(
    ("block", "typed", "said"),
    [
        ("link", "mon questionnaire", "n'est pas un lien"),
        ("link", "forms.example/s/1", "écrivez https://forms.example/s/1"),
        ("reply_to", "claire", "n'est pas une adresse e-mail"),
        ("link_parameter", "1 2", "ne convient pas"),
    ],
)
async def test_an_error_stands_at_its_field(town: Town, block: str, typed: str, said: str) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await claire.clicks("campaigns.new")
    await town.dialog(claire, "campaigns.parameters")
    await claire.clicks("campaigns.options")
    await claire.sees("Paramètre du lien")
    await claire.types("link", LINK)
    await claire.types(block, typed)
    await claire.submits()
    assert said in claire.errors[block].replace("\u00a0", " ")
    assert claire.dialog
    assert claire.dialog["callback_id"] == "campaigns.parameters"


async def test_more_options_keep_what_was_typed_and_are_saved(town: Town) -> None:
    bob = town.bob
    await drops(bob, english_xlsx())
    await bob.clicks("campaigns.new")
    await town.dialog(bob, "campaigns.parameters")
    await bob.types("link", LINK)
    await bob.clicks("campaigns.options")
    await bob.sees("Sender's name")
    await bob.sees(LINK)
    await bob.types("sender_name", "Bob of Nova")
    await bob.types("reply_to", "help@studio-nova.example")
    await bob.types("reason", "You came to our fair.")
    await bob.submits()
    await town.dialog(bob, "campaigns.recipients")
    draft = campaign(town)
    assert (draft.link, draft.sender.name, draft.reason) == (LINK, "Bob of Nova", "You came to our fair.")
    assert draft.reply_to.address == "help@studio-nova.example"
    assert draft.sender.address == "enquetes@studio-nova.example", (
        "the settings' own, unless another is chosen"
    )
    (kept,) = town.bot.store.lists.all(town.workspace)
    assert kept.reason == "You came to our fair.", "kept with the list"


async def test_the_last_link_is_one_click_away_the_second_time(town: Town) -> None:
    bob = town.bob
    await drops(bob, english_xlsx())
    await town.composes(bob, LINK)
    await bob.submits()
    await bob.sees("scheduled")
    await bob.clicks("campaigns.new")
    await town.dialog(bob, "campaigns.parameters")
    await bob.clicks("campaigns.reuse")
    await town.slack.until(lambda: LINK in str(bob.dialog and bob.dialog["state"]))
    await bob.clicks("campaigns.options")
    await bob.sees("Sender's name")
    await bob.submits()
    await town.dialog(bob, "campaigns.recipients")
    assert campaign(town).link == LINK


async def test_back_keeps_what_was_typed(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.reaches(claire, "message", LINK)
    await claire.types("subject", "Un objet à moi")
    await claire.types("body", "Des mots {{pas fini")
    await claire.clicks("campaigns.back")
    await town.dialog(claire, "campaigns.recipients")
    await claire.clicks("campaigns.back")
    await town.dialog(claire, "campaigns.parameters")
    await claire.submits()
    await town.dialog(claire, "campaigns.recipients")
    await claire.submits()
    await town.dialog(claire, "campaigns.message")
    await claire.sees("Un objet à moi")
    await claire.sees("Des mots {{pas fini")


async def test_the_check_is_the_hub(town: Town) -> None:
    bob = town.bob
    await drops(bob, english_xlsx())
    await town.composes(bob, LINK)
    draft = campaign(town)
    await bob.clicks("campaigns.edit", value=f"{draft.id}:{draft.revision}:message")
    await town.dialog(bob, "campaigns.message")
    await bob.types("subject", "Another subject")
    await bob.clicks("campaigns.back")
    await town.dialog(bob, "campaigns.check")
    bob.doesnt_see("Another subject")
    draft = campaign(town)
    await bob.clicks("campaigns.edit", value=f"{draft.id}:{draft.revision}:message")
    await town.dialog(bob, "campaigns.message")
    await bob.sees("The words you had are kept.")
    await bob.types("subject", "Another subject, {{first_name}}")
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    await bob.sees("Another subject, Anna")


async def test_a_language_replaces_only_words_nobody_touched(town: Town) -> None:
    bob = town.bob
    await drops(bob, english_xlsx())
    await town.reaches(bob, "message", LINK)
    await bob.types("subject", "My own subject")
    await bob.submits()
    await town.dialog(bob, "campaigns.when")
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    draft = campaign(town)
    await bob.clicks("campaigns.edit", value=f"{draft.id}:{draft.revision}:parameters")
    await town.dialog(bob, "campaigns.parameters")
    await bob.clicks("campaigns.options")
    await bob.sees("Language of the letter")
    await bob.selects("language", "fr")
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    await bob.sees("My own subject")
    await bob.sees("Bonjour Anna")
    assert campaign(town).reason.startswith("Vous figurez"), "the footer follows the language too"


async def test_what_the_editor_styles_is_in_the_letter_and_in_the_resumed_draft(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.reaches(claire, "message", LINK)
    bold = {"type": "text", "text": "{{prénom}}", "style": {"bold": True}}
    plain = {"type": "text", "text": ", voici : [votre page]({{lien}}), merci."}
    typed = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [bold, plain]}]}
    await claire.types("body", typed)
    await claire.submits()
    await town.dialog(claire, "campaigns.when")
    await claire.clicks("campaigns.back")
    await town.dialog(claire, "campaigns.message")
    assert claire.dialog
    (body,) = claire.dialog["state"]["values"]["body"].values()
    assert body["rich_text_value"]["elements"] == typed["elements"]
    await claire.submits()
    await town.dialog(claire, "campaigns.when")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.clicks("campaigns.test")
    (letter,) = await town.letters(1)
    assert "<strong>Claire</strong>, voici" in letter.html
    assert f'<a href="{LINK}"' in letter.html
    await claire.sees("Test envoyé")


async def test_closing_keeps_the_draft_and_says_so_once(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.reaches(claire, "when", LINK)
    await claire.closes()
    await claire.sees("Brouillon gardé")
    assert sum("Brouillon gardé" in str(message) for message in claire.messages) == 1
    await claire.clicks("campaigns.edit")
    await town.dialog(claire, "campaigns.when")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.closes()
    await town.slack.until(lambda: sum("Brouillon gardé" in str(message) for message in claire.messages) == 2)


async def test_a_draft_is_thrown_away(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.reaches(claire, "when", LINK)
    await claire.closes()
    await claire.sees("Brouillon gardé")
    await claire.clicks("campaigns.discard")
    await claire.sees("Brouillon jeté")
    claire.doesnt_see("Brouillon gardé")
    assert town.bot.store.campaigns.all(town.workspace) == []


async def test_two_clicks_on_new_campaign_make_one_draft(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await asyncio.gather(claire.clicks("campaigns.new"), claire.clicks("campaigns.new"))
    await town.dialog(claire, "campaigns.parameters")
    assert len(town.bot.store.campaigns.all(town.workspace)) == 1


async def test_two_clicks_on_the_test_send_one_letter(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.composes(claire, LINK)
    town.mail.delay(0.3)
    await asyncio.gather(claire.clicks("campaigns.test"), claire.clicks("campaigns.test"))
    await town.slack.until(lambda: campaign(town).is_tested)
    assert len(await town.letters(1)) == 1
    await claire.submits()
    await claire.sees("programmée")


async def test_a_test_on_its_way_does_not_stand_in_the_way_of_the_schedule(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.composes(claire, LINK)
    services, draft = town.bot.services.campaigns, campaign(town)
    fix_audience = type(services)._fix_audience

    def tested_meanwhile(*args: Any) -> tuple[str, int]:
        if not campaign(town).is_tested:
            services._tested(campaign(town))
        return fix_audience(services, *args)

    object.__setattr__(services, "_fix_audience", tested_meanwhile)
    await claire.submits()
    await claire.sees("· programmée")
    assert campaign(town).is_tested
    assert campaign(town).revision == draft.revision + 2


async def test_the_test_warns_again_after_an_edit(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.composes(claire, LINK)
    await claire.sees("Aucun test reçu")
    await claire.clicks("campaigns.test")
    await claire.sees("Test envoyé")
    await claire.clicks("campaigns.preview")
    await claire.sees("Lettre de Noël Lefèvre (ligne 3)")
    claire.doesnt_see("Aucun test reçu")
    draft = campaign(town)
    await claire.clicks("campaigns.edit", value=f"{draft.id}:{draft.revision}:message")
    await town.dialog(claire, "campaigns.message")
    await claire.types("subject", "Un autre objet")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.sees("Aucun test reçu")


async def test_a_test_that_is_refused_says_why_in_the_dialog(town: Town) -> None:
    bob = town.bob
    await drops(bob, english_xlsx())
    await town.composes(bob, LINK)
    town.mail.refuse_key()
    await bob.clicks("campaigns.test")
    await bob.sees("The mail service refuses our key; it isn't you.")
    assert bob.dialog
    assert bob.dialog["callback_id"] == "campaigns.check"
    assert not campaign(town).is_tested


async def test_another_window_was_first(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.composes(claire, LINK)
    changes_elsewhere(town)
    await claire.submits()
    await claire.sees("a changé entre-temps")
    await claire.submits()
    await claire.sees("programmée")


async def test_another_window_was_first_for_a_button_too(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.composes(claire, LINK)
    changes_elsewhere(town)
    await claire.clicks("campaigns.preview")
    await claire.sees("a changé entre-temps")
    await claire.clicks("campaigns.preview")
    await claire.sees("Noël Lefèvre")


async def test_scheduling_twice_schedules_once(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.composes(claire, LINK)
    draft = campaign(town)
    await claire.submits()
    await claire.sees("· programmée")
    answer = await claire.forges_submission("campaigns.check", f"{draft.id}:{draft.revision}", {})
    assert "est déjà programmée" in str(answer.body)
    assert campaign(town).revision == draft.revision + 1


async def test_the_list_s_count_follows_the_choice(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    header, *people = ("Email", "Prénom", "Nom"), ("a@exemple.fr", "A", "B"), ("c@exemple.fr", "C", "D")
    await claire.drops(("autres.csv", csv_bytes((header, *people))))
    await claire.sees("2 contacts")
    await town.reaches(claire, "recipients", LINK)
    await claire.sees("2 personnes")
    larger = next(one for one in town.bot.store.lists.all(town.workspace) if one.count == 3)
    await claire.selects("list", larger.id)
    await claire.sees("3 personnes")
    await claire.submits()
    await town.dialog(claire, "campaigns.message")
    assert campaign(town).list_title == "clients"


async def test_a_list_deleted_meanwhile_asks_for_another(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.composes(claire, LINK)
    await claire.closes()
    await claire.sees("Brouillon gardé")
    await claire.clicks("lists.delete")
    await claire.sees("supprimée")
    await claire.clicks("campaigns.edit")
    await town.dialog(claire, "campaigns.recipients")
    await claire.sees("Il me faut d'abord une liste")


async def test_nobody_left_to_write_to(town: Town) -> None:
    claire = town.claire
    alone = (("Email", "Prénom", "Nom"), ("zoe@exemple.fr", "Zoé", "Leroy"))
    await drops(claire, ("seule.csv", csv_bytes(alone)))
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("programmée")
    await town.reaches_departure()
    (letter,) = await town.letters(1)
    page = unsubscribe_page(letter)
    await town.opens(page_post(page))
    await claire.sees("1 désinscription")
    await town.reaches(claire, "recipients", LINK)
    await claire.sees("0 personne = 1 − 1 désinscrite")
    await claire.submits()
    assert "ne peut pas recevoir la lettre" in claire.errors["audience"]
    assert campaign(town).step.value == "recipients"


def page_post(page: str) -> urllib.request.Request:
    return urllib.request.Request(page, data=b"List-Unsubscribe=One-Click")


async def test_trying_it_on_myself(town: Town) -> None:
    claire = town.claire
    await claire.says("bonjour")
    await claire.sees("Essayer sur moi-même")
    await claire.clicks("lists.try")
    await town.dialog(claire, "campaigns.parameters")
    await claire.types("link", LINK)
    for following in ("recipients", "message", "when", "check"):
        await claire.submits()
        await town.dialog(claire, f"campaigns.{following}")
    await claire.sees("Envoyer à 1")
    await claire.submits()
    (letter,) = await town.letters(1)
    assert letter.to == "claire@studio-nova.example"
    assert "Bonjour Claire" in letter.text
    await claire.sees("1 lettre = 1 acceptée")


async def test_now_can_be_taken_back(town: Town) -> None:
    bob = town.bob
    await drops(bob, english_xlsx())
    await town.reaches(bob, "when", LINK)
    await bob.selects("when", "now")
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    await bob.sees("You will have 60 seconds to cancel.")
    await bob.sees("Send to 3")
    await bob.submits()
    await bob.sees("· scheduled")
    await bob.clicks("campaigns.cancel")
    await bob.sees("· cancelled")
    await town.goes_by(minutes=10)
    assert town.mail.letters == []
    assert campaign(town).state is State.CANCELLED


async def test_editing_a_scheduled_campaign_takes_it_off_the_road(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("· programmée")
    await claire.clicks("campaigns.edit")
    await town.dialog(claire, "campaigns.check")
    await claire.sees("Rien ne part avant que vous l'ayez programmée.")
    assert town.bot.store.campaigns.next_wake() is None
    await claire.submits()
    await claire.sees("· programmée")
    assert len([one for one in claire.messages if "· programmée" in str(one)]) == 1, "one message, edited"


async def test_a_campaign_taken_off_the_road_and_thrown_away_leaves_no_dead_button(town: Town) -> None:
    claire = town.claire
    await drops(claire, french_excel_csv())
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("· programmée")
    await claire.clicks("campaigns.edit")
    await town.dialog(claire, "campaigns.check")
    await claire.closes()
    await claire.sees("Brouillon gardé")
    await claire.clicks("campaigns.discard")
    await claire.sees("· annulée")
    assert "campaigns.edit" not in str(claire.messages)


async def test_nobody_else_reaches_a_draft(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await drops(claire, french_excel_csv())
    await town.reaches(claire, "message", LINK)
    draft = campaign(town)
    aim = f"{draft.id}:{draft.revision}"
    for verb in ("edit", "back", "options", "reuse", "list", "preview", "test", "discard"):
        await bob.forges(f"campaigns.{verb}", aim)
    for step in ("parameters", "recipients", "message", "when", "check"):
        answer = await bob.forges_submission(f"campaigns.{step}", aim, {})
        assert "can't find" in str(answer.body)
    await bob.sees("can't find")
    bob.doesnt_see("forms.example")
    assert campaign(town) == draft
    assert town.mail.letters == []


async def test_only_senders_send(town: Town) -> None:
    object.__setattr__(town.bot.services.campaigns.policy, "senders", ["U0SAMIR"])
    await drops(town.bob, english_xlsx())
    await town.bob.clicks("campaigns.new")
    await town.bob.sees("only some people may send")
    assert town.bot.store.campaigns.all(town.workspace) == []


async def test_the_words(town: Town) -> None:
    claire = town.claire
    await claire.says("campagnes")
    await claire.sees("Vous n'avez pas encore de campagne")
    await claire.says("Campagne !")
    await claire.sees("envoyé à une de vos listes")
    await claire.clicks("campaigns.new")
    await claire.sees("Il me faut d'abord une liste")
    await drops(claire, french_excel_csv())
    await claire.commands("/contacts", "campagne")
    await town.dialog(claire, "campaigns.parameters")
    await claire.types("link", LINK)
    await claire.submits()
    await town.dialog(claire, "campaigns.recipients")
    await claire.closes()
    await claire.says("campaigns")
    await claire.sees("1 brouillon")
    await claire.sees("Étape 2 sur 5")
