"""*Try it on myself* takes liberties that a letter to anybody else must not."""

from dataclasses import replace

from bot.core.ids import MemberId
from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import Town


async def test_another_list_chosen_on_the_way_gets_no_letter_at_once(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("3 contacts")
    (clients,) = town.bot.store.lists.all(town.workspace)
    await claire.says("bonjour")
    await claire.sees("Essayer sur moi-même")
    await claire.clicks("lists.try")
    await town.dialog(claire, "campaigns.parameters")
    await claire.types("link", "https://forms.example/s/1")
    await claire.submits()
    await town.dialog(claire, "campaigns.recipients")
    await claire.selects("list", clients.id)
    await claire.sees("3 personnes")
    for following in ("message", "when", "check"):
        await claire.submits()
        await town.dialog(claire, f"campaigns.{following}")
    await claire.sees("Aucun test reçu")
    await claire.sees("Programmer pour 3")
    await claire.submits()
    await claire.sees("programmée")
    assert town.mail.letters == []


async def test_a_new_address_in_the_profile_is_the_one_written_to(town: Town) -> None:
    claire = town.claire
    await claire.says("bonjour")
    await claire.sees("Essayer sur moi-même")
    await claire.clicks("lists.try")
    await town.dialog(claire, "campaigns.parameters")
    await claire.closes()
    services, store = town.bot.services, town.bot.store
    member = store.people.get(town.workspace, MemberId("U0CLAIRE"))
    assert member is not None
    moved = replace(member, email="claire.nouvelle@studio-nova.example")
    again = services.lists.myself(moved, "Moi-même")
    (me,) = store.lists.contacts(town.workspace, again.id)
    assert me.email == "claire.nouvelle@studio-nova.example"
    assert services.lists.myself(moved, "Moi-même").id == again.id
