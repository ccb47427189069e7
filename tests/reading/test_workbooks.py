"""Workbooks as people have them, by both libraries: each case says what is odd, and what must come out."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook, load_workbook

from bot.core.lists import Level
from bot.reading import reports
from bot.reading.workbooks import CALAMINE, OPENPYXL
from tests.fixtures import files
from tests.fixtures.reading import read

HEAD = ("Email", "Prénom", "Nom", "Note")
ZOE = ("zoe@exemple.fr", "Zoé", "Lefèvre", "x")


@pytest.fixture(autouse=True, params=[CALAMINE, OPENPYXL])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both opinions must agree: each case is read by each library alone."""
    by = reports.sheets
    monkeypatch.setattr(reports, "sheets", lambda path, _: by(path, request.param))
    return str(request.param)


def test_a_plain_workbook() -> None:
    reading = read(files.english_xlsx()[1], "customers.xlsx")
    assert reading.report.error is None
    assert reading.names == ["Anna Smith", "Bob O'Brien", "Zoë Lee"]
    assert (reading.report.kind, reading.report.sheet, reading.report.language) == ("xlsx", "Sheet1", "en")
    assert (reading.report.encoding, reading.report.delimiter) == ("", "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (42, "42"),
        (42.0, "42"),
        (0.5, "0.5"),
        (75001, "75001"),
        ("00123", "00123"),
        (dt.date(2026, 11, 23), "2026-11-23"),
        (dt.datetime(2026, 11, 23, 10, 5), "2026-11-23 10:05"),  # noqa: DTZ001 - Excel knows no zones
        (True, "TRUE"),
        ("=x", "=x"),
        ("  two\nlines ", "two lines"),
    ],
)
def test_values_are_as_the_spreadsheet_shows_them(value: object, shown: str) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.append(ZOE)
    cell = sheet["D2"]
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    assert read(files.saved(workbook)).contacts[0].extras == (shown,)


def test_a_title_and_blank_rows_above_keep_the_row_numbers() -> None:
    rows = [(), (None, "Salon 2026"), (), HEAD, ZOE, (), ("b@exemple.fr", "Bo", "Bi")]
    reading = read(files.xlsx_bytes(rows))
    assert [contact.row for contact in reading.contacts] == [5, 7]
    assert reading.report.header_row == 4


def test_empty_columns_on_the_left() -> None:
    reading = read(files.xlsx_bytes([(None, None, *HEAD), (None, None, *ZOE)]))
    assert reading.names == ["Zoé Lefèvre"]


def test_the_first_visible_sheet_with_contacts_is_read_and_named() -> None:
    content = files.sheets_bytes(
        {"Secret": [HEAD, ("s@exemple.fr", "S", "S")], "Lisez-moi": [("Bonjour",)], "Gens": [HEAD, ZOE]},
        hidden=["Secret"],
    )
    reading = read(content)
    assert reading.report.sheet == "Gens"
    assert reading.names == ["Zoé Lefèvre"]


def test_a_lying_dimension_hides_nothing() -> None:
    content = files.xlsx_bytes([HEAD, ZOE, ("b@exemple.fr", "Bo", "Bi")])
    sheet = files.part(content, "xl/worksheets/sheet1.xml").replace(b'ref="A1:D3"', b'ref="A1"')
    assert b'ref="A1"' in sheet
    reading = read(files.repacked(content, {"xl/worksheets/sheet1.xml": sheet}))
    assert reading.report.accepted == 2


def test_cached_values_stand_for_formulas() -> None:
    content = files.xlsx_bytes([HEAD, ("zoe@exemple.fr", "Zoé", "Lefèvre", "MARK")])
    sheet = files.part(content, "xl/worksheets/sheet1.xml")
    shared = sheet.index(b'<c r="D2"')
    end = sheet.index(b"</c>", shared)
    formula = b'<c r="D2" t="str"><f>UPPER("lyon")</f><v>LYON</v>'
    reading = read(
        files.repacked(content, {"xl/worksheets/sheet1.xml": sheet[:shared] + formula + sheet[end:]})
    )
    assert reading.contacts[0].extras == ("LYON",)


def test_an_error_cell_is_no_address() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.append(("#N/A", "Zoé", "Lefèvre", ""))
    assert sheet["A2"].data_type == "e"
    assert read(files.saved(workbook)).rejected == [(2, "error_cell")]


def test_a_column_without_a_title_is_kept() -> None:
    reading = read(files.xlsx_bytes([(*HEAD, " "), (*ZOE, "à rappeler")]))
    assert reading.report.extras == ("Note", "E")
    assert reading.contacts[0].extras[1] == "à rappeler"
    assert reading.report.problems == ()


def test_a_note_outside_the_table_does_not_cost_the_row() -> None:
    reading = read(files.xlsx_bytes([HEAD, (*ZOE, *[None] * 30, "à rappeler")]))
    assert reading.report.accepted == 1
    assert reading.causes(Level.WARNING) == {"beyond": 1}


LETTERS = [("Email", "Ville"), ("b@exemple.fr", "Lyon"), ("c@exemple.fr", "Lyon")]


@pytest.mark.parametrize("first", [True, False])
def test_a_sheet_with_addresses_and_no_names_is_not_passed_over_in_silence(first: bool) -> None:
    sheets = {"Clients": [HEAD, ZOE], "Newsletter": LETTERS}
    reading = read(files.sheets_bytes(sheets if first else dict(reversed(sheets.items()))))
    assert reading.report.sheet == "Clients"
    assert reading.report.sheets == ()
    [problem] = reading.report.problems
    assert (problem.cause, problem.level, problem.count) == ("unread_sheet", Level.WARNING, 1)
    assert problem.details == ("Newsletter (2)",)


def test_sheets_of_bare_addresses_are_said_too_but_not_an_address_to_write_to() -> None:
    sheets = {
        "Lisez-moi": [("Questions",), ("aide@exemple.fr",)],
        "Gens": [HEAD, ZOE],
        "Vrac": [("a@exemple.fr",), ("b@exemple.fr",), ("c@exemple.fr",)],
    }
    [problem] = read(files.sheets_bytes(sheets)).report.problems
    assert problem.details == ("Vrac (3)",)


def test_a_protected_sheet_reads_like_any_other() -> None:
    workbook = load_workbook(io.BytesIO(files.xlsx_bytes([HEAD, ZOE])))
    assert workbook.active is not None
    workbook.active.protection.enable()
    assert read(files.saved(workbook)).names == ["Zoé Lefèvre"]


def test_damage_inside_is_a_sentence() -> None:
    content = files.repacked(files.xlsx_bytes([HEAD, ZOE]), {"xl/worksheets/sheet1.xml": b"<worksheet><oops"})
    assert read(content).error in {"reading.error.damaged", "reading.error.empty"}


def test_damage_far_below_the_header_is_a_sentence_or_costs_no_row(engine: str) -> None:
    content = files.xlsx_bytes([HEAD, *[ZOE] * 200])
    sheet = files.part(content, "xl/worksheets/sheet1.xml").replace(
        b"</row></sheetData>", b"</oops></sheetData>"
    )
    reading = read(files.repacked(content, {"xl/worksheets/sheet1.xml": sheet}))
    if engine == OPENPYXL:
        assert reading.error == "reading.error.damaged"
    else:  # calamine forgives a wrong end
        assert reading.report.rows == 200


def test_a_truncated_workbook_is_a_sentence() -> None:
    content = files.xlsx_bytes([HEAD, ZOE])
    assert read(content[: len(content) // 2]).error == "reading.error.damaged"
