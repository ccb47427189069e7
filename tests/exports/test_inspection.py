"""`inspect --json`: a contract that outside checks rely on."""

import json

import pytest

from bot.core.people import Language
from bot.core.reading import read_as
from bot.exports import inspection
from bot.texts import Say
from tests.fixtures import files
from tests.fixtures.reading import Reading, read

FRENCH, ENGLISH = Say(Language.FRENCH), Say(Language.ENGLISH)


def told(reading: Reading, say: Say = ENGLISH) -> dict[str, object]:
    line = inspection(reading.report, reading.records, say)
    json.dumps(line)
    return line


def test_a_file_with_mistakes() -> None:
    line = told(read(files.french_csv_with_mistakes()[1]))
    assert (line["rows"], line["accepted"], line["rejected"], line["duplicates"]) == (4, 2, 1, 1)
    assert line["error"] is None
    assert line["errors"] == [
        "row 3: “francois@” is not a complete address (column “Email”). "
        "It takes something like name@domain.com."
    ]
    assert line["warnings"] == ["row 5: same address as row 2: the first one is kept."]
    assert (line["encoding"], line["delimiter"], line["sheet"]) == ("cp1252", ";", None)
    assert line["columns"] == {
        "email": "Email", "first_name": "Prénom", "last_name": "Nom",
        "company": "Entreprise", "location": "Ville", "job_title": "Fonction",
    }  # fmt: skip
    assert line["contacts"] == [
        {"email": "jean.dupont@exemple.fr", "first_name": "Jean", "last_name": "Dupont",
         "company": "Nova", "location": "Lyon", "job_title": ""},
        {"email": "zoe.leroy@exemple.fr", "first_name": "Zoé", "last_name": "Leroy",
         "company": "", "location": "Nantes", "job_title": ""},
    ]  # fmt: skip


def test_a_refused_file() -> None:
    line = told(read(files.pdf()[1], "clients.pdf"))
    assert line["error"] == (
        "“clients.pdf” is a PDF: I can't read contacts in it. In Excel: File > Save As > Excel Workbook "
        "(.xlsx), then drop it here. Your lists have not changed."
    )
    assert (line["rows"], line["accepted"], line["errors"], line["contacts"]) == (0, 0, [], [])


CAUSES = [
    ("", "no address in the column “Email”"),
    ("jean@", "“jean@” is not a complete address"),
    ("a..b@c.fr", "“a..b@c.fr” can't be an address"),
    ("é@c.fr", "has an accent"),
    ("a@b.test", "receives no mail"),
    ("a\ufffd@b.fr", "a letter is lost"),
    ("x" * 40_000, "exceeds 32,767 characters"),
    ("a@b.fr désabonné", "says not to write to this person any more"),
]


@pytest.mark.parametrize(("address", "said"), CAUSES, ids=lambda value: value[:12])
def test_every_rejected_row_says_where_what_and_what_to_do(address: str, said: str) -> None:
    reading = read(files.csv_bytes([("Email", "Prénom", "Nom"), (address, "Zoé", "Roy")]))
    [english] = told(reading)["errors"]  # type: ignore[misc]
    [french] = told(reading, FRENCH)["errors"]  # type: ignore[misc]
    assert english.startswith("row 2: ")
    assert said in english
    assert french.startswith("ligne 2\u00a0: ")
    assert len(french) < 400


def test_repairs_and_warnings_are_gathered_by_cause() -> None:
    rows = [("Email", "Prénom", "Nom"), ("mailto:a@b.fr", "", "Roy"), ("c@d.fr", "", "Roy")]
    line = told(read(files.csv_bytes(rows)))
    assert line["warnings"] == [
        "row 2: 1 address tidied up (mailto:a@b.fr → a@b.fr)",
        "rows 2, 3: 2 with no first name",
    ]


@pytest.mark.parametrize(
    ("file", "french", "english"),
    [
        (files.french_excel_csv(), "CSV à point-virgule, Windows", "CSV, semicolon, Windows"),
        (files.english_csv(), "CSV à virgule, UTF-8", "CSV, comma, UTF-8"),
        (
            files.english_xlsx(),
            "classeur Excel, feuille «\u00a0Sheet1\u00a0»",
            "Excel workbook, sheet “Sheet1”",
        ),
    ],
)
def test_how_it_was_read(file: files.File, french: str, english: str) -> None:
    report = read(file[1], file[0]).report
    assert FRENCH(read_as(report)) == french
    assert ENGLISH(read_as(report)) == english


GLUED = "Email;Prénom;Nom\na@b.fr;Ana;Ruiz\nNom;Prénom;Téléphone;Courriel\nRoy;Zoé;0601;z@b.fr\n"


def test_rows_under_other_titles_are_said_with_the_row_of_those_titles() -> None:
    reading = read(GLUED.encode())
    line, french = told(reading), told(reading, FRENCH)
    assert line["errors"] == [
        "row 4: “Roy · Zoé · 0601 · z@b.fr” stands under other titles than those at the top of the file. "
        "Put each value in its column, or drop this table as a file of its own."
    ]
    assert line["warnings"] == [
        "row 3: 1 second table, under other titles: its rows are to be fixed "
        "(Nom · Prénom · Téléphone · Courriel)"
    ]
    [warning] = french["warnings"]  # type: ignore[misc]
    assert warning.startswith("ligne 3\u00a0: 1 second tableau, sous d'autres titres\u00a0: ses lignes")


def test_a_table_in_another_order_is_said() -> None:
    line = told(read(GLUED.replace("Téléphone;", "").replace("0601;", "").encode()))
    assert line["errors"] == []
    assert line["warnings"] == [
        "row 3: 1 second table, its columns in another order: read by its own titles "
        "(Nom · Prénom · Courriel)"
    ]
    assert [contact["email"] for contact in line["contacts"]] == ["a@b.fr", "z@b.fr"]  # type: ignore[attr-defined]


def test_a_sheet_that_is_not_read_is_named() -> None:
    rows = [("Email", "Prénom", "Nom"), ("a@b.fr", "Zoé", "Roy")]
    line = told(read(files.sheets_bytes({"A": rows, "Newsletter": [("Email",), ("c@d.fr",)]}), "c.xlsx"))
    assert line["warnings"] == [
        "row 1: 1 other sheet has addresses and is not read: it needs the columns Email, First name and "
        "Last name (Newsletter (1))"
    ]


def test_accents_that_may_be_others_are_shown() -> None:
    content = "EMAIL;PRENOM;NOM\na@b.fr;JEAN;LEFÈVRE\n".encode("cp850")
    assert told(read(content))["warnings"] == [
        "row 1: accents to check, they can be read in two ways (LEFÔVRE | LEFÈVRE)"
    ]
