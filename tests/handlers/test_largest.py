"""The whole dialog at its largest, lived through: 200 lists, 300 columns, the longest words."""

from dataclasses import replace

import pytest

from bot.core.campaigns import BODY_LENGTH, SUBJECT_LENGTH, State
from bot.core.ids import ListId
from bot.playground.slack import Person
from tests.fixtures.files import csv_bytes
from tests.handlers.test_again import LINK, campaign
from tests.journeys.harness import Town

W = "W"
COLUMNS = [f"{n} {W * 150}" for n in range(297)]
PEOPLE = [(f"p{n}@exemple.fr", W * 100, W * 100, *(f"{n % 2} {W * 200}" for _ in COLUMNS)) for n in range(3)]
LARGE = (f"{W * 100}.csv", csv_bytes((("Email", "Prénom", "Nom", *COLUMNS), *PEOPLE)))


@pytest.fixture(params=["claire", "bob"])
def person(town: Town, request: pytest.FixtureRequest) -> Person:
    found: Person = getattr(town, request.param)
    return found


def multiplies(town: Town) -> None:
    """Lists of the same person, each with a title as long as it may be."""
    store = town.bot.store.lists
    (known,) = store.all(town.workspace)
    for n in range(199):
        staging = town.bot.store.staging()
        staging.write_bytes(store.file(town.workspace, known.id).read_bytes())
        title = f"{n} {known.title}"[: len(known.title)]
        other = replace(known, id=ListId(f"lst_{n}"), title=title, source_file=f"F{n}", version=1, revision=1)
        store.add(town.workspace, other, staging)


async def test_every_dialog_stands_what_is_largest(town: Town, person: Person) -> None:
    await person.drops(LARGE)
    await person.sees("Liste gardée" if person is town.claire else "List kept")
    multiplies(town)
    await town.reaches(person, "recipients", LINK)
    await person.selects("audience", "filter")
    await town.slack.until(lambda: "campaigns.column" in str(person.dialog))
    (column, *_) = await person.suggests("column", "296")
    await person.selects("column", column["text"]["text"])
    await town.slack.until(lambda: "campaigns.values." in str(person.dialog))
    values = await person.suggests("values", "0")
    await person.selects("values", values[0]["text"]["text"])
    await person.sees("2 personnes" if person is town.claire else "2 people")
    await person.submits()
    await town.dialog(person, "campaigns.message")
    await person.types("subject", W * SUBJECT_LENGTH)
    await person.types("body", f"{{{{lien}}}} {{{{prenom}}}} {W * 79} " * (BODY_LENGTH // 110))
    fields = await person.suggests("campaigns.field_body", "296")
    await person.selects("campaigns.field_body", fields[0]["text"]["text"])
    await town.slack.until(lambda: COLUMNS[296] in str((person.dialog or {}).get("blocks")))
    await person.submits()
    await town.dialog(person, "campaigns.when")
    await person.submits()
    await town.dialog(person, "campaigns.check")
    await person.clicks("campaigns.preview")
    await town.slack.until(lambda: "2 sur 2" in person.text_of() or "2 of 2" in person.text_of())
    await person.submits()
    await town.slack.until(lambda: campaign(town).state is State.SCHEDULED)
