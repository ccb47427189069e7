"""From a file to its report and its line file, in the process that calls: the child's whole work."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from bot.core.lists import Level, Report
from bot.core.sentences import Refusal, Sentence
from bot.reading.collecting import SHORT, Collector
from bot.reading.header import SEARCHED, Header, find
from bot.reading.limits import Limits
from bot.reading.missing import incomplete, without_header
from bot.reading.signatures import recognised
from bot.reading.staging import Staging
from bot.reading.tables import Row, Table
from bot.reading.text_files import open_text
from bot.reading.workbooks import CALAMINE, OPENPYXL, Unopened, sheets


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    path: Path
    name: str
    staging: Path
    limits: Limits
    engine: str = CALAMINE


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """A table whose first rows were looked at; `rest` walks the rows after the header."""

    table: Table
    header: Header | None
    first: list[Row]

    def rest(self) -> Iterator[Row]:
        assert self.header is not None
        after = self.header.row
        return chain((row for row in self.first if row[0] > after), self.table.rows)


def report(job: Job) -> Report:
    """Never raises for what is in the file. Raises Unwritable for the staging file."""
    try:
        kind = recognised(job.path, job.name, job.limits)
        return _text(job) if kind == "csv" else _workbook(job)
    except Refusal as refusal:
        return Report(error=refusal.sentence)
    except MemoryError:
        return Report(error=Sentence("reading.error.too_heavy", {"name": job.name}))


def _text(job: Job) -> Report:
    return _collected(job, _started(open_text(job.path, job.name, job.limits)))


def _workbook(job: Job) -> Report:
    """openpyxl is asked where calamine fails, and where it sees nothing."""
    empty: Start | None = None
    for engine in [CALAMINE, OPENPYXL] if job.engine == CALAMINE else [OPENPYXL]:
        try:
            start = _first_with_contacts(job, engine)
            if start and start.first:
                return _collected(job, start)
            empty = empty or start
        except Unopened:
            continue
    raise Refusal("reading.error.empty" if empty else "reading.error.damaged", name=job.name)


def _first_with_contacts(job: Job, engine: str) -> Start | None:
    """The first sheet that names all required columns; else the best start there is.

    None where the workbook shows no sheet at all to this library.
    """
    best: Start | None = None
    for table in sheets(job.path, engine):
        start = _started(table)
        if start.header and not start.header.missing:
            return start
        if best is None or _promise(start) > _promise(best):
            best = start
    return best


def _promise(start: Start) -> tuple[int, bool]:
    return (len(start.header.columns) if start.header else 0, bool(start.first))


def _started(table: Table) -> Start:
    first = list(islice((row for row in table.rows if any(row[1])), SEARCHED))
    return Start(table=table, header=find(first), first=first)


def _collected(job: Job, start: Start) -> Report:
    header, table = start.header, start.table
    if not any(cell.strip() for _, cells in start.first for cell in cells):
        raise Refusal("reading.error.empty", name=job.name)
    if header is None:
        raise without_header(job.name, start.first)
    if header.missing:
        raise incomplete(job.name, header)
    if len(header.titles) > job.limits.max_columns:
        raise Refusal(
            "reading.error.too_many_columns",
            name=job.name,
            limit=job.limits.max_columns,
            found=len(header.titles),
        )
    extras = [header.titles[place] for place in header.extras]
    with Staging(job.staging, header.named(), extras) as staging:
        collector = Collector(table, header, staging, job.limits, job.name)
        for row, cells in start.rest():
            collector.take(row, cells)
    if not collector.rows:
        raise Refusal("reading.error.header_only", name=job.name)
    return _report(table, header, extras, collector)


def _report(table: Table, header: Header, extras: list[str], collector: Collector) -> Report:
    for title in header.repeated:
        collector.note(Level.WARNING, "same_meaning", header.row, title[:SHORT])
    if table.patched:
        collector.note(Level.WARNING, "mixed_encoding", header.row, str(table.patched))
    return Report(
        rows=collector.rows,
        accepted=collector.accepted,
        rejected=collector.rejected,
        duplicates=collector.duplicates,
        problems=collector.problems(),
        columns=header.named(),
        extras=tuple(extras),
        kind=table.kind,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        language=header.language,
        header_row=header.row,
        sample=tuple(collector.sample),
    )
