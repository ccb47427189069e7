"""What people must hear of their campaigns: owed durably, tried at once, and again at each sweep.

A message edited in place notifies nobody, so what matters is also said in a new short one. Slack may be
away at that very moment; a campaign that is held and says nothing would be one that never leaves.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import ports
from bot.core import planning, working_hours
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.ids import MemberId
from bot.core.inbox import Owed
from bot.core.people import Member
from bot.core.sentences import Sentence
from bot.services.witness import witnessed

log = logging.getLogger("postillon")

ASKED_ABOUT = frozenset({State.PAUSED, State.HELD, State.DRAFT})  # what waits for its owner

# where one thing is said after the other: workspace, campaign, member, channel
Place = tuple[str, str, str, str]

DEPARTED = "campaigns.said.departed"

# Slack's refusals that the same words to the same place will meet again
FOR_GOOD = frozenset(
    {
        "channel_not_found", "not_in_channel", "is_archived", "restricted_action", "user_not_found",
        "user_disabled", "cannot_dm_bot", "messages_tab_disabled", "msg_too_long", "invalid_blocks",
        "thread_not_found", "msg_blocks_too_long",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Telling:
    store: ports.Store
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy
    _under_way: set[Place] = field(default_factory=set)
    _heard: set[str] = field(default_factory=set)  # what Slack took and the disk has not noted yet
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(
        self, campaign: Campaign, said: Sentence | None = None, *, to: MemberId | None = None,
        asks: bool = False,
    ) -> None:  # fmt: skip
        """Bring the owner's message up to date, then say it. Never raises for what Slack does.

        `to` another member: only the sentence is said, the message is its owner's alone. `asks`: with what
        can be done about a campaign that stands still; nothing is asked once it does not any more.
        """
        self._owe(self._owed(campaign, said, member=to or campaign.owner, asks=asks))

    def advance(
        self, campaign: Campaign, expected: int, wake_at: datetime | None, said: Sentence | None = None, *,
        asks: bool = False,
    ) -> Owed:  # fmt: skip
        """The record changes, and its owner is owed the message as it then stands and what is said of it: one
        durable step, so that no crash leaves a message behind. `pay` brings it to them."""
        owed = self._owed(campaign, said, member=campaign.owner, asks=asks)
        self.store.campaigns.advance(campaign.workspace, campaign, expected, wake_at, [owed])
        return owed

    def promise(self, campaign: Campaign, said: Sentence) -> None:
        """Owed to the owner, and said by the next `retry`: for who must not wait for Slack."""
        self.store.outbox.owe(campaign.workspace, self._owed(campaign, said, member=campaign.owner))

    def post(self, campaign: Campaign, said: Sentence, *, channel: str = "") -> None:
        """Into that channel; else into the support channel, where there is one."""
        if channel := channel or self.policy.support_channel:
            self._owe(self._owed(campaign, said, member=campaign.owner, channel=channel))

    def show_approval(self, campaign: Campaign, place: str) -> None:
        """What is asked of those who may let it leave, as it stands now; posted where it was not yet, as long
        as it is asked. Raises Unreachable."""
        reader = self.store.people.get(campaign.workspace, MemberId(place))
        language = reader.language if reader else self.policy.default_language
        self.messenger.show_approval(place, campaign, self.member(campaign, campaign.owner), language)

    def follow_approval(self, campaign: Campaign) -> None:
        """What asked for its approval says what became of it: owed like everything that is told."""
        for place in campaign.approval.places if campaign.approval else ():
            self._owe(self._owed(campaign, None, member=campaign.owner, asks=True, channel=place))

    def _owed(
        self, campaign: Campaign, said: Sentence | None, *, member: MemberId, asks: bool = False,
        channel: str = "",
    ) -> Owed:  # fmt: skip
        return Owed(
            id=secrets.token_hex(8), workspace=campaign.workspace, member=member, campaign=campaign.id,
            said=said, at=self.clock.now(), asks=asks, channel=channel,
        )  # fmt: skip

    def owe(self, campaign: Campaign) -> None:
        """Its owner's message is brought up to date by the next `retry`."""
        self.store.outbox.owe(campaign.workspace, self._owed(campaign, None, member=campaign.owner))

    def _owe(self, owed: Owed) -> None:
        self.store.outbox.owe(owed.workspace, owed)
        self.pay(owed)

    def pay(self, owed: Owed) -> None:
        """After what was owed there before, of the same campaign; where Slack is away, it stays owed."""
        self._pay_each(lambda one: _place(one) == _place(owed))

    def retry(self) -> None:
        """Everything still owed, oldest first; where Slack is away, the rest waits with it."""
        self._pay_each(lambda _: True)

    def _pay_each(self, is_meant: Callable[[Owed], bool]) -> None:
        """Looks again after each: who finds a place taken leaves what they have for it to who is there."""
        tried: set[str] = set()
        while ahead := [one for one in self.store.outbox.owed() if is_meant(one) and one.id not in tried]:
            tried.add(ahead[0].id)
            if not self._pay(ahead[0]):
                return

    def _pay(self, owed: Owed) -> bool:
        """False where Slack is away. One place that it refuses must not keep the others waiting."""
        with self._lock:
            if _place(owed) in self._under_way:
                return True  # another thread is at it, or at what comes before
            self._under_way.add(_place(owed))
        try:
            if owed.id not in self._heard and self._is_owed(owed):  # another thread may have been faster
                self._show(owed)
            self._heard.add(owed.id)
        except ports.Unreachable as away:
            if away.error not in FOR_GOOD:
                return False
            place = owed.channel or owed.member
            log.warning("slack refuses for good campaign=%s to=%s: %s", owed.campaign, place, away.error)
        finally:
            with self._lock:
                self._under_way.discard(_place(owed))
        try:
            self.store.outbox.told(owed.workspace, owed.id)
        except ports.Unwritable:
            log.warning("told, and not noted campaign=%s to=%s", owed.campaign, owed.channel or owed.member)
            return True
        self._heard.discard(owed.id)
        return True

    def _is_owed(self, owed: Owed) -> bool:
        return any(one.id == owed.id for one in self.store.outbox.owed())

    def _show(self, owed: Owed) -> None:
        campaign = self._campaign(owed)
        if campaign is None:
            return  # a draft thrown away: there is nothing left to say of it
        if owed.channel and owed.asks:
            self.show_approval(campaign, owed.channel)
            return
        if owed.channel and owed.said:
            self.messenger.post(owed.channel, owed.said, self.policy.default_language)
            return
        member = self.member(campaign, owed.member)
        if member.id == campaign.owner:
            self.messenger.show_campaign(member, campaign, self.progress(campaign))
        if owed.said and owed.asks and _is_open(campaign, owed.said):
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
            return Progress(at=self.clock.now())
        try:
            known = self.store.ledgers.read(
                campaign.workspace, campaign.id,
                lambda fold: working_hours.timed(campaign, fold, fold.progress(0)),
            )  # fmt: skip
        except ports.Unreadable:  # one broken ledger must not hide the other campaigns
            return Progress.unknown(campaign.audience_size)
        space = self.store.spaces.get(campaign.workspace)
        counted = replace(known, at=self.clock.now())
        return witnessed(counted, campaign, space, is_told=self.policy.is_told)


def _is_open(campaign: Campaign, said: Sentence) -> bool:
    """Can its owner still do something about what is said?"""
    number = said.values.get("number")
    if said.key.startswith("reminders.") and isinstance(number, int):
        return planning.is_asked(campaign, number)
    return campaign.state in ASKED_ABOUT


def _place(owed: Owed) -> Place:
    return owed.workspace, owed.campaign, owed.member, owed.channel
