"""Slack's pace, in a loop whose time passes by itself: nothing here waits for real."""

import asyncio
import logging
import selectors
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest

from handlers.pacing import AHEAD, PAUSES, Budget, Pace


class Leap(selectors.DefaultSelector):
    """Where everybody waits for time, it is that late."""

    now = 1_000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
        return ready


class Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.leap = Leap()
        super().__init__(self.leap)

    def time(self) -> float:
        return self.leap.now


def lived(story: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(asyncio.wait_for(story, 24 * 3600))


def now() -> float:
    return asyncio.get_running_loop().time() - 1_000


async def passes(seconds: float) -> None:
    gone = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, gone.set)
    await gone.wait()


class Slack:
    """What was shown and when; every edit takes its place in the budget, and a tenth of a second."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.shown: list[tuple[float, str]] = []
        self.is_away = False
        self.changed = asyncio.Event()

    def show(self, what: str) -> Callable[[], Any]:
        async def work() -> None:
            await self.budget.take()
            await passes(0.1)
            if self.is_away:
                raise ConnectionError("away")
            self.shown.append((now(), what))
            self.changed.set()

        return work

    @property
    def said(self) -> list[str]:
        return [what for _, what in self.shown]

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self.changed.clear()
            await self.changed.wait()

    def busiest_minute(self) -> int:
        moments = [moment for moment, _ in self.shown]
        return max(sum(start <= one < start + 59.9 for one in moments) for start in moments)


def desk(**budget: Any) -> tuple[Pace, Slack]:
    pace = Pace(gap=3, budget=Budget(**budget))
    return pace, Slack(pace.budget)


def test_twenty_campaigns_at_once_keep_to_forty_edits_a_minute_and_end_true() -> None:
    async def story() -> None:
        pace, slack = desk()
        campaigns = [f"cmp_{number}" for number in range(20)]
        for count in range(300):  # counts move every second, for five minutes
            for campaign in campaigns:
                await pace.run(campaign, 1, slack.show(f"{campaign} {count}"))
            await passes(1)
        await slack.until(lambda: all(f"{one} 299" in slack.said for one in campaigns))
        assert slack.busiest_minute() <= 30, "ten a minute are left for changes of state"
        for campaign in campaigns:
            mine = [(at, what) for at, what in slack.shown if what.startswith(campaign + " ")]
            assert mine[-1][1] == f"{campaign} 299"
            assert len(mine) >= 5, "nobody is left out for the others' sake"
            assert all(later - earlier >= 0.9 for (earlier, _), (later, _) in pairwise(mine))
            most = 300 / 3 + AHEAD + 1
            assert len(mine) <= most

    lived(story())


def test_one_campaign_alone_is_edited_every_three_seconds() -> None:
    async def story() -> None:
        pace, slack = desk()
        for count in range(60):
            await pace.run("cmp_1", 1, slack.show(str(count)))
            await passes(0.5)
        await slack.until(lambda: "59" in slack.said)
        assert 10 <= len(slack.shown) <= 12 + AHEAD
        gaps = [later - earlier for (earlier, _), (later, _) in pairwise(slack.shown[AHEAD + 3 :])]
        assert min(gaps) >= 2.9, "what was in hand after the quiet time is spent"

    lived(story())


def test_what_happens_right_after_an_edit_is_seen_within_two_seconds() -> None:
    async def story() -> None:
        pace, slack = desk()
        await pace.run("cmp_1", 1, slack.show("sent"))
        waits = []
        for count, quiet in enumerate((0.1, 0.1, 10, 0.1, 10, 1.5, 6, 0.3)):
            await passes(quiet)
            began, said = now(), str(count)
            await pace.run("cmp_1", 1, slack.show(said))
            await slack.until(lambda said=said: said in slack.said)
            waits.append(now() - began)
        assert max(waits) <= 2, waits

    lived(story())


def test_a_change_of_state_goes_before_counts_that_wait() -> None:
    async def story() -> None:
        pace, slack = desk(most=4, spare=2)
        for number in range(6):
            await pace.run(f"cmp_{number}", 1, slack.show(f"state {number}"))
        began = now()
        assert began >= 60, "the fifth edit had to wait for the first to be a minute old"
        for number in range(6):
            await pace.run(f"cmp_{number}", 1, slack.show(f"counts {number}"))
        await pace.run("cmp_5", 2, slack.show("stopped"))
        assert slack.said[-1] == "stopped"
        assert not any(one.startswith("counts") for one in slack.said)
        await slack.until(lambda: sum(one.startswith("counts") for one in slack.said) == 5)
        assert "counts 5" not in slack.said, "what waited is older than the state shown since"

    lived(story())


def test_no_edit_before_the_time_slack_asked_for() -> None:
    async def story() -> None:
        pace, slack = desk()
        pace.budget.rest(25)
        await pace.run("cmp_1", 1, slack.show("sending"))
        assert slack.shown[0][0] >= 25

    lived(story())


def test_the_last_counts_are_shown_once_slack_is_back() -> None:
    async def story() -> None:
        pace, slack = desk()
        await pace.run("cmp_1", 1, slack.show("0 of 3"))
        slack.is_away = True
        await pace.run("cmp_1", 1, slack.show("2 of 3"))
        await passes(1.5)
        await pace.run("cmp_1", 1, slack.show("3 of 3"))
        asyncio.get_running_loop().call_later(600, lambda: setattr(slack, "is_away", False))
        await slack.until(lambda: "3 of 3" in slack.said)
        assert slack.said == ["0 of 3", "3 of 3"]
        assert now() < 1_300, "ten minutes away, and five at most until it is looked at again"

    lived(story())


def test_a_state_that_could_not_be_shown_is_raised_and_tried_again() -> None:
    async def story() -> None:
        pace, slack = desk()
        slack.is_away = True
        with pytest.raises(ConnectionError):
            await pace.run("cmp_1", 4, slack.show("sent"))
        slack.is_away = False
        await slack.until(lambda: slack.said == ["sent"])

    lived(story())


def test_what_never_works_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        pace, slack = desk()
        slack.is_away = True
        with pytest.raises(ConnectionError):
            await pace.run("cmp_1", 1, slack.show("sent"))
        await passes(sum(PAUSES) + 60)
        assert "given up" in caplog.text
        tries = caplog.text.count("a paced edit failed")
        await passes(3 * 3600)
        assert caplog.text.count("a paced edit failed") == tries == len(PAUSES)

    with caplog.at_level(logging.WARNING, "postillon"):
        lived(story())


def test_a_shutdown_shows_the_last_word_and_does_not_wait_for_its_turn() -> None:
    async def story() -> None:
        pace, slack = desk(most=2, spare=1)
        await pace.run("cmp_1", 1, slack.show("one"))
        await pace.run("cmp_2", 1, slack.show("two"))
        await pace.run("cmp_1", 1, slack.show("one, at last"))
        await pace.run("cmp_2", 1, slack.show("two, at last"))
        await pace.settle()
        assert sorted(slack.said) == ["one", "one, at last", "two", "two, at last"]
        assert now() < 3

    lived(story())


def test_a_shutdown_waits_for_nobody_who_does_not_answer() -> None:
    async def story() -> None:
        pace, slack = desk()
        await pace.run("cmp_1", 1, slack.show("one"))

        async def hangs() -> None:
            await asyncio.Event().wait()

        await pace.run("cmp_1", 1, hangs)
        await pace.settle()
        assert now() < 4

    lived(story())
