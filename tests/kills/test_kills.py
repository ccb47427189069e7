"""Killed at any instant of its work, the bot takes it up where it stood: once, and to its end."""

import random
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from bot.core.campaigns import State
from bot.core.contacts import Contact
from bot.core.facts import Happened, WaveOpened
from bot.core.ids import CampaignId
from bot.core.tokens import Bearer, link_token
from tests.kills.books import fates, status, wrong_at_the_end
from tests.kills.moments import Moment
from tests.kills.nursery import Nursery
from tests.kills.run import Run, opened, scheduled
from tests.kills.sink import WELL, Records, Sink
from tests.kills.wiring import HOME
from tests.storage.records import contact_list, draft, keep_campaign, keep_list, later, people

SEED = 20261123


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as opened:
        yield opened


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A service that takes every letter."""
    sink = Sink(random.Random(SEED), WELL)
    yield sink
    sink.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def sends_everything(nursery: Nursery, folder: Path, sink: Sink) -> Records:
    nursery.start("deliver", folder=folder, url=sink.url)
    nursery.wait_for("idle")
    nursery.bury()
    return sink.records


# --- sending ------------------------------------------------------------------------------------------


def test_killed_while_it_sends_nobody_gets_two_letters_and_nobody_is_forgotten(
    nursery: Nursery, folder: Path
) -> None:
    told = Run(folder, nursery, people=8_000, seed=SEED).until(12)
    assert told.wrong == []
    assert told.kills == 12
    assert sum(told.sums.values()) == told.letters == told.campaigns * 8_000
    assert told.sums["accepted"] > 0
    assert told.sums["uncertain"] > 0


# --- preparing ----------------------------------------------------------------------------------------


def test_killed_while_it_schedules_a_campaign_is_scheduled_whole_or_not_at_all(
    nursery: Nursery, folder: Path, sink: Sink
) -> None:
    rng = random.Random(SEED)
    with opened(folder) as store:
        keep_list(store, contact_list(count=1_500))
    said: set[str] = set()
    for _ in range(8):
        step, request = rng.choice([("up", 1), ("scheduled", 1), ("scheduled", 2)])
        moment = Moment(step=step, request=request, after=rng.uniform(0, 0.15))
        words = nursery.lives("prepare", moment, folder=folder, list="lst_a")
        said |= {line[1] for line in words if line[0] == "scheduled"}
        check_prepared(folder, said)
    assert said
    letters = sends_everything(nursery, folder, sink)
    campaigns = {campaign for campaign, _ in letters.received}
    assert said <= campaigns
    assert len(letters.received) == 1_500 * len(campaigns)
    assert letters.twice() == []


def check_prepared(folder: Path, said: set[str]) -> None:
    with opened(folder) as store:
        due = {campaign for _, campaign in store.campaigns.due(later(days=3_650))}
        ready = [one for one in store.campaigns.all(HOME) if one.state is State.SCHEDULED]
        drafts = [one for one in store.campaigns.all(HOME) if one.state is State.DRAFT]
        assert len(ready) + len(drafts) == len(store.campaigns.all(HOME))
        assert {one.id for one in ready} == due >= said
        for one in ready:
            assert sum(1 for _ in store.campaigns.recipients(HOME, one)) == one.audience_size == 1_500
        assert not any(one.audience for one in drafts)
        assert len(list(folder.glob("campaigns/*.audience"))) == len(ready)


# --- importing ----------------------------------------------------------------------------------------


def test_killed_while_it_imports_each_file_becomes_exactly_one_list(nursery: Nursery, folder: Path) -> None:
    rng = random.Random(SEED)
    received: set[str] = set()
    kept: dict[str, str] = {}
    for seed in range(7):
        step, after = rng.choice([("received", 0.4), ("resumed", 0.1), ("kept", 0.02)])
        moment = Moment(step=step, request=1, after=rng.uniform(0, after))
        for first, *names in nursery.lives("bring", moment, folder=folder, seed=seed, people=40):
            received |= set(names) if first == "received" else set()
            kept |= {names[0]: names[1]} if first == "kept" else {}
    nursery.start("bring", folder=folder, last=1)
    nursery.wait_for("resumed")
    nursery.bury()
    assert len(received) > len(kept) > 0  # some were killed half-way
    with opened(folder) as store:
        assert store.inbox.pending() == []
        lists = store.lists.all(HOME)
        files = [one.source_file for one in lists]
        assert len(files) == len(set(files))
        assert received <= set(files)
        assert kept.items() <= {one.source_file: one.id for one in lists}.items()
        assert all(len(list(store.lists.contacts(HOME, one.id))) == one.count == 40 for one in lists)
        assert len(list(folder.glob("lists/*"))) == len(lists)


# --- unsubscribing ------------------------------------------------------------------------------------


def test_killed_while_people_unsubscribe_whoever_was_told_so_is_never_written_to_again(
    nursery: Nursery, folder: Path, sink: Sink
) -> None:
    rng = random.Random(SEED)
    audience = people(600)
    with opened(folder) as store:
        first = scheduled(store, "cmp_first", audience)
        secret = store.secret("tokens")
    sends_everything(nursery, folder, sink)
    bearers = [
        Bearer(workspace=HOME, campaign=first.id, recipient=number, wave=0) for number in range(len(audience))
    ]
    tokens = iter([(bearer.recipient, link_token(secret, bearer)) for bearer in bearers])
    asked, told = set(), set()
    for _ in range(8):
        moment = rng.uniform(0, 0.15)
        for number, is_told in leaves(nursery, folder, moment, tokens):
            asked.add(number)
            told |= {number} if is_told else set()
    assert told < asked < set(range(len(audience)))
    with opened(folder) as store:
        found = set(store.suppressions.among(HOME, [one.email.lower() for one in audience]))
        assert emails(audience, told) <= found <= emails(audience, asked)
        bits = store.ledgers.read(HOME, first.id, lambda fold: list(fold.bits))
        assert all(bits[number] & Happened.UNSUBSCRIBED for number in told)
        scheduled(store, "cmp_second", audience)
    letters = sends_everything(nursery, folder, sink)
    written = {letters.numbers[letter] for letter in letters.received if letter[0] == "cmp_second"}
    assert set(range(len(audience))) - asked <= written
    assert not told & written
    assert letters.twice() == []


def leaves(
    nursery: Nursery, folder: Path, seconds: float, tokens: Iterator[tuple[int, str]]
) -> Iterator[tuple[int, bool]]:
    """People press the button of the page one after the other, until it is gone. Who, and whether it said
    that it is done."""
    pid = nursery.start("listen", folder=folder)
    _, port = nursery.wait_for("listening")
    timer = threading.Timer(seconds, partial(nursery.kill, pid))
    timer.start()
    for number, token in tokens:
        done = presses(int(port), token)
        yield number, done
        if not done:
            break
    timer.join()
    nursery.wait_for("buried")


def presses(port: int, token: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", f"/u/{token}", body="List-Unsubscribe=One-Click")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def emails(audience: list[Contact], numbers: set[int]) -> set[str]:
    return {audience[number].email.lower() for number in numbers}


# --- recording events ---------------------------------------------------------------------------------


def test_killed_while_it_records_events_what_was_said_to_be_kept_is_there(
    nursery: Nursery, folder: Path
) -> None:
    rng = random.Random(SEED)
    size, lives = 40_000, 8
    campaign = CampaignId("cmp_a")
    with opened(folder) as store:
        keep_campaign(store, draft("cmp_a"), people(3))
        store.ledgers.append(HOME, campaign, WaveOpened(wave=0, at=later(), audience_size=size))
    said: list[tuple[int, int]] = []
    for life in range(lives):
        moment = Moment(step="recorded", request=rng.randint(1, 120), after=rng.choice([0, 0.003]))
        first = life * size // lives
        words = nursery.lives("record", moment, folder=folder, campaign=campaign, first=first)
        said += [(int(line[1]), int(line[2])) for line in words if line[0] == "recorded"]
        with opened(folder) as store:
            bits = store.ledgers.read(HOME, campaign, lambda fold: list(fold.bits))
        assert all(bits[number + place] & bit for number, bit in said for place in range(10))
    assert len(said) > lives


# --- what the books would notice ----------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["twice", "forgotten", "pending"])
def test_the_books_notice_what_is_wrong(nursery: Nursery, folder: Path, sink: Sink, wrong: str) -> None:
    audience = people(30)
    with opened(folder) as store:
        campaign = scheduled(store, "cmp_a", audience)
    records = sends_everything(nursery, folder, sink)
    told: Mapping[str, object] = status(folder)["cmp_a"]
    letter = ("cmp_a", audience[7].email)
    with opened(folder) as store:
        found = fates(store, campaign)
    assert wrong_at_the_end(found, told, 30, records) == []
    match wrong:
        case "twice":
            records.received[letter] += 1
        case "forgotten":
            records.accepted.discard(letter)
        case "pending":
            found = type(found)(campaign=found.campaign, of={**found.of, letter: "pending"}, reasons={})
    assert wrong_at_the_end(found, told, 30, records)
