"""One campaign's batches on their way out: claim, build, post, record."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot import ports
from bot.core import facts, planning, working_hours
from bot.core.addresses import canonical
from bot.core.campaigns import Campaign, State
from bot.core.contacts import Contact
from bot.core.delivery import Fold
from bot.core.letters import Composed, Letter
from bot.core.strain import Strain
from bot.services.culprits import Found, Search
from bot.services.letters import Correspondence

log = logging.getLogger("postillon")

T = TypeVar("T")

BUSY_SECONDS = 60.0  # after a trial nobody answered
STOPPED = ports.NotTaken(seconds=0, why="stopped")  # a trial nobody waits for any more


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """One batch, built and not claimed. `people` by their place in the request, which is None where nobody
    is left; `addresses` are theirs, canonical; `skipped` were suppressed since the wave was opened."""

    batch: int
    people: Sequence[int]
    addresses: Sequence[str]
    skipped: tuple[int, ...]
    request: ports.Request | None


@dataclass(kw_only=True)
class Posting:
    """The batches of one wave, posted from several threads. `refused` is set once SendGrid refuses us as
    a whole: no further batch is claimed. `before` and `strain`: how its requests fared until this visit, and
    fare in it."""

    store: ports.Store
    mailer: ports.Mailer
    letters: Correspondence
    clock: ports.Clock
    campaign: Campaign
    wave: int
    letter: Letter
    composed: Composed
    stopped: threading.Event
    refused: ports.Refused | None = None
    waits: datetime | None = None  # the mail service asked for time: nobody claims before
    damaged: ports.Unreadable | None = None  # what we keep of it: nothing more is claimed
    failed: bool = False  # a defect: nothing is tried again at once
    unwritable: ports.Unwritable | None = None  # the disk takes nothing: nothing more is claimed
    unrecorded: list[facts.BatchFact] = field(default_factory=list)  # what it did not take, oldest first
    before: Strain = field(init=False)
    strain: Strain = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.before = self.strain = self._read(lambda fold: fold.waves[self.wave].strain)

    def claimable(self) -> list[int]:
        """In a paced wave one, when its turn has come."""
        now = self.clock.now()

        def question(fold: Fold) -> list[int]:
            wave = fold.waves[self.wave]
            if not wave.per_hour:
                return wave.claimable(now)
            turn = wave.next_turn(now)
            is_now = (turn is None or turn <= now) and self._goes_on_at(fold, now) <= now
            return wave.claimable(now)[:1] if is_now else []

        return self._read(question)

    def at_once(self, most: int) -> int:
        """Requests that may be under way: after a failure one, until one is taken."""
        return 1 if self.strain.is_failing else most

    def next_visit(self, otherwise: datetime) -> datetime:
        """When there will be something to claim."""
        now = self.clock.now()

        def question(fold: Fold) -> tuple[datetime | None, datetime | None, datetime]:
            wave = fold.waves[self.wave]
            turn = wave.next_turn(now)
            ready_at = max(turn or now, self.waits or now, now)
            return turn, wave.next_claim(now), self._goes_on_at(fold, ready_at)

        turn, until, goes_on_at = self._read(question)
        ahead = [moment for moment in (self.waits, turn, goes_on_at) if moment and moment > now]
        return max(ahead) if ahead else self.waits or until or otherwise

    def _goes_on_at(self, fold: Fold, now: datetime) -> datetime:
        """A reminder that takes hours rests over the night."""
        if not fold.waves[self.wave].per_hour:
            return now
        return working_hours.goes_on_at(self.campaign, self.wave, now)

    def _read(self, question: Callable[[Fold], T]) -> T:
        return self.store.ledgers.read(self.campaign.workspace, self.campaign.id, question)

    def _append(self, fact: facts.Fact) -> bool:
        return self.store.ledgers.append(self.campaign.workspace, self.campaign.id, fact)

    def goes_on(self, now: datetime | None = None) -> bool:
        """Asked before each claim, with its moment: Pause, Stop and the closing are honoured at once."""
        if self.refused or self.damaged or self.unwritable or self.waits or self.stopped.is_set():
            return False
        known = self.store.campaigns.get(self.campaign.workspace, self.campaign.id)
        return known.state is State.SENDING and not planning.is_closed(known, now or self.clock.now())

    def ready(self, batch: int) -> Ready:
        """Built before the claim: what can fail without the network has failed by then.

        For everybody first, and again without those who are suppressed: a wave was opened without them, so
        there is hardly ever one, and nobody is looked at twice.
        """
        people = self._read(lambda fold: fold.waves[self.wave].people(batch))
        addresses: dict[str, int] = {}
        request = self._build(people, addresses)
        skipped = {addresses.pop(one) for one in self._suppressed(addresses)} | self._silenced(people)
        if skipped:
            people = [number for number in people if number not in skipped]
        return Ready(
            batch=batch, people=people, addresses=tuple(addresses), skipped=tuple(sorted(skipped)),
            request=None if not people else self._build(people, addresses) if skipped else request,
        )  # fmt: skip

    def _build(
        self, numbers: Sequence[int], addresses: dict[str, int], *, trial: bool = False
    ) -> ports.Request:
        """Notes whose addresses it was built for, canonical."""

        def people() -> Iterator[tuple[int, Contact]]:
            recipients = self.store.campaigns.recipients
            for number, contact in recipients(self.campaign.workspace, self.campaign, numbers):
                addresses[canonical(contact.email)] = number
                yield number, contact

        return self._written(people(), trial=trial)

    def _written(self, people: Iterable[tuple[int, Contact]], *, trial: bool) -> ports.Request:
        addressed = self.letters.addressed(self.campaign, self.composed, people, self.wave)
        return self.mailer.build(
            self.letter, self.composed, addressed, campaign=self.campaign.id, wave=self.wave, trial=trial
        )

    def _silenced(self, people: Sequence[int]) -> set[int]:
        """Who needs this letter no more, since the wave was opened or since it was in doubt."""
        return self._read(lambda fold: fold.needless(self.wave, people))

    def _suppressed(self, addresses: Iterable[str]) -> list[str]:
        return list(self.store.suppressions.among(self.campaign.workspace, addresses))

    def post(self, ready: Ready) -> facts.BatchFact | None:
        """Claim and send. What became of it is for `record`; None where nothing left."""
        while self.goes_on(at := self.clock.now()) and self._claim(ready, at):
            if not self._is_stale(ready):
                return self._fact(ready, self.mailer.post(ready.request)) if ready.request else None
            now = self.clock.now()
            self._keep(facts.Returned(wave=self.wave, batch=ready.batch, at=now, until=now, why="stale"))
            ready = self.ready(ready.batch)
        return None

    def _is_stale(self, ready: Ready) -> bool:
        """Asked once the batch is ours and nobody else changes it: is it still for these people, and has
        none of them unsubscribed since it was built?"""
        people = self._read(lambda fold: fold.waves[self.wave].people(ready.batch))
        if list(people) != list(ready.people) or self._silenced(people):
            return True
        return bool(self._suppressed(ready.addresses))

    def record(self, fact: facts.BatchFact) -> Ready | None:
        """The batch without those who were refused, where some were: it is pending again."""
        self._keep(fact)
        return self.ready(fact.batch) if isinstance(fact, facts.Rejected) else None

    def _keep(self, fact: facts.BatchFact) -> None:
        """What a full disk does not take is known all the same: it is written down when there is room."""
        try:
            self._append(fact)
        except ports.Unwritable:
            self.unrecorded.append(fact)
            raise

    def _claim(self, ready: Ready, at: datetime) -> bool:
        """Durable when this returns True; False where another claim was first."""
        return self._append(
            facts.Claimed(wave=self.wave, batch=ready.batch, at=at, skipped=ready.skipped)
        )  # fmt: skip

    def _fact(self, ready: Ready, outcome: ports.Outcome) -> facts.BatchFact:
        """What is to be written down; whoever asks for the next turn knows already how this one ended."""
        wave, batch, people, now = self.wave, ready.batch, ready.people, self.clock.now()
        match outcome:
            case ports.Taken(message_id=message_id):
                fact: facts.BatchFact = facts.Accepted(wave=wave, batch=batch, at=now, message_id=message_id)
            case ports.SomeRefused(positions=positions) if max(positions) < len(people):
                named = {people[place]: reason for place, reason in positions.items()}
                fact = facts.Rejected(wave=self.wave, batch=batch, at=now, people=named)
            case ports.NotTaken(seconds=seconds, why=why):
                return self._not_taken(batch, seconds, why)
            case ports.Refused() | ports.SomeRefused():
                return self._refused(ready, _as_a_whole(outcome))
            case ports.Unknown(why=why):
                fact = facts.Uncertain(wave=self.wave, batch=batch, at=now, why=why)
        self._learn(fact)
        return fact

    def _learn(self, fact: facts.BatchFact) -> None:
        with self._lock:
            self.strain = self.strain.after(fact)
            if isinstance(fact, facts.Uncertain) and self.strain.wait:
                self._wait_until(fact.at + self.strain.wait)

    def _wait_until(self, moment: datetime) -> None:
        self.waits = max(self.waits or moment, moment)

    def _not_taken(self, batch: int, seconds: float, why: str) -> facts.Returned:
        """A moment the service named is kept; one that is away is tried again, less and less often."""
        now = self.clock.now()
        fact = facts.Returned(wave=self.wave, batch=batch, at=now, until=now, why=why)
        with self._lock:
            self.strain = self.strain.after(fact)
            wait = timedelta(seconds=seconds)
            until = now + (max(wait, self.strain.patience) if why == "unreachable" else wait)
            self._wait_until(until)
        return replace(fact, until=until)

    # --- refused --------------------------------------------------------------------------------------

    def _refused(self, ready: Ready, refused: ports.Refused) -> facts.BatchFact:
        """Nothing left. Where the letter is blamed, some of its people may be instead."""
        if refused.why != "letter":
            return self._give_back(ready.batch, refused)
        found = Search(trial=self._trial, plain=self._plain).among(ready.people, refused)
        log.info(
            "a refusal looked into campaign=%s batch=%d people=%d", self.campaign.id, ready.batch,
            len(found.people),
        )  # fmt: skip
        return self._blamed(ready.batch, found, refused)

    def _blamed(self, batch: int, found: Found, refused: ports.Refused) -> facts.BatchFact:
        match found.ended:
            case ports.Taken():  # a trial that was delivered: these letters left, nobody asked for it
                return facts.Uncertain(wave=self.wave, batch=batch, at=self.clock.now(), why="unreadable")
            case ports.Refused() as other if not found.people:
                return self._give_back(batch, other)
            case ports.NotTaken(seconds=seconds, why=why) if not found.people:
                return self._not_taken(batch, seconds, why)
            case ports.Unknown() if not found.people:
                return self._not_taken(batch, BUSY_SECONDS, "busy")
        if not found.people:
            return self._give_back(batch, refused)
        if not found.is_all and found.ended is None:
            self._give_back(batch, refused)  # there may be more of them than can be asked for
        fact = facts.Rejected(wave=self.wave, batch=batch, at=self.clock.now(), people=found.people)
        self._learn(fact)
        return fact

    def _give_back(self, batch: int, refused: ports.Refused) -> facts.Returned:
        now = self.clock.now()
        fact = facts.Returned(wave=self.wave, batch=batch, at=now, until=now, why=refused.why)
        with self._lock:
            self.refused = self.refused or refused
            self.strain = self.strain.after(fact)
        return fact

    def _trial(self, people: Sequence[int]) -> ports.Outcome:
        return self.mailer.post(self._build(people, {}, trial=True)) if self.goes_on() else STOPPED

    def _plain(self) -> ports.Outcome:
        """The letter to ourselves, by a name in plain letters: refused, it is not for anybody's name."""
        ourselves = Contact(row=0, email=self.campaign.sender.address, first_name="Anna", last_name="Martin")
        return self.mailer.post(self._written([(0, ourselves)], trial=True)) if self.goes_on() else STOPPED


def _as_a_whole(outcome: ports.Refused | ports.SomeRefused) -> ports.Refused:
    """A place beyond the request is no place of ours: nothing left, and nobody can be named."""
    if isinstance(outcome, ports.Refused):
        return outcome
    return ports.Refused(why="letter", detail=next(iter(outcome.positions.values()), ""))
