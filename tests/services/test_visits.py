"""Who followed a letter's link: people counted, machines apart, nobody kept waiting."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core.facts import Accepted, Claimed, Events, Happened, WaveOpened
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.tokens import Bearer
from bot.ports import Store, Unwritable
from bot.services import visits as module
from bot.services.following import Following
from bot.services.visits import Visits
from storage import open_store
from tests.services.mailroom import POLICY
from tests.services.posts import AT, HERE, NOON, SIZE, Clock, Followed, sent

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
TOLD = replace(POLICY, public_url="https://bot.example", webhook_key="key")


class Scene:
    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.followed = store, Clock(), Followed()
        self.visits = Visits(
            store=store, following=cast("Following", self.followed), clock=self.clock, policy=TOLD
        )
        self.campaign = sent(store)

    def bearer(self, number: int, wave: int = 0, campaign: str = "cmp_a") -> Bearer:
        return Bearer(workspace=HERE, campaign=CampaignId(campaign), recipient=number, wave=wave)

    def arrives(self, number: int, wave: int = 0) -> None:
        """The letter, now."""
        item = (number, int(Happened.DELIVERED), int(self.clock.at.timestamp()))
        self.store.ledgers.learn(HERE, self.campaign.id, [Events(wave=wave, items=(item,))])

    def clicks(self, number: int, agent: str = FIREFOX, wave: int = 0) -> None:
        self.visits.followed(self.bearer(number, wave), agent)

    def looks(self, number: int, wave: int = 0) -> None:
        self.visits.looked(self.bearer(number, wave))

    def after(self, **span: float) -> None:
        self.clock.goes_by(**span)
        self.visits.sweep(self.clock.now())

    def counts(self) -> tuple[int, int]:
        """People, and whose link only machines followed."""
        progress = self.store.ledgers.read(HERE, self.campaign.id, lambda fold: fold.progress())
        return progress.clicked, progress.scanned


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    yield Scene(store)
    store.close()


def test_a_person_reads_and_clicks(scene: Scene) -> None:
    scene.arrives(1)
    scene.after(minutes=3)
    scene.clicks(1)
    scene.after(seconds=5)
    assert scene.counts() == (0, 0)  # another link may still be opened
    scene.after(seconds=6)
    assert scene.counts() == (1, 0)
    assert scene.followed.told == [(HERE, "cmp_a")]


def test_twice_is_one_person(scene: Scene) -> None:
    scene.arrives(1)
    scene.after(minutes=3)
    scene.clicks(1)
    scene.clicks(1)
    scene.after(minutes=1)
    scene.clicks(1)
    scene.after(minutes=1)
    assert scene.counts() == (1, 0)
    assert len(scene.followed.told) == 1


def test_a_gateway_is_faster_than_people_and_the_person_still_counts(scene: Scene) -> None:
    scene.arrives(1)
    scene.after(seconds=4)
    scene.clicks(1)
    scene.after(seconds=30)
    assert scene.counts() == (0, 1)
    scene.after(hours=2)
    scene.clicks(1)
    scene.after(seconds=30)
    assert scene.counts() == (1, 0)


def test_a_delivery_told_late_still_unmasks_it(scene: Scene) -> None:
    """The click comes before the mail service says that the letter arrived."""
    scene.after(minutes=1)
    scene.clicks(1)
    scene.after(seconds=40)
    assert scene.counts() == (0, 0)
    item = (1, int(Happened.DELIVERED), AT + 57)
    scene.store.ledgers.learn(HERE, scene.campaign.id, [Events(wave=0, items=(item,))])
    scene.after(seconds=30)
    assert scene.counts() == (0, 1)


def test_a_delivery_never_told_is_not_waited_for_ever(scene: Scene) -> None:
    scene.after(minutes=1)
    scene.clicks(1)
    scene.after(minutes=1)
    assert scene.counts() == (0, 0)
    scene.after(minutes=1)
    assert scene.counts() == (1, 0)


def test_where_the_mail_service_tells_nothing_its_request_counts(scene: Scene) -> None:
    scene.visits.policy = POLICY
    scene.clicks(1)
    scene.after(seconds=25)
    scene.clicks(2)
    scene.after(seconds=11)
    assert scene.counts() == (1, 1)


@pytest.mark.parametrize("seconds", [-9, 0, 9])
def test_who_opens_every_link_is_no_person(scene: Scene, seconds: float) -> None:
    scene.arrives(1)
    scene.after(minutes=5)
    if seconds <= 0:
        scene.looks(1)
        scene.clock.goes_by(seconds=-seconds)
    scene.clicks(1)
    if seconds > 0:
        scene.clock.goes_by(seconds=seconds)
        scene.looks(1)
    scene.after(seconds=11)
    assert scene.counts() == (0, 1)


def test_somebody_who_unsubscribes_later_was_a_person(scene: Scene) -> None:
    scene.arrives(1)
    scene.after(minutes=5)
    scene.clicks(1)
    scene.clock.goes_by(seconds=40)
    scene.looks(1)
    scene.after(seconds=30)
    assert scene.counts() == (1, 0)


def test_another_person_s_look_says_nothing(scene: Scene) -> None:
    scene.arrives(1)
    scene.after(minutes=5)
    scene.looks(2)
    scene.clicks(1)
    scene.after(seconds=20)
    assert scene.counts() == (1, 0)


def test_a_machine_that_says_so_is_noted_at_once(scene: Scene) -> None:
    scene.clicks(1, "BarracudaCentral")
    scene.clicks(2, "")
    scene.after()
    assert scene.counts() == (0, 2)


def test_a_reminder_s_gateway_is_known_by_its_own_letter(scene: Scene) -> None:
    """What is known of the person's delivery is the invitation's."""
    scene.arrives(1)
    scene.after(days=4)
    at = scene.clock.now()
    for fact in (
        WaveOpened(wave=1, at=at, audience_size=SIZE), Claimed(wave=1, batch=0, at=at),
        Accepted(wave=1, batch=0, at=at, message_id="m"),
    ):  # fmt: skip
        assert scene.store.ledgers.append(HERE, scene.campaign.id, fact)
    scene.clock.goes_by(seconds=6)
    scene.clicks(1, wave=1)
    scene.after(minutes=3)
    assert scene.counts() == (0, 1)
    scene.clicks(1, wave=1)
    scene.after(minutes=3)
    assert scene.counts() == (1, 0)


@pytest.mark.parametrize("number", [-1, SIZE, 10**9])
def test_tests_and_nobodies_do_not_count(scene: Scene, number: int) -> None:
    scene.clicks(number)
    scene.looks(number)
    scene.after(minutes=3)
    assert scene.counts() == (0, 0)
    assert scene.followed.told == []


def test_a_campaign_that_is_gone_is_forgotten(scene: Scene) -> None:
    scene.visits.followed(scene.bearer(1, campaign="cmp_gone"), FIREFOX)
    scene.after(minutes=3)
    scene.clicks(1)
    scene.after(minutes=3)
    assert scene.counts() == (1, 0)


def test_at_the_end_everything_is_kept_by_what_is_known(scene: Scene) -> None:
    scene.arrives(1)
    scene.clock.goes_by(minutes=3)
    scene.clicks(1)
    scene.clicks(2, "curl/8.5.0")
    scene.visits.leave()
    assert scene.counts() == (1, 1)


def test_a_full_disk_loses_no_visit(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.arrives(1)
    scene.clock.goes_by(minutes=3)
    scene.clicks(1)

    def full(*_: Any) -> bool:
        raise Unwritable("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(scene.store.ledgers, "learn", full)
        scene.after(minutes=1)
    assert scene.counts() == (0, 0)
    scene.after(minutes=1)
    assert scene.counts() == (1, 0)


def test_what_waits_is_bounded(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "ROOM", 2)
    scene.arrives(1)
    scene.clock.goes_by(minutes=3)
    for number in (1, 1, 2, 3):
        scene.clicks(number)
        scene.looks(number)
    assert scene.visits.lost == 2
    assert caplog.text.count("too many visits") == 1
    scene.after(minutes=3)
    scene.clicks(3)
    scene.after(minutes=3)
    assert scene.counts()[0] + scene.counts()[1] == 2


def test_a_clock_set_back_keeps_nobody_waiting(scene: Scene) -> None:
    scene.arrives(1)
    scene.clock.goes_by(hours=3)
    scene.clicks(1)
    scene.after(hours=-2)
    assert scene.counts() == (1, 0)


def test_one_click_settles_nothing_of_another_workspace(scene: Scene) -> None:
    other = replace(scene.bearer(1), workspace=WorkspaceId("T2THERE"))
    scene.visits.followed(other, FIREFOX)
    scene.after(minutes=3)
    assert scene.counts() == (0, 0)
    assert scene.clock.now() > NOON
