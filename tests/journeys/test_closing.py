"""A questionnaire that closes while letters leave: they stop, its owner reads why, and lets them go on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.campaigns import State, edit
from bot.playground.slack import Person
from tests.handlers.campaign_records import buttons
from tests.journeys.harness import Town, open_town
from tests.journeys.test_questionnaires import ENGLISH, FRENCH, LINK, Tongue, begins, campaign, fields


@dataclass(frozen=True, kw_only=True)
class Words:
    closed: str
    left: str
    button: str
    refused: str
    again: str
    held: str
    only: str


IN_FRENCH = Words(
    closed="Le questionnaire a fermé", left="3 lettres ne sont pas parties", button="(Changer le lien)",
    refused="rien ne part tant qu'il est fermé", again="prend de nouveau des réponses",
    held="avant le départ. Changez sa date de fermeture (Modifier)", only="Changer la fermeture",
)  # fmt: skip
IN_ENGLISH = Words(
    closed="The survey closed", left="3 letters have not left", button="(Change the link)",
    refused="nothing leaves while it is closed", again="takes answers again",
    held="before departure. Change its closing date (Edit)", only="Change the closing",
)  # fmt: skip
BOTH = pytest.mark.parametrize(
    ("tongue", "words"), [(FRENCH, IN_FRENCH), (ENGLISH, IN_ENGLISH)], ids=["french", "english"]
)
HOUR = timedelta(hours=1)


def unix(moment: datetime) -> int:
    return int(moment.timestamp())


async def schedules(town: Town, tongue: Tongue) -> Person:
    """It leaves in an hour, and closes in two."""
    person, now = await begins(town, tongue, options=True), town.playground.now()
    await person.types("link", LINK)
    await person.picks_time("closing", unix(now + 2 * HOUR))
    for following in ("recipients", "message", "when"):
        await person.submits()
        await town.dialog(person, f"campaigns.{following}")
    await person.picks_time("send_at", unix(now + HOUR))
    await person.submits()
    await town.dialog(person, "campaigns.check")
    await person.submits()
    await person.sees(tongue.scheduled)
    return person


async def closes_in_a_jam(town: Town, tongue: Tongue) -> Person:
    """The mail service asks for time, until it is closed."""
    person = await schedules(town, tongue)
    town.mail.answer_next(429, headers={"Retry-After": "7200"})
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).state is State.SENDING)
    await town.goes_by(hours=1, minutes=1)
    await town.slack.until(lambda: campaign(town).state is State.PAUSED)
    return person


def told(person: Person, words: str) -> list[Any]:
    return [one for one in person.messages if words in str(one).replace("\u00a0", " ")]


@BOTH
async def test_letters_stop_at_the_closing_and_go_on_once_it_is_later(
    town: Town, tongue: Tongue, words: Words
) -> None:
    person = await closes_in_a_jam(town, tongue)
    for said in (words.closed, words.left, words.button):
        await person.sees(said)
    asked = told(person, words.left)[-1]
    assert {"campaigns.resume", "campaigns.link", "campaigns.stop"} <= set(buttons(asked["blocks"]))
    await person.clicks("campaigns.resume")
    await person.sees(words.refused)
    assert campaign(town).state is State.PAUSED
    await town.goes_by(hours=3)
    assert town.mail.letters == []
    assert len(told(person, words.left)) == 2, "the campaign's message, and what was asked once"
    await person.clicks("campaigns.link")
    await town.dialog(person, "campaigns.link")
    await person.picks_time("closing", unix(town.playground.now() + 48 * HOUR))
    await person.submits()
    await person.sees(words.again)
    await person.clicks("campaigns.resume")
    await town.letters(3)
    await person.sees(tongue.sent)
    assert campaign(town).state is State.SENT


@BOTH
async def test_closed_before_its_departure_it_is_held(town: Town, tongue: Tongue, words: Words) -> None:
    """Awaited by nobody: its moment came while an earlier closing was noted."""
    person = await schedules(town, tongue)
    known = campaign(town)
    store = town.bot.store.campaigns

    store.save(town.workspace, edit(known, closing_at=known.send_at), known.revision)
    await town.reaches_departure()
    await person.sees(words.held)
    assert campaign(town).state is State.HELD
    await person.clicks("campaigns.send_now")
    await person.sees(words.refused)
    assert town.mail.letters == []


@BOTH
async def test_letters_that_lead_straight_there_have_their_closing_changed_alone(
    tmp_path: Path, tongue: Tongue, words: Words
) -> None:
    async with open_town(tmp_path / "data", public_url="") as town:
        person = await closes_in_a_jam(town, tongue)
        await person.sees(f"({words.only})")
        await person.clicks("campaigns.link")
        await town.dialog(person, "campaigns.link")
        assert fields(person) == ["closing"]
        await person.picks_time("closing", unix(town.playground.now() + 48 * HOUR))
        await person.submits()
        await person.sees(words.again)
        assert campaign(town).link == LINK
        await person.clicks("campaigns.resume")
        await town.letters(3)
