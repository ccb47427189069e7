from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Check
from tests.journeys.harness import Town, open_town


@pytest.fixture
async def town(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Town]:
    async with open_town(tmp_path / "data", block_check) as opened:
        yield opened
