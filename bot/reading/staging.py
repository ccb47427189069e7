"""The line file a list will be made of: storage only renames it."""

import os
from pathlib import Path
from types import TracebackType

import orjson

from bot.core.lines import encode_all, header
from bot.ports import Unwritable
from bot.reading.values import clean

_BATCH = 4_096  # records


class Staging:
    """Raises Unwritable where the disk does not take it; durable once left without an error."""

    def __init__(self, path: Path, columns: dict[str, str], extras: list[str]) -> None:
        self._path = path
        self._header = header("list", columns=columns, extras=extras)
        self._records: list[list[object]] = []

    def __enter__(self) -> "Staging":
        try:
            self._file = self._path.open("wb")
            self._file.write(self._header)
        except OSError as problem:
            raise Unwritable(problem.errno, problem.strerror) from problem
        return self

    def add(self, record: list[object]) -> None:
        self._records.append(record)
        if len(self._records) >= _BATCH:
            self._write()

    def add_all(self, records: list[list[object]]) -> None:
        self._records += records
        if len(self._records) >= _BATCH:
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
            self._file.write(_encoded(self._records))
            self._file.flush()
        except OSError as problem:
            raise Unwritable(problem.errno, problem.strerror) from problem
        self._records.clear()


def _encoded(records: list[list[object]]) -> bytes:
    try:
        return encode_all(records)
    except orjson.JSONEncodeError:  # a lone surrogate in a raw cell: no JSON holds it
        return encode_all([[_clean(part) for part in record] for record in records])


def _clean(part: object) -> object:
    if isinstance(part, list):
        return [_clean(cell) for cell in part]
    return clean(part) if isinstance(part, str) else part
