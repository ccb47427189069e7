"""CSV and its cousins, block by block: a file of any size takes the memory of its longest record."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from bot.core.sentences import Refusal
from bot.reading.delimiters import VOTERS, announced, vote
from bot.reading.encodings import detect
from bot.reading.limits import Limits
from bot.reading.records import Records
from bot.reading.tables import Table

_BLOCK = 1 << 18  # characters


def open_text(path: Path, name: str, limits: Limits) -> Table:
    encoding = detect(path)
    blocks = _blocks(path, encoding.codec, encoding.errors, name, limits)
    head = next(blocks, "")
    first = head.split("\n", VOTERS)[:VOTERS]
    delimiter = announced(first[0])
    if delimiter:
        head = head.partition("\n")[2]  # Excel does not show this line, nor number it
    delimiter = delimiter or vote([line + "\n" for line in first if line])
    broken: set[int] = set()
    return Table(
        rows=Records(chain([head], blocks), delimiter, broken).walk(),
        kind="csv",
        encoding=encoding.name,
        delimiter=delimiter,
        patched=encoding.patched,
        doubt=encoding.doubt,
        broken=broken,
    )


def _blocks(path: Path, codec: str, errors: str, name: str, limits: Limits) -> Iterator[str]:
    """Whole lines, each ended by one line feed, whatever ended them in the file.

    A transfer's CR CR LF is one end, not two: blank lines make rows of their own.
    """
    with path.open(encoding=codec, errors=errors, newline="") as file:
        while block := file.read(_BLOCK):
            block += _line_end(file, block, limits.max_line)
            if "\r" in block:
                block = block.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
            if _longest(block, limits.max_line) >= limits.max_line:
                raise Refusal("reading.error.long_line", name=name, limit=limits.max_line)
            yield block if block.endswith("\n") else block + "\n"


def _line_end(file: TextIO, block: str, limit: int) -> str:
    """What is missing to the end of the block's last line; a CR may be half of an end."""
    more = ""
    if not block.endswith(("\n", "\r")):
        more = file.readline(limit)
    while (block + more)[-1] == "\r" and (next_one := file.read(1)):
        more += next_one
        if next_one not in "\r\n":
            more += file.readline(limit)
    return more


def _longest(block: str, limit: int) -> int:
    """Length of the longest line, where one can be too long at all."""
    return max(map(len, block.split("\n"))) if len(block) > limit else 0
