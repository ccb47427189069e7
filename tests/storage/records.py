"""Records to keep, two workspaces to keep them in, and nothing real in any of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core import lines
from bot.core.campaigns import Campaign, edit
from bot.core.contacts import Contact
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.lists import ContactList, Level, Problem, Report
from bot.core.people import Language, Member
from bot.core.suppressions import Cause, Suppression
from bot.ports import PendingImport, RemoteFile, Store

HOME, ELSEWHERE = WorkspaceId("T1HOME"), WorkspaceId("T2ELSEWHERE")
ANNA, BOB = MemberId("U1ANNA"), MemberId("U2BOB")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def later(**some: float) -> datetime:
    return NOON + timedelta(**some)


def people(count: int) -> list[Contact]:
    return [
        Contact(
            row=n + 2, email=f"Person{n}@example.com", first_name="Zoé", last_name=f"N° {n}", extras=("a",)
        )
        for n in range(count)
    ]


def contact_list(name: str = "lst_a", workspace: WorkspaceId = HOME, count: int = 2) -> ContactList:
    problem = Problem(level=Level.REJECTED, cause="incomplete", count=1, rows=(7,), details=("jean@",))
    report = Report(
        rows=count + 1, accepted=count, rejected=1, problems=(problem,), columns={"email": "E-mail"},
        extras=("Client",), kind="csv", sample=tuple(people(1)),
    )  # fmt: skip
    return ContactList(
        workspace=workspace, id=ListId(name), owner=ANNA, title="Clients", report=report, created_at=NOON
    )


def staged(store: Store, contacts: Sequence[Contact]) -> Path:
    """What the reader's child leaves: a header, contacts, a rejected row."""
    path = store.staging()
    rejected = lines.encode(["r", 7, "incomplete", "email", "jean@", ["jean@"]])
    path.write_bytes(
        lines.header("list") + b"".join(lines.encode(one.to_line()) for one in contacts) + rejected
    )
    return path


def keep_list(store: Store, record: ContactList) -> ContactList:
    return store.lists.add(record.workspace, record, staged(store, people(record.count)))


def draft(name: str = "cmp_a", workspace: WorkspaceId = HOME) -> Campaign:
    return Campaign(
        workspace=workspace, id=CampaignId(name), owner=ANNA, seed="5eed", created_at=NOON,
        language=Language.FRENCH, zone="Europe/Paris", name="Satisfaction",
        sender=Sender(address="a@b.example"),
    )  # fmt: skip


def keep_campaign(store: Store, record: Campaign, audience: Sequence[Contact] = ()) -> Campaign:
    """Kept, and where there is an audience, fixed and named."""
    store.campaigns.add(record.workspace, record)
    if not audience:
        return record
    name = store.campaigns.fix_audience(record.workspace, record.id, audience)
    named = edit(record, audience=name, audience_size=len(audience))
    store.campaigns.advance(record.workspace, named, record.revision, wake_at=None)
    return named


def member(name: MemberId = ANNA, workspace: WorkspaceId = HOME) -> Member:
    return Member(workspace=workspace, id=name, name="Anna", locale=Language.FRENCH, zone="Europe/Paris")


def suppression(address: str) -> Suppression:
    return Suppression(address=address, cause=Cause.UNSUBSCRIBED, at=NOON, origin="cmp_a")


def dropped(file_id: str, workspace: WorkspaceId = HOME, at: datetime = NOON) -> PendingImport:
    return PendingImport(
        workspace=workspace,
        member=ANNA,
        channel="D1",
        file=RemoteFile(id=file_id, name="c.csv"),
        received_at=at,
    )


def from_file(record: ContactList, file_id: str) -> ContactList:
    return replace(record, source_file=file_id)
