"""A person erased from a folder full of everything: a search of all its files finds nothing, whenever the
process that did it was killed, and nobody else is missing."""

import re
import signal
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from bot.core import lines
from bot.core.addresses import is_erased
from bot.core.campaigns import State, edit
from bot.core.contacts import Contact
from bot.core.differences import Change, Difference
from bot.core.erasing import Person
from bot.core.ids import CampaignId, ListId
from bot.core.inbox import Owed
from bot.core.lists import Column, Level, Problem, Report, Waiting
from bot.core.questions import Asked, Question
from bot.core.selection import Condition, Kind, Selection
from bot.core.sentences import sentence
from bot.core.suppressions import Cause
from bot.core.versions import renewed
from bot.ports import Store
from tests.storage.conftest import Place
from tests.storage.eraser import ADDRESS, run_eraser
from tests.storage.records import (
    ANNA,
    ELSEWHERE,
    HOME,
    contact_list,
    draft,
    dropped,
    keep_campaign,
    keep_list,
    later,
    member,
    people,
    suppression,
)

TRACES = re.compile(rb"zoe\.leroy(@|%40)example|zo[\xc3\xa9e]+ leroy|leroy.{1,4}zo", re.IGNORECASE)
ZOE = Contact(row=3, email="Zoe.Leroy@Example.com", first_name="Zoé", last_name="Leroy", extras=("06 12 34",))
JO = Contact(row=9, email="joe@example.com", first_name="Jo", extras=("see zoe.leroy@example.com",))
OTHERS = people(2)


def report() -> Report:
    return Report(
        rows=6, accepted=4, rejected=1, duplicates=1, extras=("Client",), kind="csv", sample=(OTHERS[0], ZOE),
        headers=(
            Column(title="E-mail", samples=("x@example.com", ZOE.email)),
            Column(title="Nom", samples=("Leroy",)),
        ),
        problems=(
            Problem(
                level=Level.REJECTED, cause="incomplete", count=1, rows=(7,), details=("zoe.leroy@example",)
            ),
            Problem(level=Level.WARNING, cause="names", count=1, rows=(3,), details=("Leroy Zoé",)),
        ),
    )  # fmt: skip


def staged(store: Store) -> Path:
    path = store.staging()
    found = [one.to_line() for one in (OTHERS[0], ZOE, OTHERS[1], JO)]
    found += [
        ["r", 7, "incomplete", "email", "zoe.leroy@example", ["zoe.leroy@example", "Leroy", "ZOE"], ""],
        ["d", 8, 3, "ZOE.LEROY@example.com", ["ZOE.LEROY@example.com", "Zoé", "Leroy"]],
        ["o", 3, "zoe.leroy@example.com", "oui"],
    ]
    path.write_bytes(lines.header("list") + lines.encode_all(found))
    return path


def fill(store: Store) -> None:
    kept = replace(contact_list(), report=report(), source_file="F1")
    first = store.lists.add(HOME, kept, staged(store))
    second = renewed(first, report(), later(hours=1))
    store.lists.renew(HOME, second, first.revision, staged(store))
    keep_list(store, contact_list("lst_other"))
    change = Change(name="Zoé Leroy", field="company", before="Nova", after="Orme")
    waiting = Waiting(
        list_id=ListId("lst_a"), title="Clients", count=4, created_at=later(), version=2,
        difference=Difference(changed=1, examples=(change,)),
    )  # fmt: skip
    asks = replace(contact_list("lst_waits"), report=report(), source_file="F2", waiting=waiting)
    store.lists.add(HOME, asks, staged(store))
    keep_campaign(store, draft("cmp_sent"), [OTHERS[0], ZOE, OTHERS[1], JO])
    scheduled = keep_campaign(store, draft("cmp_next"), [ZOE, *OTHERS])
    named = edit(scheduled, list_id=ListId("lst_a"), list_version=2, body=f"Ask {ADDRESS}.")
    store.campaigns.advance(HOME, replace(named, state=State.SCHEDULED), scheduled.revision, later(days=1))
    store.suppressions.add(HOME, suppression(ADDRESS))
    store.suppressions.add(HOME, suppression("bob@example.com"))
    asked = Question(kind=Asked.COLUMNS, report=replace(report(), sample=(), problems=()))
    store.inbox.receive(HOME, "Ev1", later(), [replace(dropped("F3"), question=asked)])
    store.outbox.owe(
        HOME,
        Owed(
            id="o1", workspace=HOME, member=ANNA, campaign=CampaignId("cmp_sent"), at=later(),
            said=sentence("web.sentence", name=f"to {ADDRESS}"),
        ),
    )  # fmt: skip
    store.people.change(HOME, ANNA, lambda _: member())
    store.lists.add(ELSEWHERE, contact_list(workspace=ELSEWHERE), staged_plain(store))
    store.beat(later())
    store.close()


def staged_plain(store: Store) -> Path:
    path = store.staging()
    path.write_bytes(lines.header("list") + lines.encode_all(one.to_line() for one in OTHERS))
    return path


def spoil(data: Path) -> None:
    """What a repair leaves beside: a copy with a line that does not read, and one of the document."""
    (kept, *_) = sorted(data.glob("lists/*lst_a.2.lines"))
    copy = kept.with_name(f"{kept.name}.damaged-20261101-100000")
    copy.write_bytes(kept.read_bytes() + b"00000000 [torn, zoe.leroy@example.com\n")
    (data / "postillon.json.damaged-20261101-100000").write_bytes((data / "postillon.json").read_bytes())


def traces(data: Path) -> list[str]:
    found = sorted(path for path in data.rglob("*") if path.is_file())
    return [path.name for path in found if TRACES.search(path.read_bytes())]


@pytest.fixture
def full(tiny: Place, tmp_path: Path) -> Path:
    fill(tiny.open())
    data = tmp_path / "data"
    spoil(data)
    assert len(traces(data)) >= 9
    return data


def erase(store: Store) -> None:
    erasure = store.erasing.begin(HOME, ADDRESS, ANNA, later(days=1))
    assert store.erasing.run(HOME, erasure)


def check_the_rest(store: Store, data: Path) -> None:
    assert traces(data) == []
    assert store.erasing.unfinished() == []
    kept = store.lists.get(HOME, ListId("lst_a"))
    assert (kept.count, kept.report.rejected, kept.report.duplicates, kept.report.rows) == (3, 0, 0, 3)
    assert [one.email for one in store.lists.contacts(HOME, kept.id)] == [
        OTHERS[0].email, OTHERS[1].email, JO.email,
    ]  # fmt: skip
    assert [one.email for one in kept.report.sample] == [OTHERS[0].email, OTHERS[1].email, JO.email]
    (before,) = kept.previous
    assert before.report.accepted == 3
    waits = store.lists.get(HOME, ListId("lst_waits")).waiting
    assert waits is not None
    assert (waits.version, waits.difference.examples) == (kept.version, ())
    next_one = store.campaigns.get(HOME, CampaignId("cmp_next"))
    assert next_one.list_version == kept.version
    (first, *rest) = [one for _, one in store.campaigns.recipients(HOME, next_one)]
    assert is_erased(first.email)
    assert (first.first_name, first.extras) == ("", ("",))
    assert rest == OTHERS
    sent = store.campaigns.get(HOME, CampaignId("cmp_sent"))
    assert [number for number, _ in store.campaigns.recipients(HOME, sent, [0, 2])] == [0, 2]
    suppressed = store.suppressions.among(HOME, [ADDRESS, "bob@example.com", first.email])
    assert {one.cause for one in suppressed.values()} == {Cause.UNSUBSCRIBED}
    assert len(suppressed) == 3
    known = [one.address for one in store.suppressions.all(HOME)]
    assert store.campaigns.among(HOME, next_one, known) == {first.email: 0}, "it will be left out"
    assert store.lists.get(ELSEWHERE, ListId("lst_a")).count == 2
    assert store.lists.get(HOME, ListId("lst_other")) == contact_list("lst_other")


def test_a_search_of_the_whole_folder_finds_nothing(full: Path, tiny: Place) -> None:
    store = tiny.open()
    erase(store)
    check_the_rest(store, full)
    (told,) = store.erasing.erasures()
    assert set(told.lists) == {"lst_a", "lst_waits"}
    assert set(told.campaigns) == {"cmp_sent", "cmp_next"}
    assert told.excluded
    check_the_rest(tiny.open(), full)


def test_a_second_time_changes_nothing(full: Path, tiny: Place) -> None:
    store = tiny.open()
    erase(store)
    before = store.lists.all(HOME)
    erase(store)
    assert store.lists.all(HOME) == before
    assert store.erasing.erasures()[1].lists == ()


@pytest.mark.parametrize("after", [False, True])
def test_who_is_killed_in_the_middle_is_finished(full: Path, tiny: Place, after: bool) -> None:
    """At every write and every removal, one after the other; each time over the same folder, full again."""
    tiny.close()
    before = {path: path.read_bytes() for path in full.rglob("*") if path.is_file()}
    killed = 0
    for step in count(1):
        for path in full.rglob("*"):
            if path.is_file() and path not in before:
                path.unlink()
        for path, content in before.items():
            path.write_bytes(content)
        child = run_eraser(tiny.url, step, after=after)
        if child.returncode == 0:
            break
        assert child.returncode == -signal.SIGKILL, child.stderr
        killed += 1
        store = tiny.open()
        for workspace, erasure in store.erasing.unfinished():
            assert store.erasing.run(workspace, erasure)
        if not store.erasing.erasures():
            assert step == 1, "it was killed before anything was promised"
        else:
            check_the_rest(store, full)
        tiny.close()
    assert killed > 8


def test_while_somebody_writes_them_down_it_is_not_over(tiny: Place, tmp_path: Path) -> None:
    store = tiny.open()
    keep_list(store, contact_list())
    path = staged(store)
    erasure = store.erasing.begin(HOME, ADDRESS, ANNA, later())
    assert not store.erasing.run(HOME, erasure)
    assert store.erasing.unfinished() == [(HOME, erasure)]
    store.lists.add(HOME, replace(contact_list("lst_new"), report=report()), path)
    assert store.erasing.run(HOME, erasure)
    assert traces(tmp_path / "data") == []
    assert store.lists.get(HOME, ListId("lst_new")).count == 3


def test_who_has_a_longer_address_is_somebody_else() -> None:
    person = Person(address="anna@example.com")
    for other in (
        "joanna@example.com",
        "anna@example.com.au",
        "x-anna@example.com",
        "anna@example.community",
    ):
        assert not person.is_in(other)
    for same in (
        "<ANNA@example.com>",
        "mailto:anna@example.com.",
        "'anna@example.com'",
        "?to=anna%40example.com",
    ):
        assert person.is_in(same)
        assert person.may_be_in(same.encode())


def test_what_sticks_to_an_address_does_not_hide_it() -> None:
    person = Person(address="anna@example.com")
    for text, left in (
        ("anna@example.com.csv", "….csv"),
        ("anna@example.com_2026.xlsx", "…_2026.xlsx"),
        ("ask anna@example.com-now", "ask …-now"),
        ("_anna@example.com_", "…"),
    ):
        assert person.is_in(text)
        assert person.may_be_in(text.encode())
        assert person.clean(text) == left
    for other in (
        "anna@example.com.csvs",
        "anna@example.com-shop.fr",
        "_anna@example.com",
        "x_anna@example.com",
    ):
        assert not person.is_in(other)


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("anna@example.com.csv", "….csv"), ("export_anna@example.com_2026.csv", "export_…_2026.csv"),
        ("2026-anna@example.com-clients.csv", "2026-…-clients.csv"),
        ("Clients.anna@example.com", "Clients.…"),
        ("joanna@example.com.csv", "joanna@example.com.csv"),
        ("anna@example.com.au.csv", "anna@example.com.au.csv"),
        ("anna@example.community.csv", "anna@example.community.csv"), ("clients.csv", "clients.csv"),
    ],
)  # fmt: skip
def test_of_what_a_file_is_named_rather_too_much_goes(name: str, left: str) -> None:
    assert Person(address="anna@example.com").clean_name(name) == left


def test_an_address_is_found_in_all_its_writings() -> None:
    person = Person(address="élise@xn--caf-dma.example")
    for same in (
        "Élise@CAFÉ.example",
        "élise@xn--caf-dma.example",
        "e\u0301lise@cafe\u0301.example",
        "?to=%C3%A9lise%40caf%C3%A9.example",
    ):
        assert person.is_in(same)
        assert person.may_be_in(same.encode())


def test_what_a_member_wrote_last_is_proposed_without_them(tiny: Place, tmp_path: Path) -> None:
    """Their own profile stays: who writes is no contact."""
    store = tiny.open()
    link = f"https://forms.example/s?email={ADDRESS}"
    wrote = replace(
        member(), email=ADDRESS, last_sender_address=ADDRESS, last_link=link,
        last_subjects=(("fr", f"Pour {ADDRESS}"),), last_bodies=(("fr", f"Écrivez à {ADDRESS}."),),
    )  # fmt: skip
    store.people.change(HOME, ANNA, lambda _: wrote)
    erase(store)
    kept = store.people.get(HOME, ANNA)
    assert kept is not None
    assert (kept.email, kept.last_sender_address, kept.last_link) == (ADDRESS, ADDRESS, "")
    assert (kept.last_subjects, kept.last_bodies) == ((("fr", "Pour …"),), (("fr", "Écrivez à …."),))


def test_a_file_that_is_asked_about_shows_nothing_of_their_row(tiny: Place) -> None:
    """Another address of theirs and the name stand beside the one that is known."""
    store = tiny.open()
    columns = (
        Column(title="E-mail pro", samples=(ADDRESS, "bob@example.com")),
        Column(title="E-mail perso", samples=("zoe.p@example.com", "b@example.com")),
        Column(title="Nom", samples=("Leroy", "Martin")),
    )
    asked = Question(kind=Asked.COLUMNS, report=replace(report(), sample=(), problems=(), headers=columns))
    named = replace(dropped("F3").file, name=f"export_{ADDRESS}_2026.csv")
    store.inbox.receive(HOME, "Ev1", later(), [replace(dropped("F3"), question=asked, file=named)])
    erase(store)
    (pending,) = store.inbox.pending(HOME)
    assert pending.file.name == "export_…_2026.csv"
    assert pending.question is not None
    assert [(one.title, one.samples) for one in pending.question.report.headers] == [
        ("E-mail pro", ()), ("E-mail perso", ()), ("Nom", ()),
    ]  # fmt: skip


def test_a_draft_asks_no_more_for_what_was_theirs_alone(tiny: Place) -> None:
    """Its condition stays: without it more people would get a letter."""
    store = tiny.open()
    first, second, *_ = (replace(one, company="Nova") for one in OTHERS)
    zoe = replace(ZOE, company="Cabinet Zoé Leroy")
    path = store.staging()
    path.write_bytes(lines.header("list") + lines.encode_all(one.to_line() for one in (first, zoe, second)))
    store.lists.add(HOME, contact_list(), path)
    where = (
        Condition(column="company", values=("Cabinet Zoé Leroy", "Nova")),
        Condition(column="location", values=("Zoé-les-Bains",)),
    )
    kept = keep_campaign(store, replace(draft(), selection=Selection(kind=Kind.FILTER, where=where)))
    erase(store)
    assert store.campaigns.get(HOME, kept.id).selection.where == (
        Condition(column="company", values=("…", "Nova")), where[1],
    )  # fmt: skip


def test_who_a_file_mistyped_goes_with_the_address_that_was_proposed(tiny: Place, tmp_path: Path) -> None:
    store = tiny.open()
    path = store.staging()
    cells = ["zoe.leroy@", "Leroy", "Zoé"]
    found = [OTHERS[0].to_line(), ["r", 7, "impossible", "email", "zoe.leroy@", cells, ADDRESS]]
    path.write_bytes(lines.header("list") + lines.encode_all(found))
    store.lists.add(HOME, replace(contact_list(), report=Report(rows=2, accepted=1, rejected=1)), path)
    erase(store)
    assert traces(tmp_path / "data") == []
    assert store.lists.get(HOME, ListId("lst_a")).report.rejected == 0
