"""*Try it on myself* takes liberties that a letter to anybody else must not."""

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
