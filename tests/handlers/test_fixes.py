"""Rows to fix: mended in a dialog, or in a file that comes back. Nobody is lost, nobody is doubled."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.contacts import Contact
from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.lists import Access, Column, ContactList, Level, Problem, Report, Shared
from bot.core.people import Language
from bot.core.rejects import Layout, Rejected
from bot.core.repairs import Repair
from bot.playground.slack import Person
from bot.services.repaired import Repaired
from bot.texts import Say
from handlers.blocks import fixes, lists
from tests.fixtures.files import (
    ENGLISH_HEADER,
    ENGLISH_PEOPLE,
    FRENCH_HEADER,
    FRENCH_PEOPLE,
    File,
    csv_bytes,
    sheets_bytes,
)
from tests.handlers.conftest import Fits
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"
FRENCH_WRONG = (
    ("marie@", "Marie", "Dupont", "Nova", "Lyon", "Juriste"),
    ("", "Jean", "Petit", "", "Paris", ""),
    ("leo.roy@gmail", "Léo", "Roy", "L’Œuvre", "Nice", "Chef"),
)
ENGLISH_WRONG = (
    ("mary@", "Mary", "May", "Nova", "Leeds", "Clerk"),
    ("leo.king@@example.com", "Leo", "King", "", "York", ""),
)


def french(*wrong: Sequence[str], name: str = "clients.csv") -> File:
    """As French Excel writes it; the wrong rows come last, from row 5."""
    return name, csv_bytes([FRENCH_HEADER, *FRENCH_PEOPLE, *(wrong or FRENCH_WRONG)], ";", "cp1252")


def english(*wrong: Sequence[str], name: str = "customers.xlsx") -> File:
    return name, sheets_bytes({"People": [ENGLISH_HEADER, *ENGLISH_PEOPLE, *(wrong or ENGLISH_WRONG)]})


async def kept(town: Town, person: Person, file: File) -> ContactList:
    known = len(town.bot.store.lists.all(town.workspace))
    await person.drops(file)
    await town.slack.until(lambda: len(town.bot.store.lists.all(town.workspace)) > known)
    await person.sees("Liste gardée" if person is town.claire else "List kept")
    return town.bot.store.lists.all(town.workspace)[0]


def now(town: Town, one: ContactList) -> ContactList:
    return town.bot.store.lists.get(town.workspace, one.id)


def counts(town: Town, one: ContactList) -> tuple[int, int, int, int]:
    report = now(town, one).report
    lines = [str(line[0]) for line in town.bot.store.lists.lines(town.workspace, one.id)]
    told = (report.accepted, report.rejected, report.duplicates)
    assert told == tuple(lines.count(kind) for kind in "crd"), "the report tells what the file holds"
    return (report.rows, *told)


def people(town: Town, one: ContactList) -> dict[str, Contact]:
    return {person.email: person for person in town.bot.store.lists.contacts(town.workspace, one.id)}


def inputs(person: Person) -> dict[str, dict[str, Any]]:
    assert person.dialog is not None
    return {block["block_id"]: block for block in person.dialog["blocks"] if block["type"] == "input"}


async def opened(person: Person, town: Town) -> dict[str, dict[str, Any]]:
    await person.clicks("lists.fix")
    await town.dialog(person, "lists.fix")
    return inputs(person)


async def sent_file(person: Person, town: Town) -> tuple[str, bytes]:
    before = len(person.files)
    await person.clicks("lists.rejects")
    await town.slack.until(lambda: len(person.files) > before)
    return person.files[-1].name, person.files[-1].content


# --- in the chat --------------------------------------------------------------------------------------


async def test_the_dialog_shows_each_row_with_what_was_probably_meant(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, french())
    await claire.sees("Corriger 3 lignes")
    found = await opened(claire, town)
    assert list(found) == ["row_5", "row_6", "row_7"]
    assert found["row_5"]["label"]["text"].replace("\u00a0", " ") == (
        "Ligne 5 · Marie Dupont · « marie@ » : adresse incomplète"
    )
    assert found["row_6"]["label"]["text"].replace("\u00a0", " ") == "Ligne 6 · Jean Petit : pas d'adresse"
    assert found["row_5"]["element"]["initial_value"] == "marie@"
    assert "initial_value" not in found["row_6"]["element"]
    assert found["row_7"]["element"]["initial_value"] == "leo.roy@gmail.com"
    assert "Colonne « Email »" in found["row_5"]["hint"]["text"].replace("\u00a0", " ")


async def test_fixed_rows_join_the_list(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    await opened(claire, town)
    await claire.types("row_5", "marie.dupont@exemple.fr")
    await claire.submits()
    await claire.sees("2 lignes ont rejoint clients : 5 contacts. 1 est encore à corriger.")
    assert counts(town, one) == (6, 5, 1, 0)
    found = people(town, one)
    assert found["leo.roy@gmail.com"] == Contact(
        row=7, email="leo.roy@gmail.com", first_name="Léo", last_name="Roy", company="L’Œuvre",
        location="Nice", job_title="Chef",
    )  # fmt: skip
    assert found["marie.dupont@exemple.fr"].row == 5
    await claire.sees("6 lignes lues = 5 contacts + 1 à corriger")
    await claire.sees("Corriger 1 ligne")


async def test_in_english_from_a_workbook(town: Town) -> None:
    bob = town.bob
    one = await kept(town, bob, english())
    await bob.sees("Fix 2 rows")
    found = await opened(bob, town)
    assert found["row_5"]["label"]["text"] == "Row 5 · Mary May · “mary@”: incomplete address"
    await bob.types("row_5", "mary.may@example.com")
    await bob.submits()
    await bob.sees("2 rows joined customers: 5 contacts. Nothing is left to fix.")
    assert counts(town, one) == (5, 5, 0, 0)
    bob_sees = str(bob.messages)
    assert "lists.fix" not in bob_sees
    assert "lists.rejects" not in bob_sees


async def test_every_wrong_address_is_named_at_its_own_input(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    await opened(claire, town)
    await claire.types("row_5", "marie@exemple")
    await claire.types("row_6", "jean petit")
    await claire.submits()
    assert claire.errors.keys() == {"row_5", "row_6"}
    assert "adresse incomplète" in claire.errors["row_6"]
    assert counts(town, one) == (6, 3, 3, 0)
    await claire.types("row_5", "marie@exemple.fr")
    await claire.types("row_6", "jean.petit@exemple.fr")
    await claire.submits()
    await claire.sees("3 lignes ont rejoint clients : 6 contacts. Plus rien à corriger.")


async def test_an_address_the_list_has_is_a_duplicate(town: Town) -> None:
    bob = town.bob
    one = await kept(town, bob, english())
    await opened(bob, town)
    await bob.types("row_5", "Anna.Smith@Example.com")
    await bob.submits()
    await bob.sees("1 row joined customers: 4 contacts. 1 was there already. Nothing is left to fix.")
    assert counts(town, one) == (5, 4, 0, 1)
    await bob.sees("5 rows read = 4 contacts + 1 duplicate")


async def test_nothing_typed_changes_nothing(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french(("marie@", "Marie", "Dupont", "", "", "")))
    await opened(claire, town)
    await claire.submits()
    await claire.sees("clients n'a pas changé : 3 contacts. 1 est encore à corriger.")
    assert now(town, one) == one


async def test_a_second_submission_and_a_changed_list_change_nothing(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    await opened(claire, town)
    assert claire.dialog is not None
    about = claire.dialog["private_metadata"]
    typed = {"row_5": "marie.dupont@exemple.fr", "row_6": "", "row_7": ""}
    values = {name: {"value": {"type": "plain_text_input", "value": value}} for name, value in typed.items()}
    await claire.forges_submission("lists.fix", about, values)
    await claire.sees("1 ligne a rejoint")
    after = now(town, one)
    await claire.types("row_6", "jean@exemple.fr")
    await claire.submits()
    await claire.sees("Les lignes à corriger de « clients » ont changé depuis que cette fenêtre est ouverte")
    assert now(town, one) == after
    assert inputs(claire)["row_6"]["element"]["initial_value"] == "jean@exemple.fr", "typed, and still there"


async def test_a_list_renamed_and_shared_meanwhile_takes_what_was_typed(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    await opened(claire, town)
    await claire.types("row_5", "marie@exemple.fr")
    lists = town.bot.services.lists
    member = town.bot.services.people.member(town.workspace, one.owner)
    renamed = await town.bot.edge.run(lists.rename, member, one.id, one.revision, "Clients 2026")
    shared = Shared(everybody=Access.USE)
    await town.bot.edge.run(lists.share, member, one.id, renamed.revision, shared)
    await claire.submits()
    await claire.sees("2 lignes ont rejoint Clients 2026 : 5 contacts")
    assert people(town, one)["marie@exemple.fr"].row == 5


async def test_rows_that_no_value_mends_are_named(town: Town) -> None:
    bob = town.bob
    shifted = b"mary@example.com,Mary,May,Nova, Inc,Leeds,Clerk,more\r\n"
    wrong = csv_bytes([ENGLISH_HEADER, *ENGLISH_PEOPLE, ENGLISH_WRONG[0]], ",")
    await kept(town, bob, ("customers.csv", wrong + shifted))
    await bob.sees("Fix 1 row")
    assert list(await opened(bob, town)) == ["row_5"]
    await bob.sees("1 other row is not here: Rows to fix gives it as a file.")
    await bob.clicks("lists.rejects", where="dialog")
    await bob.sees("I'm preparing the file of 2 rows to fix")
    await town.slack.until(lambda: bob.files[-1].name == "customers - rows to fix.csv")


async def test_undone_like_any_other_version(town: Town) -> None:
    claire = town.claire
    one = await kept(town, claire, french())
    await opened(claire, town)
    await claire.submits()
    await claire.sees("1 ligne a rejoint")
    await claire.clicks("lists.revert")
    await town.slack.until(lambda: counts(town, one) == (6, 3, 3, 0))
    await claire.sees("Corriger 3 lignes")


async def test_whom_a_scheduled_campaign_writes_to_is_asked(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, french())
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("programmée")
    await opened(claire, town)
    await claire.submits()
    await claire.sees("1 campagne programmée garde les destinataires fixés à sa programmation")
    await claire.clicks("lists.fix_again")
    await claire.sees("écrira aux 4 contacts")
    await town.reaches_departure()
    assert "leo.roy@gmail.com" in {letter.to for letter in await town.letters(4)}


async def test_a_stranger_to_the_list_learns_nothing(town: Town) -> None:
    claire, bob = town.claire, town.bob
    one = await kept(town, claire, french())
    await bob.says("help")
    await bob.sees("What I can do")
    await bob.forges("lists.fix", f"{one.id}:1")
    await bob.sees("I can't find this list")
    await bob.forges("lists.rejects", f"{one.id}:1")
    await bob.forges_submission("lists.fix", f"{one.id}:1", {"row_5": {"value": {"value": "a@b.fr"}}})
    bob.doesnt_see("Dupont")
    assert now(town, one) == one
    assert bob.files == []


# --- what Slack would refuse --------------------------------------------------------------------------


def a_list(count: int, *problems: Problem, headers: bool = True, title: str = "Clients") -> ContactList:
    rejected = sum(problem.count for problem in problems)
    report = Report(
        rows=count + rejected, accepted=count, rejected=rejected, problems=problems, kind="csv",
        encoding="utf-8", columns={"email": "E" * 250}, extras=("Prénom",),
        headers=(Column(title="E" * 250), Column(title="Prénom")) if headers else (),
    )  # fmt: skip
    return ContactList(
        workspace=WorkspaceId("T1"), id=ListId("lst_x"), owner=MemberId("U1"), title=title, report=report,
        created_at=datetime(2026, 11, 23, tzinfo=UTC), source_file="F1",
    )  # fmt: skip


def wrong(count: int, cause: str = "incomplete_address") -> Problem:
    return Problem(level=Level.REJECTED, cause=cause, count=count)


CAUSES = (
    "no_address", "incomplete_address", "impossible_address", "accented_address", "reserved_domain",
    "damaged_text", "long_value", "error_cell",
)  # fmt: skip


@pytest.mark.parametrize("language", list(Language))
def test_the_longest_dialog_fits(fits: Fits, language: Language) -> None:
    rows = [
        Rejected(row=1_000_000 + n, cause=CAUSES[n % len(CAUSES)], column="email",
                 value="<!channel> &" * 300, cells=("x" * 5_000, "y" * 5_000), proposal="p@a.fr" * (n % 2))
        for n in range(20)
    ]  # fmt: skip
    one = a_list(1, wrong(25), title="T" * 80)
    fits(fixes.fix(Say(language), one, Layout.of(one.report), rows, 1_000_000, "0123456789abcdef"))


@pytest.mark.parametrize("language", list(Language))
def test_what_came_of_it_fits(fits: Fits, language: Language) -> None:
    one = a_list(1_000_000, wrong(20), title="<!channel>" * 8)
    repair = Repair(joined=9, added=1, known=2, there=3, gone=4, excluded=5)
    fits(fixes.fixed(Say(language), one, Repaired(contact_list=one, repair=repair).said(), []))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("one", "shown"),
    [
        (a_list(3, wrong(4), wrong(2, "shifted")), ["lists.fix", "lists.rejects"]),
        (a_list(0, wrong(2)), ["lists.fix", "lists.rejects"]),
        (a_list(3, wrong(21)), ["lists.rejects"]),
        (a_list(3, wrong(2, "open_quote")), ["lists.rejects"]),
        (a_list(3), []),
        (a_list(3, wrong(2), headers=False), []),
    ],
)
def test_the_preview_s_buttons(fits: Fits, language: Language, one: ContactList, shown: list[str]) -> None:
    text, blocks = lists.preview(Say(language), one)
    fits((text, blocks))
    (row,) = [block["elements"] for block in blocks if block["type"] == "actions"]
    assert isinstance(row, list)
    ids = [element["action_id"] for element in row]
    assert [name for name in ids if name in ("lists.fix", "lists.rejects")] == shown
    assert len(ids) <= 8
    if "lists.fix" in ids:
        count = 4 if one.count else 2
        label = {Language.FRENCH: f"Corriger {count} lignes", Language.ENGLISH: f"Fix {count} rows"}
        assert row[ids.index("lists.fix")]["text"]["text"] == label[language]


def test_what_is_said_of_each_outcome() -> None:
    say = Say(Language.ENGLISH)

    def said(left: int = 0, **counts: Any) -> str:
        one = a_list(416, *([wrong(left)] if left else []), title="Clients 2026")
        return say(Repaired(contact_list=one, repair=Repair(**counts)).said())

    assert said(1, joined=4, known=1) == (
        "4 rows joined *Clients 2026*: 416 contacts. 1 was there already. 1 is still to fix."
    )
    assert said(gone=3) == (
        "These 3 rows are fixed already: *Clients 2026* has not changed, 416 contacts. "
        "Nothing is left to fix."
    )
    assert said(added=2) == "2 more people in *Clients 2026*: 416 contacts. Nothing is left to fix."
    assert said(2) == "*Clients 2026* has not changed: 416 contacts. 2 are still to fix."
    assert said(added=2, doubtful=1, unknown=("bof", "x" * 90)).endswith(
        f"1 person carries a mark that I don't understand (bof, {'x' * 39}…): they are not excluded. "
        "Nothing is left to fix."
    )
    assert said(joined=1, gone=2, excluded=1).endswith(
        "2 were fixed already. 1 person is marked “do not contact”: I won't write to them. "
        "Nothing is left to fix."
    )


async def test_a_long_list_shows_at_once_that_it_is_looked_through(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    claire = town.claire
    await kept(town, claire, french())
    monkeypatch.setattr("handlers.fixes.LONG", 5)
    found = await opened(claire, town)
    assert list(found) == ["row_5", "row_6", "row_7"]
    assert len(claire.dialogs) == 1
