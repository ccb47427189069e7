"""Somebody must look: too many addresses that do not exist, too many complaints, or nothing heard at all.

Each is told once per campaign, to its owner and to who looks after the bot (`bot.core.alarms` says from which
share on). Where letters are still leaving and every tenth address does not exist, the rest waits for its
owner: they may be about to write to a list that is not theirs, or years old.

Silence is looked at only where events came before: without a webhook it says nothing. Events take seconds,
and half an hour is long; but the bot's clock may be moved, and the bot may have been away while they were
told. So the silence must also have lasted before its own eyes.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import ports
from bot.core import campaigns as rules
from bot.core.alarms import Alarm, alarms
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Fold, Progress
from bot.core.figures import left, under_way
from bot.core.ids import CampaignId
from bot.core.sentences import Stale, sentence
from bot.services.operators import Operators

log = logging.getLogger("postillon")

SILENCE = timedelta(minutes=30)
OLD = timedelta(days=3)  # afterwards nobody would know what to look for
WATCHED = 300.0  # seconds of our own
SILENT = "silent"
WATCHED_FOR = timedelta(days=7)  # after its end: complaints take days


@dataclass(kw_only=True)
class Alarms:
    store: ports.Store
    operators: Operators
    watch: Callable[[], float] = time.monotonic
    _seen: dict[tuple[CampaignId, int], float] = field(default_factory=dict)  # when it was first found silent
    _at_it: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def sweep(self, now: datetime) -> None:
        """Of two sweeps at once the second leaves it to the first."""
        if not self._at_it.acquire(blocking=False):
            return
        try:
            for campaign, since in self._campaigns(now):
                if self._leaving.is_set():
                    return
                self._visit_safely(campaign, since, now)
        finally:
            self._at_it.release()

    def leave(self) -> None:
        """Shutdown: nobody is alarmed any more."""
        self._leaving.set()

    def _campaigns(self, now: datetime) -> Iterator[tuple[Campaign, datetime | None]]:
        """Those that left lately, and since when events have come to their workspace."""
        for workspace in self.store.campaigns.workspaces():
            since = self.store.spaces.get(workspace).events_since
            for campaign in self.store.campaigns.all(workspace):
                if campaign.departed_at is not None and not _is_over(campaign, now, WATCHED_FOR):
                    yield campaign, since

    def _visit_safely(self, campaign: Campaign, since: datetime | None, now: datetime) -> None:
        try:
            if since is not None and not _is_over(campaign, now, OLD):
                self._listen(campaign, since, now)
            self._count(campaign)
        except Stale:
            return  # a person was first; the next sweep looks again
        except ports.Unreadable as damage:
            log.warning("nobody knows whether events came campaign=%s: %s", campaign.id, damage)
        except Exception:  # one campaign's trouble must not keep the others from being looked at
            log.exception("a campaign's letters are not watched campaign=%s", campaign.id)

    # --- shares ---------------------------------------------------------------------------------------

    def _count(self, campaign: Campaign) -> None:
        """What stops it is told with the pause, and by nothing else."""
        progress = self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.progress())
        for alarm in alarms(progress):
            if (
                alarm.stops
                and campaign.state is State.SENDING
                and f"{alarm.kind}:paused" not in campaign.alarmed
            ):
                self._pause(campaign, alarm, progress)
            elif alarm.kind not in campaign.alarmed:
                self._tell(campaign, alarm)

    def _tell(self, campaign: Campaign, alarm: Alarm) -> None:
        """The owner cannot do much, and reads what it means for them; operators read where to look."""
        said = sentence(
            f"alarms.{alarm.kind}", n=alarm.n, of=alarm.of, percent=alarm.percent, name=campaign.name,
            told=self.operators.told(campaign),
        )  # fmt: skip
        self.operators.telling.tell(campaign, said)
        self._tell_operators(campaign, alarm)
        self.operators.note(campaign, alarm.kind)

    def _tell_operators(self, campaign: Campaign, alarm: Alarm) -> None:
        said = sentence(
            f"alarms.cure.{alarm.kind}", n=alarm.n, of=alarm.of, percent=alarm.percent, name=campaign.name
        )
        self.operators.tell(campaign, said)
        log.warning("alarm kind=%s campaign=%s n=%d of=%d", alarm.kind, campaign.id, alarm.n, alarm.of)

    def _pause(self, campaign: Campaign, alarm: Alarm, progress: Progress) -> None:
        """Once: whoever resumes it knows, and is not stopped again."""
        why = sentence("alarms.why", n=alarm.n, of=alarm.of, percent=alarm.percent)
        known = (*campaign.alarmed, alarm.kind.value, f"{alarm.kind}:paused")
        paused = rules.move(
            campaign, State.PAUSED, why=why, repaired_at=None, alarmed=tuple(dict.fromkeys(known))
        )
        self.store.campaigns.advance(campaign.workspace, paused, campaign.revision, wake_at=None)
        said = sentence(
            "campaigns.said.paused", n=under_way(campaign, progress).accepted, left=left(progress),
            name=campaign.name, why=why,
        )  # fmt: skip
        self.operators.telling.tell(paused, said, asks=True)
        self._tell_operators(paused, alarm)

    # --- silence --------------------------------------------------------------------------------------

    def _listen(self, campaign: Campaign, since: datetime, now: datetime) -> None:
        silent = self.store.ledgers.read(
            campaign.workspace, campaign.id, lambda fold: _silent(fold, since, now)
        )
        for wave, accepted in silent.items():
            if f"{SILENT}:{wave}" not in campaign.alarmed and self._has_lasted(campaign.id, wave):
                self._tell_silence(campaign, wave, accepted)

    def _has_lasted(self, campaign_id: CampaignId, wave: int) -> bool:
        now = self.watch()
        return now - self._seen.setdefault((campaign_id, wave), now) >= WATCHED

    def _tell_silence(self, campaign: Campaign, wave: int, accepted: int) -> None:
        told = self.operators.told(campaign)
        said = sentence("events.silent", n=accepted, name=campaign.name, told=told)
        self.operators.telling.tell(campaign, said)
        self.operators.tell(campaign, sentence("events.silent.cure", name=campaign.name))
        self.operators.note(campaign, f"{SILENT}:{wave}")
        log.warning("no events campaign=%s wave=%d accepted=%d", campaign.id, wave, accepted)


def _is_over(campaign: Campaign, now: datetime, span: timedelta) -> bool:
    """Its ledger need not be opened for it."""
    return campaign.ended_at is not None and now - campaign.ended_at > span


def _silent(fold: Fold, since: datetime, now: datetime) -> dict[int, int]:
    """Waves of whose letters nothing was heard, and how many letters that are."""
    found = {}
    for wave in fold.waves:
        first, last = wave.taken_since, wave.taken_last
        if first is None or last is None or not wave.is_silent:
            continue
        if since < first <= now - SILENCE and now - last < OLD:
            found[wave.number] = wave.progress().accepted
    return found
