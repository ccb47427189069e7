"""What Slack handed us, in every store: durable before it is acknowledged, once, and not for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.lists import Column, OptOuts, Report, Sheet
from bot.core.questions import Answers, Asked, Question, Remembered
from bot.core.sentences import Sentence, Stale, sentence
from bot.ports import Missing, PendingImport, Store
from tests.storage.conftest import Place
from tests.storage.records import ANNA, BOB, ELSEWHERE, HOME, NOON, dropped, later

HOURS = timedelta(hours=1)


def waiting(store: Store) -> list[str]:
    return [pending.file.id for pending in store.inbox.pending(HOME)]


def test_files_wait_through_a_restart_oldest_first(place: Place) -> None:
    store = place.open()
    assert store.inbox.receive(HOME, "Ev2", later(minutes=1), [dropped("F3", at=later(minutes=1))])
    assert store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1"), dropped("F2")])
    store = place.open()
    assert waiting(store) == ["F1", "F2", "F3"]
    assert store.inbox.pending()[0] == dropped("F1")


def test_the_same_event_again_does_nothing_even_after_a_restart(place: Place) -> None:
    store = place.open()
    assert store.inbox.receive(HOME, "EvFile", NOON, [dropped("F1")])
    assert store.inbox.receive(HOME, "EvWord", NOON, [])
    for _ in range(2):
        for event in ("EvFile", "EvWord"):
            assert not store.inbox.receive(HOME, event, later(minutes=6), [dropped("F9")])
        store = place.open()
    assert waiting(store) == ["F1"]


def test_an_event_whose_import_is_done_is_still_known(place: Place) -> None:
    store = place.open()
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    store.inbox.drop(HOME, "F1")
    assert not place.open().inbox.receive(HOME, "Ev1", later(minutes=1), [dropped("F1")])
    assert waiting(place.open()) == []


def test_events_are_forgotten_after_25_hours(store: Store) -> None:
    store.inbox.receive(HOME, "EvFile", NOON, [dropped("F1")])
    store.inbox.receive(HOME, "EvWord", NOON, [])
    assert not store.inbox.receive(HOME, "EvFile", NOON + 24 * HOURS, [])
    assert not store.inbox.receive(HOME, "EvWord", NOON + 24 * HOURS, [])
    assert store.inbox.receive(HOME, "EvFile", NOON + 26 * HOURS, [])
    assert store.inbox.receive(HOME, "EvWord", NOON + 26 * HOURS, [])
    assert waiting(store) == ["F1"]


def test_a_file_waits_once_however_many_events_bring_it(store: Store) -> None:
    assert store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1"), dropped("F1", at=later(days=-1))])
    assert store.inbox.receive(HOME, "Ev2", NOON, [dropped("F1", at=later(minutes=1))])
    assert store.inbox.pending() == [dropped("F1")]


def test_a_file_that_was_refused_no_longer_waits(place: Place) -> None:
    store = place.open()
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1"), dropped("F2")])
    store.inbox.drop(HOME, "F1")
    store.inbox.drop(HOME, "F1")
    store.inbox.drop(HOME, "never there")
    assert waiting(place.open()) == ["F2"]


def test_the_same_file_may_wait_for_two_people(place: Place) -> None:
    store = place.open()
    bobs = replace(dropped("F1"), member=BOB)
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    store.inbox.receive(HOME, "Ev2", NOON, [bobs])
    store.inbox.drop(HOME, "F1", ANNA)
    assert place.open().inbox.pending() == [bobs]


def test_nothing_crosses_to_another_workspace(store: Store) -> None:
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    store.inbox.receive(HOME, "Ev2", NOON, [])
    assert store.inbox.receive(ELSEWHERE, "Ev1", NOON, [dropped("F1", ELSEWHERE)])
    assert store.inbox.receive(ELSEWHERE, "Ev2", NOON, [])
    store.inbox.drop(ELSEWHERE, "F1")
    assert store.inbox.pending(ELSEWHERE) == []
    assert store.inbox.pending() == [dropped("F1")]


def asked(file_id: str = "F1") -> PendingImport:
    """A file with everything a question may hold."""
    missing = sentence(
        "reading.error.missing",
        n=1,
        columns=Sentence("reading.column.email"),
        row="2026-11-23",
        found="A · B",
    )
    report = Report(
        error=missing, headers=(Column(title="A", samples=("1", "x")),), fingerprint="f00d",
        ambiguous={"email": ("A", "B")}, sheets=(Sheet(name="<!channel>", rows=3),),
        opt_outs=OptOuts(count=1, columns=("Stop",), doubtful=1, unknown=("?",)),
    )  # fmt: skip
    before = Remembered(workspace=HOME, member=ANNA, fingerprint="f00d", mapping={"email": "A"},
                        source_name="a.csv", at=NOON)  # fmt: skip
    question = Question(kind=Asked.COLUMNS, report=report, remembered=before)
    answers = Answers(sheet="Leeds", mapping={"email": "A", "company": ""})
    return replace(dropped(file_id), question=question, answers=answers, revision=2)


def test_a_question_waits_with_its_file_through_a_restart(place: Place) -> None:
    store = place.open()
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1"), dropped("F2")])
    store.inbox.change(HOME, asked(), 1)
    store = place.open()
    assert store.inbox.pending() == [asked(), dropped("F2")]
    assert not store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    assert store.inbox.receive(HOME, "Ev3", NOON, [dropped("F1")])
    assert store.inbox.pending()[0] == asked(), "the file dropped once more keeps its question"


def test_the_second_change_of_the_same_revision_is_refused(store: Store) -> None:
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    store.inbox.change(HOME, asked(), 1)
    with pytest.raises(Stale):
        store.inbox.change(HOME, replace(asked(), title="Late"), 1)
    store.inbox.change(HOME, replace(asked(), asked=True), 2)
    assert store.inbox.pending() == [replace(asked(), asked=True)]


def test_what_waits_no_more_or_elsewhere_is_not_changed(store: Store) -> None:
    store.inbox.receive(HOME, "Ev1", NOON, [dropped("F1")])
    for absent in (asked("F2"), replace(asked(), member=BOB)):
        with pytest.raises(Missing):
            store.inbox.change(HOME, absent, 1)
    with pytest.raises(Missing):
        store.inbox.change(ELSEWHERE, asked(), 1)
    with pytest.raises(ValueError, match="workspace"):
        store.inbox.change(HOME, replace(asked(), workspace=ELSEWHERE), 1)
    with pytest.raises(ValueError, match="back"):
        store.inbox.change(HOME, replace(asked(), revision=0), 1)
    assert store.inbox.pending() == [dropped("F1")]
