"""An owner's account is closed: who looks after the bot says what becomes of their campaigns."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.campaigns import Campaign, State
from bot.playground.slack import Person
from tests.handlers.campaign_records import buttons
from tests.handlers.test_deliveries import departs_into_a_jam, schedules
from tests.handlers.test_reminding import invites
from tests.journeys.harness import Town


def campaign(town: Town) -> Campaign:
    return town.bot.store.campaigns.all(town.workspace)[0]


async def left_behind(town: Town, admin: Person, owner: Person) -> None:
    """The bot has met the admin; the owner's campaign is scheduled, and its owner leaves."""
    await town.slack.until(lambda: True)
    if not admin.profile.is_admin:
        await admin.becomes(is_admin=True)
    await admin.says("aide")
    await admin.sees("Postillon")
    await schedules(town, owner)
    await owner.leaves()


@pytest.mark.parametrize(
    ("admin", "owner", "header", "going"),
    [
        ("claire", "bob", "Le compte de Bob est fermé", "continue comme prévu"),
        ("bob", "claire", "Claire's account is closed", "goes on as planned"),
    ],
    ids=["french", "english"],
)
async def test_an_admin_lets_it_go(town: Town, admin: str, owner: str, header: str, going: str) -> None:
    boss, gone = getattr(town, admin), getattr(town, owner)
    await left_behind(town, boss, gone)
    await boss.sees(header)
    message = boss.messages[-1]
    assert set(buttons(message["blocks"])) == {"campaigns.let_go", "campaigns.take_over", "campaigns.stop"}
    assert not any(secret in str(message) for secret in ("@example", "@exemple", "@studio-nova"))
    asked = len(boss.messages)
    await town.goes_by(hours=1)
    assert len(boss.messages) == asked, "asked once"
    await boss.clicks("campaigns.let_go")
    await boss.sees(going)
    await town.slack.until(lambda: not buttons(boss.messages[-1].get("blocks", [])))
    await boss.forges("campaigns.let_go", f"{campaign(town).id}:1:closed")
    await town.slack.until(lambda: len(boss.messages) > asked)
    await town.reaches_departure()
    await town.letters(3)
    assert campaign(town).owner == gone.profile.id


async def test_an_admin_stops_it(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await left_behind(town, claire, bob)
    await claire.sees("Le compte de Bob est fermé")
    await claire.clicks("campaigns.stop")
    await town.slack.until(lambda: campaign(town).state is State.CANCELLED)
    await claire.sees("il n'y a plus rien à décider")
    await town.goes_by(days=3)
    assert town.mail.letters == []


async def test_an_admin_takes_it_over_with_its_list(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await left_behind(town, claire, bob)
    await claire.sees("Le compte de Bob est fermé")
    await claire.sees("personne ne les lira")
    await claire.clicks("campaigns.take_over")
    await claire.sees("Claire a repris")
    await town.slack.until(lambda: town.bot.store.lists.all(town.workspace)[0].owner == claire.profile.id)
    await claire.sees("· programmée")
    taken = campaign(town)
    assert taken.owner == claire.profile.id
    assert taken.reply_to is not None
    assert taken.reply_to.address == claire.profile.email
    verbs = [(one.by, one.verb) for one in town.bot.store.log.read(town.workspace)]
    assert ("U0CLAIRE", "took over") in verbs
    assert ("U0CLAIRE", "handed over") in verbs
    await town.reaches_departure()
    letters = await town.letters(3)
    assert {letter.headers.get("Reply-To", "") for letter in letters} != {"bob@studio-nova.example"}
    await claire.sees("· envoyée")


async def test_of_a_campaign_under_way_it_is_said_what_is_left(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await claire.says("aide")
    await schedules(town, bob)
    await departs_into_a_jam(town)
    await bob.leaves()
    await claire.sees("est en cours d'envoi. Plus personne n'en répond.")
    await claire.sees("3 lettres = 0 acceptée + 3 pas parties")


async def test_an_account_closed_unheard_is_found_by_asking(town: Town) -> None:
    """Slack's word was missed: the owner, not seen for a day, is asked about."""
    claire, bob = town.claire, town.bob
    await claire.says("aide")
    await schedules(town, bob)
    moved = replace(campaign(town), revision=campaign(town).revision + 1)
    far = town.bot.wakes.now() + timedelta(days=5)
    town.bot.store.campaigns.advance(town.workspace, replace(moved, send_at=far), moved.revision - 1, far)
    town.slack._ws.people[bob.profile.id] = replace(bob.profile, is_deactivated=True)
    await town.goes_by(hours=23)
    claire.doesnt_see("Le compte de Bob est fermé")
    await town.goes_by(hours=3)
    await claire.sees("Le compte de Bob est fermé")


async def test_who_is_no_admin_decides_nothing(town: Town) -> None:
    claire, bob, samir = town.claire, town.bob, town.samir
    await left_behind(town, claire, bob)
    await claire.sees("Le compte de Bob est fermé")
    for verb in ("let_go", "take_over"):
        await samir.forges(f"campaigns.{verb}", f"{campaign(town).id}:1:closed")
    await town.slack.until(lambda: str(samir.messages).count("Je ne trouve pas cette campagne") >= 2)
    assert campaign(town).owner == bob.profile.id


async def test_an_account_open_again_keeps_its_campaign(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await left_behind(town, claire, bob)
    await claire.sees("Le compte de Bob est fermé")
    await bob.becomes(is_deactivated=False)
    await town.bot.edge.drain()
    await claire.clicks("campaigns.take_over")
    await claire.sees("est de nouveau ouvert")
    assert campaign(town).owner == bob.profile.id


async def test_without_any_admin_the_support_channel_hears_it(town: Town) -> None:
    bob = town.bob
    town.slack.add_channel("C0HELP", name="support")
    object.__setattr__(town.bot.services.campaigns.policy, "support_channel", "C0HELP")
    await schedules(town, bob)
    await bob.leaves()
    channel = town.slack._ws.conversations.get("C0HELP")
    await town.slack.until(
        lambda: (
            "compte de Bob est fermé" in str(channel.messages) or "account is closed" in str(channel.messages)
        )
    )
    said = len(channel.messages)
    await town.goes_by(hours=1)
    assert len(channel.messages) == said


async def test_reminders_of_who_left_are_asked_about_too(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await claire.says("aide")
    await claire.sees("Postillon")
    await invites(town, bob)
    await bob.leaves()
    await claire.sees("a encore des relances prévues. Plus personne n'en répond.")
    message = claire.messages[-1]
    assert {"campaigns.let_go", "campaigns.take_over", "campaigns.stop"} == set(buttons(message["blocks"]))
    await claire.clicks("campaigns.stop")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await town.goes_by(days=20)
    assert town.mail.letters == []
