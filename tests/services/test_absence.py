"""Back after an absence: whom Slack is asked about, what becomes durable, what is said, and when again."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot import ports
from bot.core.ids import MemberId, WorkspaceId
from bot.core.inbox import message_id
from bot.core.letters import Sender
from bot.core.people import Language, Member
from bot.services.absence import Absences
from bot.services.files import Files
from bot.services.imports import Imports
from bot.services.people import People
from bot.services.progress import Progress
from storage import open_store
from tests.storage.records import contact_list, keep_list

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME, ELSEWHERE = WorkspaceId("T1HOME"), WorkspaceId("T2ELSEWHERE")
ANNA, BOB = MemberId("U1ANNA"), MemberId("U2BOB")
DOWN_SINCE = NOON - timedelta(hours=1)


def a_drop(*ids: str, dm: str = "D1ANNA", minutes: int = 30) -> ports.Dropped:
    at = NOON - timedelta(minutes=minutes)
    files = tuple(ports.RemoteFile(id=one, name=f"{one}.csv") for one in ids)
    return ports.Dropped(channel=dm, ts=f"{at.timestamp():.6f}", files=files)


@dataclass
class Slack:
    """What conversations hold, and everything that was asked and said. Files themselves are out of reach."""

    history: dict[str, list[ports.Dropped]] = field(default_factory=lambda: defaultdict(list))
    happened: list[tuple[str, ...]] = field(default_factory=list)
    asked_since: list[datetime] = field(default_factory=list)
    breaks: dict[str, Exception] = field(default_factory=dict)
    on_told: Callable[[], None] = lambda: None
    now: Callable[[], datetime] = lambda: NOON

    def dropped(self, member: Member, since: datetime) -> Sequence[ports.Dropped]:
        self.happened.append(("asked", member.dm))
        self.asked_since.append(since)
        self._break("asked " + member.dm)
        return self.history[member.dm]

    def show_absence(
        self, member: Member, absence: ports.Absence, dropped: Sequence[ports.Dropped], *,
        is_told: bool = False,
    ) -> None:  # fmt: skip
        self._break("told " + member.id)
        assert (absence.since, absence.until) == (DOWN_SINCE, NOON)
        self.on_told()
        self.happened.append(("told", member.id, *(file.id for one in dropped for file in one.files)))

    def profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        raise ports.Unreachable("away")

    def fetch(self, workspace: WorkspaceId, file: ports.RemoteFile, to: Path, limit: int) -> ports.RemoteFile:
        self.happened.append(("read", file.id))
        raise ports.Unreachable("away")

    def _break(self, what: str) -> None:
        if what in self.breaks:
            raise self.breaks.pop(what)

    def said(self, kind: str) -> list[tuple[str, ...]]:
        return [what for what in self.happened if what[0] == kind]


@dataclass(frozen=True)
class House:
    store: ports.Store
    slack: Slack
    imports: Imports
    absences: Absences

    def knows(self, member: MemberId, dm: str = "", *, workspace: WorkspaceId = HOME, **more: Any) -> Member:
        known = Member(workspace=workspace, id=member, dm=dm, seen_at=NOON, **more)
        return self.store.people.change(workspace, member, lambda _: known)

    def comes_back(self, away: timedelta = NOON - DOWN_SINCE) -> None:
        self.absences.begin(HOME, NOON - away, NOON)
        self.absences.catch_up()

    def waiting(self) -> list[str]:
        return [one.file.id for one in self.store.inbox.pending(HOME)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store, slack = open_store(f"tinydb:{tmp_path / 'data'}"), Slack()
    policy = ports.Policy(
        mail_from=Sender(address="a@b.example"), reply_to=None, postal_address="", unsubscribe_to="",
        public_url="", default_language=Language.ENGLISH, senders=(), admins=(), max_file_bytes=1,
        undo_seconds=0, secret=b"",
    )  # fmt: skip
    spoken = cast("Any", slack)
    people = People(store=store, messenger=spoken, clock=spoken, policy=policy)
    needed = {
        "store": store, "files": Files(store=store, source=spoken, policy=policy), "messenger": spoken,
        "people": people, "progress": Progress(messenger=spoken), "clock": spoken,
    }  # fmt: skip
    # nothing is read here, for Slack keeps every file: what would do so is not there
    rest = {one.name: None for one in fields(Imports) if one.name not in needed and one.name[0] != "_"}
    imports = Imports(**cast("Any", needed | rest))
    absences = Absences(store=store, messenger=spoken, imports=imports, people=people)
    yield House(store=store, slack=slack, imports=imports, absences=absences)
    store.close()


def test_a_short_absence_asks_about_nobody(house: House) -> None:
    house.knows(ANNA, "D1ANNA")
    house.comes_back(timedelta(minutes=5))
    house.absences.begin(HOME, None, NOON)
    house.absences.catch_up()
    assert house.slack.happened == []


def test_a_file_is_durable_then_said_then_read(house: House) -> None:
    house.knows(ANNA, "D1ANNA")
    house.slack.history["D1ANNA"] = [a_drop("F1", "F2"), a_drop("F3", minutes=20)]
    kept: list[list[str]] = []
    house.slack.on_told = lambda: kept.append(house.waiting())
    house.comes_back()
    assert kept == [["F1", "F2", "F3"]]
    assert house.slack.happened == [
        ("asked", "D1ANNA"), ("told", ANNA, "F1", "F2", "F3"), ("read", "F1"), ("read", "F2"), ("read", "F3"),
    ]  # fmt: skip
    assert house.slack.asked_since[0] <= DOWN_SINCE, "the last heartbeat was not the last thing heard"
    assert {one.channel for one in house.store.inbox.pending(HOME)} == {"D1ANNA"}


def test_nobody_reads_it_before_it_is_said(house: House) -> None:
    """A sweep that comes in between leaves it alone."""
    house.knows(ANNA, "D1ANNA")
    house.slack.history["D1ANNA"] = [a_drop("F1")]
    house.slack.on_told = house.imports.resume
    house.comes_back()
    assert [what[0] for what in house.slack.happened] == ["asked", "told", "read"]


def test_nothing_dropped_nothing_said(house: House) -> None:
    house.knows(ANNA, "D1ANNA")
    house.comes_back()
    house.absences.catch_up()
    assert house.slack.happened == [("asked", "D1ANNA")]


def test_one_conversation_out_of_reach_keeps_nobody_else(house: House) -> None:
    house.knows(ANNA, "D1ANNA")
    house.knows(BOB, "D2BOB")
    house.slack.history["D1ANNA"] = [a_drop("F1")]
    house.slack.history["D2BOB"] = [a_drop("F2", dm="D2BOB")]
    house.slack.breaks["asked D1ANNA"] = ports.Unreachable("ratelimited")
    house.comes_back()
    assert house.slack.said("told") == [("told", BOB, "F2")]
    house.absences.catch_up()
    assert house.slack.said("told") == [("told", BOB, "F2"), ("told", ANNA, "F1")]
    house.absences.catch_up()
    assert house.slack.said("asked") == [("asked", "D1ANNA"), ("asked", "D2BOB"), ("asked", "D1ANNA")]


def test_what_could_not_be_said_is_said_later_and_nothing_is_received_twice(house: House) -> None:
    house.knows(ANNA, "D1ANNA")
    house.slack.history["D1ANNA"] = [a_drop("F1")]
    house.slack.breaks[f"told {ANNA}"] = ports.Unreachable("away")
    house.comes_back()
    assert house.waiting() == ["F1"], "durable whatever Slack does"
    house.absences.catch_up()
    house.absences.catch_up()
    assert house.slack.said("asked") == [("asked", "D1ANNA")]
    assert house.slack.said("told") == [("told", ANNA, "F1")]


def test_a_defect_in_one_conversation_keeps_nobody_else(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.knows(ANNA, "D1ANNA")
    house.knows(BOB, "D2BOB")
    house.slack.breaks["asked D1ANNA"] = KeyError("ts")
    house.slack.history["D2BOB"] = [a_drop("F2", dm="D2BOB")]
    house.comes_back()
    house.absences.catch_up()
    assert house.slack.said("told") == [("told", BOB, "F2")]
    assert house.slack.said("asked") == [("asked", "D1ANNA"), ("asked", "D2BOB")]
    assert "KeyError" in caplog.text


def test_what_became_of_a_file_already_is_left_alone(house: House) -> None:
    """A list, a file that waits, a file that was refused: each known by its own trace."""
    house.knows(ANNA, "D1ANNA")
    keep_list(house.store, replace(contact_list(workspace=HOME), owner=ANNA, source_file="FLIST"))
    waits = house.imports.waiting(HOME, ANNA, ports.RemoteFile(id="FWAITS"))
    house.imports.receive(HOME, "Ev1", [waits])
    refused = a_drop("FREFUSED", minutes=10)
    house.imports.receive(HOME, refused.id, [house.imports.waiting(HOME, ANNA, refused.files[0])])
    house.store.inbox.drop(HOME, "FREFUSED", ANNA)
    house.slack.history["D1ANNA"] = [a_drop("FLIST", "FWAITS"), refused]
    house.comes_back()
    assert house.slack.said("told") == []
    assert house.waiting() == ["FWAITS"]


def test_only_what_is_new_in_a_message_is_counted(house: House) -> None:
    house.knows(ANNA, "D1ANNA")
    keep_list(house.store, replace(contact_list(workspace=HOME), owner=ANNA, source_file="FLIST"))
    house.slack.history["D1ANNA"] = [a_drop("FLIST", "FNEW")]
    house.comes_back()
    assert house.slack.said("told") == [("told", ANNA, "FNEW")]
    assert house.waiting() == ["FNEW"]


def test_the_event_that_comes_after_all_is_seen_already(house: House) -> None:
    house.knows(ANNA, "D1ANNA")
    dropped = a_drop("F1")
    house.slack.history["D1ANNA"] = [dropped]
    house.comes_back()
    again = house.imports.waiting(HOME, ANNA, dropped.files[0], channel="D1ANNA")
    assert not house.imports.receive(HOME, message_id("D1ANNA", dropped.ts), [again])


def test_guests_and_people_of_other_workspaces_are_not_asked_about(house: House) -> None:
    house.knows(ANNA, "D1ANNA", is_guest=True)
    house.knows(BOB, "D2BOB", is_deactivated=True)
    house.knows(ANNA, "D9ANNA", workspace=ELSEWHERE)
    house.comes_back()
    assert house.slack.happened == []


def test_who_never_wrote_is_found_where_our_messages_stand(house: House) -> None:
    house.knows(ANNA)
    house.knows(BOB)
    kept = keep_list(house.store, replace(contact_list(workspace=HOME), owner=ANNA))
    house.store.messages.note(HOME, ports.MessageRef(subject=kept.id, channel="D1ANNA", ts="1.1"))
    house.slack.history["D1ANNA"] = [a_drop("F1")]
    house.comes_back()
    assert house.slack.said("asked") == [("asked", "D1ANNA")]
    assert house.slack.said("told") == [("told", ANNA, "F1")]


def test_a_shutdown_waits_for_nobody_else(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.knows(ANNA, "D1ANNA")
    house.absences.leave()
    with caplog.at_level(logging.INFO):
        house.comes_back()
    assert house.slack.happened == []
    assert "people to ask about n=1" in caplog.text


def test_their_conversation_is_remembered_and_a_refreshed_profile_keeps_it(house: House) -> None:
    people = house.absences.people
    people.meet(HOME, BOB, "D2BOB")
    known = house.store.people.get(HOME, BOB)
    assert known is not None
    assert known.dm == "D2BOB"
    assert known.seen_at is None, "Slack is still to be asked who this is"
    assert people.refresh(Member(workspace=HOME, id=BOB, name="Bob")).dm == "D2BOB"
    people.meet(HOME, BOB, "D3BOB")
    refreshed = house.store.people.get(HOME, BOB)
    assert refreshed is not None
    assert (refreshed.name, refreshed.dm) == ("Bob", "D3BOB")
