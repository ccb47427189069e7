"""Delivery on a bad day: nobody twice, nobody forgotten, and somebody always told."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.campaigns import Campaign, State
from tests.conftest import Check
from tests.fixtures.files import english_xlsx, french_excel_csv, many
from tests.journeys.harness import Town, composes, dialog
from tests.journeys.process import Service, open_service

LINK = "https://forms.example/s/1"


def only_campaign(town: Town) -> Campaign:
    (campaign,) = town.bot.store.campaigns.all(town.workspace)
    return campaign


async def test_a_second_resume_finds_the_campaign_sent(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.submits()
    await town.reaches_departure()
    await town.letters(3)
    await claire.sees("3 lettres acceptées")
    sent = only_campaign(town)
    assert sent.state is State.SENT
    for action in ("campaigns.resume", "campaigns.send_now", "campaigns.cancel"):
        await claire.forges(action, f"{sent.id}:{sent.revision}")
        await town.bot.edge.drain()
    assert only_campaign(town) == sent
    await claire.sees("est déjà envoyée")
    assert len(town.mail.letters) == 3


async def test_one_busy_answer_holds_the_whole_wave(town: Town) -> None:
    """SendGrid asks for thirty seconds: the other batches do not go and ask again."""
    bob = town.bob
    await bob.drops(many(9_000))
    await bob.sees("List kept")
    await town.composes(bob, LINK)
    await bob.submits()
    town.mail.answer_next(429, headers={"Retry-After": "30"})
    await town.reaches_departure()
    assert sum(one.path == "/v3/mail/send" for one in town.mail.requests) <= 4
    assert only_campaign(town).state is State.SENDING
    await town.goes_by(minutes=1)
    await bob.sees("9,000 letters accepted")
    assert len({letter.to for letter in town.mail.letters}) == len(town.mail.letters) == 9_000


async def test_a_place_beyond_the_request_accuses_nobody(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.submits()
    errors = {"errors": [{"message": "no", "field": "personalizations.7.to.0.email", "help": None}]}
    town.mail.answer_next(400, body=errors)
    await town.reaches_departure()
    await claire.sees("suspendue")
    assert town.bot.services.campaigns.progress(only_campaign(town)).uncertain == 0
    await claire.clicks("campaigns.resume")
    await town.letters(3)


async def test_slack_away_at_the_end_is_told_when_it_is_back(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("programmée")
    await town.slack.away()
    await town.reaches_departure()
    await town.letters(3)
    town.slack.back()
    await town.goes_by(minutes=1)
    await claire.sees("« clients · novembre » : 3 lettres acceptées")
    await claire.sees("envoyée")
    assert town.bot.store.outbox.owed() == []


async def test_who_can_repair_hears_the_cure(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await claire.says("aide")
    await bob.drops(english_xlsx())
    await bob.sees("List kept")
    await town.composes(bob, LINK)
    await bob.submits()
    town.mail.refuse_key()
    await town.reaches_departure()
    await bob.sees("it isn't you")
    bob.doesnt_see("SENDGRID_API_KEY")
    await claire.sees("SENDGRID_API_KEY")


async def test_somebody_who_may_no_longer_send_cannot_let_it_leave(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.submits()
    town.mail.refuse_key()
    await town.reaches_departure()
    await claire.sees("suspendue")
    town.mail.recover()
    object.__setattr__(town.bot.services.campaigns.policy, "senders", frozenset({"U0BOB"}))
    await claire.clicks("campaigns.resume")
    await town.bot.edge.drain()
    assert only_campaign(town).state is State.PAUSED
    assert town.mail.letters == []


@pytest.fixture
async def service(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Service]:
    async with open_service(tmp_path / "data", block_check) as opened:
        yield opened


async def test_letters_in_flight_when_a_stopped_bot_died_are_uncertain(service: Service) -> None:
    """Stop, then a power cut: what had been handed over may have left, and is never called "not gone"."""
    claire = service.claire
    await service.start()
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await composes(service.slack, claire, LINK)
    await claire.clicks("campaigns.edit", value=None, nth=1)
    await dialog(service.slack, claire, "campaigns.when")
    await claire.selects("when", "now")
    await claire.submits()
    await dialog(service.slack, claire, "campaigns.check")
    service.mail.hang(taken=True)
    await claire.submits()
    await service.mail.until(lambda: len(service.mail.letters) == 3, timeout=20)
    await service.slack.until(lambda: "campaigns.stop" in str(claire.messages))
    await claire.clicks("campaigns.stop")
    await claire.sees("arrêtée")
    await service.kill()

    await service.start()
    _, output, _ = await service.runs("status", "--json")
    (campaign,) = json.loads(output)["campaigns"]
    assert (campaign["state"], campaign["uncertain"], campaign["pending"]) == ("stopped", 3, 0)
    await claire.sees("3 à vérifier")
    assert len(service.mail.letters) == 3
