"""The owner does not answer for an hour of work: the deputy is asked, then the admins; nobody at night."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.campaigns import Campaign, State
from bot.core.moments import at, is_working_day
from bot.playground.slack import Person
from storage import open_store
from tests.fixtures.files import english_xlsx
from tests.handlers.campaign_records import buttons
from tests.handlers.test_reminding import an_hour_before, invites
from tests.journeys.harness import Town
from tests.journeys.test_deputies import schedules

PARIS = ZoneInfo("Europe/Paris")


def campaign(town: Town) -> Campaign:
    return town.bot.store.campaigns.all(town.workspace)[0]


async def goes_to(town: Town, moment: datetime) -> None:
    await town.playground.move(moment - town.playground.now())


def next_working_day(town: Town, clock: time) -> datetime:
    """In Paris; the day before was one too, so that an hour of work lies behind."""
    day = town.playground.now().astimezone(PARIS).date() + timedelta(days=1)
    while not (is_working_day(day, "FR") and is_working_day(day - timedelta(days=1), "FR")):
        day += timedelta(days=1)
    return at(day, clock, PARIS)


async def misses_its_moment(town: Town) -> None:
    """The bot was down over it: it is held, and its owner is asked."""
    due = campaign(town).send_at
    assert due is not None
    away = due - town.playground.now() + timedelta(minutes=20)
    await town.bot.stop()
    await comes_back(town, away)
    await town.slack.until(lambda: campaign(town).state is State.HELD)


async def comes_back(town: Town, away: timedelta = timedelta()) -> None:
    store = open_store(f"tinydb:{town.playground.data}")
    store.set_clock_offset(store.clock_offset() + away)
    if not away:
        store.beat(town.playground.now())
    store.close()
    town.slack.unanswered.clear()
    await town.playground.start_bot()


def nudged(person: Person) -> list[dict[str, object]]:
    return [one for one in person.messages if "attend une réponse" in one["text"]]


async def test_the_deputy_then_the_admins_are_asked_once_and_nobody_at_night(town: Town) -> None:
    bob, samir, claire = town.bob, town.samir, town.claire
    for person in (claire, samir):
        await person.says("aide")
        await person.sees("Ce que je sais faire")
    await schedules(town, bob, "U0SAMIR")
    await samir.sees("Bob compte sur vous")
    await misses_its_moment(town)
    await bob.sees("did not leave")
    await goes_to(town, next_working_day(town, time(3, 0)))
    assert nudged(samir) == nudged(claire) == [], "nobody is woken"

    await goes_to(town, next_working_day(town, time(10, 30)))
    await samir.sees("attend une réponse de @Bob")
    assert nudged(claire) == []
    await bob.sees("I have asked @Samir to look after")
    assert list(buttons(nudged(samir)[0])) == ["campaigns.stop"]

    await town.bot.stop()
    await comes_back(town)
    await town.goes_by(minutes=40)
    assert nudged(claire) == [], "the deputy has an hour, too"
    await town.goes_by(minutes=30)
    await claire.sees("attend une réponse de @Bob")
    await bob.sees("I have asked @Claire to look after")
    await goes_to(town, next_working_day(town, time(15, 0)))
    assert (len(nudged(samir)), len(nudged(claire))) == (1, 1), "once"

    await bob.clicks("campaigns.cancel")
    await town.slack.until(lambda: campaign(town).state is State.CANCELLED)
    await town.goes_by(minutes=1)
    await samir.sees("n'attend plus de réponse")
    await claire.sees("n'attend plus de réponse")
    assert nudged(samir) == nudged(claire) == []


async def test_what_its_owner_paused_is_no_question(town: Town) -> None:
    bob, claire = town.bob, town.claire
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    await bob.drops(english_xlsx())
    await bob.sees("List kept")
    await town.composes(bob, "https://forms.example/s/1")
    await bob.submits()
    town.mail.answer_next(429, headers={"Retry-After": "3600"})
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).state is State.SENDING)
    await bob.clicks("campaigns.pause")
    await town.slack.until(lambda: campaign(town).state is State.PAUSED)
    await goes_to(town, next_working_day(town, time(16, 0)))
    assert nudged(claire) == []


async def test_a_reminder_that_nobody_decides_about_is_asked_of_the_admins(town: Town) -> None:
    """Without a deputy they are the next; in English."""
    claire, bob = town.claire, town.bob
    await claire.speaks("en-US")
    await claire.says("help")
    await claire.sees("What I can do")
    await invites(town, bob, 1)
    await an_hour_before(town)
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).state is State.HELD)
    assert campaign(town).asks_about == 1
    await goes_to(town, next_working_day(town, time(3, 0)))
    claire.doesnt_see("waiting for an answer of @Bob")
    await goes_to(town, next_working_day(town, time(15, 0)))
    await claire.sees("has been waiting for an answer of @Bob")
    await bob.sees("I have asked @Claire to look after")
    await bob.clicks("campaigns.stop")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await town.goes_by(minutes=1)
    await claire.sees("waits for no answer any more")


async def test_letters_in_doubt_are_told_to_the_admins_who_may_only_stop_or_look(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    await bob.drops(english_xlsx())
    await bob.sees("List kept")
    await town.composes(bob, "https://forms.example/s/1")
    await bob.submits()
    town.mail.reset_after()
    await town.reaches_departure()
    await bob.sees("3 letters to check")
    assert nudged(claire) == []
    for _ in range(3):
        await town.goes_by(minutes=40)
    await claire.sees("attend une réponse de @Bob")
    await claire.sees("3 lettres à vérifier : sa réponse en décide")
    assert "campaigns.resend" not in str(nudged(claire)), "whether they leave again is its owner's alone"
    await bob.clicks("campaigns.settle")
    await town.goes_by(minutes=1)
    await claire.sees("n'attend plus de réponse")
