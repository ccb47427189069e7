"""Campaigns, members and lists to show, ordinary ones and the largest."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.campaigns import NAME_LENGTH, SUBJECT_LENGTH, Campaign, State
from bot.core.contacts import Contact
from bot.core.delivery import Progress
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.lists import TITLE_LENGTH, ContactList, Report
from bot.core.people import Language, Member
from bot.texts import Say

NOW = datetime(2026, 11, 23, 14, 14, tzinfo=UTC)
FR = Say(Language.FRENCH, ZoneInfo("Europe/Paris"))
EN = Say(Language.ENGLISH, ZoneInfo("America/New_York"))
MILLION = 1_000_000
W = "W"  # the widest letter
PING = "<!channel> & <@U1>"


def a_member(say: Say = FR, **changes: Any) -> Member:
    values = {
        "workspace": WorkspaceId("T1"), "id": MemberId("U1"), "name": "Claire Martin",
        "email": "claire@studio-nova.example", "locale": say.language, "zone": str(say.zone),
    }  # fmt: skip
    return Member(**{**values, **changes})


def a_campaign(state: State = State.DRAFT, **changes: Any) -> Campaign:
    departed = state in (State.SENDING, State.PAUSED, State.SENT, State.STOPPED)
    values = {
        "workspace": WorkspaceId("T1"), "id": CampaignId("cmp_9"), "owner": MemberId("U1"), "seed": "5eed",
        "created_at": NOW, "language": Language.FRENCH, "zone": "Europe/Paris", "state": state,
        "name": "Satisfaction 2026", "link": "https://forms.example/s/1",
        "sender": Sender(address="enquetes@studio-nova.example", name="Studio Nova"),
        "reply_to": Sender(address="claire@studio-nova.example", name="Claire Martin"),
        "list_id": ListId("lst_7"), "list_title": "Clients 2026", "audience_size": 391,
        "send_at": NOW + timedelta(hours=18, minutes=46), "departed_at": NOW if departed else None,
    }  # fmt: skip
    return Campaign(**{**values, **changes})


def a_list(title: str = "Clients 2026", count: int = 412, list_id: str = "lst_7") -> ContactList:
    return ContactList(
        workspace=WorkspaceId("T1"), id=ListId(list_id), owner=MemberId("U1"), title=title, created_at=NOW,
        report=Report(rows=count, accepted=count, sample=(JEAN,)),
    )  # fmt: skip


JEAN = Contact(row=2, email="jean.dupont@exemple.fr", first_name="Jean", last_name="Dupont")
WIDEST = {
    "name": W * NAME_LENGTH, "list_title": W * TITLE_LENGTH, "audience_size": MILLION,
    "subject": W * SUBJECT_LENGTH, "body": "**W** " * 3_000, "preheader": W * 150, "reason": W * 300,
    "link": "https://forms.example/" + W * 1_900, "link_parameter": W * 64,
    "sender": Sender(address=W * 200 + "@example.com", name=W * 100),
    "reply_to": Sender(address=W * 200 + "@example.com", name=W * 100),
}  # fmt: skip


def a_progress(**counts: Any) -> Progress:
    values = {"people": 391, "accepted": 391, "last_at": NOW}
    return Progress(**{**values, **counts})


MIXED = a_progress(
    people=3_000, pending=800, submitting=200, accepted=1_000, uncertain=990, rejected=8, skipped=2,
    unsubscribed=5, removed={"suppressed": 14},
)  # fmt: skip
LARGEST = a_progress(
    people=MILLION, pending=MILLION - 4_444, submitting=1_000, accepted=1_111, uncertain=1_111,
    rejected=1_111, skipped=111, unsubscribed=1_111, removed={"suppressed": MILLION},
)  # fmt: skip


def words(shown: Any) -> str:
    """Every text in it, with plain spaces."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("text"), str):
                found.append(node["text"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list | tuple):
            for child in node:
                walk(child)

    walk(shown)
    return "\n".join(found).replace("\u00a0", " ").replace("\u202f", " ")


def buttons(shown: Any) -> dict[str, dict[str, Any]]:
    """action_id -> button, wherever it stands."""
    found: dict[str, dict[str, Any]] = {}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "button":
                found[node["action_id"]] = node
            for child in node.values():
                walk(child)
        elif isinstance(node, list | tuple):
            for child in node:
                walk(child)

    walk(shown)
    return found
