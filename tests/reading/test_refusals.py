"""Files that are no contact list: each is called what it is, in both languages, with what to do."""

import pytest

from bot.core.people import Language
from bot.reading.limits import Limits
from tests.fixtures import files
from tests.fixtures.reading import read

CONVERT, FOREIGN = "reading.error.convert", "reading.error.foreign"
WITHOUT = "reading.error.no_header"
ODS = {"mimetype": b"x", "content.xml": b"<x/>"}
CASES = [
    (files.pdf(), CONVERT, "un PDF", "a PDF"),
    (files.old_xls(), CONVERT, "(.xls)", "(.xls)"),
    (files.old_xls("clients.xlsx"), CONVERT, "(.xls)", "(.xls)"),
    (files.login_page(), CONVERT, "page web", "web page"),
    (("c.ods", files.zip_bytes(ODS)), CONVERT, ".ods", ".ods"),
    (("c.xlsx", files.zip_bytes({"xl/workbook.bin": b"x"})), CONVERT, ".xlsb", ".xlsb"),
    (("c.numbers", files.zip_bytes({"Index/Document.iwa": b"x"})), CONVERT, "Numbers", "Numbers"),
    (files.picture(), FOREIGN, "une image", "an image"),
    (("a.docx", files.zip_bytes({"word/document.xml": b"x"})), FOREIGN, "document", "document"),
    (("a.vcf", b"BEGIN:VCARD\nEMAIL:a@b.fr\nEND:VCARD"), FOREIGN, "vCard", "vCard"),
    (("a.csv", bytes(range(256)) * 20), FOREIGN, "ne connais pas", "don't know"),
    (files.archive(), "reading.error.archive", "archive", "archive"),
    (("~$clients.xlsx", b"\x05Anna"), "reading.error.lock", "~$", "~$"),
    (files.protected_xlsx(), "reading.error.protected", "mot de passe", "password"),
    (("c.xlsx", b"PK\x03\x04 and nothing more"), "reading.error.damaged", "abîmé", "damaged"),
    (files.empty(), "reading.error.empty", "vide", "empty"),
    (("c.csv", b"\xef\xbb\xbf\r\n \r\n"), "reading.error.empty", "vide", "empty"),
    (("c.csv", b";;;\r\n;;;\r\n"), "reading.error.empty", "vide", "empty"),
    (("c.xlsx", files.xlsx_bytes([])), "reading.error.empty", "vide", "empty"),
    (files.header_only(), "reading.error.header_only", "ligne de titres", "row of titles"),
    (("c.xlsx", files.xlsx_bytes([files.FRENCH_HEADER])), "reading.error.header_only", "titres", "titles"),
    (files.without_header(), WITHOUT, "claire.martin@exemple.fr", "claire.martin@exemple.fr"),
    (("c.csv", b"Bonjour,\nvoici la liste.\n"), "reading.error.no_header", "Bonjour", "Bonjour"),
    (files.missing_column(), "reading.error.missing", "la colonne Prénom", "column First name is"),
    (("c.csv", b"Email\na@b.fr\n"), "reading.error.missing", "Prénom et Nom", "First name and Last name"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "key", "french", "english"), CASES, ids=lambda case: case[0] if isinstance(case, tuple) else case
)
def test_what_it_is_and_what_to_do(file: files.File, key: str, french: str, english: str) -> None:
    name, content = file
    reading = read(content, name)
    assert reading.error == key
    assert (reading.report.rows, reading.report.accepted) == (0, 0)
    for language, words in ((Language.FRENCH, french), (Language.ENGLISH, english)):
        said = reading.error_in(language)
        assert words in said
        assert name in said


def test_the_sentence_of_a_missing_column_names_what_was_found() -> None:
    said = read(files.missing_column()[1]).error_in(Language.ENGLISH)
    assert "Titles read in row 1: Courriel · Nom · Ville" in said


@pytest.mark.parametrize(
    ("limits", "key", "said"),
    [
        (Limits(max_rows=2), "reading.error.too_many_rows", "more than 2 rows"),
        (Limits(max_columns=5), "reading.error.too_many_columns", "6 columns; I read 5"),
        (Limits(max_line=30), "reading.error.long_line", "more than 30 characters"),
    ],
)
def test_limits_are_sentences(limits: Limits, key: str, said: str) -> None:
    reading = read(files.english_csv()[1], limits=limits)
    assert reading.error == key
    assert said in reading.error_in(Language.ENGLISH)


def test_a_workbook_that_unfolds_beyond_measure_is_not_opened() -> None:
    bomb = files.zip_bytes({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": bytes(80 << 20)})
    assert len(bomb) < 1 << 20
    assert read(bomb, "c.xlsx").error == "reading.error.too_heavy"
