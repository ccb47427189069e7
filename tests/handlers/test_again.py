"""The same submission several times, and a list that goes while somebody writes."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from bot.core.campaigns import State, Step
from bot.playground.slack import Person
from bot.services.audiences import Audiences
from tests.fixtures.files import csv_bytes
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"
CLIENTS = (
    "clients.csv",
    csv_bytes((
        ("Email", "Prénom", "Nom", "Segment"),
        ("a@exemple.fr", "Anna", "Petit", "VIP"),
        ("b@exemple.fr", "Boris", "Grand", "Or"),
    )),
)  # fmt: skip
FOLLOWING = {"parameters": "recipients", "recipients": "message", "message": "when", "when": "check"}


def campaign(town: Town) -> Any:
    return town.bot.store.campaigns.all(town.workspace)[0]


async def drops(town: Town, person: Person) -> None:
    before = len(person.messages)
    await person.drops(CLIENTS)
    await town.slack.until(lambda: len(person.messages) > before + 1)
    await person.sees("Liste gardée" if person.profile.locale.startswith("fr") else "List kept")


async def at(town: Town, person: Person, step: str) -> None:
    await drops(town, person)
    if step != "parameters":
        await town.reaches(person, step, LINK)
        return
    await person.clicks("campaigns.new")
    await town.dialog(person, "campaigns.parameters")
    await person.types("link", LINK)


@pytest.fixture(params=["claire", "bob"])
def person(town: Town, request: pytest.FixtureRequest) -> Person:
    found: Person = getattr(town, request.param)
    return found


@pytest.mark.parametrize("step", FOLLOWING)
async def test_a_step_sent_three_times_at_once_is_done_once(town: Town, person: Person, step: str) -> None:
    await at(town, person, step)
    if step == "message":
        await person.types("subject", "Votre avis, {{Segment}} ?")
    answers = await person.submits_at_once(3)
    assert all(answer.ok for answer in answers)
    await town.dialog(person, f"campaigns.{FOLLOWING[step]}")
    person.doesnt_see("a changé entre-temps" if person is town.claire else "changed in the meantime")
    assert campaign(town).step is Step(FOLLOWING[step])
    assert len(town.bot.store.campaigns.all(town.workspace)) == 1
    if step == "message":
        assert campaign(town).subject == "Votre avis, {{Segment}} ?"
        assert campaign(town).replaced is None
    await person.closes()
    await person.sees("Brouillon gardé" if person is town.claire else "Draft saved")


async def test_the_check_sent_three_times_schedules_once(town: Town, person: Person) -> None:
    await at(town, person, "check")
    await person.submits_at_once(3)
    await person.sees("programmée" if person is town.claire else "scheduled")
    scheduled = campaign(town)
    assert scheduled.state is State.SCHEDULED
    assert len(town.bot.store.campaigns.all(town.workspace)) == 1


async def test_a_message_sent_in_the_moment_of_another_window_keeps_both_words(town: Town) -> None:
    claire = town.claire
    await at(town, claire, "message")
    draft = campaign(town)
    await claire.types("body", "Bonjour {{prenom}}, {{lien}}")
    elsewhere = replace(draft, subject="Autre fenêtre", revision=draft.revision + 1)
    town.bot.store.campaigns.save(town.workspace, elsewhere, draft.revision)
    await claire.submits_at_once(2)
    await claire.sees("a changé entre-temps")
    assert campaign(town).subject == "Autre fenêtre"
    assert campaign(town).replaced.body == "Bonjour {{prenom}}, {{lien}}"


async def test_a_count_that_takes_long_is_announced(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    claire, counted, look = town.claire, threading.Event(), Audiences.look

    def slowly(self: Audiences, *args: Any, **kwargs: Any) -> Any:
        assert counted.wait(10)
        return look(self, *args, **kwargs)

    await at(town, claire, "parameters")
    monkeypatch.setattr(Audiences, "look", slowly)
    await claire.submits()  # Slack has its answer, and nothing was counted yet
    assert claire.dialog is not None
    assert claire.dialog["callback_id"] not in ("campaigns.parameters", "campaigns.recipients")
    counted.set()
    await town.dialog(claire, "campaigns.recipients")
    await claire.sees("2 personnes")


async def test_a_field_put_in_just_before_is_not_lost(town: Town, person: Person) -> None:
    await at(town, person, "message")
    await person.types("body", "Bonjour {{prenom}} {{lien}}")
    view = person.dialog
    await person.selects("campaigns.field_body", "Segment")
    await town.slack.until(lambda: "{{Segment}}" in campaign(town).body)
    assert view is not None
    late = {
        "type": "view_submission", "team": {"id": str(town.workspace)}, "user": {"id": person.profile.id},
        "trigger_id": "", "view": view,
    }  # fmt: skip
    answer = await person.acts(late)
    said = "venait de changer dans cette fenêtre" if person is town.claire else "had just changed"
    assert said in str(answer.body)
    assert campaign(town).body == "Bonjour {{prenom}} {{lien}} {{Segment}}"
    assert campaign(town).step is Step.MESSAGE


# --- a list that goes ---------------------------------------------------------------------------------


async def test_a_list_deleted_under_the_letter_is_said_to_be_gone(town: Town, person: Person) -> None:
    await at(town, person, "message")
    await person.types("body", "Bonjour {{prenom}}, membre {{Segment}} : {{lien}}")
    await person.clicks("lists.delete", where="messages")
    is_french = person is town.claire
    await person.sees("est supprimée" if is_french else "is deleted")
    await person.submits()
    await person.sees("Je ne connais donc plus ses colonnes" if is_french else "I don't know its columns")
    person.doesnt_see("Je ne connais pas le champ" if is_french else "I don't know the field")
    await person.clicks("campaigns.back")
    await town.dialog(person, "campaigns.recipients")
    await person.sees("est supprimée" if is_french else "is deleted")
    assert campaign(town).body == "Bonjour {{prenom}}, membre {{Segment}} : {{lien}}", "nothing typed is lost"


async def test_a_field_of_a_list_that_is_gone_is_not_put_in(town: Town) -> None:
    claire = town.claire
    await at(town, claire, "message")
    await claire.clicks("lists.delete", where="messages")
    await claire.sees("est supprimée")
    await claire.selects("campaigns.field_body", "Segment")
    await claire.sees("Je ne connais donc plus ses colonnes")


# --- braces -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["subject", "body"])
async def test_three_braces_are_too_many(town: Town, person: Person, field: str) -> None:
    await at(town, person, "message")
    await person.types(field, "Hello {{{prenom}}} {{lien}}")
    await person.submits()
    assert list(person.errors) == [field]
    assert "{{{prenom}}}" in person.errors[field]


async def test_a_letter_scheduled_with_a_broken_field_is_asked_about(town: Town, person: Person) -> None:
    await at(town, person, "check")
    await person.submits()
    is_french = person is town.claire
    await person.sees("programmée" if is_french else "scheduled")
    before = campaign(town)
    broken = replace(before, body="Bonjour {{prenom}, {{lien}}", revision=before.revision + 1)
    town.bot.store.campaigns.save(town.workspace, broken, before.revision)
    await town.reaches_departure()
    await person.sees("ne peut pas partir telle quelle" if is_french else "cannot leave as it is")
    await person.sees("« {{prenom}, »" if is_french else "“{{prenom},”")
    for pointless in ("campaigns.send_now", "campaigns.reschedule"):
        assert pointless not in str(person.messages), "only buttons that work"
    assert campaign(town).state is State.HELD
    assert town.mail.letters == []
    await person.clicks("campaigns.edit")
    await town.dialog(person, "campaigns.message")
    await person.sees("Il manque une accolade" if is_french else "A brace is missing")
    await person.types("body", "Bonjour {{prenom}}, {{lien}}")
    await person.submits()
    await town.dialog(person, "campaigns.check")
