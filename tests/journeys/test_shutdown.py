"""A stop while the mail service does not answer: soon, and with nothing taken for sent or unsent."""

import asyncio

from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"


async def test_a_stop_does_not_wait_for_a_service_that_hangs(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("rogrammée")
    town.mail.hang(taken=True)
    departure = asyncio.create_task(town.reaches_departure())
    await town.letters(3)

    town.bot.patience = 0.1
    await asyncio.wait_for(town.bot.stop(), 10)
    await departure
    await town.playground.start_bot()
    await claire.sees("0 acceptée + 3 à vérifier")
    await claire.sees("À vérifier : 3.")
    assert len(town.mail.letters) == 3
