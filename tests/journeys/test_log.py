"""Who did what, when: read by who looks after the bot, in their language, without any address."""

import csv
import io
import json
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.core.campaigns import State
from bot.core.log import LogEntry
from bot.playground.slack import Person
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.handlers.campaign_records import buttons
from tests.journeys.harness import Town

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+")
WORDS = {
    "claire": {
        "kept": "Liste gardée", "scheduled": "programmée", "sent": "· envoyée", "word": "journal",
        "title": "Journal",
        "lines": ("*Claire* a importé la liste « clients »", "*Claire* a consulté la liste « clients »",
                  "*Claire* a programmé la campagne", "*Postillon* a commencé d'envoyer la campagne",
                  "*Postillon* a fini d'envoyer la campagne", "3 lettres acceptées"),
        "older": "page 2 sur 4", "who": "responsable", "refused": "peuvent lire le journal",
        "gone": "une liste qui n'est plus là", "empty": "Le journal est vide",
        "files": {"En CSV", "En Excel"},
    },
    "bob": {
        "kept": "List kept", "scheduled": "scheduled", "sent": "· sent", "word": "log", "title": "Log",
        "lines": ("*Bob* imported the list “customers”", "*Bob* viewed the list “customers”",
                  "*Bob* scheduled the campaign", "*Postillon* started sending the campaign",
                  "*Postillon* finished sending the campaign", "3 letters accepted"),
        "older": "page 2 of 4", "who": "look after", "refused": "may read the log",
        "gone": "a list that is gone", "empty": "The log is empty",
        "files": {"As CSV", "As Excel"},
    },
}  # fmt: skip
BOTH = pytest.mark.parametrize("who", ["claire", "bob"], ids=["french", "english"])


def journal(person: Person) -> dict[str, Any]:
    """The message that shows it."""
    found: dict[str, Any] = [one for one in person.messages if "log.download" in str(one)][-1]
    return found


def last(person: Person) -> str:
    return json.dumps(journal(person), ensure_ascii=False).replace("\u00a0", " ")


async def an_admin(town: Town, who: str) -> Person:
    person: Person = getattr(town, who)
    await person.becomes(is_admin=True)
    return person


async def sends(town: Town, person: Person, words: dict[str, str]) -> None:
    await person.drops(french_excel_csv() if person is town.claire else english_xlsx())
    await person.sees(words["kept"])
    await person.clicks("lists.view")
    await town.slack.until(lambda: person.dialog)
    await person.closes()
    await town.composes(person, "https://forms.example/s/1")
    await person.submits()
    await person.sees(words["scheduled"])
    await town.reaches_departure()
    await town.letters(3)
    stored = town.bot.store.campaigns
    await town.slack.until(lambda: stored.all(town.workspace)[0].state is State.SENT)
    await person.sees(words["sent"])


@BOTH
async def test_everything_is_in_it_and_no_address(town: Town, who: str) -> None:
    person, words = await an_admin(town, who), WORDS[who]
    await sends(town, person, words)
    await person.says(words["word"])
    await town.slack.until(lambda: "log.download" in str(person.messages))
    told = last(person)
    for line in words["lines"]:
        assert line in told
    assert ADDRESS.search(told) is None
    kept = (town.playground.data / "workspaces" / town.workspace / "log").read_text("utf-8")
    assert ADDRESS.search(kept) is None
    assert "Martin" not in kept + told


@BOTH
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_all_of_it_is_a_file(town: Town, who: str, kind: str) -> None:
    person, words = await an_admin(town, who), WORDS[who]
    await sends(town, person, words)
    await person.says(words["word"])
    await town.slack.until(lambda: "log.download" in str(person.messages))
    offered = [block.get("accessory", {}).get("text", {}).get("text") for block in journal(person)["blocks"]]
    assert {one for one in offered if one} == words["files"]
    value = next(one for one in values(person, "log.download") if one.endswith(kind))
    await person.clicks("log.download", value=value)
    await town.slack.until(lambda: person.files and person.files[-1].name == f"{words['title']}.{kind}")
    rows = list(read(person.files[-1].content, kind))
    assert (
        len(rows) == 1 + len(town.bot.store.log.read(town.workspace)) - 1
    )  # that it was exported comes after
    assert {len(row) for row in rows} == {6}
    assert ADDRESS.search(str(rows)) is None
    first = rows[-1]
    assert first[1] == person.profile.first_name
    assert town.bot.store.log.read(town.workspace)[-1].verb == "exported"


def values(person: Person, action: str) -> list[str]:
    blocks = journal(person)["blocks"]
    return [
        str(one["accessory"]["value"])
        for one in blocks
        if one.get("accessory", {}).get("action_id") == action
    ]


def read(content: bytes, kind: str) -> list[list[str]]:
    if kind == "csv":
        text = content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.split("\n")[0] else ","))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


@BOTH
async def test_it_has_pages_and_what_is_gone_has_no_name(town: Town, who: str) -> None:
    person, words = await an_admin(town, who), WORDS[who]
    await person.says(words["word"])
    await person.sees(words["empty"])
    now = town.bot.wakes.now()
    for n in range(100):
        about = {"contacts": n, "owner": "U0BOB"}
        entry = LogEntry(at=now, by=person.profile.id, verb="never heard of", subject="lst_gone", about=about)
        town.bot.store.log.write(town.workspace, entry)
    await person.commands("/contacts", words["word"])
    await person.sees(words["gone"])
    assert set(buttons(journal(person)["blocks"])) == {"log.page", "log.download"}
    await person.clicks("log.page")
    await person.sees(words["older"])
    assert {"log.page", "log.previous"} <= set(buttons(journal(person)["blocks"]))
    assert "never heard of" in last(person)
    count = len(person.messages)
    await person.clicks("log.previous")
    await town.slack.until(lambda: "log.previous" not in last(person))
    assert len(person.messages) == count


@BOTH
async def test_nobody_else_reads_it(town: Town, who: str) -> None:
    other = town.samir if who == "claire" else town.bob
    await other.becomes(is_admin=False)
    words = WORDS["bob" if other is town.bob else "claire"]
    await other.says(words["word"])
    await other.sees(words["refused"])
    await other.forges("log.download", ":0:csv")
    await other.forges("log.page", ":0:1")
    await town.slack.until(lambda: sum(words["refused"] in str(one) for one in other.messages) == 3)
    assert other.files == []
