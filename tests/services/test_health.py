"""What is wrong with a bot, as whoever watches over the machine is told."""

import errno
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest

from bot.core import campaigns as rules
from bot.core.campaigns import State
from bot.core.facts import Claimed, Returned
from bot.core.people import Language
from bot.core.sentences import sentence
from bot.ports import Store, Unwritable
from bot.services.health import Health
from bot.texts import Say
from storage import open_store
from tests.services.posts import HERE, NOON, Clock, sent


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(store: Store, clock: Clock) -> Health:
    health = Health(store=store, clock=clock.now)
    health.beat(clock.now())
    return health


def names(health: Health) -> list[str]:
    for problem in health.problems():
        assert {Say(language)(problem.said) for language in Language}
    return [problem.name for problem in health.problems()]


def test_nothing_wrong(health: Health) -> None:
    assert health.problems() == []


def test_a_disk_that_takes_nothing_is_fatal_until_it_does_again(
    health: Health, store: Store, clock: Clock
) -> None:
    full = Unwritable(errno.ENOSPC, "No space left on device", "/somewhere/heartbeat")
    with mock.patch.object(store, "beat", side_effect=full):
        for _ in range(2):
            with pytest.raises(Unwritable):
                health.beat(clock.now())
            clock.goes_by(seconds=30)
    (problem,) = health.problems()
    assert (problem.name, problem.is_fatal, problem.since) == ("storage.unwritable", True, NOON)
    assert "No space left" in Say(Language.ENGLISH)(problem.said)
    assert "/somewhere" not in Say(Language.ENGLISH)(problem.said)
    health.beat(clock.now())
    assert health.problems() == []


def test_a_bot_that_sweeps_no_more(health: Health, clock: Clock) -> None:
    clock.goes_by(seconds=95)
    assert names(health) == []
    clock.goes_by(seconds=10)
    (problem,) = health.problems()
    assert (problem.name, problem.is_fatal, problem.since) == ("heartbeat", True, NOON)


def test_slack_gone_is_told_with_its_moment_and_kills_nobody(health: Health, clock: Clock) -> None:
    health.hears_slack(is_connected=False)
    clock.goes_by(seconds=20)
    health.hears_slack(is_connected=False)
    (problem,) = health.problems()
    assert (problem.name, problem.is_fatal, problem.since) == ("slack.gone", False, NOON)
    health.hears_slack(is_connected=True)
    assert names(health) == []


def test_refused_events_are_told_until_some_are_believed_or_a_day_has_passed(
    health: Health, clock: Clock
) -> None:
    health.posted(is_refused=True)
    assert names(health) == ["events.refused"]
    health.posted(is_refused=False)
    assert names(health) == []
    health.posted(is_refused=True)
    clock.goes_by(hours=25)
    health.beat(clock.now())
    assert names(health) == []


def test_a_mail_service_that_takes_nothing(health: Health, store: Store) -> None:
    campaign = sent(store, accepted=False)
    back = Returned(wave=0, batch=0, at=NOON, until=NOON + timedelta(minutes=1), why="unreachable")
    assert store.ledgers.append(HERE, campaign.id, back)
    again = NOON + timedelta(minutes=2)
    for fact in (Claimed(wave=0, batch=0, at=again), replace(back, at=again, until=again)):
        assert store.ledgers.append(HERE, campaign.id, fact)
    (problem,) = health.problems()
    assert (problem.name, problem.since) == ("mail.failing", NOON)
    assert "1 campaign waits" in Say(Language.ENGLISH)(problem.said)


@pytest.mark.parametrize("fault", ["key", "sender", "credits", "redirect"])
def test_a_campaign_paused_for_a_repair(health: Health, store: Store, fault: str) -> None:
    campaign = sent(store)
    why = sentence("delivery.why", why=sentence(f"mail.refused.{fault}", detail="x"), told="")
    paused = rules.move(campaign, State.PAUSED, why=why)
    store.campaigns.advance(HERE, paused, campaign.revision, None)
    assert names(health) == [f"mail.refused.{fault}"]


def test_a_damaged_ledger_is_counted(health: Health, store: Store, clock: Clock, tmp_path: Path) -> None:
    sent(store)
    store.close()
    (path,) = tmp_path.glob("data/campaigns/*cmp_a.ledger")
    path.write_bytes(path.read_bytes().replace(b"claimed", b"clawing"))
    again = open_store(f"tinydb:{tmp_path / 'data'}")
    (problem,) = Health(store=again, clock=clock.now).problems()
    again.close()
    assert (problem.name, problem.is_fatal) == ("storage.damaged", False)
