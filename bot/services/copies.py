"""Campaigns made of other campaigns. Each is a draft: nothing leaves before its owner's own last click."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypedDict

from bot.core import copies as rules
from bot.core import moments
from bot.core.campaigns import Campaign, State
from bot.core.ids import CampaignId, ListId, new_campaign_id
from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.sentences import Refusal, Stale
from bot.services.campaigns import Campaigns
from bot.services.deputies import still_deputy
from bot.services.drafts import UNTOUCHED, Named


class _Fresh(TypedDict):
    campaign_id: CampaignId
    seed: str
    now: datetime
    name: str
    send_at: datetime


@dataclass(frozen=True, kw_only=True)
class Copies:
    campaigns: Campaigns
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def duplicate(self, member: Member, campaign_id: str) -> Campaign:
        """The same once more, link included. Two clicks give one draft."""
        source = self._source(member, campaign_id)
        return self._kept(member, source, lambda name: self._duplicate(member, source, name))

    def _duplicate(self, member: Member, source: Campaign, name: str) -> Campaign:
        return rules.duplicate(source, **self._fresh(member, name))

    def again(
        self, member: Member, campaign_id: str, list_id: str = "", named: Named | None = None
    ) -> Campaign:
        """Same as last time, to this list: only the link is missing."""
        source = self._source(member, campaign_id)
        to = self._to(member, source, list_id)
        first = named(to.title, self._now()) if named else source.name
        return self._kept(member, source, lambda name: self._again(member, source, name, to), first=first)

    def _again(self, member: Member, source: Campaign, name: str, to: ContactList) -> Campaign:
        return rules.again(source, **self._fresh(member, name), to=to)

    def invite(self, member: Member, campaign_id: str) -> Campaign:
        """The same letter to people whom none of the chain has invited."""
        source = self._source(member, campaign_id)
        if not rules.may_invite(source):
            raise Stale(f"campaigns.state.{source.state.value}", name=source.name)
        return self._kept(member, source, lambda name: self._invite(member, source, name))

    def _invite(self, member: Member, source: Campaign, name: str) -> Campaign:
        return rules.invite(source, **self._fresh(member, name))

    def last(self, member: Member) -> tuple[Campaign, ContactList] | None:
        """What *same as last time* offers without a list at hand: the latest campaign that left, to its own
        list, or to one that came since. None where there was none, or no list is left."""
        lists = self.campaigns.lists.own(member)
        mine = self.campaigns.visible(member)
        source = rules.model(mine, member, lists[0].id) if lists else None
        if source is None:
            return None
        newer = [one for one in lists if source.departed_at and one.created_at > source.departed_at]
        own = [one for one in lists if one.id == source.list_id]
        to = next(iter([*newer, *own]), None)
        return (source, to) if to and to.count else None

    def model(self, member: Member, list_id: str) -> Campaign | None:
        """What *same as last time* would repeat for this list."""
        return rules.model(self.campaigns.visible(member), member, ListId(list_id))

    # --- kept -----------------------------------------------------------------------------------------

    def _source(self, member: Member, campaign_id: str) -> Campaign:
        self.campaigns.require_sender(member)
        source = self.campaigns.get(member, campaign_id)
        if source.state is State.DRAFT:
            raise Refusal("copies.draft", name=source.name)
        return source

    def _to(self, member: Member, source: Campaign, list_id: str) -> ContactList:
        return self.campaigns.lists.usable(member, list_id or source.list_id or "")

    def _fresh(self, member: Member, name: str) -> _Fresh:
        now = self._now()
        morning = moments.next_working_morning(now, member.tz, member.language.value)
        return {
            "campaign_id": new_campaign_id(), "seed": secrets.token_hex(4), "now": now, "name": name,
            "send_at": morning,
        }  # fmt: skip

    def _kept(
        self, member: Member, source: Campaign, made: Callable[[str], Campaign], *, first: str = ""
    ) -> Campaign:
        """`first`: the name to take where nobody has it; else the source's, numbered."""
        campaigns = self.campaigns
        with self._lock:
            mine = campaigns.visible(member)
            taken = {one.name for one in mine}
            name = first if first and first not in taken else rules.numbered(first or source.name, taken)
            copy = self._fit(member, made(name))
            if same := next((one for one in mine if self._is_same(one, copy)), None):
                return same
            campaigns.store.campaigns.add(member.workspace, copy)
            return copy

    def _is_same(self, one: Campaign, copy: Campaign) -> bool:
        """The draft that an earlier click made, and nobody wrote in since."""
        is_fresh = one.state is State.DRAFT and one.revision == 1
        alike = (one.origin, one.step, one.list_id, one.follows) == (
            copy.origin, copy.step, copy.list_id, copy.follows,
        )  # fmt: skip
        return is_fresh and alike and copy.created_at - one.created_at < UNTOUCHED

    def _fit(self, member: Member, copy: Campaign) -> Campaign:
        """What the account, or somebody's leaving, has changed since."""
        campaigns = self.campaigns
        usual = campaigns.policy.mail_from
        try:
            address = campaigns.senders.checked(copy.sender.address, usual)
        except Refusal:
            address = usual.address
        return replace(
            copy, owner=member.id, zone=member.zone, sender=replace(copy.sender, address=address),
            deputy=still_deputy(campaigns.store, member, copy.deputy),
        )  # fmt: skip

    def _now(self) -> datetime:
        return self.campaigns.clock.now()
