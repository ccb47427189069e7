"""What the bot would say of a file, as `inspect --json` prints it: a contract, fields are only ever added."""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from bot.core.contacts import Contact, Field
from bot.core.lists import Level, Problem, Report
from bot.core.sentences import Sentence
from bot.texts import Say

# causes of a warning that say little without what stands there
_SHOWN = frozenset(
    {"same_meaning", "split_name", "misspelt_domain", "role_address", "error_cell", "second_table",
     "other_table", "unread_sheet", "doubtful_encoding"}
)  # fmt: skip


def inspection(report: Report, lines: Iterable[list[object]], say: Say) -> dict[str, object]:
    """`lines` are the records of the staging file; none where the report has an error."""
    errors: list[str] = []
    doubles: list[str] = []
    contacts: list[dict[str, object]] = []
    marked: list[dict[str, object]] = []
    for line in lines:
        match line[0]:
            case "c":
                contacts.append(_contact(Contact.from_line(line)))
            case "r":
                errors.append(rejection(line, report.columns, say))
            case "d":
                doubles.append(say("reading.row.duplicate", row=str(line[1]), kept=str(line[2])))
            case "o" | "u":
                marked.append(_marked(line))
    return {
        "rows": report.rows,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "duplicates": report.duplicates,
        "error": say(report.error) if report.error else None,
        "errors": errors,
        "warnings": [*doubles, *_summaries(report, say), *questions(report, say)],
        "columns": dict(report.columns),
        "extras": list(report.extras),
        "kind": report.kind or None,
        "encoding": report.encoding or None,
        "delimiter": report.delimiter or None,
        "sheet": report.sheet or None,
        "header_row": None if report.error else report.header_row,
        "headers": [{"title": column.title, "samples": list(column.samples)} for column in report.headers],
        "fingerprint": report.fingerprint or None,
        "ambiguous": {name: list(titles) for name, titles in report.ambiguous.items()},
        "sheets": [{"name": sheet.name, "rows": sheet.rows} for sheet in report.sheets],
        "opt_outs": _opt_outs(report),
        "marked": marked,
        "contacts": contacts,
    }


def rejection(line: list[object], columns: Mapping[str, str], say: Say) -> str:
    """One `r` line as a sentence: which row, what stands there, what to do, what was probably meant."""
    row, cause, column, value = line[1:5]
    title = columns.get(str(column), str(column))
    said = say(f"reading.row.{cause}", row=str(row), column=title, value=_cut(str(value)))
    offered = str(line[6]) if len(line) > 6 else ""
    return say("reading.proposal", said=said, proposal=offered) if offered else said


def questions(report: Report, say: Say) -> Iterator[str]:
    """What only the person knows: which column, which sheet, who said no."""
    for name, titles in report.ambiguous.items():
        field = say(Sentence(f"reading.column.{name}"))
        yield say("reading.ambiguous", field=field, headers=say.joined(titles), used=titles[0])
    if report.sheets:
        named = [say("reading.sheet", name=sheet.name, n=sheet.rows) for sheet in report.sheets]
        yield say("reading.sheets", sheets=say.joined(named), used=report.sheet)
    if (told := report.opt_outs) is None:
        return
    columns = say.joined(told.columns)
    if told.count:
        yield say("reading.opt_outs", n=told.count, columns=columns)
    if told.doubtful:
        yield say("reading.doubtful", n=told.doubtful, columns=columns, values=say.joined(told.unknown))


def _summaries(report: Report, say: Say) -> list[str]:
    kept = (Level.REPAIRED, Level.WARNING)
    return [_summary(problem, say) for problem in report.problems if problem.level in kept]


def _summary(problem: Problem, say: Say) -> str:
    numbers = [str(row) for row in problem.rows]
    rows = say.joined(numbers) + ("…" if problem.count > len(numbers) else "")
    what = say(f"reading.cause.{problem.cause}", n=problem.count)
    if problem.level is Level.REPAIRED or problem.cause in _SHOWN:
        what = f"{what} ({_cut(say.joined(problem.details[:3]), 120)})"
    return say("reading.where", rows=rows, n=len(numbers), what=what)


def _opt_outs(report: Report) -> dict[str, object] | None:
    told = report.opt_outs
    if told is None:
        return None
    return {
        "count": told.count,
        "columns": list(told.columns),
        "doubtful": told.doubtful,
        "unknown": list(told.unknown),
    }


def _marked(line: list[object]) -> dict[str, object]:
    return {"row": line[1], "email": line[2], "value": line[3], "understood": line[0] == "o"}


def _contact(contact: Contact) -> dict[str, object]:
    return {field.value: cast("object", contact.value(field)) for field in Field}


def _cut(value: str, length: int = 60) -> str:
    return value if len(value) <= length else value[: length - 1] + "…"
