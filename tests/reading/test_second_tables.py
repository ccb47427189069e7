"""Files glued together: a header that comes back, in the same order, in another one, or with other titles."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.lists import Level
from bot.reading import collecting
from tests.fixtures import files
from tests.fixtures.reading import Reading, read

HEAD = ("Email", "Prénom", "Nom", "Ville", "Code")
ANA = ("ana@exemple.fr", "Ana", "Ruiz", "Lyon", "1")
ZOE = ("zoe@exemple.fr", "Zoé", "Lefèvre", "Nantes", "2")
Line = tuple[str, ...]


def glued(*rows: Line) -> Reading:
    return read(files.csv_bytes([HEAD, ANA, *rows]))


def turned(row: Line, order: tuple[int, ...] = (4, 2, 1, 0, 3)) -> Line:
    return tuple(row[place] for place in order)


def warned(reading: Reading) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.cause, one.rows) for one in reading.report.problems if one.level is Level.WARNING]


def test_the_same_order_is_skipped() -> None:
    reading = glued(HEAD, ZOE)
    assert [contact.extras for contact in reading.contacts] == [("1",), ("2",)]
    assert warned(reading) == [("second_header", (3,))]


def test_another_order_is_read_by_its_own_titles() -> None:
    reading = glued(turned(HEAD), turned(ZOE))
    assert [(contact.row, contact.email) for contact in reading.contacts] == [(2, ANA[0]), (4, ZOE[0])]
    zoe = reading.contacts[1]
    assert (zoe.first_name, zoe.last_name, zoe.location, zoe.extras) == ("Zoé", "Lefèvre", "Nantes", ("2",))
    assert warned(reading) == [("second_table", (3,))]


def test_names_that_change_places_beside_the_address_do_too() -> None:
    """The address stands where it stood: nothing else would tell."""
    reading = glued(turned(HEAD, (0, 2, 1, 3, 4)), turned(ZOE, (0, 2, 1, 3, 4)))
    assert reading.names == ["Ana Ruiz", "Zoé Lefèvre"]


def test_right_below_the_header_too() -> None:
    reading = read(files.csv_bytes([HEAD, turned(HEAD), turned(ZOE)]))
    assert reading.names == ["Zoé Lefèvre"]
    assert warned(reading) == [("second_table", (2,))]


def test_other_names_of_the_same_columns() -> None:
    reading = glued(("Last name", "First name", "E-mail address"), ("Lefèvre", "Zoé", "zoe@exemple.fr"))
    assert reading.names == ["Ana Ruiz", "Zoé Lefèvre"]
    assert reading.contacts[1].extras == ("",)


def test_the_first_order_may_come_back() -> None:
    bo = ("bo@exemple.fr", "Bo", "Li", "Metz", "3")
    reading = glued(turned(HEAD), turned(ZOE), HEAD, bo)
    assert reading.names == ["Ana Ruiz", "Zoé Lefèvre", "Bo Li"]
    assert warned(reading) == [("second_table", (3,)), ("second_header", (5,))]


def test_a_rejected_row_stands_in_the_order_of_the_list() -> None:
    reading = glued(turned(HEAD), turned(("zoe@", "Zoé", "Lefèvre", "Nantes", "2")))
    [line] = [record for record in reading.records if record[0] == "r"]
    assert line[1:6] == [4, "incomplete_address", "email", "zoe@", ["zoe@", "Zoé", "Lefèvre", "Nantes", "2"]]


def test_a_value_under_no_title_is_not_lost() -> None:
    reading = glued(turned(HEAD), (*turned(ZOE), "reste"))
    assert reading.rejected == [(4, "shifted")]


OTHERS = [
    ("Nom", "Prénom", "Téléphone", "Email"),
    ("Email", "Prénom", "Nom", "Téléphone"),
    ("Email", "Prénom", "Nom", "Ville", "Téléphone"),
    ("Email", "Nom complet"),
    ("Nom", "Prénom", "Adresse"),
]


@pytest.mark.parametrize("titles", OTHERS, ids=" ".join)
def test_under_other_titles_nothing_is_read_and_nothing_lost(titles: Line) -> None:
    below = tuple(f"{title}@x.fr" if title == "Email" else title[::-1] for title in titles)
    reading = glued(titles, below, below)
    assert reading.emails == [ANA[0]]
    assert reading.rejected == [(4, "other_columns"), (5, "other_columns")]
    assert warned(reading) == [("other_table", (3,))]
    [problem] = [one for one in reading.report.problems if one.cause == "other_columns"]
    assert problem.details[0] == " · ".join(below)


def test_after_other_titles_the_first_ones_may_come_back() -> None:
    reading = glued(("Nom", "Email", "Téléphone"), ("Roy", "r@exemple.fr", "06"), HEAD, ZOE)
    assert reading.rejected == [(4, "other_columns")]
    assert reading.names == ["Ana Ruiz", "Zoé Lefèvre"]


@pytest.mark.parametrize(
    "repeated", [("Email",), ("", "Prénom", "Nom"), ("Email", "", "Nom"), ("Note", "Note")]
)
def test_titles_that_are_twice_there_or_cut_short_are_no_other_table(repeated: Line) -> None:
    head = ("Email", "Prénom", "Nom", "Note", "Note")
    again = head if repeated == ("Note", "Note") else repeated
    reading = read(files.csv_bytes([head, (*ANA[:3], "a", "b"), again, (*ZOE[:3], "c", "d")]))
    assert reading.contacts[-1].extras == ("c", "d")
    assert "other_table" not in reading.causes(Level.WARNING)


PEOPLE = [
    ("", "Jean", "Nom", "Ville", ""),
    ("Email", "Jean", "Dupont", "", ""),
    ("Mail", "", "Société", "Ville", "Poste"),
    ("inconnu", "Name", "", "City", ""),
]


@pytest.mark.parametrize("person", PEOPLE, ids=" ".join)
def test_a_person_is_no_header(person: Line) -> None:
    reading = glued(person, ZOE)
    assert [row for row, _ in reading.rejected] == [3]
    assert reading.emails == [ANA[0], ZOE[0]]


def test_titles_a_person_chose_come_back_too() -> None:
    head = ("Contact", "Petit nom", "Famille")
    mapping = {"email": "Contact", "first_name": "Petit nom", "last_name": "Famille"}
    content = files.csv_bytes([head, ANA[:3], head, ZOE[:3]])
    reading = read(content, mapping=mapping)
    assert reading.names == ["Ana Ruiz", "Zoé Lefèvre"]
    assert warned(reading) == [("second_header", (3,))]


def test_a_survey_that_explains_its_columns_is_no_second_table() -> None:
    titles = ("StartDate", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "Q1", "Position")
    words = (
        "Start Date",
        "Recipient Last Name",
        "Recipient First Name",
        "Recipient Email",
        "Ville ?",
        "Votre poste ?",
    )
    person = ("2026-01-01", "Lefèvre", "Zoé", "zoe@exemple.fr", "Lyon", "Juriste")
    reading = read(files.csv_bytes([titles, words, person], ","))
    assert reading.names == ["Zoé Lefèvre"]
    assert warned(reading) == [("second_header", (2,))]


def test_a_link_behind_a_cell_is_found_in_the_second_table() -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (HEAD[:3], ANA[:3], ("Nom", "Prénom", "Email"), ("Lefèvre", "Zoé", "Écrire")):
        sheet.append(row)
    sheet["C4"].hyperlink = "mailto:zoe@exemple.fr"
    assert read(files.saved(workbook), "c.xlsx").emails == [ANA[0], "zoe@exemple.fr"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tables=st.lists(st.tuples(st.permutations(range(5)), st.integers(0, 40)), max_size=4), seed=st.integers()
)
def test_however_tables_are_glued_everybody_is_read(
    monkeypatch: pytest.MonkeyPatch, tables: list[tuple[tuple[int, ...], int]], seed: int
) -> None:
    """And the size of a batch changes nothing."""
    chance, rows, people = random.Random(seed), [HEAD, ANA], [ANA]
    for order, count in tables:
        more = [
            (f"u{len(people) + n}@x.fr", f"F{n}", f"L{n}", chance.choice(("", "Lyon")), str(n))
            for n in range(count)
        ]
        people += more
        rows += [turned(row, tuple(order)) for row in (HEAD, *more)]
    content = files.csv_bytes(rows)
    readings = []
    for batch, small in ((1, 1), (8, 3), (1_024, 32)):
        monkeypatch.setattr(collecting, "BATCH", batch)
        monkeypatch.setattr(collecting, "SMALL", small)
        readings.append(read(content))
    for reading in readings:
        assert reading.records == readings[0].records
        assert reading.report == readings[0].report
    read_of = [
        (one.email, one.first_name, one.last_name, one.location, *one.extras) for one in readings[0].contacts
    ]
    assert read_of == people
    assert readings[0].rejected == []
