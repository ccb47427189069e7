"""Lists compared and merged: the child says what the same work says here."""

from pathlib import Path

import pytest

from bot.core import lines
from bot.core.contacts import Contact
from bot.core.differences import Change, Difference
from bot.core.lists import Column, Level, Problem, Report
from bot.core.versions import Columns, Merged
from bot.ports import Unwritable
from bot.reading import ChildComparer, Limits, comparing

OLD = [("anna@a.example", "Anna", "Lyon"), ("bob@b.example", "Bob", "Nantes")]
NEW = [("Bob@b.example", "Bob", "Brest"), ("zoe@z.example", "Zoé", "Lille")]
NAMES = ("email", "first_name", "location")
REPORT = Report(
    rows=2, accepted=2, columns={name: name for name in NAMES},
    headers=tuple(Column(title=name) for name in NAMES),
)  # fmt: skip
COLUMNS = Columns.of(REPORT, REPORT)


@pytest.fixture(params=["here", "in a child"])
def comparer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ChildComparer:
    if request.param == "in a child":
        monkeypatch.setattr(comparing, "SMALL", 0)
    return ChildComparer()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return written(tmp_path / "old", OLD), written(tmp_path / "new", NEW)


def written(path: Path, people: list[tuple[str, str, str]]) -> Path:
    contacts = [
        Contact(row=row, email=email, first_name=first, location=city)
        for row, (email, first, city) in enumerate(people, start=2)
    ]
    wrong = ["r", 9, "incomplete_address", "email", path.name, [path.name, "Max"], ""]
    records = [*(contact.to_line() for contact in contacts), wrong]
    path.write_bytes(lines.header("list") + lines.encode_all(records))
    return path


def test_the_difference_is_told(comparer: ChildComparer, files: tuple[Path, Path]) -> None:
    told = Change(name="Bob", field="location", before="Nantes", after="Brest")
    assert comparer.compare(*files, COLUMNS) == Difference(
        added=1, changed=1, gone=1, examples=(told,), to_fix=1, settled=1
    )  # fmt: skip


def test_both_are_one_file(comparer: ChildComparer, files: tuple[Path, Path], tmp_path: Path) -> None:
    merged = comparer.merge(*files, COLUMNS, tmp_path / "both")
    with (tmp_path / "both").open("rb") as file:
        header, *records = lines.read(file)
    columns = {name: name for name in NAMES}
    assert header == ["h", {"format": 1, "kind": "list", "columns": columns, "extras": []}]
    people = [Contact.from_line(record) for record in records if record[0] == "c"]
    assert [(one.email, one.location) for one in people] == [
        ("anna@a.example", "Lyon"), ("bob@b.example", "Brest"), ("zoe@z.example", "Lille"),
    ]  # fmt: skip
    wrong = [record for record in records if record[0] == "r"]
    assert [(record[1], record[5]) for record in wrong] == [(9, ["new", "Max", ""])]
    told = Problem(level=Level.REJECTED, cause="incomplete_address", count=1, rows=(9,), details=("new",))
    assert merged == Merged(count=3, rejected=1, sample=tuple(people), problems=(told,))


def test_the_first_that_is_mostly_the_same_is_found(
    comparer: ChildComparer, files: tuple[Path, Path], tmp_path: Path
) -> None:
    old, new = files
    again = written(tmp_path / "again", [*OLD, ("max@m.example", "Max", "")])
    assert comparer.alike(again, [new, old]) == 1
    assert comparer.alike(new, [old]) is None


def test_a_disk_that_takes_nothing_is_said(comparer: ChildComparer, files: tuple[Path, Path]) -> None:
    with pytest.raises(Unwritable):
        comparer.merge(*files, COLUMNS, files[0].parent / "nowhere" / "both")


def test_a_child_that_hangs_is_given_up(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "SMALL", 0)
    monkeypatch.setattr(comparing, "_PROGRAM", "import threading; threading.Event().wait()")
    with pytest.raises(RuntimeError, match="time"):
        ChildComparer(Limits(seconds=0.3)).compare(*files, COLUMNS)
