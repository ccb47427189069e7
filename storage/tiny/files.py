"""Durable files: what the embedded store does to the disk, and nothing else touches it.

Two kinds. A file written whole appears complete or not at all (temporary file, fsync, rename, fsync of
the folder). A file appended to grows by whole lines (`storage.tiny.appended`). Whatever the disk refuses
is raised as `Unwritable`, with the file as it was before.
"""

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bot.core import lines
from bot.ports import Unwritable
from storage.errors import Closed, Corrupted, WrongFormat

TEMPORARY = ".tmp"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def safe(identifier: str) -> str:
    """The identifier, fit for a file name: nothing that a person or Slack sends leads out of the folder."""
    if not _NAME.fullmatch(identifier):
        raise ValueError("an identifier that cannot be part of a file name")
    return identifier


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Every refusal of the disk as `Unwritable`."""
    try:
        yield
    except Unwritable:
        raise
    except OSError as error:
        raise Unwritable(error.errno, error.strerror, str(path)) from error


def write_all(descriptor: int, data: bytes) -> None:
    """`os.write` may take only a part, on a disk that is nearly full."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


@contextmanager
def _open_folder(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    with _open_folder(folder) as descriptor:
        os.fsync(descriptor)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.{secrets.token_hex(4)}{TEMPORARY}")


def _second_name(path: Path) -> Path | None:
    """A second name for the file, to bring it back by; None where there is no file yet, or on a file
    system without hard links."""
    second = _beside(path)
    try:
        os.link(path, second)
    except OSError:
        return None
    return second


def _forget(temporary: Path) -> None:
    """Whatever cannot be removed now is removed at the next start."""
    with suppress(OSError):
        temporary.unlink()


class Folder:
    """The data folder. `writable` is False for whoever only looks, and after `close`."""

    def __init__(self, root: Path, *, writable: bool) -> None:
        self.root = root
        self.writable = writable
        if writable:
            for folder in (root, root / "lists", root / "campaigns", root / "workspaces", root / "secrets"):
                self.make(folder)

    @property
    def document(self) -> Path:
        return self.root / "postillon.json"

    @property
    def previous(self) -> Path:
        """The document as it was a while ago."""
        return self.root / "postillon.previous.json"

    def make(self, folder: Path) -> None:
        """The folder, readable by its owner alone, on the disk when this returns."""
        if folder.is_dir():
            return
        self.guard(folder)
        with writing(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)

    def guard(self, path: Path) -> None:
        if not self.writable:
            raise Unwritable(errno.EROFS, "this storage was opened to be read", str(path))

    def write_whole(self, path: Path, chunks: Iterable[bytes]) -> None:
        """Replace or create the file: another process, or a crash, sees the old one or the new one."""
        aside = self._write_aside(path, chunks)
        try:
            self.put(aside, path)
        except Unwritable:
            _forget(aside)
            raise

    def _write_aside(self, path: Path, chunks: Iterable[bytes]) -> Path:
        """The new content, durable beside the file it will replace."""
        self.guard(path)
        aside = _beside(path)
        try:
            with writing(path):
                descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb", buffering=1 << 18) as file:
                    file.writelines(chunks)
                    file.flush()
                    os.fsync(file.fileno())
        except BaseException:
            _forget(aside)
            raise
        return aside

    def put(self, source: Path, path: Path) -> None:
        """Rename, durably, or not at all; the content of `source` was synced before."""
        self.guard(path)
        with writing(path), _open_folder(path.parent) as folder:
            before = _second_name(path)
            source.replace(path)
            try:
                os.fsync(folder)
            except OSError:
                # what is refused must not be found at the next start
                if before is None:
                    path.replace(source)
                else:
                    before.replace(path)
                raise
        if before is not None:
            _forget(before)

    def sync(self, path: Path) -> None:
        """Make durable what somebody else wrote into this file."""
        with writing(path):
            descriptor = os.open(path, os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def remove(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self.guard(path)
            with writing(path):
                path.unlink(missing_ok=True)


def records(path: Path, kind: str | None) -> Iterator[list[object]]:
    """The records of a file written whole, without its header: here even a torn last line is damage.

    `kind` None: a file of ours that names its own kind. Raises `Corrupted`, also where it is missing.
    """
    with opened(path) as file:
        check_header(path, file.readline(), kind)
        for number, line in enumerate(file, start=2):
            record = lines.decode(line)
            if record is None:
                raise Corrupted(path, number)
            yield record


def records_at(path: Path, kind: str, places: Iterable[int]) -> Iterator[list[object]]:
    """As `records`: of those that begin with this word, the ones at these places, ascending."""
    beginning, wanted = lines.beginning(kind), iter(places)
    following, place = next(wanted, None), -1
    with opened(path) as file:
        check_header(path, file.readline(), None)
        for number, line in enumerate(file, start=2):
            if following is None:
                return
            if not line.startswith(beginning, lines.BODY):
                continue
            place += 1
            if place == following:
                following = next(wanted, None)
                record = lines.decode(line)
                if record is None:
                    raise Corrupted(path, number)
                yield record


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """To be read. Raises `Corrupted` where it is missing, `Closed` where the system refuses."""
    with reading(path), path.open("rb") as file:
        yield file


@contextmanager
def reading(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Corrupted(path) from None
    except Unwritable:
        raise
    except OSError as error:
        raise Closed(path, error) from error


def check_header(path: Path, line: bytes, kind: str | None) -> None:
    record = lines.decode(line)
    if record is None or len(record) != 2 or record[0] != "h" or not isinstance(record[1], dict):
        raise Corrupted(path, 1)
    if record[1].get("format") != lines.FORMAT:
        raise WrongFormat(path, record[1].get("format"), lines.FORMAT)
    if kind is not None and record[1].get("kind") != kind:
        raise Corrupted(path, 1)
