"""What keeps things: one storage, all its nouns. Those that are about members stand in `members`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.crowds import Crowd
from bot.core.delivery import Fold
from bot.core.erasing import Erasure
from bot.core.facts import Events, Fact
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.inbox import Owed
from bot.core.lists import ContactList
from bot.core.log import LogEntry
from bot.core.spaces import Space
from bot.core.suppressions import Suppression
from bot.ports.members import Inbox, Mappings, Messages, Outbox, People, Pleas, Templates

T = TypeVar("T")


class Lists(Protocol):
    def add(self, workspace: WorkspaceId, contact_list: ContactList, staging: Path) -> ContactList:
        """Keep the list and its line file (renamed from `staging`), and finish the pending import of the
        same `source_file`. Where that file is a list of the same owner already, that list is returned and
        `staging` removed."""

    def get(self, workspace: WorkspaceId, list_id: ListId) -> ContactList: ...
    def all(self, workspace: WorkspaceId) -> list[ContactList]:
        """Deleted ones included, newest first."""

    def save(self, workspace: WorkspaceId, contact_list: ContactList, expected: int) -> None:
        """Replace the record whose revision is `expected`. Its version may go back to a previous one; the
        files of versions it names no more go."""

    def renew(
        self, workspace: WorkspaceId, contact_list: ContactList, expected: int, staging: Path,
        settled: ContactList | None = None,
    ) -> ContactList:  # fmt: skip
        """`save` with a new version and its line file; in the same step, what the waiting file became."""

    def lines(
        self, workspace: WorkspaceId, list_id: ListId, contacts: Sequence[int] | None = None
    ) -> Iterator[list[object]]:
        """The current version's lines: `c` contacts, `r` rejected rows, `d` duplicates, and beside these
        `o` people marked as opted out, `u` people whose mark nobody understands. `contacts`: of the `c`
        alone, those at these places, ascending; the last of 100,000 costs a few hundredths of a second."""

    def file(self, workspace: WorkspaceId, list_id: ListId) -> Path:
        """Where those lines can be read on this machine: never written to, gone with the version."""

    def contacts(self, workspace: WorkspaceId, list_id: ListId) -> Iterator[Contact]: ...
    def purge(self, workspace: WorkspaceId, before: datetime) -> list[ListId]:
        """Remove for good lists deleted, files waiting and versions succeeded since before that moment."""

    def workspaces(self) -> list[WorkspaceId]:
        """Those that have a list, deleted or not, or a file that waits."""


class Campaigns(Protocol):
    def add(self, workspace: WorkspaceId, campaign: Campaign) -> None: ...
    def get(self, workspace: WorkspaceId, campaign_id: CampaignId) -> Campaign: ...
    def all(self, workspace: WorkspaceId) -> list[Campaign]:
        """Newest first."""

    def save(self, workspace: WorkspaceId, campaign: Campaign, expected: int) -> None:
        """Replace the record whose revision is `expected`; its wake-up stays."""

    def remove(self, workspace: WorkspaceId, campaign_id: CampaignId, expected: int) -> None:
        """A draft thrown away."""

    def fix_audience(self, workspace: WorkspaceId, campaign_id: CampaignId, people: Iterable[Contact]) -> str:
        """Write and fsync an audience file under a fresh name, and return the name: numbered from 0 in
        this order. It counts only once `advance` stored a campaign that names it; else it is removed at
        the next start."""

    def recipients(
        self, workspace: WorkspaceId, campaign: Campaign, numbers: Sequence[int] | None = None
    ) -> Iterator[tuple[int, Contact]]:
        """The people of the campaign's audience, all or these, in the order of their numbers."""

    def advance(
        self, workspace: WorkspaceId, campaign: Campaign, expected: int, wake_at: datetime | None,
        owed: Sequence[Owed] = (),
    ) -> None:  # fmt: skip
        """Replace the record whose revision is `expected` AND its wake-up AND what is owed to people because
        of it (as `outbox.owe` keeps it), together; then call `on_wake`."""

    def among(
        self, workspace: WorkspaceId, campaign: Campaign, addresses: Iterable[str]
    ) -> Mapping[str, int]:
        """Those of these canonical addresses that are in the campaign's audience, with their numbers."""

    def hashes(
        self, workspace: WorkspaceId, campaign: Campaign, numbers: Sequence[int] | None = None
    ) -> Crowd:
        """`addresses.hash_of` the people of the campaign's audience, all or these, keyed with the secret
        "addresses". Of all of them it costs milliseconds; of some, a look at each."""

    def wrote_to(self, workspace: WorkspaceId, address: str) -> list[CampaignId]:
        """Newest first, the campaigns whose audience holds this address; whether a letter left is for the
        campaign's state and its ledger to say."""

    def due(self, now: datetime) -> list[tuple[WorkspaceId, CampaignId]]:
        """Everything of every workspace whose wake-up is not after `now`, oldest first; of those at the same
        moment, the one that was scheduled first."""

    def next_wake(self) -> datetime | None: ...
    def workspaces(self) -> list[WorkspaceId]: ...
    def workspace_of(self, campaign_id: CampaignId) -> WorkspaceId | None:
        """Whose campaign the outside world speaks of: None where nobody has it, or more than one. Costs
        next to nothing, and waits for nobody."""


class Ledgers(Protocol):
    def append(self, workspace: WorkspaceId, campaign_id: CampaignId, fact: Fact) -> bool:
        """Append the fact, fsynced, if the fold allows it; False where it does not (it was done before)."""

    def learn(self, workspace: WorkspaceId, campaign_id: CampaignId, told: Sequence[Events]) -> bool:
        """Append what of these is news, fsynced once; False where everything was known."""

    def read(self, workspace: WorkspaceId, campaign_id: CampaignId, question: Callable[[Fold], T]) -> T:
        """Ask the fold while nothing is appended. The question must not keep the fold."""


class Suppressions(Protocol):
    """Of an erased person the keyed hash is kept (`addresses.is_erased`): asked for their address, it is
    found by that."""

    def add(self, workspace: WorkspaceId, suppression: Suppression) -> bool:
        """False where the address was suppressed already, or was lifted since that moment: what is told late
        brings nothing back."""

    def add_all(self, workspace: WorkspaceId, suppressions: Iterable[Suppression]) -> int:
        """In one step; how many were not suppressed before."""

    def among(self, workspace: WorkspaceId, addresses: Iterable[str]) -> Mapping[str, Suppression]:
        """Those of these canonical addresses that are suppressed. What stands in the place of an erased
        address always is: nobody can write to it."""

    def all(self, workspace: WorkspaceId) -> list[Suppression]: ...
    def lift(self, workspace: WorkspaceId, address: str, at: datetime) -> Suppression | None:
        """The address may be written to again; what kept it from that, None where nothing did."""

    def lifted(self, workspace: WorkspaceId, addresses: Iterable[str]) -> Mapping[str, datetime]:
        """Those of these that were lifted and are free since, and when."""

    def erase(self, workspace: WorkspaceId, suppression: Suppression) -> Suppression:
        """In place of the address its keyed hash, which stays suppressed: as it was, else as given."""


class Spaces(Protocol):
    def get(self, workspace: WorkspaceId) -> Space:
        """An empty one where nothing was ever noted."""

    def change(self, workspace: WorkspaceId, change: Callable[[Space], Space]) -> Space:
        """Replace the record by what `change` makes of it, and return that."""


class Log(Protocol):
    def write(self, workspace: WorkspaceId, entry: LogEntry) -> None: ...
    def read(self, workspace: WorkspaceId) -> list[LogEntry]:
        """Oldest first."""


class Erasing(Protocol):
    """People who asked to be forgotten. Once begun, an erasure is finished whatever happens in between; until
    then the address stands in one file of its own."""

    def begin(self, workspace: WorkspaceId, address: str, by: MemberId, at: datetime) -> str:
        """To be done: its id. `address` is canonical."""

    def unfinished(self) -> list[tuple[WorkspaceId, str]]:
        """Of every workspace."""

    def run(
        self, workspace: WorkspaceId, erasure_id: str, goes_on: Callable[[], bool] = lambda: True
    ) -> bool:
        """Erase the person from all that is kept, where their keyed hash stays among the suppressions. Long;
        begun again, it goes on. False where somebody is just writing what holds them, or `goes_on` said no in
        between: to be run later."""

    def erasures(self) -> list[Erasure]:
        """Those that were run, oldest first, until they are dropped: Slack is to be rid of them too."""

    def save(self, workspace: WorkspaceId, erasure: Erasure) -> None: ...
    def drop(self, workspace: WorkspaceId, erasure_id: str) -> None:
        """A second time changes nothing."""


class Store(Protocol):
    """One storage, all its nouns. `open_store(url)` of `storage` makes one."""

    lists: Lists
    campaigns: Campaigns
    ledgers: Ledgers
    suppressions: Suppressions
    people: People
    inbox: Inbox
    mappings: Mappings
    messages: Messages
    outbox: Outbox
    templates: Templates
    pleas: Pleas
    spaces: Spaces
    erasing: Erasing
    log: Log
    on_wake: Callable[[datetime], None] | None

    def secret(self, name: str) -> bytes:
        """32 random bytes kept with the data, made at first use: the same for ever after."""

    def staging(self) -> Path:
        """A fresh path on the store's own disk, for a file that `lists.add` will rename."""

    def beat(self, now: datetime) -> None:
        """Write the heartbeat."""

    def last_beat(self) -> datetime | None: ...
    @property
    def is_copy(self) -> bool:
        """Were these data put here from somewhere else (a backup) since that beat? What left after the copy
        was made is not known then. False where nobody can tell."""

    def clock_offset(self) -> timedelta:
        """How far the playground's clock was moved; zero where nobody moved it."""

    def set_clock_offset(self, offset: timedelta) -> None: ...
    def close(self) -> None: ...
