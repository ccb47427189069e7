"""Records to JSON documents and back.

Out: plain values, moments in UTC. In: pydantic checks every field against the record's own types. What
comes back is frozen through and through (tuples, read-only mappings), so that one record in memory can be
handed to every caller: it is as good as a copy.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from bot.core.sentences import Sentence
from storage.errors import Corrupted

R = TypeVar("R")
_MOMENT = "$moment"  # a sentence's value may be a moment or a text: only a mark tells them apart


class Codec(Generic[R]):
    def __init__(self, kind: type[R]) -> None:
        self._adapter = TypeAdapter(kind)

    def dump(self, record: R) -> dict[str, object]:
        plain = _plain(record)
        assert isinstance(plain, dict)
        return plain

    def load(self, document: Mapping[str, object], path: Path) -> R:
        """Raises `Corrupted` where the document is no such record."""
        try:
            return cast("R", _frozen(self._adapter.validate_python(_unmarked(document))))
        except ValidationError:
            raise Corrupted(path) from None

    def copy(self, record: R) -> R:
        """A frozen copy: what the caller does to its own record's mappings stays the caller's."""
        return cast("R", _frozen(record))


def _plain(value: object) -> object:
    match value:
        case Sentence():
            return {"key": value.key, "values": {name: _marked(v) for name, v in value.values.items()}}
        case Enum():
            return value.value
        case datetime():
            return _utc(value).isoformat()
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def _marked(value: object) -> object:
    return {_MOMENT: _plain(value)} if isinstance(value, datetime) else _plain(value)


def _unmarked(value: object) -> object:
    match value:
        case {"$moment": str(moment)}:
            return datetime.fromisoformat(moment)
        case dict():
            return {key: _unmarked(item) for key, item in value.items()}
        case list():
            return [_unmarked(item) for item in value]
        case _:
            return value


def _frozen(value: object) -> object:
    match value:
        case datetime():
            return _utc(value)
        case Mapping():
            return MappingProxyType({key: _frozen(item) for key, item in value.items()})
        case tuple():
            return tuple(_frozen(item) for item in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{f.name: _frozen(getattr(value, f.name)) for f in fields(value)})
        case _:
            return value


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC)
