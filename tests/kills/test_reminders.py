"""Killed while a reminder leaves: each of the silent gets it once, and nobody who answered gets it."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.core.campaigns import State, edit
from bot.core.delivery import Fold
from bot.core.facts import Events, Happened
from bot.core.ids import CampaignId
from bot.core.reminders import REST, Reminder
from bot.core.waves import BatchState
from tests.kills.books import status
from tests.kills.moments import HAIR, STEPS, Fate, Moment
from tests.kills.nursery import Nursery
from tests.kills.run import PATIENCE, opened, scheduled
from tests.kills.sink import WELL, Sink
from tests.kills.wiring import HOME
from tests.storage.records import people

SEED = 20261123
PEOPLE, KILLS = 12_000, 5
ANSWERED = frozenset(range(0, PEOPLE, 3))


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    with Nursery() as opened_one:
        yield opened_one


def sends(nursery: Nursery, folder: Path, sink: Sink, moment: Moment | None = None) -> bool:
    """True where the life came to the end of its work, False where it was killed before."""
    pid = nursery.start("deliver", folder=folder, url=sink.url)
    if moment is not None:
        fate = Fate(moment=moment, kill=partial(nursery.kill, pid))
        sink.moment = fate.step
        fate.begin()
    while words := nursery.next_word(PATIENCE):
        if words == ["idle"] and nursery.kill(pid):
            nursery.bury()
            return True
        if words[0] == "buried":
            return False
    raise AssertionError("neither an end nor a kill")


def remind(folder: Path, campaign: CampaignId) -> None:
    """It is due now, and a third of the people have answered."""
    now = datetime.now(UTC)
    items = tuple((number, int(Happened.ANSWERED), int(now.timestamp())) for number in sorted(ANSWERED))
    with opened(folder) as store:
        sent = store.campaigns.get(HOME, campaign)
        assert sent.state is State.SENT
        assert store.ledgers.learn(HOME, campaign, [Events(wave=0, items=items)])
        reminder = Reminder(days=1, at=now, announced=now, to_unsure=True)
        due = edit(sent, ended_at=now - 2 * REST, reminders=(reminder,))
        store.campaigns.advance(HOME, due, sent.revision, now)


def moments(rng: random.Random) -> Iterator[Moment]:
    """While its wave is opened, perhaps; then around its first requests."""
    yield Moment(after=rng.uniform(0, 0.1))
    for _ in range(KILLS):
        after = rng.choice((0, rng.uniform(0, HAIR)))
        yield Moment(step=rng.choice(STEPS), request=rng.randint(1, 2), after=after)


def uncertain(fold: Fold) -> set[int]:
    wave = fold.waves[1]
    doubtful = (batch for batch, state in enumerate(wave.states) if state is BatchState.UNCERTAIN)
    return {number for batch in doubtful for number in wave.people(batch)}


def test_killed_while_it_reminds(nursery: Nursery, tmp_path: Path) -> None:
    rng, folder, audience = random.Random(SEED), tmp_path / "data", people(PEOPLE)
    with opened(folder) as store:
        campaign = scheduled(store, "cmp_a", audience).id
    sink = Sink(random.Random(SEED), WELL)
    try:
        assert sends(nursery, folder, sink)
    finally:
        sink.close()
    assert len(sink.records.received) == PEOPLE
    remind(folder, campaign)
    sink = Sink(random.Random(SEED), WELL)
    try:
        kills = sum(not sends(nursery, folder, sink, moment) for moment in moments(rng))
        sends(nursery, folder, sink)
    finally:
        sink.close()
    assert kills
    records = sink.records
    reached = {records.numbers[letter] for letter in records.received}
    assert records.twice() == []
    assert not reached & ANSWERED
    with opened(folder) as store:
        known = store.campaigns.get(HOME, campaign)
        assert (known.state, known.reminders[0].wave) == (State.SENT, 1)
        assert store.ledgers.read(HOME, campaign, lambda fold: len(fold.waves)) == 2
        doubtful = store.ledgers.read(HOME, campaign, uncertain)
    told = status(folder)[campaign]
    assert told["uncertain_people"] == sorted(number + 1 for number in doubtful)
    assert (told["to_check"], told["pending"]) == (len(doubtful), 0)
    assert (told["accepted"], told["uncertain"]) == (PEOPLE, 0), "everybody got the invitation"
    assert set(range(PEOPLE)) - ANSWERED == reached | doubtful
