"""Guests and strangers at every door, and members who may not send: a sentence, and nothing done."""

from typing import Any

import pytest

from bot.core.campaigns import Campaign, State
from bot.playground.slack import Person
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"
REFUSED = {"claire": "est réservé aux membres", "bob": "is for the members of this workspace"}
GUESTS = pytest.mark.parametrize(
    "kind", [{"is_restricted": True}, {"is_stranger": True}], ids=["guest", "stranger"]
)
BOTH = pytest.mark.parametrize("who", ["claire", "bob"], ids=["french", "english"])


def campaigns(town: Town) -> list[Campaign]:
    return town.bot.store.campaigns.all(town.workspace)


async def drops(town: Town, person: Person) -> None:
    french = person.profile.locale.startswith("fr")
    await person.drops(french_excel_csv() if french else english_xlsx())
    await person.sees("Liste gardée" if french else "List kept")


def refusals(person: Person, words: str) -> int:
    shown = [*person.messages, *person.dialogs, person.home or {}]
    return sum(words in str(one).replace("\u00a0", " ") for one in shown)


@GUESTS
@BOTH
async def test_who_is_no_member_is_told_at_every_door(town: Town, who: str, kind: dict[str, Any]) -> None:
    person: Person = getattr(town, who)
    host = town.samir
    await drops(town, host)
    await town.composes(host, LINK)
    await host.submits()
    await town.slack.until(lambda: campaigns(town)[0].state is State.SCHEDULED)
    theirs = campaigns(town)[0]
    await person.becomes(**kind)
    words = REFUSED[who]
    doors = [
        lambda: person.says("campagnes"),
        lambda: person.commands("/contacts", "listes"),
        lambda: person.commands("/campaign", "campagne"),
        lambda: person.shortcut("lists.shortcut", host.messages[0]),
        lambda: person.forges("campaigns.new", ""),
        lambda: person.forges("campaigns.stop", f"{theirs.id}:{theirs.revision}"),
        lambda: person.forges("campaigns.duplicate", f"{theirs.id}:{theirs.revision}"),
        lambda: person.forges("lists.view", f"{theirs.list_id}:1"),
    ]
    for door in doors:
        known = refusals(person, words)
        await door()
        await town.slack.until(lambda known=known: refusals(person, words) > known)
        while person.dialogs:
            await person.closes()
    answer = await person.forges_submission("campaigns.check", f"{theirs.id}:{theirs.revision}", {})
    assert words in str(answer.body).replace("\u00a0", " ")
    await person.opens_home()
    await town.slack.until(lambda: person.home and words in str(person.home).replace("\u00a0", " "))
    assert campaigns(town) == [theirs]


@BOTH
async def test_who_was_made_a_guest_with_a_dialog_open_is_told_there(town: Town, who: str) -> None:
    person: Person = getattr(town, who)
    await drops(town, person)
    await town.composes(person, LINK)
    await person.becomes(is_restricted=True)
    await town.bot.edge.drain()
    await person.submits()
    await person.sees(REFUSED[who])
    assert campaigns(town)[0].state is State.DRAFT


@pytest.mark.parametrize(
    ("who", "words"), [("claire", "seules certaines personnes"), ("bob", "only some people may send")]
)
async def test_a_member_who_may_not_send_makes_no_copy_either(town: Town, who: str, words: str) -> None:
    person: Person = getattr(town, who)
    await drops(town, person)
    await town.composes(person, LINK)
    await person.submits()
    await town.reaches_departure()
    await town.slack.until(lambda: campaigns(town)[0].state is State.SENT)
    sent = campaigns(town)[0]
    object.__setattr__(town.bot.services.campaigns.policy, "senders", ["U0NOBODY"])
    for verb, argument in (("new", ""), ("duplicate", ""), ("duplicate", f":{sent.list_id}"), ("invite", "")):
        known = refusals(person, words)
        value = f"{sent.id}:{sent.revision}{argument}" if verb != "new" else f"{sent.list_id}:1"
        await person.forges(f"campaigns.{verb}", value)
        await town.slack.until(lambda known=known: refusals(person, words) > known)
    assert campaigns(town) == [sent]
