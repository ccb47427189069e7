"""The line file a list will be made of: storage only renames it."""

import os
from pathlib import Path
from types import TracebackType

import orjson

from bot.core.lines import encode, header
from bot.ports import Unwritable
from bot.reading.values import clean

_BATCH = 4_096  # records


class Staging:
    """Raises Unwritable where the disk does not take it; durable once left without an error."""

    def __init__(self, path: Path, columns: dict[str, str], extras: list[str]) -> None:
        self._path = path
        self._lines = [header("list", columns=columns, extras=extras)]

    def __enter__(self) -> "Staging":
        try:
            self._file = self._path.open("wb")
        except OSError as problem:
            raise Unwritable(problem.errno, problem.strerror) from problem
        return self

    def add(self, record: list[object]) -> None:
        self._lines.append(_encoded(record))
        if len(self._lines) >= _BATCH:
            self._write()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if kind is not None:
                return
            self._write()
            try:
                os.fsync(self._file.fileno())
            except OSError as unwritten:
                raise Unwritable(unwritten.errno, unwritten.strerror) from unwritten

    def _write(self) -> None:
        try:
            self._file.write(b"".join(self._lines))
            self._file.flush()
        except OSError as problem:
            raise Unwritable(problem.errno, problem.strerror) from problem
        self._lines.clear()


def _encoded(record: list[object]) -> bytes:
    try:
        return encode(record)
    except orjson.JSONEncodeError:  # a lone surrogate in a raw cell: no JSON holds it
        raw = record[-1]
        assert isinstance(raw, list)
        return encode([*record[:-1], [clean(cell) for cell in raw]])
