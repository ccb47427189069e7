import pytest

from bot.core.contacts import Field
from bot.reading.header import find, letters
from bot.reading.names import Whole, known

MEANINGS: list[tuple[Field | Whole, str]] = [
    (Field.EMAIL, "email|e-mail|mail|courriel|adresse mail|adresse e-mail|Adresse de messagerie"),
    (Field.EMAIL, "Email Address|E-mail Address|E-mail 1 - Value|Adresse électronique principale"),
    (Field.EMAIL, "RecipientEmail|Person - Email - Work"),
    (Field.FIRST_NAME, "Prénom|First Name|firstname|Given Name|Person - First name|RecipientFirstName"),
    (Field.LAST_NAME, "Nom|Nom de famille|Last Name|lastname|Family Name|Surname"),
    (Field.LAST_NAME, "Person - Last name|RecipientLastName"),
    (Whole.FULL_NAME, "Name|Nom complet|Nom à afficher|Person - Name"),
    (Field.COMPANY, "Entreprise|Société|Raison sociale|Nom du compte|Company|Company Name|Account Name"),
    (Field.COMPANY, "Organization|Organization (Name)|Organization 1 - Name|Person - Organization"),
    (Field.LOCATION, "Localisation|Ville|Ville (bureau)|Commune|City|Business City|Mailing City"),
    (Field.LOCATION, "Office Location|Pays|Country"),
    (Field.JOB_TITLE, "Fonction|Poste|Intitulé du poste|Profession|Job Title|Position|Person - Title"),
]
STRANGERS = (
    "E-mail Type|E-mail 1 - Type|Nom complet de l'adresse de messagerie|Email Opt Out|emailstatus|"
    "Contact owner|Deuxième prénom|Middle Name|Surnom||Téléphone"
)


@pytest.mark.parametrize(
    ("meaning", "title"), [(field, title) for field, titles in MEANINGS for title in titles.split("|")]
)
def test_known_titles(meaning: Field | Whole, title: str) -> None:
    for written in (title, title.upper(), f" {title}\n", title.replace(" ", "_")):
        found = known(written)
        assert found is not None
        assert found.meaning == meaning


@pytest.mark.parametrize("title", STRANGERS.split("|"))
def test_a_title_that_only_contains_a_name_is_not_it(title: str) -> None:
    assert known(title) is None


def test_the_row_that_names_all_wins_over_one_that_names_some() -> None:
    rows = [(1, ["Email", "Nom"]), (2, ["Ville", "Email", "Prénom", "Nom"]), (3, ["a@b.fr", "A", "B", "C"])]
    header = find(rows)
    assert header is not None
    assert header.row == 2
    assert header.columns == {Field.LOCATION: 0, Field.EMAIL: 1, Field.FIRST_NAME: 2, Field.LAST_NAME: 3}


def test_a_person_is_never_taken_for_a_header() -> None:
    assert find([(1, ["mail@poste.fr", "Nom", "Ville"])]) is None


def test_columns_without_a_title_are_named_like_excel_does() -> None:
    assert [letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
