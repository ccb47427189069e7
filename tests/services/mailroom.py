"""A campaign of twelve small batches, a mail service that waits to be told, and a Slack that may be slow."""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.contacts import Contact
from bot.core.delivery import Progress
from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.letters import Addressed, Composed, Letter, Sender
from bot.core.people import Language, Member
from bot.core.policy import Policy
from bot.core.sentences import Sentence
from bot.core.suppressions import Cause, Suppression
from bot.ports import Outcome, Request, Store, Taken
from bot.services.campaigns import Campaigns
from bot.services.delivery import Delivery

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOVA, ANNA = WorkspaceId("T1"), MemberId("U1")
OWNER = Member(workspace=NOVA, id=ANNA)
EACH = 3  # people of a batch, here
BATCHES = 12
PATIENCE = 10.0  # seconds after which a test gives up


@dataclass
class Clock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


class Door:
    """A mail service that lets a request through when it is told to. A request's body names its people."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.built: list[bytes] = []
        self.posted: list[bytes] = []
        self.usually: Outcome = Taken(message_id="m")
        self.trials: list[bytes] = []
        self.judges: Callable[[list[int]], Outcome] = lambda _: Taken(message_id="")
        self.under_way = 0
        self.most = 0
        self.refuses_to_build: set[int] = set()
        self.answers: dict[int, list[Outcome | Exception]] = {}  # by the first of the request's people
        self._open = 0

    def build(
        self, letter: Letter, composed: Composed, people: Iterable[Addressed], *, campaign: str, wave: int,
        trial: bool = False,
    ) -> Request:  # fmt: skip
        numbers = [one.number for one in people]
        if numbers[0] in self.refuses_to_build:
            raise RuntimeError("a defect")
        body = b" ".join(b"%d" % number for number in numbers)
        if trial:
            return Request(body=body, people=len(numbers), trial=True)
        with self.changed:
            self.built.append(body)
            self.changed.notify_all()
        return Request(body=body, people=len(numbers))

    def post(self, request: Request) -> Outcome:
        if request.trial:
            with self.changed:
                self.trials.append(request.body)
            return self.judges([int(number) for number in request.body.split()])
        with self.changed:
            self.posted.append(request.body)
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            self.changed.notify_all()
            assert self.changed.wait_for(lambda: self._open > 0, PATIENCE)
            self._open -= 1
            self.under_way -= 1
            self.changed.notify_all()
        answers = self.answers.get(int(request.body.split()[0]))
        answer = answers.pop(0) if answers else self.usually
        if isinstance(answer, Exception):
            raise answer
        return answer

    def senders(self) -> Sequence[str]:
        return ("@nova.example",)

    def lets(self, count: int) -> None:
        with self.changed:
            self._open += count
            self.changed.notify_all()

    def opens(self) -> None:
        self.lets(1_000_000)

    def until(self, told: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(told, PATIENCE)


@dataclass
class Wall:
    """Slack: shows what it is told; from the `slow_from`-th time on, not before `free`."""

    slow_from: int = 1_000_000
    free: threading.Event = field(default_factory=threading.Event)
    waits: threading.Event = field(default_factory=threading.Event)
    shown: list[Progress] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    revision: int = 0
    said: list[Sentence] = field(default_factory=list)
    knows: bool = True  # who has answered

    def show_campaign(self, member: Member, campaign: Campaign, progress: Progress) -> None:
        if len(self.shown) >= self.slow_from:
            self.waits.set()
            assert self.free.wait(PATIENCE)
        if campaign.revision < self.revision:
            return  # late, and never shown
        self.revision = campaign.revision
        self.shown.append(progress)
        self.states.append(campaign.state)

    def say(self, member: Member, said: Sentence) -> None:
        self.said.append(said)

    def ask(self, member: Member, campaign: Campaign, progress: Progress, said: Sentence) -> None:
        self.said.append(said)

    def show_list(self, *_: object, **__: object) -> None: ...


@dataclass
class Room:
    store: Store
    door: Door
    wall: Wall
    clock: Clock
    delivery: Delivery
    campaigns: Campaigns
    visits: ThreadPoolExecutor
    posts: ThreadPoolExecutor

    def sweeps(self) -> Future[None]:
        return self.visits.submit(self.delivery.sweep, self.clock.at)

    def sweeps_to_the_end(self) -> None:
        self.sweeps().result(PATIENCE)

    def goes_by(self, span: timedelta) -> None:
        """Each wake-up in order, then the moment itself."""
        until = self.clock.at + span
        while (wake := self.store.campaigns.next_wake()) is not None and wake <= until:
            self.clock.at = max(wake, self.clock.at)
            self.sweeps_to_the_end()
        self.clock.at = until

    def told(self, key: str) -> list[Sentence]:
        return [said for said in self.wall.said if said.key == key]

    def paced(self, per_hour: int) -> None:
        campaign = self.campaign
        edited = rules.edit(campaign, speed=per_hour)
        self.store.campaigns.advance(NOVA, edited, campaign.revision, campaign.send_at)

    @property
    def campaign(self) -> Campaign:
        return self.store.campaigns.all(NOVA)[0]

    @property
    def progress(self) -> Progress:
        return self.campaigns.progress(self.campaign)

    def suppresses(self, number: int) -> None:
        gone = Suppression(address=f"p{number}@example.com", cause=Cause.UNSUBSCRIBED, at=NOON, origin="")
        assert self.store.suppressions.add(NOVA, gone)


def schedule(store: Store) -> None:
    draft = Campaign(
        workspace=NOVA, id=CampaignId("cmp_1"), owner=ANNA, seed="5eed", created_at=NOON, name="Avis",
        language=Language.FRENCH, zone="Europe/Paris", sender=Sender(address="a@nova.example"),
        link="https://forms.example/s", subject="Bonjour", body="Votre avis ?",
    )  # fmt: skip
    store.campaigns.add(NOVA, draft)
    people = (Contact(row=n + 2, email=f"p{n}@example.com") for n in range(EACH * BATCHES))
    audience = store.campaigns.fix_audience(NOVA, draft.id, people)
    size = EACH * BATCHES
    due = rules.move(draft, State.SCHEDULED, audience=audience, audience_size=size, send_at=NOON)
    store.campaigns.advance(NOVA, due, draft.revision, NOON)


POLICY = Policy(
    mail_from=Sender(address="a@nova.example"), reply_to=None, postal_address="Paris", unsubscribe_to="",
    public_url="https://bot.example", default_language=Language.FRENCH, senders=(), admins=(),
    max_file_bytes=1, undo_seconds=0, secret=b"s" * 32,
)  # fmt: skip


def batch(number: int, *, without: Sequence[int] = ()) -> bytes:
    people = range(number * EACH, (number + 1) * EACH)
    return b" ".join(b"%d" % one for one in people if one not in without)


def all_but(*numbers: int) -> list[bytes]:
    return sorted(batch(number) for number in range(BATCHES) if number not in numbers)
