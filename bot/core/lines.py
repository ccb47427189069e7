"""The line format of every bulk file: lists, audiences, ledgers, suppressions, seen events, the log.

One record a line: the CRC-32 of its JSON in eight hexadecimal digits, a space, the JSON, a line feed.
The first line is a header, `["h", {"format": 1, "kind": …}]`. A last line that was cut short by a crash
is ignored (it was never acknowledged to anybody); damage anywhere else raises `Damaged`.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import orjson

FORMAT = 1
BODY = 9  # bytes of a line before its JSON


class Damaged(Exception):
    """A line in the middle of a file does not read: `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is damaged")
        self.line = line


def encode(record: object) -> bytes:
    body = orjson.dumps(record)
    return b"%08x %s\n" % (zlib.crc32(body), body)


def padded(record: object, length: int) -> bytes:
    """The line, at least that long: what stands in the place of another line moves none of those after it."""
    body = orjson.dumps(record)
    body += b" " * (length - len(body) - BODY - 1)
    return b"%08x %s\n" % (zlib.crc32(body), body)


def encode_all(records: Iterable[object]) -> bytes:
    """The lines of many records, for bulk files."""
    return b"".join([b"%08x %s\n" % (zlib.crc32(body), body) for body in map(orjson.dumps, records)])


def header(kind: str, **about: object) -> bytes:
    return encode(["h", {"format": FORMAT, "kind": kind, **about}])


def decode(line: bytes) -> list[object] | None:
    """The record of one whole line, or None where it is cut short or damaged."""
    if len(line) < 11 or line[8:9] != b" " or not line.endswith(b"\n"):
        return None
    body = line[9:-1]
    if line[:8] != b"%08x" % zlib.crc32(body):
        return None
    try:
        record = orjson.loads(body)
    except ValueError:
        return None
    return record if isinstance(record, list) else None


def beginning(kind: str) -> bytes:
    """How the JSON of a record of this kind begins, after `BODY` bytes: others are skipped undecoded."""
    return b'["%s",' % kind.encode()


def read(file: BinaryIO | Iterable[bytes]) -> Iterator[list[object]]:
    """Every record, the header included. Raises `Damaged` unless only the last line is torn."""
    torn: int | None = None
    for number, line in enumerate(file, start=1):
        if torn is not None:
            raise Damaged(torn)
        record = decode(line)
        if record is None:
            torn = number
            continue
        yield record


def sound_length(file: BinaryIO) -> int:
    """Bytes up to the end of the last whole line: where an append may go on after a crash."""
    length = 0
    for line in file:
        if decode(line) is None:
            break
        length += len(line)
    return length
