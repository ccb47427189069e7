"""Closed accounts: whoever looks after the bot says what becomes of the campaigns left behind.

Nothing is held meanwhile: what was scheduled leaves at its moment, as its owner wanted.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import ports
from bot.core import campaigns as rules
from bot.core import planning, settling
from bot.core.attending import Attended
from bot.core.audiences import lists_of
from bot.core.campaigns import Campaign, State
from bot.core.closures import Answer, Closure, is_asked
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.lists import hand_over
from bot.core.people import Member, called, is_admin, may_use
from bot.core.sentences import Refusal, Stale, sentence
from bot.services.campaigns import Campaigns
from bot.services.log import note
from bot.services.operators import Operators
from bot.services.racing import insisted
from bot.services.telling import FOR_GOOD

log = logging.getLogger("postillon")

CONCERNED = frozenset({State.AWAITING, State.SCHEDULED, State.SENDING, State.PAUSED, State.HELD})
EVERY = timedelta(hours=1)  # between two looks at one owner; whether Slack is asked is for `People` to say


@dataclass(kw_only=True)
class Closures:
    campaigns: Campaigns
    operators: Operators
    _looks: dict[tuple[WorkspaceId, MemberId], datetime] = field(default_factory=dict)
    _at_it: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    # --- noticed --------------------------------------------------------------------------------------

    def closed(self, member: Member) -> None:
        """Slack told that this account was closed."""
        with self._at_it:
            for campaign in self._running(member.workspace):
                if campaign.owner == member.id:
                    self._ask_safely(campaign)

    def sweep(self, now: datetime) -> None:
        """Slack's word may have been missed: owners not seen for a day are asked about. And who could not be
        asked yet is asked again."""
        if not self._at_it.acquire(blocking=False):
            return
        try:
            for workspace in self.campaigns.store.campaigns.workspaces():
                for campaign in self._running(workspace):
                    if self._leaving.is_set():
                        return
                    if self._is_closed(campaign, now):
                        self._ask_safely(campaign)
        finally:
            self._at_it.release()

    def leave(self) -> None:
        """Shutdown: nobody more is asked."""
        self._leaving.set()

    def _running(self, workspace: WorkspaceId) -> Iterator[Campaign]:
        for campaign in self.campaigns.store.campaigns.all(workspace):
            if _is_concerned(campaign) and not campaign.to_myself and not _is_asked(campaign):
                yield campaign

    def _is_closed(self, campaign: Campaign, now: datetime) -> bool:
        key = (campaign.workspace, campaign.owner)
        people = self.campaigns.people
        known = people.known(*key)
        if known is None:
            return False  # nobody who ever spoke to us
        if known.is_deactivated:
            return True
        if now < self._looks.get(key, now):
            return False
        self._looks[key] = now + EVERY
        return people.member(*key).is_deactivated

    # --- asked ----------------------------------------------------------------------------------------

    def _ask_safely(self, campaign: Campaign) -> None:
        try:
            self._ask(campaign)
        except Stale:
            return  # a person was first; the next sweep looks again
        except ports.Unreachable as away:
            log.warning("a closed account is asked about later campaign=%s: %s", campaign.id, away.error)
        except Exception:  # one campaign's trouble must not keep the others from being asked about
            log.exception("nobody is asked about a closed account campaign=%s", campaign.id)

    def _ask(self, campaign: Campaign) -> None:
        """Every admin once; where none can be, the support channel is told. Written down first, so that what
        is asked again is the same message. Raises Unreachable where Slack is away."""
        asked = self._noted(campaign, self._question)
        heard = tuple(admin.id for admin in self._admins(asked) if self._heard(admin, asked))
        if heard:
            noted = self._noted(asked, lambda known: replace(_closure(known), places=heard))
            if noted.state is not asked.state or _closure(noted).answer:  # a click came in between
                self._show_all(noted)
        elif self.operators.telling.policy.support_channel:
            owner = called(self._owner(asked))
            self.operators.telling.post(asked, sentence("closures.nobody", name=asked.name, owner=owner))
            self._noted(asked, lambda known: replace(_closure(known), is_posted=True))

    def _question(self, campaign: Campaign) -> Closure:
        known = campaign.closure
        now = self.campaigns.clock.now()
        is_open = known is not None and known.answer is None and known.owner == campaign.owner
        return known if known and is_open else Closure(owner=campaign.owner, at=now)

    def _admins(self, campaign: Campaign) -> list[Member]:
        admins = self.operators.admins(campaign)
        return [one for one in admins if may_use(one) and one.id != _closure(campaign).owner]

    def _heard(self, admin: Member, campaign: Campaign) -> bool:
        """False where Slack will never tell them."""
        try:
            self.show(admin, campaign)
        except ports.Unreachable as refused:
            if refused.error not in FOR_GOOD:
                raise
            log.warning("an admin cannot be asked campaign=%s: %s", campaign.id, refused.error)
            return False
        return True

    def show(self, admin: Member, campaign: Campaign) -> None:
        """What the admin is asked, as it stands now. Raises Unreachable."""
        owner = self._owner(campaign)
        attended = Attended(campaign=campaign, progress=self.campaigns.progress(campaign), owner=owner)
        by = _closure(campaign).by
        who = self.operators.telling.member(campaign, by) if by else None
        self.campaigns.messenger.show_closure(admin, attended, who, replies_lost=_replies_to(campaign, owner))

    def _owner(self, campaign: Campaign) -> Member:
        return self.operators.telling.member(campaign, _closure(campaign).owner)

    def _noted(self, campaign: Campaign, change: Callable[[Campaign], Closure]) -> Campaign:
        def act() -> Campaign:
            known = self._get(campaign)
            closure = change(known)
            if closure == known.closure:
                return known
            noted = rules.edit(known, closure=closure)
            self.campaigns.store.campaigns.save(known.workspace, noted, known.revision)
            return noted

        return insisted(act)

    def _get(self, campaign: Campaign) -> Campaign:
        return self.campaigns.store.campaigns.get(campaign.workspace, campaign.id)

    # --- answered -------------------------------------------------------------------------------------

    def let_go(self, member: Member, campaign_id: str) -> Campaign:
        """It goes on as its owner wanted."""

        def change(campaign: Campaign) -> Campaign:
            return rules.edit(campaign, closure=_answered(campaign, Answer.LET_GO, member))

        return self._answer(member, campaign_id, change, "let go")

    def take_over(self, member: Member, campaign_id: str) -> Campaign:
        """The campaign, and those of its lists that were its owner's, are the admin's from here on."""
        before = self._open(member, campaign_id)

        def change(campaign: Campaign) -> Campaign:
            owner = self._owner(campaign)
            reply_to = self._reply_to(member) if _replies_to(campaign, owner) else campaign.reply_to
            return rules.edit(
                campaign, owner=member.id, reply_to=reply_to,
                closure=_answered(campaign, Answer.TAKEN_OVER, member),
                deputy=None if campaign.deputy == member.id else campaign.deputy,
            )  # fmt: skip

        taken = self._answer(member, campaign_id, change, "took over")
        for list_id in lists_of(taken):
            self._hand_over(member, list_id, before.owner)
        self._moved(taken)
        self.campaigns.show(member, taken)
        return taken

    def follow(self, campaign_id: str, member: Member) -> None:
        """Those who were asked see what became of it; a message that stays behind says so at a click."""
        self._show_all(self.campaigns.store.campaigns.get(member.workspace, CampaignId(campaign_id)))

    def _show_all(self, campaign: Campaign) -> None:
        for place in campaign.closure.places if campaign.closure else ():
            try:
                self.show(self.operators.telling.member(campaign, place), campaign)
            except ports.Unreachable as away:
                log.warning("a question stays as it was campaign=%s: %s", campaign.id, away.error)

    def _open(self, member: Member, campaign_id: str) -> Campaign:
        """Raises Refusal for who does not look after the bot, and `Stale` where nothing is asked any more."""
        campaign = self.campaigns.attended(member, campaign_id)
        closure = campaign.closure
        if closure is None or not is_admin(member, tuple(self.campaigns.policy.admins)):
            raise Refusal("campaigns.unknown")
        if closure.answer is not None:
            by = called(self.operators.telling.member(campaign, closure.by)) if closure.by else ""
            raise Stale(f"closures.done.{closure.answer.value}", name=campaign.name, who=by)
        if not self._owner(campaign).is_deactivated:
            raise Stale("closures.back", name=campaign.name, owner=called(self._owner(campaign)))
        if not _is_concerned(campaign):
            raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
        return campaign

    def _answer(
        self, member: Member, campaign_id: str, change: Callable[[Campaign], Campaign], verb: str
    ) -> Campaign:
        def act() -> Campaign:
            campaign = self._open(member, campaign_id)
            changed = change(campaign)
            self.campaigns.store.campaigns.save(campaign.workspace, changed, campaign.revision)
            return changed

        changed = insisted(act)
        note(self.campaigns.store, self.campaigns.clock.now(), member, verb, changed.id)
        return changed

    def _reply_to(self, member: Member) -> Sender | None:
        if member.email:
            return Sender(address=member.email, name=member.name)
        return self.campaigns.policy.reply_to

    def _hand_over(self, member: Member, list_id: ListId, owner: MemberId) -> None:
        """A list changed at the same moment is handed over all the same; one that is gone is not missed."""
        lists = self.campaigns.store.lists
        while True:
            try:
                known = lists.get(member.workspace, list_id)
                if known.owner != owner:
                    return
                lists.save(member.workspace, hand_over(known, member.id), known.revision)
            except ports.Missing:
                return
            except Stale:
                continue
            now = self.campaigns.clock.now()
            note(self.campaigns.store, now, member, "handed over", list_id, owner=owner)
            return

    def _moved(self, campaign: Campaign) -> None:
        """Its messages stand in the conversation of who left: the new owner gets their own."""
        messages = self.campaigns.store.messages
        for subject in (campaign.id, settling.subject(campaign.id)):
            for ref in messages.of(campaign.workspace, subject):
                messages.forget(campaign.workspace, ref)


def _is_concerned(campaign: Campaign) -> bool:
    """Something of it is under way, or a reminder is to leave."""
    return campaign.state in CONCERNED or planning.coming(campaign) is not None


def _is_asked(campaign: Campaign) -> bool:
    stands_still = campaign.state in (State.PAUSED, State.HELD)
    known = campaign.closure
    return known is not None and is_asked(known, campaign.owner, stands_still=stands_still)


def _closure(campaign: Campaign) -> Closure:
    assert campaign.closure is not None
    return campaign.closure


def _answered(campaign: Campaign, answer: Answer, member: Member) -> Closure:
    return replace(_closure(campaign), answer=answer, by=member.id)


def _replies_to(campaign: Campaign, owner: Member) -> bool:
    """Would answers to its letters arrive where nobody reads them?"""
    reply_to = campaign.reply_to
    return bool(reply_to and owner.email and reply_to.address.lower() == owner.email.lower())
