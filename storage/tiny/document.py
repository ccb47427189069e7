"""`postillon.json`: TinyDB over a storage of our own, for documents only (no bulk rows).

TinyDB's own file storage empties the file before it writes, and its cache loses inserts silently; two
threads without a lock corrupt either. Here the tables live in memory, one lock stands around every
operation, and a step replaces the whole file: temporary file, fsync, rename, fsync of the folder.

`postillon.previous.json` is a whole copy, made when a bot starts and then, where something changed, once a
minute as its heart beats: what `check --repair` goes back to where the document itself was damaged.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import orjson
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from bot.ports import Unwritable
from storage.errors import Corrupted, WrongFormat
from storage.tiny.files import Folder, opened

FORMAT = 1
SPARE_EVERY = 60.0  # seconds between two copies of a document that changes
Tables = dict[str, dict[str, dict[str, object]]]

logger = logging.getLogger(__name__)


class Whole(Storage):
    """What TinyDB reads and writes; nothing reaches the disk before `commit`."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._committed: Tables = {}
        self._staged: Tables | None = None
        self._spared: Tables | None = None
        self._spared_at = float("-inf")
        if folder.document.exists():
            self._load()

    def _load(self) -> None:
        path = self._folder.document
        with opened(path) as file:
            content = file.read()
        try:
            found = orjson.loads(content)
            written_as, tables = found["format"], found.get("tables", {})
        except (ValueError, TypeError, KeyError):
            raise Corrupted(path) from None
        if written_as != FORMAT:
            raise WrongFormat(path, written_as, FORMAT)
        if not isinstance(tables, dict):
            raise Corrupted(path)
        self._committed = tables

    def read(self) -> Tables:
        """A copy down to the fields of each document: TinyDB changes what it is given in place."""
        tables = self._committed if self._staged is None else self._staged
        return {
            name: {number: dict(fields) for number, fields in documents.items()}
            for name, documents in tables.items()
        }

    def write(self, data: Tables) -> None:
        self._staged = data

    def commit(self) -> None:
        if self._staged is None:
            return
        self._folder.write_whole(self._folder.document, [_content(self._staged)])
        self._committed, self._staged = self._staged, None

    def spare(self, *, at_once: bool = False) -> None:
        """A second copy of what stands; without room for it, the first one is what matters. `at_once`: what
        the copy before held must not stay; raises Unwritable."""
        if not at_once and (
            self._spared is self._committed or time.monotonic() - self._spared_at < SPARE_EVERY
        ):
            return
        try:
            self._folder.write_whole(self._folder.previous, [_content(self._committed)])
        except Unwritable as error:
            if at_once:
                raise
            logger.warning("no second copy of the document: %s", error.strerror)
            return
        self._spared, self._spared_at = self._committed, time.monotonic()

    def rollback(self) -> None:
        self._staged = None


def _content(tables: Tables) -> bytes:
    return orjson.dumps({"format": FORMAT, "tables": tables})


class Shelved(Protocol):
    """A table's records."""

    name: str

    def dumped(self, workspace: str) -> list[dict[str, object]]: ...

    def clean(self, workspace: str, change: Callable[[dict[str, object]], dict[str, object]]) -> None: ...


class Document:
    """The database, its lock, and steps: several changes that become durable together or not at all."""

    def __init__(self, folder: Folder) -> None:
        self.lock = threading.RLock()
        self.shelves: list[Shelved] = []
        self._whole = Whole(folder)
        self._database = TinyDB(storage=lambda: self._whole)
        self._afterwards: list[Callable[[], None]] = []
        self._depth = 0

    def table(self, name: str) -> Table:
        return self._database.table(name)

    def start(self) -> None:
        """The file with its format number, before anything else is kept in the folder."""
        with self.step():
            self._whole.write(self._whole.read())

    def spare(self, *, at_once: bool = False) -> None:
        """Where it changed, and not more often than `SPARE_EVERY`. Once every record was seen to read: a copy
        of damage would be worth nothing."""
        with self.lock:
            self._whole.spare(at_once=at_once)

    def afterwards(self, change: Callable[[], None]) -> None:
        """To be done in memory once this step is durable; forgotten where it fails."""
        self._afterwards.append(change)

    @contextmanager
    def step(self) -> Iterator[None]:
        """One durable step. An inner step is part of the outer one."""
        with self.lock:
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._whole.commit()
                    for change in self._afterwards:
                        change()
            except BaseException:
                self._whole.rollback()
                raise
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._afterwards.clear()
