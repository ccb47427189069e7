"""What becomes of letters on their way: told by the mail service, seen by their sender."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from tests.journeys.harness import Town, open_town

PEOPLE = ("anna", "bob", "zoe", "bounce", "late", "block", "drop", "spam", "leave")
FILE = "\r\n".join(["Email;Prénom;Nom", *(f"{one}@example.com;{one.title()};Leroy" for one in PEOPLE)])


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path / "data") as town:
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
    return town.bot.store.ledgers.read(town.workspace, campaign.id, lambda fold: fold.progress())


def suppressed(town: Town) -> Mapping[str, str]:
    kept = town.bot.store.suppressions.all(town.workspace)
    return {one.address.partition("@")[0]: one.cause.value for one in kept}


async def test_every_fate_is_counted_once_and_nobody_is_bothered_again(town: Town) -> None:
    town.mail.repeat_events(3)
    town.mail.shuffle_events(23)
    campaign = await sends(town)
    await town.mail.until(lambda: len(suppressed(town)) == 3 and progress(town, campaign).delivered == 6)
    await town.mail.until(lambda: town.mail.posts and not town.mail.events_pending)
    told = progress(town, campaign)
    assert (told.bounced, told.blocked, told.dropped) == (1, 1, 1)
    assert told.failures == {"unknown": 1, "reputation": 1, "invalid": 1}
    assert (told.complained, told.unsubscribed) == (1, 1)
    assert suppressed(town) == {"bounce": "bounced", "spam": "complained", "leave": "unsubscribed"}
    assert {post.status for post in town.mail.posts} == {200}
    await town.claire.sees("1 désinscri")


async def test_a_bounce_that_comes_back_late_is_still_theirs(town: Town) -> None:
    campaign = await sends(town)
    await town.mail.until(lambda: progress(town, campaign).delivered == 6)
    await town.goes_by(minutes=15)
    await town.mail.until(lambda: progress(town, campaign).bounced == 2)
    assert progress(town, campaign).delivered == 5
    assert suppressed(town)["late"] == "bounced"


async def test_nobody_is_alarmed_about_letters_that_were_heard_of(town: Town) -> None:
    campaign = await sends(town)
    await town.mail.until(lambda: progress(town, campaign).delivered == 6)
    assert town.bot.store.spaces.get(town.workspace).events_since is not None
    await town.goes_by(hours=5)
    assert "rien dit" not in town.claire.text_of()
    assert town.bot.store.outbox.owed() == []
