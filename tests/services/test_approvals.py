"""Approvals without Slack: who may answer, two at once, what time does; nothing leaves without one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot import ports
from bot.core import campaigns as rules
from bot.core.approvals import Verdict
from bot.core.campaigns import Campaign, State, When
from bot.core.contacts import Contact
from bot.core.ids import MemberId
from bot.core.people import Language, Member
from bot.core.sentences import Refusal, Sentence, Stale
from bot.mail import MarkdownLetters
from bot.services.approvals import Approvals
from bot.services.audiences import Audiences
from bot.services.campaigns import Campaigns
from bot.services.delivery import Delivery
from bot.services.facets import Facets
from bot.services.frequency import Frequency
from bot.services.letters import Correspondence
from bot.services.lint import Lint
from bot.services.lists import Lists
from bot.services.people import People
from bot.services.reminding import Reminding
from bot.services.senders import Senders
from bot.services.telling import Telling
from storage import open_store
from tests.services.mailroom import ANNA, EACH, NOON, NOVA, OWNER, POLICY, Clock, Door, schedule

CHANNEL = "C0ACCORDS"
BOB, CARL = (Member(workspace=NOVA, id=MemberId(name), first_name=name) for name in ("U2BOB", "U3CARL"))
GUEST = Member(workspace=NOVA, id=MemberId("U9"), is_guest=True)
ADMIN = Member(workspace=NOVA, id=MemberId("U7ADMIN"), first_name="Ada", is_admin=True)


@dataclass
class Slack:
    """(where, what) in order. `away`: it answers nobody; `outside`: the bot is not in these places."""

    said: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, Verdict]] = field(default_factory=list)
    away: bool = False
    outside: set[str] = field(default_factory=set)

    def say(self, member: Member, said: Sentence) -> None:
        self._tell(member.id, said.key)

    def ask(self, member: Member, campaign: Campaign, progress: object, said: Sentence) -> None:
        self._tell(member.id, said.key)

    def post(self, channel: str, said: Sentence, language: Language) -> None:
        self._tell(channel, said.key)

    def _tell(self, place: str, key: str) -> None:
        self._reach(place)
        self.said.append((place, key))

    def show_approval(self, place: str, campaign: Campaign, owner: Member, language: Language) -> None:
        self._reach(place)
        assert campaign.approval is not None
        self.asked.append((place, campaign.approval.verdict))

    def _reach(self, place: str) -> None:
        if self.away:
            raise ports.Unreachable("timeout")
        if place in self.outside:
            raise ports.Unreachable("not_in_channel")

    def show_campaign(self, member: Member, campaign: Campaign, progress: object) -> None:
        self._reach(member.id)

    def show_list(self, *_: object, **__: object) -> None: ...


@dataclass
class House:
    """A campaign of 36 letters, where 10 need an approval; due in five hours."""

    data: Path
    above: int | None = 10
    channel: str = CHANNEL
    slack: Slack = field(default_factory=Slack)
    door: Door = field(default_factory=Door)
    clock: Clock = field(default_factory=Clock)
    posts: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8))

    def __post_init__(self) -> None:
        self.door.opens()
        self.store = open_store(f"tinydb:{self.data}")
        self.opens()
        schedule(self.store)
        self.changes(send_at=NOON + timedelta(hours=5), when=When.LATER)

    def opens(self) -> None:
        """Everything that is in memory only begins anew."""
        policy = replace(POLICY, approval_above=self.above, approval_channel=self.channel)
        slack, mailer = cast("Any", self.slack), cast("Any", self.door)
        known: dict[str, Any] = {
            "store": self.store, "messenger": slack, "clock": self.clock, "policy": policy,
        }  # fmt: skip
        letters = Correspondence(letters=MarkdownLetters(), mailer=mailer, policy=policy)
        telling, people = Telling(**known), People(**known)
        lists = Lists(store=self.store, exporter=cast("Any", None), messenger=slack, clock=self.clock)
        facets, frequency = Facets(store=self.store, lists=lists), Frequency(store=self.store, policy=policy)
        audiences = Audiences(
            store=self.store, lists=lists, facets=facets, frequency=frequency, clock=self.clock
        )
        senders = Senders(mailer=mailer, policy=policy, clock=self.clock)
        self.campaigns = Campaigns(
            lists=lists, people=people, letters=letters, telling=telling, senders=senders,
            audiences=audiences,
            lint=Lint(audiences=audiences, letters=letters, senders=senders, clock=self.clock, policy=policy),
            **known,
        )  # fmt: skip
        self.delivery = Delivery(
            store=self.store, letters=letters, mailer=mailer, campaigns=self.campaigns, telling=telling,
            clock=self.clock, posts=self.posts,
            reminding=Reminding(store=self.store, telling=telling, knows=lambda *_: True),
        )  # fmt: skip
        self.telling = telling

    def closes(self) -> None:
        self.posts.shutdown()
        self.store.close()

    @property
    def approvals(self) -> Approvals:
        return self.campaigns.approvals

    @property
    def campaign(self) -> Campaign:
        return self.store.campaigns.all(NOVA)[0]

    def changes(self, **changes: Any) -> Campaign:
        known = self.campaign
        changed = rules.edit(known, **changes)
        self.store.campaigns.advance(NOVA, changed, known.revision, changed.send_at)
        return changed

    def asks(self, *, at_once: bool = False) -> Campaign:
        """What *Schedule* does, once its audience is fixed."""
        if not self.campaign.audience:
            people = [Contact(row=n + 2, email=f"p{n}@example.com") for n in range(EACH * 12)]
            audience = self.store.campaigns.fix_audience(NOVA, self.campaign.id, people)
            self.changes(audience=audience, audience_size=len(people))
        known = self.campaign
        leaving = rules.edit(known, state=State.SCHEDULED, approval=None)
        asked = self.approvals.guarded(leaving, at_once=at_once)
        self.store.campaigns.advance(NOVA, asked, known.revision, self.approvals.wake_at(asked))
        return self.approvals.ask(asked)

    def answers(self, member: Member = BOB, place: str = CHANNEL, comment: str = "") -> Campaign:
        asked = self.campaign.approval
        assert asked is not None
        if comment:
            return self.approvals.refuse(member, self.campaign.id, asked.revision, place, comment)
        return self.approvals.approve(member, self.campaign.id, asked.revision, place)

    def goes_by(self, **span: float) -> None:
        """Each wake-up in order, then the moment itself."""
        until = self.clock.at + timedelta(**span)
        last = None
        while (wake := self.store.campaigns.next_wake()) is not None and wake <= until:
            known = (wake, self.campaign.revision)
            assert known != last, "a wake-up that nothing came of"
            last, self.clock.at = known, max(wake, self.clock.at)
            self.delivery.sweep(self.clock.at)
        self.clock.at = until
        self.telling.retry()
        self.approvals.sweep()

    def heard(self, place: str) -> list[str]:
        return [key for where, key in self.slack.said if where == place]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path / "data")
    yield built
    built.closes()


# --- asked --------------------------------------------------------------------------------------------


def test_what_is_asked_names_numbers_and_domains_and_nobody(house: House) -> None:
    asked = house.asks()
    assert asked.state is State.AWAITING
    assert asked.approval is not None
    assert asked.approval.places == (CHANNEL,)
    assert asked.approval.people == EACH * 12
    assert asked.approval.domains == (("example.com", 36),)
    assert "Votre avis ?" in asked.approval.words
    assert "p1@" not in str(asked)
    assert house.slack.asked == [(CHANNEL, Verdict.ASKED)]


def test_what_needs_none_is_scheduled(house: House) -> None:
    for changes in ({"above": None}, {"above": 36}):
        for name, value in changes.items():
            setattr(house, name, value)
        house.opens()
        assert house.asks().state is State.SCHEDULED
    house.above = 10
    house.opens()
    house.changes(to_myself=True)
    assert house.asks().state is State.SCHEDULED


def test_slack_away_at_the_asking_is_made_up_for(house: House) -> None:
    house.slack.away = True
    assert house.asks().approval.places == ()  # type: ignore[union-attr]
    house.opens()
    house.goes_by(minutes=1)
    assert house.slack.asked == []
    house.slack.away = False
    house.goes_by(minutes=1)
    assert house.slack.asked == [(CHANNEL, Verdict.ASKED)]
    assert house.campaign.approval.places == (CHANNEL,)  # type: ignore[union-attr]


def test_where_the_bot_is_outside_admins_are_asked_and_the_owner_told(house: House) -> None:
    house.store.people.change(NOVA, ADMIN.id, lambda _: ADMIN)
    house.slack.outside = {CHANNEL}
    house.asks()
    assert house.slack.asked == [(ADMIN.id, Verdict.ASKED)]
    assert house.heard(ANNA) == ["approvals.trouble.outside"]
    with pytest.raises(Refusal, match=r"approvals\.not_yours"):
        house.answers(BOB, "D2BOB")
    assert house.answers(ADMIN, "D7ADMIN").state is State.SCHEDULED


def test_with_nobody_to_ask_the_owner_is_told_once_and_an_invitation_is_enough(house: House) -> None:
    house.slack.outside = {CHANNEL}
    house.asks()
    house.goes_by(minutes=1)
    house.goes_by(minutes=1)
    assert house.heard(ANNA) == ["approvals.trouble.nobody"]
    assert house.campaign.state is State.AWAITING
    house.slack.outside = set()
    house.goes_by(minutes=1)
    assert house.slack.asked == [(CHANNEL, Verdict.ASKED)]


# --- answered -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "place", "said"),
    [
        (OWNER, CHANNEL, "approvals.own"), (BOB, "", "approvals.not_yours"),
        (BOB, "C0OTHER", "approvals.not_yours"),
        (BOB, "D2BOB", "approvals.not_yours"), (GUEST, CHANNEL, "approvals.not_yours"),
        (replace(BOB, workspace=cast("Any", "T9")), CHANNEL, "approvals.unknown"),
    ],
)  # fmt: skip
def test_who_may_not_answer(house: House, member: Member, place: str, said: str) -> None:
    house.asks()
    for comment in ("", "No."):
        with pytest.raises(Refusal) as refused:
            house.answers(member, place, comment)
        assert refused.value.sentence.key == said
    assert house.campaign.state is State.AWAITING


def test_of_two_at_once_one_is_told_that_it_is_done(house: House) -> None:
    house.asks()

    def answer(member: Member) -> str:
        try:
            house.answers(member)
        except Stale as stale:
            return stale.sentence.key
        return "approved"

    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(answer, (BOB, CARL)))
    assert told == ["approvals.done.approved", "approved"]
    assert house.heard(ANNA).count("approvals.said.approved") == 1


def test_a_refusal_needs_a_reason_and_gives_the_draft_back(house: House) -> None:
    house.asks()
    with pytest.raises(Refusal) as refused:
        house.answers(comment=" \n ")
    assert refused.value.field == "comment"
    with pytest.raises(Refusal, match=r"approvals\.comment\.long"):
        house.answers(comment="x" * 501)
    draft = house.answers(comment="Wrong\nsubject")
    assert (draft.state, draft.audience, draft.approval.comment) == (State.DRAFT, "", "Wrong subject")  # type: ignore[union-attr]
    with pytest.raises(Stale, match=r"approvals\.done\.refused"):
        house.answers(CARL)
    assert house.heard(ANNA) == ["approvals.said.refused"]
    assert house.slack.asked[-1] == (CHANNEL, Verdict.REFUSED)


def test_the_button_of_an_older_question_is_told_so(house: House) -> None:
    first = house.asks().approval
    assert first is not None
    house.campaigns.edit_scheduled(OWNER, house.campaign.id, house.campaign.revision)
    with pytest.raises(Stale, match=r"approvals\.done\.withdrawn"):
        house.answers()
    house.asks()
    with pytest.raises(Stale, match=r"approvals\.changed"):
        house.approvals.approve(BOB, house.campaign.id, first.revision, CHANNEL)
    assert house.campaign.state is State.AWAITING


def test_moved_after_its_approval_it_stays_approved_and_those_who_approved_hear_of_it(house: House) -> None:
    house.asks()
    house.answers()
    moved = house.campaigns.reschedule(OWNER, house.campaign.id, NOON + timedelta(days=2))
    assert moved.state is State.SCHEDULED
    assert house.heard(CHANNEL) == ["approvals.moved"]
    house.goes_by(days=2, minutes=1)
    assert house.campaign.state is State.SENT


# --- time goes by -------------------------------------------------------------------------------------


def test_nudged_an_hour_before_and_held_at_the_moment(house: House) -> None:
    house.asks()
    house.goes_by(hours=3, minutes=59)
    assert house.heard(CHANNEL) == []
    house.goes_by(minutes=2)
    assert house.heard(CHANNEL) == ["approvals.nudge"]
    house.goes_by(hours=1)
    assert house.heard(CHANNEL) == ["approvals.nudge", "approvals.passed"]
    assert house.heard(ANNA) == ["campaigns.said.held"]
    assert house.campaign.state is State.HELD
    assert house.door.posted == []


def test_held_and_unapproved_it_is_asked_again_and_never_sent_by_its_owner(house: House) -> None:
    house.asks()
    house.goes_by(hours=6)
    assert house.campaigns.send_now(OWNER, house.campaign.id).state is State.AWAITING
    house.goes_by(minutes=10)
    assert house.door.posted == []
    assert house.answers().state is State.SCHEDULED
    house.goes_by(minutes=2)
    assert house.campaign.state is State.SENT


def test_moved_after_it_was_held_it_is_asked_again(house: House) -> None:
    house.asks()
    house.goes_by(hours=6)
    moved = house.campaigns.reschedule(OWNER, house.campaign.id, house.clock.at + timedelta(days=1))
    assert moved.state is State.AWAITING
    assert [verdict for _, verdict in house.slack.asked] == [Verdict.ASKED] * 3


def test_what_leaves_at_once_waits_for_a_day_and_no_longer(house: House) -> None:
    house.asks(at_once=True)
    house.goes_by(hours=2)
    assert house.heard(CHANNEL) == ["approvals.nudge.undated"]
    house.goes_by(hours=23)
    assert house.campaign.state is State.HELD
    assert house.door.posted == []


def test_the_settings_ask_for_it_since_it_was_scheduled(house: House) -> None:
    house.above = None
    house.opens()
    assert house.asks().state is State.SCHEDULED
    house.above = 10
    house.opens()
    house.goes_by(hours=6)
    assert house.campaign.state is State.HELD
    assert house.door.posted == []
    assert house.campaigns.send_now(OWNER, house.campaign.id).state is State.AWAITING


def test_more_people_than_were_foreseen_need_it_at_departure(house: House) -> None:
    """Another campaign was to write to most of them first, and never did."""
    house.changes(expected=1)
    assert house.asks().state is State.SCHEDULED
    house.goes_by(hours=6)
    assert (house.campaign.state, house.campaign.expected) == (State.HELD, 36)
    assert house.door.posted == []
    assert house.campaigns.send_now(OWNER, house.campaign.id).state is State.AWAITING


def test_more_people_than_were_approved_leave_with_another_approval(house: House) -> None:
    """Two thirds were to be left out when it was scheduled, and are not any more."""
    house.changes(expected=12)
    house.asks()
    house.answers()
    house.goes_by(hours=6)
    held, asked = house.campaign, house.campaign.approval
    assert (held.state, house.door.posted) == (State.HELD, [])
    assert held.why is not None
    assert (held.why.key, held.why.values["n"], held.why.values["given"]) == ("approvals.why.more", 36, 12)
    assert asked is not None
    assert (asked.verdict, asked.people, asked.given_for) == (Verdict.ASKED, 36, 12)
    assert house.slack.asked[-1] == (CHANNEL, Verdict.ASKED), "without anybody's click"
    assert house.answers().state is State.HELD, "its moment has passed"
    assert house.campaigns.send_now(OWNER, house.campaign.id).state is State.SCHEDULED
    house.goes_by(minutes=5)
    assert sum(len(one.split()) for one in house.door.posted) == 36


def test_where_slack_is_away_it_is_asked_once_it_is_back(house: House) -> None:
    house.changes(expected=12)
    house.asks()
    house.answers()
    house.slack.away = True
    house.goes_by(hours=6)
    assert house.campaign.state is State.HELD
    before = len(house.slack.asked)
    house.slack.away = False
    for _ in range(3):
        house.approvals.sweep()
    assert house.slack.asked[before:] == [(CHANNEL, Verdict.ASKED)], "once"


def test_where_nobody_can_be_asked_its_owner_is_told_once(house: House) -> None:
    house.changes(expected=12)
    house.asks()
    house.answers()
    house.slack.outside = {CHANNEL}
    house.goes_by(hours=6)
    for _ in range(3):
        house.approvals.sweep()
    assert house.heard(ANNA).count("approvals.trouble.nobody") == 1


def test_held_for_another_cause_more_people_need_another_approval_too(house: House) -> None:
    house.changes(expected=12)
    house.asks()
    house.goes_by(hours=6)
    assert house.campaigns.send_now(OWNER, house.campaign.id).state is State.AWAITING
    house.approvals.sweep()
    assert house.answers().state is State.SCHEDULED
    house.goes_by(minutes=5)
    assert (house.campaign.state, house.door.posted) == (State.HELD, [])
    assert house.campaign.approval is not None
    assert house.campaign.approval.people == 36


def test_the_approvers_letter_has_words_where_other_columns_stand(house: House) -> None:
    house.changes(columns=("Segment",), subject="{{Segment}}", body="Pour {{Segment}} : votre avis ?")
    asked = house.asks().approval
    assert asked is not None
    assert asked.subject == "Segment"
    assert "Pour Segment : votre avis ?" in asked.words


def test_cancelled_while_it_waits(house: House) -> None:
    house.asks()
    assert house.campaigns.cancel(OWNER, house.campaign.id).state is State.CANCELLED
    assert house.slack.asked[-1] == (CHANNEL, Verdict.WITHDRAWN)
    with pytest.raises(Stale, match=r"approvals\.done\.withdrawn"):
        house.answers()
    house.goes_by(days=2)
    assert house.door.posted == []


def test_a_restored_copy_asks_its_owner_first(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.asks(at_once=True)
    monkeypatch.setattr(house.store, "is_copy", True)
    house.delivery.recover(house.clock.at, house.clock.at)
    assert house.campaign.state is State.HELD, "it may have been approved, and left"


# --- anything, in any order ---------------------------------------------------------------------------


class Approving(RuleBasedStateMachine):
    """An owner, approvers and a clock. The model knows one thing: was what would leave approved by somebody
    else?"""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.house = House(Path(self.folder.name) / "data")
        self.house.asks()
        self.approved = False

    def teardown(self) -> None:
        self.house.closes()
        self.folder.cleanup()

    def _tries(self, act: Any) -> bool:
        try:
            act()
        except Refusal:
            return False
        return True

    @rule(member=some.sampled_from([OWNER, BOB, CARL, GUEST]), place=some.sampled_from([CHANNEL, "D1", ""]))
    def somebody_approves(self, member: Member, place: str) -> None:
        if self._tries(lambda: self.house.answers(member, place)):
            assert member in (BOB, CARL)
            assert place == CHANNEL
            self.approved = True

    @rule(member=some.sampled_from([OWNER, BOB]))
    def somebody_refuses(self, member: Member) -> None:
        if self._tries(lambda: self.house.answers(member, CHANNEL, "No.")):
            assert member is BOB
            assert self.house.campaign.state is State.DRAFT

    @rule()
    def the_owner_edits_and_schedules_again(self) -> None:
        known = self.house.campaign
        edit = self.house.campaigns.edit_scheduled
        if known.state is State.DRAFT or self._tries(lambda: edit(OWNER, known.id, known.revision)):
            assert self.house.campaign.state is State.DRAFT
            self.approved = False
            self.house.changes(send_at=self.house.clock.at + timedelta(hours=5))
            self.house.asks()

    @rule(hours=some.integers(1, 30))
    def the_owner_moves_it(self, hours: int) -> None:
        moment = self.house.clock.at + timedelta(hours=hours)
        self._tries(lambda: self.house.campaigns.reschedule(OWNER, self.house.campaign.id, moment))

    @rule()
    def the_owner_sends_now(self) -> None:
        self._tries(lambda: self.house.campaigns.send_now(OWNER, self.house.campaign.id))

    @rule(minutes=some.sampled_from([1, 59, 61, 300, 1_500]))
    def time_goes_by(self, minutes: int) -> None:
        self.house.goes_by(minutes=minutes)

    @rule()
    def the_bot_starts_again(self) -> None:
        self.house.opens()
        self.house.delivery.recover(self.house.clock.at, self.house.clock.at)

    @rule(away=some.booleans())
    def slack_comes_and_goes(self, away: bool) -> None:
        self.house.slack.away = away

    @invariant()
    def nothing_leaves_without_an_approval(self) -> None:
        campaign = self.house.campaign
        if campaign.departed_at is not None or self.house.door.posted:
            assert self.approved
        if campaign.state is State.SCHEDULED:
            assert campaign.approval is not None
            assert campaign.approval.verdict is Verdict.APPROVED

    @invariant()
    def what_waits_is_looked_at_again(self) -> None:
        campaign = self.house.campaign
        if campaign.state in rules.FIXED:
            assert self.house.store.campaigns.next_wake() is not None


Approving.TestCase.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
TestApproving = Approving.TestCase
