"""What the mail service posts: believed where it is signed, kept before it is answered, counted once."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from bot.core.events import Full, Unsigned
from bot.core.facts import Happened
from bot.mail import SignedEvents
from bot.ports import Store, Unreadable, Unwritable
from bot.services import events as door
from storage import open_store
from tests.services.posts import (
    AT,
    HERE,
    NOON,
    PATIENCE,
    SIZE,
    THERE,
    Key,
    Office,
    event,
    late_bounce,
    office,
    sent,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    yield store
    store.close()


@pytest.fixture
def recorder() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as recorder:
        yield recorder


@pytest.fixture
def post(store: Store, recorder: ThreadPoolExecutor) -> Office:
    return office(store, recorder)


# --- whom to believe ----------------------------------------------------------------------------------


def test_what_is_told_counts_and_the_message_follows(post: Office) -> None:
    campaign = sent(post.store)
    post.posts(event("processed", 0), event("delivered", 0), event("delivered", 1))
    assert post.progress(campaign).delivered == 2
    assert post.followed.told == [(HERE, "cmp_a")]


def test_told_again_it_changes_nothing_and_nobody_follows(post: Office, tmp_path: Path) -> None:
    campaign = sent(post.store)
    story = [event("delivered", 0), event("bounce", 1, type="bounce", status="5.1.1")]
    post.posts(*story)
    (ledger,) = (tmp_path / "data" / "campaigns").glob("*.ledger")
    before, told = ledger.read_bytes(), post.progress(campaign)
    post.posts(*story[::-1], *story)
    post.posts(*story)
    assert ledger.read_bytes() == before
    assert post.progress(campaign) == told
    assert len(post.followed.told) == 1


def test_a_forged_post_changes_nothing(post: Office, caplog: pytest.LogCaptureFixture) -> None:
    campaign = sent(post.store)
    raw = orjson.dumps([event("bounce", 0)])
    signature = post.key.sign("1800000000", raw)
    anothers = Key().sign("1800000000", raw)
    for body, signed, stamp in [
        (raw + b" ", signature, "1800000000"), (raw[:-1], signature, "1800000000"),
        (raw, signature, "1800000001"), (raw, anothers, "1800000000"),
    ]:  # fmt: skip
        with pytest.raises(Unsigned):
            post.reception.receive(body, signed, stamp).result(PATIENCE)
    assert post.progress(campaign).bounced == 0
    assert post.suppressed() == {}
    assert len(caplog.records) == 1  # whoever forges posts does not fill the log


def test_without_a_signature_nothing_waits(post: Office) -> None:
    with pytest.raises(Unsigned):
        post.reception.receive(b"[]", "", "1800000000")


def test_without_a_key_everything_is_refused_and_the_log_says_so_once(
    post: Office, caplog: pytest.LogCaptureFixture
) -> None:
    post.reception.mail_events = SignedEvents("")
    for _ in range(3):
        with pytest.raises(Unsigned):
            post.begins(event("delivered", 0))
    assert [record.message for record in caplog.records] == [
        "events are refused: SENDGRID_WEBHOOK_PUBLIC_KEY is not set"
    ]


def test_a_signed_post_that_says_nothing_is_refused(post: Office) -> None:
    signature = post.key.sign("1", b"{}")
    with pytest.raises(ValueError, match="not a list"):
        post.reception.receive(b"{}", signature, "1").result(PATIENCE)


def test_what_nobody_here_knows_is_taken_and_left(post: Office, caplog: pytest.LogCaptureFixture) -> None:
    campaign = sent(post.store)
    caplog.set_level(logging.INFO)
    foreign = {"event": "delivered", "email": "a@b.example", "sg_message_id": "m"}
    post.posts(
        event("delivered", 0, "cmp_gone"), event("bounce", 0, "cmp_gone"), event("delivered", -1),
        event("bounce", -1, type="bounce"), foreign, {"nonsense": 1}, event("delivered", SIZE + 9),
    )  # fmt: skip
    assert post.progress(campaign).delivered == post.progress(campaign).bounced == 0
    assert post.suppressed() == {}
    assert post.followed.told == []
    assert "events left out tests=2 unknown=2 foreign=1 garbage=1" in caplog.text
    assert "@" not in caplog.text


def test_a_kind_of_tomorrow_is_kept_and_counted_nowhere(post: Office) -> None:
    campaign = sent(post.store)
    before = post.progress(campaign)
    post.posts(event("teleported", 2))
    others = post.store.ledgers.read(HERE, campaign.id, lambda fold: set(fold.receipts.others))
    assert others == {(2, "?teleported")}
    assert post.progress(campaign) == before


# --- whom not to write to again -----------------------------------------------------------------------


def test_who_bounced_complained_or_left_is_suppressed_for_the_workspace(post: Office) -> None:
    campaign = sent(post.store)
    sent(post.store, "cmp_b", THERE)
    post.posts(
        event("bounce", 0, type="bounce"), event("spamreport", 1), event("unsubscribe", 2),
        event("bounce", 3, type="blocked"), event("dropped", 4, reason="Spam Reporting Address"),
        event("deferred", 5),
    )  # fmt: skip
    assert post.suppressed() == {
        "p0@example.com": "bounced", "p1@example.com": "complained", "p2@example.com": "unsubscribed",
        "p4@example.com": "complained",
    }  # fmt: skip
    kept = post.store.suppressions.all(HERE)
    assert {one.origin for one in kept} == {"cmp_a"}
    assert {one.at for one in kept} == {NOON}
    assert post.suppressed(THERE) == {}
    progress = post.progress(campaign)
    assert (progress.bounced, progress.blocked, progress.dropped) == (1, 1, 1)
    assert (progress.complained, progress.unsubscribed) == (1, 1)


def test_an_event_without_an_address_suppresses_the_recipient_it_names(post: Office) -> None:
    sent(post.store)
    post.posts(event("spamreport", 3, email=None), event("spamreport", 99, email=None))
    assert post.suppressed() == {"p3@example.com": "complained"}


def test_an_event_without_a_moment_happened_now(post: Office) -> None:
    sent(post.store)
    post.clock.goes_by(hours=1)
    post.posts(event("spamreport", 3, timestamp=None))
    assert post.store.suppressions.all(HERE)[0].at == NOON + timedelta(hours=1)


# --- bounces that come late ---------------------------------------------------------------------------


def test_a_late_bounce_is_of_the_newest_letter_that_was_accepted(post: Office) -> None:
    old = sent(post.store, "cmp_old", at=NOON - timedelta(days=9))
    newest = sent(post.store, "cmp_new", THERE, at=NOON - timedelta(days=1))
    unsent = sent(post.store, "cmp_doubtful", at=NOON, accepted=False)
    post.posts(event("delivered", 2, "cmp_new"))
    assert post.progress(newest).delivered == 1
    post.posts(late_bounce("P2@Example.com"))
    assert (post.progress(newest).bounced, post.progress(newest).delivered) == (1, 0)
    assert post.progress(newest).failures == {"unknown": 1}
    assert post.progress(old).bounced == post.progress(unsent).bounced == 0
    assert post.suppressed(THERE) == {"p2@example.com": "bounced"}
    assert post.suppressed(HERE) == {}


def test_a_late_bounce_of_somebody_we_never_wrote_to_is_nobodys(post: Office) -> None:
    sent(post.store)
    post.posts(late_bounce("stranger@example.com"), late_bounce("no address"))
    assert post.suppressed() == {}
    assert post.followed.told == []


# --- what cannot be kept ------------------------------------------------------------------------------


def break_ledger(post: Office, folder: Path, name: str) -> None:
    """Found damaged at the next start."""
    (path,) = folder.glob(f"data/campaigns/*{name}.ledger")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_one_damaged_ledger_does_not_cost_the_others_their_events(
    post: Office, tmp_path: Path, recorder: ThreadPoolExecutor
) -> None:
    sound, broken = sent(post.store, "cmp_sound"), sent(post.store, "cmp_broken")
    post.store.close()
    break_ledger(post, tmp_path, "cmp_broken")
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    again = office(store, recorder, post.key)
    with pytest.raises(Unreadable):
        again.posts(event("delivered", 0, "cmp_broken"), event("spamreport", 1, "cmp_broken"),
                    event("delivered", 0, "cmp_sound"))  # fmt: skip
    again.posts(event("delivered", 1, "cmp_sound"))
    assert again.progress(sound).delivered == 2
    assert again.suppressed() == {"p1@example.com": "complained"}  # what was asked for stands already
    with pytest.raises(Unreadable):
        again.progress(broken)
    store.close()


def test_a_full_disk_fails_the_post_and_the_next_try_keeps_it(
    post: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = sent(post.store)
    learn, full = post.store.ledgers.learn, [True]

    def tried(*told: Any) -> bool:
        if full.pop():
            raise Unwritable("no space left")
        return learn(*told)

    monkeypatch.setattr(post.store.ledgers, "learn", tried)
    with pytest.raises(Unwritable):
        post.posts(event("delivered", 0))
    full.append(False)
    post.posts(event("delivered", 0))
    assert post.progress(campaign).delivered == 1


def test_a_defect_is_told_to_everybody_who_waits(post: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(post.reception, "recording", SimpleNamespace(record=fails))
    with pytest.raises(ZeroDivisionError):
        post.posts(event("delivered", 0))


# --- many at once -------------------------------------------------------------------------------------


def held(recorder: ThreadPoolExecutor) -> threading.Event:
    """The recorder is busy until this is set."""
    goes_on, began = threading.Event(), threading.Event()

    def wait() -> None:
        began.set()
        assert goes_on.wait(PATIENCE)

    recorder.submit(wait)
    assert began.wait(PATIENCE)
    return goes_on


def test_posts_that_wait_together_share_one_write(
    post: Office, recorder: ThreadPoolExecutor, tmp_path: Path
) -> None:
    campaign = sent(post.store)
    (ledger,) = (tmp_path / "data" / "campaigns").glob("*.ledger")
    before = len(ledger.read_bytes().splitlines())
    goes_on = held(recorder)
    posts = [post.begins(event("delivered", number % SIZE)) for number in range(50)]
    goes_on.set()
    for kept in posts:
        kept.result(PATIENCE)
    assert len(ledger.read_bytes().splitlines()) == before + 1
    assert post.progress(campaign).delivered == SIZE
    assert len(post.followed.told) == 1


def test_who_goes_away_before_their_turn_is_not_waited_for(
    post: Office, recorder: ThreadPoolExecutor
) -> None:
    campaign = sent(post.store)
    goes_on = held(recorder)
    gone, stays = post.begins(event("delivered", 0)), post.begins(event("delivered", 1))
    assert gone.cancel()
    goes_on.set()
    stays.result(PATIENCE)
    assert post.progress(campaign).delivered == 1


def test_too_much_that_waits_is_refused_until_there_is_room(
    post: Office, recorder: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, size = sent(post.store), len(orjson.dumps([event("delivered", 0)]))
    monkeypatch.setattr(door, "ROOM", 3 * size)
    goes_on = held(recorder)
    waiting = [post.begins(event("delivered", number)) for number in range(3)]
    with pytest.raises(Full):
        post.begins(event("delivered", 3))
    goes_on.set()
    for kept in waiting:
        kept.result(PATIENCE)
    post.posts(event("delivered", 4))
    assert post.progress(campaign).delivered == 4


# --- that events come at all --------------------------------------------------------------------------


def test_that_events_come_is_noted_at_once_and_then_now_and_then(post: Office) -> None:
    sent(post.store)
    assert post.store.spaces.get(HERE).events_since is None
    post.posts(event("delivered", 0))
    for seconds, noted in ((20, 0), (20, 0), (30, 70)):
        post.clock.goes_by(seconds=seconds)
        post.posts(event("delivered", 0))  # nothing new in it: it came all the same
        space = post.store.spaces.get(HERE)
        assert space.events_since == NOON
        assert space.events_at == NOON + timedelta(seconds=noted)
    assert post.store.spaces.get(THERE).events_since is None


def test_where_it_cannot_be_noted_the_events_are_kept_all_the_same(
    post: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = sent(post.store)

    def full(*_: object) -> None:
        raise Unwritable("no space left")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(post.store.spaces, "change", full)
        post.posts(event("delivered", 0))
    assert post.progress(campaign).delivered == 1
    post.posts(event("delivered", 1))
    assert post.store.spaces.get(HERE).events_since == NOON


def test_a_machine_that_opens_letters_is_no_person(post: Office) -> None:
    campaign = sent(post.store)
    post.posts(event("open", 0, sg_machine_open=True), event("open", 1), event("click", 1))
    happened = post.store.ledgers.read(HERE, campaign.id, lambda fold: fold.happened)
    assert happened == {Happened.ROBOT: 1, Happened.OPENED: 1, Happened.CLICKED: 1}


def test_the_moment_of_delivery_is_the_mail_services(post: Office) -> None:
    campaign = sent(post.store)
    post.posts(event("delivered", 4, timestamp=AT + 7))
    at = post.store.ledgers.read(HERE, campaign.id, lambda fold: fold.receipts.delivered_at(4))
    assert at == AT + 7
