"""Reminders under an owner who clicks twice, in two windows, too late, and changes everything meanwhile: each
click ends in a sentence, nobody is written to twice, and nobody who answered at all."""

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

from bot.core.campaigns import State
from bot.playground.slack import Person
from tests.handlers.campaign_records import buttons
from tests.handlers.test_reminding import (
    PEOPLE,
    addresses,
    an_hour_before,
    answers,
    campaign,
    invites,
    is_sent_again,
    shortly_before,
    written_to,
)
from tests.journeys.harness import Town


def verbs(town: Town, person: Person) -> Counter[str]:
    """What the log says that they did."""
    log = town.bot.store.log.read(town.workspace)
    return Counter(one.verb for one in log if one.by == person.profile.id)


async def is_announced(town: Town, person: Person, *, reminders: int = 1) -> None:
    await invites(town, person, reminders=reminders)
    await shortly_before(town)
    await answers(town, 0)
    await an_hour_before(town)


def offers(person: Person, verb: str) -> int:
    """In how many of the person's messages that button stands."""
    found = (set(buttons(one.get("blocks", []))) for one in person.messages)
    return sum(f"campaigns.{verb}" in each for each in found)


async def opens_by_hand(town: Town, person: Person) -> dict[str, Any]:
    await person.clicks("campaigns.remind")
    await town.dialog(person, "campaigns.remind")
    assert person.dialog is not None
    return person.dialog


async def test_a_double_click_on_skip_skips_once(town: Town) -> None:
    claire = town.claire
    await is_announced(town, claire, reminders=2)
    known = campaign(town)
    aim = f"{known.id}:{known.revision}:1"
    await asyncio.gather(*(claire.forges("campaigns.reminder_skip", aim) for _ in range(3)))
    await claire.sees("la relance 1 ne partira pas")
    await town.bot.edge.drain()
    assert verbs(town, claire)["skipped"] == 1
    assert [one.skipped for one in campaign(town).reminders] == [True, False], "the second one stands"
    await town.goes_by(hours=3)
    assert town.mail.letters == []


async def test_a_double_click_on_remind_sends_once(town: Town) -> None:
    bob = town.bob
    await invites(town, bob, reminders=0)
    await town.goes_by(days=2)
    await answers(town, 0)
    view = await opens_by_hand(town, bob)
    sent = ("campaigns.remind", view["private_metadata"], view["state"]["values"])
    told = await asyncio.gather(*(bob.forges_submission(*sent) for _ in range(3)))
    await is_sent_again(town, 1)
    await town.goes_by(hours=2)
    assert Counter(one.to for one in town.mail.letters) == Counter(addresses(town)[1:])
    assert sum("errors" in str(one.body) or "already left" in str(one.body) for one in told) == 2
    assert verbs(town, bob)["reminded"] == 1


async def test_two_windows_and_a_reminder_that_leaves_meanwhile(town: Town) -> None:
    """The dialog stays open for an hour, in which the planned one leaves: its own is not sent as well."""
    claire = town.claire
    await is_announced(town, claire)
    view = await opens_by_hand(town, claire)
    await town.reaches_departure()
    await is_sent_again(town, 1)
    answer = await claire.forges_submission(
        "campaigns.remind", view["private_metadata"], view["state"]["values"]
    )
    assert "déjà partie" in str(answer.body)
    assert Counter(one.to for one in town.mail.letters) == Counter(addresses(town)[1:])


async def test_by_hand_in_the_hour_of_an_announced_one(town: Town) -> None:
    """What was announced is not any more: it keeps its distance, and nothing asks about it meanwhile."""
    bob = town.bob
    await is_announced(town, bob)
    await opens_by_hand(town, bob)
    await bob.submits()
    await is_sent_again(town, 1)
    await town.slack.until(lambda: offers(bob, "reminder_skip") == 0)
    await town.goes_by(hours=20)
    assert Counter(one.to for one in town.mail.letters) == Counter(addresses(town)[1:])
    by_hand, planned = campaign(town).reminders
    assert (by_hand.wave, planned.wave) == (1, 0)


async def test_answers_that_come_while_the_dialog_is_open(town: Town) -> None:
    claire = town.claire
    await invites(town, claire, reminders=0)
    await town.goes_by(days=2)
    await answers(town, 0)
    await opens_by_hand(town, claire)
    await answers(town, 1)
    await claire.submits()
    await is_sent_again(town, 1)
    assert written_to(town) == {addresses(town)[2]}


async def test_everybody_answers_while_the_dialog_is_open(town: Town) -> None:
    bob = town.bob
    await invites(town, bob, reminders=0)
    await town.goes_by(days=2)
    await answers(town, 0)
    view = await opens_by_hand(town, bob)
    await answers(town, *range(PEOPLE))
    answer = await bob.forges_submission(
        "campaigns.remind", view["private_metadata"], view["state"]["values"]
    )
    assert "There is nobody to remind" in str(answer.body)
    assert campaign(town).state is State.SENT
    assert town.mail.letters == []


async def test_stopped_while_its_announcement_stands(town: Town) -> None:
    claire = town.claire
    await is_announced(town, claire, reminders=2)
    known = campaign(town)
    await claire.clicks("campaigns.reminder_move")
    await town.dialog(claire, "campaigns.reminder_move")
    moves = claire.dialog
    assert moves is not None
    await claire.closes()
    await claire.clicks("campaigns.stop")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await town.slack.until(lambda: offers(claire, "reminder_skip") == 0)
    said = len(claire.messages)
    for verb, value in (
        ("reminder_skip", f"{known.id}:{known.revision}:1"),
        ("reminder_everybody", f"{known.id}:{known.revision}:1"),
        ("stop", f"{known.id}:{known.revision}"),
    ):
        await claire.forges(f"campaigns.{verb}", value)
    await town.slack.until(lambda: len(claire.messages) == said + 3)
    assert all("arrêtée" in str(one) for one in claire.messages[said:])
    later = int((town.playground.now() + timedelta(days=3)).timestamp())
    answer = await claire.forges_submission(
        "campaigns.reminder_move", moves["private_metadata"],
        {"send_at": {"value": {"type": "datetimepicker", "selected_date_time": later}}},
    )  # fmt: skip
    assert "arrêtée" in str(answer.body)
    await town.goes_by(days=30)
    assert town.mail.letters == []


async def test_skipped_in_one_window_and_moved_in_the_other(town: Town) -> None:
    bob = town.bob
    await is_announced(town, bob)
    await bob.clicks("campaigns.reminder_move")
    await town.dialog(bob, "campaigns.reminder_move")
    known = campaign(town)
    assert bob.dialog is not None
    moves = bob.dialog
    await bob.closes()
    await bob.forges("campaigns.reminder_skip", f"{known.id}:{known.revision}:1")
    await town.slack.until(lambda: campaign(town).reminders[0].skipped)
    later = int((town.playground.now() + timedelta(days=3)).timestamp())
    answer = await bob.forges_submission(
        "campaigns.reminder_move", moves["private_metadata"],
        {"send_at": {"value": {"type": "datetimepicker", "selected_date_time": later}}},
    )  # fmt: skip
    assert "already given up reminder 1" in str(answer.body)
    await town.goes_by(days=10)
    assert town.mail.letters == []


async def test_the_survey_closes_before_an_announced_reminder(town: Town) -> None:
    bob = town.bob
    await is_announced(town, bob)
    known, soon = campaign(town), town.playground.now() + timedelta(minutes=30)
    member = town.bot.store.people.get(town.workspace, known.owner)
    change = partial(town.bot.services.questionnaires.change_link, closing=soon)
    await town.bot.edge.run(change, member, known.id, 0, known.link)
    await bob.sees("reminder 1 will not leave, the survey closes before it")
    assert offers(bob, "reminder_skip") == 0
    await bob.sees("The survey closes")
    await town.goes_by(minutes=40)
    await bob.sees("Survey closed")
    assert offers(bob, "remind") == 0
    await town.goes_by(days=10)
    assert town.mail.letters == []


async def test_held_and_asked_about_until_after_the_closing(town: Town) -> None:
    """Nobody told who answered, and nobody decided in time: the question ends with the survey."""
    claire = town.claire
    await invites(town, claire, reminders=1)
    known = campaign(town)
    member = town.bot.store.people.get(town.workspace, known.owner)
    change = partial(
        town.bot.services.questionnaires.change_link, closing=known.created_at + timedelta(days=9)
    )
    await town.bot.edge.run(change, member, known.id, 0, known.link)
    await shortly_before(town)
    await town.goes_by(hours=3)
    await town.slack.until(lambda: campaign(town).state is State.HELD)
    await town.goes_by(days=4)
    await town.slack.until(lambda: campaign(town).state is State.SENT)
    await claire.sees("n'est pas partie, et le questionnaire a fermé")
    await town.slack.until(lambda: "campaigns.reminder_everybody" not in str(claire.messages))
    await claire.sees("Questionnaire fermé")
    await town.goes_by(days=10)
    assert town.mail.letters == []


async def test_the_list_is_deleted_before_the_reminder(town: Town) -> None:
    """Whom a campaign writes to was fixed when it was scheduled: its reminder goes to the silent of them."""
    claire = town.claire
    await is_announced(town, claire)
    silent = addresses(town)[1:]
    await claire.clicks("lists.delete")
    await claire.sees("supprimée")
    assert town.bot.store.lists.all(town.workspace)[0].deleted_at is not None
    await town.reaches_departure()
    await is_sent_again(town, 1)
    assert Counter(one.to for one in town.mail.letters) == Counter(silent)


async def test_the_owner_leaves_while_the_announcement_stands(town: Town) -> None:
    """Nobody is there to say no any more: who looks after the bot hears of it."""
    claire, bob = town.claire, town.bob
    await claire.says("aide")
    await is_announced(town, bob)
    await bob.leaves()
    await claire.sees("Le compte de Bob est fermé")
    await claire.clicks("campaigns.stop")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await town.goes_by(days=10)
    assert town.mail.letters == []
