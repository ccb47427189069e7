"""Which sign separates the columns of a text file.

A vote over the first lines, aware of quotes: the sign under which the header is best known wins, then the
one under which rows have the same number of cells.
"""

import csv
from collections import Counter
from collections.abc import Sequence

from bot.reading.header import SEARCHED, known_names

CANDIDATES = (";", ",", "\t", "|")
VOTERS = 200  # lines


def vote(lines: Sequence[str]) -> str:
    """`,` also where nothing separates anything."""
    scores = {candidate: _score(lines, candidate) for candidate in CANDIDATES}
    best = max(CANDIDATES, key=lambda candidate: scores[candidate])
    return best if scores[best][1] else ","


def announced(line: str) -> str:
    """The sign of an Excel first line `sep=;`, or ""."""
    word = line.strip().strip('"')
    return word[4:5] if word[:4].lower() == "sep=" and len(word) == 5 else ""


def _score(lines: Sequence[str], delimiter: str) -> tuple[int, bool, float, int]:
    split = _split(lines, delimiter)
    rows = [row for row in split if any(row)] or split
    if not rows:
        return (0, False, 0.0, 0)
    [(width, same)] = Counter(map(len, rows)).most_common(1)
    known = max(known_names(row) for row in rows[:SEARCHED])
    return (known, max(map(len, rows)) > 1, same / len(rows) if width > 1 else 0.0, width)


def _split(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:  # a cell beyond all measure: its row will be named later
        return [line.rstrip("\r\n").split(delimiter) for line in lines]
