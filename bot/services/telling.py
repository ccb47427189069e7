"""What people must hear of their campaigns: owed durably, tried at once, and again at each sweep.

A message edited in place notifies nobody, so what matters is also said in a new short one. Slack may be
away at that very moment; a campaign that is held and says nothing would be one that never leaves.
"""

import logging
import secrets
import threading
from dataclasses import dataclass, field

from bot import ports
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.ids import MemberId
from bot.core.inbox import Owed
from bot.core.people import Member
from bot.core.sentences import Sentence

log = logging.getLogger("postillon")

# Slack's refusals that the same words to the same place will meet again
FOR_GOOD = frozenset(
    {
        "channel_not_found", "not_in_channel", "is_archived", "restricted_action", "user_not_found",
        "user_disabled", "cannot_dm_bot", "messages_tab_disabled", "msg_too_long", "invalid_blocks",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Telling:
    store: ports.Store
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy
    _under_way: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(
        self, campaign: Campaign, said: Sentence | None = None, *, to: MemberId | None = None,
        asks: bool = False,
    ) -> None:  # fmt: skip
        """Bring the owner's message up to date, then say it. Never raises for what Slack does.

        `to` another member: only the sentence is said, the message is its owner's alone. `asks`: with what
        can be done about a paused campaign; nothing is asked once it is not paused any more.
        """
        self._owe(self._owed(campaign, said, member=to or campaign.owner, asks=asks))

    def promise(self, campaign: Campaign, said: Sentence) -> None:
        """Owed to the owner, and said by the next `retry`: for who must not wait for Slack."""
        self.store.outbox.owe(campaign.workspace, self._owed(campaign, said, member=campaign.owner))

    def post(self, campaign: Campaign, said: Sentence) -> None:
        """Into the support channel, where there is one."""
        if channel := self.policy.support_channel:
            self._owe(self._owed(campaign, said, member=campaign.owner, channel=channel))

    def _owed(
        self, campaign: Campaign, said: Sentence | None, *, member: MemberId, asks: bool = False,
        channel: str = "",
    ) -> Owed:  # fmt: skip
        return Owed(
            id=secrets.token_hex(8), workspace=campaign.workspace, member=member, campaign=campaign.id,
            said=said, at=self.clock.now(), asks=asks, channel=channel,
        )  # fmt: skip

    def _owe(self, owed: Owed) -> None:
        self.store.outbox.owe(owed.workspace, owed)
        self._pay(owed)

    def retry(self) -> None:
        """Everything still owed, oldest first; where Slack is away, the rest waits with it."""
        for owed in self.store.outbox.owed():
            if not self._pay(owed):
                return

    def _pay(self, owed: Owed) -> bool:
        """False where Slack is away. One place that it refuses must not keep the others waiting."""
        with self._lock:
            if owed.id in self._under_way:
                return True  # another thread is at it
            self._under_way.add(owed.id)
        try:
            self._show(owed)
        except ports.Unreachable as away:
            if away.error not in FOR_GOOD:
                return False
            place = owed.channel or owed.member
            log.warning("slack refuses for good campaign=%s to=%s: %s", owed.campaign, place, away.error)
        finally:
            with self._lock:
                self._under_way.discard(owed.id)
        self.store.outbox.told(owed.workspace, owed.id)
        return True

    def _show(self, owed: Owed) -> None:
        campaign = self._campaign(owed)
        if campaign is None:
            return  # a draft thrown away: there is nothing left to say of it
        if owed.channel and owed.said:
            self.messenger.post(owed.channel, owed.said, self.policy.default_language)
            return
        member = self.member(campaign, owed.member)
        if member.id == campaign.owner:
            self.messenger.show_campaign(member, campaign, self.progress(campaign))
        if owed.said and owed.asks and campaign.state is State.PAUSED:
            self.messenger.ask(member, campaign, self.progress(campaign), owed.said)
        elif owed.said and not owed.asks:
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
        try:
            return self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.progress(0))
        except ports.Unreadable:  # one broken ledger must not hide the other campaigns
            return Progress.unknown(campaign.audience_size)
