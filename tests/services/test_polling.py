"""When the mail service is asked, how it is left alone, and what is kept of a reading that broke off."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core import campaigns as rules
from bot.core.campaigns import State
from bot.core.mail_lists import Listed, MailList, Page
from bot.core.suppressions import Cause, Suppression
from bot.ports import NotTaken, Refused
from bot.services.groups import Groups
from bot.services.polling import Polling
from bot.services.recording import Recording
from bot.services.strays import Strays
from storage import open_store
from tests.services.mailroom import NOVA, POLICY, Clock, schedule


@dataclass
class Service:
    """Lists of three rows a page; `answers`, one after the other, outweigh them."""

    rows: dict[MailList, list[Listed]] = field(default_factory=dict)
    answers: list[Refused | NotTaken | None] = field(default_factory=list)
    asked: list[tuple[str, int, int]] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    has_group: bool = True

    def page(self, name: MailList, *, since: int, until: int, offset: int) -> Page | Refused | NotTaken:
        self.asked.append((name.value, since, offset))
        if self.answers and (answer := self.answers.pop(0)):
            return answer
        known = [row for row in self.rows.get(name, []) if not row.at or since <= row.at <= until]
        page = known[offset : offset + 3]
        return Page(rows=page, size=len(page), is_last=len(page) < 3)

    def delivered(self, campaign: str, since: date) -> int | Refused | NotTaken:
        return 7

    def withhold(self, addresses: list[str]) -> Refused | NotTaken | None:
        if self.answers and (answer := self.answers.pop(0)):
            return answer
        self.withheld += addresses
        return None


@dataclass
class Following:
    learned_of: list[str] = field(default_factory=list)

    def learned(self, workspace: str, campaign: str) -> None:
        self.learned_of.append(campaign)


@dataclass
class Post:
    store: Any
    service: Service
    clock: Clock
    polling: Polling

    def sweeps(self, **later: float) -> int:
        """How often the lists were asked for in it."""
        before = len(self.service.asked)
        self.clock.at += timedelta(**later)
        self.polling.sweep(self.clock.at)
        return len(self.service.asked) - before

    def departs(self) -> None:
        (due,) = self.store.campaigns.all(NOVA)
        sending = rules.move(due, State.SENDING, departed_at=self.clock.at)
        self.store.campaigns.advance(NOVA, sending, due.revision, None)
        sent = rules.move(sending, State.SENT, ended_at=self.clock.at)
        self.store.campaigns.advance(NOVA, sent, sending.revision, None)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    store, service, clock = open_store(f"tinydb:{tmp_path / 'data'}"), Service(), Clock()
    following = cast("Any", Following())
    strays = Strays(store=store)
    with ThreadPoolExecutor(1) as recorder:
        polling = Polling(
            store=store, lists=cast("Any", service), strays=strays, following=following, recorder=recorder,
            recording=Recording(store=store, strays=strays, following=following, clock=clock),
            clock=clock, policy=replace(POLICY, public_url=""),
        )  # fmt: skip
        schedule(store)
        yield Post(store, service, clock, polling)
    store.close()


def rows(count: int, at: Clock) -> list[Listed]:
    return [Listed(f"x{number}@example.com", int(at.at.timestamp())) for number in range(count)]


def test_a_few_minutes_while_letters_are_young_then_hours_then_never(post: Post) -> None:
    assert post.sweeps(), "it leaves within the hour"
    post.departs()
    post.sweeps(hours=1)
    assert post.sweeps(minutes=4) == 0
    assert post.sweeps(minutes=1) > 0
    post.sweeps(days=3)
    post.sweeps(hours=1)
    assert post.sweeps(minutes=59) == 0
    assert post.sweeps(minutes=1) > 0
    assert post.sweeps(days=30) == 0


def test_where_the_service_tells_by_itself_it_is_asked_for_departures_alone(post: Post) -> None:
    post.polling.policy = replace(POLICY, webhook_key="a key")
    post.departs()
    assert post.sweeps(minutes=6) == 0
    post.polling.prepare(NOVA)
    assert {name for name, _, _ in post.service.asked} == {"bounces", "spam_reports", "unsubscribes"}


def test_a_busy_service_is_left_alone_for_longer_and_longer(post: Post) -> None:
    post.departs()
    for minutes in (10, 20, 40):
        post.service.answers = [NotTaken(seconds=1, why="busy")]
        assert post.sweeps() == 1, "nothing else is asked of it then"
        assert post.sweeps(minutes=minutes - 1) == 0
        post.clock.at += timedelta(minutes=1)
    post.service.answers = [NotTaken(seconds=9_000, why="busy")]
    post.sweeps()
    assert post.sweeps(minutes=149) == 0, "it named a moment"
    assert post.sweeps(minutes=1) > 1
    assert post.sweeps(minutes=5) > 1


def test_a_list_that_is_not_for_this_key_keeps_no_other_from_being_read(post: Post) -> None:
    post.departs()
    post.service.answers = [Refused(why="key", detail="HTTP 403")]
    post.service.rows[MailList.UNSUBSCRIBES] = rows(1, post.clock)
    assert post.sweeps() > 3
    assert [one.address for one in post.store.suppressions.all(NOVA)] == ["x0@example.com"]


def test_a_reading_that_broke_off_begins_again_and_loses_nobody(post: Post) -> None:
    post.departs()
    post.service.rows[MailList.BOUNCES] = rows(7, post.clock)
    post.service.answers = [None, NotTaken(seconds=60, why="unreachable")]
    post.sweeps()
    assert len(post.store.suppressions.all(NOVA)) == 3
    assert post.store.spaces.get(NOVA).lists_read == {}
    post.sweeps(minutes=10)
    assert len(post.store.suppressions.all(NOVA)) == 7
    asked = [offset for name, _, offset in post.service.asked if name == "bounces"]
    assert asked == [0, 3, 0, 3, 6]
    post.sweeps(minutes=5)
    _, since, _ = next(one for one in reversed(post.service.asked) if one[0] == "bounces")
    assert since > 0, "from then on only what is new"


def test_a_departure_does_not_wait_for_a_service_that_is_away(post: Post) -> None:
    post.service.answers = [NotTaken(seconds=30, why="unreachable")]
    post.polling.prepare(NOVA)
    assert len(post.service.asked) == 1
    post.service.rows[MailList.SPAM_REPORTS] = rows(1, post.clock)
    post.polling.prepare(NOVA)
    assert [one.cause.value for one in post.store.suppressions.all(NOVA)] == ["complained"]


def test_who_stood_in_a_list_before_the_letter_left_is_no_event_of_it(post: Post) -> None:
    post.service.rows[MailList.BOUNCES] = [Listed("p0@example.com", int(post.clock.at.timestamp()) - 86_400)]
    post.departs()
    post.sweeps()
    (kept,) = post.store.suppressions.all(NOVA)
    assert (kept.address, kept.origin) == ("p0@example.com", "sendgrid")


def test_groups_are_written_once_and_again_after_a_refusal(post: Post) -> None:
    groups = Groups(store=post.store, lists=cast("Any", post.service))
    groups.sweep(post.clock.at)
    assert post.service.withheld == []
    post.service.rows[MailList.UNSUBSCRIBES] = rows(1, post.clock)
    post.polling.prepare(NOVA)
    groups.sweep(post.clock.at)
    assert post.service.withheld == [], "it came from there"
    gone = Suppression(address="a@b.example", cause=Cause.UNSUBSCRIBED, at=post.clock.at, origin="cmp_1")
    objected = Suppression(address="o@b.example", cause=Cause.OBJECTED, at=post.clock.at, origin="U1")
    post.store.suppressions.add_all(NOVA, [gone, objected])
    post.service.answers = [NotTaken(seconds=60, why="busy")]
    groups.sweep(post.clock.at)
    groups.sweep(post.clock.at + timedelta(seconds=59))
    assert post.service.withheld == []
    groups.sweep(post.clock.at + timedelta(seconds=60))
    groups.sweep(post.clock.at + timedelta(seconds=90))
    assert post.service.withheld == ["a@b.example"]
    Groups(store=post.store, lists=cast("Any", post.service)).sweep(post.clock.at + timedelta(days=1))
    assert set(post.service.withheld) == {"a@b.example"}


def test_of_who_was_erased_the_group_is_told_nothing(post: Post) -> None:
    groups = Groups(store=post.store, lists=cast("Any", post.service))
    gone = Suppression(address="a@b.example", cause=Cause.UNSUBSCRIBED, at=post.clock.at, origin="cmp_1")
    post.store.suppressions.add(NOVA, gone)
    post.store.suppressions.erase(NOVA, gone)
    groups.sweep(post.clock.at)
    assert post.service.withheld == []
    post.service.rows[MailList.UNSUBSCRIBES] = [Listed("a@b.example", int(post.clock.at.timestamp()) + 60)]
    post.clock.at += timedelta(minutes=5)
    post.polling.prepare(NOVA)
    (kept,) = post.store.suppressions.all(NOVA)
    assert "@" not in kept.address, "told again, it is not written down again"
