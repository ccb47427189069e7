"""Columns: what a person is shown of them, and what is read once they have chosen."""

import pytest

from bot.core.lists import Column
from tests.fixtures import files
from tests.fixtures.reading import read

SPANISH = b"Correo;Nombre;Apellido;Ciudad\r\na@b.fr;Ana;Ruiz;Vigo\r\nc@d.fr;Luz;Gil;Vigo\r\n"
CHOICE = {"email": "Correo", "first_name": "Nombre", "last_name": "Apellido"}


def test_every_column_has_its_title_and_first_different_values() -> None:
    people = [(f"u{number}@b.fr", "Zoé", f"Roy{number}", "Lyon", "", "") for number in range(9)]
    report = read(files.csv_bytes([files.FRENCH_HEADER, *people])).report
    assert report.headers[0] == Column(title="Email", samples=("u0@b.fr", "u1@b.fr", "u2@b.fr"))
    assert report.headers[1] == Column(title="Prénom", samples=("Zoé",))
    assert report.headers[3:] == (
        Column(title="Entreprise", samples=("Lyon",)),
        Column(title="Ville"),
        Column(title="Fonction"),
    )


def test_titles_nobody_knows_are_offered_beside_the_error() -> None:
    reading = read(SPANISH)
    assert reading.error == "reading.error.missing"
    assert [column.title for column in reading.report.headers] == ["Correo", "Nombre", "Apellido", "Ciudad"]
    assert reading.report.headers[1].samples == ("Ana", "Luz")


def test_what_the_person_chose_is_read() -> None:
    reading = read(SPANISH, mapping={**CHOICE, "location": "Ciudad"})
    assert reading.names == ["Ana Ruiz", "Luz Gil"]
    assert reading.contacts[0].location == "Vigo"
    assert reading.report.columns == {**CHOICE, "location": "Ciudad"}
    assert reading.report.extras == ()


def test_a_choice_goes_before_the_usual_titles() -> None:
    content = b"Email,E-mail,First name,Last name,City\na@b.fr,c@d.fr,Ana,Ruiz,Vigo\n"
    reading = read(content, mapping={"email": "E-mail", "location": ""})
    assert reading.emails == ["c@d.fr"]
    assert reading.contacts[0].location == ""
    assert reading.report.extras == ("Email", "City")
    assert reading.report.ambiguous == {}


def test_one_column_for_both_names_is_split() -> None:
    content = b"Email;Qui\r\na@b.fr;Ana Ruiz\r\n"
    both = {"email": "Email", "first_name": "Qui", "last_name": "Qui"}
    for mapping in (both, {"email": "Email", "full_name": "Qui"}):
        reading = read(content, mapping=mapping)
        assert (reading.contacts[0].first_name, reading.contacts[0].last_name) == ("Ana", "Ruiz")


def test_a_choice_of_titles_that_are_gone_changes_nothing() -> None:
    name, content = files.english_csv()
    assert read(content, name, mapping=CHOICE).names == read(content, name).names


def test_two_equal_titles_are_told_apart() -> None:
    content = b"Email;Nom;Nom;Pr\xc3\xa9nom\r\na@b.fr;Roy;Martin;Ana\r\n"
    reading = read(content)
    assert reading.report.ambiguous == {"last_name": ("Nom", "Nom (2)")}
    assert reading.contacts[0].last_name == "Roy"
    assert read(content, mapping={"last_name": "Nom (2)"}).contacts[0].last_name == "Martin"


def test_the_fingerprint_is_the_titles_and_nothing_else() -> None:
    first = read(b"Email;Pr\xc3\xa9nom;Nom\r\na@b.fr;A;B\r\n").report.fingerprint
    same = read(b"sep=,\nE-MAIL,prenom,NOM\nc@d.fr,C,D\ne@f.fr,E,F\n").report.fingerprint
    other = read(b"Email;Nom;Pr\xc3\xa9nom\r\na@b.fr;A;B\r\n").report.fingerprint
    assert first == same != other


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"Email;Pr\xc3\xa9nom;Nom\r\na@b.fr;A;B\r\n", 1),
        (b"a@b.fr;A;B\r\nc@d.fr;C;D\r\n", 0),
        (b"Bonjour\r\n", 0),
    ],
)
def test_the_first_person_is_never_taken_for_titles(content: bytes, rows: int) -> None:
    reading = read(content)
    assert reading.report.rows == rows
    assert (reading.error == "reading.error.no_header") is (rows == 0)
