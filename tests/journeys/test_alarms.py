"""Too many bounces, or complaints: who sent and who looks after the bot are told, once, and what to do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.campaigns import State
from tests.fixtures.files import csv_bytes
from tests.journeys.harness import Town, open_town

ORDINARY = tuple(f"p{number}" for number in range(30))


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path / "data", admins=frozenset({"U0SAMIR"})) as town:
        town.mail.delivers = True
        yield town


async def sends(town: Town, *people: str) -> None:
    rows = [("Email", "Prénom", "Nom"), *((f"{one}@example.com", "Léa", "Leroy") for one in people)]
    await town.claire.drops(("clients.csv", csv_bytes(rows, ";")))
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    await town.reaches_departure()
    await town.claire.sees("distribuées")
    await town.mail.until(lambda: not town.mail.events_pending)


async def test_bounces_are_told_once_to_both(town: Town) -> None:
    await sends(town, *ORDINARY, "bounce", "bounce+1", "bounce+2")
    await town.goes_by(minutes=1)
    await town.claire.sees("3 adresses sur 33 n'existent pas (9,1")
    await town.samir.sees("Suppressions > Bounces")
    await town.goes_by(hours=2)
    assert town.claire.text_of().count("n'existent pas (9,1") == 1
    assert town.samir.text_of().count("Suppressions > Bounces") == 1
    assert town.bot.store.campaigns.all(town.workspace)[0].state is State.SENT


async def test_a_complaint_is_told_once_to_both(town: Town) -> None:
    await sends(town, *ORDINARY, "spam")
    await town.goes_by(minutes=1)
    await town.claire.sees("1 personne sur 31 a signalé la lettre comme indésirable")
    await town.samir.sees("Suppressions > Spam Reports")
    await town.goes_by(hours=2)
    assert town.samir.text_of().count("Suppressions > Spam Reports") == 1


async def test_a_good_list_alarms_nobody(town: Town) -> None:
    await sends(town, *ORDINARY, "bounce", "leave", "block")
    await town.goes_by(hours=2)
    assert "n'existe" not in town.claire.text_of()
    assert town.samir.messages == []


async def test_credits_gone_are_told_once_with_the_cure(town: Town) -> None:
    rows = [("Email", "Prénom", "Nom"), *((f"{one}@example.com", "Léa", "Leroy") for one in ORDINARY)]
    await town.claire.drops(("clients.csv", csv_bytes(rows, ";")))
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    town.mail.credits_gone()
    await town.reaches_departure()
    await town.claire.sees("suspendue")
    await town.samir.sees("crédits")
    told = len(town.samir.messages)
    await town.goes_by(hours=2)
    assert len(town.samir.messages) == told
    assert town.mail.letters == []
