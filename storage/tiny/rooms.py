"""The nouns of one folder, wired: the store's, and those of whoever inspects or mends the folder."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import CampaignId, WorkspaceId
from storage.errors import Corrupted
from storage.tiny.audiences import Audiences
from storage.tiny.campaigns import Campaigns
from storage.tiny.document import Document
from storage.tiny.files import Folder
from storage.tiny.inbox import Inbox
from storage.tiny.ledgers import Ledgers
from storage.tiny.lists import Lists
from storage.tiny.log import Log
from storage.tiny.mappings import Mappings
from storage.tiny.messages import Messages
from storage.tiny.outbox import Outbox
from storage.tiny.people import People
from storage.tiny.pleas import Pleas
from storage.tiny.secrets import Secrets
from storage.tiny.spaces import Spaces
from storage.tiny.suppressions import Suppressions
from storage.tiny.templates import Templates


@dataclass(frozen=True, kw_only=True)
class Rooms:
    folder: Folder
    document: Document
    secrets: Secrets
    audiences: Audiences
    inbox: Inbox
    lists: Lists
    campaigns: Campaigns
    ledgers: Ledgers
    suppressions: Suppressions
    people: People
    mappings: Mappings
    messages: Messages
    outbox: Outbox
    templates: Templates
    pleas: Pleas
    spaces: Spaces
    log: Log

    def needs(self, secret: str) -> bool:
        """Are there letters whose links it signed, or hashes it keyed?"""
        everything = [one for home in self.campaigns.workspaces() for one in self.campaigns.all(home)]
        match secret:
            case "tokens":
                return any(one.departed_at is not None for one in everything)
            case "addresses":
                return any(one.audience for one in everything) or self.suppressions.has_erased()
            case _:
                return False


def furnished(folder: Folder, woken: Callable[[datetime], None] = lambda _: None) -> Rooms:
    """Raises `Corrupted` or `WrongFormat` where the document, or any record in it, does not read."""
    check_whole(folder)
    document = Document(folder)
    if folder.writable and not folder.document.exists():
        document.start()
    rooms: Rooms

    def departing(workspace: WorkspaceId, campaign_id: CampaignId) -> None:
        rooms.ledgers.begin(workspace, campaign_id)

    def needs(name: str) -> bool:
        return rooms.needs(name)

    secrets = Secrets(folder, needs)
    audiences = Audiences(folder, lambda: secrets.get("addresses"))
    inbox = Inbox(folder, document)
    outbox = Outbox(folder, document)
    campaigns = Campaigns(folder, document, audiences, outbox, departing, woken)
    rooms = Rooms(
        folder=folder, document=document, secrets=secrets, audiences=audiences, inbox=inbox,
        lists=Lists(folder, document, inbox), campaigns=campaigns, ledgers=Ledgers(folder, campaigns),
        suppressions=Suppressions(folder, document, lambda: secrets.get("addresses")),
        people=People(folder, document),
        mappings=Mappings(folder, document), messages=Messages(folder, document),
        outbox=outbox, templates=Templates(folder, document),
        pleas=Pleas(folder, document),
        spaces=Spaces(folder, document), log=Log(folder),
    )  # fmt: skip
    return rooms


def check_whole(folder: Folder) -> None:
    """Without its document every file would look like an orphan: nothing is touched then."""
    if folder.document.exists():
        return
    kept = [path for name in ("lists", "campaigns", "workspaces") for path in folder.root.glob(f"{name}/*")]
    if kept or folder.previous.exists():
        raise Corrupted(folder.document)
