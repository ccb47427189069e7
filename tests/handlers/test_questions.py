"""What is asked about a file before anything of it is kept: each kind, in both languages, answered once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.ids import ListId
from bot.core.lists import Exclude, OptOuts, Report, Sheet
from bot.core.people import Language
from bot.core.questions import Answers, Asked, Nothing, Question, Remembered
from bot.core.sentences import sentence
from bot.playground.slack import Person
from bot.ports import RemoteFile, Unreachable, Unwritable
from bot.texts import Say
from handlers.blocks import lists
from handlers.blocks import questions as blocks
from tests.conftest import Check
from tests.fixtures import files
from tests.fixtures.files import File
from tests.handlers.conftest import Fits
from tests.journeys.harness import Town
from tests.journeys.process import open_service
from tests.storage.records import ANNA, HOME, NOON, contact_list, dropped

LINK = "https://forms.example/s/1"
HOSTILE = "<!channel> & co"


def leeds_and_york(*more: str, name: str = "offices.xlsx") -> File:
    """York has a person more than Leeds."""
    head, people = files.ENGLISH_HEADER, files.ENGLISH_PEOPLE
    sheets: dict[str, files.Rows] = {"Leeds": [head, *people[:2]], "York": [head, *people]}
    sheets |= {title: [head, people[0]] for title in more}
    return name, files.sheets_bytes(sheets)


def two_addresses(name: str = "clients.csv") -> File:
    rows = [
        ("Email", "E-mail", "Prénom", "Nom"),
        ("claire@exemple.fr", "c.martin@exemple.fr", "Claire", "Martin"),
        ("noel@exemple.fr", "n.lefevre@exemple.fr", "Noël", "Lefèvre"),
    ]
    return name, files.csv_bytes(rows, ";", "cp1252")


def marked(*values: str, name: str = "inscrits.csv", title: str = "Désabonné") -> File:
    """One person for each mark; "" is nothing wrong."""
    people = [(f"p{number}@exemple.fr", f"P{number}", "Nom", value) for number, value in enumerate(values)]
    return name, files.csv_bytes([("Email", "Prénom", "Nom", title), *people], ";")


def kept(town: Town) -> dict[str, int]:
    return {one.title: one.count for one in town.bot.store.lists.all(town.workspace) if one.is_there}


def emails(town: Town) -> set[str]:
    newest = town.bot.store.lists.all(town.workspace)[0]
    return {one.email for one in town.bot.store.lists.contacts(town.workspace, newest.id)}


def excluded(town: Town) -> set[str]:
    return {one.address for one in town.bot.store.suppressions.all(town.workspace)}


def waiting(town: Town) -> int:
    return len(town.bot.store.inbox.pending())


def question(person: Person) -> dict[str, Any]:
    """The newest message that asks something."""
    return next(one for one in reversed(person.messages) if "lists.discard" in str(one.get("blocks")))


def answers(person: Person) -> list[tuple[str, str]]:
    """What the question can be answered with: actions and their values."""
    blocks = question(person)["blocks"]
    elements = [e for b in blocks for e in [*b.get("elements", []), b.get("accessory") or {}]]
    return [(one["action_id"], one.get("value", "")) for one in elements if "action_id" in one]


def buttons(person: Person) -> list[str]:
    return [action for action, _ in answers(person)]


def value_of(person: Person, action_id: str, nth: int = 0) -> str:
    return [value for action, value in answers(person) if action == action_id][nth]


async def settled(town: Town) -> None:
    """Everything the bot began is done, and nothing waits any more."""
    await town.bot.edge.drain()
    assert waiting(town) == 0


async def asked(town: Town, person: Person, file: File, words: str) -> None:
    """Dropped, asked about in one message, and nothing kept so far."""
    before, pending = kept(town), waiting(town)
    await person.drops(file)
    await person.sees(words)
    await town.bot.edge.drain()
    assert kept(town) == before
    assert waiting(town) == pending + 1


# --- which sheet --------------------------------------------------------------------------------------


async def test_which_sheet_in_english(town: Town) -> None:
    bob = town.bob
    await asked(town, bob, leeds_and_york(), "“offices.xlsx” has 2 sheets with contacts")
    await bob.sees("York · 3 rows")
    said = len(bob.messages)
    await bob.clicks("lists.sheet", value=value_of(bob, "lists.sheet", 1))
    await bob.sees("offices · 3 contacts")
    await bob.sees("sheet “York”")
    assert kept(town) == {"offices": 3}
    assert len(bob.messages) == said, "the question became the preview"


async def test_which_sheet_in_french(town: Town) -> None:
    claire = town.claire
    await asked(town, claire, leeds_and_york(), "« offices.xlsx » a 2 feuilles avec des contacts")
    await claire.clicks("lists.sheet", value=value_of(claire, "lists.sheet", 0))
    await claire.sees("offices · 2 contacts")


async def test_many_sheets_are_a_choice_whatever_their_names(town: Town) -> None:
    bob = town.bob
    more = ("a:b".replace(":", ";"), HOSTILE, "42", "Été — «long» et encore long")
    await asked(town, bob, leeds_and_york(*more), "6 sheets with contacts")
    assert buttons(bob) == ["lists.sheet", "lists.discard"]
    await bob.selects("lists.sheet", f"{HOSTILE} (1 row)", where=question(bob)["ts"])
    await bob.sees("offices · 1 contact")
    assert town.bot.store.lists.all(town.workspace)[0].report.sheet == HOSTILE


async def test_a_hostile_sheet_pings_nobody(town: Town) -> None:
    bob = town.bob
    name = f"{HOSTILE}.xlsx"
    content = files.sheets_bytes({HOSTILE: [files.ENGLISH_HEADER, *files.ENGLISH_PEOPLE],
                                  "Other": [files.ENGLISH_HEADER, *files.ENGLISH_PEOPLE]})  # fmt: skip
    await asked(town, bob, (name, content), "2 sheets with contacts")
    message = question(bob)
    assert "<!channel>" not in message["text"]
    assert "<!channel>" not in str(message["blocks"])
    await bob.clicks("lists.sheet", value=value_of(bob, "lists.sheet", 0))
    await settled(town)
    assert "<!channel>" not in bob.messages[-1]["text"]
    assert town.bot.store.lists.all(town.workspace)[0].report.sheet == HOSTILE


# --- which column -------------------------------------------------------------------------------------


async def test_two_columns_of_one_meaning_the_first_is_good(town: Town) -> None:
    claire = town.claire
    await asked(town, claire, two_addresses(), "2 colonnes veulent dire Email : « Email », « E-mail »")
    await claire.sees("Prendre « Email »")
    await claire.clicks("lists.as_read")
    await claire.sees("clients · 2 contacts")
    assert emails(town) == {"claire@exemple.fr", "noel@exemple.fr"}


async def test_several_meanings_are_listed(town: Town) -> None:
    bob = town.bob
    rows = [
        ("Email", "E-mail", "First name", "Given name", "Last name"),
        ("a@example.com", "", "Ana", "Ann", "Ruiz"),
    ]
    await asked(town, bob, ("c.csv", files.csv_bytes(rows)), "2 columns mean Email: “Email”, “E-mail”")
    await bob.sees("2 columns mean First name: “First name”, “Given name”")
    await bob.sees("Use the first ones")
    await bob.clicks("lists.as_read")
    await bob.sees("c · 1 contact")


async def test_a_missing_column_is_asked_for(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await asked(
        town, claire, files.missing_column(), "Je ne trouve pas la colonne Prénom dans « clients.csv »"
    )
    await claire.sees("Titres lus en ligne 1 : Courriel · Nom · Ville")
    assert buttons(claire) == ["lists.columns", "lists.discard"]
    claire.doesnt_see("à nouveau")
    await bob.drops(files.missing_column())
    await bob.sees("I can't find the column First name in “clients.csv”")


# --- who said no --------------------------------------------------------------------------------------


async def test_the_marked_are_excluded_for_the_whole_workspace(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await asked(town, claire, marked("oui", "oui", "", ""), "2 personnes de « inscrits.csv » sont marquées")
    await claire.sees("(colonne « Désabonné »). Les exclure pour tout l'espace ?")
    await claire.sees("aucune campagne de l'espace ne lui écrit plus")
    assert excluded(town) == set()
    await claire.clicks("lists.exclude_marked")
    await claire.sees("inscrits · 4 contacts")
    await claire.sees("exclues pour tout l'espace, aucune campagne ne leur écrit")
    claire.doesnt_see("retirez-les dans Voir")
    assert excluded(town) == {"p0@exemple.fr", "p1@exemple.fr"}

    # nobody of the workspace writes to them, whatever list they are in
    rows = [("Email", "First name", "Last name"), ("p0@exemple.fr", "P", "N"), ("p3@exemple.fr", "P", "N")]
    await bob.drops(("other.csv", files.csv_bytes(rows)))
    await bob.sees("other · 2 contacts")
    await town.composes(bob, LINK)
    await bob.submits()
    await town.slack.until(lambda: bob.dialog is None)
    await town.reaches_departure()
    (letter,) = await town.letters(1)
    assert letter.to == "p3@exemple.fr"


async def test_a_list_that_marks_people_writes_to_the_others(town: Town) -> None:
    bob = town.bob
    await asked(town, bob, marked("yes", "no", title="Unsubscribed"), "1 person in “inscrits.csv” is marked")
    await bob.clicks("lists.exclude_marked")
    await bob.sees("inscrits · 2 contacts")
    await town.composes(bob, LINK)
    await bob.sees("Schedule for 1")


@pytest.mark.parametrize(
    ("action", "out", "words"),
    [
        ("lists.exclude_marked", {"p0@exemple.fr"}, "perhaps: not excluded, your campaigns write"),
        ("lists.exclude_doubtful", {"p0@exemple.fr", "p1@exemple.fr"}, "perhaps: excluded for the whole"),
        ("lists.exclude_nobody", set(), "perhaps: not excluded, your campaigns write"),
    ],
)
async def test_marks_that_nobody_understands(town: Town, action: str, out: set[str], words: str) -> None:
    bob = town.bob
    file = marked("yes", "perhaps", "", title="Unsubscribed")
    await asked(town, bob, file, "1 more has a mark that I don't understand: “perhaps”")
    await bob.sees("Exclude this one too")
    await bob.clicks(action)
    await bob.sees(words)
    assert excluded(town) == out
    assert kept(town) == {"inscrits": 3}


async def test_only_marks_that_nobody_understands(town: Town) -> None:
    claire = town.claire
    await asked(
        town, claire, marked("peut-être", "à voir", ""), "2 personnes de « inscrits.csv » portent une marque"
    )
    await claire.sees("« peut-être », « à voir »")
    assert buttons(claire) == ["lists.exclude_doubtful", "lists.exclude_nobody", "lists.discard"]
    await claire.clicks("lists.exclude_doubtful")
    await claire.sees("inscrits · 3 contacts")
    assert excluded(town) == {"p0@exemple.fr", "p1@exemple.fr"}


async def test_who_is_excluded_already_is_not_asked_about_again(town: Town) -> None:
    claire = town.claire
    await asked(town, claire, marked("oui", "", ""), "1 personne de « inscrits.csv » est marquée")
    await claire.clicks("lists.exclude_marked")
    await claire.sees("inscrits · 3 contacts")
    again = marked("oui", "", "", "", name="plus tard.csv")
    await claire.drops(again)
    await claire.sees("ressemble à votre liste inscrits")  # no question about the one who said no
    assert waiting(town) == 0


async def test_deleting_the_list_brings_nobody_back(town: Town) -> None:
    claire = town.claire
    await asked(town, claire, marked("oui", ""), "1 personne")
    await claire.clicks("lists.exclude_marked")
    await claire.sees("inscrits · 2 contacts")
    await claire.clicks("lists.delete")
    await claire.sees("est supprimée")
    await town.goes_by(days=8)
    await claire.drops(marked("oui", "", name="encore.csv"))
    await claire.sees("encore · 2 contacts")
    assert excluded(town) == {"p0@exemple.fr"}


# --- one after the other, too late, twice, never ------------------------------------------------------


async def test_one_question_after_the_other_in_one_message(town: Town) -> None:
    bob = town.bob
    head = ("Email", "E-mail", "First name", "Last name", "Unsubscribed")
    rows = [head, ("a@example.com", "", "Ana", "Ruiz", "yes"), ("b@example.com", "", "Bo", "Li", "")]
    file = (
        "all.xlsx",
        files.sheets_bytes({"Leeds": rows, "York": [*rows, ("c@example.com", "", "C", "D", "")]}),
    )
    await asked(town, bob, file, "2 sheets with contacts")
    said = len(bob.messages)
    await bob.clicks("lists.sheet", value=value_of(bob, "lists.sheet", 1))
    await bob.sees("2 columns mean Email")
    await bob.clicks("lists.as_read")
    await bob.sees("1 person in “all.xlsx” is marked")
    assert kept(town) == {}
    assert excluded(town) == set()
    await bob.clicks("lists.exclude_marked")
    await bob.sees("all · 3 contacts")
    assert len(bob.messages) == said


async def test_a_second_click_finds_it_answered(town: Town) -> None:
    bob = town.bob
    await asked(town, bob, leeds_and_york(), "2 sheets")
    first, second = (value_of(bob, "lists.sheet", nth) for nth in (0, 1))
    await bob.clicks("lists.sheet", value=first)
    await bob.forges("lists.sheet", second)
    await bob.sees("You have answered for this file already")
    await bob.sees("offices · 2 contacts")
    await settled(town)
    for value in (first, second):
        said = len(bob.messages)
        await bob.forges("lists.sheet", value)
        await town.slack.until(lambda said=said: len(bob.messages) > said)
        assert "answered for this file already" in bob.messages[-1]["text"]
    assert kept(town) == {"offices": 2}


async def test_a_button_of_an_earlier_question_answers_nothing(town: Town) -> None:
    claire = town.claire
    head = ("Email", "E-mail", "Prénom", "Nom", "Désabonné")
    rows = [head, ("a@exemple.fr", "", "Ana", "Ruiz", "oui")]
    await asked(town, claire, ("c.csv", files.csv_bytes(rows)), "2 colonnes veulent dire Email")
    old = value_of(claire, "lists.as_read")
    await claire.clicks("lists.as_read")
    await claire.sees("L'exclure pour tout l'espace ?")
    for action in ("lists.as_read", "lists.exclude_nobody", "lists.discard", "lists.columns"):
        said = len(claire.messages)
        await claire.forges(action, old)
        await town.slack.until(lambda said=said: len(claire.messages) > said)
        assert "déjà répondu" in claire.messages[-1]["text"]
    assert waiting(town) == 1
    await claire.clicks("lists.exclude_marked")
    await claire.sees("c · 1 contact")


async def test_nothing_is_kept_when_that_is_asked_for(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await asked(town, claire, marked("oui", ""), "L'exclure pour tout l'espace ?")
    value = value_of(claire, "lists.discard")
    await claire.clicks("lists.discard")
    await claire.sees("Je n'ai rien gardé de « inscrits.csv »")
    await settled(town)
    claire.doesnt_see("Les exclure")
    await claire.forges("lists.discard", value)
    await claire.sees("n'attend plus de réponse")
    await asked(town, bob, leeds_and_york(), "2 sheets")
    await bob.clicks("lists.discard")
    await bob.sees("I kept nothing of “offices.xlsx”")
    await settled(town)
    assert (kept(town), waiting(town), excluded(town)) == ({}, 0, set())


@pytest.mark.parametrize("first", ["lists.discard", "lists.exclude_marked"])
async def test_of_several_answers_at_once_one_counts_and_no_message_goes_on_reading(
    town: Town, first: str
) -> None:
    claire = town.claire
    await asked(town, claire, marked("oui", ""), "L'exclure pour tout l'espace ?")
    value = value_of(claire, "lists.discard")
    others = {"lists.discard", "lists.exclude_marked", "lists.exclude_nobody"} - {first}
    await asyncio.gather(*(claire.forges(action, value) for action in (first, *sorted(others))))
    await settled(town)
    texts = [str(one["text"]) for one in claire.messages]
    assert sum("déjà répondu" in text for text in texts) + sum("n'attend plus" in text for text in texts) == 2
    assert not [text for text in texts if text.startswith("Je lis")]
    discarded = any("Je n'ai rien gardé" in text for text in texts)
    assert kept(town) == ({} if discarded else {"inscrits": 2})
    assert excluded(town) <= (set() if discarded else {"p0@exemple.fr"})


async def test_slack_away_when_nothing_is_kept_then_it_is_said_later(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is durable: the file is not read after all."""
    bob = town.bob
    await asked(town, bob, leeds_and_york(), "2 sheets")
    messenger = type(town.bot.services.questions.messenger)
    show, away = messenger.show_import, [True]

    def unreachable(*args: Any, **more: Any) -> None:
        if away:
            raise Unreachable("timeout")
        show(*args, **more)

    monkeypatch.setattr(messenger, "show_import", unreachable)
    await bob.clicks("lists.discard")
    await town.bot.edge.drain()
    assert [one.answers.nothing for one in town.bot.store.inbox.pending()] == [Nothing.DISCARDED]
    away.clear()
    await town.goes_by(minutes=1)
    await bob.sees("I kept nothing of “offices.xlsx”")
    await settled(town)
    assert kept(town) == {}


async def test_an_answer_at_the_very_last_moment_is_first_or_too_late(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, services = town.bob, town.bot.services
    await asked(town, bob, leeds_and_york(), "2 sheets")
    (pending,) = town.bot.store.inbox.pending()
    member = services.people.member(pending.workspace, pending.member)
    known = type(services.people).member

    def answers(*args: Any) -> Any:
        """While the sweep looks at who it is, the person clicks."""
        monkeypatch.setattr(type(services.people), "member", known)
        services.questions.answered(
            member, pending.file.id, pending.revision, lambda told: replace(told, sheet="Leeds")
        )
        return known(*args)

    late = replace(pending, received_at=pending.received_at - timedelta(days=8), revision=2)
    town.bot.store.inbox.change(town.workspace, late, pending.revision)
    (pending,) = town.bot.store.inbox.pending()
    monkeypatch.setattr(type(services.people), "member", answers)
    await town.bot.edge.run(services.questions.purge)
    bob.doesnt_see("waited 7 days")
    await town.bot.edge.toil(services.imports.resume)
    await bob.sees("offices · 2 contacts")


async def test_a_full_disk_is_said_where_it_was_being_read(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = town.bob
    await asked(town, bob, leeds_and_york(), "2 sheets")
    reader, full = type(town.bot.services.imports.reader), [True]
    read = reader.read

    def no_room(*args: Any, **more: Any) -> Any:
        if full:
            raise Unwritable(28, "no space left")
        return read(*args, **more)

    monkeypatch.setattr(reader, "read", no_room)
    said = len(bob.messages)
    await bob.clicks("lists.sheet", value=value_of(bob, "lists.sheet", 0))
    await bob.sees("disk")
    await town.bot.edge.drain()
    assert len(bob.messages) == said, "in place of what was being read"
    bob.doesnt_see("Reading “offices.xlsx”")
    full.clear()
    await town.goes_by(minutes=1)
    await bob.sees("offices · 2 contacts")


async def test_without_an_answer_it_is_forgotten_after_seven_days(town: Town) -> None:
    claire = town.claire
    await asked(town, claire, two_addresses(), "2 colonnes veulent dire Email")
    value = value_of(claire, "lists.as_read")
    await town.goes_by(days=6)
    assert waiting(town) == 1
    await town.goes_by(days=2)
    await claire.sees("a attendu votre réponse pendant 7 jours")
    assert waiting(town) == 0
    await claire.forges("lists.as_read", value)
    await claire.sees("n'attend plus de réponse")
    assert kept(town) == {}


async def test_nobody_else_answers(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await asked(town, claire, marked("oui", ""), "L'exclure pour tout l'espace ?")
    value = value_of(claire, "lists.exclude_nobody")
    await bob.says("help")
    await bob.sees("What I can do")
    for action in ("lists.exclude_nobody", "lists.discard", "lists.columns", "lists.sheet"):
        said = len(bob.messages)
        await bob.forges(action, value)
        await town.slack.until(lambda said=said: len(bob.messages) > said)
        assert "no longer waits for an answer" in bob.messages[-1]["text"]
    assert waiting(town) == 1
    bob.doesnt_see("exemple.fr")


@pytest.mark.parametrize("argument", ["", "9", "-1", "x", "²"])
async def test_an_answer_made_up_is_asked_again(town: Town, argument: str) -> None:
    bob = town.bob
    await asked(town, bob, leeds_and_york(), "2 sheets")
    file_id, revision, _ = value_of(bob, "lists.sheet").split(":")
    await bob.forges("lists.sheet", f"{file_id}:{revision}:{argument}")
    await town.bot.edge.drain()
    assert value_of(bob, "lists.discard").split(":")[1] != revision
    assert kept(town) == {}
    await bob.clicks("lists.sheet", value=value_of(bob, "lists.sheet", 0))
    await bob.sees("offices · 2 contacts")


async def test_the_file_taken_up_again_goes_on_waiting(town: Town) -> None:
    claire = town.claire
    await asked(town, claire, two_addresses(), "2 colonnes veulent dire Email")
    await claire.shortcut("lists.shortcut", next(one for one in claire.messages if one.get("files")))
    await claire.sees("« clients.csv » attend votre réponse : la question est plus haut")
    assert waiting(town) == 1
    await claire.clicks("lists.discard")
    await claire.sees("Je n'ai rien gardé")
    await settled(town)
    await claire.shortcut("lists.shortcut", next(one for one in claire.messages if one.get("files")))
    await town.slack.until(lambda: "lists.as_read" in str(claire.messages[-1]))
    await claire.clicks("lists.as_read")
    await claire.sees("clients · 2 contacts")


async def test_a_file_deleted_before_the_answer_is_said(town: Town) -> None:
    bob = town.bob
    await asked(town, bob, leeds_and_york(), "2 sheets")
    place = question(bob)["ts"]
    town.slack.file(value_of(bob, "lists.discard").split(":")[0]).deleted = True
    await bob.clicks("lists.sheet", value=value_of(bob, "lists.sheet", 0))
    await settled(town)
    (said,) = [one["text"] for one in bob.messages if one["ts"] == place]
    assert said == "I can't reach this file where it is. Drop it here, in our conversation."
    assert kept(town) == {}


async def test_it_is_said_that_the_file_is_being_read(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    claire, seen = town.claire, []
    reader = type(town.bot.services.imports.reader)
    read = reader.read

    def watched(*args: object, **more: object) -> object:
        seen.append(next(one["text"] for one in claire.messages if one["ts"] == place))
        return read(*args, **more)  # type: ignore[arg-type]

    await asked(town, claire, two_addresses(), "2 colonnes veulent dire Email")
    place = question(claire)["ts"]
    monkeypatch.setattr(reader, "read", watched)
    await claire.clicks("lists.as_read")
    await claire.sees("clients · 2 contacts")
    assert [one.replace("\u00a0", " ") for one in seen] == ["Je lis « clients.csv » : un instant…"]


async def test_a_question_is_answered_after_a_power_cut(tmp_path: Path, block_check: Check | None) -> None:
    async with open_service(tmp_path / "data", block_check) as service:
        claire = service.claire
        await service.start()
        await claire.drops(two_addresses())
        await claire.sees("2 colonnes veulent dire Email")
        await service.kill()

        await service.start()
        await claire.clicks("lists.as_read")
        await claire.sees("clients · 2 contacts", timeout=20)
        assert sum("lists.view" in str(one.get("blocks")) for one in claire.messages) == 1
        assert service.slack.refusals == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", Asked)
def test_the_longest_of_everything_fits(kind: Asked, language: Language, fits: Fits) -> None:
    long = "é<&" * 90
    mapping = dict.fromkeys(("email", "first_name", "last_name", "company", "location", "job_title"), long)
    report = Report(
        error=sentence("reading.error.missing", name=long, n=3, columns=long, row="20", found=long),
        ambiguous={"email": (long,) * 40, "company": (long,) * 40},
        sheets=(Sheet(name=long, rows=10**6),) * 200,
        opt_outs=OptOuts(count=10**6, columns=(long,) * 9, doubtful=10**6, unknown=(long,) * 9),
    )  # fmt: skip
    before = Remembered(
        workspace=HOME, member=ANNA, fingerprint="x", mapping=mapping, source_name=long, at=NOON
    )
    for told, remembered, sheets in (
        (report, before, report.sheets), (replace(report, error=None), None, report.sheets[:5]),
    ):  # fmt: skip
        asks = Question(kind=kind, report=replace(told, sheets=sheets), remembered=remembered,
                        list_id=ListId("lst_a"), title=long)  # fmt: skip
        pending = replace(dropped("F1"), question=asks, file=RemoteFile(id="F0123456789", name=long))
        fits(blocks.question(Say(language), pending))


async def test_rows_of_a_list_may_be_a_list_of_their_own(town: Town) -> None:
    """Which list they may be of is found where the file is read; here it is answered."""
    bob = town.bob
    await asked(town, bob, leeds_and_york(), "2 sheets")
    (pending,) = town.bot.store.inbox.pending()
    assert pending.question is not None
    rows = Question(kind=Asked.ROWS, report=pending.question.report, list_id=ListId("lst_a"), title=HOSTILE)
    changed = replace(pending, question=rows, answers=Answers(sheet="Leeds"), revision=pending.revision + 1)
    town.bot.store.inbox.change(town.workspace, changed, pending.revision)
    member = town.bot.services.people.member(pending.workspace, pending.member)
    await town.bot.edge.run(town.bot.services.imports.show_again, member, pending.file.id)
    await bob.sees("looks like the corrected rows of your list “<!channel> & co”")
    assert "<!channel>" not in question(bob)["text"]
    assert buttons(bob) == ["lists.rows_into", "lists.rows_apart", "lists.discard"]
    await bob.clicks("lists.rows_apart")
    await bob.sees("offices · 2 contacts")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, ("marquées « ne pas contacter » (colonne <x>)", "retirez-les dans *Voir*")),
        (Exclude.MARKED, ("(colonne <x>) : exclues pour tout l'espace", "peut-être : pas exclue,")),
        (Exclude.DOUBTFUL, ("(colonne <x>) : exclues pour tout", "peut-être : exclue pour tout l'espace")),
        (Exclude.NOBODY, ("(colonne <x>) : pas exclues, vos campagnes", "peut-être : pas exclue,")),
    ],
)
def test_a_list_says_what_was_answered_about_its_marks(
    answer: Exclude | None, said: tuple[str, str], fits: Fits
) -> None:
    marks = OptOuts(count=2, columns=("<x>",), doubtful=1, unknown=("peut-être",))
    known = contact_list()
    known = replace(
        known, report=replace(known.report, opt_outs=marks, problems=(), encoding="utf-8"), exclude=answer
    )
    text, shown = lists.preview(Say(Language.FRENCH), known)
    fits((text, shown))
    words = str(shown).replace("\u00a0", " ").replace("&lt;x&gt;", "<x>")
    assert all(part in words.replace("\\xa0", " ") for part in said)


async def test_slack_away_when_it_is_asked_then_it_is_asked_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, away = town.bob, [True]
    messenger = type(town.bot.services.questions.messenger)
    show = messenger.show_import

    def unreachable(*args: Any, **more: Any) -> None:
        if away:
            away.pop()
            raise Unreachable("timeout")
        show(*args, **more)

    await bob.says("help")
    await bob.sees("What I can do")
    monkeypatch.setattr(messenger, "show_import", unreachable)
    await bob.drops(leeds_and_york())
    await town.bot.edge.drain()
    bob.doesnt_see("2 sheets")
    (pending,) = town.bot.store.inbox.pending()
    assert not pending.asked
    for _ in range(2):
        await town.goes_by(minutes=1)
    assert sum("lists.discard" in str(one.get("blocks")) for one in bob.messages) == 1
    assert [one.asked for one in town.bot.store.inbox.pending()] == [True]
    await bob.clicks("lists.sheet", value=value_of(bob, "lists.sheet", 0))
    await bob.sees("offices · 2 contacts")
