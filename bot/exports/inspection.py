"""What the bot would say of a file, as `inspect --json` prints it: a contract, fields are only ever added."""

from collections.abc import Iterable, Mapping
from typing import cast

from bot.core.contacts import Contact, Field
from bot.core.lists import Level, Problem, Report
from bot.texts import Say


def inspection(report: Report, lines: Iterable[list[object]], say: Say) -> dict[str, object]:
    """`lines` are the records of the staging file; none where the report has an error."""
    errors: list[str] = []
    doubles: list[str] = []
    contacts: list[dict[str, object]] = []
    for line in lines:
        match line[0]:
            case "c":
                contacts.append(_contact(Contact.from_line(line)))
            case "r":
                errors.append(rejection(line, report.columns, say))
            case "d":
                doubles.append(say("reading.row.duplicate", row=str(line[1]), kept=str(line[2])))
    return {
        "rows": report.rows,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "duplicates": report.duplicates,
        "error": say(report.error) if report.error else None,
        "errors": errors,
        "warnings": [*doubles, *_summaries(report, say)],
        "columns": dict(report.columns),
        "extras": list(report.extras),
        "kind": report.kind or None,
        "encoding": report.encoding or None,
        "delimiter": report.delimiter or None,
        "sheet": report.sheet or None,
        "header_row": None if report.error else report.header_row,
        "contacts": contacts,
    }


def rejection(line: list[object], columns: Mapping[str, str], say: Say) -> str:
    """One `r` line as a sentence: which row, what stands there, what to do."""
    row, cause, column, value = line[1:5]
    title = columns.get(str(column), str(column))
    return say(f"reading.row.{cause}", row=str(row), column=title, value=_cut(str(value)))


def _summaries(report: Report, say: Say) -> list[str]:
    kept = (Level.REPAIRED, Level.WARNING)
    return [_summary(problem, say) for problem in report.problems if problem.level in kept]


def _summary(problem: Problem, say: Say) -> str:
    numbers = [str(row) for row in problem.rows]
    rows = say.joined(numbers) + ("…" if problem.count > len(numbers) else "")
    what = say(f"reading.cause.{problem.cause}", n=problem.count)
    if problem.level is Level.REPAIRED or problem.cause == "same_meaning":
        what = f"{what} ({_cut(say.joined(problem.details[:3]), 120)})"
    return say("reading.where", rows=rows, n=len(numbers), what=what)


def _contact(contact: Contact) -> dict[str, object]:
    return {field.value: cast("object", contact.value(field)) for field in Field}


def _cut(value: str, length: int = 60) -> str:
    return value if len(value) <= length else value[: length - 1] + "…"
