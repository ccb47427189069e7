"""Eight threads and two clocks on one store, one of them wrong by minutes: each batch is claimed once.

A clock decides when a batch may be tried again, and never whether it may be sent: that is the ledger's alone.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from pathlib import Path

import orjson
import pytest

from bot import app
from bot.core.campaigns import State
from bot.core.delivery import BatchState, Progress
from bot.core.facts import Accepted, BatchFact, Claimed, Rejected, Returned, Uncertain, WaveOpened
from bot.core.ids import CampaignId
from bot.core.letters import Addressed, Composed, Letter
from bot.core.outcomes import NotTaken, Outcome, Request, SomeRefused, Taken, Unknown
from bot.core.sentences import Stale
from bot.ports import Clock, Store
from bot.services import Services
from tests.kills.run import scheduled
from tests.kills.wiring import owner, services_over
from tests.storage.conftest import Place
from tests.storage.records import HOME, draft, keep_campaign, people

A = CampaignId("cmp_a")
THREADS, BATCHES = 8, 10
WRONG = timedelta(minutes=7)
ROUNDS = 3_000  # sweeps of each thread: by then everything that waits has had its turn, by either clock


@dataclass(frozen=True, kw_only=True)
class Watch:
    """`ports.Clock`. Some seconds go by whenever somebody looks at it, or at the other one."""

    seconds: Iterator[int]
    wrong_by: timedelta = timedelta()
    start: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.start + timedelta(seconds=next(self.seconds)) + self.wrong_by


@pytest.fixture(params=[WRONG, -WRONG], ids=["fast", "slow"])
def watches(request: pytest.FixtureRequest) -> tuple[Watch, Watch]:
    seconds = count(step=5)
    return Watch(seconds=seconds), Watch(seconds=seconds, wrong_by=request.param)


def progress(store: Store) -> Progress:
    return store.ledgers.read(HOME, A, lambda fold: fold.progress())


# --- the ledger ---------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Sender:
    """One thread: claims whatever its watch allows, holds it a moment, and says how that ended."""

    store: Store
    watch: Watch
    rng: random.Random
    held: set[int]  # by anybody
    ends: Counter[int]
    lock: threading.Lock

    def work(self) -> None:
        while not progress(self.store).finished:
            now = self.watch.now()
            batches = self.claimable(now)
            self.rng.shuffle(batches)
            for batch in batches:
                if self.append(Claimed(wave=0, batch=batch, at=self.watch.now())):
                    self.hold(batch)

    def claimable(self, now: datetime) -> list[int]:
        return self.store.ledgers.read(HOME, A, lambda fold: fold.waves[0].claimable(now))

    def append(self, fact: BatchFact) -> bool:
        return self.store.ledgers.append(HOME, A, fact)

    def hold(self, batch: int) -> None:
        with self.lock:
            assert batch not in self.held
            self.held.add(batch)
        outcome = self.outcome(batch)
        with self.lock:
            self.held.remove(batch)
            self.ends[batch] += isinstance(outcome, Accepted | Uncertain)
        assert self.append(outcome)

    def outcome(self, batch: int) -> BatchFact:
        now = self.watch.now()
        match self.rng.choice(["accepted", "accepted", "returned", "rejected", "uncertain"]):
            case "accepted":
                return Accepted(wave=0, batch=batch, at=now)
            case "returned":
                until = now + timedelta(seconds=self.rng.randint(0, 90))
                return Returned(wave=0, batch=batch, at=now, until=until, why="busy")
            case "rejected":
                who = batch * 1_000 + self.rng.randrange(1_000)
                return Rejected(wave=0, batch=batch, at=now, people={who: "no address"})
            case _:
                return Uncertain(wave=0, batch=batch, at=now, why="reset")


def test_each_batch_is_held_by_one_thread_at_a_time_and_ends_once(
    place: Place, watches: tuple[Watch, Watch]
) -> None:
    store = place.open()
    keep_campaign(store, draft("cmp_a"))
    store.ledgers.append(
        HOME, A, WaveOpened(wave=0, at=watches[0].now(), audience_size=BATCHES * 1_000 - 500)
    )
    held: set[int] = set()
    ends: Counter[int] = Counter()
    lock = threading.Lock()
    senders = [
        Sender(store=store, watch=watches[n % 2], rng=random.Random(n), held=held, ends=ends, lock=lock)
        for n in range(THREADS)
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(sender.work) for sender in senders]:
            done.result(timeout=60)
    assert ends == Counter(range(BATCHES))
    told = progress(store)
    assert told.accepted + told.uncertain + told.rejected == told.people == BATCHES * 1_000 - 500
    assert progress(place.open()) == told


# --- the whole delivery -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Wavering:
    """A clock that is set right and wrong again, at every look."""

    watches: Iterator[Watch]

    def now(self) -> datetime:
        return next(self.watches).now()


@dataclass(kw_only=True)
class Postbox:
    """A Mailer without a network: what it took, and every letter somebody may have got."""

    answers: Sequence[str]
    rng: random.Random
    letters: Counter[int] = field(default_factory=Counter)
    taken: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def build(
        self, letter: Letter, composed: Composed, people: Iterable[Addressed], *, campaign: str, wave: int,
        trial: bool = False,
    ) -> Request:  # fmt: skip
        numbers = [person.number for person in people]
        return Request(body=orjson.dumps(numbers), people=len(numbers), trial=trial)

    def post(self, request: Request) -> Outcome:
        numbers: list[int] = orjson.loads(request.body)
        with self.lock:
            match self.rng.choice(self.answers):
                case "busy":
                    return NotTaken(seconds=self.rng.uniform(1, 60), why="busy")
                case "refused":
                    self.named.add(numbers[0])
                    return SomeRefused(positions={0: "no address"})
                case "unknown":
                    self.letters.update(numbers)
                    return Unknown(why="reset")
                case _:
                    self.letters.update(numbers)
                    self.taken.update(numbers)
                    return Taken(message_id="m")

    def senders(self) -> Sequence[str]:
        return ["enquetes@studio-nova.example"]

    def __getattr__(self, name: str) -> Callable[..., NotTaken]:
        """Whatever else is asked of the account: nobody answers."""
        return lambda *_, **__: NotTaken(seconds=30, why="unreachable")


async def test_one_delivery_whose_clock_wavers_writes_to_nobody_twice(
    tmp_path: Path, watches: tuple[Watch, Watch], caplog: pytest.LogCaptureFixture
) -> None:
    answers = ["taken", "taken", "taken", "busy", "refused", "unknown"]
    postbox = Postbox(answers=answers, rng=random.Random(7))
    clock = Wavering(watches=cycle(watches))
    with delivering(tmp_path, postbox, [clock]) as store:
        told = progress(store)
        check(store, postbox)
        assert store.ledgers.read(HOME, A, lambda fold: set(fold.waves[0].rejected)) == postbox.named
        assert told.accepted == len(postbox.taken)
        assert not postbox.named & set(postbox.letters)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_two_deliveries_with_two_clocks_write_to_nobody_twice(
    tmp_path: Path, watches: tuple[Watch, Watch], caplog: pytest.LogCaptureFixture
) -> None:
    """Each with its own idea of the time and of what is under way, as two machines would have: one may take
    the other's letters for lost, which makes them uncertain and nothing worse."""
    postbox = Postbox(answers=["taken", "taken", "busy", "unknown"], rng=random.Random(7))
    with delivering(tmp_path, postbox, watches) as store:
        check(store, postbox)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@contextmanager
def delivering(folder: Path, postbox: Postbox, clocks: Sequence[Clock]) -> Iterator[Store]:
    """A campaign, sent by eight threads; each of the clocks has a delivery of its own."""
    with closing(Place(f"tinydb:{folder / 'data'}")) as place, closing(app.Pools.open()) as pools:
        store = place.open()
        scheduled(store, "cmp_a", people(BATCHES * 1_000 - 500))
        machines = [(services_over(store, postbox, clock, pools), clock) for clock in clocks]
        with ThreadPoolExecutor(THREADS) as threads:
            for n in range(THREADS):
                threads.submit(sweeps, *machines[n % len(machines)], store)
        yield store


def sweeps(services: Services, clock: Clock, store: Store) -> None:
    """Until it is sent. Everybody wakes up again and again, as on a machine whose timer runs wild; a pause
    for too many failures, and a moment missed by a clock that was ahead, are the owner's to end."""
    for _ in range(ROUNDS):
        services.delivery.sweep(clock.now())
        match store.campaigns.get(HOME, A).state:
            case State.SENT:
                return
            case State.PAUSED:
                with suppress(Stale):  # another thread was first
                    services.campaigns.resume(owner(), A)
            case State.HELD:
                with suppress(Stale):
                    services.campaigns.send_now(owner(), A)


def check(store: Store, postbox: Postbox) -> None:
    told = progress(store)
    assert store.campaigns.get(HOME, A).state is State.SENT
    assert told.accepted + told.uncertain + told.rejected == told.people == BATCHES * 1_000 - 500
    assert max(postbox.letters.values()) == 1
    states = store.ledgers.read(HOME, A, lambda fold: list(fold.waves[0].states))
    for batch, state in enumerate(states):
        if state is BatchState.ACCEPTED:
            assert postbox.taken.issuperset(members(store, batch))


def members(store: Store, batch: int) -> list[int]:
    return store.ledgers.read(HOME, A, lambda fold: list(fold.waves[0].people(batch)))
