"""Two campaigns and the same people; and a list that changes under a check somebody has read."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from bot.core.campaigns import Campaign, State
from bot.core.lists import ContactList
from bot.core.suppressions import Cause, Suppression
from bot.playground.slack import Person
from tests.fixtures.files import FRENCH_HEADER, csv_bytes
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"


def at(minute: int) -> int:
    return int(datetime(2026, 11, 25, 15, minute, tzinfo=UTC).timestamp())


def people(numbers: range) -> bytes:
    rows = [(f"p{n}@exemple.fr", f"Prénom{n}", "Nom", "Nova", "Lyon", "") for n in numbers]
    return csv_bytes([FRENCH_HEADER, *rows])


async def keeps(town: Town, person: Person, count: int) -> None:
    """A list of one's own, of the first so many people."""
    await person.drops((f"{person.profile.name}.csv", people(range(count))))
    await person.sees("Liste gardée" if person is town.claire else "List kept")


async def schedules(town: Town, person: Person, minute: int, *, speed: str = "") -> str:
    """What stood on the button."""
    await town.reaches(person, "when", LINK)
    if speed:
        await person.clicks("campaigns.options")
        await town.slack.until(lambda: "'speed'" in str(person.dialog))
        await person.selects("speed", speed)
    await person.picks_time("send_at", at(minute))
    await person.submits()
    await town.dialog(person, "campaigns.check")
    said = submit(person)
    await person.submits()
    await person.sees("· programmée" if person is town.claire else "· scheduled")
    return said


def submit(person: Person) -> str:
    assert person.dialog is not None
    return str(person.dialog["submit"]["text"]).replace("\u00a0", " ")


def contact_list(town: Town) -> ContactList:
    """The oldest: a newer file is one of its own until it takes its place."""
    return min(town.bot.store.lists.all(town.workspace), key=lambda one: one.created_at)


def campaigns(town: Town) -> list[Campaign]:
    return town.bot.store.campaigns.all(town.workspace)


@pytest.mark.parametrize(("minute", "speed"), [(1, "200"), (0, ""), (0, "200"), (1, "")])
async def test_nobody_gets_two_letters_within_the_days(town: Town, minute: int, speed: str) -> None:
    """One after the other, at one moment, and while the first is still at it, a few letters a minute."""
    await keeps(town, town.claire, 12)
    await keeps(town, town.bob, 13)
    await schedules(town, town.claire, 0, speed=speed)
    assert await schedules(town, town.bob, minute) == "Schedule for 1"
    await town.goes_by(days=3)
    await town.slack.until(lambda: {one.state for one in campaigns(town)} == {State.SENT})
    assert set(Counter(letter.to for letter in await town.letters(13)).values()) == {1}


async def test_what_is_scheduled_is_what_stood_on_the_button(town: Town) -> None:
    claire = town.claire
    await keeps(town, claire, 6)
    await town.composes(claire, LINK)
    assert submit(claire) == "Programmer pour 6"
    for numbers, said in (
        (range(9), "La liste a changé : 9 personnes au lieu de 6."),
        (range(1, 10), "La liste a changé : toujours 9 personnes, mais peut-être pas les mêmes."),
    ):
        await replaces(town, numbers)
        await claire.submits()
        await claire.sees(said)
        assert submit(claire) == "Programmer pour 9"
        assert campaigns(town)[0].state is State.DRAFT
    await claire.submits()
    await claire.sees("· programmée")
    assert campaigns(town)[0].audience_size == 9


async def replaces(town: Town, numbers: range) -> None:
    """The list, by a newer file of the same name."""
    person, known = town.claire, contact_list(town)
    await person.drops((f"{person.profile.name}.csv", people(numbers)))
    await town.slack.until(lambda: "lists.replace" in str(person.messages[-1]))
    await person.clicks("lists.replace", where="messages")
    await town.slack.until(lambda: contact_list(town).version > known.version)


async def test_who_unsubscribes_meanwhile_is_told_before_it_is_scheduled(town: Town) -> None:
    bob = town.bob
    await keeps(town, bob, 6)
    await town.composes(bob, LINK)
    gone = Suppression(address="p3@exemple.fr", cause=Cause.UNSUBSCRIBED, at=town.bot.wakes.now(), origin="")
    assert town.bot.store.suppressions.add(town.workspace, gone)
    await bob.submits()
    await bob.sees("The count has changed: 5 people instead of 6.")
    assert submit(bob) == "Schedule for 5"
    await bob.submits()
    await bob.sees("· scheduled")
