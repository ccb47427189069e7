"""What somebody must look at, told once: letters of which nothing is heard, bounces, complaints."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.facts import Accepted, Claimed, Events, Happened, WaveOpened
from bot.core.ids import MemberId
from bot.core.people import Language, Member
from bot.core.reminders import Reminder
from bot.core.sentences import Sentence
from bot.ports import Store
from bot.services.alarms import WATCHED, Alarms
from bot.services.operators import Operators
from bot.services.telling import Telling
from bot.texts import Say
from storage import open_store
from tests.services.mailroom import POLICY
from tests.services.posts import ANNA, AT, HERE, NOON, SIZE, THERE, Clock, sent

SAMIR = MemberId("U9SAMIR")


@dataclass
class Slack:
    said: list[tuple[str, Sentence]] = field(default_factory=list)

    def show_campaign(self, *_: object) -> None: ...

    def ask(self, member: Member, campaign: Campaign, progress: Progress, said: Sentence) -> None:
        self.said.append((member.id, said))

    def say(self, member: Member, said: Sentence) -> None:
        self.said.append((member.id, said))

    def post(self, channel: str, said: Sentence, language: Language) -> None:
        self.said.append((channel, said))


class Guard:
    """Watches over the letters. Time goes by for the mail service and for the guard's own watch alike."""

    def __init__(self, store: Store) -> None:
        self.store, self.slack, self.clock, self.seconds = store, Slack(), Clock(), 0.0
        policy = replace(POLICY, admins=(SAMIR,), support_channel="C0OPS")
        telling = Telling(store=store, messenger=cast("Any", self.slack), clock=self.clock, policy=policy)
        self.alarms = Alarms(store=store, operators=Operators(telling=telling), watch=lambda: self.seconds)
        self._starts()

    def _starts(self) -> None:
        self.alarms = replace(self.alarms, _seen={})

    def restarts(self) -> None:
        self._starts()

    def goes_by(self, **span: float) -> None:
        """Sweeps come every minute, at least for a while."""
        for _ in range(2):
            self.clock.goes_by(**{unit: count / 2 for unit, count in span.items()})
            self.seconds += timedelta(**span).total_seconds() / 2
            self.alarms.sweep(self.clock.at)
        self.alarms.sweep(self.clock.at)

    def jumps(self, **span: float) -> None:
        """The playground's clock is moved: no time passes really."""
        self.clock.goes_by(**span)
        self.alarms.sweep(self.clock.at)

    def has_heard_before(self, *, hours: float = 24) -> None:
        heard = NOON - timedelta(hours=hours)
        self.store.spaces.change(HERE, lambda space: replace(space, events_since=heard, events_at=heard))

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(whom, said.key) for whom, said in self.slack.said]


ALARM = [(ANNA, "events.silent"), (SAMIR, "events.silent.cure"), ("C0OPS", "events.silent.cure")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    yield store
    store.close()


@pytest.fixture
def guard(store: Store) -> Guard:
    return Guard(store)


def test_silence_after_events_came_before_is_told_once(guard: Guard) -> None:
    guard.has_heard_before()
    sent(guard.store)
    guard.goes_by(minutes=29)
    assert guard.told == []
    guard.goes_by(minutes=20)
    assert guard.told == ALARM
    guard.goes_by(hours=9)
    guard.restarts()
    guard.goes_by(hours=9)
    assert guard.told == ALARM


def test_where_no_event_ever_came_silence_says_nothing(guard: Guard) -> None:
    sent(guard.store)
    guard.goes_by(hours=9)
    guard.has_heard_before(hours=-9)  # since: the letters were sent before anybody listened
    guard.goes_by(hours=9)
    assert guard.told == []


def test_one_event_of_the_wave_is_enough(guard: Guard) -> None:
    guard.has_heard_before()
    campaign = sent(guard.store)
    told = Events(wave=0, items=((SIZE - 1, int(Happened.PROCESSED), AT),))
    guard.store.ledgers.learn(HERE, campaign.id, [told])
    guard.goes_by(hours=9)
    assert guard.told == []


def test_each_wave_is_told_of_once(guard: Guard) -> None:
    guard.has_heard_before()
    campaign = sent(guard.store)
    guard.goes_by(hours=2)
    later = NOON + timedelta(hours=2)
    for fact in (
        WaveOpened(wave=1, at=later, audience_size=SIZE),
        Claimed(wave=1, batch=0, at=later), Accepted(wave=1, batch=0, at=later),
    ):  # fmt: skip
        assert guard.store.ledgers.append(HERE, campaign.id, fact)
    guard.goes_by(hours=2)
    assert guard.told == [*ALARM, *ALARM]
    alarmed = guard.store.campaigns.get(HERE, campaign.id).alarmed
    assert alarmed == ("silent:0", "silent:1")


def test_letters_nobody_took_cannot_be_heard_of(guard: Guard) -> None:
    guard.has_heard_before()
    sent(guard.store, accepted=False)
    guard.goes_by(hours=9)
    assert guard.told == []


def test_after_three_days_nobody_would_know_what_to_look_for(guard: Guard) -> None:
    guard.has_heard_before()
    sent(guard.store)
    guard.clock.goes_by(days=4)
    guard.goes_by(hours=1)
    assert guard.told == []


def test_a_clock_that_jumps_leaves_events_the_time_to_arrive(guard: Guard) -> None:
    guard.has_heard_before()
    sent(guard.store)
    guard.jumps(hours=5)
    guard.jumps(hours=5)
    assert guard.told == []
    guard.seconds += WATCHED
    guard.jumps(minutes=1)
    assert guard.told == ALARM


def test_another_workspace_that_never_heard_anything_is_left_alone(guard: Guard) -> None:
    guard.has_heard_before()
    sent(guard.store, "cmp_b", THERE)
    guard.goes_by(hours=9)
    assert guard.told == []


def test_a_damaged_ledger_keeps_no_other_alarm_back(guard: Guard, tmp_path: Path) -> None:
    guard.has_heard_before()
    sent(guard.store)
    sent(guard.store, "cmp_broken")
    guard.store.close()
    (path,) = tmp_path.glob("data/campaigns/*cmp_broken.ledger")
    path.write_bytes(path.read_bytes().replace(b"claimed", b"clawing"))
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    again = Guard(store)
    again.goes_by(hours=2)
    assert again.told == ALARM
    store.close()


@pytest.mark.parametrize("language", list(Language))
def test_it_says_what_happened_and_where_to_look(guard: Guard, language: Language) -> None:
    guard.has_heard_before()
    sent(guard.store)
    guard.goes_by(hours=2)
    words = [Say(language)(said) for _, said in guard.slack.said]
    assert "Avis" in words[0]
    assert str(SIZE) in words[0]
    assert "Activity" in words[1]
    assert "/sendgrid/events" in words[1]


# --- shares ---------------------------------------------------------------------------------------------


def learns(guard: Guard, campaign: Campaign, **counts: int) -> None:
    """So many of its people have that fate, one after the other."""
    fates = [Happened[kind.upper()] for kind, count in counts.items() for _ in range(count)]
    items = tuple((number, int(fate), AT) for number, fate in enumerate(fates))
    guard.store.ledgers.learn(HERE, campaign.id, [Events(wave=0, items=items)])


def large(guard: Guard, state: State = State.SENT) -> Campaign:
    campaign = sent(guard.store, people=[f"p{number}@example.com" for number in range(100)])
    if state is State.SENDING:
        return campaign
    ended = rules.move(campaign, state, ended_at=NOON)
    guard.store.campaigns.advance(HERE, ended, campaign.revision, None)
    return ended


def told_of(kind: str) -> list[tuple[str, str]]:
    return [(ANNA, f"alarms.{kind}"), (SAMIR, f"alarms.cure.{kind}"), ("C0OPS", f"alarms.cure.{kind}")]


def test_too_many_bounces_are_told_once(guard: Guard) -> None:
    campaign = large(guard)
    learns(guard, campaign, delivered=90, bounced=4)
    guard.goes_by(minutes=5)
    assert guard.told == []
    learns(guard, campaign, delivered=90, bounced=8)
    guard.goes_by(minutes=5)
    guard.restarts()
    guard.goes_by(minutes=5)
    assert guard.told == told_of("bounces")


def test_complaints_are_told_once_beside_them_and_days_later(guard: Guard) -> None:
    campaign = large(guard)
    learns(guard, campaign, delivered=80, bounced=20)
    guard.goes_by(minutes=5)
    guard.goes_by(days=5)
    guard.store.ledgers.learn(HERE, campaign.id, [Events(wave=0, items=((1, int(Happened.COMPLAINED), AT),))])
    guard.goes_by(minutes=5)
    assert guard.told == [*told_of("bounces"), *told_of("complaints")]
    assert guard.store.campaigns.get(HERE, campaign.id).alarmed == ("bounces", "complaints")


def test_while_letters_leave_every_tenth_bounce_stops_them_once(guard: Guard) -> None:
    campaign = large(guard, State.SENDING)
    learns(guard, campaign, delivered=50, bounced=8)
    guard.goes_by(minutes=5)
    paused = guard.store.campaigns.get(HERE, campaign.id)
    assert paused.state is State.PAUSED
    assert paused.why is not None
    assert paused.why.key == "alarms.why"
    stopped = [(ANNA, "campaigns.said.paused"), *told_of("bounces")[1:]]
    assert guard.told == stopped
    resumed = rules.move(paused, State.SENDING, why=None)
    guard.store.campaigns.advance(HERE, resumed, paused.revision, None)
    guard.goes_by(minutes=5)
    assert guard.store.campaigns.get(HERE, campaign.id).state is State.SENDING
    assert guard.told == stopped


def test_a_reminder_that_is_stopped_is_told_with_its_own_letters(guard: Guard) -> None:
    campaign = large(guard, State.SENDING)
    reminded = rules.edit(campaign, reminders=(Reminder(days=4, wave=1, left_at=NOON),))
    guard.store.campaigns.advance(HERE, reminded, campaign.revision, None)
    for fact in (
        WaveOpened(wave=1, at=NOON, audience_size=100, removed={"answered": (0,)}, batch_size=60),
        Claimed(wave=1, batch=0, at=NOON), Accepted(wave=1, batch=0, at=NOON),
    ):  # fmt: skip
        assert guard.store.ledgers.append(HERE, campaign.id, fact)
    learns(guard, campaign, delivered=50, bounced=8)
    guard.goes_by(minutes=5)
    said = next(said for _, said in guard.slack.said if said.key == "campaigns.said.paused")
    assert (said.values["n"], said.values["left"]) == (60, 39)


def test_between_the_two_the_letters_go_on(guard: Guard) -> None:
    campaign = large(guard, State.SENDING)
    learns(guard, campaign, delivered=50, bounced=4)
    guard.goes_by(minutes=5)
    assert guard.store.campaigns.get(HERE, campaign.id).state is State.SENDING
    assert guard.told == told_of("bounces")


@pytest.mark.parametrize("language", list(Language))
def test_shares_are_said_with_what_to_do(guard: Guard, language: Language) -> None:
    learns(guard, large(guard), delivered=80, bounced=13)
    guard.goes_by(minutes=5)
    owner, operator, _ = (Say(language)(said) for _, said in guard.slack.said)
    assert "13" in owner
    assert {Language.FRENCH: "14\u00a0%" in owner, Language.ENGLISH: "(14%)" in owner}[language]
    assert "Suppressions > Bounces" in operator
