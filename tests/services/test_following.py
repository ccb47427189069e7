"""A campaign's message follows its letters: at once after a quiet time, once for all that comes together."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.facts import Events, Happened
from bot.core.people import Member
from bot.ports import Policy, Store, Unreachable
from bot.services.campaigns import Campaigns
from bot.services.following import Following
from bot.services.settling import Settling
from bot.services.telling import Telling
from storage import open_store
from tests.services.mailroom import POLICY
from tests.services.posts import AT, HERE, PATIENCE, Clock, sent


class Slack:
    """Shows what it is told, and may be away or slow."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.shown: list[Progress] = []
        self.is_away = False
        self.free = threading.Event()
        self.free.set()

    def show_campaign(self, member: Member, campaign: Campaign, progress: Progress) -> None:
        with self.changed:
            self.shown.append(progress)
            self.changed.notify_all()
        assert self.free.wait(PATIENCE)
        if self.is_away:
            raise Unreachable("ClientConnectorError")

    def until(self, told: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(told, PATIENCE)


class Scene:
    def __init__(self, store: Store, later: ThreadPoolExecutor) -> None:
        self.store, self.slack, self.settled = store, Slack(), cast("list[str]", [])
        policy: Policy = POLICY
        telling = Telling(store=store, messenger=cast("Any", self.slack), clock=Clock(), policy=policy)
        settling = SimpleNamespace(learned=lambda _, campaign_id: self.settled.append(campaign_id))
        self.following = Following(
            store=store, campaigns=cast("Campaigns", SimpleNamespace(telling=telling)),
            settling=cast("Settling", settling), later=later,
        )  # fmt: skip
        self.campaign = sent(store)

    def hears(self, number: int) -> None:
        told = Events(wave=0, items=((number, int(Happened.DELIVERED), AT),))
        assert self.store.ledgers.learn(HERE, self.campaign.id, [told])
        self.following.learned(HERE, self.campaign.id)

    def shows(self, delivered: int) -> None:
        self.slack.until(lambda: bool(self.slack.shown) and self.slack.shown[-1].delivered == delivered)


@pytest.fixture
def later() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as later:
        yield later


@pytest.fixture
def scene(tmp_path: Path, later: ThreadPoolExecutor) -> Iterator[Scene]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    yield Scene(store, later)
    later.shutdown()
    store.close()


def test_after_a_quiet_time_the_message_shows_it_at_once(scene: Scene) -> None:
    scene.hears(0)
    scene.shows(1)
    assert scene.settled == ["cmp_a"]


def test_what_comes_together_is_shown_together_and_the_last_word_is_true(scene: Scene) -> None:
    scene.slack.free.clear()
    scene.hears(0)
    scene.slack.until(lambda: len(scene.slack.shown) == 1)
    for number in range(1, 5):
        scene.hears(number)
    scene.slack.free.set()
    scene.shows(5)
    assert len(scene.slack.shown) < 5


def test_while_slack_is_away_the_message_is_owed_once(scene: Scene, later: ThreadPoolExecutor) -> None:
    scene.slack.is_away = True
    for number in range(3):
        before = len(scene.slack.shown)
        scene.hears(number)
        scene.slack.until(lambda before=before: len(scene.slack.shown) > before)  # type: ignore[misc]
    later.shutdown()
    assert [one.campaign for one in scene.store.outbox.owed()] == ["cmp_a"]


def test_a_campaign_that_is_gone_costs_nothing(scene: Scene, later: ThreadPoolExecutor) -> None:
    scene.following.learned(HERE, cast("Any", "cmp_gone"))
    scene.hears(0)
    scene.shows(1)


def test_when_the_bot_stops_nobody_stumbles(scene: Scene, later: ThreadPoolExecutor) -> None:
    later.shutdown()
    scene.hears(0)
    assert scene.slack.shown == []
