"""Who answered: learned once, kept for good, noted on the record; told by tools that prove who they are."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from bot.core import campaigns as rules
from bot.core.answer_posts import Post, sealed
from bot.core.answers import Known, Source, guess, latest
from bot.core.campaigns import Campaign, State
from bot.core.events import Full, Unsigned
from bot.core.facts import Events, Happened
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.questionnaires import Placement, Tool
from bot.core.tokens import Tokens
from bot.ports import Missing, Store, Unwritable
from bot.services.answer_posts import ROOM, AnswerPosts
from bot.services.answers import Answers
from bot.services.following import Following
from storage import open_store, read_only
from tests.core import test_answer_posts as tools
from tests.services.mailroom import NOVA, POLICY, Room, all_but
from tests.services.posts import HERE, NOON, PATIENCE, SIZE, THERE, Clock, Followed, sent

SECRET = b"known to the tool"
ANSWERED = int(Happened.ANSWERED)


class Scene:
    def __init__(self, store: Store, recorder: ThreadPoolExecutor) -> None:
        self.store, self.clock, self.followed, self.recorder = store, Clock(), Followed(), recorder
        self.answers = Answers(store=store, following=cast("Following", self.followed), clock=self.clock)
        self.posts = AnswerPosts(
            store=store, answers=self.answers, recorder=recorder, clock=self.clock,
            policy=replace(POLICY, answers_secret=SECRET),
        )  # fmt: skip
        self.campaign = sent(store)

    def learns(self, *numbers: int, source: Source = Source.EXPORT) -> int:
        return self.answers.learn(HERE, self.campaign.id, numbers, self.clock.now(), source)

    def begins(self, *tokens: str, secret: bytes = SECRET) -> "Future[int]":
        raw = orjson.dumps({"tokens": tokens})
        return self.posts.receive(Post(raw=raw, headers={"x-postillon-signature": sealed(secret, raw)}))

    def tells(self, *tokens: str, secret: bytes = SECRET) -> int:
        return self.begins(*tokens, secret=secret).result(PATIENCE)

    def token(self, number: int, campaign: str = "cmp_a", workspace: WorkspaceId = HERE) -> str:
        return Tokens(POLICY.secret, workspace, CampaignId(campaign)).answer(number)

    def answered(self, campaign: Campaign | None = None) -> list[int]:
        one = campaign or self.campaign
        return self.store.ledgers.read(
            one.workspace, one.id, lambda fold: [n for n, bits in enumerate(fold.bits) if bits & ANSWERED]
        )

    def known(self) -> tuple[Known, ...]:
        return self.store.campaigns.get(HERE, self.campaign.id).answers


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    with ThreadPoolExecutor(1) as recorder:
        yield Scene(store, recorder)
    store.close()


def test_an_answer_is_learned_once(scene: Scene) -> None:
    assert scene.learns(2, 0, 2) == 2
    assert scene.learns(2) == 0
    assert scene.answered() == [0, 2]
    assert scene.followed.told == [(HERE, "cmp_a")]


def test_an_answer_outlives_a_start(scene: Scene, tmp_path: Path) -> None:
    scene.learns(1)
    scene.store.close()
    again = open_store(f"tinydb:{tmp_path / 'data'}")
    bits = again.ledgers.read(HERE, scene.campaign.id, lambda fold: list(fold.bits))
    assert [n for n, known in enumerate(bits) if known & ANSWERED] == [1]
    assert again.campaigns.get(HERE, scene.campaign.id).answers == (
        Known(source=Source.EXPORT, at=NOON, count=1),
    )
    again.close()


def test_numbers_of_nobody_are_left_out(scene: Scene) -> None:
    assert scene.learns(-1, SIZE, 10**9, 3) == 1
    assert scene.answered() == [3]


def test_a_campaign_of_another_workspace_learns_nothing(scene: Scene) -> None:
    with pytest.raises(Missing):
        scene.answers.learn(THERE, scene.campaign.id, [1], NOON, Source.EXPORT)
    assert scene.answered() == []


def test_each_source_is_noted_with_its_last_news(scene: Scene) -> None:
    scene.learns(1, 2)
    scene.clock.goes_by(hours=1)
    scene.learns(3, source=Source.HAND)
    scene.clock.goes_by(hours=1)
    scene.learns(1, 2)  # nothing new, and yet as fresh as that
    known = {one.source: one for one in scene.known()}
    assert known[Source.EXPORT] == Known(source=Source.EXPORT, at=NOON + timedelta(hours=2), count=2)
    assert known[Source.HAND].count == 1
    assert latest(scene.known()) == known[Source.EXPORT]


def test_what_a_tool_tells_is_noted_every_half_minute_and_at_the_end(scene: Scene) -> None:
    scene.tells(scene.token(0))
    revision = scene.store.campaigns.get(HERE, scene.campaign.id).revision
    for number in (1, 2, 3):
        scene.tells(scene.token(number))
    assert scene.store.campaigns.get(HERE, scene.campaign.id).revision == revision
    scene.answers.sweep(scene.clock.now())
    assert [one.count for one in scene.known()] == [1]
    scene.clock.goes_by(seconds=30)
    scene.answers.sweep(scene.clock.now())
    assert [one.count for one in scene.known()] == [4]
    scene.tells(scene.token(4))
    scene.answers.leave()
    assert [one.count for one in scene.known()] == [5]
    assert scene.answered() == [0, 1, 2, 3, 4]


def test_noting_keeps_the_wake_up_and_what_was_drawn(scene: Scene) -> None:
    known = scene.store.campaigns.get(HERE, scene.campaign.id)
    wake_at = NOON + timedelta(days=4)
    scene.store.campaigns.advance(HERE, rules.edit(known, name="Avis"), known.revision, wake_at)
    drawn = scene.store.campaigns.get(HERE, scene.campaign.id).revision
    scene.learns(1)
    assert scene.store.campaigns.next_wake() == wake_at
    changed = scene.store.campaigns.get(HERE, scene.campaign.id)
    assert changed.revision > drawn
    assert changed.is_still(drawn)


def test_a_record_that_changes_meanwhile_is_noted_all_the_same(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, races = scene.store.campaigns.save, [1, 2, 3]

    def lost(workspace: WorkspaceId, campaign: Campaign, expected: int) -> None:
        if races:
            races.pop()
            other = scene.store.campaigns.get(workspace, campaign.id)
            save(workspace, rules.edit(other, name=f"Avis {len(races)}"), other.revision)
        save(workspace, campaign, expected)

    monkeypatch.setattr(scene.store.campaigns, "save", lost)
    scene.learns(1)
    changed = scene.store.campaigns.get(HERE, scene.campaign.id)
    assert (changed.name, [one.count for one in changed.answers]) == ("Avis 0", [1])


def test_many_at_once_are_each_news_once(scene: Scene) -> None:
    found: list[int] = []
    began = threading.Barrier(8)

    def tell() -> None:
        began.wait(PATIENCE)
        found.append(scene.learns(0, 1, 2, 3, source=Source.WEBHOOK))

    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(tell)
    assert sorted(found) == [0] * 7 + [4]


# --- told by a tool -----------------------------------------------------------------------------------


def test_a_tool_s_answer_is_kept_when_it_is_answered(scene: Scene) -> None:
    assert scene.tells(scene.token(1)) == 1
    assert scene.answered() == [1]
    assert scene.tells(scene.token(1)) == 1  # told again: taken, and nothing new
    assert scene.posts.taken == 1


@pytest.mark.parametrize(("said", "posted"), tools.TOOLS)
def test_each_tool_s_payload_on_its_whole_way(scene: Scene, said: Any, posted: tools.Posted) -> None:
    """As documented: accepted, repeated, from another campaign, from one that is gone, and forged."""
    scene.posts.policy, other = replace(POLICY, answers_secret=tools.SECRET), sent(scene.store, "cmp_b")

    def tells(token: str) -> int:
        body = tools.raw(said).replace(tools.TOKEN.encode(), token.encode())
        return scene.posts.receive(posted(body)).result(PATIENCE)

    assert [tells(scene.token(1)), tells(scene.token(1))] == [1, 1]
    assert (scene.answered(), scene.answered(other), scene.posts.taken) == ([1], [], 1)
    assert tells(scene.token(1, "cmp_b")) == 1
    assert tells(scene.token(2, "cmp_gone")) == 1
    assert tells(Tokens(b"o" * 32, HERE, CampaignId("cmp_a")).answer(3)) == 0
    assert (scene.answered(), scene.answered(other)) == ([1], [1])
    scene.posts.policy = replace(POLICY, answers_secret=b"another secret")
    with pytest.raises(Unsigned):
        tells(scene.token(4))
    assert scene.answered() == [1]


def test_what_was_answered_is_on_the_disk(scene: Scene, tmp_path: Path) -> None:
    """Whoever reads the folder beside the bot finds it: a process killed now has lost nothing."""
    for number in range(3):
        scene.tells(scene.token(number))
        beside = read_only(f"tinydb:{tmp_path / 'data'}")
        bits = beside.ledgers.read(HERE, scene.campaign.id, lambda fold: list(fold.bits))
        beside.close()
        assert [n for n, known in enumerate(bits) if known & ANSWERED] == list(range(number + 1))


def test_a_forged_answer_is_refused(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        with pytest.raises(Unsigned):
            scene.tells(scene.token(1), secret=b"guessed")
    assert scene.answered() == []
    assert scene.posts.refused == 3
    assert caplog.text.count("refused") == 1
    assert scene.token(1) not in caplog.text


def test_without_a_secret_nobody_is_believed(scene: Scene) -> None:
    scene.posts.policy = POLICY
    assert not scene.posts.is_open
    for secret in (SECRET, b""):
        with pytest.raises(Unsigned):
            scene.tells(scene.token(1), secret=secret)


def test_the_code_says_whose_campaign_it_is(scene: Scene) -> None:
    other, foreign = sent(scene.store, "cmp_b"), sent(scene.store, "cmp_c", THERE)
    codes = [scene.token(1), scene.token(2, "cmp_b"), scene.token(3, "cmp_c", THERE)]
    assert scene.tells(*codes) == 3
    assert (scene.answered(), scene.answered(other), scene.answered(foreign)) == ([1], [2], [3])


@pytest.mark.parametrize(
    "token",
    [
        Tokens(b"o" * 32, HERE, CampaignId("cmp_a")).answer(1),  # another secret's
        Tokens(POLICY.secret, HERE, CampaignId("cmp_a")).link(1, 0),  # a letter's link, not an answer
    ],
)
def test_codes_that_are_none(scene: Scene, token: str) -> None:
    assert scene.tells(token) == 0
    assert scene.answered() == []


def test_an_answer_of_a_campaign_that_is_gone_is_taken(scene: Scene) -> None:
    """Telling it again for a day would change nothing."""
    assert scene.tells(scene.token(1, "cmp_gone"), scene.token(2)) == 2
    assert scene.answered() == [2]


def test_a_test_letter_s_answer_counts_for_nothing(scene: Scene) -> None:
    assert scene.tells(scene.token(-1)) == 1
    assert scene.answered() == []
    assert scene.followed.told == []


def test_a_full_disk_is_said_and_another_campaign_kept(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    other, learn = sent(scene.store, "cmp_b"), scene.store.ledgers.learn

    def full(workspace: WorkspaceId, campaign: CampaignId, told: Any) -> bool:
        if campaign == "cmp_a":
            raise Unwritable("no space left")
        return learn(workspace, campaign, told)

    monkeypatch.setattr(scene.store.ledgers, "learn", full)
    with pytest.raises(Unwritable):
        scene.tells(scene.token(1), scene.token(2, "cmp_b"))
    assert scene.answered(other) == [2]
    monkeypatch.undo()
    assert scene.tells(scene.token(1), scene.token(2, "cmp_b")) == 2
    assert scene.answered() == [1]


def test_what_waits_shares_one_write(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    free, writes, learn = threading.Event(), list[int](), scene.store.ledgers.learn

    def counted(workspace: WorkspaceId, campaign: CampaignId, told: list[Events]) -> bool:
        writes.append(sum(len(one.items) for one in told))
        return learn(workspace, campaign, told)

    monkeypatch.setattr(scene.store.ledgers, "learn", counted)
    scene.recorder.submit(free.wait, PATIENCE)
    kept = [scene.begins(scene.token(number)) for number in range(SIZE)]
    free.set()
    assert [one.result(PATIENCE) for one in kept] == [1] * SIZE
    assert writes == [SIZE]


def test_too_much_at_once_is_told_again_later(scene: Scene) -> None:
    free = threading.Event()
    scene.recorder.submit(free.wait, PATIENCE)
    large = Post(raw=bytes(ROOM), headers={"x-postillon-secret": "x"})
    waiting = scene.posts.receive(large)
    with pytest.raises(Full):
        scene.begins(scene.token(1))
    free.set()
    with pytest.raises(Unsigned):
        waiting.result(PATIENCE)
    assert scene.tells(scene.token(1)) == 1


def test_the_questionnaire_s_last_page_brings_one_s_own_code(scene: Scene) -> None:
    thanks = scene.posts.thanks(["x", scene.token(3)])
    assert thanks is not None
    kept = scene.posts.thank(["x", scene.token(3)])
    assert kept is not None
    assert kept.result(PATIENCE) == 1
    assert scene.answered() == [3]
    assert scene.posts.thanks(["x", "a" * 60]) is None
    assert scene.posts.thank([]) is None
    assert scene.posts.thanks([scene.token(3, "cmp_gone")]) is None
    assert [(one.source, one.count) for one in scene.known()] == [(Source.PAGE, 1)]


def test_a_tool_and_its_last_page_are_told_apart(scene: Scene) -> None:
    """Also where both wait to be noted, and where both tell of one person."""
    free = threading.Event()
    scene.recorder.submit(free.wait, PATIENCE)
    told, thanked = scene.begins(scene.token(0)), scene.posts.thank([scene.token(0)])
    scene.posts.thank([scene.token(1)])
    free.set()
    assert thanked is not None
    assert (told.result(PATIENCE), thanked.result(PATIENCE)) == (1, 1)
    assert scene.tells(scene.token(2)) == 1
    scene.answers.leave()
    assert {one.source: one.count for one in scene.known()} == {Source.WEBHOOK: 2, Source.PAGE: 1}
    assert scene.answered() == [0, 1, 2]


# --- what is expected ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "placement", "has_webhook", "expected"),
    [
        (Tool.TYPEFORM, Placement.FRAGMENT, True, Source.WEBHOOK),
        (Tool.TYPEFORM, Placement.FRAGMENT, False, Source.EXPORT),
        (Tool.GOOGLE, Placement.PREFILLED, True, Source.WEBHOOK),
        (Tool.GOOGLE, Placement.PARAMETER, True, Source.UNKNOWN),  # everybody's link is the same
        (Tool.QUALTRICS, Placement.PARAMETER, True, Source.EXPORT),
        (Tool.LIMESURVEY, Placement.COLUMN, True, Source.EXPORT),
        (Tool.OTHER, Placement.PARAMETER, True, Source.UNKNOWN),
    ],
)
def test_how_answers_are_likely_to_come_back(
    tool: Tool, placement: Placement, expected: Source, *, has_webhook: bool
) -> None:
    assert guess(tool, placement, has_webhook=has_webhook) is expected


# --- while letters leave ------------------------------------------------------------------------------


def test_an_answer_before_the_last_letter_left(room: Room) -> None:
    """Its note is one more revision of a record that moves on: nothing is held up, nothing goes twice."""
    answers = Answers(store=room.store, following=cast("Following", Followed()), clock=room.clock)
    sweep = room.sweeps()
    room.door.lets(4)
    room.door.until(lambda: len(room.door.posted) >= 4)
    assert answers.learn(NOVA, room.campaign.id, [0, 1], room.clock.at, Source.WEBHOOK) == 2
    room.door.opens()
    sweep.result(PATIENCE)
    assert room.campaign.state is State.SENT
    assert [one.count for one in room.campaign.answers] == [2]
    assert sorted(room.door.posted) == all_but()
    assert room.progress.answered == 2
