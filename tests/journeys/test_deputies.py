"""A campaign's deputy: named in the dialog, told in their DM, pauses and stops, and nothing else."""

from typing import Any

import pytest

from bot.core.campaigns import Campaign, State
from bot.playground.slack import Person
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.handlers.campaign_records import buttons
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"


def campaign(town: Town) -> Campaign:
    return town.bot.store.campaigns.all(town.workspace)[0]


async def begins(town: Town, person: Person) -> None:
    french = person.profile.locale.startswith("fr")
    await person.drops(french_excel_csv() if french else english_xlsx())
    await person.sees("Liste gardée" if french else "List kept")
    await person.clicks("campaigns.new")
    await town.dialog(person, "campaigns.parameters")
    await person.types("link", LINK)
    await person.clicks("campaigns.options")
    await town.slack.until(lambda: "deputy" in str(person.dialog))


async def schedules(town: Town, person: Person, deputy: str) -> None:
    await begins(town, person)
    await person.selects("deputy", deputy)
    for following in ("recipients", "message", "when", "check"):
        await person.submits()
        await town.dialog(person, f"campaigns.{following}")
    await person.submits()
    await town.slack.until(lambda: campaign(town).state is State.SCHEDULED)


async def departs_into_a_jam(town: Town) -> None:
    town.mail.answer_next(429, headers={"Retry-After": "3600"})
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).state is State.SENDING)


def last(person: Person) -> dict[str, Any]:
    return person.messages[-1]


@pytest.mark.parametrize(
    ("owner", "deputy", "planned", "departed", "over"),
    [
        ("claire", "samir", "Claire compte sur vous", "vous pouvez la suspendre", "rien à faire"),
        ("samir", "bob", "Samir counts on you to stop", "has left: you can pause", "nothing left for you"),
    ],
    ids=["french", "english"],
)
async def test_a_deputy_is_told_and_stops_it(
    town: Town, owner: str, deputy: str, planned: str, departed: str, over: str
) -> None:
    mine, theirs = getattr(town, owner), getattr(town, deputy)
    await schedules(town, mine, theirs.profile.id)
    await theirs.sees(planned)
    assert set(buttons(last(theirs)["blocks"])) == {"campaigns.stop"}
    before = len(theirs.messages)
    await departs_into_a_jam(town)
    await theirs.sees(departed)
    assert len(theirs.messages) == before + 1, "an edit would notify nobody"
    assert set(buttons(last(theirs)["blocks"])) == {"campaigns.pause", "campaigns.stop"}
    await theirs.clicks("campaigns.pause")
    await town.slack.until(lambda: campaign(town).state is State.PAUSED)
    await town.slack.until(lambda: set(buttons(last(theirs)["blocks"])) == {"campaigns.stop"})
    await theirs.clicks("campaigns.stop")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await theirs.sees(over)
    shown = str(theirs.messages)
    assert not any(secret in shown for secret in ("@example", "@exemple", LINK, campaign(town).subject))


async def test_a_deputy_resumes_nothing_edits_nothing_and_learns_no_address(town: Town) -> None:
    claire, samir = town.claire, town.samir
    await schedules(town, claire, samir.profile.id)
    await samir.sees("Claire compte sur vous")
    before = campaign(town)
    refused = "Je ne trouve pas cette campagne"
    aim = f"{before.id}:{before.revision}"
    for verb in ("edit", "cancel", "send_now", "reschedule", "duplicate", "resume", "link", "invite"):
        await samir.forges(f"campaigns.{verb}", aim)
    await town.slack.until(
        lambda: str(samir.messages).count(refused) + str(samir.dialogs).count(refused) >= 8
    )
    assert campaign(town) == before
    await samir.opens_home()
    await town.slack.until(lambda: samir.home and "Campagnes des autres" in str(samir.home))
    assert "campaigns.resume" not in str(samir.home)
    await samir.clicks("campaigns.stop", where="home")
    await town.slack.until(lambda: campaign(town).state is State.CANCELLED)
    await claire.sees("Samir a arrêté")


async def test_the_word_stop_of_a_deputy_shows_what_they_may_stop(town: Town) -> None:
    await schedules(town, town.claire, town.samir.profile.id)
    await town.samir.sees("Claire compte sur vous")
    await town.samir.says("stop")
    await town.slack.until(lambda: "Campagnes des autres" in str(last(town.samir)))
    await town.samir.clicks("campaigns.stop", where=last(town.samir)["ts"])
    await town.slack.until(lambda: campaign(town).state is State.CANCELLED)


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("claire", ("C'est vous", "est un invité", "est fermé")),
        ("bob", ("That is you", "is a guest", "is closed")),
    ],
)
async def test_who_cannot_be_a_deputy_is_refused_at_the_field(
    town: Town, owner: str, said: tuple[str, str, str]
) -> None:
    person: Person = getattr(town, owner)
    await town.samir.says("aide")
    await town.samir.sees("je suis Postillon")
    await begins(town, person)
    oneself, guest, closed = said
    await person.selects("deputy", person.profile.id)
    await person.submits()
    assert oneself in person.errors["deputy"].replace("\u00a0", " ")
    await town.samir.becomes(is_restricted=True)
    await town.bot.edge.drain()
    await person.selects("deputy", town.samir.profile.id)
    await person.submits()
    assert guest in person.errors["deputy"]
    await town.samir.leaves()
    await town.bot.edge.drain()
    await person.submits()
    assert closed in person.errors["deputy"]


async def test_a_deputy_is_told_when_they_are_none_any_more(town: Town) -> None:
    claire, samir = town.claire, town.samir
    await samir.says("aide")
    await schedules(town, claire, samir.profile.id)
    await samir.sees("Claire compte sur vous")
    await claire.clicks("campaigns.edit")
    await town.dialog(claire, "campaigns.check")
    await samir.sees("Claire retravaille")
    assert "campaigns.stop" not in str(samir.messages)
    await claire.clicks("campaigns.edit", value=f"{campaign(town).id}:{campaign(town).revision}:parameters")
    await town.dialog(claire, "campaigns.parameters")
    await claire.clicks("campaigns.options")
    await town.slack.until(lambda: "deputy" in str(claire.dialog))
    await claire.selects("deputy", town.bob.profile.id)
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await samir.sees("ne compte plus sur vous")
    await claire.submits()
    await town.bob.sees("Claire counts on you")
