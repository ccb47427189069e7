"""Campaigns on their way: paused, stopped, cancelled, moved; by button, by word, twice, by others."""

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.core.campaigns import State
from bot.playground.slack import Person
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"


def campaigns(town: Town) -> list[Any]:
    """Newest first."""
    return list(town.bot.store.campaigns.all(town.workspace))


def campaign(town: Town) -> Any:
    return campaigns(town)[0]


async def schedules(town: Town, person: Person) -> None:
    count = len([one for one in person.messages if "lst_" in str(one)])
    if not count:
        french = person.profile.locale.startswith("fr")
        await person.drops(french_excel_csv() if french else english_xlsx())
        await person.sees("Liste gardée" if french else "List kept")
    known = len(campaigns(town))
    await town.composes(person, LINK, keeps_recent=known > 0)
    await person.submits()
    await town.slack.until(lambda: len(campaigns(town)) > known and campaign(town).state is State.SCHEDULED)
    await town.slack.until(lambda: person.dialog is None)


async def departs_into_a_jam(town: Town, letters: int = 1) -> None:
    """The mail service is busy: the campaigns stay on their way."""
    for _ in range(letters):
        town.mail.answer_next(429, headers={"Retry-After": "3600"})
    await town.reaches_departure()
    await town.slack.until(lambda: all(one.state is State.SENDING for one in campaigns(town)))


async def test_an_open_home_follows_a_campaign_by_itself(town: Town) -> None:
    """What stands there offers no Stop of a campaign that is sent."""
    claire = town.claire
    await schedules(town, claire)
    await claire.opens_home()
    await town.slack.until(lambda: "programmée" in str(claire.home))
    await town.reaches_departure()
    await town.letters(3)
    await town.slack.until(lambda: "3 acceptées" in str(claire.home) and "envoyée" in str(claire.home))
    assert "campaigns.stop" not in str(claire.home)
    assert "campaigns.cancel" not in str(claire.home)


async def test_stop_said_in_the_dm_pauses_the_one_on_its_way(town: Town) -> None:
    claire = town.claire
    await schedules(town, claire)
    await departs_into_a_jam(town)
    await claire.sees("· en cours d'envoi")
    await claire.sees("3 lettres = 0 acceptée + 3 pas parties")
    await claire.says("Arrête !")
    await claire.sees("C'est suspendu : plus rien ne part avant que vous le disiez.")
    assert campaign(town).state is State.PAUSED
    await claire.clicks("campaigns.resume")
    await town.slack.until(lambda: campaign(town).state is State.SENDING)
    await town.goes_by(hours=2)
    await town.letters(3)
    await claire.sees("3 lettres = 3 acceptées")


async def test_stop_is_two_clicks_from_home(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob)
    await departs_into_a_jam(town)
    await bob.opens_home()
    await town.slack.until(lambda: bob.home and "campaigns.stop" in str(bob.home))
    await bob.clicks("campaigns.stop", where="home")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await town.slack.until(lambda: "campaigns.stop" not in str(bob.home))
    await bob.sees("3 letters have not left and will not.")
    await town.goes_by(hours=2)
    assert town.mail.letters == []


async def test_stop_with_several_on_their_way_asks_which(town: Town) -> None:
    claire = town.claire
    await schedules(town, claire)
    await schedules(town, claire)
    await departs_into_a_jam(town, letters=2)
    await claire.says("stop")
    await claire.sees("2 envois sont en cours. Lesquels suspendre ?")
    older = campaigns(town)[1]
    offered = re.search(rf"{older.id}:\d+:listed", str(claire.messages))
    assert offered
    await claire.clicks("campaigns.pause", value=offered[0])
    await town.slack.until(lambda: campaigns(town)[1].state is State.PAUSED)
    assert campaigns(town)[0].state is State.SENDING


async def test_stop_before_departure_offers_to_cancel(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob)
    await bob.says("stop")
    await bob.sees("Nothing is on its way. 1 campaign is planned:")
    await bob.clicks("campaigns.cancel")
    await bob.sees("· cancelled")
    await town.goes_by(days=2)
    assert town.mail.letters == []


async def test_stop_with_nothing_to_stop(town: Town) -> None:
    await town.claire.says("arrête")
    await town.claire.sees("il n'y a rien à arrêter")


async def test_a_second_click_finds_the_work_done_and_says_so(town: Town) -> None:
    claire = town.claire
    await schedules(town, claire)
    scheduled = campaign(town)
    aim = f"{scheduled.id}:{scheduled.revision}"
    await claire.clicks("campaigns.cancel")
    await claire.sees("· annulée")
    await claire.forges("campaigns.cancel", aim)
    await claire.sees("est déjà annulée : rien n'est parti.")
    for verb in ("pause", "resume", "stop", "send_now", "reschedule", "edit"):
        await claire.forges(f"campaigns.{verb}", aim)
    await town.slack.until(lambda: sum("déjà annulée" in str(one) for one in claire.messages) == 6)
    await claire.sees("est déjà annulée")
    assert campaign(town).state is State.CANCELLED


@pytest.mark.parametrize("verb", ["cancel", "pause", "resume", "stop", "send_now", "reschedule", "edit"])
async def test_nobody_else_reaches_a_campaign(town: Town, verb: str) -> None:
    await schedules(town, town.claire)
    before = campaign(town)
    await town.bob.forges(f"campaigns.{verb}", f"{before.id}:{before.revision}")
    await town.bob.sees("can't find this campaign")
    answer = await town.bob.forges_submission("campaigns.when", f"{before.id}:{before.revision}:move", {})
    assert "can't find" in str(answer.body)
    assert campaign(town) == before


async def test_another_moment(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob)
    moment = campaign(town).send_at + timedelta(days=1)
    await bob.clicks("campaigns.reschedule")
    await town.dialog(bob, "campaigns.when")
    await bob.picks_time("send_at", 1_000_000_000)
    await bob.submits()
    assert "is in the past" in bob.errors["send_at"]
    await bob.picks_time("send_at", int(moment.timestamp()))
    await bob.submits()
    await town.slack.until(lambda: campaign(town).send_at == moment)
    assert bob.dialog is None
    await town.goes_by(days=1, hours=6)
    assert town.mail.letters == []
    await town.goes_by(days=1)
    await town.letters(3)


async def test_a_missed_moment_is_asked_about(town: Town) -> None:
    """Held: nothing leaves before the person's answer."""
    claire = town.claire
    await schedules(town, claire)
    scheduled = campaign(town)
    late = scheduled.send_at + timedelta(hours=1)  # the moment passed while nobody looked
    await town.bot.edge.toil(town.bot.services.delivery.sweep, late)
    await claire.sees("· retenue")
    await claire.sees("Rien ne part avant votre réponse.")
    assert town.mail.letters == []
    await claire.clicks("campaigns.send_now")
    await town.letters(3)
    await claire.sees("· envoyée")


async def test_letters_that_may_have_left_are_said_honestly(town: Town) -> None:
    claire = town.claire
    await schedules(town, claire)
    town.mail.reset_after()
    await town.reaches_departure()
    await claire.sees("3 lettres = 0 acceptée + 3 à vérifier")
    await claire.sees("je ne les renvoie pas")
    await town.goes_by(hours=2)
    assert len(town.mail.letters) == 3


async def test_a_refused_address_is_counted_apart(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob)
    refused = {"message": "Does not contain a valid address.", "field": "personalizations.1.to.0.email"}
    town.mail.answer_next(400, {"errors": [refused]})
    await town.reaches_departure()
    await town.letters(2)
    await bob.sees("3 letters = 2 accepted + 1 refused")
    await bob.sees("1 letter refused by the mail service")


async def test_campaigns_are_listed_with_what_can_be_done(town: Town) -> None:
    claire = town.claire
    await schedules(town, claire)
    await claire.says("campagnes")
    await claire.sees("1 campagne")
    await claire.clicks("campaigns.cancel")
    await town.slack.until(lambda: "annulée" in str(claire.messages[-1]))
    assert "campaigns.cancel" not in str(claire.messages[-1]), "the list is drawn again where the click was"
