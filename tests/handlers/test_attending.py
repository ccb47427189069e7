"""Who looks after the bot pauses, resumes and stops campaigns of others, and sees their counts alone."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.core.attending import Attended
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.people import Member, called
from bot.core.sentences import sentence
from bot.playground.slack import Person
from bot.texts import Say
from handlers.blocks import others
from tests.fixtures.files import many
from tests.handlers.campaign_records import (
    EN,
    FR,
    LARGEST,
    MIXED,
    NOW,
    PING,
    WIDEST,
    a_campaign,
    a_member,
    buttons,
    words,
)
from tests.handlers.conftest import Fits
from tests.handlers.test_deliveries import campaign, departs_into_a_jam, schedules
from tests.journeys.harness import Town

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])


async def bobs_is_on_its_way(town: Town) -> Any:
    """Claire is an admin of the workspace; the bot has met her."""
    await town.claire.says("aide")
    await schedules(town, town.bob)
    await departs_into_a_jam(town)
    await town.bob.sees("3 letters = 0 accepted + 3 not gone")
    return campaign(town)


def aim(one: Any) -> str:
    return f"{one.id}:{one.revision}:listed"


def logged(town: Town) -> list[tuple[str, str]]:
    """Who did what to the campaign, after it was scheduled."""
    entries = [one for one in town.bot.store.log.read(town.workspace) if one.subject == campaign(town).id]
    return [(one.by, one.verb) for one in entries if one.by and one.verb not in ("tested", "scheduled")]


async def told(town: Town, person: Person, words: str) -> None:
    """In a message of its own, which an edit is not."""
    await town.slack.until(lambda: any(words in one["text"] for one in person.messages))


async def test_an_admin_pauses_resumes_and_stops_from_home(town: Town) -> None:
    bobs = await bobs_is_on_its_way(town)
    claire, bob = town.claire, town.bob
    await claire.opens_home()
    await town.slack.until(lambda: claire.home and "Campagnes des autres" in words(claire.home))
    assert f"{bobs.name}* · en cours d'envoi · de Bob" in words(claire.home)
    assert "3 lettres* = 0 acceptée + 3 pas parties" in words(claire.home)
    await claire.clicks("campaigns.pause", where="home")
    await town.slack.until(lambda: campaign(town).state is State.PAUSED)
    await told(town, bob, f"Claire paused “{bobs.name}”: nothing more leaves.")
    await bob.sees("· paused")
    await bob.sees("Claire paused it.")
    await town.slack.until(lambda: "campaigns.resume" in str(claire.home))
    await claire.clicks("campaigns.resume", where="home")
    await town.slack.until(lambda: campaign(town).state is State.SENDING)
    await told(town, bob, f"Claire resumed “{bobs.name}”.")
    await town.slack.until(lambda: "campaigns.pause" in str(claire.home))
    assert "pas partie" in str(buttons(claire.home)["campaigns.stop"]["confirm"]), "how many have not left"
    await claire.clicks("campaigns.stop", where="home")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await told(town, bob, f"Claire stopped “{bobs.name}” for good.")
    await town.slack.until(lambda: "Campagnes des autres" not in str(claire.home))
    assert logged(town) == [("U0CLAIRE", "paused"), ("U0CLAIRE", "resumed"), ("U0CLAIRE", "stopped")]
    assert "3 lettres" not in str(claire.messages), "the campaign's message is its owner's alone"


async def test_an_admin_finds_them_under_their_own_campaigns(town: Town) -> None:
    bobs = await bobs_is_on_its_way(town)
    await town.claire.says("campagnes")
    await town.claire.sees("Campagnes des autres")
    listing = town.claire.messages[-1]
    assert set(buttons(listing["blocks"])) == {"campaigns.new", "campaigns.pause", "campaigns.stop"}
    shown = str(listing)
    assert not any(secret in shown for secret in ("@example", "forms.example", bobs.subject))
    await town.claire.clicks("campaigns.pause")
    await town.slack.until(lambda: campaign(town).state is State.PAUSED)
    await town.slack.until(lambda: "suspendue" in str(town.claire.messages[-1]))


async def test_stop_said_by_an_admin_with_nothing_of_their_own(town: Town) -> None:
    await bobs_is_on_its_way(town)
    await town.claire.says("stop")
    await town.claire.sees("Campagnes des autres")
    await town.claire.clicks("campaigns.pause")
    await town.slack.until(lambda: campaign(town).state is State.PAUSED)


async def test_a_second_click_of_an_admin_finds_it_done(town: Town) -> None:
    bobs = await bobs_is_on_its_way(town)
    await town.claire.forges("campaigns.pause", aim(bobs))
    await town.slack.until(lambda: campaign(town).state is State.PAUSED)
    await town.claire.forges("campaigns.pause", aim(bobs))
    await town.claire.sees("est déjà suspendue")


async def test_an_admin_gets_no_further_than_that(town: Town) -> None:
    """Whether a held campaign leaves, its people and its words stay its owner's."""
    await town.claire.says("aide")
    await schedules(town, town.bob)
    before = campaign(town)
    for verb in ("cancel", "send_now", "reschedule", "edit"):
        await town.claire.forges(f"campaigns.{verb}", f"{before.id}:{before.revision}")
    await town.slack.until(
        lambda: sum("Je ne trouve pas cette campagne" in str(one) for one in town.claire.messages) == 4
    )
    assert campaign(town) == before


async def test_a_stranger_finds_nothing(town: Town) -> None:
    bobs = await bobs_is_on_its_way(town)
    samir = town.samir
    for verb in ("pause", "stop", "resume"):
        await samir.forges(f"campaigns.{verb}", aim(bobs))
    await town.slack.until(
        lambda: sum("Je ne trouve pas cette campagne" in str(one) for one in samir.messages) == 3
    )
    await samir.says("campagnes")
    await samir.sees("Vous n'avez pas encore de campagne")
    assert bobs.name not in str(samir.messages)
    assert campaign(town).state is State.SENDING


async def test_nothing_more_is_claimed_once_a_pause_was_answered(town: Town) -> None:
    """Four requests are held by the mail service: their letters may go, and no others."""
    bob = town.bob
    await bob.drops(many(6_500))
    await bob.sees("List kept")
    await town.composes(bob, "https://forms.example/s/1")
    await bob.submits()
    await town.slack.until(lambda: campaign(town).state is State.SCHEDULED)
    for _ in range(4):
        town.mail.hang()
    service = town.bot.services.campaigns
    moving = asyncio.ensure_future(town.reaches_departure())
    await bob.sees("6,500 letters")
    await town.slack.until(lambda: service.progress(campaign(town)).submitting == 4_000)
    await bob.clicks("campaigns.pause")
    await town.slack.until(lambda: campaign(town).state is State.PAUSED)
    town.bot.mailer.cut()
    await moving
    counts = service.progress(campaign(town))
    assert (counts.uncertain, counts.submitting, counts.pending) == (4_000, 0, 2_500)
    assert town.mail.letters == []


# --- drawn --------------------------------------------------------------------------------------------


def attended(campaign: Campaign, owner: Member | None = None) -> Attended:
    return Attended(campaign=campaign, progress=MIXED, owner=owner or a_member())


@BOTH
def test_slack_takes_the_part_of_others(say: Say, fits: Fits) -> None:
    states = [State.SENDING, State.PAUSED, State.HELD, State.SENDING, State.PAUSED, State.HELD]
    owner = a_member(name="W" * 80)
    shown = [Attended(campaign=a_campaign(one, **WIDEST), progress=LARGEST, owner=owner) for one in states]
    fits(others.only_others(say, shown))
    assert len(others.others(say, shown)) <= 10
    waits = Attended(campaign=a_campaign(State.SCHEDULED), progress=Progress(), owner=owner, is_deputy=True)
    fits(others.only_others(say, [waits]))


def test_who_must_repair_it_reads_why_it_stands_still() -> None:
    refused = sentence("mail.refused.credits", detail="Maximum credits exceeded")
    why = sentence("delivery.why", why=refused, told=sentence("delivery.told.nobody"))
    fault = attended(a_campaign(State.PAUSED, why=why))
    said = words(others.others(FR, [fault]))
    assert "Le compte SendGrid manque de crédits (Maximum credits exceeded). Rachetez-en" in said
    said = words(others.others(FR, [replace(fault, is_deputy=True)]))
    assert "Notre compte d'envoi n'a plus de crédits" in said
    paused = attended(a_campaign(State.PAUSED, why=sentence("campaigns.why.person")), a_member())
    said = words(others.others(FR, [paused]))
    assert f"Suspendue par {called(a_member())}." in said
    assert "Vous" not in said


def test_who_has_nothing_running_is_told_so() -> None:
    text, blocks = others.only_others(FR, [attended(a_campaign(State.PAUSED))])
    assert text in words(blocks[:1])
    assert "Rien de vous n'est en cours" in words(blocks[:1])


def test_a_name_pings_nobody() -> None:
    why = a_campaign(State.PAUSED, name=PING)
    said = words(others.others(EN, [attended(why, a_member(first_name=PING))]))
    assert "<!channel>" not in said
    assert "&lt;!channel&gt;" in said


def test_what_never_left_is_stopped_by_cancelling_it() -> None:
    held = a_campaign(State.HELD, departed_at=None)
    left = a_campaign(State.HELD, departed_at=NOW)
    before, after = (buttons(others.others(FR, [attended(one)])) for one in (held, left))
    assert set(before) == set(after) == {"campaigns.stop"}
    assert "391 personnes" in words(before["campaigns.stop"]["confirm"]["text"])
    assert "2 190 lettres parties" in words(after["campaigns.stop"]["confirm"]["text"])
