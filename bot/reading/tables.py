"""A table as it stands in a file, before anything is made of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Row = tuple[int, list[str]]
"""The row as the spreadsheet numbers it, from 1, and its cells as shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """`rows` may be walked once; blank rows may be missing from it, numbers never shift.

    `broken`: rows whose quotes never close, filled while `rows` is walked. `patched`: letters that had
    to be read in another encoding than the file's own. `doubt`: a word that another encoding reads otherwise,
    with as much sense. `links`: the address behind a cell, by row from 1
    and column from 0.
    """

    rows: Iterator[Row]
    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    patched: int = 0
    doubt: str = ""
    broken: set[int] = field(default_factory=set)
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
