"""One person of a list, by hand: added, corrected, removed, in the list's own dialog."""

from bot.core.ids import ListId
from bot.playground.slack import Person
from tests.fixtures.files import File, english_csv, french_excel_csv
from tests.journeys.harness import Town

PERSON = "lists.person"


async def opens(town: Town, person: Person, file: File) -> ListId:
    """The dialog of the list that the file became."""
    await person.drops(file)
    await person.sees("Liste gardée" if person is town.claire else "List kept")
    await person.clicks("lists.view")
    await person.sees("Corriger ou retirer…" if person is town.claire else "Correct or remove…")
    return town.bot.store.lists.all(town.workspace)[0].id


def emails(town: Town, list_id: ListId) -> list[str]:
    return [one.email for one in town.bot.store.lists.contacts(town.workspace, list_id)]


def choice(person: Person, row: int) -> str:
    """The value of the option that names this row."""
    assert person.dialog is not None
    options = [
        o for b in person.dialog["blocks"] for e in b.get("elements", []) for o in e.get("options", [])
    ]
    return next(str(one["value"]) for one in options if one["value"].endswith(f":{row}"))


async def corrects(town: Town, person: Person, row: int) -> None:
    await person.selects(PERSON, choice(person, row))
    await town.slack.until(lambda: person.dialog and person.dialog["callback_id"] == PERSON)


async def test_somebody_is_added(town: Town) -> None:
    claire = town.claire
    list_id = await opens(town, claire, french_excel_csv())
    await claire.clicks("lists.add")
    await town.dialog(claire, PERSON)
    await claire.types("email", " mailto:ines.petit@exemple.fr ")
    await claire.types("first_name", "Inès")
    await claire.submits()
    await claire.sees("Inès")
    await town.slack.until(lambda: "4 contacts" in claire.text_of())
    assert emails(town, list_id)[-1] == "ines.petit@exemple.fr"
    await claire.sees("clients · 4 contacts")


async def test_an_address_that_is_none_or_known_is_blamed_on_its_field(town: Town) -> None:
    bob = town.bob
    list_id = await opens(town, bob, english_csv())
    await bob.clicks("lists.add")
    await town.dialog(bob, PERSON)
    await bob.types("email", "jean@")
    await bob.submits()
    assert "I can't write to this address" in bob.errors["email"]
    await bob.types("email", "ANNA.Smith@Example.com")
    await bob.submits()
    assert "in the list already, row 2" in bob.errors["email"]
    assert len(emails(town, list_id)) == 3


async def test_somebody_is_corrected_and_the_rest_stays(town: Town) -> None:
    bob = town.bob
    list_id = await opens(town, bob, english_csv())
    await corrects(town, bob, 3)
    await bob.types("last_name", "O'Brian")
    await bob.submits()
    await bob.sees("Bob O'Brian")
    found = list(town.bot.store.lists.contacts(town.workspace, list_id))
    assert [one.row for one in found] == [2, 3, 4]
    assert (found[1].last_name, found[1].company) == ("O'Brian", "Harbour Credit")
    await bob.closes()
    await bob.clicks("lists.revert")
    await town.slack.until(
        lambda: "O'Brien" in str(list(town.bot.store.lists.contacts(town.workspace, list_id)))
    )


async def test_somebody_is_removed_and_a_second_click_finds_it_done(town: Town) -> None:
    claire = town.claire
    list_id = await opens(town, claire, french_excel_csv())
    stale = choice(claire, 4)
    await corrects(town, claire, 3)
    await claire.clicks("lists.remove")
    await claire.sees("Noël Lefèvre n'est plus dans « clients », qui compte 2 contacts")
    assert emails(town, list_id) == ["claire.martin@exemple.fr", "zoe.leroy@exemple.fr"]
    await claire.closes()
    await town.slack.until(lambda: "noel.lefevre" not in str(claire.dialog))
    await claire.forges("lists.remove", stale)
    await claire.sees("« clients » a changé depuis que ce bouton est affiché")
    assert len(emails(town, list_id)) == 2


async def test_of_many_small_changes_one_version_before_is_kept(town: Town) -> None:
    claire = town.claire
    list_id = await opens(town, claire, french_excel_csv())
    for row, name in ((2, "Clara"), (3, "Noé"), (4, "Zora")):
        await corrects(town, claire, row)
        await claire.types("first_name", name)
        await claire.submits()
        await claire.sees(name)
    kept = town.bot.store.lists.get(town.workspace, list_id)
    assert (kept.version, len(kept.previous), kept.previous[0].number) == (4, 1, 1)
    await claire.closes()
    await claire.clicks("lists.revert")
    await claire.sees("clients · 3 contacts")
    await town.slack.until(lambda: town.bot.store.lists.get(town.workspace, list_id).version == 1)
    await claire.clicks("lists.view")
    await claire.sees("Claire Martin")


async def test_nobody_else_touches_a_person(town: Town) -> None:
    claire, bob = town.claire, town.bob
    list_id = await opens(town, claire, french_excel_csv())
    await bob.says("help")
    await bob.sees("What I can do")
    for action in ("lists.person", "lists.add", "lists.remove"):
        said = len(bob.messages)
        await bob.forges(action, f"{list_id}:1:2")
        await town.slack.until(lambda said=said: len(bob.messages) > said)
        assert "I can't find this list" in bob.messages[-1]["text"], action
    values = {"email": {"email": {"type": "plain_text_input", "value": "bob@example.com"}}}
    await bob.forges_submission("lists.person", f"{list_id}:1", values)
    await bob.forges_submission("lists.person", f"{list_id}:1:2", values)
    assert emails(town, list_id) == [
        "claire.martin@exemple.fr", "noel.lefevre@exemple.fr", "zoe.leroy@exemple.fr",
    ]  # fmt: skip
    bob.doesnt_see("exemple.fr")
