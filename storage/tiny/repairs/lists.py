"""Lists: the lines that read are kept, and the record says how many people are left."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.core import lines
from bot.core.lists import ContactList, Report
from bot.core.sentences import Sentence, sentence
from storage.errors import Corrupted, Damage
from storage.tiny.repairs.troubles import Trouble, unreadable
from storage.tiny.rooms import Rooms
from storage.tiny.salvage import Salvage, put_aside, salvaged


def troubles(rooms: Rooms, kept: ContactList) -> Iterator[Trouble]:
    for number, path in rooms.lists.files(kept):
        try:
            salvage = salvaged(path, "list")
        except Corrupted:
            yield Trouble(
                path=path,
                what=sentence("storage.repair.list.missing", file=str(path), name=kept.title),
                cure=sentence("storage.repair.list.missing.cure"),
                grave=kept.is_there and number == kept.version,
            )
        except Damage as damage:
            yield unreadable(damage)
        else:
            if lost := _lost(salvage, _report(kept, number)):
                yield _damaged(rooms, kept, number, path, lost)


def _damaged(rooms: Rooms, kept: ContactList, number: int, path: Path, lost: int) -> Trouble:
    return Trouble(
        path=path,
        what=sentence("storage.repair.list", file=str(path), name=kept.title, n=lost),
        cure=sentence("storage.repair.list.cure"),
        plan=sentence("storage.repair.list.plan"),
        mend=partial(_mend, rooms, kept, number, path),
    )


def _lost(salvage: Salvage, report: Report) -> int:
    """Lines that do not read, and people whom the record counts and no line names."""
    return max(salvage.lost + salvage.torn, report.accepted - _people(salvage))


def _people(salvage: Salvage) -> int:
    return sum(record[0] == "c" for record in salvage.kept)


def _report(kept: ContactList, number: int) -> Report:
    if number == kept.version:
        return kept.report
    return next(one.report for one in kept.previous if one.number == number)


def _mend(rooms: Rooms, kept: ContactList, number: int, path: Path, now: datetime) -> Sentence:  # noqa: ARG001 - as every mend
    report = _report(kept, number)
    salvage = salvaged(path, "list")
    put_aside(rooms.folder, path)
    header = salvage.header or lines.header("list", columns=dict(report.columns), extras=list(report.extras))
    rooms.folder.write_whole(path, [header, *map(lines.encode, salvage.kept)])
    _recount(rooms, kept, number, _people(salvage))
    lost = _lost(salvage, report)
    return sentence("storage.repair.list.done", name=kept.title, n=lost, kept=_people(salvage))


def _recount(rooms: Rooms, kept: ContactList, number: int, people: int) -> None:
    report = _report(kept, number)
    gone = report.accepted - people
    if gone <= 0:
        return
    counted = replace(report, accepted=people, rows=report.rows - gone)
    known = rooms.lists.get(kept.workspace, kept.id)
    if number == kept.version:
        known = replace(known, report=counted)
    previous = tuple(replace(one, report=counted) if one.number == number else one for one in known.previous)
    changed = replace(known, previous=previous, revision=known.revision + 1)
    rooms.lists.save(kept.workspace, changed, known.revision)
