"""`inspect` says what only the person knows: which column, which sheet, who said no."""

from bot.core.people import Language
from bot.exports.inspection import inspection
from bot.texts import Say
from tests.fixtures import files
from tests.fixtures.reading import read

HEADER = ("Email", "E-mail", "First name", "Last name", "Unsubscribed")
ROWS = [
    HEADER,
    ("a@b.fr", "", "Ana", "Ruiz", "yes"),
    ("c@d.fr", "", "Luz", "Gil", "perhaps"),
    ("e..f@g.fr", "", "Bo", "Li", ""),
]


def inspected(content: bytes, name: str, language: Language) -> dict[str, object]:
    reading = read(content, name)
    return inspection(reading.report, reading.records, Say(language))


def test_it_asks_about_columns_sheets_and_marks() -> None:
    content = files.sheets_bytes({"Leeds": ROWS, "York": ROWS})
    told = inspected(content, "c.xlsx", Language.ENGLISH)
    assert told["warnings"] == [
        "row 1: 1 column that means the same as another, kept aside (Email | E-mail)",
        "Several columns for “Email”: Email, E-mail. I read “Email”: if it is another one, rename the "
        "titles in the file.",
        "Several sheets hold contacts: Leeds (3 rows), York (3 rows). I read “Leeds”.",
        "1 person marked “do not contact” (column Unsubscribed)",
        "1 person whose mark I don't understand (column Unsubscribed): perhaps",
    ]
    assert told["ambiguous"] == {"email": ["Email", "E-mail"]}
    assert told["sheets"] == [{"name": "Leeds", "rows": 3}, {"name": "York", "rows": 3}]
    assert told["opt_outs"] == {
        "count": 1, "columns": ["Unsubscribed"], "doubtful": 1, "unknown": ["perhaps"],
    }  # fmt: skip
    assert told["marked"] == [
        {"row": 2, "email": "a@b.fr", "value": "yes", "understood": True},
        {"row": 3, "email": "c@d.fr", "value": "perhaps", "understood": False},
    ]


def test_a_rejected_row_says_what_was_probably_meant() -> None:
    for language, words in (
        (Language.ENGLISH, "Probably: e.f@g.fr"),
        (Language.FRENCH, "Sans doute : e.f@g.fr"),
    ):
        [error] = inspected(files.csv_bytes(ROWS), "c.csv", language)["errors"]  # type: ignore[misc]
        assert error.endswith(words)


def test_columns_are_told_also_beside_an_error() -> None:
    told = inspected(b"Correo;Nombre\r\na@b.fr;Ana\r\n", "c.csv", Language.FRENCH)
    assert told["error"]
    assert told["headers"] == [
        {"title": "Correo", "samples": ["a@b.fr"]},
        {"title": "Nombre", "samples": ["Ana"]},
    ]
    assert told["fingerprint"]
