"""Retention where things go wrong in the very moment: a crash, a race, Slack away, nobody to ask."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot import ports
from bot.core import lists as list_rules
from bot.core.campaigns import Campaign, State
from bot.core.ids import ListId, MemberId
from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.retention import NOTICE, Asked, Standing, notice_of, since, uses
from bot.core.sentences import Refusal, Sentence, Stale
from bot.services.lists import Lists
from bot.services.people import People
from bot.services.retention import Retention
from storage import open_store
from tests.handlers.campaign_records import a_campaign
from tests.services.test_checks import POLICY
from tests.storage.records import ANNA, BOB, ELSEWHERE, HOME, NOON, contact_list, keep_list

DAYS = 100
SHORT = replace(POLICY, retention_days=DAYS, admins=())


class Dies(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@dataclass
class Ears:
    """Slack: who was shown what. `error`: why nobody is."""

    error: str = ""
    shown: list[tuple[str, Standing]] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    dies_at: Standing | None = None

    def show_retention(self, member: Member, asked: Asked) -> None:
        if self.error:
            raise ports.Unreachable(self.error)
        if asked.standing is self.dies_at:
            raise Dies
        self.shown.append((member.id, asked.standing))

    def show_list(self, *_: object, **__: object) -> None:
        if self.error:
            raise ports.Unreachable(self.error)

    def post(self, channel: str, said: Sentence, language: object) -> None:
        self.posted.append(said.key)

    def profile(self, *_: object) -> Member:
        raise ports.Unreachable("away")


@dataclass
class House:
    store: ports.Store
    ears: Ears
    now: datetime = NOON
    policy: Any = SHORT

    def retention(self) -> Retention:
        """As after a start."""
        clock, told = cast("Any", Clock(self)), cast("Any", self.ears)
        lists = Lists(store=self.store, exporter=cast("Any", None), messenger=told, clock=clock)
        people = People(store=self.store, messenger=told, clock=clock, policy=self.policy)
        return Retention(
            store=self.store, lists=lists, people=people, messenger=told,
            clock=clock, policy=self.policy,
        )  # fmt: skip

    def sweeps(self, **later: float) -> None:
        self.now += timedelta(**later)
        self.retention().sweep(self.now)

    def the_list(self) -> ContactList:
        return self.store.lists.get(HOME, ListId("lst_a"))

    def knows(self, member: MemberId, **what: Any) -> Member:
        known = Member(workspace=HOME, id=member, seen_at=self.now + timedelta(days=9_999), **what)
        return self.store.people.change(HOME, member, lambda _: known)


@dataclass
class Clock:
    house: House

    def now(self) -> datetime:
        return self.house.now


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    keep_list(store, contact_list())
    opened = House(store=store, ears=Ears())
    opened.knows(ANNA)
    yield opened
    store.close()


OPEN, KEPT, EXPIRED, DELETED = Standing.OPEN, Standing.KEPT, Standing.EXPIRED, Standing.DELETED


def test_it_is_asked_about_deleted_and_said_once(house: House) -> None:
    house.sweeps(days=DAYS - 7)
    house.sweeps(days=7)
    assert house.the_list().deleted_at == house.now
    assert house.ears.shown == [(ANNA, OPEN), (ANNA, EXPIRED)]
    house.sweeps(days=1)
    assert house.ears.shown == [(ANNA, OPEN), (ANNA, EXPIRED)], "once"


def test_dead_after_it_was_noted_and_before_it_was_done(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sweeps(days=DAYS - 7)
    with monkeypatch.context() as patched:

        def dies(*_: object) -> None:
            raise Dies

        patched.setattr(list_rules, "delete", dies)
        with pytest.raises(Dies):
            house.sweeps(days=7)
    assert house.the_list().is_there
    house.sweeps(hours=1)
    assert house.the_list().deleted_at == house.now
    assert house.ears.shown == [(ANNA, OPEN), (ANNA, EXPIRED)]


def test_dead_after_it_was_done_and_before_it_was_said(house: House) -> None:
    house.sweeps(days=DAYS - 7)
    house.ears.dies_at = EXPIRED
    with pytest.raises(Dies):
        house.sweeps(days=7)
    assert house.the_list().deleted_at == house.now
    house.ears.dies_at = None
    house.sweeps(hours=1)
    assert house.ears.shown[-1] == (ANNA, EXPIRED)


def test_dead_while_asking_it_is_the_same_question_again(house: House) -> None:
    house.ears.dies_at = OPEN
    with pytest.raises(Dies):
        house.sweeps(days=DAYS - 7)
    (before,) = house.store.spaces.get(HOME).notices.values()
    house.ears.dies_at = None
    house.sweeps(hours=1)
    (after,) = house.store.spaces.get(HOME).notices.values()
    assert after.at == before.at, "under which its message is found"
    assert after.deletes_at == house.now + NOTICE


def test_who_keeps_it_in_the_moment_of_its_deletion_wins(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sweeps(days=DAYS - 7)
    owner = house.store.people.get(HOME, ANNA)
    assert owner is not None
    delete = list_rules.delete

    def kept_first(known: ContactList, now: datetime) -> ContactList:
        house.retention().keep(owner, known.id)
        return delete(known, now)

    with monkeypatch.context() as patched:
        patched.setattr(list_rules, "delete", kept_first)
        house.sweeps(days=7)
    assert house.the_list().is_there
    house.sweeps(hours=1)
    assert house.the_list().is_there
    assert house.ears.shown[-1] == (ANNA, KEPT)
    assert EXPIRED not in dict(house.ears.shown).values()


def test_slack_away_keeps_it_as_long_as_it_must(house: House) -> None:
    house.ears.error = "timeout"
    house.sweeps(days=DAYS + 30)
    house.sweeps(days=30)
    assert house.the_list().is_there
    house.ears.error = ""
    house.sweeps(hours=1)
    asked = house.now
    house.ears.error = "timeout"
    house.sweeps(days=8)
    assert house.the_list().deleted_at == house.now
    house.sweeps(days=6)
    house.sweeps(days=6)
    assert house.the_list().deleted_at == house.now, "its seven days begin when it can be said"
    house.ears.error = ""
    house.sweeps(hours=1)
    assert house.ears.shown == [(ANNA, OPEN), (ANNA, EXPIRED)]
    assert house.now - asked > NOTICE


def test_who_can_never_be_told_is_not_asked(house: House) -> None:
    house.knows(BOB, is_admin=True)
    house.ears.error = "user_disabled"
    house.sweeps(days=DAYS - 7)
    house.sweeps(days=30)
    assert house.the_list().is_there, "nobody heard of it"


def test_where_nobody_is_left_the_support_channel_hears_it(house: House) -> None:
    house.policy = replace(house.policy, support_channel="C0HELP")
    house.knows(ANNA, is_deactivated=True)
    house.sweeps(days=DAYS - 7)
    house.sweeps(days=6)
    assert house.ears.posted == ["retention.nobody"]
    assert house.the_list().is_there
    house.sweeps(days=1)
    assert house.the_list().deleted_at == house.now


def test_without_anybody_at_all_nothing_is_deleted(house: House) -> None:
    house.knows(ANNA, is_deactivated=True)
    house.sweeps(days=DAYS - 7)
    house.sweeps(days=300)
    assert house.the_list().is_there


def test_an_admin_who_was_not_asked_decides_nothing(house: House) -> None:
    admin = house.knows(BOB, is_admin=True)
    house.sweeps(days=DAYS - 7)
    for act in (house.retention().keep, house.retention().delete):
        with pytest.raises(Refusal):
            act(admin, "lst_a")
    with pytest.raises(Refusal):
        house.retention().keep(replace(admin, workspace=ELSEWHERE), "lst_a")
    assert house.the_list().owner == ANNA


def test_a_second_click_finds_it_done(house: House) -> None:
    house.sweeps(days=DAYS - 7)
    owner = house.store.people.get(HOME, ANNA)
    assert owner is not None
    house.retention().delete(owner, "lst_a")
    with pytest.raises(Stale):
        house.retention().delete(owner, "lst_a")
    assert house.ears.shown == [(ANNA, OPEN), (ANNA, DELETED)]
    house.sweeps(days=1)
    assert house.ears.shown == [(ANNA, OPEN), (ANNA, DELETED)]


def test_a_setting_taken_back_answers_the_question(house: House) -> None:
    house.sweeps(days=DAYS - 7)
    house.policy = replace(house.policy, retention_days=0)
    house.sweeps(days=30)
    assert house.the_list().is_there
    assert house.ears.shown == [(ANNA, OPEN), (ANNA, KEPT)]


def test_a_new_owner_is_asked_anew(house: House) -> None:
    house.sweeps(days=DAYS - 7)
    house.knows(BOB)
    known = house.the_list()
    house.store.lists.save(HOME, list_rules.hand_over(known, BOB), known.revision)
    house.sweeps(days=6)
    house.sweeps(hours=1)
    assert house.ears.shown == [(ANNA, OPEN), (ANNA, KEPT), (BOB, OPEN)]
    house.sweeps(days=6)
    assert house.the_list().is_there


@pytest.mark.parametrize(
    ("state", "is_used"),
    [
        (State.AWAITING, True), (State.SCHEDULED, True), (State.SENDING, True), (State.PAUSED, True),
        (State.HELD, True), (State.SENT, False), (State.STOPPED, False), (State.CANCELLED, False),
        (State.FAILED, False), (State.DRAFT, False),
    ],
)  # fmt: skip
def test_what_uses_a_list(state: State, *, is_used: bool) -> None:
    one = campaign(state)
    known = replace(contact_list(), created_at=NOON - timedelta(days=50))
    moment = since(known, uses([one, campaign(State.SENT, ended_at=NOON - timedelta(days=20))]))
    assert (moment is None) is is_used
    if not is_used:
        assert moment == NOON, "the latest"


def campaign(state: State, **changes: Any) -> Campaign:
    return a_campaign(state, list_id=ListId("lst_a"), **{"ended_at": NOON, **changes})


@pytest.mark.parametrize(("days", "hours"), [(365, 168), (14, 168), (7, 84), (1, 12), (0, 0)])
def test_a_week_before_or_half_of_a_short_time(days: int, hours: int) -> None:
    assert notice_of(days) == timedelta(hours=hours)
