"""The live message: answers come in, and whoever sent the questionnaire sees them, on Home too."""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.core.answers import Source
from bot.core.campaigns import Campaign
from bot.playground.slack import Person
from tests.conftest import Check
from tests.fixtures.files import csv_bytes
from tests.journeys.harness import Town, open_town

SOON = 2.0  # seconds in which the message says what came
PEOPLE = ("anna", "bob", "zoe", "max", "bounce", "leo", "ines", "hugo")


@dataclass(frozen=True, kw_only=True)
class Tongue:
    who: str
    header: tuple[str, ...]
    kept: str
    scheduled: str
    unknown: str
    delivered: str
    answered: tuple[str, ...]
    brief: str
    exported: str
    charts: tuple[str, str]
    words: str
    listing: str


FRENCH = Tongue(
    who="claire", header=("Email", "Prénom", "Nom"), kept="Liste gardée", scheduled="programmée",
    unknown="Réponses inconnues", delivered="7 distribuées",
    answered=(
        "3 réponses", "43 % des distribuées", "43 % ont répondu", "Réponses transmises par forms.example"
    ),
    brief="3 réponses (43 %) · 7 distribuées · 1 en échec", exported="Réponses connues par l'export déposé",
    charts=("De la lettre à la réponse", "Réponses, jour par jour"), words="Ont répondu 5",
    listing="campagnes",
)  # fmt: skip
ENGLISH = Tongue(
    who="bob", header=("Email", "First name", "Last name"), kept="List kept", scheduled="scheduled",
    unknown="Answers unknown", delivered="7 delivered",
    answered=("3 answers", "43% of delivered", "43% answered", "Answers come from forms.example"),
    brief="3 answers (43%) · 7 delivered · 1 failed", exported="Answers known from the export dropped",
    charts=("From the letter to the answer", "Answers, day by day"), words="Answered 5",
    listing="campaigns",
)  # fmt: skip
BOTH = pytest.mark.parametrize("tongue", [FRENCH, ENGLISH], ids=["fr", "en"])


@pytest.fixture
async def town(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Town]:
    async with open_town(tmp_path / "data", block_check) as town:
        town.mail.delivers = True
        yield town


async def sends(town: Town, tongue: Tongue) -> tuple[Person, Campaign]:
    person: Person = getattr(town, tongue.who)
    rows = [(f"{one}@example.com", one.title(), "Leroy") for one in PEOPLE]
    await person.drops(("clients.csv", csv_bytes([tongue.header, *rows], ";")))
    await person.sees(tongue.kept)
    await town.composes(person, "https://forms.example/s/1")
    await person.submits()
    await person.sees(tongue.scheduled)
    await town.reaches_departure()
    await person.sees(tongue.delivered)
    (campaign,) = town.bot.store.campaigns.all(town.workspace)
    return person, campaign


def answer(town: Town, campaign: Campaign, numbers: Sequence[int], source: Source = Source.WEBHOOK) -> None:
    now = town.playground.now()
    town.bot.services.answers.learn(town.workspace, campaign.id, numbers, now, source)


def shown(person: Person, kind: str) -> list[dict[str, Any]]:
    """Blocks of that kind in the campaign's message."""
    live = next(one for one in person.messages if any("fields" in block for block in one["blocks"]))
    return [block for block in live["blocks"] if block["type"] == kind]


@BOTH
async def test_answers_are_seen_at_once_and_over_days(town: Town, tongue: Tongue) -> None:
    person, campaign = await sends(town, tongue)
    await person.sees(tongue.unknown)
    assert shown(person, "data_visualization") == []

    began = time.monotonic()
    answer(town, campaign, [0, 1, 2])
    for said in tongue.answered:
        await person.sees(said)
    assert time.monotonic() - began < SOON
    await person.opens_home()
    await town.slack.until(lambda: tongue.brief in said_on(person.home))
    await person.says(tongue.listing)
    await person.sees(tongue.brief)

    await town.goes_by(days=3)
    answer(town, campaign, [1, 3])
    await town.slack.until(lambda: len(shown(person, "data_visualization")) == 2)
    funnel, course = shown(person, "data_visualization")
    assert (funnel["title"], course["title"]) == tongue.charts
    assert [one["value"] for one in course["chart"]["series"][0]["data"]] == [3, 0, 0, 1]

    town.slack.unlearns("data_visualization")
    answer(town, campaign, [5], Source.EXPORT)
    await person.sees(tongue.exported)
    await person.sees(tongue.words)
    assert shown(person, "data_visualization") == []


def said_on(home: Any) -> str:
    return str(home).replace("\\xa0", " ").replace("\u00a0", " ")


async def test_a_restart_loses_no_answer(town: Town) -> None:
    person, campaign = await sends(town, FRENCH)
    answer(town, campaign, range(4))
    await person.sees("4 réponses")
    await town.bot.stop()
    await town.playground.start_bot()
    await town.goes_by(days=1)
    answer(town, campaign, [4])
    await person.sees("5 réponses")
    _, course = shown(person, "data_visualization")
    assert course["chart"]["series"][0]["data"][0]["value"] == 4
