"""How long reading takes, side by side with the libraries alone: `python -m tests.benchmarks.reading`.

Ours is everything from the file to the stored list and its preview record: the child's start, every
address judged, the line file on the disk. The others only read to Python lists (pandas also judges each
address with email-validator; it is installed by the extra `bench`). Rounds are interleaved, so that a busy
moment of the machine falls on all of them; medians are shown, of the clock and of the processor (children
included). Every company of the made-up people has a domain of its own and twenty people.
"""

import argparse
import csv
import gc
import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.lists import ContactList
from bot.reading import ChildReader, Limits
from bot.reading.reports import Job, report
from storage import open_store

HEADER = ("Email", "Prénom", "Nom", "Entreprise", "Ville", "Fonction")
FIRST = ("Claire", "Noël", "Zoé", "Jean-Pierre", "Anaïs", "Bob", "Léa", "François")
LAST = ("Martin", "Lefèvre", "O'Brien", "de La Tour", "Garçon", "Smith", "Nguyen", "L’Hôte")
WORK = WorkspaceId("T1")
Contender = Callable[[], object]


def people(count: int) -> list[tuple[str, ...]]:
    return [
        (
            f"person{number}.{number % 97}@company{number // 20}.example.com",
            FIRST[number % 8],
            f"{LAST[number // 8 % 8]} {number}",
            f"Société {number % 500}",
            "Saint-Étienne" if number % 3 else "Lyon",
            "Directrice d'agence",
        )
        for number in range(count)
    ]


def csv_file(folder: Path, count: int) -> Path:
    path = folder / f"{count}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *people(count)])
    return path


def xlsx_file(folder: Path, count: int) -> Path:
    path = folder / f"{count}.xlsx"
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Contacts")
    for row in (HEADER, *people(count)):
        sheet.append(row)
    workbook.save(path)
    return path


class Ours:
    """From the bytes to a stored list: what an import does between the download and the message."""

    def __init__(self, folder: Path) -> None:
        self._store = open_store(f"tinydb:{folder / 'data'}")
        self._reader = ChildReader()
        self._count = 0

    def __call__(self, path: Path) -> ContactList:
        staging = self._store.staging()
        report = self._reader.read(path, path.name, staging)
        assert report.error is None
        self._count += 1
        kept = ContactList(
            workspace=WORK,
            id=ListId(f"L{self._count}"),
            owner=MemberId("U1"),
            title=path.stem,
            report=report,
            created_at=datetime.now(UTC),
            source_file=f"F{self._count}",
        )
        return self._store.lists.add(WORK, kept, staging)

    def close(self) -> None:
        self._store.close()


def with_csv(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return len(list(csv.reader(file, delimiter=";")))


def with_calamine(path: Path) -> int:
    with CalamineWorkbook.from_path(path) as workbook:
        return len(workbook.get_sheet_by_index(0).to_python())


def with_openpyxl(path: Path) -> int:
    sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    return sum(1 for _ in sheet.iter_rows(values_only=True))


def with_pandas(path: Path) -> int:
    import pandas
    from email_validator import EmailNotValidError, validate_email

    frame = pandas.read_csv(path, sep=";", dtype=str) if path.suffix == ".csv" else pandas.read_excel(path)
    good = 0
    for address in frame["Email"]:
        try:
            validate_email(str(address), check_deliverability=False)
        except EmailNotValidError:
            continue
        good += 1
    return good


def medians(contenders: dict[str, Contender], rounds: int) -> dict[str, tuple[float, float]]:
    """Seconds of the clock, and of the processor."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name, contender in contenders.items():
            if name.startswith("pandas") and number:
                continue  # once is enough to see how far away it is
            taken[name].append(_timed(contender))
    return {name: _median(times) for name, times in taken.items()}


def _median(times: list[tuple[float, float]]) -> tuple[float, float]:
    clock, processor = zip(*times, strict=True)
    return statistics.median(clock), statistics.median(processor)


def _timed(contender: Contender) -> tuple[float, float]:
    start, worked = time.perf_counter(), _processor()
    contender()
    return time.perf_counter() - start, _processor() - worked


def _processor() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def side_by_side(folder: Path, count: int, rounds: int) -> None:
    ours, text, book = Ours(folder), csv_file(folder, count), xlsx_file(folder, count)
    contenders: dict[str, Contender] = {
        "CSV, ours": lambda: ours(text),
        "CSV, list(csv.reader)": lambda: with_csv(text),
        "XLSX, ours": lambda: ours(book),
        "XLSX, calamine alone": lambda: with_calamine(book),
        "XLSX, openpyxl reading": lambda: with_openpyxl(book),
    }
    if importlib.util.find_spec("pandas"):
        contenders["pandas, CSV"] = lambda: with_pandas(text)
        contenders["pandas, XLSX"] = lambda: with_pandas(book)
    took = medians(contenders, rounds)
    ours.close()
    print(f"\n{count:,} rows x 6, medians of {rounds} rounds")
    for name, (clock, processor) in took.items():
        print(f"  {name:<28}{clock:8.2f} s   processor {processor:6.2f} s")
    compared = [
        ("CSV, ours", "CSV, list(csv.reader)", 4, True),
        ("XLSX, ours", "XLSX, calamine alone", 3, True),
        ("XLSX, openpyxl reading", "XLSX, ours", 2, False),
    ]
    if "pandas, CSV" in took:
        compared += [("pandas, CSV", "CSV, ours", 1, False), ("pandas, XLSX", "XLSX, ours", 1, False)]
    else:
        print("  pandas is not installed (the extra `bench`): not compared")
    for one, other, aim, most in compared:
        for place, measure in enumerate(("clock", "processor")):
            ratio = took[one][place] / took[other][place]
            verdict(f"{one} / {other}, {measure}", ratio, aim, most=most)


def verdict(what: str, ratio: float, aim: float, *, most: bool) -> None:
    met = ratio <= aim if most else ratio >= aim
    print(f"  {what:<58}{ratio:6.2f} x   {'at most' if most else 'at least'} {aim} {'' if met else 'MISSED'}")


def by_size(folder: Path) -> None:
    """What a row costs in the child's own work. The start of the process, the same for every file, is not
    in it: it is some thirty times what a thousand rows take, and its chances would hide them."""
    gc.disable()  # as the child does
    sizes = (1_000, 10_000, 100_000, 500_000)
    for make in (csv_file, xlsx_file):
        suffix = make(folder, 1).suffix
        print(f"\n{suffix}: processor time of reading, without the start of the child")
        costs: list[float] = []
        for count in sizes:
            path = make(folder, count)
            work = partial(report, Job(path=path, name=path.name, staging=folder / "lines", limits=Limits()))
            rounds = max(3, min(30, 100_000 // count))
            seconds = statistics.median(_timed(work)[1] for _ in range(rounds))
            costs.append(seconds / count * 1e6)
            print(f"  {count:>8,} rows {seconds:8.3f} s {costs[-1]:8.2f} us a row")
        verdict("dearest / cheapest row", max(costs) / min(costs), 1.5, most=True)


def memory(folder: Path, count: int) -> None:
    """In a process of its own, which has read a small file before: what it grows by, and its child's peak."""
    for make in (csv_file, xlsx_file):
        command = [sys.executable, "-m", "tests.benchmarks.reading", "--memory-of", str(make(folder, count))]
        told = subprocess.run(command, capture_output=True, check=True, text=True)  # our own words
        grown, child = (int(number) for number in told.stdout.split())
        print(f"\n{make(folder, 1).suffix}, {count:,} rows: the bot grows by {grown} MB (less than 60),")
        print(f"  the child's peak is {child} MB (384 MB beyond an empty one at most)")


def memory_of(path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = Ours(folder)
        ours(csv_file(folder, 10))
        before = _resident()
        ours(path)
        grown = max(_resident() - before, 0)
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        ours.close()
        print(grown >> 20, child >> 10)


def _resident() -> int:
    """Bytes: the highest ever, so that nothing given back in between is missed (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) << 10
    raise RuntimeError("this system does not tell")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    told = options.parse_args()
    if told.memory_of:
        return memory_of(told.memory_of)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        side_by_side(folder, told.rows, told.rounds)
        by_size(folder)
        memory(folder, 500_000)
    return None


if __name__ == "__main__":
    main()
