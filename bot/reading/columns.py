"""The columns of a file as a person is shown them: every title, and what stands under it."""

from collections.abc import Sequence

from bot.core.lists import Column
from bot.reading.header import Header
from bot.reading.tables import Row
from bot.reading.values import tidy

SAMPLES = 3
CUT = 60  # characters of a value


def described(header: Header, first: Sequence[Row]) -> tuple[Column, ...]:
    """`first`: the first rows of the table, those above the header included."""
    under = [tidy(cells) for number, cells in first if number > header.row]
    return tuple(
        Column(title=title, samples=_samples(under, place)) for place, title in enumerate(header.titles)
    )


def _samples(rows: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    """The first different values."""
    values = dict.fromkeys(row[place] for row in rows if place < len(row) and row[place])
    return tuple(value if len(value) <= CUT else value[: CUT - 1] + "…" for value in list(values)[:SAMPLES])
