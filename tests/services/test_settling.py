"""Settling: by several at once, across a crash, across a restart, and for nobody but the owner."""

import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import ports, wiring
from bot.core import campaigns as campaign_rules
from bot.core.campaigns import Campaign, State
from bot.core.delivery import BATCH
from bot.core.facts import Accepted, Claimed, Events, Happened, Settled, Uncertain, WaveOpened
from bot.core.ids import MemberId
from bot.core.inbox import MessageRef
from bot.core.lists import Shared
from bot.core.people import Member
from bot.core.sentences import Refusal, Stale
from bot.core.settling import PATIENCE, Log, Question, mark, subject
from bot.mail import SendGridMailer
from bot.services import Services
from bot.settings import Settings
from storage import open_store
from tests.storage.records import (
    ANNA,
    BOB,
    ELSEWHERE,
    HOME,
    NOON,
    contact_list,
    draft,
    keep_campaign,
    keep_list,
    people,
)

SIZE = 3 * BATCH + 5
AUDIENCE = people(SIZE)


@dataclass
class Watch:
    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def goes_by(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Slack:
    """What was shown and said, in order; `away`: nothing reaches anybody."""

    questions: list[Question] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    away: bool = False

    def show_question(self, member: Member, campaign: Campaign, question: Question) -> None:
        if self.away:
            raise ports.Unreachable("away")
        self.questions.append(question)

    def say(self, member: Member, said: Any) -> None:
        self.said.append(said.key)

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


@dataclass
class MailLog:
    """Answers as told; remembers whom it was asked about."""

    says: bool | ports.Refused | ports.NotTaken = False
    asked: list[str] = field(default_factory=list)

    def holds(self, email: str, *, campaign: str, since: datetime) -> bool | ports.Refused | ports.NotTaken:
        self.asked.append(email)
        return self.says


@dataclass
class House:
    folder: Path
    pools: wiring.Pools
    clock: Watch = field(default_factory=Watch)
    slack: Slack = field(default_factory=Slack)
    log: MailLog = field(default_factory=MailLog)
    admins: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.opens()

    def opens(self) -> None:
        self.store = open_store(f"tinydb:{self.folder}")
        settings = Settings.for_playground(
            slack_bot_token="xoxb-nowhere", slack_app_token="xapp-nowhere", sendgrid_api_key="SG.nowhere",
            mail_from="Studio Nova <enquetes@studio-nova.example>",
            mail_postal_address="12 rue des Tanneurs, 69002 Lyon", public_url="https://postillon.example",
        )  # fmt: skip
        policy = replace(settings.policy(self.store.secret("tokens")), admins=self.admins)
        self.services: Services = wiring.wired(
            self.store, policy, self.pools, cast("AsyncWebClient", None), cast("SendGridMailer", None),
            cast("Any", self.slack), self.clock,
        )  # fmt: skip
        self.services.settling.logs.mail_log = self.log

    def restarts(self) -> None:
        self.store.close()
        self.slack = Slack()
        self.opens()

    def sweeps(self) -> None:
        self.services.settling.sweep(self.clock.now())

    @property
    def campaign(self) -> Campaign:
        return self.store.campaigns.all(HOME)[0]

    def appends(self, *facts: Any) -> None:
        for fact in facts:
            assert self.store.ledgers.append(HOME, self.campaign.id, fact), fact

    def departs(self, *lost: int, state: State = State.SENT) -> None:
        """A campaign of four batches: these are in doubt, the others accepted."""
        keep_list(self.store, contact_list(count=2))
        kept = keep_campaign(self.store, draft(), AUDIENCE)
        gone = replace(
            kept, list_id=contact_list().id, revision=kept.revision + 1, state=state, departed_at=NOON
        )
        self.store.campaigns.save(HOME, gone, kept.revision)
        self.appends(WaveOpened(wave=0, at=NOON, audience_size=SIZE))
        for batch in range(4):
            self.appends(Claimed(wave=0, batch=batch, at=NOON))
            if batch in lost:
                self.appends(Uncertain(wave=0, batch=batch, at=NOON, why="reset"))
            else:
                self.appends(Accepted(wave=0, batch=batch, at=NOON))

    def counts(self) -> dict[str, int]:
        progress = self.services.campaigns.progress(self.campaign)
        return {
            "pending": progress.pending, "accepted": progress.accepted, "uncertain": progress.uncertain,
        }  # fmt: skip

    def question(self) -> Question:
        return self.services.settling.question(anna(), self.campaign.id)


def anna(**changes: Any) -> Member:
    return replace(Member(workspace=HOME, id=ANNA, name="Anna"), **changes)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Inside the running loop, like the composition root."""
    pools = wiring.Pools.open()
    house = House(folder=tmp_path / "data", pools=pools)
    yield house
    pools.close()
    house.store.close()


async def test_eight_at_once_settle_each_batch_once(house: House) -> None:
    house.departs(0, 1, 2, 3)
    seen = mark(house.question().doubts)
    settling, campaign = house.services.settling, house.campaign
    house.appends(
        Events(wave=0, items=((0, int(Happened.DELIVERED), 0), (SIZE - 1, int(Happened.BOUNCED), 0)))
    )
    together = threading.Barrier(8)

    def act(number: int) -> str:
        together.wait(10)
        try:
            if number < 3:
                settling.resend(anna(), campaign.id, seen)
            elif number < 5:
                settling.settle(anna(), campaign.id, seen)
            else:
                settling.learned(HOME, campaign.id)
        except Stale as stale:
            return stale.sentence.key
        return "done"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(act, range(8)))
    assert answers[:5].count("done") <= 1
    house.sweeps()
    settled = [one for one in house.store.log.read(HOME) if one.verb in ("settled", "resent")]
    counts = house.counts()
    assert sum(counts.values()) == SIZE
    in_doubt = 0 if "done" in answers[:5] else 2 * BATCH  # an event was first: nobody saw this question
    assert counts["uncertain"] == in_doubt
    assert sum(int(one.about["people"]) for one in settled) == SIZE - in_doubt


async def test_a_crash_between_the_click_and_the_departure_forgets_nobody(house: House) -> None:
    house.departs(1)
    house.appends(Settled(wave=0, batch=1, at=house.clock.now(), gone=False, by=ANNA))
    assert house.campaign.state is State.SENT
    house.restarts()
    house.clock.goes_by(seconds=30)
    house.sweeps()
    assert house.campaign.state is State.SENDING
    assert house.store.campaigns.due(house.clock.now()) == [(HOME, house.campaign.id)]
    assert house.counts() == {"pending": BATCH, "accepted": SIZE - BATCH, "uncertain": 0}


async def test_found_again_long_after_it_is_asked_about(house: House) -> None:
    """A copy of the folder from yesterday sends nothing by itself."""
    house.departs(1)
    house.appends(Settled(wave=0, batch=1, at=house.clock.now(), gone=False, by=ANNA))
    house.restarts()
    house.clock.goes_by(minutes=16)
    house.sweeps()
    assert house.campaign.state is State.HELD
    assert house.store.campaigns.next_wake() is None
    assert house.slack.said == ["campaigns.said.halted"]


async def test_waiting_survives_a_restart_and_the_end_is_told_once(house: House) -> None:
    house.departs(0)
    house.sweeps()
    house.services.settling.wait(anna(), house.campaign.id, mark(house.question().doubts))
    house.restarts()
    assert house.question().waits
    assert not house.question().asks
    house.clock.goes_by(minutes=2)
    house.sweeps()
    assert len(house.log.asked) == 1, "somebody looks all the same"
    house.clock.goes_by(hours=24)
    house.sweeps()
    house.sweeps()
    assert house.slack.said == ["settling.said.over"]
    house.restarts()
    house.clock.goes_by(hours=1)
    house.sweeps()
    assert house.question().is_over
    assert house.slack.said == []


async def test_after_a_day_nobody_looks_any_more(house: House) -> None:
    house.departs(0)
    house.clock.goes_by(hours=24)
    house.sweeps()
    assert house.slack.said == ["settling.said.over"]
    assert house.log.asked == []


async def test_the_question_is_shown_when_it_changes_and_not_at_each_sweep(house: House) -> None:
    house.departs(0)
    for _ in range(3):
        house.sweeps()
    assert len(house.slack.questions) == 1
    house.store.messages.note(HOME, MessageRef(subject=subject(house.campaign.id), channel="D1", ts="1.0"))
    house.slack.away = True
    house.appends(Events(wave=0, items=((7, int(Happened.PROCESSED), 0),)))
    house.sweeps()
    house.slack.away = False
    house.sweeps()
    house.sweeps()
    assert [bool(one.doubts) for one in house.slack.questions] == [True, False]
    assert [(one.by, one.people) for one in house.slack.questions[-1].settlements] == [("events", BATCH)]


async def test_a_message_that_asks_still_after_a_restart_is_closed(house: House) -> None:
    house.departs(0)
    house.store.messages.note(HOME, MessageRef(subject=subject(house.campaign.id), channel="D1", ts="1.0"))
    house.appends(Settled(wave=0, batch=0, at=house.clock.now(), gone=True, by="events"))
    house.restarts()
    house.sweeps()
    house.sweeps()
    assert [bool(one.doubts) for one in house.slack.questions] == [False]


async def test_the_log_says_who_settled(house: House) -> None:
    house.departs(0, 3)
    house.log.says = True
    house.clock.goes_by(minutes=2)
    house.sweeps()
    assert house.counts() == {"pending": 0, "accepted": SIZE, "uncertain": 0}
    assert len(house.log.asked) == 2
    (noted,) = [one for one in house.store.log.read(HOME) if one.verb == "settled"]
    assert (noted.by, noted.about) == ("log", {"people": BATCH + 5})


async def test_a_busy_log_is_left_alone_for_as_long_as_it_asks(house: House) -> None:
    house.departs(0)
    house.log.says = ports.NotTaken(seconds=90, why="busy")
    house.clock.goes_by(minutes=2)
    for _ in range(4):
        house.sweeps()
        house.clock.goes_by(seconds=30)
    assert len(house.log.asked) == 2
    assert house.question().clue.log is Log.AWAY


async def test_one_visit_asks_a_few_questions(house: House) -> None:
    house.departs(0, 1, 2, 3)
    house.services.settling.logs.most = 3
    house.clock.goes_by(minutes=2)
    house.sweeps()
    assert len(house.log.asked) == 3
    house.sweeps()
    assert len(set(house.log.asked)) == 4


async def test_a_paused_campaign_resends_once_resumed(house: House) -> None:
    house.departs(0, state=State.PAUSED)
    house.services.settling.resend(anna(), house.campaign.id, mark(house.question().doubts))
    assert house.campaign.state is State.PAUSED
    assert house.store.campaigns.next_wake() is None
    assert house.counts()["pending"] == BATCH


@pytest.mark.parametrize("state", [State.STOPPED, State.CANCELLED, State.FAILED])
async def test_what_has_ended_resends_nothing(house: House, state: State) -> None:
    house.departs(0, state=state)
    with pytest.raises(Stale):
        house.services.settling.resend(anna(), house.campaign.id, mark(house.question().doubts))
    assert house.counts()["uncertain"] == BATCH


async def test_counts_for_who_looks_after_the_bot_and_people_for_nobody_else(house: House) -> None:
    house.admins = frozenset({BOB})
    house.restarts()
    house.departs(0)
    settling, known = house.services.settling, house.campaign.id
    bob = Member(workspace=HOME, id=BOB)
    assert settling.question(bob, known).people == BATCH
    with pytest.raises(Refusal) as refused:
        settling.people(bob, known)
    assert refused.value.sentence.key == "settling.not_yours"
    for stranger in (
        replace(bob, workspace=ELSEWHERE),
        replace(bob, id=MemberId("U3")),
        replace(bob, is_guest=True),
    ):
        for ask in (settling.question, settling.people, settling.download):
            with pytest.raises(Refusal) as refused:
                ask(stranger, known)
            assert refused.value.sentence.key == "campaigns.unknown"
    assert len(settling.people(anna(), known).contacts) == 15
    assert settling.people(anna(), known, page=10_000).page == 66


async def test_a_list_lent_for_its_use_shows_no_address(house: House) -> None:
    house.departs(0)
    theirs = replace(house.campaign, owner=BOB, revision=house.campaign.revision + 1)
    house.store.campaigns.save(HOME, theirs, house.campaign.revision)
    lists = house.services.lists
    known = lists.get(anna(), contact_list().id)
    lists.share(anna(), known.id, known.revision, Shared(use=(BOB,)))
    bob = Member(workspace=HOME, id=BOB)
    assert not house.services.settling.question(bob, theirs.id).names_people
    with pytest.raises(Refusal) as refused:
        house.services.settling.people(bob, theirs.id)
    assert refused.value.sentence.key == "settling.no_addresses"


async def test_the_clock_may_advance_the_record_while_somebody_waits(house: House) -> None:
    """The wake-up of a campaign on its way is the clock's: waiting leaves it as it is."""
    house.departs(0, state=State.SENDING)
    record = house.campaign
    house.store.campaigns.advance(HOME, record, record.revision, wake_at=NOON + PATIENCE)
    house.services.settling.wait(anna(), record.id, mark(house.question().doubts))
    assert house.store.campaigns.next_wake() == NOON + PATIENCE
    assert house.campaign == campaign_rules.edit(record, waited_at=house.clock.now())
