"""Without a public address the mail service can tell nothing by itself: its lists are read, and the message
says what nobody knows. Whatever it tells, whom it will not write to is left out before a campaign leaves."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.suppressions import Cause
from tests.journeys.harness import Town, open_town

PEOPLE = ("anna", "bob", "zoe", "bounce", "spam", "block")
FILE = "\r\n".join(["Email;Prénom;Nom", *(f"{one}@example.com;{one.title()};Leroy" for one in PEOPLE)])


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path / "data", public_url="", mail_unsubscribe_to="stop@nova.example") as town:
        town.mail.webhook_url = ""
        town.mail.delivers = True
        yield town


async def sends(town: Town) -> Campaign:
    await town.claire.drops(("clients.csv", FILE.encode()))
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    await town.reaches_departure()
    (campaign,) = town.bot.store.campaigns.all(town.workspace)
    return campaign


def progress(town: Town, campaign: Campaign) -> Progress:
    return town.bot.services.campaigns.telling.progress(campaign)


async def at_rest(town: Town) -> None:
    """Another thread may still read the lists, for a moment that was handed to it."""
    polling = town.bot.services.polling

    def wait() -> bool:
        with polling._at_it:
            return polling._asked is None

    while not await asyncio.to_thread(wait):
        continue


def suppressed(town: Town) -> dict[str, tuple[Cause, str]]:
    kept = town.bot.store.suppressions.all(town.workspace)
    return {one.address.partition("@")[0]: (one.cause, one.origin) for one in kept}


async def test_the_lists_are_read_and_the_message_says_what_nobody_knows(quiet: Town) -> None:
    campaign = await sends(quiet)
    await quiet.goes_by(minutes=6)
    await at_rest(quiet)
    told = progress(quiet, campaign)
    assert (told.bounced, told.blocked, told.complained) == (1, 1, 1)
    assert told.delivered_total == 4
    assert suppressed(quiet) == {
        "bounce": (Cause.BOUNCED, campaign.id), "spam": (Cause.COMPLAINED, campaign.id)
    }  # fmt: skip
    await quiet.claire.sees("4 distribuées")
    await quiet.claire.sees("sur 6 acceptées (total donné par SendGrid, essais compris)")
    await quiet.claire.sees("Inconnus")
    space = quiet.bot.store.spaces.get(quiet.workspace)
    assert space.events_since is None, "nothing was told by itself: silence is no alarm"
    await quiet.goes_by(hours=3)
    assert progress(quiet, campaign) == told
    assert "rien dit" not in quiet.claire.text_of()


async def test_the_service_is_asked_seldom_once_letters_are_old(quiet: Town) -> None:
    await sends(quiet)
    await quiet.goes_by(days=4)
    quiet.mail.requests.clear()
    await quiet.goes_by(hours=2)
    await at_rest(quiet)
    asked = [seen for seen in quiet.mail.requests if seen.path.startswith("/v3/suppression/")]
    assert 0 < len(asked) <= 4 * 3
    await quiet.goes_by(days=31)
    await at_rest(quiet)
    quiet.mail.requests.clear()
    await quiet.goes_by(hours=3)
    assert quiet.mail.requests == []


@pytest.mark.parametrize("list_name", ["bounces", "spam_reports", "unsubscribes"])
async def test_whom_the_service_will_not_write_to_gets_no_letter(town: Town, list_name: str) -> None:
    town.mail.suppress(list_name, "Anna@Example.com")
    town.mail.suppress("blocks", "bob@example.com")
    await sends(town)
    arrived = {letter.to for letter in await town.letters(5)}
    assert "anna@example.com" not in arrived
    assert town.mail.dropped == [], "it costs no credit either"
    assert suppressed(town)["anna"][1] == "sendgrid"


async def test_a_key_that_may_not_read_the_lists_sends_all_the_same(town: Town) -> None:
    town.mail.account.scopes.discard("suppression.read")
    await sends(town)
    await town.letters(6)


async def test_lists_that_are_read_are_not_read_again_from_their_beginning(town: Town) -> None:
    town.mail.suppress("bounces", "old@example.com")
    await sends(town)
    kept = town.bot.store.spaces.get(town.workspace).lists_read
    assert set(kept) == {"bounces", "spam_reports", "unsubscribes"}
    assert suppressed(town)["old"] == (Cause.BOUNCED, "sendgrid")
