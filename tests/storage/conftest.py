"""One contract, every store: the tests named `test_contract_*` know only `open_store`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.ports import Store
from storage import open_store

ADDRESSES: dict[str, Callable[[Path], str]] = {"tiny": lambda folder: f"tinydb:{folder / 'data'}"}


class Place:
    """Where a store lives. `open` again is a restart: the one before is closed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opened: Store | None = None

    def open(self) -> Store:
        self.close()
        self._opened = open_store(self.url)
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
        self._opened = None


@pytest.fixture(params=sorted(ADDRESSES))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    place = Place(ADDRESSES[request.param](tmp_path))
    yield place
    place.close()


@pytest.fixture
def store(place: Place) -> Store:
    return place.open()


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Place]:
    """The embedded store alone, for what only a folder promises: it is `tmp_path / "data"`."""
    place = Place(ADDRESSES["tiny"](tmp_path))
    yield place
    place.close()
