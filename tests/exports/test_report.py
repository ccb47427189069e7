"""A campaign's report as a file: what of it is read back, whatever its people are called."""

import csv
import io
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.core.answers import Known, Source
from bot.core.campaigns import State
from bot.core.contacts import Contact
from bot.core.delivery import Progress
from bot.core.people import Language
from bot.core.reminders import Reminder
from bot.core.reports import Letter, Person, Report
from bot.exports.report import Reports
from bot.ports.reports import Reporter
from tests.handlers.campaign_records import NOW, a_campaign

REPORTS: Reporter = Reports()
MANY = 20_000
SECONDS = 8.0  # twice what a fifth of a hundred thousand people may take, on a busy machine
TOLD = Progress(people=4, accepted=4, delivered=3, bounced=1, failures={"unknown": 1}, answered=2)


def a_report(**changes: Any) -> Report:
    known = (Known(source=Source.EXPORT, at=NOW, count=2),)
    campaign = a_campaign(State.SENT, audience_size=4, columns=("Ville", "=Total"), answers=known)
    values: dict[str, Any] = {"campaign": campaign, "progress": TOLD, "at": NOW}
    return Report(**{**values, **changes})


def a_person(number: int, **changes: Any) -> Person:
    contact = Contact(
        row=number + 1, email=f"p{number}@exemple.fr", first_name="Zoé", extras=("Lyon", "=1+1")
    )
    values: dict[str, Any] = {"number": number, "contact": contact, "letter": Letter.DELIVERED}
    return Person(**{**values, **changes})


FORMULA = Contact(row=9, email="f@exemple.fr", first_name="=HYPERLINK(1)", last_name="@SUM(1)", extras=())
PEOPLE = (
    a_person(
        1, answered=True, answered_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC), reminders=2, clicked=True
    ),
    a_person(2, contact=FORMULA, answered=False),
    a_person(3, letter=Letter.FAILED, why="unknown", unsubscribed=True),
    a_person(4, contact=Contact(row=5, email="erased-1@postillon.invalid"), is_erased=True),
)


def written(report: Report, kind: str = "xlsx", language: Language = Language.FRENCH) -> bytes:
    return REPORTS.report(report, PEOPLE, kind, language, "Europe/Paris").content


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(content))
    assert not [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ], "no cell is a formula"
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_a_row_for_each_person_in_their_language_and_zone() -> None:
    people = sheets(written(a_report()))["Personnes"]
    titles, first, second, third, fourth = people
    assert titles[7:9] == ("Ville", "=Total")
    at = titles.index("A répondu")
    assert first[at : at + 2] == ("oui", "2026-07-02 00:30")
    assert (first[titles.index("Relances envoyées")], first[titles.index("A ouvert le questionnaire")]) == (
        2,
        "oui",
    )
    assert second[at] == "non"
    assert second[titles.index("A ouvert le questionnaire")] == "inconnu"
    assert third[titles.index("Lettre") : titles.index("Lettre") + 2] == ("en échec", "adresse inexistante")
    assert third[titles.index("Désinscription")] == "oui"
    assert fourth[1] == "(effacé)"
    assert "A ouvert la lettre" not in titles, "openings are not counted"


def test_letters_to_check_are_those_of_a_mailing() -> None:
    def told(progress: Progress) -> dict[str, Any]:
        sheet = sheets(written(a_report(progress=progress), language=Language.ENGLISH))["Summary"]
        return {row[0]: row[1] for row in sheet if row and row[0] and "check" in row[0]}

    assert told(replace(TOLD, uncertain=1)) == {"To check": 1}
    reminded = replace(TOLD, later=(Progress(people=3, accepted=1, uncertain=2), Progress(uncertain=1)))
    assert told(reminded) == {
        "Letters to check, of the invitation": 0,
        "Letters to check, of reminders": 3,
    }


def test_a_reminder_of_which_nothing_left_is_said_not_to_have() -> None:
    campaign = a_campaign(State.PAUSED, reminders=(Reminder(days=4, wave=1, left_at=NOW),))
    report = a_report(campaign=campaign, progress=replace(TOLD, later=(Progress(people=3, pending=3),)))
    rows = sheets(written(report, language=Language.ENGLISH))["Summary"]
    assert ("Reminder 1", "not gone · 0 accepted") in [row[:2] for row in rows]


def test_openings_where_they_are_counted() -> None:
    progress = Progress(people=4, accepted=4, openings=1)
    titles = sheets(written(a_report(progress=progress), language=Language.ENGLISH))["People"][0]
    assert titles[-4:] == ("Opened the letter", "Answered", "Answer known on", "Unsubscribed")


def test_the_csv_has_the_same_rows_and_no_formula() -> None:
    text = written(a_report(), "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    book = sheets(written(a_report()))["Personnes"]
    assert len(rows) == len(book) == 5
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "4"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_who_gets_counts_alone_gets_no_row() -> None:
    told = sheets(written(a_report(names_people=False)))
    assert list(told) == ["Résumé"]
    assert "exemple.fr" not in str([row for row in told["Résumé"] if row and row[0] not in ("Expéditeur",)])


def crowd() -> Iterator[Person]:
    failed = {"letter": Letter.FAILED, "why": "unknown"}
    return (a_person(n, **(failed if n % 50 == 0 else {})) for n in range(1, MANY + 1))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_many_people_need_little_memory(kind: str) -> None:
    unit = 1 if sys.platform == "darwin" else 1_024
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, time.process_time()
    file = REPORTS.report(a_report(), crowd(), kind, Language.FRENCH, "Europe/Paris")
    took, grown = (
        time.process_time() - began,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before,
    )
    assert took < SECONDS
    assert grown < 60 * 1024 * 1024
    assert len(file.content) > MANY * 10
