"""Lists in the DM, in their dialog and on Home: what their owner does, and what nobody else can."""

import re

from bot.playground.slack import Person
from tests.fixtures.files import FRENCH_PEOPLE, english_csv, french_csv_with_mistakes, french_excel_csv, many
from tests.journeys.harness import Town


async def imports(person: Person, file: tuple[str, bytes]) -> str:
    """Drop the file, wait for its preview, and give the list's id."""
    before = len(person.messages)
    await person.drops(file)
    await person._until(lambda: any(_list_id(one) for one in person.messages[before:]))
    return next(found for one in person.messages[before:] if (found := _list_id(one)))


def _list_id(message: dict) -> str:  # type: ignore[type-arg]
    for block in message.get("blocks", []):
        for element in block.get("elements", []):
            if element.get("action_id") == "lists.view":
                return str(element["value"]).split(":")[0]
    return ""


async def test_view_shows_the_people_and_finds_them(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    await claire.clicks("lists.view")
    await claire.sees("Noël Lefèvre")
    await claire.sees("noel.lefevre@exemple.fr")

    await claire.types("search", "lefevre")
    await claire.sees("1 contact sur 3 pour « lefevre »")
    assert "zoe.leroy@exemple.fr" not in str(claire.dialog)

    await claire.types("search", "personne de ce nom")
    await claire.sees("Personne ne correspond")

    await claire.types("search", "")
    await claire.sees("zoe.leroy@exemple.fr")


async def test_an_expired_trigger_says_click_again(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    town.slack.break_next("views.open", "expired_trigger_id")
    await claire.clicks("lists.view")
    await claire.sees("cliquez encore une fois")
    await claire.clicks("lists.view")
    await claire.sees("Noël Lefèvre")


async def test_an_expired_trigger_of_somebody_never_seen_before(town: Town) -> None:
    town.slack.break_next("views.open", "expired_trigger_id")
    await town.bob.forges("lists.view", "lst_x:1")
    await town.bob.sees("click once more")


async def test_pages_turn_and_keep_the_search(town: Town) -> None:
    bob = town.bob
    await imports(bob, many(40))
    await bob.clicks("lists.view")
    await bob.sees("page 1 of 3")
    await bob.clicks("lists.page")
    await bob.sees("page 2 of 3")
    await bob.clicks("lists.page")
    await bob.sees("page 3 of 3")
    await bob.clicks("lists.previous")
    await bob.sees("page 2 of 3")


async def test_the_search_button_does_what_enter_does(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    await claire.clicks("lists.view")
    await claire.sees("Zoé Leroy")
    await claire.types("search", "zoe")
    await claire.submits()
    await claire.sees("1 contact sur 3")


async def test_renamed_in_the_dialog_everywhere(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    await claire.clicks("lists.view")
    await claire.sees("Zoé Leroy")
    await claire.clicks("lists.rename")
    await claire.sees("Titre, jamais montré aux destinataires")
    await claire.types("title", "   ")
    await claire.submits()
    assert "Donnez un titre" in claire.errors["title"]
    await claire.types("title", "Clients du Rhône")
    await claire.submits()
    await claire.sees("Clients du Rhône · 3 contacts")
    await town.slack.until(lambda: "Clients du Rhône" in str((claire.dialog or {}).get("title")))


async def test_downloads_come_into_the_conversation(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    await claire.clicks("lists.download")
    await town.slack.until(lambda: any(one.name.endswith(".xlsx") for one in claire.files))
    await claire.clicks("lists.view")
    await claire.sees("Zoé Leroy")
    await claire.clicks("lists.download", value=re.sub(":xlsx$", ":csv", _download(claire)))
    await claire.sees("Je prépare le fichier de 3 contacts")
    await town.slack.until(lambda: any(one.name.endswith(".csv") for one in claire.files[1:]))
    text = claire.files[-1].content.decode("utf-8-sig")
    for address, *_ in FRENCH_PEOPLE:
        assert address in text


def _download(person: Person) -> str:
    blocks = (person.dialog or {})["blocks"]
    values = [e["value"] for b in blocks for e in b.get("elements", []) if e["action_id"] == "lists.download"]
    return str(values[0])


async def test_deleted_and_brought_back(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    await claire.clicks("lists.delete")
    await claire.sees("est supprimée. Vous pouvez la récupérer jusqu'au")
    await claire.clicks("lists.undo")
    await claire.sees("Liste gardée")
    claire.doesnt_see("est supprimée")


async def test_a_double_click_on_delete_says_that_it_is_done(town: Town) -> None:
    claire = town.claire
    list_id = await imports(claire, french_excel_csv())
    await claire.clicks("lists.delete")
    await claire.sees("est supprimée")
    await claire.forges("lists.delete", f"{list_id}:1")
    await claire.sees("Pendant 7 jours, Récupérer la ramène")


async def test_after_seven_days_it_is_gone_for_good(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    await claire.clicks("lists.delete")
    await claire.sees("est supprimée")
    await town.goes_by(days=8)
    await claire.clicks("lists.undo")
    await claire.sees("Je ne trouve pas cette liste")


async def test_listes_lists_them_and_deletes_in_place(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    await imports(claire, french_csv_with_mistakes())
    await claire.says("Listes !")
    await claire.sees("ajoutée le")
    ts = claire.messages[-1]["ts"]
    await claire.clicks("lists.delete", where=ts)
    await town.slack.until(lambda: "lists.undo" in str(claire.messages[-1]["blocks"]))
    await claire.clicks("lists.undo", where=ts)
    await town.slack.until(lambda: "lists.undo" not in str(claire.messages[-1]["blocks"]))


async def test_home_holds_the_lists_and_deletes_in_place(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    await claire.opens_home()
    await town.slack.until(lambda: claire.home and "clients" in str(claire.home))
    await claire.clicks("lists.delete", where="home")
    await town.slack.until(lambda: "lists.undo" in str(claire.home))
    await claire.clicks("lists.undo", where="home")
    await town.slack.until(lambda: "lists.undo" not in str(claire.home))


async def test_the_sample_file_in_the_language_of_the_person(town: Town) -> None:
    await town.claire.says("exemple")
    await town.claire.sees("Voici un fichier exemple")
    await town.slack.until(lambda: len(town.claire.files) == 1)
    await town.bob.says("sample")
    await town.bob.sees("Here is a sample file")
    await town.slack.until(lambda: len(town.bob.files) == 1)
    assert town.claire.files[0].content != town.bob.files[0].content


async def test_nobody_elses_click_reaches_a_list(town: Town) -> None:
    claire, bob = town.claire, town.bob
    list_id = await imports(claire, french_excel_csv())
    await bob.says("help")
    await bob.sees("What I can do")
    for action in ("lists.view", "lists.download", "lists.delete", "lists.undo", "lists.rename"):
        said = len(bob.messages)
        answer = await bob.forges(action, f"{list_id}:1:xlsx")
        assert answer.ok
        await town.slack.until(lambda said=said: len(bob.messages) > said)
        assert "I can't find this list" in bob.messages[-1]["text"], action
    assert bob.dialog is None
    assert bob.files == []


async def test_a_stranger_never_seen_before_is_refused_in_the_dialog(town: Town) -> None:
    claire, bob = town.claire, town.bob
    list_id = await imports(claire, french_excel_csv())
    await bob.forges("lists.view", f"{list_id}:1")
    await bob.sees("I can't find this list")
    claire.doesnt_see("est supprimée")


async def test_nobody_elses_dialog_reaches_a_list(town: Town) -> None:
    claire, bob = town.claire, town.bob
    list_id = await imports(claire, french_excel_csv())
    title = {"title": {"title": {"type": "plain_text_input", "value": "Mine"}}}
    await bob.forges_submission("lists.rename", f"{list_id}:1", title)
    searched = {"search": {"lists.search": {"type": "plain_text_input", "value": "exemple"}}}
    answer = await bob.forges_submission("lists.view", f"{list_id}:1", searched)
    assert "exemple.fr" not in str(answer.body)
    await claire.says("listes")
    await claire.sees("ajoutée le")
    claire.doesnt_see("Mine")


async def test_somebody_elses_words_show_only_their_own(town: Town) -> None:
    await imports(town.claire, french_excel_csv())
    await imports(town.bob, english_csv())
    await town.bob.commands("/contacts")
    await town.bob.sees("added")
    await town.bob.sees("customers")
    town.bob.doesnt_see("clients")


async def test_delete_asks_with_the_campaigns_that_are_scheduled(town: Town) -> None:
    """They keep their audience; once they left or were cancelled, nothing is said of them any more."""
    claire = town.claire
    await imports(claire, french_excel_csv())
    await town.composes(claire, "https://forms.example/s/1")
    await claire.submits()
    used = "1 campagne programmée l'utilise"
    await town.slack.until(lambda: used in plain(_asked(claire)))
    await claire.clicks("lists.delete")
    await claire.sees("est supprimée")
    await claire.clicks("lists.undo")
    await claire.sees("Liste gardée")
    await town.reaches_departure()
    await town.letters(3)
    await town.slack.until(lambda: used not in plain(_asked(claire)))


def _asked(person: Person) -> str:
    """What the Delete button of the list's own message asks."""
    previews = [one for one in person.messages if "lignes lues" in plain(str(one["blocks"]))]
    return str([e.get("confirm") for b in previews[0]["blocks"] for e in b.get("elements", [])])


def plain(text: str) -> str:
    return text.replace("\\xa0", " ").replace("\u00a0", " ").replace("\\u202f", " ")


async def test_try_it_on_myself_opens_the_campaign(town: Town) -> None:
    claire = town.claire
    await claire.says("bonjour")
    await claire.sees("Essayer sur moi-même")
    await claire.clicks("lists.try")
    await town.slack.until(lambda: claire.dialog and claire.dialog["callback_id"] == "campaigns.parameters")
    mine = town.bot.store.lists.all(town.workspace)
    assert [one.title for one in mine] == ["Moi-même"]
    await claire.closes()
    await claire.clicks("lists.try")
    await town.slack.until(lambda: claire.dialog is not None)
    assert len(town.bot.store.lists.all(town.workspace)) == 1


async def test_home_shows_campaigns_and_drafts(town: Town) -> None:
    claire = town.claire
    await imports(claire, french_excel_csv())
    await town.composes(claire, "https://forms.example/s/1")
    await claire.submits()
    await claire.sees("programmée")
    await claire.clicks("campaigns.new")
    await town.slack.until(lambda: claire.dialog is not None)
    await claire.closes()
    await claire.opens_home()
    await town.slack.until(lambda: claire.home is not None)
    shown = claire.text_of()
    assert "Campagnes" in shown
    assert "1 brouillon" in shown
    assert "Reprendre" in shown
