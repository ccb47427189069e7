"""What the mail service told, kept: whom not to write to again, and what became of each letter.

Everything is durable when `record` returns, except what it names as failed. The same events twice change
nothing, so that a post of which a part failed is simply told again.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot import ports
from bot.core.addresses import canonical
from bot.core.events import TEST, MailEvent, Told
from bot.core.facts import Events, Item
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.spaces import Space
from bot.core.suppressions import Suppression
from bot.services.following import Following
from bot.services.strays import Strays

log = logging.getLogger("postillon")

NOTED_EVERY = timedelta(minutes=1)  # that events come at all


@dataclass(kw_only=True)
class Heard:
    """What several posts say of one campaign; `posts`: which of them."""

    posts: set[int] = field(default_factory=set)
    items: dict[int, list[Item]] = field(default_factory=dict)  # by wave
    farewells: list[MailEvent] = field(default_factory=list)  # of whom must not be written to again

    def events(self) -> list[Events]:
        return [Events(wave=wave, items=tuple(items)) for wave, items in self.items.items()]


@dataclass(kw_only=True)
class Sorted:
    """Several posts, by campaign. `failed`: posts that must be told again, and why."""

    heard: dict[str, Heard] = field(default_factory=dict)
    failed: dict[int, Exception] = field(default_factory=dict)
    tests: int = 0
    unknown: int = 0  # of campaigns that are not here, or not any more

    def add(self, post: int, event: MailEvent) -> None:
        heard = self.heard.get(event.campaign)
        if heard is None:
            heard = self.heard[event.campaign] = Heard()
        heard.posts.add(post)
        why = event.why
        item: Item = (event.recipient, event.bits, event.at)
        items = heard.items.get(event.wave)
        if items is None:
            items = heard.items[event.wave] = []
        items.append((*item[:3], why) if why else item)
        if event.cause is not None:
            heard.farewells.append(event)

    def fail(self, posts: Iterable[int], why: Exception) -> None:
        self.failed.update(dict.fromkeys(posts, why))


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One thread at a time."""

    store: ports.Store
    strays: Strays
    following: Following
    clock: ports.Clock
    _noted: dict[WorkspaceId, datetime] = field(default_factory=dict)

    def record(self, posts: Sequence[Told], *, asked: bool = False) -> dict[int, Exception]:
        """Which of the posts could not be kept whole, and why; everything else is kept all the same.
        `asked`: the mail service was asked, and told nothing by itself."""
        found = self._sorted(posts)
        for campaign_id, heard in found.heard.items():
            try:
                if not self._keep(CampaignId(campaign_id), heard, asked=asked):
                    found.unknown += sum(map(len, heard.items.values()))
            except (ports.Unwritable, ports.Unreadable) as why:
                log.warning("events are not kept, and told again campaign=%s: %s", campaign_id, why)
                found.fail(heard.posts, why)
        _count(found, posts)
        return found.failed

    def _sorted(self, posts: Sequence[Told]) -> Sorted:
        found = Sorted()
        for number, told in enumerate(posts):
            for event in told.events:
                if event.recipient == TEST:
                    found.tests += 1
                elif event.campaign:
                    found.add(number, event)
                else:
                    self._place(found, number, event)
        return found

    def _place(self, found: Sorted, post: int, event: MailEvent) -> None:
        try:
            letter = self.strays.letter_to(event.address) if event.address else None
        except ports.Unreadable as why:
            found.fail([post], why)
            return
        if letter is None:
            found.unknown += 1
        else:
            found.add(post, event._replace(**letter))

    def _keep(self, campaign_id: CampaignId, heard: Heard, *, asked: bool) -> bool:
        """False where nobody knows the campaign."""
        workspace = self.store.campaigns.workspace_of(campaign_id)
        if workspace is None:
            return False
        try:
            if heard.farewells:
                farewells = list(self._suppressions(workspace, campaign_id, heard.farewells))
                self.store.suppressions.add_all(workspace, farewells)
            is_news = self.store.ledgers.learn(workspace, campaign_id, heard.events())
        except ports.Missing:
            return False
        if not asked:
            self._note(workspace)
        if is_news:
            self.following.learned(workspace, campaign_id)
        return True

    def _suppressions(
        self, workspace: WorkspaceId, campaign_id: CampaignId, farewells: Sequence[MailEvent]
    ) -> Iterator[Suppression]:
        for event in farewells:
            address = event.address or self._address(workspace, campaign_id, event.recipient)
            at = datetime.fromtimestamp(event.at, UTC) if event.at else self.clock.now()
            if address and event.cause:
                yield Suppression(address=address, cause=event.cause, at=at, origin=campaign_id)

    def _address(self, workspace: WorkspaceId, campaign_id: CampaignId, recipient: int) -> str:
        campaign = self.store.campaigns.get(workspace, campaign_id)
        try:
            people = self.store.campaigns.recipients(workspace, campaign, [recipient])
            return next((canonical(contact.email) for _, contact in people), "")
        except ports.Missing:
            return ""  # nobody has that number

    def _note(self, workspace: WorkspaceId) -> None:
        """That events come; at the first one, then now and then. Not noting it loses nothing."""
        now, last = self.clock.now(), self._noted.get(workspace)
        if last is not None and timedelta() <= now - last < NOTED_EVERY:
            return

        def heard(space: Space) -> Space:
            return replace(space, events_since=space.events_since or now, events_at=now)

        try:
            self.store.spaces.change(workspace, heard)
        except ports.Unwritable as why:
            log.warning("that events come is not noted: %s", why)
            return
        self._noted[workspace] = now


def _count(found: Sorted, posts: Sequence[Told]) -> None:
    """What was taken and is nobody's here."""
    foreign, garbage = sum(told.foreign for told in posts), sum(told.garbage for told in posts)
    if found.tests or found.unknown or foreign or garbage:
        log.info(
            "events left out tests=%d unknown=%d foreign=%d garbage=%d",
            found.tests, found.unknown, foreign, garbage,
        )  # fmt: skip
