"""Two files as one: everybody of both, the rows to fix of both, and the numbers add up."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core import merging
from bot.core.contacts import Contact
from bot.core.headings import joined
from bot.core.lists import Column, Report
from bot.core.rejects import Layout, Line, Rejected
from bot.core.tally import Tally
from bot.core.versions import Columns
from bot.reading.full_names import split

OLD = {"email": "E-mail", "first_name": "Prénom", "last_name": "Nom"}
NEW = {"email": "Courriel", "first_name": "Prénom", "last_name": "Nom"}


def report(columns: dict[str, str], *extras: str, full_name: str = "") -> Report:
    titles = dict.fromkeys([*columns.values(), *extras])
    headers = tuple(Column(title=title, samples=("x",)) for title in titles)
    return Report(columns=columns, extras=extras, headers=headers, full_name=full_name)


BEFORE, AFTER = report(OLD, "Note"), report(NEW, "Niveau")
COLUMNS = Columns.of(BEFORE, AFTER)


def contact(row: int, email: str, first: str = "", last: str = "", *extras: str) -> Line:
    return Contact(row=row, email=email, first_name=first, last_name=last, extras=extras).to_line()


def rejected(row: int, *cells: str, column: str = "email", proposal: str = "") -> Line:
    return ["r", row, "incomplete_address", column, cells[0], list(cells), proposal]


def both(old: Sequence[Line], new: Sequence[Line], columns: Columns = COLUMNS) -> list[Line]:
    return list(merging.merge(lambda: iter(old), lambda: iter(new), columns, split))


def to_fix(lines: Sequence[Line]) -> dict[object, object]:
    return {line[1]: line[5] for line in lines if line[0] == "r"}


def test_the_list_s_own_rows_to_fix_stay_under_the_columns_of_both() -> None:
    old = [contact(2, "a@b.fr", "A", "A", "n"), rejected(3, "marie@", "Marie", "Dupont", "vip")]
    new = [contact(2, "c@d.fr", "C", "C", "or"), rejected(7, "luc@", "Luc", "Blanc", "bleu")]
    assert COLUMNS.together.heading.titles == ("E-mail", "Prénom", "Nom", "Niveau", "Note")
    merged = both(old, new)
    assert to_fix(merged) == {
        7: ["luc@", "Luc", "Blanc", "bleu", ""], 3: ["marie@", "Marie", "Dupont", "", "vip"],
    }  # fmt: skip
    assert [line[:3] for line in merged if line[0] == "c"] == [["c", 2, "a@b.fr"], ["c", 4, "c@d.fr"]]


def test_a_number_that_the_new_file_gives_to_another_is_changed() -> None:
    old = [rejected(5, "marie@", "Marie", "Dupont", "")]
    new = [contact(2, "c@d.fr", "C", "C", ""), rejected(5, "luc@", "Luc", "Blanc", "")]
    assert [line[1] for line in both(old, new) if line[0] == "r"] == [5, 7]


def test_a_row_that_the_new_file_mends_is_mended() -> None:
    old = [
        rejected(3, "marie@", "Marie", "Dupont", ""),
        rejected(4, "leo@gmail", "Léo", "", "", proposal="leo@gmail.com"),
        rejected(5, "ok@b.fr", "L\ufffdo", "", "", column="first_name"),
        rejected(6, "", "Jean", "Petit", ""),
        rejected(7, "x@", "", "", "Nova"),
    ]
    new = [
        contact(2, "marie@exemple.fr", "Marie", "Dupont", ""), contact(3, "Leo@gmail.com", "", "Roy", ""),
        contact(4, "ok@b.fr", "Léo", "Roy", ""), contact(5, "y@b.fr", "", "", "Nova"),
    ]  # fmt: skip
    assert list(to_fix(both(old, new))) == [6, 7]


def test_the_same_wrong_row_is_one() -> None:
    old = [rejected(3, "marie@", "Marie", "Dupont"), rejected(4, "x@", "", "")]
    new = [rejected(9, "marie@", "Marie", "Dupont"), rejected(10, "x@", "", "")]
    assert list(to_fix(both(old, new))) == [9, 10]


def test_cells_too_many_stay_beyond_the_last_title() -> None:
    new: list[Line] = [["r", 3, "shifted", "", "z", ["c@d.fr", "C", "C", "or", "z"], ""]]
    (cells,) = to_fix(both([], new)).values()
    layout = Layout.of(joined(AFTER, BEFORE, COLUMNS.together.heading))
    assert isinstance(cells, list)
    assert layout.beyond(cells) == ["z"]
    assert layout.values(cells) == ["c@d.fr", "C", "C", "or", ""]


def test_duplicates_are_the_new_file_s_and_name_the_row_that_was_kept() -> None:
    old = [contact(2, "a@b.fr"), contact(3, "c@d.fr"), ["d", 4, 2, "a@b.fr", ["a@b.fr"]]]
    new = [contact(2, "C@d.fr", "C"), ["d", 9, 2, "c@d.fr", ["c@d.fr", "C", "C", "or"]]]
    assert [line for line in both(old, new) if line[0] == "d"] == [
        ["d", 9, 3, "c@d.fr", ["c@d.fr", "C", "C", "or", ""]]
    ]


def test_a_full_name_is_told_apart_where_the_other_file_has_two_columns() -> None:
    whole = {"email": "E-mail", "first_name": "Nom complet", "last_name": "Nom complet"}
    before = report(whole, "Nom complet", full_name="Nom complet")
    columns = Columns.of(before, AFTER)
    assert columns.together.heading.named == {**OLD}
    (cells,) = to_fix(both([rejected(3, "marie@", "Marie de Brie")], [], columns)).values()
    assert cells == ["marie@", "Marie", "de Brie", "", "Marie de Brie"]
    (cells,) = to_fix(both([], [rejected(3, "marie@", "Marie de Brie")], Columns.of(AFTER, before))).values()
    assert cells == ["marie@", "Marie de Brie", "Marie", "de Brie", ""]


def test_every_column_is_named_and_nothing_is_left_to_guess() -> None:
    told = joined(AFTER, BEFORE, COLUMNS.together.heading)
    layout = Layout.of(told)
    assert layout.is_complete
    assert told.mapping == {
        "email": "E-mail", "first_name": "Prénom", "last_name": "Nom", "company": "", "location": "",
        "job_title": "", "full_name": "",
    }  # fmt: skip
    assert told.kind == "merged"
    assert [column.samples for column in told.headers] == [("x",)] * 5


def test_a_title_that_means_something_else_in_the_other_file_is_not_taken_twice() -> None:
    old = report({**OLD, "location": "Ville"})
    new = report({**NEW, "location": "Commune"}, "Ville")
    titles = Columns.of(old, new).together.heading.titles
    assert len(set(titles)) == len(titles)
    assert Columns.of(old, new).together.heading.named["location"] == "Commune"


NAMES = st.sampled_from(["Marie", "Jean", "Zoé", ""])
ADDRESSES = [f"p{number}@example.com" for number in range(6)]


@st.composite
def line_files(draw: st.DrawFn) -> list[Line]:
    people = draw(st.lists(st.sampled_from(ADDRESSES), unique=True))
    rows = draw(st.lists(st.tuples(st.sampled_from(["x@", "", "y"]), NAMES, NAMES), max_size=5))
    lines = [contact(0, email, draw(NAMES), draw(NAMES), "") for email in people]
    lines += [rejected(0, *cells, "") for cells in rows]
    doubles = draw(st.lists(st.sampled_from(people), max_size=2)) if people else []
    lines += [["d", 0, 2, email, [email, "", "", ""]] for email in doubles]
    return [[line[0], at, *line[2:]] for at, line in enumerate(draw(st.permutations(lines)), start=2)]


@given(line_files(), line_files())
def test_the_equation_adds_up_and_nobody_is_lost(old: list[Line], new: list[Line]) -> None:
    merged, tally = both(old, new), Tally()
    assert list(tally.of(merged)) == merged
    told = tally.report(replace(AFTER))
    kinds = [str(line[0]) for line in merged]
    assert (told.accepted, told.rejected, told.duplicates) == tuple(map(kinds.count, "crd"))
    emails = {str(line[2]) for line in merged if line[0] == "c"}
    assert emails == {str(line[2]) for line in [*old, *new] if line[0] == "c"}
    for kind in "cr":
        numbers = [line[1] for line in merged if line[0] == kind]
        assert len(numbers) == len(set(numbers))
    said = {tuple(Rejected.from_line(line).cells[:3]) for line in merged if line[0] == "r"}
    joined_names = {(line[3], line[4]) for line in new if line[0] == "c"}
    for line in [one for one in [*old, *new] if one[0] == "r"]:
        cells = Rejected.from_line(line).cells
        mended = (cells[1], cells[2]) in joined_names or any(cells[1:3] == one[1:3] for one in said)
        assert cells[:3] in said or mended, "a row to fix stays, or its person joined"


@given(line_files())
def test_a_file_beside_itself_differs_in_nothing(lines: list[Line]) -> None:
    same = Columns.of(BEFORE, BEFORE)
    assert merging.compare(lambda: iter(lines), lambda: iter(lines), same, split).is_none


def test_columns_and_rows_to_fix_are_differences_too() -> None:
    old = [contact(2, "a@b.fr", "A", "A", "n"), rejected(3, "marie@", "Marie", "Dupont", "")]
    new = [contact(2, "a@b.fr", "A", "A", "n"), rejected(3, "luc@", "Luc", "Blanc", ""),
           rejected(4, "zoe@", "Zoé", "Roy", "")]  # fmt: skip
    columns = Columns.of(BEFORE, report({**OLD, "location": "Ville"}, "Téléphone"))
    found = merging.compare(lambda: iter(old), lambda: iter(new), columns, split)
    assert (found.added, found.changed, found.gone) == (0, 0, 0)
    assert (found.more, found.fewer) == (("Ville", "Téléphone"), ("Note",))
    assert (found.to_fix, found.settled) == (2, 1)
    assert not found.is_none
