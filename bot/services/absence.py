"""Back after an absence: files dropped meanwhile are looked for in the history of people's conversations.

Slack tells an event three times within six minutes, and then never again. So whoever we know is asked about
once after a longer absence. Who is left to ask about is known in memory alone: a bot that dies again before
everybody's turn came does not go back to the first absence.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import ports
from bot.core import absence as rules
from bot.core.ids import MemberId, WorkspaceId
from bot.core.people import Member, may_use
from bot.services.imports import Imports
from bot.services.people import People
from bot.services.recovery import AWAY

log = logging.getLogger("postillon")

MARGIN = timedelta(minutes=1)  # the heart beats every 30 s, and two watches differ; what we had is left alone

Who = tuple[WorkspaceId, MemberId]


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """`found` is what became durable and its owner was not told yet; None before Slack was asked."""

    absence: ports.Absence
    found: tuple[ports.Dropped, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Absences:
    store: ports.Store
    messenger: ports.Messenger
    imports: Imports
    people: People
    _left: dict[Who, Visit] = field(default_factory=dict)
    _at_it: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def begin(self, workspace: WorkspaceId, last_beat: datetime | None, now: datetime) -> None:
        """At start. After a short absence, or at the very first start, there is nobody to ask about."""
        if last_beat is None or now - last_beat <= AWAY:
            return
        visit = Visit(absence=ports.Absence(since=last_beat, until=now))
        for member in self.store.people.all(workspace):
            if may_use(member):
                self._left[workspace, member.id] = visit
        log.info("back after an absence of %s: people to ask about n=%d", now - last_beat, len(self._left))

    def catch_up(self) -> None:
        """Everybody who is left, one after the other; who Slack keeps from us stays for the next sweep."""
        if not self._left or not self._at_it.acquire(blocking=False):
            return
        try:
            found = [who for who in list(self._left) if self._visited(who)]
            if self._left:
                log.warning("conversations are looked at again at the next sweep n=%d", len(self._left))
        finally:
            self._at_it.release()
        if found:
            self.imports.resume()

    def leave(self) -> None:
        """Shutdown: nobody else is asked about."""
        self._leaving.set()

    def _visited(self, who: Who) -> bool:
        """True where files were found and their owner told."""
        if self._leaving.is_set():
            return False
        try:
            found = self._visit(who)
        except (ports.Unreachable, ports.Unwritable) as away:
            log.debug("a conversation cannot be looked at yet: %s", away)
            return False
        except Exception:  # what one conversation holds must not keep the others from being looked at
            log.exception("a conversation cannot be looked at")
            found = False
        del self._left[who]
        return found

    def _visit(self, who: Who) -> bool:
        visit = self._left[who]
        member = self._known(who)
        if visit.found is not None:
            return self._tell(member, visit.absence, visit.found)
        if not member.dm:
            return False
        told = self.messenger.dropped(member, visit.absence.since - MARGIN)
        fresh = [(replace(one, files=files), self._waiting(member, one, files))
                 for one in told if (files := self._new(member, one.files))]  # fmt: skip
        with self.imports.held([pending for _, imports in fresh for pending in imports]):
            found = tuple(
                one for one, imports in fresh if self.imports.receive(member.workspace, one.id, imports)
            )
            self._left[who] = replace(visit, found=found)
            return self._tell(member, visit.absence, found)

    def _tell(self, member: Member, absence: ports.Absence, found: Sequence[ports.Dropped]) -> bool:
        if found:
            reader = self.people.member(member.workspace, member.id)
            self.messenger.show_absence(reader, absence, found, is_told=self._is_told(reader, absence))
        return bool(found)

    def _is_told(self, member: Member, absence: ports.Absence) -> bool:
        campaigns = self.store.campaigns.all(member.workspace)
        return any(one.owner == member.id and rules.tells(one, absence) for one in campaigns)

    def _new(self, member: Member, files: Sequence[ports.RemoteFile]) -> tuple[ports.RemoteFile, ...]:
        """Those that are no list and wait for nothing."""
        waiting = {
            one.file.id for one in self.store.inbox.pending(member.workspace) if one.member == member.id
        }
        return tuple(
            file for file in files if file.id not in waiting and self.imports.of_file(member, file.id) is None
        )

    def _waiting(
        self, member: Member, dropped: ports.Dropped, files: Sequence[ports.RemoteFile]
    ) -> list[ports.PendingImport]:
        return [
            self.imports.waiting(member.workspace, member.id, file, channel=dropped.channel) for file in files
        ]

    def _known(self, who: Who) -> Member:
        """With their conversation: as an event told it, else where our messages to them stand."""
        member = self.store.people.get(*who)
        assert member is not None  # nobody is forgotten while the bot runs
        if member.dm:
            return member
        return replace(member, dm=next(self._channels(member), ""))

    def _channels(self, member: Member) -> Iterator[str]:
        lists = (one.id for one in self.store.lists.all(member.workspace) if one.owner == member.id)
        campaigns = (one.id for one in self.store.campaigns.all(member.workspace) if one.owner == member.id)
        for subject in (*lists, *campaigns):
            for ref in self.store.messages.of(member.workspace, subject):
                yield ref.channel
