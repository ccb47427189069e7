"""A stop while the mail service does not answer: soon, and with nothing taken for sent or unsent."""

import asyncio

import pytest

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


@pytest.mark.parametrize("method", ["chat.update", "chat.postMessage"])
async def test_a_stop_does_not_wait_for_a_slack_that_throttles(town: Town, method: str) -> None:
    """It asks for a minute, and a stop has ten seconds. What could not be said is said after the start."""
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("rogrammée")
    before = len(town.slack.calls)
    town.slack.throttle(method, 60)
    departure = asyncio.create_task(town.reaches_departure())
    await town.letters(3)
    await town.slack.until(lambda: any(call.method == method for call in town.slack.calls[before:]))

    town.bot.patience = 0.1
    await asyncio.wait_for(town.bot.stop(), 10)
    await departure
    await town.playground.start_bot()
    await claire.sees("part : 3 lettres.")
    await claire.sees("3 lettres acceptées par le service d'envoi.")
    await claire.sees("3 lettres = 3 acceptées")
