"""The wake-ups: in time, in order, never lost; and a clock that can be moved. Nothing here sleeps."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import EVERY, STEP, Wakes
from bot.core.moments import next_working_morning

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PATIENT = 10.0


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


class Diary:
    """A storage of wake-ups: each sweep settles the moments that have come."""

    def __init__(self, *wakes: datetime) -> None:
        self.wakes = sorted(wakes)
        self.swept: list[datetime] = []
        self.beats: list[datetime] = []
        self.offsets: list[timedelta] = []
        self.set_back: list[datetime] = []
        self.then: Callable[[datetime], None] = self.settle
        self._changed = threading.Condition()

    def next_wake(self) -> datetime | None:
        return self.wakes[0] if self.wakes else None

    def settle(self, now: datetime) -> None:
        self.wakes = [wake for wake in self.wakes if wake > now]

    def sweep(self, now: datetime) -> None:
        self.then(now)
        with self._changed:
            self.swept.append(now)
            self._changed.notify_all()

    def beat(self, now: datetime) -> None:
        with self._changed:
            self.beats.append(now)
            self._changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENT)

    def keep(self, offset: timedelta) -> None:
        self.offsets.append(offset)

    def wakes_at(self, real_now: Callable[[], datetime], offset: timedelta = timedelta()) -> Wakes:
        return Wakes(
            sweep=self.sweep, next_wake=self.next_wake, beat=self.beat, offset=offset,
            keep_offset=self.keep, real_now=real_now, set_back=self.set_back.append,
        )  # fmt: skip


def stopped() -> datetime:
    return NOON


def real() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def running() -> Iterator[Callable[[Wakes], Wakes]]:
    started: list[Wakes] = []

    def start(wakes: Wakes) -> Wakes:
        started.append(wakes)
        wakes.start()
        return wakes

    yield start
    for wakes in started:
        wakes.stop()


# --- moving -------------------------------------------------------------------------------------------


def test_now_is_real_time_and_the_offset() -> None:
    assert Diary().wakes_at(stopped).now() == NOON
    assert Diary().wakes_at(stopped, timedelta(days=2)).now() == NOON + timedelta(days=2)


def test_a_move_visits_each_wake_up_at_its_instant_then_lands() -> None:
    diary = Diary(at(30), at(10), at(90))
    wakes = diary.wakes_at(stopped)
    wakes.move(timedelta(hours=1))
    assert diary.swept == [at(10), at(30), at(60)]
    assert wakes.now() == at(60)
    assert diary.wakes == [at(90)]


def test_wake_ups_that_a_sweep_names_on_the_way_are_visited_too() -> None:
    diary = Diary(at(10))

    def remind(now: datetime) -> None:
        diary.settle(now)
        if now == at(10):
            diary.wakes = [at(10.5), at(40)]

    diary.then = remind
    diary.wakes_at(stopped).move(timedelta(hours=1))
    assert diary.swept == [at(10), at(10.5), at(40), at(60)]


def test_the_offset_is_kept_and_the_heart_beats_at_each_stop() -> None:
    diary = Diary(at(10))
    diary.wakes_at(stopped).move(timedelta(hours=1))
    assert diary.offsets == [timedelta(minutes=10), timedelta(minutes=60)]
    assert diary.beats == [at(10), at(60)]


def test_several_sweeps_of_one_moment_are_fine_while_they_come_to_an_end() -> None:
    diary = Diary(at(10))

    def in_three(now: datetime) -> None:
        if diary.swept.count(at(10)) == 2:
            diary.settle(now)

    diary.then = in_three
    diary.wakes_at(stopped).move(timedelta(minutes=20))
    assert diary.swept == [at(10), at(10), at(10), at(20)]


def test_a_wake_up_that_does_not_move_on_does_not_hold_the_clock() -> None:
    diary = Diary(at(10), at(37))
    diary.then = lambda now: None
    wakes = diary.wakes_at(stopped)
    wakes.move(timedelta(hours=1))
    assert wakes.now() == at(60)
    gaps = [later - sooner for sooner, later in zip(diary.swept, diary.swept[1:], strict=False)]
    assert max(gaps) <= STEP
    assert len(diary.swept) < 100


def test_two_wake_ups_that_call_each_other_do_not_hold_it_either() -> None:
    diary = Diary(at(1))

    def back_and_forth(now: datetime) -> None:
        diary.wakes = [at(2) if diary.wakes == [at(1)] else at(1)]

    diary.then = back_and_forth
    wakes = diary.wakes_at(stopped)
    wakes.move(timedelta(minutes=30))
    assert wakes.now() == at(30)


def test_to_the_next_departure() -> None:
    diary = Diary(at(25), at(50))
    wakes = diary.wakes_at(stopped)
    assert wakes.to_next() == at(25)
    assert (wakes.now(), diary.swept) == (at(25), [at(25)])
    assert wakes.to_next() == at(50)
    assert wakes.to_next() is None
    assert wakes.now() == at(50)


def test_to_one_that_is_due_already_stays_where_it_is() -> None:
    diary = Diary(at(-5))
    wakes = diary.wakes_at(stopped)
    assert wakes.to_next() == NOON
    assert diary.swept == [NOON]


def test_the_clock_never_goes_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        Diary().wakes_at(stopped).move(timedelta(minutes=-1))


def test_nor_when_a_sweep_took_longer_than_the_move() -> None:
    hands = [NOON]
    diary = Diary(at(1))

    def slow(now: datetime) -> None:
        diary.settle(now)
        hands[0] += timedelta(minutes=9)

    diary.then = slow
    wakes = diary.wakes_at(lambda: hands[0])
    wakes.move(timedelta(minutes=2))
    assert diary.swept == [at(1), at(10)]
    assert wakes.now() >= at(10)


# --- running ------------------------------------------------------------------------------------------


def test_a_start_beats_and_sweeps_at_once(running: Callable[[Wakes], Wakes]) -> None:
    diary = Diary()
    running(diary.wakes_at(real))
    diary.until(lambda: len(diary.swept) == 1 and len(diary.beats) == 1)


def test_a_moment_in_the_past_runs_at_once(running: Callable[[Wakes], Wakes]) -> None:
    diary = Diary()
    wakes = running(diary.wakes_at(real))
    diary.until(lambda: len(diary.swept) == 1)
    wakes.on_wake(real() - timedelta(days=3))
    diary.until(lambda: len(diary.swept) == 2)


def test_a_moment_named_by_storage_is_kept_after_a_start(running: Callable[[Wakes], Wakes]) -> None:
    moment = real() + timedelta(seconds=0.2)
    diary = Diary(moment)
    running(diary.wakes_at(real))
    diary.until(lambda: any(now >= moment for now in diary.swept))
    assert diary.wakes == []


def test_moments_are_those_of_the_moved_clock(running: Callable[[Wakes], Wakes]) -> None:
    diary = Diary()
    wakes = running(diary.wakes_at(real, timedelta(days=1)))
    moment = wakes.now() + timedelta(seconds=0.2)
    wakes.on_wake(moment)
    diary.until(lambda: any(now >= moment for now in diary.swept))


def test_a_moment_a_move_came_near_to_is_not_late(running: Callable[[Wakes], Wakes]) -> None:
    diary = Diary()
    wakes = running(diary.wakes_at(real))
    moment = wakes.now() + timedelta(hours=1, seconds=1)
    diary.wakes = [moment]
    wakes.on_wake(moment)
    wakes.move(timedelta(hours=1))
    diary.until(lambda: any(now >= moment for now in diary.swept))
    assert diary.wakes == []


def test_a_moment_that_comes_during_a_sweep_is_not_late(running: Callable[[Wakes], Wakes]) -> None:
    """Storage names only its next moment: nobody had armed the one after."""
    hands = [NOON]
    diary = Diary(at(0), at(1))

    def slow(now: datetime) -> None:
        diary.settle(now)
        hands[0] = at(2)

    diary.then = slow
    running(diary.wakes_at(lambda: hands[0]))
    diary.until(lambda: diary.swept[-1:] == [at(2)])
    assert diary.wakes == []


def test_a_sweep_that_fails_is_followed_by_others(
    running: Callable[[Wakes], Wakes], caplog: pytest.LogCaptureFixture
) -> None:
    diary = Diary()
    failed = threading.Event()

    def fail(now: datetime) -> None:
        diary.then = diary.settle
        failed.set()
        raise RuntimeError("the disk is full")

    diary.then = fail
    wakes = running(diary.wakes_at(real))
    assert failed.wait(PATIENT)
    wakes.on_wake(real())
    diary.until(lambda: len(diary.swept) == 1)
    wakes.stop()
    assert "the disk is full" in caplog.text


def test_sweeps_may_overlap_and_a_stop_waits_for_them() -> None:
    diary = Diary()
    both, leave, ended = threading.Barrier(3), threading.Event(), []

    def long(now: datetime) -> None:
        both.wait(PATIENT)
        assert leave.wait(PATIENT)
        ended.append(now)

    diary.then = long
    wakes = diary.wakes_at(real)
    wakes.start()
    wakes.on_wake(real())
    both.wait(PATIENT)  # two sweeps are under way
    stopping = threading.Thread(target=wakes.stop)
    stopping.start()
    assert stopping.is_alive()
    leave.set()
    stopping.join(PATIENT)
    assert not stopping.is_alive()
    assert len(ended) == 2


def test_a_sweep_under_way_may_name_wake_ups_while_the_bot_stops() -> None:
    diary = Diary()
    begun, leave = threading.Event(), threading.Event()

    def name_the_next(now: datetime) -> None:
        begun.set()
        assert leave.wait(PATIENT)
        wakes.on_wake(now + timedelta(hours=1))
        wakes.on_wake(now)

    diary.then = name_the_next
    wakes = diary.wakes_at(real)
    wakes.start()
    assert begun.wait(PATIENT)
    stopping = threading.Thread(target=wakes.stop, daemon=True)
    stopping.start()
    leave.set()
    stopping.join(PATIENT)
    assert not stopping.is_alive()
    assert len(diary.swept) <= 2  # none was begun after the stop


def test_a_stop_at_any_moment_is_quiet() -> None:
    """A thread that dies in here fails the test: warnings are errors."""
    for _ in range(30):
        diary = Diary()
        wakes = diary.wakes_at(real)
        wakes.start()
        wakes.on_wake(real())
        diary.until(lambda diary=diary: len(diary.swept) > 0)  # type: ignore[misc]
        wakes.stop()


def test_a_stop_before_a_start_is_no_accident() -> None:
    Diary().wakes_at(real).stop()


# --- the machine's own clock is moved -------------------------------------------------------------------


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """How far the machine's clock was set from what it was; looked at all the time."""
    monkeypatch.setattr("bot.clock.WATCH", 0.01)
    return [timedelta()]


def test_a_clock_set_back_does_not_stop_the_sweeps(
    running: Callable[[Wakes], Wakes], hands: list[timedelta]
) -> None:
    """A job that waits for 12:00:30 by a clock that shows 11:00 again would wait for an hour."""
    diary = Diary()
    wakes = running(diary.wakes_at(lambda: real() + hands[0]))
    diary.until(lambda: len(diary.swept) == 1 and len(diary.beats) == 1)
    hands[0] = -timedelta(hours=1)
    diary.until(lambda: len(diary.swept) == 2 and len(diary.beats) == 2)
    assert diary.swept[1] < diary.swept[0]
    assert len(diary.set_back) == 1, "said before that sweep"
    assert diary.set_back[0] <= diary.swept[1]
    moment = wakes.now() + timedelta(seconds=0.2)
    diary.wakes = [moment]
    wakes.on_wake(moment)
    diary.until(lambda: diary.wakes == [])


def test_a_laptop_that_slept_for_three_hours_sees_what_was_due(
    running: Callable[[Wakes], Wakes], hands: list[timedelta]
) -> None:
    moment = real() + timedelta(hours=2)
    diary = Diary(moment)
    running(diary.wakes_at(lambda: real() + hands[0]))
    diary.until(lambda: len(diary.swept) == 1)
    hands[0] = timedelta(hours=3)
    diary.until(lambda: diary.wakes == [])
    assert diary.set_back == []
    assert diary.swept[-1] > moment + timedelta(minutes=59)
    assert timedelta(seconds=30) >= EVERY, "where nobody sees that it slept, the next sweep does"


def test_a_clock_that_goes_as_it_should_is_left_alone(
    running: Callable[[Wakes], Wakes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.clock.WATCH", 0.001)
    looks, many = [0], threading.Event()

    def looked() -> datetime:
        looks[0] += 1
        if looks[0] > 50:
            many.set()
        return real() + timedelta(milliseconds=looks[0])  # it is slewed, as clocks are

    diary = Diary()
    running(diary.wakes_at(looked))
    assert many.wait(PATIENT)
    assert len(diary.swept) == 1


PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("saturday", "utc_hour"),
    [(datetime(2026, 10, 24, 18, tzinfo=PARIS), 9), (datetime(2027, 3, 27, 18, tzinfo=PARIS), 8)],
    ids=["to winter time", "to summer time"],
)
def test_ten_in_the_morning_is_ten_after_the_clocks_change(saturday: datetime, utc_hour: int) -> None:
    """Chosen before the change: kept as a moment, it comes when the clock on the wall shows ten."""
    due = next_working_morning(saturday, PARIS, "fr")
    assert (due.astimezone(PARIS).hour, due.astimezone(UTC).hour) == (10, utc_hour)
    diary = Diary(due.astimezone(UTC))
    wakes = diary.wakes_at(lambda: saturday.astimezone(UTC))
    wakes.move(timedelta(days=4))
    assert diary.swept[0] == due
    assert diary.wakes == []
