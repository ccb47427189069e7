"""Would the letters leave? Asked before departure and under repair: told once, and never decided alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot import ports
from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.facts import Accepted, Claimed, WaveOpened
from bot.core.ids import MemberId
from bot.core.letters import Sender
from bot.core.people import Language, Member
from bot.core.sentences import Sentence, sentence
from bot.services.operators import Operators
from bot.services.readiness import Readiness, fault_of
from bot.services.telling import Telling
from storage import open_store
from tests.storage.records import ANNA, HOME, NOON, draft, keep_campaign, people

SAMIR, LOU = MemberId("U3SAMIR"), MemberId("U4LOU")
CHANNEL = "C0SUPPORT"
KEY = ports.Refused(why="key", detail="The key is revoked.")
CREDITS = ports.Refused(why="credits", detail="Maximum credits exceeded")


def why_of(refused: ports.Refused) -> Sentence:
    return sentence(f"mail.refused.{refused.why}", detail=refused.detail)


@dataclass
class Watch:
    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment


@dataclass
class Slack:
    """(to whom, what) in order; places in `refuses` answer with that word."""

    said: list[tuple[str, str]] = field(default_factory=list)
    words: list[Sentence] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)

    def say(self, member: Member, said: Sentence) -> None:
        self._hear(member.id, said)

    def ask(self, member: Member, campaign: Campaign, progress: Any, said: Sentence) -> None:
        self._hear(member.id, said)

    def post(self, channel: str, said: Sentence, language: Language) -> None:
        assert language is Language.ENGLISH, "the channel's own language is the settings'"
        self._hear(channel, said)

    def show_campaign(self, member: Member, campaign: Campaign, progress: Any) -> None:
        if word := self.refuses.get(member.id):
            raise ports.Unreachable(word)

    def _hear(self, place: str, said: Sentence) -> None:
        if word := self.refuses.get(place):
            raise ports.Unreachable(word)
        self.said.append((place, said.key))
        self.words.append(said)

    def heard(self) -> list[tuple[str, str]]:
        """Since it was asked last."""
        heard, self.said = self.said, []
        return heard


@dataclass
class Mailer:
    stands: ports.Refused | ports.NotTaken | None = None
    left: int | None = None
    asked: int = 0

    def standing(self, sender: str) -> ports.Refused | ports.NotTaken | None:
        self.asked += 1
        return self.stands

    def credits(self) -> int | None:
        return self.left


@dataclass
class House:
    store: ports.Store
    admins: tuple[str, ...] = ()
    channel: str = CHANNEL
    clock: Watch = field(default_factory=Watch)
    slack: Slack = field(default_factory=Slack)
    mailer: Mailer = field(default_factory=Mailer)

    def __post_init__(self) -> None:
        self.opens()

    def opens(self) -> None:
        """Everything that is in memory only begins anew."""
        policy = ports.Policy(
            mail_from=Sender(address="a@b.example"), reply_to=None, postal_address="", unsubscribe_to="",
            public_url="", default_language=Language.ENGLISH, senders=(), admins=self.admins,
            max_file_bytes=1, undo_seconds=0, secret=b"", support_channel=self.channel,
        )  # fmt: skip
        messenger = cast("ports.Messenger", self.slack)
        self.telling = Telling(store=self.store, messenger=messenger, clock=self.clock, policy=policy)
        self.operators = Operators(telling=self.telling)
        mailer = cast("ports.Mailer", self.mailer)
        self.readiness = Readiness(store=self.store, mailer=mailer, operators=self.operators)

    def meets(self, name: MemberId, first_name: str, *, is_admin: bool = True) -> None:
        member = Member(workspace=HOME, id=name, first_name=first_name, is_admin=is_admin)
        self.store.people.change(HOME, name, lambda _: member)

    @property
    def campaign(self) -> Campaign:
        return self.store.campaigns.all(HOME)[0]

    def becomes(self, **changes: Any) -> Campaign:
        known = self.campaign
        changed = rules.edit(known, **changes)
        self.store.campaigns.save(HOME, changed, known.revision)
        return changed

    def pauses(self, refused: ports.Refused = KEY) -> None:
        """As delivery does: the move, then those who can repair it."""
        why = self.operators.why(self.campaign, refused, why_of(refused))
        paused = self.becomes(state=State.PAUSED, departed_at=NOON, why=why)
        self.operators.alarm(paused, refused)

    def sweeps(self, **after: float) -> list[tuple[str, str]]:
        self.clock.moment += timedelta(**after)
        self.readiness.sweep(self.clock.now())
        return self.slack.heard()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    kept = keep_campaign(store, draft(), people(1_200))
    store.campaigns.save(HOME, replace(kept, revision=kept.revision + 1), kept.revision)
    yield House(store=store)
    store.close()


# --- who is told --------------------------------------------------------------------------------------


def test_admins_and_the_channel_are_told_once_with_the_cure(house: House) -> None:
    house.meets(SAMIR, "Samir")
    house.meets(LOU, "Lou", is_admin=False)
    house.pauses()
    assert house.slack.heard() == [(SAMIR, "mail.cure.key"), (CHANNEL, "mail.cure.key")]
    house.becomes(state=State.SENDING, why=None)
    house.pauses()
    assert house.slack.heard() == [], "once per campaign and fault"
    house.pauses(CREDITS)
    assert house.slack.heard() == [(SAMIR, "mail.cure.credits"), (CHANNEL, "mail.cure.credits")]


def test_what_is_no_operators_matter_alarms_nobody(house: House) -> None:
    house.meets(SAMIR, "Samir")
    house.pauses(ports.Refused(why="letter", detail="no"))
    assert house.slack.heard() == []
    assert fault_of(house.campaign) == ""
    assert house.sweeps(hours=1) == []
    assert house.mailer.asked == 0


def test_the_owner_reads_who_knows(house: House) -> None:
    def told() -> Any:
        why = house.operators.why(house.campaign, KEY, why_of(KEY))
        said = cast("Sentence", why.values["told"])
        return said.key, said.values.get("who")

    assert told() == ("delivery.told.operators", None), "the channel knows"
    house.channel = ""
    house.opens()
    assert told() == ("delivery.told.nobody", None)
    house.meets(SAMIR, "Samir")
    assert told() == ("delivery.told.people", "@Samir")
    for number in range(3):
        house.meets(MemberId(f"U9{number}"), f"Nr{number}")
    assert told() == ("delivery.told.people", "@Samir, @Nr0, @Nr1…")
    house.meets(ANNA, "Anna")
    why = house.operators.why(house.campaign, KEY, why_of(KEY))
    assert why.key == "delivery.why.yours", "who looks after the bot reads the cure itself"
    assert why.values["cure"] == sentence("delivery.cure.key", detail=KEY.detail)
    house.pauses()
    assert fault_of(house.campaign) == "key"


def test_admins_of_the_settings_are_told_though_the_bot_never_met_them(house: House) -> None:
    house.admins = (SAMIR,)
    house.opens()
    house.meets(LOU, "Lou")
    house.pauses()
    assert house.slack.heard() == [(SAMIR, "mail.cure.key"), (CHANNEL, "mail.cure.key")]


def test_a_channel_without_the_bot_holds_up_nobody(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.meets(SAMIR, "Samir")
    house.slack.refuses = {SAMIR: "timeout", CHANNEL: "not_in_channel"}
    house.pauses()
    assert "not_in_channel" in caplog.text
    assert [owed.member for owed in house.store.outbox.owed()] == [SAMIR], "the channel's is given up"
    house.slack.refuses = {}
    house.telling.retry()
    assert house.slack.heard() == [(SAMIR, "mail.cure.key")]
    assert house.store.outbox.owed() == []


def test_what_slack_never_takes_keeps_nobody_else_waiting(house: House) -> None:
    """Somebody left the company: what they are owed is given up, and the next are told."""
    house.meets(LOU, "Lou")
    house.meets(SAMIR, "Samir")
    house.slack.refuses = {LOU: "timeout", SAMIR: "timeout", CHANNEL: "timeout"}
    house.pauses()
    assert len(house.store.outbox.owed()) == 3
    house.slack.refuses = {SAMIR: "user_not_found", LOU: "user_not_found"}
    house.telling.retry()
    assert house.slack.heard() == [(CHANNEL, "mail.cure.key")]
    assert house.store.outbox.owed() == []


def test_a_crash_between_the_pause_and_the_telling_is_made_good(house: House) -> None:
    why = house.operators.why(house.campaign, KEY, why_of(KEY))
    house.becomes(state=State.PAUSED, departed_at=NOON, why=why)
    assert house.sweeps() == [(CHANNEL, "mail.cure.key")]
    assert house.sweeps(seconds=30) == []


# --- repaired -----------------------------------------------------------------------------------------


def test_after_the_repair_the_owner_is_asked_once(house: House) -> None:
    house.pauses()
    house.slack.heard()
    house.mailer.stands = KEY
    for _ in range(40):
        assert house.sweeps(seconds=30) == []
    assert house.mailer.asked == 3, "every five minutes, the first time after five"
    house.mailer.stands = None
    asked = [one for _ in range(40) for one in house.sweeps(seconds=30)]
    assert asked == [(ANNA, "delivery.repaired")]
    assert house.campaign.state is State.PAUSED, "nothing resumes by itself"
    house.opens()
    assert house.sweeps(hours=1) == [], "a restart asks no second time"


def test_the_question_counts_what_has_not_gone(house: House) -> None:
    for fact in (
        WaveOpened(wave=0, at=NOON, audience_size=1_200),
        Claimed(wave=0, batch=0, at=NOON),
        Accepted(wave=0, batch=0, at=NOON),
    ):
        assert house.store.ledgers.append(HOME, house.campaign.id, fact)
    house.pauses()
    house.sweeps()
    house.sweeps(minutes=6)
    assert house.slack.words[-1].values["n"] == 200


def test_the_next_pause_is_another_question_and_another_alarm(house: House) -> None:
    house.pauses()
    house.sweeps()
    assert (ANNA, "delivery.repaired") in house.sweeps(minutes=6)
    house.becomes(state=State.SENDING, why=None, repaired_at=None)
    house.pauses()
    assert house.slack.heard() == [(CHANNEL, "mail.cure.key")]
    house.sweeps()
    assert house.sweeps(minutes=6) == [(ANNA, "delivery.repaired")]


@pytest.mark.parametrize(("left", "asks"), [(None, False), (0, False), (1, False), (1_200, True)])
def test_credits_are_there_again_when_the_account_says_so(house: House, left: int | None, asks: bool) -> None:
    house.store.ledgers.append(HOME, house.campaign.id, WaveOpened(wave=0, at=NOON, audience_size=1_200))
    house.pauses(CREDITS)
    house.mailer.left = left
    house.sweeps()
    assert ((ANNA, "delivery.repaired") in house.sweeps(minutes=6)) is asks


@pytest.mark.parametrize(("left", "asks"), [(0, False), (9, False), (10, True)])
def test_credits_are_wanted_for_the_reminder_that_waits(house: House, left: int, asks: bool) -> None:
    for fact in (
        WaveOpened(wave=0, at=NOON, audience_size=10),
        Claimed(wave=0, batch=0, at=NOON),
        Accepted(wave=0, batch=0, at=NOON),
        WaveOpened(wave=1, at=NOON, audience_size=10),
    ):
        assert house.store.ledgers.append(HOME, house.campaign.id, fact)
    house.pauses(CREDITS)
    house.mailer.left = left
    house.sweeps()
    assert ((ANNA, "delivery.repaired") in house.sweeps(minutes=6)) is asks
    if asks:
        assert house.slack.words[-1].values["n"] == 10


def test_nobody_answering_is_no_repair(house: House) -> None:
    house.pauses()
    house.mailer.stands = ports.NotTaken(seconds=30, why="unreachable")
    house.sweeps()
    assert house.sweeps(minutes=6) == []


def test_a_question_that_comes_late_is_not_asked_any_more(house: House) -> None:
    house.pauses()
    house.slack.refuses = {ANNA: "timeout"}
    house.sweeps()
    house.sweeps(minutes=6)
    house.slack.refuses = {}
    house.becomes(state=State.SENDING, why=None)
    house.slack.heard()
    house.telling.retry()
    assert house.slack.heard() == []
    assert house.store.outbox.owed() == []


# --- before departure ---------------------------------------------------------------------------------


def scheduled(house: House, **ahead: float) -> None:
    house.becomes(state=State.SCHEDULED, send_at=NOON + timedelta(**ahead))


SOON = [(ANNA, "delivery.soon"), (SAMIR, "delivery.soon.cure"), (CHANNEL, "delivery.soon.cure")]


def test_an_hour_before_the_owner_and_the_operators_are_told_once(house: House) -> None:
    house.meets(SAMIR, "Samir")
    scheduled(house, hours=3)
    house.mailer.stands = KEY
    assert house.sweeps(minutes=119) == []
    assert house.mailer.asked == 0
    assert house.sweeps(minutes=1) == SOON
    house.opens()
    assert house.sweeps(minutes=30) == []
    assert house.campaign.state is State.SCHEDULED, "nothing is held"


def test_a_good_day_tells_nobody_and_is_looked_at_once(house: House) -> None:
    scheduled(house, hours=1)
    house.mailer.left = 1_200
    assert house.sweeps(minutes=1) == []
    assert house.sweeps(minutes=1) == []
    assert house.mailer.asked == 1


def test_too_few_credits_are_told_where_they_can_be_read(house: House) -> None:
    house.meets(SAMIR, "Samir")
    scheduled(house, minutes=30)
    house.mailer.left = 1_199
    assert house.sweeps() == SOON
    cure = cast("Sentence", house.slack.words[-1].values["cure"])
    detail = cast("Sentence", cure.values["detail"])
    assert (cure.key, detail.values) == ("delivery.cure.credits", {"n": 1_200, "left": 1_199})


def test_away_at_the_first_look_is_looked_at_again(house: House) -> None:
    scheduled(house, hours=1)
    house.mailer.stands = ports.NotTaken(seconds=30, why="unreachable")
    assert house.sweeps() == []
    house.mailer.stands = KEY
    assert house.sweeps(minutes=1) == [(ANNA, "delivery.soon"), (CHANNEL, "delivery.soon.cure")]


def test_another_moment_is_another_look(house: House) -> None:
    scheduled(house, hours=1)
    house.sweeps()
    scheduled(house, hours=24)
    house.mailer.stands = KEY
    assert house.sweeps(hours=22) == []
    assert (ANNA, "delivery.soon") in house.sweeps(hours=1)


def test_once_it_is_due_nobody_looks(house: House) -> None:
    scheduled(house, hours=1)
    assert house.sweeps(hours=1) == []
    assert house.mailer.asked == 0


def test_one_campaigns_trouble_keeps_no_other_from_being_looked_at(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    scheduled(house, hours=1)
    second = replace(house.campaign, id=rules.CampaignId("cmp_b"), revision=1)
    house.store.campaigns.add(HOME, second)
    house.mailer.stands = KEY
    told: list[str] = []

    def standing(sender: str) -> ports.Refused:
        told.append(sender)
        if len(told) == 1:
            raise ValueError("a defect")
        return KEY

    house.mailer.standing = standing  # type: ignore[method-assign]
    assert house.sweeps() == [(ANNA, "delivery.soon"), (CHANNEL, "delivery.soon.cure")]
    assert "readiness is not known" in caplog.text
