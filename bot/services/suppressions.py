"""People who must not be written to: those a file marks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot import ports
from bot.core import lines
from bot.core.addresses import canonical
from bot.core.ids import WorkspaceId
from bot.core.lists import Exclude, OptOuts, Report
from bot.core.people import Member
from bot.core.suppressions import Cause, Suppression
from bot.services.log import note


@dataclass(frozen=True, kw_only=True)
class Suppressions:
    store: ports.Store
    clock: ports.Clock

    def still_marked(self, workspace: WorkspaceId, report: Report, staging: Path) -> Report:
        """The report with the marks of those who are not excluded already: nobody is asked twice about
        the same people."""
        told = report.opt_outs
        if told is None or not (told.count or told.doubtful):
            return report
        count = self._open(workspace, staging, "o")
        doubtful = self._open(workspace, staging, "u")
        unknown = told.unknown if doubtful else ()
        fresh = OptOuts(count=count, columns=told.columns, doubtful=doubtful, unknown=unknown)
        return replace(report, opt_outs=fresh)

    def told(self, workspace: WorkspaceId, report: Report, staging: Path, answer: Exclude | None) -> Report:
        """The report of a list whose lines stand in `staging`, as things are: those whom the answer excluded
        are counted whole, of the others only who is not excluded all the same."""
        told = report.opt_outs
        if told is None:
            return report
        marked = {canonical(address) for address in _marked(staging, {"o"})}
        doubtful = {canonical(address) for address in _marked(staging, {"u"})} - marked
        if answer in (None, Exclude.NOBODY):
            marked -= set(self.store.suppressions.among(workspace, marked))
        if answer is not Exclude.DOUBTFUL:
            doubtful -= set(self.store.suppressions.among(workspace, doubtful))
        unknown = told.unknown if doubtful else ()
        fresh = replace(told, count=len(marked), doubtful=len(doubtful), unknown=unknown)
        return replace(report, opt_outs=fresh)

    def _open(self, workspace: WorkspaceId, staging: Path, kind: str) -> int:
        addresses = {canonical(address) for address in _marked(staging, {kind})}
        return len(addresses) - len(self.store.suppressions.among(workspace, addresses))

    def exclude(self, member: Member, origin: str, staging: Path, answer: Exclude) -> int:
        """How many more are excluded, for the whole workspace. `origin`: the list they are marked in."""
        if answer is Exclude.NOBODY:
            return 0
        kinds = {"o"} if answer is Exclude.MARKED else {"o", "u"}
        now = self.clock.now()
        count = self.store.suppressions.add_all(
            member.workspace,
            (
                Suppression(address=canonical(address), cause=Cause.OBJECTED, at=now, origin=origin)
                for address in _marked(staging, kinds)
            ),
        )
        if count:
            note(self.store, now, member, "excluded", origin, people=count)
        return count


def _marked(staging: Path, kinds: set[str]) -> Iterator[str]:
    """The addresses of a line file's marks: `["o" or "u", row, email, value]`."""
    with staging.open("rb") as file:
        for line in lines.read(file):
            if str(line[0]) in kinds:
                yield str(line[2])
