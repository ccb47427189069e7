"""`status`: counts of everything, over a real store."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core import campaigns as rules
from bot.core import lines
from bot.core.campaigns import Campaign, State
from bot.core.contacts import Contact
from bot.core.facts import Accepted, Claimed, Events, Happened, Rejected, Uncertain, WaveOpened
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.lists import ContactList, Report, delete
from bot.core.people import Language
from bot.ports import Store
from bot.services.status import CampaignCounts, status
from storage import open_store, read_only

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOVA, ORION = WorkspaceId("T1"), WorkspaceId("T2")
ANNA = MemberId("U1")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"tinydb:{tmp_path / 'data'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


def keep_list(store: Store, workspace: WorkspaceId, name: str) -> ContactList:
    people = [Contact(row=n + 2, email=f"p{n}@example.com") for n in range(3)]
    staging = store.staging()
    staging.write_bytes(lines.header("list") + b"".join(lines.encode(one.to_line()) for one in people))
    kept = ContactList(
        workspace=workspace, id=ListId("lst_" + name.partition(" ")[0]), owner=ANNA, title=name,
        report=Report(rows=3, accepted=3), created_at=NOON,
    )  # fmt: skip
    return store.lists.add(workspace, kept, staging)


def draft(store: Store, workspace: WorkspaceId, name: str) -> Campaign:
    campaign = Campaign(
        workspace=workspace, id=CampaignId(f"cmp_{name}"), owner=ANNA, seed="s", created_at=NOON,
        language=Language.FRENCH, zone="Europe/Paris", name=name, sender=Sender(address="a@b.example"),
    )  # fmt: skip
    store.campaigns.add(workspace, campaign)
    return campaign


def schedule(store: Store, campaign: Campaign, people: int) -> Campaign:
    contacts = (Contact(row=n + 2, email=f"p{n}@example.com") for n in range(people))
    audience = store.campaigns.fix_audience(campaign.workspace, campaign.id, contacts)
    scheduled = rules.move(campaign, State.SCHEDULED, audience=audience, audience_size=people, send_at=NOON)
    store.campaigns.advance(campaign.workspace, scheduled, campaign.revision, NOON)
    return scheduled


def counts(store: Store) -> CampaignCounts:
    (one,) = status(store)["campaigns"]
    return one


def test_nothing_yet(url: str) -> None:
    assert status(read_only(url)) == {"campaigns": [], "lists": []}


def test_lists_of_a_workspace_that_never_wrote_to_anybody(store: Store, url: str) -> None:
    keep_list(store, NOVA, "Clients")
    gone = keep_list(store, NOVA, "Old")
    store.lists.save(NOVA, delete(gone, NOON), gone.revision)
    assert status(read_only(url))["lists"] == [
        {"id": "lst_Clients", "title": "Clients", "contacts": 3, "owner": ANNA}
    ]


def test_every_workspace_is_counted(store: Store) -> None:
    keep_list(store, NOVA, "Clients")
    keep_list(store, ORION, "Amis")
    draft(store, NOVA, "one")
    draft(store, ORION, "two")
    seen = status(store)
    assert [kept["title"] for kept in seen["lists"]] == ["Clients", "Amis"]
    assert [campaign["name"] for campaign in seen["campaigns"]] == ["one", "two"]


def test_a_draft_has_nobody_yet(store: Store) -> None:
    draft(store, NOVA, "one")
    assert (counts(store)["state"], counts(store)["people"]) == ("draft", 0)


def test_before_departure_everybody_is_pending(store: Store) -> None:
    schedule(store, draft(store, NOVA, "one"), 391)
    seen = counts(store)
    assert (seen["state"], seen["people"], seen["pending"]) == ("scheduled", 391, 391)
    assert seen["send_at"] == "2026-11-23T12:00:00+00:00"


def test_on_the_way_the_sums_add_up_beside_the_running_bot(store: Store, url: str) -> None:
    campaign = schedule(store, draft(store, NOVA, "one"), 4_000)
    for fact in (
        WaveOpened(wave=0, at=NOON, audience_size=4_000, removed={"suppressed": (5,)}),
        Claimed(wave=0, batch=0, at=NOON, skipped=(0, 1)),
        Accepted(wave=0, batch=0, at=NOON, message_id="m"),
        Claimed(wave=0, batch=1, at=NOON),
        Uncertain(wave=0, batch=1, at=NOON, why="timeout"),
        Claimed(wave=0, batch=2, at=NOON),
        Rejected(wave=0, batch=2, at=NOON, people={2_500: "bad"}),
        Claimed(wave=0, batch=2, at=NOON),
        Events(wave=0, items=((10, int(Happened.DELIVERED), 0), (11, int(Happened.BOUNCED), 0))),
        Events(wave=0, items=((12, int(Happened.BLOCKED), 0), (13, int(Happened.DROPPED), 0))),
        Events(wave=0, items=((10, int(Happened.COMPLAINED), 0),)),
    ):
        assert store.ledgers.append(NOVA, campaign.id, fact)
    seen = counts(read_only(url))
    assert seen["people"] == 3_999
    assert seen["removed"] == 1
    assert (seen["accepted"], seen["uncertain"], seen["rejected"], seen["skipped"]) == (998, 1_000, 1, 2)
    assert seen["pending"] == 999 + 999  # one batch on its way, one that has not left
    parts = ("pending", "accepted", "uncertain", "rejected", "skipped")
    assert sum(seen[part] for part in parts) == seen["people"]  # type: ignore[literal-required]
    assert (seen["delivered"], seen["bounced"], seen["answered"]) == (1, 1, 0)
    assert (seen["blocked"], seen["dropped"], seen["failed"], seen["complained"]) == (1, 1, 3, 1)


def invited(store: Store) -> CampaignId:
    """A campaign of six whose invitation all have but one, whom the mail service refused."""
    campaign = schedule(store, draft(store, NOVA, "one"), 6)
    for fact in (
        WaveOpened(wave=0, at=NOON, audience_size=6, removed={"suppressed": (5,)}),
        Claimed(wave=0, batch=0, at=NOON),
        Rejected(wave=0, batch=0, at=NOON, people={4: "bad"}),
        Claimed(wave=0, batch=0, at=NOON),
        Accepted(wave=0, batch=0, at=NOON, message_id="m"),
    ):
        assert store.ledgers.append(NOVA, campaign.id, fact)
    return campaign.id


def reminded(store: Store, campaign: CampaignId, *facts: Claimed | Uncertain | Accepted) -> None:
    """In batches of one, without the first, who has answered."""
    opened = WaveOpened(
        wave=1, at=NOON, audience_size=6, removed={"silent": (0, 4, 5)}, batch_size=1, per_hour=60
    )
    for fact in (opened, *facts):
        assert store.ledgers.append(NOVA, campaign, fact)


def test_who_was_invited_is_accepted_while_a_reminder_waits_or_is_in_doubt(store: Store, url: str) -> None:
    reminded(
        store, invited(store), Claimed(wave=1, batch=1, at=NOON),
        Uncertain(wave=1, batch=1, at=NOON, why="timeout"), Claimed(wave=1, batch=2, at=NOON, skipped=(3,)),
    )  # fmt: skip
    seen = counts(read_only(url))
    parts = ("people", "pending", "accepted", "uncertain", "rejected", "skipped", "removed")
    assert {part: seen[part] for part in parts} == {  # type: ignore[literal-required]
        "people": 5, "pending": 0, "accepted": 4, "uncertain": 0, "rejected": 1, "skipped": 0, "removed": 1,
    }  # fmt: skip
    assert (seen["to_check"], seen["uncertain_people"]) == (1, [3]), "nobody's letter in doubt is hidden"
    invitation, reminder = seen["waves"]
    assert invitation == {
        "wave": 0, "people": 5, "pending": 0, "accepted": 4, "uncertain": 0, "rejected": 1, "skipped": 0,
        "removed": 1,
    }  # fmt: skip
    assert reminder == {
        "wave": 1, "people": 3, "pending": 1, "accepted": 0, "uncertain": 1, "rejected": 0, "skipped": 1,
        "removed": 3,
    }  # fmt: skip


def test_two_letters_in_doubt_are_one_person(store: Store) -> None:
    campaign = schedule(store, draft(store, NOVA, "one"), 2)
    for wave in (0, 1):
        for fact in (
            WaveOpened(wave=wave, at=NOON, audience_size=2),
            Claimed(wave=wave, batch=0, at=NOON),
            Uncertain(wave=wave, batch=0, at=NOON, why="timeout"),
        ):
            assert store.ledgers.append(NOVA, campaign.id, fact)
    seen = counts(store)
    assert (seen["people"], seen["uncertain"], seen["uncertain_people"]) == (2, 2, [1, 2])
    assert seen["to_check"] == 4
    assert [wave["uncertain"] for wave in seen["waves"]] == [2, 2]


def test_before_departure_no_wave_is_told(store: Store) -> None:
    schedule(store, draft(store, NOVA, "one"), 391)
    assert (counts(store)["waves"], counts(store)["uncertain_people"]) == ([], [])
