"""Where everything is kept: `open_store(url)` for the bot, `read_only(url)` for `status` and `check`.

    tinydb:./data   embedded: one folder, one process at a time (storage.tiny)

What is promised, and what is not: README.md.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.ports import Store
from storage.errors import Busy, Corrupted, UnknownStorage, Unusable, WrongFormat
from storage.tiny.store import TinyStore

__all__ = [
    "Busy", "Corrupted", "UnknownStorage", "Unusable", "WrongFormat", "folder_of", "open_store", "read_only",
]  # fmt: skip


def open_store(url: str, *, on_wake: Callable[[datetime], None] | None = None) -> Store:
    """The store, mended after a crash, held by this process alone until `close`.

    Raises `UnknownStorage`, `Busy`, `WrongFormat`, `Corrupted` (all `Unusable`: they name their
    sentence), or `bot.ports.Unwritable`.
    """
    return TinyStore(folder_of(url), writable=True, on_wake=on_wake)


def read_only(url: str) -> Store:
    """The store as it stands now, beside a running bot: takes no lock, changes nothing, sees nothing of
    what happens after. A folder that does not exist yet is an empty store."""
    return TinyStore(folder_of(url), writable=False)


def folder_of(url: str) -> Path:
    """Where the data stands. Raises `UnknownStorage`."""
    scheme, _, place = url.partition(":")
    place = place.removeprefix("//")
    if scheme != "tinydb" or not place:
        raise UnknownStorage(url)
    return Path(place).expanduser().absolute()
