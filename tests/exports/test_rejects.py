"""The rows to fix as a file: what a person sees, and what reads back."""

import csv
import io
from collections.abc import Iterable

import pytest
from openpyxl import load_workbook

from bot.core.lists import Column, ContactList
from bot.core.people import Language
from bot.core.rejects import Rejected
from bot.exports import Exports
from bot.ports import Exporter, OutgoingFile
from tests.exports.test_files import COLUMNS, a_list
from tests.fixtures.reading import read

EXPORTS: Exporter = Exports()
TITLES = ("Courriel", "Prénom", "Nom", "Note")
HEADERS = tuple(Column(title=title) for title in TITLES)
MARIE = Rejected(row=7, cause="incomplete_address", column="email", value="marie@",
                 cells=("marie@", "Marie", "Dupont", "=1+1"), proposal="marie@exemple.fr")  # fmt: skip
JEAN = Rejected(row=9, cause="no_address", column="email", value="", cells=("", "Jean", "Petit"))


def a_csv(delimiter: str = ";", **more: object) -> ContactList:
    return a_list(
        headers=HEADERS, extras=("Note",), encoding="cp1252", delimiter=delimiter, kind="csv", **more
    )


def a_workbook(**more: object) -> ContactList:
    return a_list(headers=HEADERS, extras=("Note",), sheet="Feuil1", kind="xlsx", **more)


def exported(of: ContactList, *rejected: Rejected, language: Language = Language.FRENCH) -> OutgoingFile:
    return EXPORTS.rejects(of, iter(rejected), language)


def rows(file: OutgoingFile, delimiter: str = ";") -> list[list[str]]:
    text = file.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_a_text_file_goes_back_as_it_came() -> None:
    file = exported(a_csv(), MARIE, JEAN)
    assert file.name == "Clients 2026 - lignes à corriger.csv"
    assert file.content.startswith(b"\xef\xbb\xbf")
    head, marie, jean = rows(file)
    assert head == [*TITLES, "Ligne [postillon lst_x]", "Champ", "Valeur lue", "Erreur", "Proposition"]
    assert marie[:7] == ["marie@", "Marie", "Dupont", "'=1+1", "7", "Courriel", "marie@"]
    assert marie[7].replace("\u00a0", " ").startswith("ligne 7 : « marie@ » n'est pas une adresse complète")
    assert marie[8] == "marie@exemple.fr"
    assert jean[:7] == ["", "Jean", "Petit", "", "9", "Courriel", ""]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_with_its_own_delimiter_in_either_language(delimiter: str) -> None:
    file = exported(a_csv(delimiter), MARIE, language=Language.ENGLISH)
    assert file.name == "Clients 2026 - rows to fix.csv"
    head, marie = rows(file, delimiter)
    assert head[4:] == ["Line [postillon lst_x]", "Field", "Value read", "Error", "Proposal"]
    assert marie[7].startswith("row 7: “marie@”")


def test_a_workbook_shows_where_to_look() -> None:
    file = exported(a_workbook(), MARIE, JEAN)
    assert file.name == "Clients 2026 - lignes à corriger.xlsx"
    sheet = load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    yellow = {cell.coordinate for row in sheet.iter_rows(min_row=2) for cell in row
              if cell.fill.fgColor.rgb == "FFFFF2B3"}  # fmt: skip
    assert yellow == {"A2", "A3"}, "also where it is blank"
    assert [cell.value for cell in sheet[2]][:5] == ["marie@", "Marie", "Dupont", "=1+1", "7"]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert sheet["D2"].quotePrefix


@pytest.mark.parametrize("kind", ["merged", "edited"])
def test_a_list_that_was_worked_on_keeps_its_format(kind: str) -> None:
    assert exported(a_list(headers=HEADERS, encoding="utf-8", kind=kind), MARIE).name.endswith(".csv")
    assert exported(a_list(headers=HEADERS, sheet="S", kind=kind), MARIE).name.endswith(".xlsx")


def test_cells_that_found_no_column_stand_beside_the_row() -> None:
    shifted = Rejected(row=4, cause="shifted", column="", value="Inc",
                       cells=("a@exemple.fr", "Ann", "Ash", "Nova", " Inc", "", "Leeds"))  # fmt: skip
    _, row = rows(exported(a_csv(), shifted))
    assert row[:7] == ["a@exemple.fr", "Ann", "Ash", "Nova", "4", "", "Inc | Leeds"]


def test_a_column_the_rows_never_had_is_named_by_its_field() -> None:
    """A merged list goes by the titles of another file."""
    other = a_list(headers=HEADERS, columns={**COLUMNS, "email": "E-mail"}, encoding="utf-8")
    _, row = rows(exported(other, MARIE))
    assert row[5] == "Email"


HOSTILE = ["=cmd|' /C calc'!A0", "+33 1", "@SUM(A1)", "'=1", "<!channel>", 'a "b"; c,d', "_x0041_", "#N/A"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_runs_and_nothing_changes(kind: str) -> None:
    def lines() -> Iterable[Rejected]:
        for row, value in enumerate(HOSTILE, start=2):
            yield Rejected(row=row, cause="impossible_address", column="email", value=value,
                           cells=(f"p{row}@exemple.fr", value, "X", "two\nlines"))  # fmt: skip

    file = exported(a_csv() if kind == "csv" else a_workbook(), *lines())
    if kind == "csv":
        assert not [cell for row in rows(file) for cell in row if cell.startswith(("=", "+", "@"))]
    reading = read(file.content, file.name)
    meant = [value.removeprefix("'") if value == "'=1" else value for value in HOSTILE]
    assert [one.first_name for one in reading.contacts] == meant
    assert {one.extras[0] for one in reading.contacts} == {"two lines"}
    assert [one.extras[1] for one in reading.contacts] == [str(2 + n) for n in range(len(HOSTILE))]


def test_a_value_longer_than_a_cell_does_not_break_the_workbook() -> None:
    endless = Rejected(row=2, cause="long_value", column="Note", value="x" * 200,
                       cells=("a@exemple.fr", "A", "B", "x" * 40_000))  # fmt: skip
    sheet = load_workbook(io.BytesIO(exported(a_workbook(), endless).content)).active
    assert sheet is not None
    assert len(str(sheet["D2"].value)) <= 32_767
