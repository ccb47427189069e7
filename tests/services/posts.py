"""A mail service that signs and posts events, and campaigns whose letters it took."""

import base64
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.contacts import Contact
from bot.core.delivery import Progress
from bot.core.facts import Accepted, Claimed, WaveOpened
from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.people import Language
from bot.mail import SignedEvents
from bot.ports import Store
from bot.services.events import Reception
from bot.services.following import Following
from bot.services.recording import Recording
from bot.services.strays import Strays

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = int(NOON.timestamp())
HERE, THERE = WorkspaceId("T1HERE"), WorkspaceId("T2THERE")
ANNA = MemberId("U1ANNA")
SIZE = 6
PATIENCE = 10.0  # seconds after which a test gives up


@dataclass
class Clock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def goes_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Followed:
    """Instead of the campaign's message: which campaigns have news."""

    told: list[tuple[WorkspaceId, str]] = field(default_factory=list)

    def learned(self, workspace: WorkspaceId, campaign_id: CampaignId) -> None:
        self.told.append((workspace, campaign_id))


class Key:
    """The mail service's own."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self) -> str:
        der = self._private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def sign(self, timestamp: str, raw: bytes) -> str:
        signature = self._private.sign(timestamp.encode() + raw, ec.ECDSA(SHA256()))
        return base64.b64encode(signature).decode()


@dataclass
class Office:
    """`posts` is the whole way: signed, queued, recorded, answered."""

    store: Store
    clock: Clock
    followed: Followed
    key: Key
    reception: Reception

    def begins(self, *events: dict[str, object], stamp: str = "1800000000") -> "Future[None]":
        raw = orjson.dumps(events)
        return self.reception.receive(raw, self.key.sign(stamp, raw), stamp)

    def posts(self, *events: dict[str, object]) -> None:
        self.begins(*events).result(PATIENCE)

    def progress(self, campaign: Campaign) -> Progress:
        return self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.progress())

    def suppressed(self, workspace: WorkspaceId = HERE) -> dict[str, str]:
        return {one.address: one.cause.value for one in self.store.suppressions.all(workspace)}


def office(store: Store, recorder: ThreadPoolExecutor, key: Key | None = None) -> Office:
    key, clock, followed = key or Key(), Clock(), Followed()
    recording = Recording(
        store=store, strays=Strays(store=store), following=cast("Following", followed), clock=clock
    )
    reception = Reception(mail_events=SignedEvents(key.public), recording=recording, recorder=recorder)
    return Office(store=store, clock=clock, followed=followed, key=key, reception=reception)


def sent(
    store: Store, name: str = "cmp_a", workspace: WorkspaceId = HERE, *, at: datetime = NOON,
    people: Sequence[str] = tuple(f"P{n}@example.com" for n in range(SIZE)), accepted: bool = True,
) -> Campaign:  # fmt: skip
    """A campaign that departed; its one request was taken."""
    draft = Campaign(
        workspace=workspace, id=CampaignId(name), owner=ANNA, seed="5eed", created_at=at, name="Avis",
        language=Language.FRENCH, zone="Europe/Paris", sender=Sender(address="a@nova.example"),
    )  # fmt: skip
    store.campaigns.add(workspace, draft)
    contacts = [Contact(row=n + 2, email=email) for n, email in enumerate(people)]
    audience = store.campaigns.fix_audience(workspace, draft.id, contacts)
    due = rules.move(draft, State.SCHEDULED, audience=audience, audience_size=len(contacts), send_at=at)
    store.campaigns.advance(workspace, due, draft.revision, None)
    sending = rules.move(due, State.SENDING, departed_at=at)
    store.campaigns.advance(workspace, sending, due.revision, None)
    facts: list[Any] = [
        WaveOpened(wave=0, at=at, audience_size=len(contacts)), Claimed(wave=0, batch=0, at=at),
    ]  # fmt: skip
    if accepted:
        facts.append(Accepted(wave=0, batch=0, at=at, message_id="m"))
    assert all(store.ledgers.append(workspace, draft.id, fact) for fact in facts)
    return sending


def event(kind: str, number: int, campaign: str = "cmp_a", **fields: object) -> dict[str, object]:
    return {
        "email": f"p{number}@example.com", "timestamp": AT, "event": kind, "sg_event_id": f"{kind}{number}",
        "sg_message_id": "m.recvd-1", "postillon_campaign": campaign, "postillon_wave": "0",
        "postillon_recipient": str(number), **fields,
    }  # fmt: skip


def late_bounce(email: str) -> dict[str, object]:
    return {"email": email, "timestamp": AT + 900, "event": "bounce", "type": "bounce", "status": "5.1.1"}
