"""Which column is which: the dialog over a file that waits, over a list, and what it remembers."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.core.columns import FULL_NAME, KEYS, checked, proposed
from bot.core.lists import Column, Exclude, OptOuts, Report
from bot.core.people import Language
from bot.core.questions import Asked, Question, Remembered
from bot.core.sentences import Refusal
from bot.playground.slack import Person
from bot.ports import RemoteFile
from bot.texts import Say
from handlers.blocks import columns as blocks
from handlers.blocks import marks
from tests.fixtures import files
from tests.fixtures.files import File
from tests.handlers.conftest import Fits
from tests.journeys.harness import Town
from tests.storage.records import ANNA, HOME, NOON, contact_list, dropped

LINK = "https://forms.example/s/1"
HOSTILE = "<!channel> & co"
ODD = ("Contact 1", "Contact 2", "Qui", HOSTILE)


def odd(name: str = "export.csv", header: tuple[str, ...] = ODD) -> File:
    """No title says what it is."""
    rows = [
        header,
        ("claire@exemple.fr", "Martin", "Claire", "Lyon"),
        ("noel@exemple.fr", "Lefèvre", "Noël", "Besançon"),
    ]
    return name, files.csv_bytes(rows, ";")


def two_addresses(name: str = "clients.csv") -> File:
    rows = [
        ("Email", "E-mail", "Prénom", "Nom"),
        ("claire@exemple.fr", "c.martin@exemple.fr", "Claire", "Martin"),
        ("noel@exemple.fr", "n.lefevre@exemple.fr", "Noël", "Lefèvre"),
    ]
    return name, files.csv_bytes(rows, ";", "cp1252")


def people(town: Town) -> list[tuple[str, str, str, str]]:
    newest = next(one for one in town.bot.store.lists.all(town.workspace) if one.is_there)
    found = town.bot.store.lists.contacts(town.workspace, newest.id)
    return [(one.email, one.first_name, one.last_name, one.location) for one in found]


def option(view: Any, field: str, start: str) -> str:
    """The value of the option that begins so."""
    block = next(one for one in view["blocks"] if one.get("block_id") == field)
    element = block["element"]
    offered = element.get("options") or [o for g in element["option_groups"] for o in g["options"]]
    return str(next(one["value"] for one in offered if one["text"]["text"].startswith(start)))


def initial(view: Any, field: str) -> str:
    block = next(one for one in view["blocks"] if one.get("block_id") == field)
    return str((block["element"].get("initial_option") or {"text": {"text": ""}})["text"]["text"])


async def asks(town: Town, person: Person, file: File) -> Any:
    """Dropped; the dialog of its question."""
    await person.drops(file)
    await town.slack.until(lambda: "lists.columns" in str(person.messages))
    await town.bot.edge.drain()
    return await opens(town, person)


async def opens(town: Town, person: Person) -> Any:
    await person.clicks("lists.columns")
    await town.dialog(person, "lists.columns")
    return person.dialog


async def chooses(person: Person, **titles: str) -> None:
    for field, title in titles.items():
        await person.selects(field, option(person.dialog, field, title))


async def reads(town: Town, person: Person) -> None:
    await person.submits()
    assert person.errors == {}
    await town.slack.until(lambda: person.dialog is None)
    await town.bot.edge.drain()


# --- a file that waits --------------------------------------------------------------------------------


async def test_titles_that_say_nothing_are_told(town: Town) -> None:
    claire = town.claire
    view = await asks(town, claire, odd())
    await claire.sees("Que contient chaque colonne de « export.csv » ? Rien n'est gardé avant votre clic.")
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == list(KEYS)
    await chooses(claire, email="Contact 1 · claire@exemple.fr", first_name="Qui · Claire",
                  last_name="Contact 2", location=HOSTILE)  # fmt: skip
    assert town.bot.store.lists.all(town.workspace) == []
    await reads(town, claire)
    await claire.sees("export · 2 contacts")
    assert people(town) == [
        ("claire@exemple.fr", "Claire", "Martin", "Lyon"),
        ("noel@exemple.fr", "Noël", "Lefèvre", "Besançon"),
    ]
    assert not any("<!channel>" in str(one.get("text")) for one in claire.messages)


async def test_in_english_with_what_was_read_filled_in(town: Town) -> None:
    bob = town.bob
    view = await asks(town, bob, files.missing_column())
    assert initial(view, "email") == "Courriel · jean@exemple.fr"
    assert initial(view, "last_name") == "Nom · Dupont"
    assert initial(view, "first_name") == "— none —"
    assert initial(view, "location") == "Ville · Lyon"
    await bob.sees("What does each column of “clients.csv” hold?")
    await chooses(bob, first_name="Ville", location="— none —")
    await reads(town, bob)
    await bob.sees("clients · 1 contact")
    assert people(town) == [("jean@exemple.fr", "Lyon", "Dupont", "")]


async def test_a_full_name_is_told_apart(town: Town) -> None:
    bob = town.bob
    rows = [("Email", "Who"), ("ana@example.com", "Ana Ruiz")]
    await asks(town, bob, ("team.csv", files.csv_bytes(rows)))
    await chooses(bob, full_name="Who")
    await reads(town, bob)
    await bob.sees("team · 1 contact")
    assert people(town) == [("ana@example.com", "Ana", "Ruiz", "")]


async def test_one_column_for_both_names_is_a_full_name(town: Town) -> None:
    bob = town.bob
    rows = [("Email", "Who"), ("ana@example.com", "Ana Ruiz")]
    await asks(town, bob, ("team.csv", files.csv_bytes(rows)))
    await chooses(bob, first_name="Who", last_name="Who")
    await reads(town, bob)
    await bob.sees("team · 1 contact")
    assert people(town) == [("ana@example.com", "Ana", "Ruiz", "")]


async def test_what_cannot_be_is_said_at_the_field(town: Town) -> None:
    claire = town.claire
    await asks(town, claire, odd())
    await chooses(claire, email="Contact 1", first_name="Contact 1", last_name="Contact 2")
    await claire.submits()
    assert (
        claire.errors["first_name"].replace("\u00a0", " ") == "Cette colonne est déjà choisie pour « Email »."
    )
    await chooses(claire, first_name="— aucune —")
    await claire.submits()
    assert claire.errors.keys() == {"first_name"}
    await chooses(claire, first_name="Qui", full_name=HOSTILE)
    await claire.submits()
    assert claire.errors.keys() == {FULL_NAME}
    await chooses(claire, full_name="— aucune —")
    await reads(town, claire)
    await claire.sees("export · 2 contacts")


async def test_another_address_column(town: Town) -> None:
    claire = town.claire
    view = await asks(town, claire, two_addresses())
    assert initial(view, "email").startswith("Email ·")
    await chooses(claire, email="E-mail")
    await reads(town, claire)
    await claire.sees("clients · 2 contacts")
    assert [person[0] for person in people(town)] == ["c.martin@exemple.fr", "n.lefevre@exemple.fr"]


async def test_the_same_columns_are_offered_the_second_time(town: Town) -> None:
    claire = town.claire
    await asks(town, claire, odd("hubspot.csv"))
    await chooses(claire, email="Contact 1", first_name="Qui", last_name="Contact 2")
    await reads(town, claire)
    await claire.sees("hubspot · 2 contacts")
    rows = [ODD, ("zoe@exemple.fr", "Leroy", "Zoé", "Nantes")]
    await claire.drops(("décembre.csv", files.csv_bytes(rows, ";")))
    await claire.sees("« décembre.csv » a les mêmes colonnes que votre « hubspot.csv » du")
    await claire.sees("Email ← « Contact 1 » · Prénom ← « Qui » · Nom ← « Contact 2 »")
    assert len(town.bot.store.lists.all(town.workspace)) == 1
    view = await opens(town, claire)
    assert initial(view, "email").startswith("Contact 1")
    await claire.closes()
    await claire.clicks("lists.same_columns")
    await claire.sees("décembre · 1 contact")
    assert people(town) == [("zoe@exemple.fr", "Zoé", "Leroy", "")]


async def test_what_somebody_chose_is_theirs(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await asks(town, claire, odd())
    await chooses(claire, email="Contact 1", first_name="Qui", last_name="Contact 2")
    await reads(town, claire)
    await claire.sees("export · 2 contacts")
    await bob.drops(odd())
    await bob.sees("I can't find the columns")
    bob.doesnt_see("same columns")


async def test_the_same_file_again_is_not_asked_about_again(town: Town) -> None:
    claire = town.claire
    await asks(town, claire, odd())
    await chooses(claire, email="Contact 1", first_name="Qui", last_name="Contact 2")
    await reads(town, claire)
    await claire.sees("export · 2 contacts")
    await claire.drops(odd("copie.csv"))
    await claire.sees("« copie.csv » est le même fichier que votre liste export")


async def test_a_dialog_sent_too_late(town: Town) -> None:
    claire = town.claire
    await asks(town, claire, two_addresses())
    metadata = str(claire.dialog and claire.dialog["private_metadata"])
    await claire.clicks("lists.as_read", where="messages")
    await town.slack.until(lambda: town.bot.store.lists.all(town.workspace))
    await chooses(claire, email="E-mail")
    await claire.submits()
    await claire.sees("Vous avez déjà répondu pour ce fichier")
    await claire.closes()
    answer = await town.bob.forges_submission("lists.columns", metadata, {})
    assert "no longer waits" in str(answer.body)
    assert [person[0] for person in people(town)] == ["claire@exemple.fr", "noel@exemple.fr"]


async def test_choices_made_up_choose_nothing(town: Town) -> None:
    claire = town.claire
    await asks(town, claire, two_addresses())
    metadata = str(claire.dialog and claire.dialog["private_metadata"])
    for value in ("99", "-1", "Email", ""):
        state = {"email": {"email": {"type": "static_select", "selected_option": {"value": value}}}}
        answer = await claire.forges_submission("lists.columns", metadata, state)
        assert "Choisissez la colonne des adresses" in str(answer.body)
    assert town.bot.store.lists.all(town.workspace) == []


# --- a list -------------------------------------------------------------------------------------------


async def kept(town: Town, person: Person, file: File) -> None:
    await person.drops(file)
    await person.sees("Liste gardée" if person is town.claire else "List kept")
    await town.bot.edge.drain()


async def test_a_list_is_read_again_and_taken_back(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, files.english_csv())
    view = await opens(town, bob)
    await bob.sees("What does each column of “customers” hold? I read its file again that way")
    assert initial(view, "company").startswith("Company · Studio Nova, Harbour Credit")
    assert initial(view, FULL_NAME) == "— none —"
    await chooses(bob, first_name="Last name", last_name="First name", location="Company",
                  company="— none —")  # fmt: skip
    await reads(town, bob)
    await bob.sees("Since")
    assert people(town)[0] == ("anna.smith@example.com", "Smith", "Anna", "Studio Nova")
    view = await opens(town, bob)
    assert initial(view, "first_name").startswith("Last name")
    assert initial(view, "company") == "— none —"
    await bob.closes()
    await bob.clicks("lists.revert")
    await town.slack.until(lambda: people(town)[0][1] == "Anna")


async def test_what_the_scheduled_campaigns_use_is_asked(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, files.french_excel_csv())
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("programmée")
    await town.bot.edge.drain()
    await opens(town, claire)
    await chooses(claire, location="Entreprise", company="Ville")
    await reads(town, claire)
    await claire.sees("clients compte maintenant 3 contacts")
    await claire.sees("1 campagne programmée garde les destinataires fixés à sa programmation")
    await claire.clicks("lists.fix_again")
    await claire.sees("écrira aux 3 contacts")


@pytest.mark.parametrize(
    ("answer", "out", "said"),
    [
        ("Exclude this person", {"a@example.com"}, "perhaps: not excluded, your campaigns write"),
        ("Exclude this one too", {"a@example.com", "b@example.com"}, "perhaps: excluded for the whole"),
        ("Exclude nobody", set(), "(column Unsubscribed): not excluded, your campaigns write to them"),
    ],
)
async def test_people_who_turn_out_to_be_marked_are_asked_about_first(
    town: Town, answer: str, out: set[str], said: str
) -> None:
    """The column of the marks was read as the city; read as what it is, nothing happens before the answer."""
    bob = town.bob
    head = ("Email", "E-mail", "First name", "Last name", "Unsubscribed")
    rows = [head, ("a@example.com", "x", "A", "A", "yes"), ("b@example.com", "", "B", "B", "perhaps")]
    await asks(town, bob, ("c.csv", files.csv_bytes(rows, ",")))
    await chooses(bob, location="Unsubscribed")
    await reads(town, bob)
    await bob.sees("c · 2 contacts")
    await opens(town, bob)
    await chooses(bob, location="— none —")
    before = town.bot.store.lists.all(town.workspace)
    await bob.submits()
    await bob.sees("1 person in “c” is marked as not to be written to (column “Unsubscribed”)")
    await bob.sees("1 more has a mark that I don't understand: “perhaps”")
    assert town.bot.store.lists.all(town.workspace) == before
    await bob.selects("exclude", answer)
    await reads(town, bob)
    await bob.sees(said)
    assert {one.address for one in town.bot.store.suppressions.all(town.workspace)} == out
    (one,) = town.bot.store.lists.all(town.workspace)
    answers = (Exclude.NOBODY, Exclude.MARKED, Exclude.DOUBTFUL)
    assert (one.version, one.exclude) == (2, answers[len(out)])
    assert one.report.extras == ("E-mail", "Unsubscribed")


async def test_a_column_without_addresses_changes_no_list(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, files.french_excel_csv())
    before = town.bot.store.lists.all(town.workspace)
    await opens(town, claire)
    await chooses(claire, email="Entreprise", company="— aucune —")
    await claire.submits()
    assert "aucune adresse valable sur 3 lignes" in claire.errors["email"]
    assert town.bot.store.lists.all(town.workspace) == before


async def test_a_column_without_addresses_is_asked_again(town: Town) -> None:
    bob = town.bob
    await asks(town, bob, two_addresses())
    await chooses(bob, email="Prénom", first_name="Email")
    await reads(town, bob)
    await bob.sees("Read so, the 2 rows of “clients.csv” have no valid address.")
    assert town.bot.store.lists.all(town.workspace) == []
    view = await opens(town, bob)
    assert initial(view, "email").startswith("Prénom")
    await chooses(bob, email="E-mail", first_name="Prénom")
    await reads(town, bob)
    await bob.sees("clients · 2 contacts")


async def test_a_list_changed_by_hand_is_its_file_no_more(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, files.english_csv())
    value = next(
        e["value"] for m in bob.messages for b in m.get("blocks") or [] for e in b.get("elements", [])
        if e.get("action_id") == "lists.columns"
    )  # fmt: skip
    list_id = value.split(":")[0]
    await bob.clicks("lists.view")
    await town.dialog(bob, "lists.view")
    await bob.clicks("lists.add")
    await town.dialog(bob, "lists.person")
    await bob.types("email", "max@example.com")
    await bob.submits()
    await bob.closes()
    await bob.sees("customers · 4 contacts")
    await bob.forges("lists.columns", value)
    await bob.sees("are no longer those of one file")
    assert not any("lists.columns" in str(one.get("blocks")) for one in bob.messages)
    answer = await bob.forges_submission("lists.columns", f"{list_id}:1", {})
    assert "no longer those of one file" in str(answer.body)


async def test_nobody_else_reads_a_list_again(town: Town) -> None:
    await kept(town, town.claire, files.french_excel_csv())
    (known,) = town.bot.store.lists.all(town.workspace)
    await town.bob.says("help")
    await town.bob.sees("What I can do")
    await town.bob.forges("lists.columns", f"{known.id}:{known.revision}")
    await town.bob.sees("I can't find this list")
    answer = await town.bob.forges_submission("lists.columns", f"{known.id}:{known.revision}", {})
    assert "I can't find this list" in str(answer.body).replace("\\u2019", "'")
    assert town.bot.store.lists.all(town.workspace) == [known]


async def test_a_list_changed_while_the_dialog_stood_open(town: Town) -> None:
    claire = town.claire
    await kept(town, claire, files.french_excel_csv())
    await opens(town, claire)
    (known,) = town.bot.store.lists.all(town.workspace)
    town.bot.store.lists.save(
        town.workspace, replace(known, title="Autre", revision=known.revision + 1), known.revision
    )
    await claire.submits()
    await claire.sees("« Autre » a changé depuis que ce bouton est affiché")
    assert people(town)[0][1] == "Claire"


# --- the dialog itself --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("letter", ["x", "é", "名", "😀"])
@pytest.mark.parametrize("count", [1, 99, 100, 300])
def test_the_widest_file_fits(count: int, letter: str, language: Language, fits: Fits) -> None:
    headers = tuple(Column(title=letter * 245 + f"{n:05}", samples=(letter * 60,) * 3) for n in range(count))
    asked = Question(kind=Asked.COLUMNS, report=Report(headers=headers, columns={"email": headers[-1].title}))
    pending = replace(dropped("F1"), question=asked, file=RemoteFile(id="F0123456789", name=HOSTILE * 30))
    view = blocks.of_file(Say(language), pending)
    fits(view)
    assert len(json.dumps(view)) < 250_000
    words = [block["element"] for block in view["blocks"] if block["type"] == "input"]  # type: ignore[attr-defined]
    assert words[0]["initial_option"]["value"] == str(count - 1)


def test_long_titles_of_one_survey_are_told_apart() -> None:
    question = "On a scale from 0 to 10, how likely are you to recommend our services to somebody you know"
    headers = tuple(Column(title=f"{question} [{part}]", samples=("7",)) for part in ("price", "people"))
    asked = Question(kind=Asked.COLUMNS, report=Report(headers=headers))
    view = blocks.of_file(Say(Language.ENGLISH), replace(dropped("F1"), question=asked))
    assert option(view, "email", "On a scale") == "0"
    (element,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "email"]  # type: ignore[attr-defined]
    shown = [one["text"]["text"] for one in element["options"]]
    assert shown[0].endswith("[price] · 7")
    assert shown[1].endswith("[people] · 7")
    assert all(len(words) <= 75 for words in shown)


def test_it_starts_from_what_was_chosen_before() -> None:
    report = Report(columns={"email": "Mail", "first_name": "Name", "last_name": "Name"}, full_name="Name")
    assert proposed(report) == {"email": "Mail", FULL_NAME: "Name"}
    own = replace(report, columns={**report.columns, "first_name": "First"})
    assert proposed(own) == {"email": "Mail", "first_name": "First", FULL_NAME: "Name"}
    before = Remembered(workspace=HOME, member=ANNA, fingerprint="x", mapping={"email": "E"},
                        source_name="a.csv", at=NOON)  # fmt: skip
    assert proposed(replace(report, mapping={"email": "X"}), before.mapping) == {"email": "E"}
    assert proposed(replace(report, mapping={"email": "X"})) == {"email": "X"}


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ({}, "email"),
        ({"email": "E"}, "first_name"),
        ({"email": "E", "first_name": "F"}, "last_name"),
        ({"email": "E", "last_name": "L"}, "first_name"),
        ({"email": "E", "full_name": "E"}, "full_name"),
        ({"email": "E", "full_name": "N", "company": "N"}, "company"),
        ({"email": "E", "full_name": "N", "first_name": "N"}, "full_name"),
        ({"email": "E", "first_name": "F", "last_name": "L", "full_name": "N"}, "full_name"),
    ],
)
def test_a_choice_that_cannot_be_names_its_field(mapping: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked(mapping)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "mapping",
    [
        {"email": "E", "first_name": "F", "last_name": "L"},
        {"email": "E", "first_name": "N", "last_name": "N"},
        {"email": "E", "full_name": "N"},
        {"email": "E", "full_name": "N", "last_name": "L"},
    ],
)
def test_a_choice_that_can_be_is_whole(mapping: dict[str, str]) -> None:
    assert checked(mapping) == dict.fromkeys(KEYS, "") | mapping


async def test_the_button_stands_between_the_people_and_the_file(town: Town) -> None:
    bob = town.bob
    await kept(town, bob, files.english_csv())
    (blocks_of,) = [one["blocks"] for one in bob.messages if "lists.share" in str(one.get("blocks"))]
    shown = [e["action_id"] for block in blocks_of for e in block.get("elements", []) if "action_id" in e]
    assert shown == [
        "campaigns.new", "lists.view", "lists.columns", "lists.download", "lists.share", "lists.delete",
    ]  # fmt: skip


@pytest.mark.parametrize("language", Language)
def test_the_longest_question_about_marks_fits(language: Language, fits: Fits) -> None:
    long = "é<&" * 90
    found = OptOuts(count=10**6, columns=(long,) * 9, doubtful=10**6, unknown=(long,) * 9)
    one = replace(contact_list(), title="<!channel>" * 8)
    for told in (found, replace(found, doubtful=0), replace(found, count=0)):
        fits(marks.dialog(Say(language), one, 10**6, ["10000"] * len(KEYS), told))
