"""Campaigns in turn, until so many kills; then the rest is sent, and the books are compared."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic

from bot.core.campaigns import Campaign, State, move
from bot.core.contacts import Contact
from bot.core.ids import CampaignId
from bot.core.letters import Sender
from bot.core.people import Language
from bot.ports import Store
from storage import open_store
from tests.kills.books import Fates, fates, status, strangers, wrong_at_the_end, wrong_meanwhile
from tests.kills.moments import Fate, Moment
from tests.kills.nursery import Nursery
from tests.kills.sink import ANSWERS, Letter, Sink
from tests.kills.wiring import HOME, OWNER

BODY = "Bonjour {{prénom}},\n\n[Donner mon avis]({{lien}})\n\nMerci, {{nom}} de {{ville|partout}}."
PATIENCE = 180.0  # seconds for one life to come to its moment, or to send what is left


@dataclass(kw_only=True)
class Told:
    """What was done, and everything that is wrong."""

    kills: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    campaigns: int = 0
    letters: int = 0
    resumed: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    torn: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Run:
    """`say` is told of each campaign. Everything is in `folder`."""

    def __init__(
        self, folder: Path, nursery: Nursery, *, people: int, seed: int,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._folder, self._nursery, self._people, self._say = folder, nursery, people, say
        self._rng = random.Random(seed)
        self._told = Told()
        self._known: dict[Letter, int] = {}
        self._campaigns: list[CampaignId] = []

    def until(self, kills: int) -> Told:
        began = monotonic()
        sink = Sink(random.Random(self._rng.random()), ANSWERS)
        try:
            while self._told.kills < kills and not self._told.wrong:
                self._schedule()
                self._send(sink, kills)
            self._compare(sink)
        finally:
            sink.close()
        self._told.answers, self._told.torn = sink.records.answers, sink.records.torn
        self._told.seconds = monotonic() - began
        return self._told

    def _schedule(self) -> None:
        number = len(self._campaigns)
        people = [
            Contact(row=n + 2, email=f"c{number}.p{n}@example.com", first_name=f"Zoé {n}", last_name="Leroy")
            for n in range(self._people)
        ]
        with opened(self._folder) as store:
            campaign = scheduled(store, f"cmp_{number}", people)
        self._campaigns.append(campaign.id)
        self._known |= {(campaign.id, one.email): n for n, one in enumerate(people)}
        self._told.campaigns, self._told.letters = len(self._campaigns), len(self._known)

    def _send(self, sink: Sink, kills: int) -> None:
        """Lives of this campaign until it is at its end, or everybody was killed who is to be."""
        while not self._told.wrong:
            ended = self._life(sink, is_last=self._told.kills == kills)
            self._look(sink)
            if ended:
                break
        self._say(f"{self._campaigns[-1]}: {self._told.kills} kills")

    def _life(self, sink: Sink, *, is_last: bool) -> bool:
        """True where the campaign came to its end before its sender did."""
        moment = Moment.any(self._rng)
        pid = self._nursery.start("deliver", folder=self._folder, url=sink.url)
        if not is_last:
            fate = Fate(moment=moment, kill=partial(self._nursery.kill, pid))
            sink.moment = fate.step
            fate.begin()
        if self._is_idle(pid):
            return True
        self._told.kills += 1
        self._told.moments[moment.name] += 1
        return False

    def _is_idle(self, pid: int) -> bool:
        """Until it said so, or was killed. Over and buried in either case."""
        while words := self._nursery.next_word(PATIENCE):
            if words == ["idle"] and self._nursery.kill(pid):
                self._nursery.bury()
                return True
            if words[0] == "buried":
                return False
            self._hear(words)
        raise AssertionError(f"neither an end nor a kill in {PATIENCE:g} s")

    def _hear(self, words: list[str]) -> None:
        self._told.resumed += words[0] == "resumed"

    def _look(self, sink: Sink) -> None:
        """Between two lives, as the ledger stands: before anybody settles what was in flight."""
        with opened(self._folder) as store:
            found = self._fates(store, self._campaigns[-1])
        self._told.wrong += wrong_meanwhile(found, sink.records)

    def _fates(self, store: Store, campaign: CampaignId) -> Fates:
        return fates(store, store.campaigns.get(HOME, campaign))

    def _compare(self, sink: Sink) -> None:
        told = status(self._folder)
        with opened(self._folder) as store:
            for campaign in self._campaigns:
                found = self._fates(store, campaign)
                self._told.sums += found.sums()
                self._told.wrong += wrong_at_the_end(found, told[campaign], self._people, sink.records)
        self._told.wrong += strangers(self._known, sink.records)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """Between two lives only: the folder has one owner."""
    store = open_store(f"tinydb:{folder}")
    try:
        yield store
    finally:
        store.close()


def scheduled(store: Store, name: str, people: list[Contact]) -> Campaign:
    """A campaign that leaves now."""
    now = datetime.now(UTC)
    draft = Campaign(
        workspace=HOME, id=CampaignId(name), owner=OWNER, seed="5eed", created_at=now,
        language=Language.FRENCH, zone="Europe/Paris", name="Satisfaction", link="https://forms.example/s/1",
        sender=Sender(address="enquetes@studio-nova.example", name="Studio Nova"), subject="Votre avis",
        body=BODY, reason="Vous figurez parmi les contacts de Studio Nova",
    )  # fmt: skip
    store.campaigns.add(HOME, draft)
    audience = store.campaigns.fix_audience(HOME, draft.id, people)
    named = move(
        draft, State.SCHEDULED, audience=audience, audience_size=len(people), send_at=now, scheduled_at=now
    )
    store.campaigns.advance(HOME, named, draft.revision, wake_at=now)
    return named
