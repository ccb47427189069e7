"""The child process: what it may do, and what becomes of one that misbehaves."""

import os
import sys
import threading
from pathlib import Path

import pytest

from bot.core.people import Language
from bot.ports import Reader, Unwritable
from bot.reading import ChildReader, Limits
from bot.reading import reader as parent
from bot.texts import Say
from tests.fixtures import files
from tests.fixtures.reading import read, records_of

LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS holds on Linux alone")


def reads(tmp_path: Path, file: files.File, limits: Limits | None = None) -> tuple[object, Path]:
    reader: Reader = ChildReader(limits)
    (tmp_path / "file").write_bytes(file[1])
    return reader.read(tmp_path / "file", file[0], tmp_path / "staging"), tmp_path / "staging"


@pytest.mark.parametrize(
    "file", [files.french_excel_csv(), files.english_xlsx(), files.french_csv_with_mistakes()]
)
def test_the_child_says_what_the_same_work_says_here(tmp_path: Path, file: files.File) -> None:
    report, staging = reads(tmp_path, file)
    here = read(file[1], file[0])
    assert report == here.report
    assert records_of(staging) == here.records


def test_it_reads_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = ChildReader().read(_written(Path("here.csv")), "here.csv", Path("staging"))
    assert report.accepted == 3
    assert Path("staging").exists()


def test_the_child_is_told_what_the_person_chose(tmp_path: Path) -> None:
    rows = [("Correo", "Nombre", "Apellido"), ("a@b.fr", "Ana", "Ruiz")]
    english = [("Email", "First name", "Last name"), ("c@d.fr", "Bob", "Lee")]
    path = tmp_path / "file"
    path.write_bytes(files.sheets_bytes({"Uno": rows, "Two": english, "Three": english * 2}))
    choice = {"email": "Correo", "first_name": "Nombre", "last_name": "Apellido"}
    report = ChildReader().read(path, "c.xlsx", tmp_path / "staging", mapping=choice, sheet="Uno")
    assert (report.sheet, report.columns) == ("Uno", choice)
    assert report.sample[0].full_name() == "Ana Ruiz"
    other = ChildReader().read(path, "c.xlsx", tmp_path / "staging", sheet="Three")
    assert other.sheet == "Three"
    assert [(sheet.name, sheet.rows) for sheet in other.sheets] == [("Two", 1), ("Three", 2)]


def test_a_refused_file_leaves_no_staging_file(tmp_path: Path) -> None:
    report, staging = reads(tmp_path, files.many(50), Limits(max_rows=20))
    assert "20" in Say(Language.ENGLISH)(report.error)  # type: ignore[attr-defined]
    assert not staging.exists()


@LINUX_ONLY
def test_a_child_that_eats_memory_costs_one_sentence(tmp_path: Path) -> None:
    greedy = ("big.csv", files.many(5)[1] + b'"' + b"x\n" * 10 + b"," * 30_000_000)
    report, _ = reads(tmp_path, greedy, Limits(memory=40 << 20, max_line=1 << 30))
    assert report.error.key == "reading.error.too_heavy"  # type: ignore[attr-defined]


@LINUX_ONLY
def test_a_cell_at_the_far_end_kills_one_child_and_is_read_by_the_second(tmp_path: Path) -> None:
    rows = files.xlsx_bytes([files.FRENCH_HEADER, *files.FRENCH_PEOPLE])
    sheet = files.part(rows, "xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    content = files.repacked(rows, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", far)})
    report, staging = reads(tmp_path, ("far.xlsx", content))
    assert report.error is None  # type: ignore[attr-defined]
    assert (report.accepted, report.rejected) == (3, 1)  # type: ignore[attr-defined]
    assert [record[1] for record in records_of(staging)] == [2, 3, 4, 1_048_576]


def test_a_child_that_takes_too_long_costs_one_sentence(tmp_path: Path) -> None:
    report, staging = reads(tmp_path, files.many(10), Limits(seconds=0.001))
    assert report.error.key == "reading.error.too_heavy"  # type: ignore[attr-defined]
    assert not staging.exists()


@pytest.mark.parametrize(
    "program",
    ["import os; os.kill(os.getpid(), 9)", "print('no json')", 'print(\'{"report": {"rows": 5}}\')', ""],
)
def test_a_child_that_dies_or_raves_costs_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(parent, "_PROGRAM", program)
    report, _ = reads(tmp_path, files.english_csv())
    assert report.error.key.startswith("reading.error.")  # type: ignore[attr-defined]
    assert "customers.csv" in Say(Language.FRENCH)(report.error)  # type: ignore[attr-defined]


def test_a_disk_that_refuses_is_not_the_file_s_fault(tmp_path: Path) -> None:
    path = _written(tmp_path / "file")
    with pytest.raises(Unwritable):
        ChildReader().read(path, "clients.csv", tmp_path / "no such folder" / "staging")


def test_the_child_knows_no_secret_and_reaches_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.secret")
    spy = tmp_path / "seen"
    program = (
        "import sys, json, os, socket; sys.path[:] = json.loads(sys.argv[1]);"
        "from bot.reading.child import restrict; from bot.reading.limits import Limits; restrict(Limits())\n"
        "try:\n  socket.create_connection(('127.0.0.1', 9)); seen = 'network'\n"
        "except PermissionError: seen = 'refused'\n"
        f"open({str(spy)!r}, 'w').write(seen + ' ' + ' '.join(sorted(os.environ)) + ' in ' + os.getcwd())"
    )
    monkeypatch.setattr(parent, "_PROGRAM", program)
    reads(tmp_path, files.english_csv())
    seen = spy.read_text()
    assert seen.startswith("refused")
    assert "SENDGRID_API_KEY" not in seen
    assert not seen.endswith(os.getcwd())


def test_files_wait_for_their_turn(tmp_path: Path) -> None:
    reader = ChildReader(Limits(children=1))
    path = _written(tmp_path / "file")
    counts: list[int] = []

    def one(number: int) -> None:
        counts.append(reader.read(path, "clients.csv", tmp_path / f"staging{number}").accepted)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert counts == [3, 3, 3]


def _written(path: Path) -> Path:
    path.write_bytes(files.french_excel_csv()[1])
    return path
