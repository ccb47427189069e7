"""The rows to fix, as the file they came from: its columns, its order, its format; and five columns that say
what is wrong with each row, where, and what was probably meant.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from bot.core.contacts import Field
from bot.core.ids import ListId
from bot.core.lists import ContactList
from bot.core.people import Language
from bot.core.rejects import Layout, Rejected, mark
from bot.exports.file_names import file_name
from bot.exports.text_files import text_file
from bot.exports.workbooks import Flagged, workbook
from bot.ports import OutgoingFile
from bot.texts import Say

SHORT = 60  # characters of a value quoted in a sentence
SURPLUS = " | "  # between the cells that a row has too many


def rejects_file(contact_list: ContactList, rejected: Iterable[Rejected], language: Language) -> OutgoingFile:
    say, report = Say(language), contact_list.report
    layout = Layout.of(report)
    headers = [*layout.titles, *_titles(say, contact_list.id)]
    rows = (_row(say, layout, one) for one in rejected)
    name = say("repairs.file_name", title=contact_list.title)
    if report.encoding:  # of text files alone
        content = text_file(chain([headers], rows), language, report.delimiter)
        return OutgoingFile(name=file_name(name, "csv"), content=content)
    return OutgoingFile(name=file_name(name, "xlsx"), content=workbook(contact_list.title, headers, rows))


def _titles(say: Say, list_id: ListId) -> Iterator[str]:
    yield f"{say('repairs.column.line')} {mark(list_id)}"
    yield from (say(f"repairs.column.{name}") for name in ("field", "value", "error", "proposal"))


def _row(say: Say, layout: Layout, rejected: Rejected) -> list[str]:
    values, place = layout.values(rejected.cells), layout.place(rejected.column)
    if place is not None:
        values[place] = Flagged(values[place])
    title = _title(say, layout, rejected.column)
    return [
        *values, str(rejected.row), title, _standing(layout, rejected), _error(say, rejected, title),
        rejected.proposal,
    ]  # fmt: skip


def _title(say: Say, layout: Layout, column: str) -> str:
    """A list merged from several files may go by titles that these rows never had."""
    if layout.place(column) is None and column in list(Field):
        return say(f"reading.column.{column}")
    return layout.title(column)


def _standing(layout: Layout, rejected: Rejected) -> str:
    """What stands there; of a row with too many cells those that found no column."""
    if rejected.cause == "shifted":
        return SURPLUS.join(layout.beyond(rejected.cells))
    return rejected.written


def _error(say: Say, rejected: Rejected, title: str) -> str:
    value = rejected.written if len(rejected.written) <= SHORT else rejected.written[: SHORT - 1] + "…"
    return say(f"reading.row.{rejected.cause}", row=str(rejected.row), column=title, value=value)
