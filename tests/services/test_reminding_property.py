"""Whatever is told, failed, clicked and waited for: no reminder reaches somebody it must not reach."""

import tempfile
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bot.core import campaigns as rules
from bot.core import planning
from bot.core.campaigns import State
from bot.core.facts import Events, Happened
from bot.core.letters import Addressed, Composed, Letter
from bot.core.reminders import MOST, Reminder
from bot.core.sentences import Refusal
from bot.core.silent import STOPS
from bot.ports import NotTaken, Outcome, Request, Taken, Unknown
from bot.services.reminders import Reminders
from tests.services.mailroom import BATCHES, EACH, NOVA, OWNER, Clock, Door, Room
from tests.services.rooms import furnished

PEOPLE = EACH * BATCHES

Step = tuple[object, ...]


class Box(Door):
    """Every letter with its wave and its moment; requests fail as often as they are told to."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.fails: list[Outcome] = []
        self.gone: list[tuple[int, int, datetime]] = []
        self.closing: datetime | None = None
        self.late = 0  # letters that left once it was closed
        self._lock = threading.Lock()

    def build(
        self, letter: Letter, composed: Composed, people: Iterable[Addressed], *, campaign: str, wave: int,
        trial: bool = False,
    ) -> Request:  # fmt: skip
        numbers = [wave, *(one.number for one in people)]
        return Request(body=" ".join(map(str, numbers)).encode(), people=len(numbers) - 1)

    def post(self, request: Request) -> Outcome:
        wave, *numbers = map(int, request.body.split())
        with self._lock:
            outcome = self.fails.pop() if self.fails else Taken(message_id="m")
            if not isinstance(outcome, NotTaken):  # what may have left counts as a letter
                self.gone += [(wave, number, self.clock.at) for number in numbers]
                self.late += self.closing is not None and self.clock.at >= self.closing
        return outcome


FAILURES = (NotTaken(seconds=60.0, why="429"), Unknown(why="reset"))
numbers = some.integers(0, PEOPLE - 1)
bits = some.sampled_from(
    [
        Happened.ANSWERED, Happened.BOUNCED, Happened.DROPPED, Happened.COMPLAINED, Happened.UNSUBSCRIBED,
        Happened.DELIVERED, Happened.CLICKED, Happened.BLOCKED,
    ]
)  # fmt: skip
steps = some.one_of(
    some.tuples(some.just("tells"), some.integers(0, 5), some.lists(numbers, max_size=9), bits),
    some.tuples(some.just("suppresses"), numbers),
    some.tuples(some.just("goes by"), some.integers(1, 150)),
    some.tuples(some.just("fails"), some.sampled_from(FAILURES)),
    some.tuples(some.just("knows"), some.booleans()),
    some.tuples(some.just("closes"), some.none() | some.integers(0, 200)),
    some.sampled_from(
        [("skips",), ("sends",), ("everybody",), ("reminds",), ("restarts",), ("rests",), ("dies",)]
    ),
)  # fmt: skip


class Play:
    """`stopped`: since when nobody may remind them any more."""

    def __init__(self, room: Room, box: Box) -> None:
        self.room, self.box = room, box
        self.reminders = Reminders(campaigns=room.campaigns, reminding=room.delivery.reminding)
        self.stopped: dict[int, datetime] = {}

    def plays(self, step: Step) -> None:
        match step:
            case ("tells", int(wave), list(people), Happened() as happened):
                self._tells(wave, cast("list[int]", people), happened)
            case ("suppresses", int(number)):
                with suppress(AssertionError):  # a second time
                    self.room.suppresses(number)
                self.stopped.setdefault(number, self.room.clock.at)
            case ("goes by", int(hours)):
                self.room.goes_by(timedelta(hours=hours))
            case ("fails", outcome):
                self.box.fails.append(cast("Outcome", outcome))
            case ("knows", bool(knows)):
                self.room.wall.knows = knows
            case ("closes", hours):
                self._closes(cast("int | None", hours))
            case ("dies",):
                self._dies()
            case ("restarts",):
                now = self.room.clock.at
                self.room.delivery.recover(now - timedelta(hours=1), now)
                self.room.sweeps_to_the_end()
            case (str(click),):
                with suppress(Refusal):
                    self._clicks(click)
                self.room.sweeps_to_the_end()

    def _tells(self, wave: int, people: list[int], happened: Happened) -> None:
        if self.room.campaign.departed_at is None:
            return
        at = int(self.room.clock.at.timestamp())
        told = Events(wave=wave, items=tuple((number, int(happened), at) for number in people))
        self.room.store.ledgers.learn(NOVA, self.room.campaign.id, [told])
        if int(happened) & STOPS:
            for number in people:
                self.stopped.setdefault(number, self.room.clock.at)

    def _closes(self, hours: int | None) -> None:
        """In so many hours; or never."""
        self.box.closing = None if hours is None else self.room.clock.at + timedelta(hours=hours)
        campaign = self.room.campaign
        closing = rules.edit(campaign, closing_at=self.box.closing)
        self.room.store.campaigns.save(NOVA, closing, campaign.revision)

    def _dies(self) -> None:
        """Right after a reminder was to leave, with nothing of it written down."""
        campaign, now = self.room.campaign, self.room.clock.at
        if campaign.state is State.SENT and (one := planning.upcoming(campaign, now)):
            self.room.delivery.reminding.leave(campaign, one.number, now)
        self.room.clock.at += timedelta(minutes=20)
        self.room.delivery.recover(now, self.room.clock.at)
        self.room.sweeps_to_the_end()

    def _clicks(self, click: str) -> None:
        campaign, reminders = self.room.campaign, self.reminders
        number = campaign.asks_about or next(
            (index for index, one in enumerate(campaign.reminders, 1) if one.is_ahead), 1
        )
        match click:
            case "skips":
                reminders.skip(OWNER, campaign.id, number)
            case "sends":
                reminders.send_now(OWNER, campaign.id)
            case "everybody":
                reminders.write_to_everybody(OWNER, campaign.id, number)
            case "reminds":
                reminders.remind(OWNER, campaign.id, campaign.wave + 1, to_unsure=True)
            case "rests":
                stands = campaign.rests or campaign.state is State.PAUSED
                change = self.room.campaigns.resume if stands else self.room.campaigns.pause
                change(OWNER, campaign.id)

    def judge(self) -> None:
        for wave, number, at in self.box.gone:
            if wave:
                assert self.stopped.get(number, at) >= at, (wave, number)
        twice = [one for one, n in Counter((w, n) for w, n, _ in self.box.gone).items() if n > 1]
        assert twice == []
        assert not self.box.late
        waves = self.room.store.ledgers.read(NOVA, self.room.campaign.id, lambda fold: len(fold.waves))
        assert waves <= 1 + MOST


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(script=some.lists(steps, min_size=4, max_size=25), speed=some.sampled_from([0, 0, 30]))
def test_no_reminder_reaches_who_must_not_get_it(script: list[Step], speed: int) -> None:
    """And nothing leaves once the questionnaire is closed."""
    box = Box()
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory() as folder:
        patched.setattr("bot.core.waves.BATCH", EACH)
        with furnished(Path(folder) / "data", box) as room:
            box.clock = room.clock
            campaign = room.campaign
            planned = rules.edit(campaign, reminders=(Reminder(days=2), Reminder(days=4), Reminder(days=7)))
            planned = replace(planned, speed=speed)
            room.store.campaigns.advance(NOVA, planned, campaign.revision, campaign.send_at)
            room.sweeps_to_the_end()
            play = Play(room, box)
            for step in script:
                play.plays(step)
            room.goes_by(timedelta(days=30))
            play.judge()
