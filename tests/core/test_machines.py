"""Both state machines at once, driven anywhere: outcomes, events, clicks, starts and a clock that jumps.

What a recipient may have got is noted beside the machines, by rules that know nothing of them: a letter may
be on its way from the claim on, and only a refusal in so many words or a person's own click says that it is
not.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core import waves
from bot.core.campaigns import BEFORE_DEPARTURE, MOVES, Campaign, State, move
from bot.core.delivery import BatchState, Fold
from bot.core.facts import (
    Accepted,
    BatchFact,
    Claimed,
    Events,
    Fact,
    Happened,
    Rejected,
    Returned,
    Settled,
    Uncertain,
    WaveOpened,
    from_line,
    to_line,
)
from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.people import Language
from bot.core.sentences import Stale

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BATCH = 6  # instead of a thousand: a story is told, and told again, at every step
SIZE = 3 * BATCH + 2
LONG = 30  # lines: a campaign that is stopped before tells little
OVER = frozenset({State.STOPPED, State.CANCELLED})
numbers = some.lists(some.integers(-1, SIZE), max_size=5).map(tuple)
places = some.lists(some.integers(0, BATCH - 1), max_size=4)
batches = some.integers(-1, 4)
waits = some.integers(0, 120)
by = some.sampled_from(["U1ANNA", "events", "log"])


def scheduled() -> Campaign:
    return Campaign(
        workspace=WorkspaceId("T1HOME"), id=CampaignId("cmp_a"), owner=MemberId("U1ANNA"), seed="5eed",
        created_at=NOON, language=Language.FRENCH, zone="Europe/Paris", name="Satisfaction",
        sender=Sender(address="a@b.example"), state=State.SCHEDULED, audience="a1", audience_size=SIZE,
        send_at=NOON,
    )  # fmt: skip


class Delivering(RuleBasedStateMachine):
    """One campaign, its ledger, and everybody who may touch either."""

    seen = Bundle("seen")  # revisions that a button may have been drawn for

    def __init__(self) -> None:
        super().__init__()
        self.small = pytest.MonkeyPatch()
        self.small.setattr(waves, "BATCH", BATCH)
        self.now = NOON
        self.campaign = scheduled()
        self.fold = Fold()
        self.lines: list[list[object]] = []
        self.on_its_way: set[int] = set()  # recipients who got the letter, or may have
        self.resent: Counter[int] = Counter()  # by a click that named the risk
        self.letters: Counter[int] = Counter()  # requests that held this person and were not refused
        self.accepted: dict[int, tuple[int, ...]] = {}  # batch -> who was in it
        self.out: dict[int, str] = {}  # recipient -> the first of the counts they were taken into for good
        self.bits = [0] * SIZE
        self.departed = False

    def teardown(self) -> None:
        self.small.undo()

    # --- what a store and a service do --------------------------------------------------------------------

    def append(self, fact: Fact) -> bool:
        """A compare-and-set, and what it leaves on the disk."""
        if not self.fold.allows(fact):
            return False
        self.fold.apply(fact)
        self.lines.append(to_line(fact))
        return True

    def state(self, batch: int) -> BatchState | None:
        """None: there is no such batch, and no fact about it either."""
        states = self.fold.waves[0].states
        return states[batch] if 0 <= batch < len(states) else None

    def people(self, batch: int) -> list[int]:
        return [] if self.state(batch) is None else list(self.fold.waves[0].people(batch))

    def advance(self, to: State, expected: int) -> bool:
        """Somebody's change, made from the record as it was at `expected`."""
        if expected != self.campaign.revision:
            return False
        before = self.campaign
        try:
            self.campaign = move(before, to)
        except Stale:
            assert to not in MOVES[before.state]
            assert self.campaign is before
            return False
        assert self.campaign.revision > before.revision
        self.departed |= to is State.SENDING
        return True

    @initialize(
        target=seen, removed=some.dictionaries(some.sampled_from(["suppressed", "answered"]), numbers)
    )
    def departs(self, removed: dict[str, tuple[int, ...]]) -> int:
        revision = self.campaign.revision
        assert self.advance(State.SENDING, revision)
        opened = WaveOpened(wave=0, at=self.now, audience_size=SIZE, removed=removed)
        assert self.append(opened)
        assert not self.append(opened)
        assert len(self.fold.waves[0].states) in (2, 3, 4)
        for number in {n for left in removed.values() for n in left if 0 <= n < SIZE}:
            self.out[number] = "removed"
        return revision

    # --- letters ------------------------------------------------------------------------------------------

    def some_of(self, batch: int, places: list[int], strangers: tuple[int, ...]) -> tuple[int, ...]:
        """People of this batch, and anybody else, or nobody at all."""
        people = self.people(batch)
        return (*(people[place] for place in places if place < len(people)), *strangers)

    @rule(batch=batches, places=places, strangers=numbers)
    @precondition(lambda self: self.campaign.state is State.SENDING)
    def claims(self, batch: int, places: list[int], strangers: tuple[int, ...]) -> None:
        skipped = self.some_of(batch, places, strangers)
        people = set(self.people(batch)) - set(skipped)
        was_claimable = batch in self.fold.waves[0].claimable(self.now)
        claim = Claimed(wave=0, batch=batch, at=self.now, skipped=skipped)
        assert self.append(claim) == was_claimable
        if not was_claimable:
            return
        assert not self.append(claim)
        assert not people & self.on_its_way  # nobody twice, whatever came before
        self.on_its_way |= people
        self.letters.update(people)
        for number in self.fold.waves[0].skipped:
            self.out.setdefault(number, "skipped")

    def outcome(self, fact: BatchFact) -> bool:
        """The same outcome twice is one; a batch nobody sent has none."""
        is_out = self.state(fact.batch) is BatchState.SUBMITTING
        assert self.append(fact) == is_out
        assert not self.append(fact)
        return is_out

    @rule(batch=batches)
    def is_accepted(self, batch: int) -> None:
        people = tuple(self.people(batch))
        if self.outcome(Accepted(wave=0, batch=batch, at=self.now, message_id="m")):
            self.accepted[batch] = people

    @rule(batch=batches, wait=waits)
    def is_returned(self, batch: int, wait: int) -> None:
        until = self.now + timedelta(seconds=wait)
        people = self.people(batch)
        if self.outcome(Returned(wave=0, batch=batch, at=self.now, until=until, why="busy")):
            self.not_sent(people)
            assert (batch in self.fold.waves[0].claimable(self.now)) == (wait == 0)

    @rule(batch=batches, places=places, strangers=numbers)
    def is_rejected(self, batch: int, places: list[int], strangers: tuple[int, ...]) -> None:
        people, named = self.people(batch), self.some_of(batch, places, strangers)
        fact = Rejected(wave=0, batch=batch, at=self.now, people=dict.fromkeys(named, "no address"))
        if self.outcome(fact):
            self.not_sent(people)
            for number in set(named) & set(people):
                self.out[number] = "rejected"

    @rule(batch=batches)
    def is_lost(self, batch: int) -> None:
        self.outcome(Uncertain(wave=0, batch=batch, at=self.now, why="reset"))

    def not_sent(self, people: list[int]) -> None:
        self.on_its_way.difference_update(people)
        self.letters.subtract(people)

    # --- the world ----------------------------------------------------------------------------------------

    @rule(seconds=some.integers(-600, 600))
    def the_clock_jumps(self, seconds: int) -> None:
        """Backwards too: a machine that was woken up, another one's watch."""
        self.now += timedelta(seconds=seconds)

    @rule(
        people=some.lists(some.tuples(some.integers(-1, SIZE), some.sampled_from(list(Happened))), max_size=4)
    )
    def events_come(self, people: list[tuple[int, Happened]]) -> None:
        items = tuple((number, int(bit), int(self.now.timestamp())) for number, bit in people)
        is_news = self.append(Events(wave=0, items=items))
        assert not self.append(Events(wave=0, items=items))
        assert is_news or all(n in (-1, SIZE) or self.bits[n] & bit for n, bit, _ in items)

    @rule()
    def is_killed_and_starts_again(self) -> None:
        """Nothing but the lines is left; what was in flight is uncertain from then on."""
        self.fold = self.told_again()
        for wave, batch in self.fold.submitting():
            assert self.append(Uncertain(wave=wave, batch=batch, at=self.now, why="restart"))
        assert self.fold.submitting() == []

    def told_again(self) -> Fold:
        fold = Fold()
        for line in self.lines:
            fold.apply(from_line(line))
        return fold

    # --- clicks -------------------------------------------------------------------------------------------

    @rule(target=seen, to=some.sampled_from([State.PAUSED, State.HELD, State.SENT, State.STOPPED]))
    def somebody_clicks(self, to: State) -> int:
        """On the message as it stands; what the machine has no such move for is refused."""
        revision = self.campaign.revision
        is_early = len(self.lines) < LONG
        if (to is State.STOPPED and is_early) or (to is State.SENT and not self.fold.progress().finished):
            return revision
        self.advance(to, revision)
        return revision

    @rule(target=seen)
    @precondition(lambda self: State.SENDING in MOVES[self.campaign.state])
    def goes_on(self) -> int:
        """Resumed by somebody, or another wave."""
        revision = self.campaign.revision
        assert self.advance(State.SENDING, revision)
        return revision

    @rule(revision=seen, to=some.sampled_from(list(State)))
    def somebody_clicks_late(self, revision: int, to: State) -> None:
        """A button of yesterday: done already, or refused; never done again."""
        before = self.campaign
        if revision < before.revision:
            assert not self.advance(to, revision)
            assert self.campaign is before

    @rule(batch=batches, gone=some.booleans(), who=by)
    def is_settled(self, batch: int, gone: bool, who: str) -> None:
        people = self.people(batch)
        was_uncertain = self.state(batch) is BatchState.UNCERTAIN
        settled = Settled(wave=0, batch=batch, at=self.now, gone=gone, by=who)
        assert self.append(settled) == was_uncertain
        assert not self.append(settled)
        if not was_uncertain:
            return
        if gone:
            self.accepted[batch] = tuple(people)
        else:
            self.on_its_way.difference_update(people)
            self.resent.update(people)

    # --- what holds, always -------------------------------------------------------------------------------

    @invariant()
    def the_sums_are_the_audience(self) -> None:
        told = self.fold.progress()
        counted = (
            told.pending + told.submitting + told.accepted + told.uncertain + told.rejected + told.skipped
        )
        assert counted == told.people
        assert told.people + sum(told.removed.values()) == (SIZE if self.fold.waves else 0)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        if not self.fold.waves:
            return
        wave = self.fold.waves[0]
        places = Counter(n for batch in range(len(wave.states)) for n in wave.people(batch))
        places.update(list(wave.rejected))
        places.update(wave.skipped)
        places.update(n for n, why in self.out.items() if why == "removed")
        assert len(places) == SIZE
        assert max(places.values()) == 1

    @invariant()
    def nobody_gets_two_letters_without_a_click(self) -> None:
        assert all(self.letters[n] <= 1 + self.resent[n] for n in self.letters)

    @invariant()
    def nothing_moves_backwards(self) -> None:
        if not self.fold.waves:
            return
        wave = self.fold.waves[0]
        for batch, people in self.accepted.items():
            assert wave.states[batch] in (BatchState.ACCEPTED, BatchState.EMPTY)
            assert tuple(wave.people(batch)) == people
        for number, why in self.out.items():
            assert why == "removed" or number in getattr(wave, why)
        assert all(new & old == old for old, new in zip(self.bits, self.fold.bits, strict=True))
        self.bits = list(self.fold.bits)
        if self.departed:
            assert self.campaign.state not in BEFORE_DEPARTURE

    @invariant()
    def who_may_have_it_is_in_no_claimable_batch(self) -> None:
        if self.fold.waves:
            wave = self.fold.waves[0]
            for batch in wave.claimable(datetime.max.replace(tzinfo=UTC)):
                assert not self.on_its_way & set(wave.people(batch))

    @invariant()
    def the_lines_tell_the_same(self) -> None:
        again = self.told_again()
        assert again.progress() == self.fold.progress()
        assert again.bits == self.fold.bits
        assert again.submitting() == self.fold.submitting()
        for one, other in zip(again.waves, self.fold.waves, strict=True):
            assert list(one.states) == list(other.states)
            assert one.until == other.until


Delivering.TestCase.settings = settings(max_examples=50, stateful_step_count=50, deadline=None)
TestDelivering = Delivering.TestCase


@pytest.mark.parametrize("over", sorted(OVER))
def test_what_is_over_stays_over(over: State) -> None:
    assert MOVES[over] == frozenset()


def reachable(start: State, goes: Callable[[State], frozenset[State]]) -> set[State]:
    found: set[State] = set()
    left = [start]
    while left:
        for to in goes(left.pop()) - found:
            found.add(to)
            left.append(to)
    return found


def test_every_state_can_be_reached_and_every_running_one_ended() -> None:
    assert reachable(State.DRAFT, MOVES.__getitem__) == set(State)
    for state in set(State) - OVER - {State.DRAFT}:
        assert reachable(state, MOVES.__getitem__) & (OVER | {State.SENT})
