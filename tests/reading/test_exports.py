"""Questionnaires' exports: of every row its codes, its addresses, and whether it was finished. No more."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.core import lines
from bot.core.answered import Export, Row
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.tokens import Tokens
from bot.reading import ChildExports
from bot.reading.limits import Limits
from tests.fixtures.files import csv_bytes, xlsx_bytes

CODES = Tokens(b"k" * 32, WorkspaceId("T1"), CampaignId("cmp_1"))
ANNA, BOB = CODES.answer(0), CODES.answer(1)
DONE = "2026-01-05 10:12:00"
Looked = tuple[Export, list[Row]]
Look = Callable[..., Looked]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def look(rows: Sequence[Sequence[str]], name: str = "export.csv", **limits: int) -> Looked:
        content = xlsx_bytes(rows) if name.endswith("xlsx") else csv_bytes(rows, delimiter=",")
        return looked(tmp_path, name, content, **limits)

    return look


def looked(folder: Path, name: str, content: bytes, **limits: int) -> Looked:
    file, staging = folder / "export", folder / "staging"
    file.write_bytes(content)
    export = ChildExports(Limits(**limits)).look(file, name, staging)
    with staging.open("rb") as kept:
        return export, [Row.from_line(line) for line in lines.read(kept) if line[0] == "a"]


def finished(found: Looked) -> list[bool]:
    return [row.is_finished for row in found[1]]


def test_limesurvey(look: Look) -> None:
    titles = ["id. Response ID", "submitdate. Date submitted", "postillon", "G1Q1. Avis"]
    found = look(
        [titles, ["1", DONE, ANNA, "bien"], ["2", "", BOB, ""], ["3", "1980-01-01 00:00:00", "", "x"]]
    )
    assert finished(found) == [True, False, True]
    assert [row.codes for row in found[1]] == [(ANNA,), (BOB,), ()]
    assert [(sheet.rows, sheet.coded) for sheet in found[0].sheets] == [(3, 2)]


def test_typeform(look: Look) -> None:
    titles = ["#", "Avis", "postillon", "Response Type", "Start Date (UTC)", "Submit Date (UTC)"]
    rows = [["a", "5", ANNA, "completed", DONE, DONE], ["b", "", BOB, "partial", DONE, ""]]
    assert finished(look([titles, *rows])) == [True, False]


def test_surveymonkey_puts_choices_below_the_questions(look: Look) -> None:
    titles = ["Respondent ID", "Collector ID", "Email Address", "postillon", "How was it?", "Response Status"]
    below = ["", "", "", "", "Open-Ended Response", ""]
    rows = [["118", "4", "anna@example.com", ANNA, "fine", "Completed"], ["119", "4", "", BOB, "", "Partial"]]
    found = look([titles, below, *rows])
    assert finished(found) == [True, False]
    assert found[0].sheets[0].addresses[0].title == "Email Address"


@pytest.mark.parametrize("said", ["False", "FAUX", "0", "non", "En cours", "Incomplete"])
def test_what_says_that_it_is_not_finished(look: Look, said: str) -> None:
    assert finished(look([["Avis", "Terminé"], ["bien", said], ["bien", "oui"]])) == [False, True]


def test_a_no_under_a_question_is_an_answer(look: Look) -> None:
    found = look([["Êtes-vous revenu ?", "Statut", "postillon"], ["Non", "Non", ANNA]])
    assert finished(found) == [True]


def test_a_code_alone_in_a_link_or_escaped(look: Look) -> None:
    link = f"https://s.example/?postillon={ANNA}&x=1"
    escaped = f"https://s.example/?to=https%3A%2F%2Fq.example%3Fpostillon%3D{BOB}"
    found = look([["Referer"], [link], [escaped]], "export.xlsx")
    assert [row.codes for row in found[1]] == [(ANNA,), (BOB,)]


def test_nothing_but_codes_and_addresses_leaves_the_child(look: Look, tmp_path: Path) -> None:
    look([["Nom", "Mail", "Avis secret"], ["Zoé", "Zoe <zoe@exemple.fr>", "trop cher"]])
    kept = (tmp_path / "staging").read_text(encoding="utf-8")
    assert "zoe@exemple.fr" in kept
    assert not [word for word in ("Zoé", "trop", "secret") if word in kept]


def test_without_titles_every_row_counts(look: Look) -> None:
    export, rows = look([["anna@example.com", "5"], ["bob@example.com", "4"]])
    assert len(rows) == 2
    assert export.sheets[0].addresses[0].title == ""


def test_what_is_no_file_to_read_is_said(tmp_path: Path, look: Look) -> None:
    (tmp_path / "staging").touch()
    export, _ = looked(tmp_path, "export.xlsx", b"%PDF-1.7 and more")
    assert export.error is not None
    export, _ = look([["Avis"], *[["bien"]] * 20], max_rows=10)
    assert export.error is not None
    assert export.error.key == "reading.error.too_many_rows"
