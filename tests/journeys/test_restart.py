"""Restart: a new process on the same folder finds everything as it was left."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage import open_store
from tests.conftest import Check
from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import composes, dialog, reaches
from tests.journeys.process import Service, now, open_service

LINK = "https://forms.example/s/1"


@pytest.fixture
async def service(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Service]:
    async with open_service(tmp_path / "data", block_check) as opened:
        yield opened
    assert opened.slack.refusals == []


async def test_lists_drafts_and_scheduled_campaigns_survive_a_power_cut(service: Service) -> None:
    claire = service.claire
    await service.start()
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await composes(service.slack, claire, LINK)
    await claire.submits()
    await claire.sees("rogrammée")
    await reaches(service.slack, claire, "message", LINK, keeps_recent=True)
    await claire.types("subject", "Un brouillon")
    await claire.submits()
    await dialog(service.slack, claire, "campaigns.when")
    await service.kill()

    await service.start()
    code, output, _ = await service.runs("status", "--json")
    assert code == 0
    status = json.loads(output)
    assert [one["contacts"] for one in status["lists"]] == [3]
    assert sorted(one["state"] for one in status["campaigns"]) == ["draft", "scheduled"]
    await claire.opens_home()
    await claire.sees("Reprendre")

    code, _ = await service.end()
    assert code == 0


async def test_a_campaign_scheduled_before_a_restart_leaves_after_it(service: Service) -> None:
    claire = service.claire
    await service.start()
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await reaches(service.slack, claire, "when", LINK)
    departure = int(now().timestamp()) + 600
    await claire.picks_time("send_at", departure)
    await claire.submits()
    await dialog(service.slack, claire, "campaigns.check")
    await claire.submits()
    await claire.sees("rogrammée")
    await service.kill()

    # a start takes a second or two: at the moment itself the bot is up again
    wait = timedelta(seconds=departure - now().timestamp() - 6)
    store = open_store(f"tinydb:{service.data}")
    store.set_clock_offset(wait)
    store.close()
    await service.start()
    await service.mail.until(lambda: len(service.mail.letters) == 3, timeout=20)
    await claire.sees("3 acceptées")


async def test_a_moment_missed_by_far_is_asked_about(service: Service) -> None:
    claire = service.claire
    await service.start()
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await composes(service.slack, claire, LINK)
    await claire.submits()
    await claire.sees("rogrammée")
    await service.kill()

    store = open_store(f"tinydb:{service.data}")
    store.set_clock_offset(timedelta(days=10))
    store.close()
    await service.start()
    await claire.sees("Rien ne part avant votre réponse.")
    assert service.mail.letters == []
    await claire.clicks("campaigns.send_now")
    await service.mail.until(lambda: len(service.mail.letters) == 3, timeout=20)


async def test_check_beside_the_running_bot_finds_nothing_wrong(service: Service) -> None:
    service.more = {"PUBLIC_URL": "https://postillon.example"}
    await service.start()
    code, output, errors = await service.runs("check")
    assert (code, errors) == (0, ""), output


async def test_a_second_bot_on_the_folder_is_refused_in_a_sentence(service: Service) -> None:
    await service.start()
    code, _, errors = await service.runs("serve")
    assert code == 1
    assert "Traceback" not in errors
    assert str(service.data) in errors
