"""Who asked to be forgotten does not come back by a file: of whatever is read, their rows are left out."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bot import ports
from bot.core import lines
from bot.core.addresses import canonical, is_erased
from bot.core.erasing import Person, cleaned, report_without
from bot.core.ids import WorkspaceId
from bot.core.lists import Level, Problem, Report
from bot.core.tally import Tally

CAUSE = "forgotten"


def is_forgotten(store: ports.Store, workspace: WorkspaceId, address: str) -> bool:
    """Until somebody lifts it."""
    named = canonical(address)
    found = store.suppressions.among(workspace, [named]).get(named)
    return found is not None and is_erased(found.address)


def left_out(store: ports.Store, workspace: WorkspaceId, report: Report, staging: Path) -> Report:
    """The report of what is left in `staging`, which says how many asked for it, and nobody's name. Of a file
    that could not be read only the report is there."""
    if not any(is_erased(one.address) for one in store.suppressions.all(workspace)):
        return report
    if report.error is not None:
        return _unquoted(report, _people(store, workspace, _quoted(report)))
    people = _of_file(store, workspace, report, staging)
    if not people:
        return report
    kept, gone = _without(staging, people)
    tally = Tally()
    staging.write_bytes(kept[0] + lines.encode_all(tally.of(filter(None, map(lines.decode, kept[1:])))))
    counted = _unquoted(tally.report(report), people)
    told = Problem(level=Level.WARNING, cause=CAUSE, count=len(people))
    return replace(counted, problems=(*counted.problems, told)) if gone else counted


def _unquoted(report: Report, people: Iterable[Person]) -> Report:
    for person in people:
        report = report_without(report, person)
    return report


def _of_file(store: ports.Store, workspace: WorkspaceId, report: Report, staging: Path) -> list[Person]:
    """Those of the file, and whom a mistyped address was probably to be; what the file says of them finds
    them among its rows to fix."""
    with staging.open("rb") as file:
        found = {one for line in lines.read(file) for one in _addresses(line)}
    known = _people(store, workspace, [*found, *_quoted(report)])
    people = {person.address: person for person in known}
    if people:
        with staging.open("rb") as file:
            for line in lines.read(file):
                if line[0] == "c" and (person := people.get(canonical(str(line[2])))):
                    person.learn(line)
                elif line[0] == "r":
                    for one in known:
                        if one.is_theirs(line):
                            one.learn(line)
    return known


def _people(store: ports.Store, workspace: WorkspaceId, addresses: Iterable[str]) -> list[Person]:
    """Those of them who were forgotten."""
    known = store.suppressions.among(workspace, {canonical(one) for one in addresses})
    return [Person(address=address) for address, one in known.items() if is_erased(one.address)]


def _quoted(report: Report) -> Iterator[str]:
    """Addresses among what the report repeats of the file."""
    texts = [one for problem in report.problems for one in problem.details]
    texts += [one for column in report.headers for one in (column.title, *column.samples)]
    for text in texts:
        yield from (one for one in text.split() if "@" in one)


def _addresses(line: list[object]) -> Iterator[str]:
    match line:
        case ["c" | "o" | "u", _, str(email), *_]:
            yield email
        case ["d", _, _, str(email), *_]:
            yield email
        case ["r", _, _, _, _, list(cells), *offered]:
            yield from (str(one) for one in (*cells, *offered) if "@" in str(one))
        case _:
            return


def _without(staging: Path, people: Iterable[Person]) -> tuple[list[bytes], int]:
    """Header first."""
    kept: list[bytes] = []
    gone = 0
    for raw in staging.read_bytes().splitlines(keepends=True):
        left: bytes | None = raw
        for person in people:
            left = _left(left, person) if left else None
        gone += left is None
        kept += [left] if left else []
    return kept, gone


def _left(raw: bytes, person: Person) -> bytes | None:
    near = person.may_be_in(raw)
    if not near and not (person.names and raw.startswith(b'["r",', lines.BODY)):
        return raw
    line = lines.decode(raw)
    if line is None:
        return raw
    if person.is_theirs(line):
        return None
    return lines.encode(cleaned(line, person.clean)) if near else raw
