"""Campaigns, their wake-ups and their audiences, in every store, with two workspaces."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.addresses import canonical, hash_of
from bot.core.campaigns import State, edit, move
from bot.core.contacts import Contact
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.sentences import Stale, sentence
from bot.ports import Missing, Store
from tests.storage.conftest import Place
from tests.storage.records import ELSEWHERE, HOME, NOON, draft, keep_campaign, later, people

A = CampaignId("cmp_a")


def test_a_draft_survives_a_restart_with_everything_in_it(place: Place) -> None:
    why = sentence("campaigns.why.late", moment=NOON, inner=sentence("words.people", n=3), text="2026-11-23")
    written = replace(
        draft(), body="**Bonjour** {{prenom}}", why=why,
        send_at=datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/Paris")),
    )  # fmt: skip
    place.open().campaigns.add(HOME, written)
    read = place.open().campaigns.get(HOME, A)
    assert read == written
    assert read.why is not None
    assert isinstance(read.why.values["moment"], datetime)
    assert read.why.values["text"] == "2026-11-23"


def test_a_campaign_is_added_once(store: Store) -> None:
    store.campaigns.add(HOME, draft())
    with pytest.raises(ValueError, match="kept already"):
        store.campaigns.add(HOME, draft())


def test_the_newest_comes_first(store: Store) -> None:
    store.campaigns.add(HOME, draft("cmp_a"))
    store.campaigns.add(HOME, replace(draft("cmp_b"), created_at=later(minutes=1)))
    assert [campaign.id for campaign in store.campaigns.all(HOME)] == ["cmp_b", "cmp_a"]


def test_a_change_needs_the_revision_it_was_made_from(place: Place) -> None:
    store = place.open()
    store.campaigns.add(HOME, draft())
    store.campaigns.save(HOME, edit(draft(), name="Enquête"), expected=1)
    mine = edit(draft(), name="Sondage")
    lost: list[Callable[[], None]] = [
        lambda: store.campaigns.save(HOME, mine, 1),
        lambda: store.campaigns.advance(HOME, mine, 1, wake_at=NOON),
        lambda: store.campaigns.remove(HOME, A, 1),
    ]
    for change in lost:
        with pytest.raises(Stale) as stale:
            change()
        assert stale.value.sentence == sentence("campaigns.stale", name="Enquête")
    assert store.campaigns.next_wake() is None
    assert place.open().campaigns.get(HOME, A).name == "Enquête"


def test_a_draft_thrown_away_is_gone(place: Place) -> None:
    store = place.open()
    store.campaigns.add(HOME, draft())
    store.campaigns.remove(HOME, A, expected=1)
    with pytest.raises(Missing):
        place.open().campaigns.get(HOME, A)


def test_a_wake_up_is_kept_with_the_state_it_belongs_to(place: Place) -> None:
    store = place.open()
    store.campaigns.add(HOME, draft())
    store.campaigns.advance(HOME, move(draft(), State.SCHEDULED), 1, wake_at=later(hours=2))
    store = place.open()
    assert store.campaigns.get(HOME, A).state is State.SCHEDULED
    assert store.campaigns.next_wake() == later(hours=2)
    assert store.campaigns.due(later(hours=1)) == []
    assert store.campaigns.due(later(hours=2)) == [(HOME, A)]


def test_saving_leaves_the_wake_up_where_it_is_and_advancing_may_end_it(store: Store) -> None:
    store.campaigns.add(HOME, draft())
    store.campaigns.advance(HOME, edit(draft()), 1, wake_at=NOON)
    store.campaigns.save(HOME, edit(edit(draft()), name="B"), 2)
    assert store.campaigns.due(NOON) == [(HOME, A)]
    unchanged = store.campaigns.get(HOME, A)
    store.campaigns.advance(HOME, unchanged, 3, wake_at=None)
    assert store.campaigns.next_wake() is None
    assert store.campaigns.get(HOME, A).revision == 3


def test_what_is_due_comes_oldest_first_from_every_workspace(store: Store) -> None:
    wakes = [("cmp_a", HOME, 30), ("cmp_b", ELSEWHERE, 10), ("cmp_c", HOME, 20), ("cmp_d", HOME, 99)]
    for name, workspace, minutes in wakes:
        store.campaigns.add(workspace, draft(name, workspace))
        advanced = edit(draft(name, workspace))
        store.campaigns.advance(workspace, advanced, 1, wake_at=later(minutes=minutes))
    due = [(ELSEWHERE, "cmp_b"), (HOME, "cmp_c"), (HOME, "cmp_a")]
    assert store.campaigns.due(later(minutes=30)) == due
    assert store.campaigns.workspaces() == sorted([HOME, ELSEWHERE])


def test_a_wake_up_is_told_once_it_is_durable_and_not_before(store: Store) -> None:
    told: list[tuple[datetime, State]] = []
    store.on_wake = lambda moment: told.append((moment, store.campaigns.get(HOME, A).state))
    store.campaigns.add(HOME, draft())
    scheduled = move(draft(), State.SCHEDULED)
    store.campaigns.advance(HOME, scheduled, 1, wake_at=later(hours=1))
    with pytest.raises(Stale):
        store.campaigns.advance(HOME, scheduled, 1, wake_at=later(hours=3))
    store.campaigns.advance(HOME, move(scheduled, State.CANCELLED), 2, wake_at=None)
    assert told == [(later(hours=1), State.SCHEDULED)]


def test_a_listener_that_fails_undoes_nothing(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def deaf(moment: datetime) -> None:
        raise RuntimeError("no clock yet")

    store.on_wake = deaf
    store.campaigns.add(HOME, draft())
    store.campaigns.advance(HOME, edit(draft()), 1, wake_at=NOON)
    assert store.campaigns.due(NOON) == [(HOME, A)]
    assert "nobody could be told" in caplog.text


# --- audiences ----------------------------------------------------------------------------------------


def test_an_audience_is_numbered_from_zero_and_survives_a_restart(place: Place) -> None:
    named = keep_campaign(place.open(), draft(), people(3))
    assert list(place.open().campaigns.recipients(HOME, named)) == list(enumerate(people(3)))


@pytest.mark.parametrize(
    "numbers", [[0], [2_499], [999, 1_000, 1_001], [2_001, 5, 1_000], range(990, 1_010), [], [7, 7]]
)
def test_recipients_are_found_by_number_in_their_order(store: Store, numbers: list[int]) -> None:
    everybody = people(2_500)
    named = keep_campaign(store, draft(), everybody)
    found = list(store.campaigns.recipients(HOME, named, numbers))
    assert found == [(number, everybody[number]) for number in sorted(set(numbers))]


@pytest.mark.parametrize("number", [-1, 3, 1_000, 10**9])
def test_a_recipient_who_is_not_there_is_missing(store: Store, number: int) -> None:
    named = keep_campaign(store, draft(), people(3))
    with pytest.raises(Missing):
        list(store.campaigns.recipients(HOME, named, [number]))


def test_an_audience_counts_only_once_a_campaign_names_it(place: Place) -> None:
    store = place.open()
    store.campaigns.add(HOME, draft())
    name = store.campaigns.fix_audience(HOME, A, people(3))
    assert store.campaigns.wrote_to(HOME, "person1@example.com") == []
    store = place.open()  # a crash came before the campaign named it
    with pytest.raises(Missing):
        store.campaigns.advance(HOME, edit(draft(), audience=name, audience_size=3), 1, wake_at=None)
    assert store.campaigns.get(HOME, A).audience == ""


def test_an_audience_fixed_again_takes_the_place_of_the_first(place: Place) -> None:
    store = place.open()
    first = keep_campaign(store, draft(), people(3))
    name = store.campaigns.fix_audience(HOME, A, people(1))
    assert len(list(store.campaigns.recipients(HOME, first))) == 3
    second = edit(first, audience=name, audience_size=1)
    store.campaigns.advance(HOME, second, first.revision, wake_at=None)
    assert len(list(place.open().campaigns.recipients(HOME, second))) == 1


def test_who_asks_with_a_record_of_yesterday_is_told_so(store: Store) -> None:
    first = keep_campaign(store, draft(), people(3))
    name = store.campaigns.fix_audience(HOME, A, people(1))
    store.campaigns.advance(HOME, edit(first, audience=name, audience_size=1), 2, wake_at=None)
    with pytest.raises(Stale):
        store.campaigns.recipients(HOME, first)


def test_a_campaign_without_audience_has_no_recipients(store: Store) -> None:
    store.campaigns.add(HOME, draft())
    with pytest.raises(Missing):
        store.campaigns.recipients(HOME, draft())


def test_which_campaigns_hold_this_address(place: Place) -> None:
    store = place.open()
    keep_campaign(store, draft("cmp_a"), people(50))
    keep_campaign(store, replace(draft("cmp_b"), created_at=later(hours=1)), people(500))
    keep_campaign(store, draft("cmp_c"))
    keep_campaign(store, draft("cmp_d", ELSEWHERE), people(500))
    store = place.open()
    assert store.campaigns.wrote_to(HOME, "PERSON7@Example.COM") == ["cmp_b", "cmp_a"]
    assert store.campaigns.wrote_to(HOME, "person70@example.com") == ["cmp_b"]
    assert store.campaigns.wrote_to(HOME, "nobody@example.com") == []
    assert all(store.campaigns.wrote_to(HOME, one.email) for one in people(500))


def test_an_audience_as_hashes(place: Place) -> None:
    store = place.open()
    named = keep_campaign(store, draft("cmp_a"), people(1_500))
    secret = store.secret("addresses")
    expected = [hash_of(secret, one.email) for one in people(1_500)]
    store = place.open()
    assert set(store.campaigns.hashes(HOME, named)) == set(expected)
    assert set(store.campaigns.hashes(HOME, named, [3, 1_200])) == {expected[3], expected[1_200]}
    assert set(store.campaigns.hashes(HOME, named, [])) == set()
    unnamed = keep_campaign(store, draft("cmp_b"))
    assert set(store.campaigns.hashes(HOME, unnamed)) == set()
    with pytest.raises(Missing):
        store.campaigns.hashes(ELSEWHERE, named)


def test_some_addresses_are_found_among_an_audience(store: Store) -> None:
    emails = ["Zoé@exemple.fr", "noel@sociÉtÉ.fr", 'odd"sign@example.com', "Ann@Example.com", "z@example.com"]
    everybody = [*people(2_500), *(Contact(row=2, email=email) for email in emails)]
    named = keep_campaign(store, draft(), everybody)
    asked = [*(canonical(email) for email in emails[:4]), "person1701@example.com", "nobody@example.com"]
    assert store.campaigns.among(HOME, named, asked) == {
        "zoé@exemple.fr": 2_500, canonical("noel@société.fr"): 2_501, 'odd"sign@example.com': 2_502,
        "ann@example.com": 2_503, "person1701@example.com": 1_701,
    }  # fmt: skip
    assert store.campaigns.among(HOME, named, ["nobody@example.com"]) == {}
    assert store.campaigns.among(HOME, draft(), asked) == {}, "no audience yet"


# --- two workspaces -----------------------------------------------------------------------------------


def test_nothing_crosses_to_another_workspace(store: Store) -> None:
    ours = keep_campaign(store, draft(), people(3))
    theirs = keep_campaign(store, draft(workspace=ELSEWHERE), people(1))
    assert len(list(store.campaigns.recipients(HOME, ours))) == 3
    assert len(list(store.campaigns.recipients(ELSEWHERE, theirs))) == 1
    with pytest.raises(Missing):
        store.campaigns.recipients(ELSEWHERE, ours)
    with pytest.raises(Missing):
        store.campaigns.among(ELSEWHERE, ours, ["person1@example.com"])
    store.campaigns.remove(ELSEWHERE, A, theirs.revision)
    assert store.campaigns.all(ELSEWHERE) == []
    assert len(list(store.campaigns.recipients(HOME, ours))) == 3


@pytest.mark.parametrize("workspace", [ELSEWHERE, WorkspaceId("T3"), WorkspaceId("../T1HOME")])
def test_a_campaign_that_is_not_there_is_missing(store: Store, workspace: WorkspaceId) -> None:
    store.campaigns.add(HOME, draft())
    calls: list[Callable[[], object]] = [
        lambda: store.campaigns.get(workspace, A),
        lambda: store.campaigns.save(workspace, draft(workspace=workspace), 1),
        lambda: store.campaigns.advance(workspace, draft(workspace=workspace), 1, wake_at=NOON),
        lambda: store.campaigns.remove(workspace, A, 1),
        lambda: store.campaigns.fix_audience(workspace, A, people(1)),
        lambda: store.ledgers.read(workspace, A, lambda fold: fold.progress()),
    ]
    for call in calls:
        with pytest.raises(Missing):
            call()
    assert store.campaigns.get(HOME, A) == draft()


def test_a_campaign_does_not_move_to_another_workspace(store: Store) -> None:
    store.campaigns.add(HOME, draft())
    with pytest.raises(ValueError, match="workspace"):
        store.campaigns.save(HOME, replace(edit(draft()), workspace=ELSEWHERE), 1)
    with pytest.raises(ValueError, match="workspace"):
        store.campaigns.add(ELSEWHERE, draft())


def test_moments_come_back_as_moments_in_utc(store: Store) -> None:
    store.campaigns.add(HOME, replace(draft(), send_at=NOON.astimezone(ZoneInfo("Asia/Tokyo"))))
    read = store.campaigns.get(HOME, A).send_at
    assert read == NOON
    assert read is not None
    assert read.utcoffset() == timedelta(0)
    with pytest.raises(ValueError, match="time zone"):
        store.campaigns.save(HOME, edit(draft(), send_at=NOON.replace(tzinfo=None)), 1)
    assert store.campaigns.get(HOME, A).revision == 1
