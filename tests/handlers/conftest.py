"""The same town as the journeys'."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.playground.slack.rules.surfaces import message_faults, view_faults
from tests.conftest import Check
from tests.journeys.conftest import town

__all__ = ["town"]

Fits = Callable[..., None]


@pytest.fixture
def fits(block_check: Check | None) -> Fits:
    """Fails for what Slack would refuse: a message's `(text, blocks)`, or a view."""

    def judge(shown: Any) -> None:
        if isinstance(shown, Sequence):
            text, blocks = shown
            faults, kind, payload = message_faults(blocks, text), "message", {"text": text, "blocks": blocks}
        else:
            faults, kind, payload = view_faults(shown), shown["type"], shown
        opinions = block_check(payload, kind) if block_check else []
        assert faults == []
        assert [one for one in opinions if not one.startswith("WARNING")] == []

    return judge
