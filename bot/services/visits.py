"""Who followed a letter's link, noted without keeping them waiting.

A visit stays in memory for the seconds it takes to tell a person from a machine (`bot.core.robots`), and for
two minutes at most where the letter's delivery is still to be told of; then all that wait are kept together,
with one write for each campaign. What is in memory is kept at shutdown, and lost where the process is killed.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from bot import ports
from bot.core.delivery import Fold
from bot.core.facts import Events, Happened, Item
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.robots import QUICK, is_hasty, is_machine, is_sweeping
from bot.core.tokens import Bearer
from bot.services.following import Following
from bot.services.letters import TEST

log = logging.getLogger("postillon")

ROOM = 100_000  # visits, and looks at other links, that may wait
PATIENCE = timedelta(minutes=2)  # for the mail service to tell of a delivery
CLICKED, SCANNED = int(Happened.CLICKED), int(Happened.SCANNED)

Key = tuple[WorkspaceId, CampaignId]
Letter = tuple[int, int]  # recipient, wave


class Visit(NamedTuple):
    letter: Letter
    at: datetime
    is_machine: bool


class Seen(NamedTuple):
    """What the ledger says of one letter."""

    bits: int
    delivered_at: datetime | None
    left_at: datetime | None


@dataclass(kw_only=True)
class Visits:
    store: ports.Store
    following: Following
    clock: ports.Clock
    policy: ports.Policy
    lost: int = 0  # visits for which there was no room
    _waiting: dict[Key, list[Visit]] = field(default_factory=dict)
    _looks: dict[tuple[Key, Letter], list[datetime]] = field(default_factory=dict)
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def followed(self, bearer: Bearer, agent: str) -> None:
        """GET of the letter's link to the questionnaire. Waits for nothing; a test letter's counts not."""
        if bearer.recipient == TEST or bearer.wave is None:
            return
        visit = Visit((bearer.recipient, bearer.wave), self.clock.now(), is_machine(agent))
        with self._lock:
            if self._count >= ROOM:
                self._lose()
                return
            self._count += 1
            self._waiting.setdefault((bearer.workspace, bearer.campaign), []).append(visit)

    def looked(self, bearer: Bearer) -> None:
        """Another way of opening a letter's links: the unsubscribe page was asked for, or only the head of
        the questionnaire's."""
        if bearer.recipient == TEST or bearer.wave is None:
            return
        place = (bearer.workspace, bearer.campaign), (bearer.recipient, bearer.wave)
        with self._lock:
            if len(self._looks) < ROOM:
                self._looks.setdefault(place, []).append(self.clock.now())
                del self._looks[place][:-2]  # the last two are enough

    def _lose(self) -> None:
        if not self.lost:
            log.warning("too many visits at once: some are not counted")
        self.lost += 1

    def sweep(self, now: datetime) -> None:
        self._settle(now)

    def leave(self) -> None:
        """Shutdown: everything is judged by what is known."""
        self._settle(self.clock.now(), is_last=True)

    def _settle(self, now: datetime, *, is_last: bool = False) -> None:
        with self._lock:
            waiting, self._waiting, self._count = self._waiting, {}, 0
            looks = dict(self._looks)
        for key, visits in waiting.items():
            try:
                left = self._judge(key, visits, looks, now, is_last=is_last)
            except ports.Missing:
                continue
            except (ports.Unwritable, ports.Unreadable) as why:
                log.warning("visits are kept later campaign=%s: %s", key[1], why)
                left = visits
            self._put_back(key, left)
        self._forget(looks, now)

    def _forget(self, looks: dict[tuple[Key, Letter], list[datetime]], now: datetime) -> None:
        """Found without the lock: whoever follows a link does not wait for it."""
        old = [place for place, at in looks.items() if now - at[-1] > PATIENCE + QUICK]
        with self._lock:
            for place in old:
                self._looks.pop(place, None)

    def _put_back(self, key: Key, visits: list[Visit]) -> None:
        if not visits:
            return
        with self._lock:
            self._waiting[key] = [*visits, *self._waiting.get(key, [])]
            self._count += len(visits)

    def _judge(
        self, key: Key, visits: list[Visit], looks: dict[tuple[Key, Letter], list[datetime]], now: datetime,
        *, is_last: bool,
    ) -> list[Visit]:  # fmt: skip
        """Keeps what can be told, and returns those that wait."""
        letters = {visit.letter for visit in visits}
        seen = self.store.ledgers.read(*key, partial(_seen, letters=letters))
        waiting: list[Visit] = []
        found: dict[int, list[Item]] = {}
        for visit in visits:
            known = seen.get(visit.letter)
            if known is None:
                continue  # no such recipient
            if not is_last and self._is_early(visit, known, now):
                waiting.append(visit)
                continue
            hasty = is_hasty(visit.at, known.delivered_at, known.left_at)
            sweeping = is_sweeping(visit.at, looks.get((key, visit.letter), ()))
            bit = SCANNED if visit.is_machine or hasty or sweeping else CLICKED
            number, wave = visit.letter
            found.setdefault(wave, []).append((number, bit, int(visit.at.timestamp())))
        told = [Events(wave=wave, items=tuple(items)) for wave, items in found.items()]
        if told and self.store.ledgers.learn(*key, told):
            self.following.learned(*key)
        return waiting

    def _is_early(self, visit: Visit, known: Seen, now: datetime) -> bool:
        """Something may still come that tells whose visit it was."""
        age = now - visit.at
        if visit.is_machine or known.bits & CLICKED or age < timedelta():  # or the clock was set back
            return False
        return age < (PATIENCE if self.policy.is_told and known.delivered_at is None else QUICK)


def _seen(fold: Fold, *, letters: Iterable[Letter]) -> dict[Letter, Seen]:
    found = {}
    for number, wave in letters:
        if not 0 <= number < fold.audience_size:
            continue
        seconds = fold.receipts.delivered_at(number)
        found[number, wave] = Seen(
            bits=fold.bits[number],
            delivered_at=datetime.fromtimestamp(seconds, UTC) if seconds else None,
            left_at=fold.waves[wave].claimed_for(number) if 0 <= wave < len(fold.waves) else None,
        )
    return found
