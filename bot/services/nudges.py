"""The owner does not answer: their deputy is asked, then who looks after the bot.

`bot.core.nudges` says when. What is known stands in the messages: when the owner was asked is the moment of
that message, and who was asked since has one of their own. So nothing is forgotten over a restart, and nobody
is asked twice.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot import ports
from bot.core import nudges as rules
from bot.core import settling
from bot.core.attending import Attended
from bot.core.campaigns import Campaign, State
from bot.core.ids import MemberId
from bot.core.inbox import MessageRef
from bot.core.people import Member, called, may_use
from bot.core.sentences import Refusal, Stale, sentence
from bot.services.operators import Operators
from bot.services.settling import Settling
from bot.services.telling import FOR_GOOD

log = logging.getLogger("postillon")


@dataclass(kw_only=True)
class Nudges:
    settling: Settling
    operators: Operators
    _deaf: set[tuple[str, MemberId]] = field(default_factory=set)  # whom Slack will not let us ask
    _at_it: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def sweep(self, now: datetime) -> None:
        if not self._at_it.acquire(blocking=False):
            return
        store = self.settling.store
        try:
            for workspace in store.campaigns.workspaces():
                for campaign in store.campaigns.all(workspace):
                    if self._leaving.is_set():
                        return
                    if campaign.state is not State.DRAFT and not campaign.to_myself:
                        self._visit_safely(campaign, now)
        finally:
            self._at_it.release()

    def leave(self) -> None:
        """Shutdown: nobody more is asked."""
        self._leaving.set()

    def _visit_safely(self, campaign: Campaign, now: datetime) -> None:
        try:
            self._visit(campaign, now)
        except ports.Unreachable as away:
            log.warning("nobody else is asked yet campaign=%s: %s", campaign.id, away.error)
        except (Stale, Refusal, ports.Unreadable) as changed:
            log.info("nobody else is asked campaign=%s: %s", campaign.id, changed)
        except Exception:  # one campaign's trouble must not keep the others from being looked at
            log.exception("nobody else is asked campaign=%s", campaign.id)

    def _visit(self, campaign: Campaign, now: datetime) -> None:
        deputy, admins = self._deputy(campaign), self._admins(campaign)
        since = self._asked_at(campaign)
        if since is None:
            self._close(campaign, [*([deputy] if deputy else []), *admins])
            return
        if self._owner(campaign).is_deactivated:
            return  # what becomes of it is asked by itself
        if deputy is not None:
            first = self._heard_at(campaign, deputy)
            if first is None:
                self._ask(campaign, [deputy], since, since, now)
                return
            since_deputy = first
        else:
            since_deputy = since
        self._ask(campaign, admins, since, since_deputy, now)

    # --- when the owner was asked -----------------------------------------------------------------------

    def _asked_at(self, campaign: Campaign) -> datetime | None:
        """None where nothing is asked of them, or Slack has not told them yet."""
        asked = [ref for one in rules.questions(campaign) for ref in self._refs(campaign, one)]
        if asked:
            return max(map(_moment, asked))
        if doubts := self._refs(campaign, settling.subject(campaign.id)):
            question = self.settling.question(self._owner(campaign), campaign.id)
            return _moment(doubts[-1]) if question.asks else None
        return None

    def _refs(self, campaign: Campaign, subject: str) -> list[MessageRef]:
        return self.settling.store.messages.of(campaign.workspace, subject)

    # --- who is asked -----------------------------------------------------------------------------------

    def _owner(self, campaign: Campaign) -> Member:
        return self.operators.telling.member(campaign, campaign.owner)

    def _deputy(self, campaign: Campaign) -> Member | None:
        if campaign.deputy is None or campaign.deputy == campaign.owner:
            return None
        found = self.operators.telling.member(campaign, campaign.deputy)
        return found if may_use(found) and not self._is_deaf(campaign, found) else None

    def _admins(self, campaign: Campaign) -> list[Member]:
        besides = {campaign.owner, campaign.deputy}
        found = [one for one in self.operators.admins(campaign) if may_use(one) and one.id not in besides]
        return [one for one in found if not self._is_deaf(campaign, one)]

    def _is_deaf(self, campaign: Campaign, reader: Member) -> bool:
        return (campaign.workspace, reader.id) in self._deaf

    def _heard_at(self, campaign: Campaign, reader: Member) -> datetime | None:
        asked = self._refs(campaign, rules.subject(campaign, reader.id))
        return _moment(asked[-1]) if asked else None

    def _ask(
        self, campaign: Campaign, readers: Sequence[Member], asked: datetime, since: datetime, now: datetime
    ) -> None:
        """Those for whom the hour is over. `asked`: when the owner was."""
        heard = []
        for reader in readers:
            if self._heard_at(campaign, reader) is not None or not rules.is_due(since, now, reader):
                continue
            if self._show(campaign, reader, asked):
                heard.append(reader)
        if heard:
            who = ", ".join(f"@{called(one)}" for one in heard)
            said = sentence("nudges.told", name=campaign.name, who=who)
            self.operators.telling.tell(campaign, said)
            log.info("others are asked campaign=%s n=%d", campaign.id, len(heard))

    def _show(self, campaign: Campaign, reader: Member, asked: datetime | None) -> bool:
        """False where Slack will never tell them."""
        attended = Attended(
            campaign=campaign, progress=self.settling.campaigns.progress(campaign),
            owner=self._owner(campaign), is_deputy=reader.id == campaign.deputy,
        )  # fmt: skip
        try:
            self.settling.messenger.show_nudge(reader, attended, asked)
        except ports.Unreachable as refused:
            if refused.error not in FOR_GOOD:
                raise
            log.warning("nobody hears a question campaign=%s: %s", campaign.id, refused.error)
            self._deaf.add((campaign.workspace, reader.id))
            return False
        return True

    def _close(self, campaign: Campaign, readers: Sequence[Member]) -> None:
        """It was answered: their message says so, with no button left."""
        for reader in readers:
            subject = rules.subject(campaign, reader.id)
            if refs := self._refs(campaign, subject):
                self._show(campaign, reader, None)
                for ref in refs:
                    self.settling.store.messages.forget(campaign.workspace, ref)


def _moment(ref: MessageRef) -> datetime:
    """Slack names a message by the moment it was posted."""
    return datetime.fromtimestamp(float(ref.ts), UTC)
