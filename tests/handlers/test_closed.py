"""Dialogs closed while something is still on its way, and lists or drafts that go under them."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import lines
from bot.core.campaigns import State
from bot.core.contacts import Contact
from bot.core.sentences import Refusal
from bot.playground.slack import Person
from bot.services.audiences import Audiences
from bot.services.campaigns import Campaigns
from tests.handlers.test_again import at, campaign
from tests.journeys.harness import Town

TECHNICAL = ("not_found", "Slack ne m'a pas", "Slack did not", "mal passé", "went wrong")


@pytest.fixture(params=["claire", "bob"])
def person(town: Town, request: pytest.FixtureRequest) -> Person:
    found: Person = getattr(town, request.param)
    return found


class Gate:
    """A service call that waits until it may go on, or fails then."""

    def __init__(
        self, patch: pytest.MonkeyPatch, owner: type, name: str, error: Refusal | None = None
    ) -> None:
        self._begun, self._open = threading.Event(), threading.Event()
        real: Callable[..., Any] = getattr(owner, name)

        def waits(*args: Any, **kwargs: Any) -> Any:
            self._begun.set()
            assert self._open.wait(10)
            if error:
                raise error
            return real(*args, **kwargs)

        patch.setattr(owner, name, waits)

    async def is_reached(self) -> None:
        assert await asyncio.to_thread(self._begun.wait, 10)

    def opens(self) -> None:
        self._open.set()


def is_french(person: Person) -> bool:
    return person.profile.locale.startswith("fr")


def says(person: Person, french: str, english: str) -> str:
    return french if is_french(person) else english


async def test_a_loading_dialog_closed_says_where_the_draft_is(
    town: Town, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at(town, person, "parameters")
    gate = Gate(monkeypatch, Audiences, "look")
    await person.submits()
    await gate.is_reached()
    await person.closes()
    gate.opens()
    await person.sees(says(person, "Brouillon gardé", "Draft saved"))
    await person.clicks("campaigns.edit")
    await town.dialog(person, "campaigns.recipients")


async def test_a_refusal_finds_who_closed_the_loading_dialog(
    town: Town, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at(town, person, "check")
    gate = Gate(monkeypatch, Campaigns, "schedule", Refusal("mail.refused.credits", detail=""))
    await person.submits()
    await gate.is_reached()
    await person.closes()
    gate.opens()
    await person.sees(says(person, "Brouillon gardé", "Draft saved"))
    assert len([one for one in person.messages if "crédit" in str(one) or "credits" in str(one)]) == 1
    assert campaign(town).state is State.DRAFT


async def test_a_count_nobody_waits_for_any_more_ends_quietly(
    town: Town, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at(town, person, "recipients")
    gate = Gate(monkeypatch, Audiences, "look")
    await person.selects("audience", "pick")
    await gate.is_reached()
    await person.closes()
    gate.opens()
    await person.sees(says(person, "Brouillon gardé", "Draft saved"))
    await town.bot.edge.drain()
    for technical in TECHNICAL:
        person.doesnt_see(technical)
    assert campaign(town).selection.kind.value == "pick", "what was chosen is kept"


async def test_a_test_is_told_of_in_the_conversation_where_the_dialog_was_closed(
    town: Town, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at(town, person, "check")
    gate = Gate(monkeypatch, Campaigns, "test")
    await person.clicks("campaigns.test")
    await gate.is_reached()
    await person.closes()
    gate.opens()
    await person.sees(says(person, "Test envoyé à claire@", "Test sent to bob@"))
    await town.letters(1)


# --- what goes under an open dialog -------------------------------------------------------------------


async def deleted(town: Town, person: Person) -> None:
    await person.clicks("lists.delete", where="messages")
    await person.sees(says(person, "est supprimée", "is deleted"))


async def purged(town: Town, person: Person) -> None:
    await deleted(town, person)
    town.bot.store.lists.purge(town.workspace, town.playground.now() + timedelta(days=30))


async def replaced(town: Town, person: Person) -> None:
    """By one person, and other columns."""
    (known,) = town.bot.store.lists.all(town.workspace)
    staging = town.bot.store.staging()
    somebody = Contact(row=2, email="z@exemple.fr", first_name="Zoé", extras=("x",))
    staging.write_bytes(lines.header("list") + lines.encode(somebody.to_line()))
    number = max(known.version, known.latest) + 1
    renewed = replace(
        known, version=number, latest=number, revision=known.revision + 1,
        report=replace(known.report, rows=1, accepted=1, extras=("Autre",)),
    )  # fmt: skip
    town.bot.store.lists.renew(town.workspace, renewed, known.revision, staging)


async def discarded(town: Town, person: Person) -> None:
    draft = campaign(town)
    town.bot.store.campaigns.remove(town.workspace, draft.id, draft.revision)


async def cancelled(town: Town, person: Person) -> None:
    draft = campaign(town)
    gone = replace(draft, state=State.CANCELLED, revision=draft.revision + 1)
    town.bot.store.campaigns.save(town.workspace, gone, draft.revision)


ACTS = {
    "parameters": ("submit", "campaigns.options"),
    "recipients": ("submit", "campaigns.back", "audience"),
    "message": ("submit", "campaigns.back", "campaigns.options", "campaigns.field_body"),
    "when": ("submit", "campaigns.back", "campaigns.options"),
    "check": ("submit", "campaigns.back", "campaigns.test", "campaigns.preview", "campaigns.edit"),
}


@pytest.mark.parametrize("goes", [deleted, purged, replaced, discarded, cancelled])
@pytest.mark.parametrize("step", ACTS)
async def test_every_act_is_answered_whatever_went(town: Town, step: str, goes: Any) -> None:
    """Each in turn, in a dialog opened anew where the last one left it."""
    person = town.claire if len(step) % 2 else town.bob
    await at(town, person, step)
    await goes(town, person)
    for act in ACTS[step]:
        if person.dialog is None or not _offers(person, act):
            break
        before = str(person.dialog)
        await _does(person, act)
        await answered(town, person, before)
        await town.bot.edge.drain()
        for technical in TECHNICAL:
            person.doesnt_see(technical)
        assert "*" not in "".join(person.errors.values()), "under a field, stars are read"


async def answered(town: Town, person: Person, before: str) -> None:
    await town.slack.until(lambda: str(person.dialog) != before or person.errors)


def _offers(person: Person, act: str) -> bool:
    assert person.dialog is not None
    return bool(person.dialog.get("submit")) if act == "submit" else act in str(person.dialog)


async def _does(person: Person, act: str) -> None:
    match act:
        case "submit":
            await person.submits()
        case "audience":
            await person.selects("audience", "pick")
        case "campaigns.field_body":
            await person.selects(act, "first_name")
        case _:
            await person.clicks(act, where="dialog")
