"""The numbers of a reminder that does not go well: where a person looks for them, they are the same."""

from datetime import timedelta

import pytest

from bot.core import planning
from bot.core.answers import Source
from bot.core.campaigns import Campaign, State
from bot.services.status import status
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.journeys.harness import Person, Town

LINK = "https://forms.example/s/1"


def campaign(town: Town) -> Campaign:
    return town.bot.store.campaigns.all(town.workspace)[0]


async def invites(town: Town, person: Person) -> None:
    """Three people, of whom one answers; a reminder is planned."""
    french = person.profile.locale.startswith("fr")
    await person.drops(french_excel_csv() if french else english_xlsx())
    await person.sees("Liste gardée" if french else "List kept")
    await town.reaches(person, "when", LINK)
    await person.selects("reminders", "1")
    await person.submits()
    await town.dialog(person, "campaigns.check")
    await person.submits()
    await town.slack.until(lambda: campaign(town).state is State.SCHEDULED)
    await town.slack.until(lambda: person.dialog is None)
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).state is State.SENT)
    now = town.playground.now()
    town.bot.services.answers.learn(town.workspace, campaign(town).id, [0], now, Source.WEBHOOK)


async def reaches_the_reminder(town: Town) -> None:
    now = town.playground.now()
    one = planning.upcoming(campaign(town), now)
    assert one is not None
    await town.playground.move(one.moment - now + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("who", "asks"),
    [
        ("claire", "2 lettres à vérifier"),
        ("bob", "2 letters to check"),
    ],
)
async def test_letters_of_a_reminder_in_doubt_stand_on_home_and_in_status(
    town: Town, who: str, asks: str
) -> None:
    person = getattr(town, who)
    await invites(town, person)
    town.mail.answer_next(500)
    await reaches_the_reminder(town)
    await person.sees(asks)
    await town.slack.until(lambda: campaign(town).state is State.SENT)
    await person.opens_home()
    await town.slack.until(lambda: person.home and "campaigns.settle" in str(person.home))
    (counts,) = status(town.bot.store)["campaigns"]
    assert (counts["people"], counts["accepted"], counts["uncertain"]) == (3, 3, 0)
    assert (counts["to_check"], counts["uncertain_people"]) == (2, [2, 3])


@pytest.mark.parametrize(
    ("who", "waits"),
    [
        ("claire", "aucune de ses 2 lettres n'est partie"),
        ("bob", "none of its 2 letters has left"),
    ],
)
async def test_a_reminder_without_credits_has_not_left_and_nobody_says_it_could(
    town: Town, who: str, waits: str
) -> None:
    person = getattr(town, who)
    await invites(town, person)
    town.mail.credits_gone()
    await reaches_the_reminder(town)
    await town.slack.until(lambda: campaign(town).state is State.PAUSED)
    await person.sees(waits)
    await town.goes_by(hours=3)
    assert campaign(town).repaired_at is None
    town.mail.recover()
    await town.goes_by(minutes=10)
    await town.slack.until(lambda: campaign(town).repaired_at is not None)
