"""Which row to fix a row of a file is: rows move, numbers move, and nobody gets another's correction."""

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.core.claims import Claims, Unfixed
from bot.core.lists import Column, Report
from bot.core.rejects import Layout, Line, Rejected
from bot.core.returns import Columns, Returned

OWN = ("E-mail", "Prénom", "Nom", "Société", "Ville")
NAMED = {"email": "E-mail", "first_name": "Prénom", "last_name": "Nom", "company": "Société",
         "location": "Ville"}  # fmt: skip
OURS = ("Ligne", "Champ", "Valeur lue", "Erreur", "Proposition")
LAYOUT = Layout.of(Report(columns=NAMED, headers=tuple(Column(title=title) for title in OWN)))


def rejected(row: int, *cells: str, cause: str = "incomplete_address", proposal: str = "") -> Line:
    column = "" if cause == "shifted" else "email"
    return ["r", row, cause, column, cells[0], list(cells), proposal]


def unfixed(*lines: Line) -> Unfixed:
    return Unfixed((Rejected.from_line(line) for line in lines), LAYOUT)


def claims(known: Sequence[Line], titles: Sequence[str] = (*OWN, *OURS)) -> Claims:
    headers = tuple(Column(title=title, samples=("x",)) for title in titles)
    columns = Columns(Report(columns=NAMED, headers=headers), LAYOUT)
    rows = (Rejected.from_line(line) for line in known)
    return Claims(Unfixed(rows, LAYOUT, columns.absent), columns, LAYOUT)


def corrected(known: Sequence[Line], rows: Sequence[Sequence[str]], *titles: str) -> list[tuple[int, str]]:
    """The row each mends, and its address. `rows` come as the file has them."""

    def staged() -> Iterator[Line]:
        return (["r", at, "", "", "", list(row), ""] for at, row in enumerate(rows, start=2))

    found = claims(known, titles or (*OWN, *OURS)).corrected(staged)
    return [(number, values[0]) for number, values in found]


def ours(number: int | str, value: str, proposal: str = "") -> tuple[str, ...]:
    return str(number), "E-mail", value, "why", proposal


def back(number: int | None, *cells: str | None, value: str | None = None) -> Returned:
    return Returned(number=number, cells=cells, value=value)


MARIE = rejected(5, "marie@", "Marie", "Dupont", "Nova", "Lyon")
JEAN = rejected(6, "", "Jean", "Petit", "Nova", "Lyon")
COLLEAGUES = [rejected(5 + n, f"p{n}@", f"Pre{n}", f"Nom{n}", "Nova", "Lyon") for n in range(6)]


def test_by_its_number_and_what_it_says() -> None:
    rows = unfixed(MARIE, JEAN)
    fixed = back(5, "marie@example.com", "Marie", "Dupont", "Nova", "Lyon")
    assert rows.surely(fixed) == 5
    assert rows.surely(fixed) == 0, "once"
    assert rows.alike(fixed) == 0
    assert rows.surely(back(7, "marie@example.com", "Marie", "Dupont", "Nova", "Lyon")) == 0


def test_by_what_it_says_alone() -> None:
    rows = unfixed(MARIE, JEAN)
    jean = back(None, "j@example.com", "Jean", "Petit", "Nova", "Lyon")
    assert rows.alike(jean) == 6
    assert rows.alike(jean) == 0, "once"
    assert rows.alike(back(None, "x@example.com", "Marie", "Dupond", "Nova", "Lyon")) == 0


def test_company_and_city_make_nobody_the_same_person() -> None:
    rows = unfixed(*COLLEAGUES)
    assert rows.by_number(back(6, "ok0@example.com", "Pre0", "Nom0", "Nova", "Lyon")) == 0
    assert rows.by_number(back(6, "ok1@example.com", "PRE1", "Xnom", "Other", "Paris")) == 6


def test_numbers_one_too_high_mend_the_right_rows() -> None:
    rows = [(f"ok{n}@example.com", f"Pre{n}", f"Nom{n}", "Nova", "Lyon", *ours(6 + n, f"p{n}@"))
            for n in range(6)]  # fmt: skip
    assert corrected(COLLEAGUES, rows) == [(5 + n, f"ok{n}@example.com") for n in range(6)]


def test_numbers_left_in_place_while_the_rest_was_sorted() -> None:
    rows = [(f"ok{n}@example.com", f"Pre{n}", f"Nom{n}", "Nova", "Lyon", *ours(10 - n, f"p{5 - n}@"))
            for n in range(6)]  # fmt: skip
    assert sorted(corrected(COLLEAGUES, rows)) == [(5 + n, f"ok{n}@example.com") for n in range(6)]


def test_rows_without_names_are_told_apart_by_what_was_read_there() -> None:
    known = [rejected(5, "a@", "", "", "Nova", ""), rejected(6, "b@", "", "", "Nova", "")]
    rows = [("ok.b@example.com", "", "", "Nova", "", *ours(5, "b@")),
            ("a@", "", "", "Nova", "", *ours(6, "a@"))]  # fmt: skip
    assert corrected(known, rows) == [(6, "ok.b@example.com")]


def test_a_number_that_is_no_row_to_fix_is_told_as_such() -> None:
    """Whether that row was fixed before is for the list to say."""
    rows = [("zed@example.com", "Zed", "Zen", "", "", *ours(17, "zed@")),
            ("new@example.com", "Ny", "Nu", "", "", "", "", "", "", "")]  # fmt: skip
    assert corrected([MARIE], rows) == [(-17, "zed@example.com"), (0, "new@example.com")]


def test_another_list_s_row_of_the_same_number_is_not_mended() -> None:
    """The list was replaced meanwhile; line 5 was a nameless row, and is another."""
    luc = rejected(5, "luc@", "", "", "", "")
    assert corrected([luc], [("marie@example.com", "", "", "", "", *ours(5, "marie@"))]) == [
        (-5, "marie@example.com")
    ]
    assert corrected([luc], [("luc@example.com", "", "", "", "", *ours(5, "luc@"))]) == [
        (5, "luc@example.com")
    ]


def test_a_row_that_no_value_mends_may_change_all_over() -> None:
    shifted = rejected(8, "a@example.com", "Ann", "Ash", "Inc", "Nova", "Lyon", cause="shifted")
    assert unfixed(shifted).by_number(back(8, "a@example.com", "Ann", "Ash, Inc", "Nova", "Lyon")) == 8
    assert unfixed(shifted).surely(back(8, "a@example.com", "Ann", "Ash", "Inc", "Nova")) == 8


def test_columns_that_are_gone_are_not_compared() -> None:
    titles = ("E-mail", "Nom")
    assert corrected([MARIE, JEAN], [("jean@example.com", "Petit")], *titles) == [(6, "jean@example.com")]


# --- where the correction stands ----------------------------------------------------------------------


def test_a_correction_under_proposal_or_value_read_counts() -> None:
    leo = rejected(7, "leo@gmail", "Léo", "Roy", "", "", proposal="leo@gmail.com")
    rows = [
        ("marie@", "Marie", "Dupont", "Nova", "Lyon", *ours(5, "marie@", "marie@example.com")),
        ("", "Jean", "Petit", "Nova", "Lyon", *ours(6, "jean@example.com")),
        ("leo@gmail", "Léo", "Roy", "", "", *ours(7, "leo@gmail", "leo@gmail.com")),
    ]
    assert corrected([MARIE, JEAN, leo], rows) == [(5, "marie@example.com"), (6, "jean@example.com")]


def test_the_list_s_own_column_overrules_ours_and_that_is_counted() -> None:
    rows = [["marie@example.com", "Marie", "Dupont", "Nova", "Lyon", *ours(5, "marie@", "m@example.com")],
            ["j@example.com", "Jean", "Petit", "Nova", "Lyon", *ours(6, "", "j@example.com")]]  # fmt: skip
    found = claims([MARIE, JEAN])
    mended = list(found.corrected(lambda: iter([["r", 2, "", "", "", row, ""] for row in rows])))
    assert [values[0] for _, values in mended] == ["marie@example.com", "j@example.com"]
    assert found.ignored == 1


def test_a_faulty_column_that_is_gone_is_named() -> None:
    found = claims([MARIE], (*OWN[1:], *OURS))
    row: Line = ["r", 2, "", "", "", ["Marie", "Dupont", "Nova", "Lyon", *ours(5, "marie@")], ""]
    assert list(found.corrected(lambda: iter([row]))) == []
    assert list(found.absent) == ["E-mail"]


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_however_rows_and_numbers_were_shuffled_each_gets_its_own(
    order: list[int], numbers: list[int]
) -> None:
    rows = [(f"ok{n}@example.com", f"Pre{n}", f"Nom{n}", "Nova", "Lyon", *ours(5 + numbers[n], f"p{n}@"))
            for n in order]  # fmt: skip
    assert sorted(corrected(COLLEAGUES, rows)) == [(5 + n, f"ok{n}@example.com") for n in range(6)]
