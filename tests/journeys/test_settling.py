"""A power cut while letters were handed over: asked about after the restart, and settled by a click."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Check
from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import dialog, reaches
from tests.journeys.process import Service, open_service

LINK = "https://forms.example/s/1"


@pytest.fixture
async def service(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Service]:
    async with open_service(tmp_path / "data", block_check) as opened:
        yield opened
    assert opened.slack.refusals == []


async def counted(service: Service) -> dict[str, Any]:
    _, output, _ = await service.runs("status", "--json")
    (campaign,) = json.loads(output)["campaigns"]
    return dict(campaign)


async def test_the_question_outlives_every_restart(service: Service) -> None:
    claire = service.claire
    await service.start()
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await reaches(service.slack, claire, "when", LINK)
    await claire.selects("when", "now")
    await claire.submits()
    await dialog(service.slack, claire, "campaigns.check")
    service.mail.hang(taken=True)
    await claire.submits()
    await service.mail.until(lambda: len(service.mail.letters) == 3, timeout=20)
    await service.kill()

    await service.start()
    await claire.sees("On m'a arrêté pendant la remise de 3 lettres")
    assert (await counted(service))["uncertain"] == 3
    code, _ = await service.end()
    assert code == 0

    await service.start()
    await claire.clicks("campaigns.wait")
    await claire.sees("Vous avez choisi d'attendre")
    await service.kill()

    await service.start()
    await claire.clicks("campaigns.settle")
    await claire.sees("3 considérées parties par @Claire")
    about = [one for one in claire.messages if "à vérifier" in str(one["text"])]
    assert len(about) == 1, "one message, whatever became of the bot"
    assert [(await counted(service))[name] for name in ("accepted", "uncertain")] == [3, 0]
    assert len(service.mail.letters) == 3, "nobody got a second one"
