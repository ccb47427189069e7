"""The room in which letters leave."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.mailroom import EACH, Door, Room
from tests.services.rooms import furnished


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A campaign of twelve batches, due now."""
    monkeypatch.setattr("bot.core.waves.BATCH", EACH)
    with furnished(tmp_path / "data", Door()) as found:
        yield found
