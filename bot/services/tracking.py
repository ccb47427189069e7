"""What comes back from letters by a page of ours: people who ask not to be written to again."""

import logging
from dataclasses import dataclass
from typing import Literal

from bot import ports
from bot.core.addresses import canonical
from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.facts import Events, Happened
from bot.core.people import Language
from bot.core.suppressions import Cause, Suppression
from bot.core.tokens import Bearer, read_token
from bot.services.following import Following
from bot.services.letters import TEST
from bot.services.visits import Visits

log = logging.getLogger("postillon")


@dataclass(frozen=True, kw_only=True, slots=True)
class UnsubscribePage:
    """What `/u` shows, without any address. `sender` is who wrote the letter."""

    language: Language
    sender: str
    state: Literal["asked", "done", "test"]


@dataclass(frozen=True, kw_only=True)
class Tracking:
    store: ports.Store
    following: Following
    clock: ports.Clock
    policy: ports.Policy
    visits: Visits | None = None

    def page(self, token: str) -> UnsubscribePage | None:
        """GET: changes nothing, though whoever opens every link is known by it. None for a token not ours."""
        found = self._recipient(token)
        if found is None:
            return None
        bearer, campaign, contact = found
        if contact is None:
            return _page(campaign, "test")
        if self.visits:
            self.visits.looked(bearer)
        if not contact.email:
            return _page(campaign, "done")
        address = [canonical(contact.email)]
        suppressed = self.store.suppressions.among(bearer.workspace, address)
        lifted = self.store.suppressions.lifted(bearer.workspace, address)  # of who was erased since
        return _page(campaign, "done" if suppressed and not lifted else "asked")

    def unsubscribe(self, token: str) -> UnsubscribePage | None:
        """POST: suppress the address for the whole workspace, once; durable before it returns."""
        found = self._recipient(token)
        if found is None:
            return None
        bearer, campaign, contact = found
        if contact is None:
            return _page(campaign, "test")
        if not contact.email:
            return _page(campaign, "done")
        now = self.clock.now()
        suppression = Suppression(
            address=canonical(contact.email), cause=Cause.UNSUBSCRIBED, at=now, origin=campaign.id
        )
        self.store.suppressions.add(bearer.workspace, suppression)
        item = (bearer.recipient, int(Happened.UNSUBSCRIBED), int(now.timestamp()))
        if self._learn(campaign, Events(wave=bearer.wave or 0, items=(item,))):
            self.following.learned(campaign.workspace, campaign.id)
        return _page(campaign, "done")

    def _learn(self, campaign: Campaign, events: Events) -> bool:
        """What was asked for stands already: a damaged ledger must not make it look refused."""
        try:
            return self.store.ledgers.append(campaign.workspace, campaign.id, events)
        except ports.Unreadable as damage:
            log.warning("an event is not counted campaign=%s: %s", campaign.id, damage)
            return False

    def _recipient(self, token: str) -> tuple[Bearer, Campaign, Contact | None] | None:
        """Nobody, for a test letter. Whose address was erased has none, and is not written to any more."""
        bearer = read_token(self.policy.secret, token)
        if bearer is None or bearer.wave is None:
            return None
        try:
            campaign = self.store.campaigns.get(bearer.workspace, bearer.campaign)
        except ports.Missing:
            return None
        if bearer.recipient == TEST:
            return bearer, campaign, None
        try:
            people = self.store.campaigns.recipients(bearer.workspace, campaign, [bearer.recipient])
            return bearer, campaign, next(contact for _, contact in people)
        except (ports.Missing, StopIteration):  # there is no such number
            return None


def _page(campaign: Campaign, state: Literal["asked", "done", "test"]) -> UnsubscribePage:
    sender = campaign.sender.name or campaign.sender.address.partition("@")[2]
    return UnsubscribePage(language=campaign.language, sender=sender, state=state)
