"""Why no table of contacts was seen, with what was found instead."""

from collections.abc import Sequence

from bot.core.contacts import Field
from bot.core.sentences import Refusal, Sentence, sentence
from bot.reading.header import Header
from bot.reading.tables import Row
from bot.reading.values import tidy

SHOWN = 8  # titles or cells
CUT = 40  # characters of each


def incomplete(name: str, header: Header) -> Refusal:
    found = listed(header.titles)
    return Refusal(
        "reading.error.missing",
        name=name,
        n=len(header.missing),
        columns=_enumerated(header.missing),
        row=str(header.row),
        found=found,
    )


def without_header(name: str, first: Sequence[Row]) -> Refusal:
    row, cells = first[0]
    return Refusal("reading.error.no_header", name=name, row=str(row), found=listed(tidy(cells)))


def listed(titles: Sequence[str]) -> str:
    shown = [title if len(title) <= CUT else title[: CUT - 1] + "…" for title in titles if title]
    return " · ".join(shown[:SHOWN]) + (" · …" if len(shown) > SHOWN else "")


def _enumerated(fields: Sequence[Field]) -> Sentence:
    names = [Sentence(f"reading.column.{field.value}") for field in fields]
    match names:
        case [only]:
            return only
        case [first, second]:
            return sentence("reading.columns.two", first=first, second=second)
        case _:
            return sentence("reading.columns.three", first=names[0], second=names[1], third=names[2])
