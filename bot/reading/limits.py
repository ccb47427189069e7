"""What the reader takes at most; each limit has its sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    max_rows: int = 1_000_000
    max_columns: int = 300
    max_cell: int = 32_767  # Excel's own limit, in UTF-16 units
    max_line: int = 4_000_000  # characters of one line of text
    max_unzipped: int = 1 << 30  # bytes a workbook may unfold to
    max_ratio: int = 250  # of unfolded to packed bytes; real sheets stay under 60
    max_staging: int = 2 << 30  # bytes of the line file
    memory: int = 384 << 20  # bytes a child may take beyond an empty one
    seconds: float = 60.0  # of the clock
    cpu_seconds: int = 50
    children: int = 2  # files read at the same time
