"""Questionnaires' exports, in the same limited child as contact files: of every row what may be a code of
ours, its addresses, and whether its questionnaire was finished. Nothing else of a row leaves the child.

LimeSurvey tells when an answer was submitted, Typeform of what type it is, SurveyMonkey and others its
status. What a tool's column does not say for sure counts as finished.
"""

import gc
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import orjson

from bot.core.answer_posts import in_text
from bot.core.answered import Addresses, Export
from bot.core.answered import Row as Told
from bot.core.answered import Sheet as Seen
from bot.core.contacts import Field
from bot.core.sentences import Refusal, Sentence
from bot.ports import Unwritable
from bot.reading.child import restrict
from bot.reading.header import SEARCHED, SEARCHED_COLUMNS
from bot.reading.limits import Limits
from bot.reading.names import folded, known
from bot.reading.reports import Job
from bot.reading.signatures import recognised
from bot.reading.staging import Staging
from bot.reading.tables import Row, Table
from bot.reading.text_files import open_text
from bot.reading.values import tidy
from bot.reading.workbooks import CALAMINE, OPENPYXL, Unopened, sheets

TITLE = 60  # characters kept of one
_CODE = re.compile(r"a[A-Za-z0-9_-]{22}")
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+\.[^\s@<>(),;:\"\[\]]{2,}")
# titles, as `names.folded`; a blank under one of the first says that nobody submitted the row
_DATES = frozenset(map(folded, (
    "submitdate", "Date submitted", "Date de soumission", "Submit date", "Submit Date (UTC)", "Submitted at",
    "Completion time", "Heure de fin",
)))  # fmt: skip
_STATES = frozenset(map(folded, (
    "Response type", "Response status", "Status", "Statut", "Finished", "Terminé", "Completed", "Complete",
    "Is completed", "Type de réponse", "État",
)))  # fmt: skip
_UNFINISHED = frozenset(map(folded, (
    "partial", "partially completed", "partiel", "partielle", "incomplete", "incomplet", "incomplète",
    "not completed", "in progress", "en cours", "started", "commencé", "abandoned", "abandonné",
)))  # fmt: skip
# under these alone a plain "no" speaks of the questionnaire, and not of an answer to a question
_YES_OR_NO = frozenset(map(folded, ("Finished", "Terminé", "Is completed")))
_NO = frozenset({"false", "faux", "0", "no", "non"})


def main() -> None:
    gc.disable()  # a short life, as `child`'s
    told = orjson.loads(sys.stdin.buffer.read())
    limits = replace(Limits(), **told["limits"])
    job = Job(
        path=Path(told["path"]), name=told["name"], staging=Path(told["staging"]), limits=limits,
        engine=told["engine"],
    )  # fmt: skip
    restrict(limits)
    sys.stdout.buffer.write(orjson.dumps(answer(job)))
    sys.stdout.buffer.flush()
    os._exit(0)


def answer(job: Job) -> dict[str, object]:
    try:
        return {"export": export(job)}
    except Unwritable as problem:
        return {"unwritable": problem.errno}
    except Exception as problem:  # where it broke only: its words may quote the file
        return {"crash": type(problem).__name__}


def export(job: Job) -> Export:
    """Never raises for what is in the file. Raises Unwritable for the staging file."""
    try:
        if recognised(job.path, job.name, job.limits) == "csv":
            return _scanned(job, [open_text(job.path, job.name, job.limits)])
        return _workbook(job)
    except Refusal as refusal:
        return Export(error=refusal.sentence)
    except MemoryError:
        return Export(error=Sentence("reading.error.too_heavy", {"name": job.name}))


def _workbook(job: Job) -> Export:
    """openpyxl is asked where calamine fails, and where it sees nothing."""
    for engine in [CALAMINE, OPENPYXL] if job.engine == CALAMINE else [OPENPYXL]:
        try:
            found = _scanned(job, sheets(job.path, engine))
        except Unopened:
            continue
        if any(one.rows for one in found.sheets):
            return found
    raise Refusal("reading.error.damaged", name=job.name)


def _scanned(job: Job, tables: Iterable[Table]) -> Export:
    seen = []
    with Staging(job.staging, {}, []) as staging:
        for number, table in enumerate(tables):
            scan = Scan(number, table, job)
            for told in scan.rows():
                staging.add(told.to_line())
            seen.append(scan.seen())
    return Export(sheets=tuple(seen))


class Scan:
    """One table, row by row."""

    def __init__(self, number: int, table: Table, job: Job) -> None:
        self._number, self._table, self._job = number, table, job
        self._count = self._coded = 0
        self._addresses = Counter[int]()
        filled = (row for row in table.rows if any(row[1]))
        first = list(islice(filled, SEARCHED))
        start = _header(first)
        self._titles = tidy(first[start][1][:SEARCHED_COLUMNS]) if start is not None else []
        after = first[start + 1 :] if start is not None else first
        if after and start is not None and _are_titles_too(after[0][1]):
            after = after[1:]
        self._rest = chain(after, filled)
        names = [folded(title) for title in self._titles]
        self._dates = [place for place, name in enumerate(names) if _is_date(name)]
        self._states = [(place, name) for place, name in enumerate(names) if name in _STATES]

    def rows(self) -> Iterator[Told]:
        for _, cells in self._rest:
            self._count += 1
            if self._count > self._job.limits.max_rows:
                limit = self._job.limits.max_rows
                raise Refusal("reading.error.too_many_rows", name=self._job.name, limit=limit)
            yield self._told(cells)

    def _told(self, cells: Sequence[str]) -> Told:
        joined = "\n".join(cells)
        codes = tuple(dict.fromkeys(in_text(joined))) if _CODE.search(joined) or "%" in joined else ()
        addresses = tuple(_addresses(cells)) if "@" in joined else ()
        self._coded += bool(codes)
        self._addresses.update(place for place, _ in addresses)
        return Told(
            sheet=self._number, codes=codes, addresses=addresses, is_finished=self._is_finished(cells)
        )

    def _is_finished(self, cells: Sequence[str]) -> bool:
        for place in self._dates:
            if place >= len(cells) or not cells[place].strip():
                return False
        for place, name in self._states:
            value = folded(cells[place]) if place < len(cells) else ""
            if value in _UNFINISHED or (value in _NO and name in _YES_OR_NO):
                return False
        return True

    def seen(self) -> Seen:
        columns = (self._column(place, count) for place, count in sorted(self._addresses.items()))
        return Seen(name=self._table.sheet, rows=self._count, coded=self._coded, addresses=tuple(columns))

    def _column(self, place: int, count: int) -> Addresses:
        title = self._titles[place] if place < len(self._titles) else ""
        name = known(title)
        is_named = name is not None and name.meaning is Field.EMAIL
        return Addresses(place=place, title=title[:TITLE], count=count, is_named=is_named)


def _header(first: Sequence[Row]) -> int | None:
    """The first row of words; None where data stand at the very top."""
    for place, (_, cells) in enumerate(first):
        if any("@" in cell for cell in cells) or _CODE.search(" ".join(cells)):
            return None
        if sum(1 for cell in cells if cell.strip()) > 1 or place + 1 == len(first):
            return place
        if len(first[place + 1][1]) == len(cells) == 1:
            return place
    return None


def _are_titles_too(cells: Sequence[str]) -> bool:
    """SurveyMonkey puts the choices of each question below it: words, and no number, date or address."""
    joined = "".join(cells)
    return not any(letter.isdigit() or letter == "@" for letter in joined) and not cells[0].strip()


def _is_date(name: str) -> bool:
    """LimeSurvey may put the question's code before its title."""
    return name in _DATES or name.startswith("submitdate")


def _addresses(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(cells[:SEARCHED_COLUMNS]):
        if "@" in cell and (found := _ADDRESS.search(cell)):
            yield place, found[0].removeprefix("mailto:")
