"""Corrected rows join their list: whatever comes back, the numbers add up, and nobody is lost or doubled."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.contacts import Contact
from bot.core.lists import Column, Level, OptOuts, Problem, Report
from bot.core.people import Language
from bot.core.rejects import Layout, Rejected, mark, value
from bot.core.repairs import Merge
from bot.core.returns import TITLES as OURS
from bot.core.returns import Columns, Returned, added, has_titles, marked
from bot.core.tally import Tally
from bot.texts import Say

Line = list[object]
TITLES = ("E-mail", "Prénom", "Nom", "Note")
NAMED = {"email": "E-mail", "first_name": "Prénom", "last_name": "Nom"}
HEADERS = tuple(Column(title=title) for title in TITLES)
REPORT = Report(columns=NAMED, extras=("Note",), headers=HEADERS)
LAYOUT = Layout.of(REPORT)
ADDRESSES = [f"p{number}@example.com" for number in range(10)]


def contact(row: int, email: str, *names: str, note: str = "") -> Line:
    first, last = (*names, "", "")[:2]
    return Contact(row=row, email=email, first_name=first, last_name=last, extras=(note,)).to_line()


def rejected(row: int, *cells: str, cause: str = "incomplete_address", column: str = "email") -> Line:
    return ["r", row, cause, column, cells[0], list(cells), ""]


def counted(lines: Sequence[Line], report: Report = REPORT) -> Report:
    tally = Tally()
    assert list(tally.of(lines)) == list(lines)
    return tally.report(report)


def merged(
    known: list[Line], keys: Sequence[int], staged: Sequence[Line]
) -> tuple[list[Line], Merge, Report]:
    merge = Merge(keys, iter(staged), REPORT, REPORT.extras)
    merge.look(iter(known))
    tally = Tally()
    after = list(tally.of(merge.merged(iter(known))))
    return after, merge, tally.report(counted(known))


@st.composite
def lists_of_lines(draw: st.DrawFn) -> list[Line]:
    """A line file as a reader or a merge leaves it: contacts may have a rejected row's number."""
    people = draw(st.lists(st.sampled_from(ADDRESSES), unique=True))
    lines = [contact(draw(st.integers(2, 12)), email) for email in people]
    rows = draw(st.lists(st.integers(2, 12), unique=True))
    wrong = [rejected(row, f"x{row}@", "A", "B", "") for row in rows]
    doubles: list[Line] = (
        [["d", 20, 2, email, [email]] for email in draw(st.lists(st.sampled_from(people)))] if people else []
    )
    seen: set[object] = set()
    unique = [line for line in lines if not (line[1] in seen or seen.add(line[1]))]  # type: ignore[func-returns-value]
    return draw(st.permutations([*unique, *wrong, *doubles]))


@st.composite
def readings(draw: st.DrawFn, known: list[Line]) -> tuple[list[int], list[Line]]:
    """Corrected rows and what a reader makes of them: its own duplicates, rows still wrong, rows it skips."""
    rows = [int(str(line[1])) for line in known if line[0] == "r"]
    keys = [*draw(st.lists(st.sampled_from(rows), unique=True) if rows else st.just([])),
            *[0] * draw(st.integers(0, 3))]  # fmt: skip
    staged: list[Line] = []
    seen: dict[str, int] = {}
    for at, _ in enumerate(keys, start=2):
        what = draw(st.sampled_from(["good", "good", "wrong", "blank"]))
        email = draw(st.sampled_from(ADDRESSES))
        if what == "wrong":
            staged.append(rejected(at, "still@", "A", "B", ""))
        elif what == "good" and email in seen:
            staged.append(["d", at, seen[email], email, [email, "A", "B", ""]])
        elif what == "good":
            seen[email] = at
            staged.append(contact(at, email, "A", "B"))
    return keys, staged


@given(st.data())
def test_the_equation_adds_up_and_nobody_is_twice(data: st.DataObject) -> None:
    known = data.draw(lists_of_lines())
    keys, staged = data.draw(readings(known))
    before = counted(known)
    after, merge, report = merged(known, keys, staged)
    kinds = [str(line[0]) for line in after]
    assert (report.accepted, report.rejected, report.duplicates) == tuple(map(kinds.count, "crd"))
    repair = merge.repair()
    fresh = sum(1 for line in staged if line[0] == "r" and keys[int(str(line[1])) - 2] == 0)
    assert report.rows == before.rows + repair.added + fresh
    assert report.accepted == before.accepted + repair.joined + repair.added
    assert report.rejected == before.rejected - repair.joined - repair.known + fresh
    emails = [str(line[2]) for line in after if line[0] == "c"]
    assert len(emails) == len(set(emails))
    numbers = [line[1] for line in after if line[0] == "c"]
    assert len(numbers) == len(set(numbers))
    untouched = [line for line in known if not (line[0] == "r" and line[1] in keys)]
    assert [line for line in after if line in untouched][: len(untouched)] == untouched
    for level, total in ((Level.REJECTED, report.rejected), (Level.DUPLICATE, report.duplicates)):
        assert sum(one.count for one in report.problems if one.level is level) == total


@given(st.data())
def test_the_same_corrections_once_more_change_nothing(data: st.DataObject) -> None:
    known = data.draw(lists_of_lines())
    keys, staged = data.draw(readings(known))
    after, _, _ = merged(known, keys, staged)
    new = [line for line in staged if keys[int(str(line[1])) - 2] == 0 and line[0] == "c"]
    again = [[line[0], at, *line[2:]] for at, line in enumerate(new, start=2)]
    once_more, merge, _ = merged(after, [0] * len(new), again)
    assert once_more == after
    assert not merge.changes
    assert merge.repair().there == len(new)


def test_a_row_takes_its_place_and_its_mark_with_it() -> None:
    known = [contact(2, ADDRESSES[0]), rejected(3, "b@", "B", "", "n"), contact(4, ADDRESSES[1])]
    mark_line: Line = ["o", 2, "b@example.com", "yes"]
    after, _, report = merged(known, [3], [["h", {}], mark_line, contact(2, "b@example.com", "B", note="n")])
    assert after == [
        known[0], ["o", 3, "b@example.com", "yes"], contact(3, "b@example.com", "B", note="n"), known[2],
    ]  # fmt: skip
    assert [one.row for one in report.sample] == [2, 3, 4]


def test_a_number_that_somebody_has_is_not_given_twice() -> None:
    known = [contact(3, ADDRESSES[0]), rejected(3, "b@", "B", "", "")]
    after, _, _ = merged(known, [3], [contact(2, "b@example.com")])
    assert [line[1] for line in after] == [3, 4]


def test_what_the_reader_noticed_is_told_under_the_list_s_rows() -> None:
    known = [rejected(7, "b@", "", "", ""), rejected(9, "c@", "", "", ""), contact(2, "c@example.com")]
    warned = Problem(level=Level.WARNING, cause="no_name", count=2, rows=(2, 3), details=("b", "c"))
    of_the_file = Problem(level=Level.WARNING, cause="same_meaning", count=1, rows=(1,), details=("x",))
    staged = [contact(2, "b@example.com"), contact(3, "c@example.com")]
    _, merge, _ = merged(known, [7, 9], staged)
    told = Report(problems=(warned, of_the_file), headers=HEADERS, columns=NAMED)
    assert merge.noticed(told) == [
        Problem(level=Level.WARNING, cause="no_name", count=1, rows=(7,), details=("b",))
    ]


def test_warnings_of_both_readings_stand_together() -> None:
    old = Problem(level=Level.WARNING, cause="no_name", count=1, rows=(9,), details=("i",))
    new = Problem(level=Level.WARNING, cause="no_name", count=1, rows=(3,), details=("c",))
    tally = Tally()
    list(tally.of([contact(2, ADDRESSES[0])]))
    (together,) = tally.report(Report(problems=(old,)), [new]).problems
    assert (together.count, together.rows, together.details) == (2, (3, 9), ("c", "i"))


# --- the rows themselves ------------------------------------------------------------------------------


def test_a_value_is_what_a_contact_would_keep() -> None:
    assert value(" \u200bZoé\u00a0 L\r\nR\u202e ") == "Zoé  L R"
    assert value("Zoe\u0301") == "Zoé"
    assert [value(cell) for cell in ("'=1", "''=1", "'tis", "=1")] == ["=1", "'=1", "'tis", "=1"]


def test_who_it_is_by_the_other_cells() -> None:
    def who(*cells: str, column: str = "email") -> str:
        return LAYOUT.who(Rejected.from_line(rejected(3, *cells, column=column)))

    assert who("b@", "Marie", "Dupont", "") == "Marie Dupont"
    assert who("b@", "", "", "") == ""
    assert who("b@", "Marie\ufffd", "Dupont", column="first_name") == "Dupont"


def test_what_one_value_mends() -> None:
    def mendable(cause: str, column: str) -> bool:
        return LAYOUT.mendable(Rejected.from_line(rejected(3, "b@", cause=cause, column=column)))

    assert mendable("incomplete_address", "email")
    assert mendable("damaged_text", "Note")
    assert not mendable("shifted", "")
    assert not mendable("open_quote", "")
    assert not mendable("damaged_text", "A column that is gone")


def test_the_mark_is_known_however_it_was_treated() -> None:
    written = mark("lst_abc23xyz9k4m")  # type: ignore[arg-type]
    for title in (f"Ligne {written}", f"LIGNE {written}".upper(), "Line (postillon lst_abc23xyz9k4m)",
                  "L\u00a0[postillon\u00a0lst_abc23xyz9k4m] ", "postillon lst abc23xyz9k4m"):  # fmt: skip
        assert marked(["Email", title]) == "lst_abc23xyz9k4m"
    assert marked(["Email", "Ligne", "postillon", "lst_abc23xyz9k4m"]) is None


def test_our_columns_are_known_by_their_titles_or_right_after_the_list_s_own() -> None:
    assert added([*TITLES[:2], "Line [postillon lst_abc234]"], LAYOUT) == {"line": 2}
    assert added(["Proposition", *TITLES, "Valeur  LUE"], LAYOUT) == {"proposal": 0, "value": 5}
    assert added([*TITLES, "a", "b", "c", "d", "e"], LAYOUT) == dict(zip(OURS, range(4, 9), strict=True))
    assert added(TITLES, LAYOUT) == {}


def test_a_list_may_have_a_column_that_we_add_too() -> None:
    report = Report(headers=tuple(Column(title=title) for title in ("E-mail", "Erreur")))
    layout = Layout.of(report)
    assert added(["E-mail", "Erreur", "Ligne", "Erreur (2)"], layout) == {"line": 2, "error": 3}


def test_the_last_mark_counts() -> None:
    """A list made of rows to fix has the mark of another list in its own titles."""
    assert marked(["E-mail", "Ligne [postillon lst_abc234]", "Ligne [postillon lst_xyz789]"]) == "lst_xyz789"


@pytest.mark.parametrize("language", Language)
def test_our_titles_are_those_that_the_file_has(language: Language) -> None:
    say = Say(language)
    assert all(say(f"repairs.column.{kind}").casefold() in names for kind, names in OURS.items())


def test_titles_are_the_same_alone_or_with_ours() -> None:
    def has(*titles: str) -> bool:
        return has_titles(Report(headers=tuple(Column(title=title) for title in titles)), LAYOUT)

    assert has(*TITLES)
    assert has("e-mail", " PRÉNOM", "Nom", "Note", "a", "b", "c", "d", "e")
    assert has("Nom", "Prénom", "E-mail", "Note"), "in another order"
    assert has(*TITLES, "Champ", "Valeur lue"), "with some of ours"
    assert has("Nom", "Proposition", "E-mail", "Note", "Prénom")
    assert not has(*TITLES, "a")
    assert not has(*TITLES[1:], "Champ")


def back(number: int | None, *cells: str | None) -> Returned:
    return Returned(number=number, cells=cells)


def test_the_cells_of_a_file_that_came_back() -> None:
    headers = ("Nom", "E-MAIL", "Line [postillon lst_abc234]", "Note", "New")
    told = Report(
        headers=tuple(Column(title=title) for title in headers),
        columns={"email": "E-MAIL", "last_name": "Nom"}, extras=headers[2:],
    )  # fmt: skip
    columns = Columns(told, LAYOUT)
    assert columns.unknown == [], "an empty column is no loss"
    person = Contact(row=2, email="a@example.com", last_name="Ash", extras=("77.0", "n", "?")).to_line()
    assert columns.returned(person) == back(77, "a@example.com", None, "Ash", "n")
    wrong: Line = ["r", 3, "incomplete_address", "email", "b@", ["Bo", "b@", " 78 ", "'=n"], ""]
    assert columns.returned(wrong) == back(78, "b@", None, "Bo", "=n")
    assert columns.returned(["r", 3, "no_address", "email", "", ["", "", "79"], ""]) is None
    assert columns.returned(["o", 3, "a@example.com", "yes"]) is None


def test_a_renamed_column_is_known_by_what_it_means() -> None:
    headers = ("Adresse mail", "Prénom", "Petit nom", "Ligne [postillon lst_abc234]", "Proposition")
    told = Report(
        headers=tuple(Column(title=title, samples=("x",)) for title in headers),
        columns={"email": "Adresse mail", "first_name": "Prénom"}, extras=headers[2:],
    )  # fmt: skip
    columns = Columns(told, LAYOUT)
    person = Contact(row=2, email="a@example.com", first_name="Ann", extras=("?", "7", "p")).to_line()
    assert columns.returned(person) == Returned(
        number=7, cells=("a@example.com", "Ann", None, None), proposal="p"
    )
    assert columns.absent == {2, 3}
    assert columns.unknown == ["Petit nom"]


# --- rows that were fixed before ----------------------------------------------------------------------


def test_a_row_fixed_already_is_one_whose_address_is_there() -> None:
    known = [contact(5, "marie@example.com", "Marie", "Dupont"), rejected(6, "", "Jean", "Petit", "")]
    staged = [
        contact(2, "Marie@example.com", "Marie", "Dupont"),
        contact(3, "marie.dupont@example.com", "Marie", "Dupont"),
    ]
    after, merge, report = merged(known, [-5, -9], staged)
    assert [line[1] for line in after if line[0] == "c"] == [5, 8]
    assert (merge.repair().gone, merge.repair().added, report.rejected) == (1, 1, 1)


def test_a_row_still_wrong_is_no_row_to_fix_once_more_where_its_person_joined() -> None:
    known = [
        contact(5, "marie@example.com", "Marie", "Dupont"),
        ["d", 6, 2, "jean@example.com", ["jean@example.com", "Jean", "Petit", ""]],
    ]
    staged = [
        rejected(2, "marie@", "Marie", "Dupont", ""), rejected(3, "", "Jean", "Petit", ""),
        rejected(4, "zed@", "Zed", "Zen", ""),
    ]  # fmt: skip
    after, merge, report = merged(known, [-5, -6, -7], staged)
    assert merge.repair().gone == 2
    assert [line for line in after if line[0] == "r"] == [[*rejected(9, "zed@", "Zed", "Zen", "")]]
    assert report.rejected == 1


def test_marks_that_nobody_understands_are_kept_with_their_words() -> None:
    lines: list[Line] = [["u", 2, "a@example.com", "bof"], contact(2, "a@example.com"),
                         ["u", 3, "b@example.com", "?"], ["o", 4, "b@example.com", "oui"]]  # fmt: skip
    before = replace(REPORT, opt_outs=OptOuts(columns=("Stop",)))
    told = counted(lines, before).opt_outs
    assert told == OptOuts(count=1, columns=("Stop",), doubtful=1, unknown=("bof", "?"))
