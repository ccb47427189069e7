"""From a file to its report and its line file, in the process that calls: the child's whole work."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from bot.core.contacts import Field
from bot.core.lists import Level, Problem, Report, Sheet
from bot.core.returns import ADDED, marked
from bot.core.sentences import Refusal, Sentence
from bot.reading.collecting import Collector
from bot.reading.columns import described
from bot.reading.header import SEARCHED, Header, find
from bot.reading.limits import Limits
from bot.reading.missing import incomplete, without_header
from bot.reading.problems import NAMED_ROWS, SHORT
from bot.reading.signatures import recognised
from bot.reading.staging import Staging
from bot.reading.tables import Row, Table
from bot.reading.text_files import open_text
from bot.reading.workbooks import CALAMINE, OPENPYXL, Unopened, sheets

_ADDRESS = re.compile(r"\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    path: Path
    name: str
    staging: Path
    limits: Limits
    engine: str = CALAMINE
    mapping: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """A table whose first rows were looked at; `rest` walks the rows after the header."""

    table: Table
    header: Header | None
    first: list[Row]

    @property
    def complete(self) -> bool:
        """It has all required columns, and somebody under them."""
        if self.header is None or self.header.missing:
            return False
        return self.first[-1][0] > self.header.row

    @property
    def promise(self) -> tuple[int, bool]:
        return (len(self.header.columns) if self.header else 0, bool(self.first))

    @property
    def has_people(self) -> bool:
        """Under a title that means address, or in several rows: one address may be whom to ask."""
        rows = [row for row, cells in self.first if any(_ADDRESS.fullmatch(cell) for cell in cells)]
        known = self.header is not None and Field.EMAIL in self.header.columns
        return len(rows) > (0 if known else 1)

    def rest(self) -> Iterator[Row]:
        after = self.header.row if self.header else 0
        return chain((row for row in self.first if row[0] > after), self.table.rows)

    def count(self) -> int:
        return sum(1 for _, cells in self.rest() if any(cells))


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
    return _collected(job, _started(job, open_text(job.path, job.name, job.limits)))


def _workbook(job: Job) -> Report:
    """openpyxl is asked where calamine fails, and where it sees nothing."""
    seen: Report | None = None
    for engine in [CALAMINE, OPENPYXL] if job.engine == CALAMINE else [OPENPYXL]:
        try:
            told = _by(engine, job)
            if told and not _is_empty(told):
                return told
            seen = seen or told
        except Unopened:
            continue
    if seen:
        return seen
    raise Refusal("reading.error.damaged", name=job.name)


def _is_empty(told: Report) -> bool:
    return told.error is not None and told.error.key == "reading.error.empty"


def _by(engine: str, job: Job) -> Report | None:
    """The sheet the person chose, else the first one with contacts, else the best start there is.

    None where the workbook shows no sheet at all to this library.
    """
    told: Report | None = None
    best: Start | None = None
    candidates: list[Sheet] = []
    unread: list[Sheet] = []
    try:
        for table in sheets(job.path, engine):
            start = _started(job, table)
            if start.complete and told is None and job.sheet in ("", table.sheet):
                told = _collected(job, start)
                candidates.append(Sheet(name=table.sheet, rows=told.rows))
            elif start.complete:
                candidates.append(Sheet(name=table.sheet, rows=start.count()))
            else:
                best = start if best is None or start.promise > best.promise else best
                if start.has_people:
                    unread.append(Sheet(name=table.sheet, rows=start.count()))
    except Unopened:
        if told is None:
            raise
    if told is None and candidates:  # the sheet that was chosen is gone: the first one, as ever
        return _by(engine, replace(job, sheet=""))
    if told is None:
        return _collected(job, best) if best else None
    told = _beside(told, unread)
    return replace(told, sheets=tuple(candidates)) if len(candidates) > 1 else told


def _beside(told: Report, unread: Sequence[Sheet]) -> Report:
    """Sheets that hold addresses but lack a column: they are no choice, nor passed over in silence."""
    if told.error or not unread:
        return told
    problem = Problem(
        level=Level.WARNING,
        cause="unread_sheet",
        count=len(unread),
        rows=(1,) * len(unread[:NAMED_ROWS]),
        details=tuple(f"{sheet.name} ({sheet.rows})" for sheet in unread[:NAMED_ROWS]),
    )
    return replace(told, problems=(*told.problems, problem))


def _started(job: Job, table: Table) -> Start:
    first = list(islice((row for row in table.rows if any(row[1])), SEARCHED))
    return Start(table=table, header=find(first, job.mapping), first=first)


def _collected(job: Job, start: Start) -> Report:
    header, table = start.header, start.table
    if not any(cell.strip() for _, cells in start.first for cell in cells):
        return Report(error=Refusal("reading.error.empty", name=job.name).sentence)
    if header is None:
        raise without_header(job.name, start.first)
    own = len(header.titles) - (ADDED if marked(header.titles) else 0)
    if own > job.limits.max_columns:
        raise Refusal(
            "reading.error.too_many_columns",
            name=job.name,
            limit=job.limits.max_columns,
            found=own,
        )
    if header.missing:
        return _described(job, start, header, Report(error=incomplete(job.name, header).sentence))
    extras = [header.titles[place] for place in header.extras]
    with Staging(job.staging, header.named(), extras) as staging:
        collector = Collector(table, header, staging, job.limits, job.name)
        collector.take_all(start.rest())
    if not collector.rows:
        raise Refusal("reading.error.header_only", name=job.name)
    return _described(job, start, header, _report(table, header, extras, collector))


def _described(job: Job, start: Start, header: Header, told: Report) -> Report:
    """With what a dialog about the columns is drawn from."""
    return replace(
        told,
        mapping=dict(job.mapping),
        columns=header.named(),
        headers=described(header, start.first),
        fingerprint=header.fingerprint,
        ambiguous=header.ambiguous,
        full_name="" if header.full_name is None else header.titles[header.full_name],
        language=header.language,
        header_row=header.row,
        kind=start.table.kind,
        encoding=start.table.encoding,
        delimiter=start.table.delimiter,
        sheet=start.table.sheet,
    )


def _report(table: Table, header: Header, extras: list[str], collector: Collector) -> Report:
    for used, *others in header.ambiguous.values():
        for title in others:
            detail = f"{used} | {title}"
            collector.problems.note(Level.WARNING, "same_meaning", header.row, detail[:SHORT])
    if table.doubt:
        collector.problems.note(Level.WARNING, "doubtful_encoding", header.row, table.doubt[:SHORT])
    if table.patched:
        collector.problems.note(Level.WARNING, "mixed_encoding", header.row, str(table.patched))
    return Report(
        rows=collector.rows,
        accepted=collector.accepted,
        rejected=collector.rejected,
        duplicates=collector.duplicates,
        problems=collector.problems.all(),
        extras=tuple(extras),
        sample=tuple(collector.sample),
        opt_outs=collector.refused.summary(),
    )
