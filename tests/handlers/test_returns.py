"""The rows to fix as a file: corrected in a spreadsheet and dropped back, only they join their list."""

import csv
import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook, load_workbook

from bot.playground.slack import Person
from tests.fixtures.files import (
    ENGLISH_HEADER,
    ENGLISH_PEOPLE,
    FRENCH_HEADER,
    File,
    csv_bytes,
    sheets_bytes,
)
from tests.fixtures.files import saved as workbook_bytes
from tests.handlers.test_fixes import counts, english, french, kept, now, opened, people, sent_file
from tests.journeys.harness import Town

ENGLISH_ROWS = (
    ("mary@", "Mary", "May", "Nova", "Leeds", "Clerk"),
    ("leo.king@", "Leo", "King", "", "York", ""),
)
LINK = "https://forms.example/s/1"
Rows = list[list[str]]


def rows_of(file: File) -> Rows:
    """As a spreadsheet shows them."""
    name, content = file
    if name.endswith(".csv"):
        text = content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in text[:80] else ","))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def saved(name: str, rows: Sequence[Sequence[str]]) -> File:
    """As French Excel saves a CSV, or as any spreadsheet saves a workbook."""
    if name.endswith(".csv"):
        return name, csv_bytes(rows, ";", "cp1252")
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(at, place, value)
            cell.data_type = "s"  # text stays text: openpyxl alone would make a formula of "=B"
    return name, workbook_bytes(workbook)


def corrected(file: File, **by_line: Sequence[tuple[int, str]]) -> File:
    """The file with cells changed: `line_5=[(0, "marie@exemple.fr")]`."""
    head, *rows = rows_of(file)
    at = next(place for place, title in enumerate(head) if "postillon" in title)
    for row in rows:
        for place, value in by_line.get(f"line_{row[at]}", ()):
            row[place] = value
    return saved(file[0], [head, *rows])


async def returned(person: Person, town: Town, file: File, said: str) -> None:
    await person.drops(file)
    await person.sees(said)
    await town.bot.edge.drain()


def titles(town: Town) -> list[str]:
    return sorted(one.title for one in town.bot.store.lists.all(town.workspace) if one.is_there)


# --- there and back -----------------------------------------------------------------------------------


async def test_a_french_csv_there_and_back(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    file = await sent_file(claire, town)
    await claire.sees("Voici les 3 lignes à corriger de clients")
    assert file[0] == "clients - lignes à corriger.csv"
    head, *rows = rows_of(file)
    assert head == [
        *FRENCH_HEADER,
        f"Ligne [postillon {one.id}]",
        "Champ",
        "Valeur lue",
        "Erreur",
        "Proposition",
    ]
    assert rows[0][:9] == ["marie@", "Marie", "Dupont", "Nova", "Lyon", "Juriste", "5", "Email", "marie@"]
    assert rows[2][-1] == "leo.roy@gmail.com"
    back = corrected(file, line_5=[(0, "marie@exemple.fr")], line_6=[(0, "jean@exemple.fr"), (3, "Ateliers")])
    await returned(claire, town, back, "2 lignes ont rejoint clients : 5 contacts. 1 est encore à corriger.")
    assert counts(town, one) == (6, 5, 1, 0)
    assert titles(town) == ["clients"]
    found = people(town, one)
    assert (found["jean@exemple.fr"].row, found["jean@exemple.fr"].company) == (6, "Ateliers")
    assert found["marie@exemple.fr"].job_title == "Juriste"
    await claire.sees("6 lignes lues = 5 contacts + 1 à corriger")


async def test_an_english_workbook_there_and_back(town: Town) -> None:
    bob = town.bob
    one = await kept(town, bob, english())
    file = await sent_file(bob, town)
    assert file[0] == "customers - rows to fix.xlsx"
    sheet = load_workbook(io.BytesIO(file[1])).active
    assert sheet is not None
    assert [cell.fill.fgColor.rgb for cell in sheet[2]][:2] == ["FFFFF2B3", "00000000"]
    back = corrected(file, line_5=[(0, "mary@example.com")], line_6=[(0, "leo.king@example.com")])
    await returned(bob, town, back, "2 rows joined customers: 5 contacts. Nothing is left to fix.")
    assert counts(town, one) == (5, 5, 0, 0)
    assert people(town, one)["leo.king@example.com"].full_name() == "Leo King"


async def test_the_same_file_dropped_twice_doubles_nobody(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    file = await sent_file(claire, town)
    changes = {f"line_{row}": [(0, f"p{row}@exemple.fr")] for row in (5, 6, 7)}
    back = corrected(file, **changes)
    await returned(claire, town, back, "3 lignes ont rejoint clients : 6 contacts. Plus rien à corriger.")
    after = now(town, one)
    await returned(
        claire, town, back, "Ces 3 lignes sont déjà corrigées : clients n'a pas changé, 6 contacts."
    )
    assert now(town, one) == after


async def test_more_than_twenty_are_a_file(town: Town) -> None:
    bob = town.bob
    wrong = [(f"p{n}@", f"First{n}", f"Last{n}", "", "", "") for n in range(25)]
    one = await kept(town, bob, english(*wrong))
    assert "lists.fix" not in str(bob.messages)
    file = await sent_file(bob, town)
    await bob.sees("Here are the 25 rows to fix in customers")
    changes = {f"line_{5 + n}": [(0, f"p{n}@example.com")] for n in range(24)}
    await returned(bob, town, corrected(file, **changes), "24 rows joined customers: 27 contacts. 1 is still")
    assert counts(town, one) == (28, 27, 1, 0)
    await bob.sees("Fix 1 row")


HOSTILE = "=cmd|' /C calc'!A0", "<!channel> & co", 'say "hi"; or\nnot', "'quoted", "+33 1", "@SUM(A1)"


@pytest.mark.parametrize("name", ["clients.csv", "clients.xlsx"])
async def test_hostile_values_come_back_unchanged(town: Town, name: str) -> None:
    claire = town.claire
    head = ["Email", "Prénom", "Nom", *"ABCD", "<!here> | E"]
    whole = [head, ["a@exemple.fr", "A", "A", "", "", "", "", ""], ["b@", "'=B", *HOSTILE]]
    one = await kept(town, claire, saved(name, whole))
    file = await sent_file(claire, town)
    head, row = rows_of(file)
    assert all(not cell.startswith(("=", "+", "@")) for cell in row) or name.endswith("xlsx")
    await returned(claire, town, corrected(file, line_3=[(0, "b@exemple.fr")]), "1 ligne a rejoint clients")
    there = people(town, one)["b@exemple.fr"]
    assert there.first_name == "=B"
    assert (there.last_name, *there.extras) == tuple(value.replace("\n", " ") for value in HOSTILE)
    assert "<!here>" not in str([one["text"] for one in claire.messages])


# --- people do as they like with a file ---------------------------------------------------------------


async def test_still_wrong_stays_to_fix_with_its_new_values(town: Town) -> None:
    bob = town.bob
    one = await kept(town, bob, english())
    file = await sent_file(bob, town)
    back = corrected(file, line_5=[(0, "mary@example"), (4, "York")])
    await returned(bob, town, back, "customers has not changed: 3 contacts. 2 are still to fix.")
    assert counts(town, one) == (5, 3, 2, 0)
    await bob.clicks("lists.fix")
    await bob.sees("Row 5 · Mary May · “mary@example”: incomplete address")
    await bob.types("row_5", "mary@example.com")
    await bob.submits()
    await bob.sees("2 rows joined customers")
    assert people(town, one)["mary@example.com"].location == "York"


async def test_somebody_added_joins_and_nobody_known_does_twice(town: Town) -> None:
    bob = town.bob
    one = await kept(town, bob, english())
    name, content = await sent_file(bob, town)
    head, first, second = rows_of((name, content))
    fresh = ["ines@example.com", "Inès", "Small", "Nova", "Leeds", "Clerk", "", "", "", "", ""]
    known = [*ENGLISH_PEOPLE[0], "", "", "", "", ""]
    first[0] = "mary@example.com"
    back = saved(name, [head, first, second, fresh, known])
    said = "1 row joined customers: 5 contacts. 1 new person came with them. 1 was there already. 1 is still"
    await returned(bob, town, back, said)
    assert counts(town, one) == (6, 5, 1, 0)
    assert people(town, one)["ines@example.com"].row == 7
    await returned(bob, town, back, "This row is fixed already")
    assert counts(town, one) == (6, 5, 1, 0)


async def test_sorted_anew_with_columns_and_rows_taken_away(town: Town) -> None:
    """Rows are known by their line; a column that is gone keeps what the list knows."""
    claire = town.claire
    one = await kept(town, claire, french())
    name, content = await sent_file(claire, town)
    head, marie, _, leo = rows_of((name, content))
    leo[0], marie[0] = "leo@exemple.fr", "marie@exemple.fr"
    kept_places = [0, 1, 2, 4, 6]  # without the company, the job, and four of ours
    head[6] = head[6].upper().replace("[", "(").replace("]", " )")
    back = saved(name, [[row[place] for place in kept_places] for row in (head, leo, marie)])
    await returned(claire, town, back, "2 lignes ont rejoint clients : 5 contacts. 1 est encore à corriger.")
    assert people(town, one)["leo@exemple.fr"].company == "L’Œuvre"
    assert counts(town, one) == (6, 5, 1, 0)


async def test_a_shifted_row_is_fixed_as_a_whole(town: Town) -> None:
    bob = town.bob
    shifted = b"mary@example.com,Mary,May,Nova, Inc,Leeds,Clerk\r\n"
    content = csv_bytes([ENGLISH_HEADER, *ENGLISH_PEOPLE], ",") + shifted
    one = await kept(town, bob, ("customers.csv", content))
    assert "lists.fix" not in str(bob.messages)
    file = await sent_file(bob, town)
    await returned(bob, town, file, "customers has not changed: 3 contacts. 1 is still to fix.")
    assert counts(town, one) == (4, 3, 1, 0)
    back = corrected(file, line_5=[(3, "Nova, Inc"), (4, "Leeds"), (5, "Clerk")])
    await returned(bob, town, back, "1 row joined customers: 4 contacts. Nothing is left to fix.")
    assert people(town, one)["mary@example.com"].job_title == "Clerk"


async def test_columns_that_were_chosen_are_read_the_same_way(town: Town) -> None:
    claire = town.claire
    rows = [("Correo", "Nombre", "Apellido"), ("ana@ejemplo.es", "Ana", "Ruiz"), ("luz@", "Luz", "Gil")]
    await claire.drops(("c.csv", csv_bytes(rows, ";")))
    await claire.sees("Correo")
    pending = town.bot.store.inbox.pending()[0]
    chosen = {"email": "Correo", "first_name": "Nombre", "last_name": "Apellido"}
    member = town.bot.services.people.member(town.workspace, pending.member)
    await town.bot.edge.toil(
        town.bot.services.imports.answer, member, pending.file.id, pending.revision,
        lambda known: type(known)(mapping=chosen),
    )  # fmt: skip
    await claire.sees("Liste gardée")
    one = town.bot.store.lists.all(town.workspace)[0]
    file = await sent_file(claire, town)
    await returned(claire, town, corrected(file, line_3=[(0, "luz@ejemplo.es")]), "1 ligne a rejoint c")
    assert people(town, one)["luz@ejemplo.es"].full_name() == "Luz Gil"


async def test_an_opt_out_among_the_corrected_rows_is_heeded(town: Town) -> None:
    bob = town.bob
    rows = [
        ("Email", "First name", "Last name", "Unsubscribed"),
        ("a@example.com", "A", "A", ""),
        ("b@", "B", "B", "yes"),
    ]
    await kept(town, bob, ("c.xlsx", sheets_bytes({"S": rows})))
    file = await sent_file(bob, town)
    back = corrected(file, line_3=[(0, "b@example.com")])
    await returned(bob, town, back, "1 person is marked “do not contact”: I won't write to them.")
    assert {one.address for one in town.bot.store.suppressions.all(town.workspace)} == {"b@example.com"}


async def test_numbers_that_moved_mend_the_right_people(town: Town) -> None:
    """The lines' column stayed where it was while a row was put in above."""
    claire = town.claire
    colleagues = [(f"p{n}@", f"Prénom{n}", f"Nom{n}", "Nova", "Lyon", "Juriste") for n in range(4)]
    one = await kept(town, claire, french(*colleagues))
    name, content = await sent_file(claire, town)
    head, *rows = rows_of((name, content))
    for at, row in enumerate(rows):
        row[0], row[6] = f"ok{at}@exemple.fr", str(6 + at)
    await returned(claire, town, saved(name, [head, *rows]), "4 lignes ont rejoint clients : 7 contacts.")
    there = people(town, one)
    assert [there[f"ok{n}@exemple.fr"].last_name for n in range(4)] == [f"Nom{n}" for n in range(4)]


async def test_after_another_file_replaced_the_list_nobody_is_lost(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    file = await sent_file(claire, town)
    await claire.drops(french(("luc@", "Luc", "Blanc", "Nova", "Lyon", "Chef")))
    await claire.sees("Remplacer emporte aussi les 3 lignes à corriger de « clients »")
    await claire.clicks("lists.replace")
    await claire.sees("clients compte maintenant 3 contacts")
    back = corrected(file, line_5=[(0, "marie@exemple.fr")], line_6=[(0, "jean@exemple.fr")])
    await returned(claire, town, back, "2 personnes de plus dans clients : 5 contacts.")
    assert {"marie@exemple.fr", "jean@exemple.fr"} <= people(town, one).keys()
    rejected = [line for line in town.bot.store.lists.lines(town.workspace, one.id) if line[0] == "r"]
    assert [line[4] for line in rejected] == ["luc@", "leo.roy@gmail"]


async def test_fixed_in_the_chat_then_otherwise_in_the_file(town: Town) -> None:
    """Fixed already is only who is in the list with that very address."""
    bob = town.bob
    one = await kept(town, bob, english())
    file = await sent_file(bob, town)
    await opened(bob, town)
    await bob.types("row_5", "mary@example.com")
    await bob.types("row_6", "")
    await bob.submits()
    await bob.sees("1 row joined customers: 4 contacts")
    await returned(bob, town, file, "This row is fixed already: customers has not changed, 4 contacts. 1 is")
    assert counts(town, one) == (5, 4, 1, 0)
    back = corrected(file, line_5=[(0, "m.may@example.com")])
    await returned(bob, town, back, "1 more person in customers: 5 contacts. 1 is still to fix.")
    assert people(town, one)["mary@example.com"].full_name() == "Mary May"


async def test_a_renamed_column_is_found_and_one_that_nobody_knows_is_named(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    name, content = await sent_file(claire, town)
    head, *rows = rows_of((name, content))
    head[0], head[3] = "Adresse mail", "Boîte"
    rows[0][0], rows[0][3] = "marie@exemple.fr", "Autre"
    said = "1 ligne a rejoint clients : 4 contacts. Rien n'est pris de la colonne « Boîte »"
    await returned(claire, town, saved(name, [head, *rows]), said)
    assert people(town, one)["marie@exemple.fr"].company == "Nova"


async def test_without_its_faulty_column_the_file_says_so(town: Town) -> None:
    bob = town.bob
    people_ = [ENGLISH_HEADER, *[(*one[:3], "Nova", "Leeds", one[5]) for one in ENGLISH_PEOPLE]]
    wrong = ("ann@example.com", "Ann", "Ash", "No\ufffdva", "Leeds", "Clerk")
    one = await kept(town, bob, ("customers.xlsx", sheets_bytes({"S": [*people_, wrong]})))
    name, content = await sent_file(bob, town)
    back = saved(name, [[*row[:3], *row[4:]] for row in rows_of((name, content))])
    said = "customers has not changed: 3 contacts. The column “Company” is no longer in this file"
    await returned(bob, town, back, said)
    assert counts(town, one) == (4, 3, 1, 0)


async def test_corrections_under_proposal_or_value_read_count_unless_overruled(town: Town) -> None:
    bob = town.bob
    wrong = (*ENGLISH_ROWS, ("sue@", "Sue", "Stone", "", "", ""))
    one = await kept(town, bob, english(*wrong))
    file = await sent_file(bob, town)
    back = corrected(
        file, line_5=[(10, "mary@example.com")], line_6=[(8, "leo@example.com")],
        line_7=[(0, "sue@example.com"), (10, "other@example.com")],
    )  # fmt: skip
    said = "3 rows joined customers: 6 contacts. For 1 row the value in its original column counts"
    await returned(bob, town, back, said)
    assert {"mary@example.com", "leo@example.com", "sue@example.com"} <= people(town, one).keys()


@pytest.mark.parametrize("places", [[0, 1, 2, 3, 4, 5, 7, 8], [2, 1, 0, 3, 5, 4], [10, 0, 1, 2, 3, 4, 5]])
async def test_fewer_of_our_columns_or_its_own_in_another_order_are_asked_about(
    town: Town, places: list[int]
) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    head, marie, *others = rows_of(await sent_file(claire, town))
    marie[0] = "marie@exemple.fr"
    back = [[row[place] for place in places] for row in (head, marie, *others)]
    await claire.drops(saved("retour.csv", back))
    await claire.sees("« retour.csv » ressemble aux lignes corrigées de votre liste « clients »")
    await claire.clicks("lists.rows_into")
    await claire.sees("1 ligne a rejoint clients : 4 contacts. 2 sont encore à corriger.")
    assert people(town, one)["marie@exemple.fr"].company == "Nova"


# --- whose rows these are -----------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["lists.rows_into", "lists.rows_apart"])
async def test_without_the_mark_it_is_asked(town: Town, answer: str) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    name, content = await sent_file(claire, town)
    head, marie, jean, _ = rows_of((name, content))
    head[6], marie[0], jean[0] = "Ligne", "marie@exemple.fr", "jean@exemple.fr"
    await claire.drops(saved("autre.csv", [head, marie, jean]))
    await town.slack.until(lambda: "lists.rows_into" in str(claire.messages))
    assert counts(town, one) == (6, 3, 3, 0)
    await claire.clicks(answer)
    if answer == "lists.rows_into":
        await claire.sees("2 lignes ont rejoint clients : 5 contacts")
        assert counts(town, one) == (6, 5, 1, 0)
        assert titles(town) == ["clients"]
    else:
        await claire.sees("autre · 2 contacts")
        assert counts(town, one) == (6, 3, 3, 0)


async def test_its_own_columns_alone_are_asked_about_too(town: Town) -> None:
    bob = town.bob
    one = await kept(town, bob, english())
    mary = ("mary@example.com", "Mary", "May", "Nova", "Leeds", "Clerk")
    await bob.drops(("fixed.xlsx", sheets_bytes({"S": [ENGLISH_HEADER, mary]})))
    await town.slack.until(lambda: "lists.rows_into" in str(bob.messages))
    await bob.clicks("lists.rows_into")
    await bob.sees("1 row joined customers: 4 contacts. 1 is still to fix.")
    assert people(town, one)["mary@example.com"].row == 5


async def test_other_people_in_the_same_columns_are_a_list(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, english())
    stranger = ("zed@example.com", "Zed", "Zen", "Nine", "Bath", "Cook")
    await bob.drops(("others.xlsx", sheets_bytes({"S": [ENGLISH_HEADER, stranger]})))
    await bob.sees("others · 1 contact")


async def test_the_mark_of_another_s_list_means_nothing(town: Town) -> None:
    claire, bob = town.claire, town.bob
    one = await kept(town, claire, french())
    file = corrected(await sent_file(claire, town), line_5=[(0, "marie@exemple.fr")])
    await bob.drops(("theirs.csv", file[1]))
    await bob.sees("theirs · 1 contact")
    assert counts(town, one) == (6, 3, 3, 0)


@pytest.mark.parametrize("answer", ["lists.rows_into", "lists.rows_apart", "lists.discard"])
async def test_a_deleted_list_can_be_brought_back_for_its_rows(town: Town, answer: str) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    file = corrected(await sent_file(claire, town), line_5=[(0, "marie@exemple.fr")])
    await claire.clicks("lists.delete")
    await claire.sees("supprimée")
    await claire.drops(("mien.csv", file[1]))
    await claire.sees(
        "« mien.csv » contient des lignes corrigées de votre liste « clients », qui est supprimée"
    )
    await claire.sees("Récupérer « clients »")
    await claire.clicks(answer)
    if answer == "lists.rows_into":
        await claire.sees("1 ligne a rejoint clients : 4 contacts. 2 sont encore à corriger.")
        assert counts(town, one) == (6, 4, 2, 0)
        assert titles(town) == ["clients"]
    elif answer == "lists.rows_apart":
        await claire.sees("mien · 1 contact")
        assert titles(town) == ["mien"]
    else:
        await claire.sees("Je n'ai rien gardé")
        assert titles(town) == []


async def test_a_deleted_list_that_cannot_be_brought_back_any_more_is_none(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, french())
    file = corrected(await sent_file(claire, town), line_5=[(0, "marie@exemple.fr")])
    await claire.clicks("lists.delete")
    await claire.sees("supprimée")
    await town.goes_by(days=8)
    await claire.drops(("mien.csv", file[1]))
    await claire.sees("mien · 1 contact")


async def test_a_scheduled_campaign_is_asked_about_after_a_file_too(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, english())
    file = await sent_file(bob, town)
    await town.composes(bob, LINK)
    await bob.submits()
    await town.slack.until(lambda: bob.dialog is None)
    await returned(bob, town, corrected(file, line_5=[(0, "mary@example.com")]), "1 row joined customers")
    await bob.sees("1 scheduled campaign keeps the people fixed when it was scheduled")


async def test_an_old_file_never_replaces_somebody_else_s_row(town: Town) -> None:
    """A newer file was merged meanwhile: line 5 is another person's now."""
    bob = town.bob
    one = await kept(town, bob, english())
    old = corrected(await sent_file(bob, town), line_5=[(0, "mary@example.com")])
    newer = (("zed@", "Zed", "Zen", "Nine", "Bath", "Cook"), ("amy@example.com", "Amy", "Ash", "", "", ""))
    await bob.drops(english(*newer))
    await bob.sees("A new file")
    await bob.clicks("lists.merge")
    await bob.sees("customers now has 4 contacts")
    await returned(bob, town, old, "customers")
    await town.slack.until(lambda: "mary@example.com" in people(town, one))
    rejected = [line for line in town.bot.store.lists.lines(town.workspace, one.id) if line[0] == "r"]
    assert "Zen" in str(rejected)
    assert [line[1] for line in rejected].count(5) == 1
