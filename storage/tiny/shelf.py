"""A table of `postillon.json` and its records in memory, by workspace and identifier.

Reads never touch TinyDB nor parse anything; writes go through TinyDB in a step of the document, and reach
the memory once that step is durable.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from tinydb.table import Document as Row

from storage.errors import Corrupted
from storage.tiny.codec import Codec
from storage.tiny.document import Document

R = TypeVar("R")


class Shelf(Generic[R]):
    """Use it with the document's lock held; `put` and `remove` inside a step."""

    def __init__(self, document: Document, name: str, kind: type[R], path: Path) -> None:
        self.name, self._path = name, path
        self._document = document
        document.shelves.append(self)
        self._table = document.table(name)
        self._codec = Codec(kind)
        self._records: dict[str, dict[str, R]] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        for row in self._table:
            self._read(row, path)

    def _read(self, row: Row, path: Path) -> None:
        try:
            workspace, identifier, record = row["workspace"], row["id"], row["record"]
        except KeyError:
            raise Corrupted(path) from None
        self._records.setdefault(workspace, {})[identifier] = self._codec.load(record, path)
        self._numbers[workspace, identifier] = row.doc_id

    def get(self, workspace: str, identifier: str) -> R | None:
        return self._records.get(workspace, {}).get(identifier)

    def of(self, workspace: str) -> list[R]:
        """In the order in which they were first put."""
        return list(self._records.get(workspace, {}).values())

    def items(self) -> list[tuple[str, str, R]]:
        """Of every workspace."""
        return [
            (workspace, identifier, record)
            for workspace, records in self._records.items()
            for identifier, record in records.items()
        ]

    def put(self, workspace: str, identifier: str, record: R) -> None:
        fields = {"workspace": workspace, "id": identifier, "record": self._codec.dump(record)}
        number = self._numbers.get((workspace, identifier))
        if number is None:
            number = self._table.insert(fields)
        else:
            self._table.update(fields, doc_ids=[number])
        self._document.afterwards(lambda: self._keep(workspace, identifier, number, record))

    def _keep(self, workspace: str, identifier: str, number: int, record: R) -> None:
        self._records.setdefault(workspace, {})[identifier] = self._codec.copy(record)
        self._numbers[workspace, identifier] = number

    def dumped(self, workspace: str) -> list[dict[str, object]]:
        """The records as JSON has them."""
        return [self._codec.dump(record) for record in self.of(workspace)]

    def clean(self, workspace: str, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
        """Every record of the workspace that `change` makes another one of, as JSON has them."""
        for identifier, record in list(self._records.get(workspace, {}).items()):
            fields = self._codec.dump(record)
            changed = change(fields)
            if changed != fields:
                self.put(workspace, identifier, self._codec.load(changed, self._path))

    def remove(self, workspace: str, identifier: str) -> None:
        """Where there is none, nothing happens."""
        number = self._numbers.get((workspace, identifier))
        if number is not None:
            self._table.remove(doc_ids=[number])
            self._document.afterwards(lambda: self._forget(workspace, identifier))

    def _forget(self, workspace: str, identifier: str) -> None:
        self._records[workspace].pop(identifier, None)
        self._numbers.pop((workspace, identifier), None)
