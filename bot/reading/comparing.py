"""Long lists compared and merged in a process of their own, so that clicks are acknowledged meanwhile.

The child is told its job as JSON on standard input and answers with JSON on standard output. What it reads
are line files of our own, not strangers' files: it is here for the sake of the other threads, not of safety.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from bot.core import lines, merging, versions
from bot.core.contacts import Field
from bot.core.differences import Difference
from bot.core.headings import Heading
from bot.core.lists import Report
from bot.core.tally import Tally
from bot.core.versions import Columns, Merged
from bot.ports import Unwritable
from bot.reading import full_names
from bot.reading.limits import Limits
from bot.reading.processes import Lost, answered

SMALL = 400_000  # bytes of line files that are compared sooner than a process starts
LONGEST = 600.0  # seconds: ten times what two lists of a million take
_PROGRAM = "from bot.reading.comparing import main; main()"
Told = Mapping[str, object]


class ChildComparer:
    """`bot.ports.Comparer`. May be called from any thread."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits(seconds=LONGEST)
        from pydantic import TypeAdapter  # the child imports this module too, and is in a hurry

        self._difference, self._merged = TypeAdapter(Difference), TypeAdapter(Merged)

    def alike(self, fresh: Path, known: Sequence[Path]) -> int | None:
        found = self._done("alike", [fresh, *known])["place"]
        return found if isinstance(found, int) else None

    def compare(self, old: Path, new: Path, columns: Columns) -> Difference:
        told = self._done("compare", [old, new], columns=asdict(columns))
        return self._difference.validate_python(told)

    def merge(self, old: Path, new: Path, columns: Columns, to: Path) -> Merged:
        told = self._done("merge", [old, new], columns=asdict(columns), to=str(to))
        return self._merged.validate_python(told)

    def _done(self, task: str, files: Sequence[Path], **more: object) -> dict[str, object]:
        job = orjson.dumps({"task": task, "files": [str(file.absolute()) for file in files], **more})
        if sum(file.stat().st_size for file in files) <= SMALL:
            return _told(orjson.loads(orjson.dumps(answer(orjson.loads(job)))))
        try:
            said = answered(_PROGRAM, job, self._limits, time.monotonic() + self._limits.seconds)
        except Lost as lost:
            raise RuntimeError(f"comparing lists failed: {lost}") from None
        return _told(orjson.loads(said))


def _told(said: dict[str, object]) -> dict[str, object]:
    if "unwritable" in said:
        number, words = said["unwritable"], said["words"]
        raise Unwritable(number, words)
    return said


def main() -> None:
    sys.stdout.buffer.write(orjson.dumps(answer(orjson.loads(sys.stdin.buffer.read()))))


def answer(job: dict[str, object]) -> dict[str, object]:
    tasks: dict[str, Callable[[dict[str, object], list[Path]], dict[str, object]]]
    tasks = {"alike": _alike, "compare": _compare, "merge": _merge}
    files = job["files"]
    assert isinstance(files, list)
    return tasks[str(job["task"])](job, [Path(file) for file in files])


def _alike(_: Told, files: list[Path]) -> dict[str, object]:
    fresh, *known = files
    people = versions.addresses(_emails(fresh))
    for place, file in enumerate(known):
        if versions.are_mostly_the_same(people, versions.addresses(_emails(file))):
            return {"place": place}
    return {"place": None}


def _compare(job: Told, files: list[Path]) -> dict[str, object]:
    old, new = map(_lines, files)
    return asdict(merging.compare(old, new, _columns(job), full_names.split))


def _merge(job: Told, files: list[Path]) -> dict[str, object]:
    """The report of what was written, as far as it is not the new file's."""
    old, new = map(_lines, files)
    columns, tally = _columns(job), Tally()
    heading = columns.together.heading
    try:
        with Path(str(job["to"])).open("wb", buffering=1 << 18) as file:
            file.write(lines.header("list", columns=dict(heading.named), extras=list(heading.extras)))
            file.writelines(map(lines.encode, tally.of(merging.merge(old, new, columns, full_names.split))))
    except OSError as refused:
        return {"unwritable": refused.errno, "words": refused.strerror}
    told = tally.report(Report())
    merged = Merged(
        count=told.accepted, rejected=told.rejected, duplicates=told.duplicates, sample=told.sample,
        problems=told.problems,
    )  # fmt: skip
    return asdict(merged)


def _columns(job: Told) -> Columns:
    told = job["columns"]
    assert isinstance(told, dict)
    before, after = (_heading(told[name]) for name in ("before", "after"))
    lists = {name: tuple(told[name]) for name in ("old", "new", "more", "fewer")}
    return Columns(fields=tuple(map(Field, told["fields"])), before=before, after=after, **lists)


def _heading(told: dict[str, Any]) -> Heading:
    return Heading(**told | {"titles": tuple(told["titles"]), "extras": tuple(told["extras"])})


def _lines(file: Path) -> merging.Lines:
    """Without the header."""

    def read() -> Iterator[list[object]]:
        with file.open("rb") as content:
            yield from (line for line in lines.read(content) if line[0] != "h")

    return read


def _emails(file: Path) -> Iterable[str]:
    return (str(line[2]) for line in _lines(file)() if line[0] == "c")
