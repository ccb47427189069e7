"""Slack or SendGrid away while a campaign runs: it ends complete, and its owner is told once."""

from urllib.parse import urlsplit

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.playground.slack import Person
from tests.fixtures.files import many
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"
PEOPLE = 5_000  # five requests, of which four are under way at once
FEWER = 2_500  # where every request is made again and again


def only_campaign(town: Town) -> Campaign:
    (campaign,) = town.bot.store.campaigns.all(town.workspace)
    return campaign


def progress(town: Town) -> Progress:
    return town.bot.services.campaigns.progress(only_campaign(town))


def said(person: Person, fragment: str) -> int:
    """How many short new messages say so; the campaign's own message, edited in place, is none of them."""
    return sum(fragment in message["text"] for message in person.messages if not message.get("blocks"))


async def schedules(town: Town, person: Person, people: int = PEOPLE) -> None:
    await person.drops(many(people))
    await person.sees("List kept")
    await town.composes(person, LINK)
    await person.submits()
    await person.sees("scheduled")


async def everybody_is_served(town: Town, people: int = PEOPLE) -> None:
    """Whoever else is at the campaign may end a moment after the clock has stopped."""
    await town.mail.until(lambda: len(town.mail.letters) >= people, timeout=20)
    assert everybody_once(town, people)


def everybody_once(town: Town, people: int = PEOPLE) -> bool:
    letters = [letter.to for letter in town.mail.letters]
    return len(set(letters)) == len(letters) == people


# --- Slack --------------------------------------------------------------------------------------------


async def test_slack_away_for_ten_minutes_in_the_middle_of_a_campaign(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob)
    town.mail.answer_next(429, headers={"Retry-After": "300"})
    await town.reaches_departure()
    await bob.sees("is leaving")
    assert only_campaign(town).state is State.SENDING
    await town.slack.away()

    await town.goes_by(minutes=10)
    await everybody_is_served(town)
    assert said(bob, "letters accepted") == 0

    town.slack.back()
    await town.goes_by(minutes=1)
    await bob.sees("5,000 letters accepted")
    assert only_campaign(town).state is State.SENT
    await town.goes_by(minutes=30)
    assert said(bob, "is leaving") == 1
    assert said(bob, "letters accepted") == 1
    assert town.bot.store.outbox.owed() == []
    await bob.sees("5,000 accepted")  # the campaign's own message ends true


async def test_slack_away_from_before_the_departure_until_after_the_end(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob)
    await town.slack.away()
    await town.reaches_departure()
    await town.goes_by(minutes=10)
    await everybody_is_served(town)

    town.slack.back()
    await town.goes_by(minutes=1)
    await bob.sees("5,000 letters accepted")
    assert only_campaign(town).state is State.SENT
    await town.goes_by(minutes=30)
    words = [message["text"] for message in bob.messages if not message.get("blocks")]
    told = [text for text in words if "is leaving" in text or "letters accepted" in text]
    assert ["is leaving" in text for text in told] == [True, False]  # each once, in their order
    assert town.bot.store.outbox.owed() == []


# --- SendGrid -----------------------------------------------------------------------------------------


async def test_sendgrid_not_there_for_an_hour_then_busy(town: Town) -> None:
    """Nothing of it can have left: every letter waits, and goes when it is back."""
    bob = town.bob
    await schedules(town, bob, FEWER)
    port = urlsplit(town.mail.url).port
    assert port
    await town.mail.close()
    await town.reaches_departure()
    await bob.sees("is leaving")
    await town.goes_by(hours=1)
    assert only_campaign(town).state is State.SENDING
    assert progress(town).pending == FEWER

    await town.mail.start(port=port)
    for _ in range(3):
        town.mail.answer_next(429, headers={"Retry-After": "20"})
    await town.goes_by(minutes=5)
    await everybody_is_served(town, FEWER)
    await bob.sees("2,500 letters accepted")
    assert only_campaign(town).state is State.SENT
    await town.goes_by(minutes=30)
    assert said(bob, "is leaving") == 1
    assert said(bob, "letters accepted") == 1
    assert town.mail.refusals == []


async def test_sendgrid_failing_while_it_comes_back_resends_nothing_by_itself(town: Town) -> None:
    """A 503 may have taken the letters: these people are asked about, the others are served."""
    bob = town.bob
    await schedules(town, bob, FEWER)
    port = urlsplit(town.mail.url).port
    assert port
    await town.mail.close()
    await town.reaches_departure()
    await town.goes_by(hours=1)

    await town.mail.start(port=port)
    town.mail.answer_next(503, body="<html>busy</html>", taken=True)
    town.mail.answer_next(503)
    await town.goes_by(minutes=5)
    await bob.sees("To check: ", timeout=20)
    assert only_campaign(town).state is State.SENT
    counted = progress(town)
    assert counted.uncertain in (1_500, 2_000)  # two requests, and one of the three is the smaller
    assert counted.accepted + counted.uncertain == FEWER
    await bob.sees(f"To check: {counted.uncertain:,}")
    await town.goes_by(hours=2)
    assert said(bob, "is leaving") == 1
    assert said(bob, "letters accepted") == 1
    letters = [letter.to for letter in town.mail.letters]
    assert len(set(letters)) == len(letters)
    assert counted.accepted < len(letters) < FEWER  # those of one 503 had left, those of the other had not


async def test_a_bot_that_dies_while_slack_is_away_owes_what_it_owed(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob)
    await town.slack.away()
    await town.reaches_departure()
    await everybody_is_served(town)
    await town.bot.stop()
    assert len(town.bot.store.outbox.owed()) == 2

    town.slack.back()
    await town.playground.start_bot()
    await bob.sees("5,000 letters accepted")
    await town.goes_by(minutes=5)
    assert said(bob, "is leaving") == 1
    assert said(bob, "letters accepted") == 1
    assert everybody_once(town)
