"""Files we write: what a person sees in Excel, and what no spreadsheet may run."""

import csv
import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from bot.core.contacts import Contact
from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.lists import ContactList, Report
from bot.core.people import Language
from bot.exports import Exports
from bot.exports.file_names import file_name
from bot.exports.workbooks import sheet_name
from bot.ports import Exporter, OutgoingFile
from tests.fixtures.reading import read

EXPORTS: Exporter = Exports()
COLUMNS = {"email": "Courriel", "first_name": "Prénom", "last_name": "Nom"}


def a_list(title: str = "Clients 2026", **report: object) -> ContactList:
    return ContactList(
        workspace=WorkspaceId("T1"), id=ListId("lst_x"), owner=MemberId("U1"), title=title,
        report=Report(**{"columns": COLUMNS, **report}), created_at=datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip


def exported(
    *people: Contact, kind: str = "xlsx", language: Language = Language.FRENCH, **more: object
) -> OutgoingFile:
    return EXPORTS.contacts(a_list(**more), people, kind, language)  # type: ignore[arg-type]


CLAIRE = Contact(row=2, email="claire@exemple.fr", first_name="Claire", last_name="Martin", extras=("00123",))


def test_a_workbook_looks_made_with_care() -> None:
    file = exported(CLAIRE, extras=("Code",))
    assert file.name == "Clients 2026.xlsx"
    sheet = load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["Email", "Prénom", "Nom", "Code"]
    assert all(cell.font.bold and cell.fill.fill_type == "solid" for cell in sheet[1])
    assert sheet.title == "Clients 2026"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D2"
    assert sheet.column_dimensions["A"].width >= len("claire@exemple.fr")
    assert [cell.value for cell in sheet[2]] == ["claire@exemple.fr", "Claire", "Martin", "00123"]
    assert {cell.number_format for cell in sheet[2]} == {"@"}


def test_csv_opens_with_a_double_click_in_either_language() -> None:
    french = exported(CLAIRE, kind="csv", extras=("Code",))
    assert french.name == "Clients 2026.csv"
    assert french.content.startswith(b"\xef\xbb\xbf")
    assert french.content.decode("utf-8-sig").splitlines() == [
        "Email;Prénom;Nom;Code",
        "claire@exemple.fr;Claire;Martin;00123",
    ]
    english = exported(CLAIRE, kind="csv", language=Language.ENGLISH)
    assert english.content.decode("utf-8-sig").splitlines()[0] == "Email,First name,Last name"


DANGEROUS = [
    "=1+1",
    "+33 1",
    "-2",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "'=1",
    "''=1",
    "'quoted",
    "#N/A",
    "_x0041_",
]


@pytest.mark.parametrize("value", DANGEROUS)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_value_is_a_formula_and_none_is_changed(value: str, kind: str) -> None:
    person = Contact(row=2, email="=a+b@exemple.fr", first_name=value, last_name="Roy", extras=(value,))
    file = exported(person, kind=kind, extras=("Note",))
    for cell in _cells_as_excel_takes_them(file, kind):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert read(file.content, file.name).contacts == [person]


def _cells_as_excel_takes_them(file: OutgoingFile, kind: str) -> list[str]:
    """In CSV all that stands there; in a workbook only what is no text."""
    if kind == "csv":
        rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";")
        return [cell for row in rows for cell in row]
    sheet = load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    return [
        str(cell.value)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type not in {"s", "inlineStr", "n"}
    ]


def test_a_formula_as_a_title_is_neutral_too() -> None:
    file = exported(CLAIRE, kind="csv", extras=("=1+1",))
    assert ";'=1+1" in file.content.decode()
    assert read(file.content).report.extras == ("=1+1",)


@pytest.mark.parametrize(("language", "name"), [(Language.FRENCH, "exemple"), (Language.ENGLISH, "sample")])
def test_the_sample_reads_without_a_word(language: Language, name: str) -> None:
    file = EXPORTS.sample(language)
    assert name in file.name
    report = read(file.content, file.name).report
    assert (report.accepted, report.problems, report.language) == (3, (), language.value)
    assert all(contact.email.endswith("@example.org") for contact in report.sample)
    assert len(report.columns) == 6


def test_a_list_without_a_file_has_all_columns() -> None:
    file = exported(CLAIRE, kind="csv", columns={})
    assert b"Localisation" in file.content


def test_an_empty_list_is_a_header() -> None:
    assert exported(kind="csv").content.decode("utf-8-sig") == "Email;Prénom;Nom\r\n"
    assert read(exported().content).error == "reading.error.header_only"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Clients 2026", "Clients 2026.csv"),
        ("../../etc/passwd", "etc passwd.csv"),
        ('a<b>:"c"|?*', "a b c.csv"),
        ("\u202egnp.exe", "gnp.exe.csv"),
        ("", "contacts.csv"),
        ("...", "contacts.csv"),
        ("CON", "contacts CON.csv"),
        ("x" * 300, "x" * 80 + ".csv"),
        ("Été\n2026", "Été 2026.csv"),
    ],
)
def test_file_names_every_system_takes(title: str, name: str) -> None:
    assert file_name(title, "csv") == name


@pytest.mark.parametrize(
    ("title", "name"), [("A/B: [c]?*\\", "A B c"), ("'x'", "x"), ("", "Contacts"), ("y" * 40, "y" * 31)]
)
def test_sheet_names_excel_takes(title: str, name: str) -> None:
    assert sheet_name(title) == name
