"""Whether letters would leave, as people hear of it: in the dialog, before departure, and after a repair."""

import pytest

from bot.core.campaigns import State
from bot.playground.slack import Person
from tests.fixtures.files import english_xlsx
from tests.handlers.campaign_records import buttons, words
from tests.handlers.test_deliveries import LINK, campaign, schedules
from tests.journeys.harness import Town


async def reaches_the_check(town: Town, person: Person) -> None:
    await person.drops(english_xlsx())
    await person.sees("List kept")
    await town.composes(person, LINK)


async def test_a_refused_key_schedules_nothing_and_says_so_in_the_dialog(town: Town) -> None:
    bob = town.bob
    await reaches_the_check(town, bob)
    town.mail.refuse_key()
    await bob.submits()
    await town.slack.until(
        lambda: "Nothing is scheduled. The mail service refuses our key" in words(bob.dialog)
    )
    assert campaign(town).state is State.DRAFT
    assert campaign(town).audience == ""
    town.mail.recover()
    await bob.submits()
    await town.slack.until(lambda: campaign(town).state is State.SCHEDULED)


async def test_a_sender_that_nobody_verified_schedules_nothing(town: Town) -> None:
    bob = town.bob
    await reaches_the_check(town, bob)
    town.mail.account.senders.clear()
    town.mail.account.domains.clear()
    await bob.submits()
    await town.slack.until(lambda: "refuses our sender address" in words(bob.dialog))
    assert campaign(town).state is State.DRAFT


@pytest.mark.parametrize("trouble", ["away", "secretive"])
async def test_what_cannot_be_found_out_is_no_obstacle(town: Town, trouble: str) -> None:
    if trouble == "away":
        await town.mail.close()
    else:
        town.mail.account.scopes.intersection_update({"mail.send"})
    await schedules(town, town.bob)
    assert not any("as things stand" in str(one) for one in town.bob.messages)


async def test_too_few_credits_are_told_at_once_and_hold_nothing(town: Town) -> None:
    town.mail.account.credit_used = town.mail.account.credit_total - 2
    await schedules(town, town.bob)
    await town.bob.sees("as things stand its letters would be refused")
    await town.bob.sees("3 letters planned, credits left: 2")
    assert campaign(town).state is State.SCHEDULED


async def test_after_the_repair_one_click_goes_on(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob)
    town.mail.refuse_key()
    await town.reaches_departure()
    await bob.sees("it isn't you")
    await town.goes_by(minutes=6)
    await town.goes_by(minutes=6)
    assert not any("takes our letters again" in str(one) for one in bob.messages)
    town.mail.recover()
    await town.goes_by(minutes=6)
    await bob.sees("The mail service takes our letters again: 3 of")
    (asked,) = [one for one in bob.messages if "takes our letters again" in str(one)]
    assert set(buttons(asked["blocks"])) == {"campaigns.resume", "campaigns.stop"}
    assert town.mail.letters == []
    await bob.clicks("campaigns.resume")
    await town.letters(3)
    await bob.sees("3 letters = 3 accepted")
