"""A full name, split by the rule that `full_names` states."""

import pytest

from bot.reading.full_names import last_name_first, split, without
from bot.reading.names import folded
from tests.fixtures.reading import read

SPLITS = [
    ("Claire Martin", "Claire", "Martin"),
    ("Jean Pierre Martin", "Jean Pierre", "Martin"),
    ("Jean-Pierre Martin", "Jean-Pierre", "Martin"),
    ("Martin, Claire", "Claire", "Martin"),
    ("de La Tour, Jean", "Jean", "de La Tour"),
    ("DUPONT Jean", "Jean", "DUPONT"),
    ("Jean DUPONT", "Jean", "DUPONT"),
    ("LE GOFF Yann", "Yann", "LE GOFF"),
    ("Yann LE GOFF", "Yann", "LE GOFF"),
    ("Jean de LA FONTAINE", "Jean", "de LA FONTAINE"),
    ("JEAN DUPONT", "JEAN", "DUPONT"),
    ("JP Martin", "JP", "Martin"),
    ("J. Martin", "J.", "Martin"),
    ("Charles de Gaulle", "Charles", "de Gaulle"),
    ("de Gaulle Charles", "Charles", "de Gaulle"),
    ("Jean de La Tour", "Jean", "de La Tour"),
    ("Marie du Plessis", "Marie", "du Plessis"),
    ("Jean d'Ormesson", "Jean", "d'Ormesson"),
    ("Anne-Sophie von der Leyen", "Anne-Sophie", "von der Leyen"),
    ("Vincent van Gogh", "Vincent", "van Gogh"),
    ("Van Morrison", "Van", "Morrison"),
    ("Leonardo da Vinci", "Leonardo", "da Vinci"),
    ("Tahar Ben Jelloun", "Tahar", "Ben Jelloun"),
    ("M. Jean Dupont", "Jean", "Dupont"),
    ("Mme Claire Martin", "Claire", "Martin"),
    ("Dr Zoé Lefèvre", "Zoé", "Lefèvre"),
    ("John Smith, PhD", "John", "Smith, PhD"),
    ("Madonna", "Madonna", ""),
    ("  Zoé   Lefèvre ", "Zoé", "Lefèvre"),
    ("", "", ""),
    (",", "", ""),
    ("Dupont,", "Dupont", ""),
    (", Jean", "Jean", ""),
]


@pytest.mark.parametrize(("whole", "first", "last"), SPLITS)
def test_the_rule(whole: str, first: str, last: str) -> None:
    assert split(whole) == (first, last)


@pytest.mark.parametrize(
    ("whole", "first", "last"),
    [
        ("Martin Claire", "Claire", "Martin"),
        ("de La Tour Jean", "Jean", "de La Tour"),
        ("Martin Jean Pierre", "Jean Pierre", "Martin"),
        ("MARTIN Claire", "Claire", "MARTIN"),
    ],
)
def test_the_rule_where_the_title_says_that_the_last_name_comes_first(
    whole: str, first: str, last: str
) -> None:
    assert split(whole, last_first=True) == (first, last)


@pytest.mark.parametrize(
    ("title", "is_first"),
    [
        ("Nom Prénom", True),
        ("Nom et prénom", True),
        ("NOM / PRÉNOM", True),
        ("Prénom Nom", False),
        ("Prénom et nom", False),
        ("Nom complet", False),
        ("Full name", False),
        ("Name", False),
    ],
)
def test_titles_that_tell_the_order(title: str, is_first: bool) -> None:
    assert last_name_first(folded(title)) is is_first


def test_what_is_left_beside_a_name_that_has_its_own_column() -> None:
    assert without("Claire Martin", "Claire") == "Martin"
    assert without("Martin Claire", "claire") == "Martin"
    assert without("Martin", "Claire") == "Martin"


def test_a_split_is_said_with_what_became_of_it() -> None:
    reading = read(b"Email,Name\na@b.fr,Jean de La Tour\n")
    assert (reading.contacts[0].first_name, reading.contacts[0].last_name) == ("Jean", "de La Tour")
    assert reading.contacts[0].extras == ("Jean de La Tour",)
    [problem] = reading.report.problems
    assert (problem.cause, problem.details) == ("split_name", ("Jean de La Tour → Jean | de La Tour",))
    assert reading.report.columns == {"email": "Email", "first_name": "Name", "last_name": "Name"}
