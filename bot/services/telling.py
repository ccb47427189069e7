"""What people must hear of their campaigns: owed durably, tried at once, and again at each sweep.

A message edited in place notifies nobody, so what matters is also said in a new short one. Slack may be
away at that very moment; a campaign that is held and says nothing would be one that never leaves.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from bot import ports
from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.ids import MemberId
from bot.core.inbox import Owed
from bot.core.people import Member
from bot.core.sentences import Sentence

Counted = Callable[[Campaign], Progress]


@dataclass(frozen=True, kw_only=True)
class Telling:
    store: ports.Store
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy
    _under_way: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, campaign: Campaign, said: Sentence | None = None, *, to: MemberId | None = None) -> None:
        """Bring the owner's message up to date, then say it. Never raises for what Slack does.

        `to` another member: only the sentence is said, the message is its owner's alone.
        """
        owed = Owed(
            id=secrets.token_hex(8), workspace=campaign.workspace, member=to or campaign.owner,
            campaign=campaign.id, said=said, at=self.clock.now(),
        )  # fmt: skip
        self.store.outbox.owe(campaign.workspace, owed)
        self._pay(owed)

    def retry(self) -> None:
        """Everything still owed, oldest first; where Slack is away, the rest waits with it."""
        for owed in self.store.outbox.owed():
            if not self._pay(owed):
                return

    def _pay(self, owed: Owed) -> bool:
        with self._lock:
            if owed.id in self._under_way:
                return True  # another thread is at it
            self._under_way.add(owed.id)
        try:
            self._show(owed)
        except ports.Unreachable:
            return False
        finally:
            with self._lock:
                self._under_way.discard(owed.id)
        self.store.outbox.told(owed.workspace, owed.id)
        return True

    def _show(self, owed: Owed) -> None:
        campaign = self._campaign(owed)
        if campaign is None:
            return  # a draft thrown away: there is nothing left to say of it
        member = self.member(campaign, owed.member)
        if member.id == campaign.owner:
            self.messenger.show_campaign(member, campaign, self.progress(campaign))
        if owed.said:
            self.messenger.say(member, owed.said)

    def _campaign(self, owed: Owed) -> Campaign | None:
        try:
            return self.store.campaigns.get(owed.workspace, owed.campaign)
        except ports.Missing:
            return None

    def member(self, campaign: Campaign, member: MemberId) -> Member:
        """As known; where nobody is, the campaign's own language and zone will do."""
        known = self.store.people.get(campaign.workspace, member)
        return known or Member(
            workspace=campaign.workspace, id=member, locale=campaign.language, zone=campaign.zone
        )

    def follow(self, campaign: Campaign) -> None:
        """Counts moved: the message follows where Slack lets it, and nothing is owed."""
        owner = self.member(campaign, campaign.owner)
        try:
            self.messenger.show_campaign(owner, campaign, self.progress(campaign))
        except ports.Unreachable:
            return

    def progress(self, campaign: Campaign) -> Progress:
        if campaign.departed_at is None:
            return Progress()
        return self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.progress(0))
