"""Would the letters leave? Asked before departure, and again while a campaign waits for a repair.

Nothing is held and nothing resumes by itself: people are told, and decide. What cannot be found out (the
mail service away, a key that may not look) is no obstacle.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import ports
from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.figures import left
from bot.core.ids import CampaignId
from bot.core.sentences import Refusal, Sentence, Stale, sentence
from bot.services.operators import FAULTS, Operators

log = logging.getLogger("postillon")

EVERY = timedelta(minutes=5)  # between two looks at a fault that is being repaired
BEFORE = timedelta(hours=1)  # of the departure


@dataclass(frozen=True, kw_only=True, slots=True)
class Obstacle:
    """What would keep letters from leaving: `why` is one of FAULTS."""

    why: str
    detail: str | Sentence


def require_ready(mailer: ports.Mailer, campaign: Campaign) -> None:
    """Raises Refusal where the key or the sender is refused, as far as the account tells."""
    match mailer.standing(campaign.sender.address):
        case ports.Refused(why=why, detail=detail):
            why_not = sentence(f"mail.refused.{why}", detail=detail)
            raise Refusal.of(sentence("delivery.not_ready", why=why_not))
        case _:
            return


def short_of_credits(mailer: ports.Mailer, letters: int) -> Obstacle | None:
    left = mailer.credits()
    if left is None or left >= letters:
        return None
    return Obstacle(why="credits", detail=sentence("delivery.credits", n=letters, left=left))


def warn(operators: Operators, campaign: Campaign, obstacle: Obstacle) -> None:
    """The owner, and who can repair it; each once, though an owner may be an admin."""
    assert campaign.send_at is not None
    is_short = isinstance(obstacle.detail, Sentence)
    why = sentence("delivery.short" if is_short else f"mail.refused.{obstacle.why}", detail=obstacle.detail)
    told = operators.told(campaign)
    said = sentence("delivery.soon", name=campaign.name, moment=campaign.send_at, why=why, told=told)
    operators.telling.tell(campaign, said)
    cure = sentence(f"delivery.cure.{obstacle.why}", detail=obstacle.detail)
    operators.tell(
        campaign, sentence("delivery.soon.cure", name=campaign.name, moment=campaign.send_at, cure=cure)
    )


def fault_of(campaign: Campaign) -> str:
    """Which of FAULTS it is paused for; "" where it is paused for anything else."""
    inner = _told_inside(campaign.why)
    family, _, fault = inner.key.rpartition(".") if isinstance(inner, Sentence) else ("", "", "")
    return fault if family == "mail.refused" and fault in FAULTS else ""


@dataclass(kw_only=True)
class Readiness:
    store: ports.Store
    mailer: ports.Mailer
    operators: Operators
    _looks: dict[CampaignId, datetime] = field(default_factory=dict)  # when to look at its repair next
    _leaving: threading.Event = field(default_factory=threading.Event)
    _at_it: threading.Lock = field(default_factory=threading.Lock)

    def sweep(self, now: datetime) -> None:
        """Whatever waits for a repair, or leaves within the hour. One at a time: the account is asked."""
        if not self._at_it.acquire(blocking=False):
            return
        try:
            for campaign in self._campaigns():
                if self._leaving.is_set():
                    return
                self._visit_safely(campaign, now)
        finally:
            self._at_it.release()

    def leave(self) -> None:
        """Shutdown: nothing more is asked."""
        self._leaving.set()

    def _campaigns(self) -> Iterator[Campaign]:
        for workspace in self.store.campaigns.workspaces():
            yield from self.store.campaigns.all(workspace)

    def _visit_safely(self, campaign: Campaign, now: datetime) -> None:
        try:
            if campaign.state is State.PAUSED and campaign.repaired_at is None and fault_of(campaign):
                self._alarm(campaign)
                if now >= self._looks.setdefault(campaign.id, now + EVERY):
                    self._looks[campaign.id] = now + EVERY
                    self._ask_where_repaired(campaign, now)
            elif campaign.state is State.SCHEDULED and _is_soon(campaign, now):
                self._check(campaign, now)
        except Stale:
            return  # a person was first; the next sweep looks again
        except Exception:  # one campaign's trouble must not keep the others from being looked at
            log.exception("readiness is not known campaign=%s", campaign.id)

    def _alarm(self, campaign: Campaign) -> None:
        """Those who can repair it know already, unless the bot ended between the pause and the telling."""
        refused = ports.Refused(why=fault_of(campaign), detail=_detail(campaign))
        self.operators.alarm(campaign, refused)

    def _ask_where_repaired(self, campaign: Campaign, now: datetime) -> None:
        known = self.store.campaigns.get(campaign.workspace, campaign.id)
        waiting = left(self.operators.telling.progress(known))
        if known.state is not State.PAUSED or self.mailer.standing(known.sender.address) is not None:
            return
        if fault_of(known) == "credits" and not self._has_credits(waiting):
            return
        others = tuple(one for one in known.alarmed if one not in FAULTS)
        asked = rules.edit(known, repaired_at=now, alarmed=others)
        self.store.campaigns.save(known.workspace, asked, known.revision)
        log.info("repaired campaign=%s left=%d", known.id, waiting)
        said = sentence("delivery.repaired", n=waiting, name=known.name)
        self.operators.telling.tell(asked, said, asks=True)

    def _has_credits(self, letters: int) -> bool:
        """Where the account does not tell, the owner's own Resume will."""
        left = self.mailer.credits()
        return left is not None and left >= letters

    def _check(self, campaign: Campaign, now: datetime) -> None:
        standing = self.mailer.standing(campaign.sender.address)
        if isinstance(standing, ports.NotTaken):
            return  # asked again at the next sweep, while there is time
        obstacle = (
            Obstacle(why=standing.why, detail=standing.detail)
            if standing
            else short_of_credits(self.mailer, campaign.audience_size)
        )
        checked = rules.edit(campaign, checked_at=now)
        self.store.campaigns.save(campaign.workspace, checked, campaign.revision)
        if obstacle:
            warn(self.operators, checked, obstacle)


def _is_soon(campaign: Campaign, now: datetime) -> bool:
    """Within the hour, and not looked at in it: another moment is another hour."""
    assert campaign.send_at is not None
    first = campaign.send_at - BEFORE
    is_new = campaign.checked_at is None or campaign.checked_at < first
    return first <= now < campaign.send_at and is_new


def _told_inside(why: Sentence | None) -> object:
    """What the mail service refused, of what the owner reads."""
    return why.values.get("why") if why and why.key in ("delivery.why", "delivery.why.yours") else why


def _detail(campaign: Campaign) -> str:
    inner = _told_inside(campaign.why)
    return str(inner.values.get("detail", "")) if isinstance(inner, Sentence) else ""
