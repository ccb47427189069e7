"""Rows to fix over a real store and the real reader, without Slack: what a click or a file does to a list."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core import lists as rules
from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.ids import ListId, MemberId, WorkspaceId, new_list_id
from bot.core.inbox import OutgoingFile, PendingImport, RemoteFile
from bot.core.lists import ContactList, Exclude, Level, OptOuts
from bot.core.people import Language, Member
from bot.core.questions import Answers, Asked
from bot.core.sentences import Refusal, Sentence, Stale
from bot.core.suppressions import Cause, Suppression
from bot.exports import Exports
from bot.ports import Store
from bot.reading import ChildComparer, ChildReader
from bot.services.files import Opened
from bot.services.lists import Lists
from bot.services.people import People
from bot.services.questions import Questions
from bot.services.repaired import Repaired
from bot.services.repairs import Repairs
from bot.services.returns import Returns
from bot.services.suppressions import Suppressions
from bot.services.versions import Versions
from storage import open_store
from tests.fixtures.files import Rows, csv_bytes, sheets_bytes

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = WorkspaceId("T1HOME")
ANNA = Member(workspace=HOME, id=MemberId("U1ANNA"), locale=Language.FRENCH)
BOB = Member(workspace=HOME, id=MemberId("U2BOB"))


class Clock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Slack:
    """What was said, and the files that were sent."""

    said: list[Sentence] = field(default_factory=list)
    files: list[OutgoingFile] = field(default_factory=list)
    asked: list[PendingImport] = field(default_factory=list)

    def profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        raise NotImplementedError

    def say(self, member: Member, said: Sentence) -> None:
        self.said.append(said)

    def show_list(self, member: Member, contact_list: ContactList, **_: Any) -> None:
        """The preview is the handlers' business."""

    def show_import(
        self, member: Member, pending: PendingImport, said: Sentence | None = None, *, plea: str = ""
    ) -> None:
        if said is None:
            self.asked.append(pending)
        else:
            self.said.append(said)

    def ask_whom(self, member: Member, contact_list: ContactList, others: Sequence[Campaign]) -> None:
        raise NotImplementedError

    def send_file(self, member: Member, file: OutgoingFile, said: Sentence) -> None:
        self.files.append(file)


class Desk:
    """A store, a reader, and what works between them."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.slack, self.reader = store, folder, Slack(), ChildReader()
        slack: Any = self.slack
        clock, exports = Clock(), Exports()
        lists = Lists(store=store, exporter=exports, messenger=slack, clock=clock)
        versions = Versions(store=store, lists=lists, comparer=ChildComparer(), clock=clock)
        people = People(store=store, messenger=slack, clock=clock, policy=None)  # type: ignore[arg-type]
        self.questions = Questions(store=store, messenger=slack, people=people, clock=clock)
        self.repairs = Repairs(
            store=store, lists=lists, versions=versions, messenger=slack, exporter=exports, clock=clock,
            suppressions=Suppressions(store=store, clock=clock), reader=self.reader,
        )  # fmt: skip
        self.returns = Returns(repairs=self.repairs, questions=self.questions)

    def keeps(self, rows: Rows, *, member: Member = ANNA, **more: Any) -> ContactList:
        mapping = more.pop("mapping", {})
        with_file = self.folder / "kept.csv"
        with_file.write_bytes(csv_bytes(rows, ";"))
        staging = self.store.staging()
        report = self.reader.read(with_file, "clients.csv", staging, mapping=mapping)
        assert report.error is None
        one = ContactList(
            workspace=HOME, id=new_list_id(), owner=member.id, title="Clients", report=report,
            created_at=NOW, **more,
        )  # fmt: skip
        return self.store.lists.add(HOME, one, staging)

    def now(self, one: ContactList) -> ContactList:
        return self.store.lists.get(HOME, one.id)

    def fixes(self, one: ContactList, typed: dict[int, str], *, member: Member = ANNA) -> Repaired:
        """In the dialog as it is drawn now."""
        return self.repairs.fix(member, one.id, self.repairs.to_fix(member, one.id).seen, typed)

    def lines(self, one: ContactList) -> list[list[object]]:
        return list(self.store.lists.lines(HOME, one.id))

    def people(self, one: ContactList) -> dict[str, Contact]:
        return {contact.email: contact for contact in self.store.lists.contacts(HOME, one.id)}

    def drops(
        self, content: bytes, name: str = "back.csv", *, member: Member = ANNA, answers: Answers | None = None
    ) -> bool:
        """Whether the file was taken for rows of a list."""
        raw, staging = self.folder / name, self.store.staging()
        raw.write_bytes(content)
        told = answers or Answers()
        report = self.reader.read(raw, name, staging, mapping=told.mapping, sheet=told.sheet)
        opened = Opened(file=RemoteFile(id="F1", name=name), raw=raw, staging=staging)
        pending = PendingImport(
            workspace=HOME, member=member.id, channel="", file=opened.file, received_at=NOW
        )
        self.store.inbox.drop(HOME, "F1", member.id)
        self.store.inbox.receive(HOME, f"Ev{len(self.slack.said)}{NOW}{name}", NOW, [pending])
        try:
            return self.returns.taken(member, pending, report, opened, told)
        finally:
            staging.unlink(missing_ok=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    yield Desk(store, tmp_path)
    store.close()


def keys(said: Sentence) -> list[str]:
    """The sentences a sentence is made of."""
    if said.key != "repairs.and":
        return [said.key]
    return [key for part in ("first", "second") for key in keys(said.values[part])]  # type: ignore[arg-type]


HEAD = ("Email", "Prénom", "Nom", "Ville")
OK = ("claire@exemple.fr", "Claire", "Martin", "Lyon")
WRONG = (("marie@", "Marie", "Dupont", "Nice"), ("", "Jean", "Petit", "Pau"))


def test_fixed_and_noted(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    done = desk.fixes(one, {3: " marie@exemple.fr ", 4: ""})
    assert (done.repair.joined, done.contact_list.report.rejected) == (1, 1)
    assert desk.people(one)["marie@exemple.fr"].row == 3
    kept = desk.now(one)
    assert (kept.version, kept.by_hand, kept.report.kind) == (2, True, "csv")
    assert (kept.report.headers, kept.report.delimiter) == (one.report.headers, ";")
    assert [problem.cause for problem in kept.report.problems] == ["no_address"]
    assert [(entry.verb, entry.subject) for entry in desk.store.log.read(HOME)] == [("rows fixed", one.id)]


def test_rows_that_are_others_by_now_are_not_touched(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    seen = desk.repairs.to_fix(ANNA, one.id).seen
    desk.repairs.fix(ANNA, one.id, seen, {3: "marie@exemple.fr", 4: ""})
    with pytest.raises(Stale):
        desk.repairs.fix(ANNA, one.id, seen, {3: "", 4: "jean@exemple.fr"})
    assert len(desk.people(one)) == 2


def test_a_new_title_other_readers_or_another_person_corrected_keep_nobody_from_fixing(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    seen = desk.repairs.to_fix(ANNA, one.id).seen
    desk.store.lists.save(HOME, rules.rename(one, "Another"), one.revision)
    done = desk.repairs.fix(ANNA, one.id, seen, {3: "marie@exemple.fr", 4: ""})
    assert (done.repair.joined, done.contact_list.title) == (1, "Another")


def test_all_wrong_addresses_are_blamed_at_once(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    with pytest.raises(Refusal) as refused:
        desk.fixes(one, {3: "marie", 4: "jean@x"})
    assert refused.value.field == "row_3"
    assert refused.value.others.keys() == {"row_4"}
    assert desk.now(one) == one


def test_rows_nobody_asked_about_are_not_looked_at(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    done = desk.fixes(one, {2: "x@exemple.fr", 3: "", 4: "", 99: "y@exemple.fr"})
    assert not done.repair.changed
    assert desk.now(one) == one


def test_two_rows_given_the_same_address_are_one_person(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    done = desk.fixes(one, {3: "m@exemple.fr", 4: "M@exemple.fr"})
    assert (done.repair.joined, done.repair.known) == (1, 1)
    assert [line[:4] for line in desk.lines(one) if line[0] == "d"] == [["d", 4, 3, "M@exemple.fr"]]


def test_a_value_in_another_column(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, ("leo@exemple.fr", "L\ufffdo", "Roy", "Nice")])
    shown = desk.repairs.to_fix(ANNA, one.id)
    assert [(row.column, row.initial) for row in shown.rows] == [("first_name", "L\ufffdo")]
    desk.fixes(one, {3: "Léo"})
    assert desk.people(one)["leo@exemple.fr"].full_name() == "Léo Roy"


def test_a_full_name_is_split_as_ever(desk: Desk) -> None:
    head = ("Email", "Nom complet")
    one = desk.keeps([head, ("a@exemple.fr", "Anne DURAND"), ("b@", "Jean de LA FONTAINE")])
    desk.fixes(one, {3: "b@exemple.fr"})
    there = desk.people(one)["b@exemple.fr"]
    assert (there.first_name, there.last_name) == ("Jean", "de LA FONTAINE")
    assert there.extras == ("Jean de LA FONTAINE",)
    split = [one for one in desk.now(one).report.problems if one.cause == "split_name"]
    assert [(problem.count, problem.rows) for problem in split] == [(2, (2, 3))]


@pytest.mark.parametrize(
    ("answer", "excluded", "named", "kept"),
    [
        (None, 1, 1, Exclude.MARKED), (Exclude.MARKED, 1, 1, Exclude.MARKED),
        (Exclude.DOUBTFUL, 2, 0, Exclude.DOUBTFUL), (Exclude.NOBODY, 0, 0, Exclude.NOBODY),
    ],
)  # fmt: skip
def test_marks_follow_what_was_answered_for_the_list(
    desk: Desk, answer: Exclude | None, excluded: int, named: int, kept: Exclude
) -> None:
    head = ("Email", "Prénom", "Nom", "Désabonné")
    rows = [head, ("a@exemple.fr", "A", "A", ""), ("b@", "B", "B", "oui"), ("c@", "C", "C", "peut-être")]
    one = desk.keeps(rows, exclude=answer)
    done = desk.fixes(one, {3: "b@exemple.fr", 4: "c@exemple.fr"})
    assert done.repair.excluded == excluded
    assert len(desk.store.suppressions.all(HOME)) == excluded
    assert [line[:3] for line in desk.lines(one) if line[0] in ("o", "u")] == [
        ["o", 3, "b@exemple.fr"], ["u", 4, "c@exemple.fr"],
    ]  # fmt: skip
    assert (done.repair.doubtful, done.repair.unknown) == (named, ("peut-être",) * named)
    assert ("repairs.doubtful" in keys(done.said())) == bool(named)
    after = desk.now(one)
    assert after.exclude is kept, "the answer that was used holds for the list"
    told = after.report.opt_outs
    assert told == OptOuts(count=1, columns=("Désabonné",), doubtful=1, unknown=("peut-être",))


def test_a_mark_that_nobody_understands_is_named_and_answers_nothing(desk: Desk) -> None:
    head = ("Email", "Prénom", "Nom", "Désabonné")
    one = desk.keeps([head, ("a@exemple.fr", "A", "A", ""), ("b@", "B", "B", "bof")])
    done = desk.fixes(one, {3: "b@exemple.fr"})
    assert (done.repair.excluded, done.repair.doubtful, done.repair.unknown) == (0, 1, ("bof",))
    assert desk.now(one).exclude is None
    assert desk.store.suppressions.all(HOME) == []


def test_who_is_excluded_all_the_same_is_not_said_to_be_written_to(desk: Desk) -> None:
    """Nobody was excluded for this list; one of the marked is, for another."""
    head = ("Email", "Prénom", "Nom", "Désabonné")
    rows = [head, ("a@exemple.fr", "A", "A", "oui"), ("b@exemple.fr", "B", "B", "oui"), ("c@", "C", "C", "")]
    one = desk.keeps(rows, exclude=Exclude.NOBODY)
    desk.store.suppressions.add(
        HOME, Suppression(address="a@exemple.fr", cause=Cause.UNSUBSCRIBED, at=NOW, origin="x")
    )
    desk.fixes(one, {4: "c@exemple.fr"})
    told = desk.now(one).report.opt_outs
    assert told is not None
    assert (told.count, desk.now(one).exclude) == (1, Exclude.NOBODY)


def test_nothing_to_fix_is_said(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK])
    for ask in (desk.repairs.to_fix, desk.repairs.send):
        with pytest.raises(Refusal) as refused:
            ask(ANNA, one.id)
        assert refused.value.sentence.key == "repairs.none"


def test_at_most_twenty_in_the_dialog(desk: Desk) -> None:
    wrong = [(f"p{n}@", "A", "B", "") for n in range(23)]
    one = desk.keeps([HEAD, OK, *wrong])
    shown = desk.repairs.to_fix(ANNA, one.id)
    assert (len(shown.rows), shown.others) == (20, 3)


def test_nobody_else_s(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    asks: list[Callable[[], object]] = [
        lambda: desk.repairs.to_fix(BOB, one.id),
        lambda: desk.repairs.send(BOB, one.id),
        lambda: desk.repairs.fix(BOB, one.id, "", {3: "x@exemple.fr"}),
    ]
    for ask in asks:
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.sentence.key == "lists.unknown"


# --- files --------------------------------------------------------------------------------------------


def marked(one: ContactList, *rows: Sequence[str]) -> bytes:
    head = (*HEAD, f"Ligne [postillon {one.id}]", "Champ", "Valeur lue", "Erreur", "Proposition")
    return csv_bytes([head, *(tuple(row) + ("",) * 4 for row in rows)], ";")


def test_a_file_with_the_mark_is_merged(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    assert desk.drops(marked(one, ("marie@exemple.fr", "Marie", "Dupont", "Nice", "3")))
    assert keys(desk.slack.said[-1]) == ["repairs.joined", "repairs.left"]
    assert desk.store.inbox.pending() == []
    assert len(desk.store.lists.all(HOME)) == 1


def test_an_unchanged_file_changes_nothing(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    desk.repairs.send(ANNA, one.id)
    assert desk.drops(desk.slack.files[-1].content)
    assert keys(desk.slack.said[-1]) == ["repairs.unchanged", "repairs.left"]
    assert desk.now(one) == one


def test_a_list_that_changes_while_the_file_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows are merged into what it is by then."""
    one = desk.keeps([HEAD, OK, *WRONG])
    merge, calls = Repairs.merge, []

    def interrupted(self: Repairs, *args: Any, **more: Any) -> Repaired:
        calls.append(1)
        if len(calls) == 1:
            desk.fixes(one, {3: "", 4: "jean@exemple.fr"})
        return merge(self, *args, **more)

    monkeypatch.setattr(Repairs, "merge", interrupted)
    assert desk.drops(marked(one, ("marie@exemple.fr", "Marie", "Dupont", "Nice", "3")))
    assert desk.people(one).keys() == {"claire@exemple.fr", "marie@exemple.fr", "jean@exemple.fr"}
    assert len(calls) == 3  # tried, the change itself, tried again


def test_required_columns_that_only_the_list_s_choice_names(desk: Desk) -> None:
    chosen = {"email": "Correo", "first_name": "Nombre", "last_name": "Apellido"}
    head = ("Correo", "Nombre", "Apellido")
    one = desk.keeps([head, ("a@b.es", "Ana", "Ruiz"), ("luz@", "Luz", "Gil")], mapping=chosen)
    head_back = (*head, f"Línea [postillon {one.id}]", "Campo", "Valor", "Error", "Propuesta")
    back = csv_bytes([head_back, ("luz@b.es", "Luz", "Gil", "3", "", "", "", "")], ";")
    assert desk.drops(back)
    assert desk.people(one)["luz@b.es"].full_name() == "Luz Gil"
    assert desk.drops(csv_bytes([head_back, ("nobody", "Luz", "Gil", "3", "", "", "", "")], ";"))
    assert keys(desk.slack.said[-1])[0] == "repairs.unchanged_gone"


def test_without_the_email_column_it_says_so(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    head = ("Prénom", "Nom", f"Ligne [postillon {one.id}]")
    with pytest.raises(Refusal) as refused:
        desk.drops(csv_bytes([head, ("Marie", "Dupont", "3")], ";"))
    assert refused.value.sentence.key == "reading.error.missing"


def test_asked_about_where_the_mark_is_lost(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, *WRONG])
    back = marked(one, ("marie@exemple.fr", "Marie", "Dupont", "Nice", "3")).replace(b"[postillon", b"[")
    assert desk.drops(back)
    (pending,) = desk.slack.asked
    asked = pending.question
    assert asked is not None
    assert (asked.kind, asked.list_id, asked.title) == (Asked.ROWS, one.id, "Clients")
    assert desk.now(one) == one
    assert not desk.drops(back, answers=Answers(is_apart=True))
    assert desk.drops(back, answers=Answers(rows_of=one.id))
    assert desk.people(one)["marie@exemple.fr"].row == 3


def test_not_asked_about_more_rows_than_there_are_to_fix(desk: Desk) -> None:
    desk.keeps([HEAD, OK, *WRONG])
    rows = [("marie@exemple.fr", "Marie", "Dupont", "Nice"), ("jean@exemple.fr", "Jean", "Petit", "Pau")]
    assert desk.drops(csv_bytes([HEAD, *rows], ";"))
    assert not desk.drops(csv_bytes([HEAD, *rows, OK], ";"), "more.csv")


def test_the_mark_of_no_list_is_no_mark(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK])
    gone = replace(one, id=ListId("lst_zzzzzzzzzzzz"))
    row = ("marie@exemple.fr", "Marie", "Dupont", "Nice", "3")
    assert not desk.drops(marked(gone, row))
    assert not desk.drops(marked(one, row), member=BOB)


def test_a_workbook_whose_titles_only_the_mark_tells(desk: Desk) -> None:
    chosen = {"email": "A1", "first_name": "B1", "last_name": "C1"}
    one = desk.keeps([("A1", "B1", "C1"), ("a@b.es", "Ana", "Ruiz"), ("luz@", "Luz", "Gil")], mapping=chosen)
    head = ("A1", "B1", "C1", f"LIGNE [POSTILLON {one.id.upper()}]")
    assert desk.drops(sheets_bytes({"S": [head, ("luz@b.es", "Luz", "Gil", 3)]}), "b.xlsx")
    assert "luz@b.es" in desk.people(one)


def test_the_numbers_are_those_of_the_file(desk: Desk) -> None:
    one = desk.keeps([HEAD, OK, OK, *WRONG])
    desk.drops(marked(one, ("claire@exemple.fr", "Marie", "Dupont", "Nice", "4"),
                      ("neu@exemple.fr", "Neu", "Neu", "", "")))  # fmt: skip
    report, kinds = desk.now(one).report, [str(line[0]) for line in desk.lines(one)]
    assert (report.rows, report.accepted, report.rejected, report.duplicates) == (5, 2, 1, 2)
    assert [kinds.count(kind) for kind in "crd"] == [2, 1, 2]
    doubles = next(problem for problem in report.problems if problem.level is Level.DUPLICATE)
    assert (doubles.count, doubles.rows, doubles.details) == (2, (3, 4), ("2", "2"))
