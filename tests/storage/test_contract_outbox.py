"""What is owed to people survives until they were told, in their own workspace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.inbox import Owed
from bot.core.sentences import sentence
from bot.ports import Store
from tests.storage.conftest import Place

HERE, THERE = WorkspaceId("T1"), WorkspaceId("T2")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OWED = Owed(
    id="one", workspace=HERE, member=MemberId("U1"), campaign=CampaignId("cmp_1"), at=AT,
    said=sentence("campaigns.said.held", name="X", why=sentence("campaigns.why.late", moment=AT)),
)  # fmt: skip


def test_it_is_owed_until_told_and_oldest_first(store: Store) -> None:
    later = replace(OWED, id="two", at=AT + timedelta(minutes=1), said=None)
    store.outbox.owe(HERE, later)
    store.outbox.owe(HERE, OWED)
    assert store.outbox.owed() == [OWED, later]
    store.outbox.told(HERE, OWED.id)
    store.outbox.told(HERE, OWED.id)
    assert store.outbox.owed() == [later]


def test_it_is_still_owed_after_a_restart_with_its_moments(place: Place) -> None:
    place.open().outbox.owe(HERE, OWED)
    place.close()
    assert place.open().outbox.owed() == [OWED]


def test_another_workspace_neither_pays_nor_owes_it(store: Store) -> None:
    store.outbox.owe(HERE, OWED)
    store.outbox.told(THERE, OWED.id)
    assert store.outbox.owed() == [OWED]
    with pytest.raises(ValueError, match="another workspace"):
        store.outbox.owe(THERE, OWED)
